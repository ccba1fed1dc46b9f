//! The columns of the callback list, as data.

use crate::app::columns::{Column, Kind};

/// What a column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// When it is due; sorted: late, due, later, unscheduled, over.
    #[default]
    Due,
    /// The number.
    Number,
    /// How many requests of the customer there are.
    Count,
    /// Whether the PBX dials too.
    Dials,
    /// The name.
    Name,
    /// Who works on it.
    Work,
    /// The last note on the customer.
    Note,
    /// The campaign.
    Campaign,
    /// Where it is assigned.
    To,
    /// How often it was tried.
    Tries,
    /// The vendor's status.
    Status,
    /// How it is dialled.
    Dialled,
    /// When it was made.
    Created,
    /// Its id.
    Id,
}

impl Kind for Cell {
    const LIST: &'static [Column<Self>] = &[
        Column::new(Cell::Due, "DUE", 14, 14, 0).sortable(),
        Column::new(Cell::Number, "NUMBER", 13, 16, 1).sortable(),
        Column::new(Cell::Count, "", 3, 3, 4),
        Column::new(Cell::Dials, "PBX", 3, 3, 5),
        Column::new(Cell::Name, "NAME", 10, 30, 2)
            .wishing(14)
            .sortable(),
        Column::new(Cell::Work, "WORKED ON BY", 14, 22, 3).wishing(19),
        Column::new(Cell::Note, "NOTE", 10, 40, 9).wishing(16),
        Column::new(Cell::Tries, "TRIES", 5, 5, 6).sortable(),
        Column::new(Cell::Campaign, "CAMPAIGN", 10, 24, 7)
            .wishing(14)
            .sortable(),
        Column::new(Cell::To, "TO", 8, 16, 8).sortable(),
        Column::new(Cell::Status, "STATUS", 10, 10, 10).sortable(),
        Column::new(Cell::Dialled, "DIALLED", 17, 18, 11),
        Column::new(Cell::Created, "CREATED", 19, 19, 12).sortable(),
        Column::new(Cell::Id, "ID", 8, 24, 13),
    ];
}
