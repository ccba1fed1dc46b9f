//! Calls, one to a line.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::{
    app::{
        State,
        agents::rows::TEST,
        calls::{
            columns::Cell,
            rows::{Row, Stage},
        },
        health::Light,
        pane::PaneId,
    },
    domain::{phone, time::wait},
    ui::{
        ink::Ink,
        table::{self, Rows},
        theme::Role,
    },
};

/// Draws the list under its head.
pub fn draw(state: &State, ink: &mut Ink, head: Rect, place: Rect) {
    let pane = &state.calls;
    let fitted = state.call_columns();
    if head.height > 0 {
        let line = table::line(head, head.y);
        table::sorted_head(ink, &fitted, pane.listing.sort, line);
    }
    let cell = |ink: &Ink, row: usize, column: usize| {
        let row = &pane.rows[row];
        let (text, role) = cell_text(state, ink, row, fitted[column].0.kind);
        (text, if row.doubtful { Role::Stale } else { role })
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

fn cell_text<'s>(state: &'s State, ink: &Ink, row: &'s Row, cell: Cell) -> (Cow<'s, str>, Role) {
    let plain = if row.stage == Stage::Ended {
        Role::Quiet
    } else {
        Role::Text
    };
    let known = |text: Option<&'s str>| match text {
        Some(text) => (Cow::Borrowed(text), plain),
        None => (Cow::Borrowed(ink.glyphs.unknown), Role::Quiet),
    };
    let there = |text: Option<&'s str>| (Cow::Borrowed(text.unwrap_or_default()), plain);
    match cell {
        Cell::State => stage(ink, row),
        Cell::Time => match row.began {
            Some(at) => (at.clock_time(state.board.zone()).into(), plain),
            None => known(None),
        },
        Cell::Wait => waited(state, ink, row),
        Cell::Number => match row.number.as_deref().map(phone::shown) {
            Some(number) if row.went_out => (format!("{} {number}", ink.glyphs.out).into(), plain),
            number => known(number),
        },
        Cell::Name => there(row.name.as_deref()),
        Cell::To => there(row.to.as_deref()),
        Cell::Queue => there(row.queue.as_deref()),
        Cell::Agent => there(row.agent.as_deref()),
        // Its state stands here: the mark has taken the word's place.
        Cell::Why if row.injected && row.stage != Stage::Ended => {
            (Cow::Borrowed(row.stage.word()), Role::Vip)
        }
        Cell::Why => there(row.why.as_deref()),
        Cell::Legs => (row.legs.to_string().into(), Role::Quiet),
        Cell::Site => (Cow::Borrowed(row.site.as_str()), Role::Quiet),
        Cell::Id => (Cow::Borrowed(row.id.as_str()), Role::Quiet),
    }
}

fn stage<'s>(ink: &Ink, row: &'s Row) -> (Cow<'s, str>, Role) {
    let glyphs = ink.glyphs;
    let (glyph, role) = match row.stage {
        Stage::Waiting => (glyphs.light(Light::Waiting), Role::Text),
        Stage::Ringing => (glyphs.ringing, Role::Key),
        Stage::Talking => (glyphs.talking, Role::Callback),
        Stage::Missed => (glyphs.light(Light::Bad), Role::Critical),
        Stage::Ended => (" ", Role::Quiet),
    };
    if row.injected {
        // In the one column that every width has.
        return (format!("{glyph} {TEST}").into(), Role::Vip);
    }
    (format!("{glyph} {}", row.stage.word()).into(), role)
}

/// How long it waited, by the clock of the screen where it still does.
fn waited<'s>(state: &'s State, ink: &Ink, row: &Row) -> (Cow<'s, str>, Role) {
    let floor = state.board.floor(&row.site);
    let call = floor.and_then(|floor| floor.call(&row.id));
    match call.and_then(|call| call.wait(state.seen_at())) {
        Some(time) if row.stage == Stage::Waiting => (wait(time).into(), Role::Text),
        Some(time) => (wait(time).into(), Role::Quiet),
        None => (ink.glyphs.unknown.into(), Role::Quiet),
    }
}
