//! Entries, one to a line.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::{
    app::{
        State,
        activity::{Logged, columns::Cell},
        pane::PaneId,
    },
    domain::entry::What,
    ui::{
        ink::Ink,
        table::{self, Rows},
        theme::Role,
    },
};

/// Draws the list under its head.
pub fn draw(state: &State, ink: &mut Ink, head: Rect, place: Rect) {
    let pane = &state.activity;
    let fitted = state.activity_columns();
    if head.height > 0 {
        table::head(ink, &fitted, table::line(head, head.y));
    }
    let cell = |ink: &Ink, row: usize, column: usize| {
        let logged = &*pane.rows[row];
        cell_text(state, ink, logged, fitted[column].0.kind)
    };
    let rows = Rows {
        place,
        top: pane.listing.top,
        len: pane.rows.len(),
        selected: pane.selected().filter(|_| state.focus == PaneId::Activity),
        cell: &cell,
    };
    table::rows(ink, &fitted, &rows);
}

fn cell_text<'s>(
    state: &'s State,
    ink: &Ink,
    logged: &'s Logged,
    cell: Cell,
) -> (Cow<'s, str>, Role) {
    let entry = &logged.entry;
    let about = &logged.about;
    let known = |text: Option<&'s str>, role| {
        let text = text.unwrap_or_default();
        (Cow::Borrowed(text), role)
    };
    let injected = matches!(&entry.what, What::Hook(hook) if hook.injected);
    match cell {
        Cell::Time => (entry.at.clock_time(state.board.zone()).into(), Role::Quiet),
        Cell::Site => (Cow::Borrowed(entry.site.as_str()), Role::Quiet),
        Cell::Event if logged.odd => (
            format!("{} {}", ink.glyphs.critical, about.event).into(),
            Role::Critical,
        ),
        Cell::Event if injected => (Cow::Borrowed(&about.event), Role::Vip),
        Cell::Event => (Cow::Borrowed(&about.event), Role::Key),
        Cell::Agent => known(about.agent.as_deref(), Role::Text),
        Cell::Caller => known(about.caller.as_deref(), Role::Text),
        Cell::What if logged.odd => (Cow::Borrowed(&logged.effect), Role::Critical),
        Cell::What if injected => (format!("(test) {}", logged.effect).into(), Role::Vip),
        Cell::What if logged.effect == "nothing new" => {
            (Cow::Borrowed(&logged.effect), Role::Quiet)
        }
        Cell::What => (Cow::Borrowed(&logged.effect), Role::Text),
        Cell::Queue => known(about.queue.as_deref(), Role::Quiet),
        Cell::Call => known(about.call.as_deref(), Role::Quiet),
        Cell::Seq => (entry.seq.to_string().into(), Role::Quiet),
    }
}
