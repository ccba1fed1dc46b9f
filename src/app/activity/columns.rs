//! The columns of the activity, as data. It is in the order of the journal.

use crate::app::columns::{Column, Kind};

/// What a column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// When it came.
    #[default]
    Time,
    /// The site.
    Site,
    /// What happened, in the vendor's own words.
    Event,
    /// The agent.
    Agent,
    /// The caller.
    Caller,
    /// What it changed, or why it changed nothing.
    What,
    /// The queue.
    Queue,
    /// The call.
    Call,
    /// Its place in the journal.
    Seq,
}

impl Kind for Cell {
    const LIST: &'static [Column<Self>] = &[
        Column::new(Cell::Time, "TIME", 8, 8, 0),
        Column::new(Cell::Site, "SITE", 6, 12, 5).wishing(8),
        Column::new(Cell::Event, "EVENT", 14, 16, 1),
        Column::new(Cell::Agent, "AGENT", 10, 18, 3).wishing(14),
        Column::new(Cell::Caller, "CALLER", 14, 30, 4).wishing(20),
        Column::new(Cell::What, "WHAT IT CHANGED", 20, 60, 2).wishing(30),
        Column::new(Cell::Queue, "QUEUE", 8, 14, 6),
        Column::new(Cell::Call, "CALL", 10, 36, 7),
        Column::new(Cell::Seq, "SEQ", 6, 9, 8).right(),
    ];
}
