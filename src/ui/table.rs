//! What all lists have: heads, and where the view stands.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::app::{
    columns::{self, Column, Kind},
    listing::Sort,
    search::Search,
};

/// Draws the head of a table that can be sorted.
pub fn sorted_head<K: Copy + PartialEq>(
    ink: &mut Ink,
    fitted: &[(Column<K>, u16)],
    sort: Sort<K>,
    line: Rect,
) {
    head(ink, fitted, line);
    for (column, at) in columns::places(fitted, line) {
        if column.kind != sort.by {
            continue;
        }
        let arrow = if sort.reversed {
            ink.glyphs.above
        } else {
            ink.glyphs.below
        };
        // Behind the title, in the gap to the next column if need be.
        let wide = u16::try_from(column.title.len()).unwrap_or(0);
        let x = if column.right {
            at.right()
        } else {
            at.x + wide.min(at.width)
        };
        let place = Rect { x, width: 1, ..at };
        ink.text(place, arrow, Role::Head);
    }
}

/// By what rows are sorted, where its column has no room.
pub fn hidden_sort<K: Kind + Default>(
    ink: &Ink,
    fitted: &[(Column<K>, u16)],
    sort: Sort<K>,
) -> Option<(String, Role)> {
    let shown = fitted.iter().any(|(column, _)| column.kind == sort.by);
    let arrow = if sort.reversed {
        ink.glyphs.above
    } else {
        ink.glyphs.below
    };
    (!shown && sort.by != K::default())
        .then(|| (format!("by {}{arrow}", sort.by.title()), Role::Key))
}

/// The line that is searched with: the words, how many rows have them, and
/// what of it does not count.
pub fn search(ink: &mut Ink, place: Rect, search: &Search, found: usize, all: usize) {
    let place = line(place, place.y);
    let count = match search.mistake() {
        Some(mistake) => mistake,
        None if search.typing || search.is_on() => format!("{found} of {all}"),
        None => String::new(),
    };
    let role = if search.mistake().is_some() {
        Role::Late
    } else {
        Role::Quiet
    };
    let rest = ink.left(place, "/ ", Role::Key);
    let rest = ink.right(rest, &format!("  {count}"), role);
    ink.field(rest, &search.field, search.typing);
}

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

/// A line of a place, a cell in from its frame: a row of a list, or its head.
#[must_use]
pub fn line(place: Rect, y: u16) -> Rect {
    Rect {
        x: place.x + 1,
        y,
        width: place.width.saturating_sub(2),
        height: 1,
    }
}

/// A list's rows in view.
pub struct Rows<'l> {
    /// Where they stand.
    pub place: Rect,
    /// The first one in view.
    pub top: usize,
    /// How many there are in all.
    pub len: usize,
    /// The selected one.
    pub selected: Option<usize>,
    /// What a cell says, by row and column.
    #[expect(clippy::type_complexity, reason = "a cell is a text and its role")]
    pub cell: &'l dyn Fn(&Ink, usize, usize) -> (Cow<'l, str>, Role),
}

/// Draws the rows in view, the selected one marked: what a frame costs does
/// not grow with the list.
pub fn rows<K: Copy>(ink: &mut Ink, fitted: &[(Column<K>, u16)], rows: &Rows<'_>) {
    for (y, row) in (rows.place.y..rows.place.bottom()).zip(rows.top..rows.len) {
        for (i, (column, at)) in columns::places(fitted, line(rows.place, y)).enumerate() {
            let (text, role) = (rows.cell)(ink, row, i);
            put(ink, at, &text, column.right, role);
        }
        if rows.selected == Some(row) {
            let whole = Rect {
                y,
                height: 1,
                ..rows.place
            };
            ink.paint(whole, Role::Selected);
        }
    }
    let room = usize::from(rows.place.height);
    position(ink, rows.place, rows.top, room, rows.len);
}

/// Where the view stands in a list of which `room` rows are in view, on the
/// frame below.
pub fn position(ink: &mut Ink, place: Rect, top: usize, room: usize, rows: usize) {
    if rows > room {
        let text = format!(" {}-{} of {rows} ", top + 1, (top + room).min(rows));
        let below = Rect {
            y: place.bottom(),
            height: 1,
            width: place.width.saturating_sub(1),
            ..place
        };
        ink.right(below, &text, Role::Quiet);
    }
}
