//! Who waits, longest first. Only rows in view are drawn, so the cost of a
//! frame does not grow with the queue.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::{feed, level_role};
use crate::{
    app::{
        State,
        callers::{QueueLine, Row, columns::Cell},
        pane::PaneId,
    },
    domain::{
        board::Waiting,
        caller::CallerState,
        site::WaitLevel,
        time::{age, wait},
    },
    ui::{
        ink::Ink,
        panes::centre,
        table::{self, Rows},
        theme::Role,
    },
};

/// Draws the list under its head.
pub fn draw(state: &State, ink: &mut Ink, head_place: Rect, place: Rect) {
    let pane = &state.callers;
    if pane.rows.is_empty() {
        return nobody(state, ink, place);
    }
    let fitted = state.caller_columns();
    if head_place.height > 0 {
        let line = table::line(head_place, head_place.y);
        table::sorted_head(ink, &fitted, pane.listing.sort, line);
    }
    let stale = pane.queues.iter().map(|queue| state.is_stale(&queue.feed));
    let stale: Vec<bool> = stale.collect();
    let cell = |ink: &Ink, at: usize, column: usize| {
        let row = &pane.rows[at];
        let (queue, stale) = (&pane.queues[row.queue()], stale[row.queue()]);
        let kind = fitted[column].0.kind;
        let (text, role) = cell_text(state, ink, (row, queue), kind, stale);
        (text, if stale { Role::Stale } else { role })
    };
    let rows = Rows {
        place,
        top: pane.listing.top,
        len: pane.rows.len(),
        selected: pane.selected().filter(|_| state.focus == PaneId::Callers),
        cell: &cell,
    };
    table::rows(ink, &fitted, &rows);
}

fn cell_text<'s>(
    state: &'s State,
    ink: &Ink,
    (row, queue): (&'s Row, &'s QueueLine),
    cell: Cell,
    stale: bool,
) -> (Cow<'s, str>, Role) {
    let caller = &row.waiting.caller;
    let waited = state.seen_at().since(row.began);
    let level = queue.queue.judge(waited);
    let unknown = (Cow::Borrowed(ink.glyphs.unknown), Role::Quiet);
    let known =
        |text: Option<&'s str>| text.map_or(unknown.clone(), |t| (Cow::Borrowed(t), Role::Text));
    let zone = state.board.zone();
    match cell {
        Cell::Wait => (wait(waited).into(), level_role(level)),
        Cell::Level if stale => {
            let old = feed(state, queue)
                .and_then(|f| f.last_ok)
                .map(|at| state.now.since(at));
            let old = old.map_or("stale".into(), |old| format!("stale {}", age(old)));
            // They were late when the list last told of them.
            let told = match level {
                WaitLevel::Fine => old,
                WaitLevel::Late => format!("{} {old}", ink.glyphs.late),
                WaitLevel::Critical => format!("{} {old}", ink.glyphs.critical),
            };
            (told.into(), Role::Stale)
        }
        Cell::Level => match level {
            WaitLevel::Fine => (Cow::Borrowed(""), Role::Text),
            WaitLevel::Late => (format!("{} late", ink.glyphs.late).into(), Role::Late),
            WaitLevel::Critical => (
                format!("{} critical", ink.glyphs.critical).into(),
                Role::Critical,
            ),
        },
        Cell::Position => match state.callers.place(row) {
            Some(position) => (position.to_string().into(), Role::Text),
            None => unknown,
        },
        Cell::Queue => (Cow::Borrowed(&queue.queue.name), Role::Text),
        Cell::Number if caller.is_withheld() => (Cow::Borrowed(caller.shown()), Role::Quiet),
        Cell::Number => (Cow::Borrowed(caller.shown()), Role::Text),
        Cell::Name if caller.is_secret() => unknown,
        Cell::Name => known(caller.name()),
        Cell::State => state_text(ink, &row.waiting),
        Cell::Called => known(caller.presentation()),
        Cell::Entered => caller
            .entered()
            .map_or(unknown, |at| (at.clock_time(zone).into(), Role::Quiet)),
        Cell::Answered => caller
            .answered()
            .map_or(unknown, |at| (at.clock_time(zone).into(), Role::Quiet)),
        Cell::Id => (Cow::Borrowed(caller.id()), Role::Quiet),
    }
}

fn state_text(ink: &Ink, waiting: &Waiting) -> (Cow<'static, str>, Role) {
    let (word, role) = match waiting.caller.state() {
        CallerState::Queued => (Cow::Borrowed("queued"), Role::Quiet),
        CallerState::Callback => (Cow::Borrowed("callback"), Role::Callback),
        CallerState::Vip => (Cow::Borrowed("VIP"), Role::Vip),
        CallerState::Other(word) => (Cow::Owned(word.to_string()), Role::Text),
    };
    let (word, role) = if waiting.caller.was_answered() {
        (format!("{word} {}", ink.glyphs.answered).into(), Role::Good)
    } else {
        (word, role)
    };
    if waiting.injected() {
        return (format!("(test) {word}").into(), Role::Vip);
    }
    (word, role)
}

/// An empty list says whether that is good news.
fn nobody(state: &State, ink: &mut Ink, place: Rect) {
    let middle = Rect {
        y: place.y + place.height / 3,
        height: place.height.min(1),
        ..place
    };
    let pane = &state.callers;
    let (text, role) = if pane.listing.search.is_on() && pane.listed() > 0 {
        (
            "Nobody who waits has all of these words; Esc shows all again.",
            Role::Quiet,
        )
    } else if pane.queues.iter().any(|q| q.known) {
        ("Nobody is waiting.", Role::Good)
    } else if state.is_failing() {
        ("No list yet: see above.", Role::Quiet)
    } else {
        ("Asking for the first list.", Role::Quiet)
    };
    centre(ink, middle, text, role);
}
