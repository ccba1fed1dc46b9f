//! The columns of the list of callers, as data.

use crate::app::columns::{Column, Kind};

/// What a column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// How long they wait.
    #[default]
    Wait,
    /// How that stands against the queue's thresholds.
    Level,
    /// The place in the queue.
    Position,
    /// The queue.
    Queue,
    /// The caller's number.
    Number,
    /// The caller's name.
    Name,
    /// The vendor's state.
    State,
    /// The number that was called.
    Called,
    /// When they came.
    Entered,
    /// When they were answered.
    Answered,
    /// The call's id.
    Id,
}

impl Kind for Cell {
    const LIST: &'static [Column<Self>] = &[
        Column::new(Cell::Wait, "WAIT", 7, 8, 0).right().sortable(),
        Column::new(Cell::Level, "", 10, 12, 1),
        Column::new(Cell::Position, "POS", 3, 4, 4)
            .right()
            .sortable(),
        Column::new(Cell::Queue, "QUEUE", 8, 18, 3).sortable(),
        Column::new(Cell::Number, "NUMBER", 16, 18, 2).sortable(),
        Column::new(Cell::Name, "NAME", 12, 34, 6)
            .wishing(24)
            .sortable(),
        Column::new(Cell::State, "STATE", 8, 12, 5).sortable(),
        Column::new(Cell::Called, "CALLED", 12, 16, 7).sortable(),
        Column::new(Cell::Entered, "ENTERED", 8, 8, 8),
        Column::new(Cell::Answered, "ANSWERED", 8, 8, 9),
        Column::new(Cell::Id, "ID", 20, 40, 10),
    ];
}
