//! The fold: one message in, the state moves on, commands come out.
//! Deterministic; never waits.

use std::time::Duration;

use ratatui::crossterm::event::KeyEvent;

use super::{
    health,
    keys::{self, Action, Step},
    msg::{Answer, Command, Msg},
    overlay::{self, CallerDetails, Overlay},
    pane::PaneId,
    state::State,
};
use crate::domain::{
    feed::{FeedHealth, FeedId},
    time::At,
};

/// How long a flash stays.
const FLASH: Duration = Duration::from_secs(4);

/// Folds a message into the state.
pub fn update(state: &mut State, msg: Msg) -> Vec<Command> {
    match msg {
        Msg::Key(event) => return press(state, event),
        Msg::Resize(size) => {
            state.size = size;
            state.settle();
        }
        Msg::Clock(now) => tick(state, now),
        Msg::Entries(entries) => {
            for entry in &entries {
                state.board.apply(entry);
            }
            state.derive();
        }
        Msg::Feeds(feeds) => hear(state, feeds),
        Msg::Answer(answer) => note(state, answer),
    }
    Vec::new()
}

fn tick(state: &mut State, now: At) {
    let zone = state.board.zone().clone();
    let new_day = now.day(&zone) != state.now.day(&zone);
    state.now = now;
    if state.flash.as_ref().is_some_and(|(_, until)| now >= *until) {
        state.flash = None;
    }
    if new_day {
        state.derive();
    }
}

fn hear(state: &mut State, feeds: Vec<(FeedId, FeedHealth)>) {
    let skews = |s: &State| {
        s.feeds
            .values()
            .map(|f| (f.skew_ms, f.last_ok.is_some()))
            .collect::<Vec<_>>()
    };
    let before = skews(state);
    // The journal may know feeds that the configuration no longer has.
    let sites = &state.sites;
    state.feeds.extend(
        feeds
            .into_iter()
            .filter(|(id, _)| health::is_configured(id, sites)),
    );
    // Only a new clock or a first answer changes what the rows say.
    if skews(state) == before {
        state.settle();
    } else {
        state.derive();
    }
}

fn note(state: &mut State, answer: Answer) {
    match answer {
        Answer::Refreshing(0) => flash(state, "nothing to ask: no site is polled".into()),
        Answer::Refreshing(1) => flash(state, "asking 1 queue now".into()),
        Answer::Refreshing(n) => flash(state, format!("asking {n} queues now")),
        Answer::OthersCollect => flash(
            state,
            "another Holdline collects here; it asks when due".into(),
        ),
        Answer::Collecting(collecting) => state.collecting = Some(collecting),
        Answer::JournalTrouble(what) => {
            state.journal_trouble = Some(what);
            state.settle();
        }
        Answer::JournalFine => {
            state.journal_trouble = None;
            state.settle();
        }
    }
}

fn flash(state: &mut State, what: String) {
    state.flash = Some((what, state.now.plus(FLASH)));
}

fn press(state: &mut State, event: KeyEvent) -> Vec<Command> {
    if !event.is_press() {
        return Vec::new();
    }
    match keys::action(state, event) {
        Some(Action::Quit) => return vec![Command::Quit],
        Some(Action::Refresh) => return vec![Command::Refresh],
        Some(Action::Move(step)) => go(state, step),
        Some(Action::Go(pane)) => state.focus = pane,
        Some(Action::NextPane) => turn(state, 1),
        Some(Action::PreviousPane) => turn(state, PaneId::ALL.len() - 1),
        Some(Action::Details) => open_details(state),
        Some(Action::Zoom) => state.zoom = !state.zoom,
        Some(Action::Help) => {
            let open = matches!(state.overlay, Overlay::Help { .. });
            state.overlay = if open {
                Overlay::None
            } else {
                Overlay::Help { scroll: 0 }
            };
        }
        Some(Action::Back) => match state.overlay {
            Overlay::None => state.zoom = false,
            _ => state.overlay = Overlay::None,
        },
        None => {}
    }
    state.settle();
    Vec::new()
}

fn turn(state: &mut State, by: usize) {
    let at = PaneId::ALL
        .iter()
        .position(|p| *p == state.focus)
        .unwrap_or(0);
    state.focus = PaneId::ALL[(at + by) % PaneId::ALL.len()];
}

fn go(state: &mut State, step: Step) {
    let Some(window) = overlay::window(state) else {
        let page = state.caller_rows_in_view();
        if state.focus == PaneId::Callers {
            state.callers.step(step, page);
        }
        return;
    };
    let scroll = scrolled(window.scroll, step, window.page()).min(window.end());
    match &mut state.overlay {
        Overlay::None => {}
        Overlay::Help { scroll: at } => *at = scroll,
        Overlay::Caller(details) => details.scroll = scroll,
    }
}

fn scrolled(from: usize, step: Step, page: usize) -> usize {
    match step {
        Step::Down => from + 1,
        Step::Up => from.saturating_sub(1),
        Step::PageDown => from + page,
        Step::PageUp => from.saturating_sub(page),
        Step::First => 0,
        Step::Last => usize::MAX,
    }
}

fn open_details(state: &mut State) {
    let Some(row) = state
        .callers
        .selected()
        .and_then(|i| state.callers.rows.get(i))
    else {
        return;
    };
    let Some(waiting) = state.callers.waiting(row, &state.board) else {
        return;
    };
    let details = CallerDetails {
        queue: state.callers.queues[row.queue].key.clone(),
        id: row.id.clone(),
        position: row.position,
        row: waiting.clone(),
        gone: None,
        scroll: 0,
    };
    state.overlay = Overlay::Caller(Box::new(details));
}
