//! The columns of the list of agents, as data.

use crate::app::columns::{Column, Kind};

/// What a column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// The name, or the id. Sorted: by name.
    Agent,
    /// The state. Sorted: free, ringing, on calls, paused, logged out,
    /// unknown; the longest first.
    #[default]
    State,
    /// How long they have been in it.
    For,
    /// What looks wrong; else the pause or the activity.
    Reason,
    /// With whom they talk, or who rings.
    With,
    /// Their queues.
    Queues,
    /// Calls answered today.
    Calls,
    /// The device.
    Device,
    /// The site.
    Site,
    /// The vendor's id.
    Id,
}

impl Kind for Cell {
    const LIST: &'static [Column<Self>] = &[
        Column::new(Cell::Agent, "AGENT", 12, 22, 0).sortable(),
        Column::new(Cell::State, "STATE", 10, 10, 1).sortable(),
        // Hours too, and that it may be longer: a time cut short is another one.
        Column::new(Cell::For, "FOR", 8, 8, 2).right().sortable(),
        Column::new(Cell::Reason, "WHY", 10, 28, 3).wishing(18),
        Column::new(Cell::With, "WITH", 13, 28, 4).wishing(20),
        Column::new(Cell::Queues, "QUEUES", 8, 24, 6).wishing(12),
        Column::new(Cell::Calls, "CALLS", 5, 5, 5)
            .right()
            .sortable(),
        Column::new(Cell::Device, "DEVICE", 8, 16, 7).sortable(),
        Column::new(Cell::Site, "SITE", 6, 12, 8).sortable(),
        Column::new(Cell::Id, "ID", 6, 16, 9).sortable(),
    ];
}
