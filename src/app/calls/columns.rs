//! The columns of the list of calls, as data.

use crate::app::columns::{Column, Kind};

/// What a column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Where it stands. Sorted: who waits, rings, talks, was missed, the rest;
    /// the latest first.
    #[default]
    State,
    /// When it began. Sorted: the latest first.
    Time,
    /// How long it waited, or waits. Sorted: the longest first.
    Wait,
    /// The other party's number; an arrow before it where they were called.
    Number,
    /// Their name.
    Name,
    /// What was dialled.
    To,
    /// The queue.
    Queue,
    /// Who has it, or had it last.
    Agent,
    /// Why it ended; of a missed one what was done about it.
    Why,
    /// How many legs it has.
    Legs,
    /// The site.
    Site,
    /// The call's id.
    Id,
}

impl Kind for Cell {
    const LIST: &'static [Column<Self>] = &[
        Column::new(Cell::State, "STATE", 9, 9, 0).sortable(),
        Column::new(Cell::Time, "BEGAN", 8, 8, 2).sortable(),
        Column::new(Cell::Wait, "WAIT", 6, 8, 3).right().sortable(),
        Column::new(Cell::Number, "NUMBER", 13, 18, 1).sortable(),
        Column::new(Cell::Name, "NAME", 8, 22, 7)
            .wishing(14)
            .sortable(),
        Column::new(Cell::To, "DIALLED", 12, 18, 8).sortable(),
        Column::new(Cell::Queue, "QUEUE", 7, 14, 5)
            .wishing(10)
            .sortable(),
        Column::new(Cell::Agent, "AGENT", 8, 20, 4)
            .wishing(12)
            .sortable(),
        Column::new(Cell::Why, "HOW IT ENDED", 12, 34, 6).wishing(20),
        Column::new(Cell::Legs, "LEGS", 4, 4, 10).right().sortable(),
        Column::new(Cell::Site, "SITE", 6, 12, 9).sortable(),
        Column::new(Cell::Id, "CALL", 8, 36, 11),
    ];
}
