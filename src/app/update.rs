//! The fold: one message in, the state moves on, commands come out.
//! Deterministic; never waits.

use ratatui::crossterm::event::KeyEvent;

use super::{
    act, alarm,
    callbacks::News,
    dial,
    fold::{self, Acts},
    freeze, health, inject, keys,
    msg::{Answer, Command, Msg},
    operate,
    state::State,
    subscriptions, typing,
};
use crate::domain::{
    feed::{FeedHealth, FeedId},
    time::At,
};

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
                fold::fold(state, &entries, Acts::New);
            }
        }
        Msg::Feeds(feeds) => hear(state, feeds),
        Msg::List(news) if state.frozen.is_some() => freeze::hold_list(state, news),
        Msg::List(news) => fold::hear(state, news),
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
        Answer::Refreshing(0) => state
            .say("nothing is asked before its time: a vendor said to wait, or refused us".into()),
        Answer::Refreshing(1) => state.say("asking 1 queue now".into()),
        Answer::Refreshing(n) => state.say(format!("asking {n} queues now")),
        Answer::OthersCollect => {
            state.say("another Holdline collects here; it asks when due".into());
        }
        Answer::Collecting(collecting) => state.collecting = Some(collecting),
        Answer::Exported(Ok(file)) => state.say(format!("written to {file}")),
        Answer::Exported(Err(why)) => state.say(why),
        Answer::Copied(Ok(way)) => state.say(format!("copied {way}; Y to select by hand")),
        Answer::Copied(Err(why)) => state.say(why),
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
        Answer::NotRecorded(why) => state.say(format!("not on record: {why}")),
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

fn press(state: &mut State, event: KeyEvent) -> Vec<Command> {
    if !event.is_press() {
        return Vec::new();
    }
    let commands = match keys::action(state, event) {
        Some(action) => act::act(state, action),
        None if keys::is_refused(state, event) => {
            state.say(
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
