//! Many agents on little room: a sign, a name and a time each.

use ratatui::layout::Rect;

use super::{is_stale, lasted, state_cell};
use crate::{
    app::{
        State,
        agents::{rows::TEST, tiles},
        geometry,
        pane::PaneId,
    },
    ui::{ink::Ink, theme::Role},
};

/// The cells of a sign, a word and a gap.
const WORD: u16 = 10;

/// Draws the tiles in view.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let pane = &state.agents;
    let inside = geometry::table_inside(place);
    let room = tiles::room(inside);
    let selected = pane.selected().filter(|_| state.focus == PaneId::Agents);
    let rows = pane.rows.iter().enumerate().skip(pane.listing.top);
    for (nth, (i, row)) in rows.take(room).enumerate() {
        let at = tiles::place(inside, nth);
        let stale = is_stale(state, &row.site) || row.missed;
        let quiet = |role| if stale { Role::Stale } else { role };
        let (words, role) = state_cell(ink, row);
        let (time, late) = lasted(state, ink, row);
        let rest = ink.right(at, &time, quiet(late));
        let rest = ink.column(rest, WORD, &words, quiet(role));
        let name = Rect {
            width: rest.width.saturating_sub(1),
            ..rest
        };
        if row.injected {
            let marked = format!("{TEST} {}", row.name);
            ink.text(name, &marked, quiet(Role::Vip));
        } else if row.doubt.is_some() {
            let marked = format!("{} {}", ink.glyphs.critical, row.name);
            ink.text(name, &marked, quiet(Role::Critical));
        } else {
            ink.text(name, &row.name, quiet(Role::Text));
        }
        if selected == Some(i) {
            ink.paint(at, Role::Selected);
        }
    }
    crate::ui::table::position(ink, place, pane.listing.top, room, pane.rows.len());
}
