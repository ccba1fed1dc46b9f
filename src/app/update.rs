//! The fold: one message in, the state moves on, commands come out.
//! Deterministic; never waits.

use std::{collections::BTreeSet, time::Duration};

use ratatui::crossterm::event::KeyEvent;

use super::{
    act,
    activity::effect,
    alarm,
    callbacks::News,
    dial, freeze, health, inject, keys,
    msg::{Answer, Command, Msg},
    operate,
    state::State,
    subscriptions, typing,
};
use crate::domain::{
    board::Board,
    entry::{Entry, Seq, What},
    feed::{FeedHealth, FeedId},
    time::At,
    triage::{Act, Subject},
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
        Msg::Entries(entries) => {
            // Whom somebody calls counts at once, screen held still or not.
            for entry in &entries {
                state.calls_made.apply(entry);
            }
            if state.frozen.is_some() {
                freeze::hold(state, entries);
            } else {
                fold(state, &entries, Acts::New);
            }
        }
        Msg::Feeds(feeds) => hear(state, feeds),
        Msg::List(news) if state.frozen.is_some() => freeze::hold_list(state, news),
        Msg::List(news) => operate::hear(state, news),
        Msg::Answer(answer) => note(state, answer),
    }
    Vec::new()
}

fn tick(state: &mut State, now: At) -> Vec<Command> {
    let zone = state.board.zone().clone();
    let new_day = now.day(&zone) != state.now.day(&zone);
    let before = std::mem::replace(&mut state.now, now);
    if state.flash.as_ref().is_some_and(|(_, until)| now >= *until) {
        state.flash = None;
    }
    // What takes too long does so without any news.
    state.age_agents();
    if new_day {
        state.derive();
    } else if operate::changes_with_time(state) {
        state.follow_callbacks(News::default());
    }
    let mut commands = operate::read_what_is_due(state);
    commands.extend(alarm::ring(state, before));
    commands
}

/// Whether what people did was folded in before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Acts {
    /// Not yet.
    New,
    /// While the screen was held still.
    Known,
}

/// Folds entries into the board and the panes.
pub(super) fn fold(state: &mut State, entries: &[Entry], acts: Acts) {
    let mut acted = Acted::default();
    let mut pushed = false;
    let mut moved = Vec::new();
    for entry in entries {
        let before = effect::before(entry, &state.board);
        state.inject.history.apply(entry);
        match &entry.what {
            What::Act(_) if acts == Acts::Known => {}
            What::Act(act) => {
                acted.to(state, act, |board| moved.extend(board.apply(entry)));
                tell(state, entry.seq, act);
            }
            _ => moved.extend(state.board.apply(entry)),
        }
        pushed |= matches!(entry.what, What::Hook(_) | What::Gap { .. });
        let told = effect::after(entry, &before, &state.board, &state.sites);
        state
            .activity
            .add(entry.clone(), &state.sites, told, before.caller);
    }
    state.follow(moved);
    state.derive_activity();
    if pushed || acted.is_any() {
        state.derive_calls();
    }
    acted.follow(state);
}

/// To whom something was done.
#[derive(Default)]
pub(super) struct Acted {
    subjects: BTreeSet<Subject>,
    /// Whether others were forgotten for it.
    forgot: bool,
}

impl Acted {
    /// Folds an act in.
    pub fn to(&mut self, state: &mut State, act: &Act, fold: impl FnOnce(&mut Board)) {
        let known = state.board.triage.len();
        fold(&mut state.board);
        self.forgot |= state.board.triage.len() < known;
        self.subjects.insert(act.subject.clone());
        self.subjects.extend(act.also.iter().cloned());
    }

    fn is_any(&self) -> bool {
        !self.subjects.is_empty()
    }

    /// Shows it in pane 3.
    pub fn follow(self, state: &mut State) {
        if self.forgot {
            state.derive_callbacks();
        } else if self.is_any() {
            state.follow_callbacks(News {
                acted: self.subjects,
                ..News::default()
            });
        }
    }
}

/// Says what became of something done here.
pub(super) fn tell(state: &mut State, seq: Seq, act: &Act) {
    if act.who == state.me {
        let told = operate::told(state, seq, act);
        flash(state, told);
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
    // Held still, rows stay as they are.
    if state.frozen.is_some() || skews(state) == before {
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
        Answer::Copied(Ok(way)) => flash(state, format!("copied {way}; Y to select by hand")),
        Answer::Copied(Err(why)) => flash(state, why),
        Answer::Injected(injected) => inject::send::answered(state, *injected),
        Answer::Delivered(delivered) => inject::send::delivered(state, *delivered),
        Answer::PresetSaved(saved) => inject::save::saved(state, saved),
        Answer::Dialled(dialled) => dial::answered(state, *dialled),
        Answer::Surveyed {
            site,
            surveys,
            budget,
        } => subscriptions::surveyed(state, &site, surveys, budget),
        Answer::Resubscribed { site, done } => subscriptions::changed(state, &site, &done),
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
        Some(action) => act::act(state, action),
        None if keys::is_refused(state, event) => {
            flash(
                state,
                "this console is read-only; start it without --read-only to change anything".into(),
            );
            Vec::new()
        }
        None => {
            typing::key(state, event);
            Vec::new()
        }
    };
    state.settle();
    commands
}
