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
    if let Some((flash, _)) = &state.flash {
        rest = ink.right(rest, flash, Role::Focus);
        rest = ink.right(rest, "  ", Role::Text);
    }
    let mode = keys::mode(state);
    let mut hints: Vec<(String, &str)> = keys::valid(state, mode)
        .filter(|b| !b.hint.is_empty())
        .map(|b| (keys::name(b.keys[0]), b.hint))
        .collect();
    if mode == Mode::Panes {
        hints.push(("1-5".to_owned(), "pane"));
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
