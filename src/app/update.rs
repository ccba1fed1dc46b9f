//! The fold: one message in, the state moves on, commands come out.
//! Deterministic; never waits.

use std::time::Duration;

use ratatui::crossterm::event::KeyEvent;

use super::{
    health,
    keys::{self, Action, Mode, Step},
    msg::{Answer, Command, Msg},
    operate,
    overlay::{self, CallbackDetails, CallerDetails, Menu, MenuKind, Overlay},
    pane::PaneId,
    state::State,
    typing,
};
use crate::domain::{
    entry::{Entry, What},
    feed::{FeedHealth, FeedId},
    time::At,
};

/// How long a flash stays.
const FLASH: Duration = Duration::from_secs(5);

/// Folds a message into the state.
pub fn update(state: &mut State, msg: Msg) -> Vec<Command> {
    match msg {
        Msg::Key(event) => return press(state, event),
        Msg::Paste(text) => typing::paste(state, &text),
        Msg::Resize(size) => {
            state.size = size;
            state.settle();
        }
        Msg::Clock(now) => return tick(state, now),
        Msg::Entries(entries) => fold(state, &entries),
        Msg::Feeds(feeds) => hear(state, feeds),
        Msg::List(news) => operate::hear(state, news),
        Msg::Answer(answer) => note(state, answer),
    }
    Vec::new()
}

fn tick(state: &mut State, now: At) -> Vec<Command> {
    let zone = state.board.zone().clone();
    let new_day = now.day(&zone) != state.now.day(&zone);
    state.now = now;
    if state.flash.as_ref().is_some_and(|(_, until)| now >= *until) {
        state.flash = None;
    }
    if new_day {
        state.derive();
    } else if operate::changes_with_time(state) {
        state.derive_callbacks();
    }
    operate::read_what_is_due(state)
}

fn fold(state: &mut State, entries: &[Entry]) {
    let mut acts = false;
    for entry in entries {
        state.board.apply(entry);
        if let What::Act(act) = &entry.what {
            acts = true;
            if act.who == state.me {
                let told = operate::told(state, entry.seq, act);
                flash(state, told);
            }
        }
    }
    state.derive();
    if acts {
        state.derive_callbacks();
    }
}

fn hear(state: &mut State, feeds: Vec<(FeedId, FeedHealth)>) {
    let skews = |s: &State| {
        let skew = s.feeds.values().map(|f| (f.skew_ms, f.last_ok.is_some()));
        skew.collect::<Vec<_>>()
    };
    let before = skews(state);
    // The journal may know feeds that the configuration no longer has.
    let sites = &state.sites;
    let known = feeds
        .into_iter()
        .filter(|(id, _)| health::is_configured(id, sites));
    state.feeds.extend(known);
    // Only a new clock or a first answer changes what the rows say.
    if skews(state) == before {
        state.settle();
    } else {
        state.derive();
    }
}

fn note(state: &mut State, answer: Answer) {
    match answer {
        Answer::Refreshing(0) => flash(
            state,
            "nothing is asked before its time: a vendor said to wait, or refused us".into(),
        ),
        Answer::Refreshing(1) => flash(state, "asking 1 queue now".into()),
        Answer::Refreshing(n) => flash(state, format!("asking {n} queues now")),
        Answer::OthersCollect => flash(
            state,
            "another Holdline collects here; it asks when due".into(),
        ),
        Answer::Collecting(collecting) => state.collecting = Some(collecting),
        Answer::Exported(Ok(file)) => flash(state, format!("written to {file}")),
        Answer::Exported(Err(why)) => flash(state, why),
        Answer::NotRecorded(why) => flash(state, format!("not on record: {why}")),
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

/// Shows for a while what just happened.
pub(super) fn flash(state: &mut State, what: String) {
    state.flash = Some((what, state.now.plus(FLASH)));
}

fn press(state: &mut State, event: KeyEvent) -> Vec<Command> {
    if !event.is_press() {
        return Vec::new();
    }
    let commands = match keys::action(state, event) {
        Some(action) => act(state, action),
        None => {
            typing::key(state, event);
            Vec::new()
        }
    };
    state.settle();
    commands
}

fn act(state: &mut State, action: Action) -> Vec<Command> {
    match action {
        Action::Quit => return vec![Command::Quit],
        Action::Suspend => return vec![Command::Suspend],
        Action::Refresh => return operate::refresh(state),
        Action::Callbacks(action) => return operate::callbacks(state, action),
        Action::PutOnList => return operate::put_on_list(state),
        Action::Choose => return operate::choose(state),
        Action::Apply => return operate::apply_form(state),
        Action::Accept | Action::AcceptAndNext => {
            return typing::accept(state, action == Action::AcceptAndNext);
        }
        Action::Cancel => typing::cancel(state),
        Action::Clear => {
            if let Some(form) = &mut state.callbacks.form {
                form.clear();
            }
        }
        Action::Export => {
            state.overlay = Overlay::Menu(Menu {
                kind: MenuKind::Export,
                at: 0,
            });
        }
        Action::Search => state.callbacks.searching = true,
        Action::Move(step) => go(state, step),
        Action::Go(pane) => state.focus = pane,
        Action::NextPane => turn(state, 1),
        Action::PreviousPane => turn(state, PaneId::ALL.len() - 1),
        Action::Details => open_details(state),
        Action::Zoom => state.zoom = !state.zoom,
        Action::Help => {
            let open = matches!(state.overlay, Overlay::Help { .. });
            state.overlay = if open {
                Overlay::None
            } else {
                Overlay::Help { scroll: 0 }
            };
        }
        Action::Back => back(state),
    }
    Vec::new()
}

fn back(state: &mut State) {
    if state.overlay != Overlay::None {
        state.overlay = Overlay::None;
    } else if state.focus == PaneId::Callbacks && !state.callbacks.search.value().is_empty() {
        state.callbacks.search.reset();
        state.derive_callbacks();
    } else {
        state.zoom = false;
    }
}

fn turn(state: &mut State, by: usize) {
    let at = PaneId::ALL
        .iter()
        .position(|p| *p == state.focus)
        .unwrap_or(0);
    state.focus = PaneId::ALL[(at + by) % PaneId::ALL.len()];
}

fn go(state: &mut State, step: Step) {
    match keys::mode(state) {
        Mode::Window => {
            let Some(window) = overlay::window(state) else {
                return;
            };
            let to = stepped(window.scroll, step, window.page()).min(window.end());
            state.overlay.scroll_to(to);
        }
        Mode::Menu => {
            let Overlay::Menu(menu) = &state.overlay else {
                return;
            };
            let last = overlay::choices(state, menu).len().saturating_sub(1);
            let to = stepped(menu.at, step, last).min(last);
            if let Overlay::Menu(menu) = &mut state.overlay {
                menu.at = to;
            }
        }
        Mode::Form => {
            if let Some(form) = &mut state.callbacks.form {
                let last = form.lines.len().saturating_sub(1);
                form.at = stepped(form.at, step, 5).min(last);
            }
        }
        Mode::Panes | Mode::Typing | Mode::TypingForm => match state.focus {
            PaneId::Callers => {
                let page = state.caller_rows_in_view();
                state.callers.step(step, page);
            }
            PaneId::Callbacks => {
                let page = state.callback_rows_in_view();
                state.callbacks.step(step, page);
            }
            PaneId::Agents | PaneId::Inject | PaneId::Activity => {}
        },
    }
}

fn stepped(from: usize, step: Step, page: usize) -> usize {
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
    state.overlay = match state.focus {
        PaneId::Callers => caller_details(state),
        PaneId::Callbacks => state.callbacks.callback().map(|callback| {
            Overlay::Callback(Box::new(CallbackDetails {
                callback: callback.clone(),
                scroll: 0,
            }))
        }),
        PaneId::Agents | PaneId::Inject | PaneId::Activity => None,
    }
    .unwrap_or_default();
}

fn caller_details(state: &State) -> Option<Overlay> {
    let row = state.callers.rows.get(state.callers.selected()?)?;
    let waiting = state.callers.waiting(row, &state.board)?;
    Some(Overlay::Caller(Box::new(CallerDetails {
        queue: state.callers.queues[row.queue].key.clone(),
        id: row.id.clone(),
        position: row.position,
        row: waiting.clone(),
        gone: None,
        scroll: 0,
    })))
}
