//! What all lists have: heads, and where the view stands.

use ratatui::layout::Rect;

use super::{
    columns::{self, Column},
    ink::Ink,
    theme::Role,
};

/// Draws a table's head.
pub fn head<K: Copy>(ink: &mut Ink, fitted: &[(Column<K>, u16)], line: Rect) {
    for (column, at) in columns::places(fitted, line) {
        put(ink, at, column.title, column.right, Role::Head);
    }
}

/// Writes a cell at the side its column wants.
pub fn put(ink: &mut Ink, at: Rect, text: &str, right: bool, role: Role) {
    if right {
        ink.right(at, text, role);
    } else {
        ink.text(at, text, role);
    }
}

/// Where the view stands in a list that is longer than it, on the frame below.
pub fn position(ink: &mut Ink, place: Rect, top: usize, rows: usize) {
    let height = usize::from(place.height);
    if rows > height {
        let text = format!(" {}-{} of {rows} ", top + 1, (top + height).min(rows));
        let below = Rect {
            y: place.bottom(),
            height: 1,
            width: place.width.saturating_sub(1),
            ..place
        };
        ink.right(below, &text, Role::Quiet);
    }
}
