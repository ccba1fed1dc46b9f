//! Agents, one to a line.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::{is_stale, lasted, state_cell};
use crate::{
    app::{
        State,
        agents::{
            columns::Cell,
            rows::{Row, TEST},
        },
        pane::PaneId,
    },
    ui::{
        ink::Ink,
        table::{self, Rows},
        theme::Role,
    },
};

/// Draws the list under its head.
pub fn draw(state: &State, ink: &mut Ink, head: Rect, place: Rect) {
    let pane = &state.agents;
    let fitted = state.agent_columns();
    let line = table::line(head, head.y);
    table::sorted_head(ink, &fitted, pane.listing.sort, line);
    let cell = |ink: &Ink, row: usize, column: usize| {
        let row = &pane.rows[row];
        let (text, role) = cell_text(state, ink, row, fitted[column].0.kind);
        let stale = is_stale(state, &row.site) || row.missed;
        (text, if stale { Role::Stale } else { role })
    };
    let rows = Rows {
        place,
        top: pane.listing.top,
        len: pane.rows.len(),
        selected: pane.selected().filter(|_| state.focus == PaneId::Agents),
        cell: &cell,
    };
    table::rows(ink, &fitted, &rows);
}

fn cell_text<'s>(state: &'s State, ink: &Ink, row: &'s Row, cell: Cell) -> (Cow<'s, str>, Role) {
    let unknown = || (Cow::Borrowed(ink.glyphs.unknown), Role::Quiet);
    let known =
        |text: Option<&'s str>, role| text.map_or_else(unknown, |text| (Cow::Borrowed(text), role));
    match cell {
        Cell::Agent => (Cow::Borrowed(&row.name), Role::Text),
        Cell::State => {
            let (text, role) = state_cell(ink, row);
            (text.into(), role)
        }
        Cell::For => lasted(state, ink, row),
        Cell::Reason => why(ink, row),
        Cell::With => {
            let role = if row.with_injected {
                Role::Vip
            } else {
                Role::Text
            };
            (Cow::Borrowed(row.with.as_deref().unwrap_or_default()), role)
        }
        Cell::Queues if row.queues.is_empty() && row.queues_known => {
            (Cow::Borrowed("none"), Role::Quiet)
        }
        Cell::Queues if row.queues.is_empty() => unknown(),
        Cell::Queues => {
            let more = if row.queues_known { "" } else { " +?" };
            (
                format!("{}{more}", row.queues.join(", ")).into(),
                Role::Quiet,
            )
        }
        Cell::Calls => row
            .calls
            .map_or_else(unknown, |n| (n.to_string().into(), Role::Text)),
        Cell::Device => known(row.device.as_deref(), Role::Quiet),
        Cell::Site => (Cow::Borrowed(row.site.as_str()), Role::Quiet),
        Cell::Id => (Cow::Borrowed(row.id.as_str()), Role::Quiet),
    }
}

/// What looks wrong, else the pause or the activity. The mark stands first: cut
/// short, a row must not look real.
fn why<'s>(ink: &Ink, row: &'s Row) -> (Cow<'s, str>, Role) {
    let (text, role) = match (&row.doubt, &row.reason) {
        (Some(doubt), _) => (
            format!("{} {doubt}", ink.glyphs.critical).into(),
            Role::Critical,
        ),
        (None, Some(reason)) => (Cow::Borrowed(reason.as_str()), Role::Text),
        (None, None) => (Cow::Borrowed(""), Role::Text),
    };
    if row.injected {
        let marked = format!("{TEST} {text}");
        return (marked.trim_end().to_owned().into(), Role::Vip);
    }
    (text, role)
}
