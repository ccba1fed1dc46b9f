//! Who waits, longest first. Only rows in view are drawn, so the cost of a
//! frame does not grow with the queue.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::{feed, is_stale, level_role};
use crate::{
    app::{
        State,
        callers::{QueueLine, Row},
        pane::PaneId,
    },
    domain::{
        board::Waiting,
        caller::CallerState,
        site::WaitLevel,
        time::{age, wait},
    },
    ui::{
        columns::{self, Column},
        ink::Ink,
        panes::centre,
        table::{self, Rows},
        theme::Role,
    },
};

#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Wait,
    Level,
    Position,
    Queue,
    Number,
    Name,
    State,
    Called,
    Entered,
    Answered,
    Id,
}

const fn cell(kind: Cell, title: &'static str, min: u16, max: u16, rank: u8) -> Column<Cell> {
    Column {
        kind,
        title,
        min,
        wish: min,
        max,
        right: false,
        rank,
    }
}

const LIST: [Column<Cell>; 11] = [
    Column {
        right: true,
        ..cell(Cell::Wait, "WAIT", 7, 8, 0)
    },
    cell(Cell::Level, "", 10, 10, 1),
    Column {
        right: true,
        ..cell(Cell::Position, "POS", 3, 4, 4)
    },
    cell(Cell::Queue, "QUEUE", 8, 18, 3),
    cell(Cell::Number, "NUMBER", 16, 18, 2),
    Column {
        wish: 24,
        ..cell(Cell::Name, "NAME", 12, 34, 6)
    },
    cell(Cell::State, "STATE", 8, 12, 5),
    cell(Cell::Called, "CALLED", 12, 16, 7),
    cell(Cell::Entered, "ENTERED", 8, 8, 8),
    cell(Cell::Answered, "ANSWERED", 8, 8, 9),
    cell(Cell::Id, "ID", 20, 40, 10),
];

/// Draws the list under its head.
pub fn draw(state: &State, ink: &mut Ink, head_place: Rect, place: Rect) {
    let pane = &state.callers;
    if pane.rows.is_empty() {
        return nobody(state, ink, place);
    }
    let fitted = columns::fit(&LIST, place.width.saturating_sub(2));
    if head_place.height > 0 {
        table::head(ink, &fitted, table::line(head_place, head_place.y));
    }
    let cell = |ink: &Ink, row: usize, column: usize| {
        let row = &pane.rows[row];
        let queue = &pane.queues[row.queue];
        // Gone from the board and not yet from the rows: never seen on screen.
        let Some(waiting) = pane.waiting(row, &state.board) else {
            return (Cow::Borrowed(""), Role::Text);
        };
        let stale = is_stale(state, queue);
        let kind = fitted[column].0.kind;
        let (text, role) = cell_text(state, ink, (row, waiting, queue), kind, stale);
        (text, if stale { Role::Stale } else { role })
    };
    let rows = Rows {
        place,
        top: pane.top,
        len: pane.rows.len(),
        selected: pane.selected().filter(|_| state.focus == PaneId::Callers),
        cell: &cell,
    };
    table::rows(ink, &fitted, &rows);
}

fn cell_text<'s>(
    state: &'s State,
    ink: &Ink,
    (row, waiting, queue): (&Row, &'s Waiting, &'s QueueLine),
    cell: Cell,
    stale: bool,
) -> (Cow<'s, str>, Role) {
    let caller = &waiting.caller;
    let waited = state.now.since(row.began);
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
            (
                old.map_or("stale".into(), |d| format!("stale {}", age(d)).into()),
                Role::Stale,
            )
        }
        Cell::Level => match level {
            WaitLevel::Fine => (Cow::Borrowed(""), Role::Text),
            WaitLevel::Late => (format!("{} late", ink.glyphs.late).into(), Role::Late),
            WaitLevel::Critical => (
                format!("{} critical", ink.glyphs.critical).into(),
                Role::Critical,
            ),
        },
        Cell::Position => match row.position {
            Some(position) => (position.to_string().into(), Role::Text),
            None => unknown,
        },
        Cell::Queue => (Cow::Borrowed(&queue.queue.name), Role::Text),
        Cell::Number if caller.party.is_secret() => (Cow::Borrowed("secret number"), Role::Quiet),
        Cell::Number => (Cow::Borrowed(caller.party.shown()), Role::Text),
        Cell::Name if caller.party.is_secret() => unknown,
        Cell::Name => known(caller.party.name()),
        Cell::State => state_text(ink, waiting),
        Cell::Called => known(caller.presentation.as_deref()),
        Cell::Entered => caller
            .entered
            .map_or(unknown, |at| (at.clock_time(zone).into(), Role::Quiet)),
        Cell::Answered => caller
            .answered
            .map_or(unknown, |at| (at.clock_time(zone).into(), Role::Quiet)),
        Cell::Id => (Cow::Borrowed(caller.id.as_str()), Role::Quiet),
    }
}

fn state_text(ink: &Ink, waiting: &Waiting) -> (Cow<'static, str>, Role) {
    let (word, role) = match &waiting.caller.state {
        CallerState::Queued => (Cow::Borrowed("queued"), Role::Quiet),
        CallerState::Callback => (Cow::Borrowed("callback"), Role::Callback),
        CallerState::Vip => (Cow::Borrowed("VIP"), Role::Vip),
        CallerState::Other(word) => (Cow::Owned(word.to_string()), Role::Text),
    };
    if waiting.caller.was_answered() {
        return (format!("{word} {}", ink.glyphs.answered).into(), Role::Good);
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
    let (text, role) = if state.callers.queues.iter().any(|q| q.known) {
        ("Nobody is waiting.", Role::Good)
    } else if state.is_failing() {
        ("No list yet: see above.", Role::Quiet)
    } else {
        ("Asking for the first list.", Role::Quiet)
    };
    centre(ink, middle, text, role);
}
