//! The bottom line: what just happened, and the keys that work now, from the
//! key table.

use ratatui::layout::Rect;

use super::{ink::Ink, theme::Role};
use crate::{
    app::{
        State,
        keys::{self, Mode},
    },
    domain::cells,
};

/// Draws the bottom line.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let mut rest = Rect {
        x: place.x + 1,
        width: place.width - 2,
        ..place
    };
    let mode = keys::mode(state);
    let mut hints: Vec<(String, &str)> = keys::valid(state, mode)
        .filter(|b| !b.hint.is_empty())
        .map(|b| (keys::name(b.keys[0]), b.hint))
        .collect();
    if mode == Mode::Panes {
        hints.push(("1-5".to_owned(), "pane"));
    }
    if let Some((flash, _)) = &state.flash {
        let wide = |(key, hint): &(String, &str)| cells::width(key) + hint.len() + 3;
        let needed: usize = hints.iter().take(KEPT).map(wide).sum();
        if cells::width(flash) + 2 + needed > usize::from(rest.width) {
            said_above(ink, rest, flash);
        } else {
            rest = ink.right(rest, flash, Role::Focus);
            rest = ink.right(rest, "  ", Role::Text);
        }
    }
    let count = hints.len();
    for (i, (key, hint)) in hints.into_iter().enumerate() {
        let gap = if i == 0 { "" } else { "  " };
        let more = if i + 1 < count { 2 } else { 0 };
        if gap.len() + cells::width(&key) + 1 + hint.len() + more > usize::from(rest.width) {
            // The help has them all.
            let more = format!(" {}", ink.glyphs.more);
            ink.left(rest, &more, Role::Quiet);
            return;
        }
        rest = ink.left(rest, gap, Role::Text);
        rest = ink.left(rest, &key, Role::Key);
        rest = ink.left(rest, &format!(" {hint}"), Role::Quiet);
    }
}

/// Keys that stand beside what just happened, however long that is.
const KEPT: usize = 2;

/// What just happened, where it is long: on the line above the keys.
fn said_above(ink: &mut Ink, place: Rect, flash: &str) {
    let wide = u16::try_from(cells::width(flash) + 2).unwrap_or(u16::MAX);
    let width = wide.min(place.width);
    let above = Rect {
        x: place.right().saturating_sub(width),
        y: place.y.saturating_sub(1),
        width,
        height: 1,
    };
    ink.clear(above);
    ink.right(above, flash, Role::Focus);
}
