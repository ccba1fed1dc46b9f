//! Pane 4: an event is filled in, checked, confirmed, sent once, and what came
//! back is told.
//!
//! * [`form`], [`sending`], [`answers`], [`history`], [`screens`]: queue events
//! * [`saying`]: what is said as a vendor; [`saving`]: presets of one's own

mod answers;
mod form;
mod history;
mod saving;
mod saying;
mod screens;
mod sending;

use std::{sync::Arc, time::Duration};

use holdline::{
    app::{Answer, Command, Msg, State, geometry, pane::PaneId, update},
    domain::{
        action::{Ended, Intent, Outcome},
        board::Board,
        entry::{Entry, What},
        injection::{Injected, Injection, Reply, Target, Told, Verb},
        preset,
        site::{People, Site, Vendor},
    },
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;

use crate::{
    callbacks::types,
    screen::{self, play},
    world::{self, now},
};

fn target() -> Target {
    Target {
        site: "sales".into(),
        base: "http://enswitch.example.com/api/json".into(),
        verb: Verb::Post,
        queues: vec![world::queue("123", "sales"), world::queue("124", "support")],
        allowed: true,
        production: false,
    }
}

fn site(name: &str, vendor: Vendor) -> Site {
    Site {
        name: name.into(),
        vendor,
        queues: target().queues,
        country: None,
        people: People::default(),
    }
}

/// A console in pane 4, which sends to these.
fn aimed(targets: Vec<Target>, width: u16, height: u16) -> State {
    let mut sites = world::sites();
    sites.extend(
        targets
            .iter()
            .map(|t| site(t.site.as_str(), Vendor::Enswitch)),
    );
    // In the grid, callbacks stand beside.
    sites.push(site("outbound", Vendor::While1));
    let board = Board::new(TimeZone::UTC);
    let mut state = State::new(sites, board, now(), Size::new(width, height));
    state.me = "anna".into();
    state.focus = PaneId::Inject;
    state.inject.aim(targets, Vec::new());
    state.inject.presets = preset::shipped();
    update(&mut state, Msg::Entries(world::busy().entries));
    update(&mut state, Msg::Feeds(world::fresh()));
    state
}

fn console(width: u16, height: u16) -> State {
    aimed(vec![target()], width, height)
}

/// Puts the cursor on a line.
fn on(state: &mut State, name: &str) {
    let at = state.inject.form.place(name).unwrap();
    play(state, "g");
    for _ in 0..at {
        play(state, "j");
    }
    assert_eq!(selected(state), name);
}

/// Types a value into a line.
fn fill(state: &mut State, name: &str, value: &str) {
    on(state, name);
    play(state, "Enter Ctrl-U");
    types(state, value);
    play(state, "Enter");
}

fn selected(state: &State) -> &str {
    state.inject.form.lines[state.inject.form.at].item.name()
}

fn value<'s>(state: &'s State, name: &str) -> &'s str {
    state.inject.form.value(name).unwrap()
}

fn mistake(state: &State, name: &str) -> Option<String> {
    let at = state.inject.form.place(name).unwrap();
    state.inject.mistake(at, state.now)
}

/// The lines inside pane 4.
fn pane(state: &State) -> Vec<String> {
    let places = state.places().unwrap().panes;
    let (_, place) = places.iter().find(|(id, _)| *id == PaneId::Inject).unwrap();
    let inside = screen::crop(&screen::draw(state), geometry::inside(*place));
    let rows = screen::rows(&inside).into_iter();
    rows.map(|row| row.trim().to_owned()).collect()
}

fn line(state: &State, name: &str) -> String {
    let shown = pane(state);
    let found = shown.iter().find(|row| row.starts_with(name));
    found.unwrap_or_else(|| panic!("{shown:#?}")).clone()
}

/// What is asked to be sent, if exactly one event is.
fn sent(commands: &[Command]) -> Injection {
    match commands {
        [Command::Inject(event)] => event.clone(),
        other => panic!("{other:?}"),
    }
}

fn pairs(event: &Injection) -> Vec<String> {
    let pairs = event.pairs().into_iter();
    pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

fn reply(code: &str, key: &str, message: &str) -> Reply {
    Reply {
        code: code.into(),
        key: key.into(),
        message: message.into(),
    }
}

fn injected(told: Told) -> Injected {
    Injected {
        validate: false,
        told,
        took: Duration::from_millis(12),
        record: None,
        unjournaled: None,
    }
}

fn replied(replies: Vec<Reply>) -> Injected {
    injected(Told::Answered(replies))
}

fn ok() -> Injected {
    replied(vec![reply("204", "", "OK")])
}

fn answer(state: &mut State, injected: Injected) {
    update(state, Msg::Answer(Answer::Injected(Box::new(injected))));
}

/// Sends what is filled in, and has it answered so.
fn sends(state: &mut State, injected: Injected) {
    let commands = play(state, "Ctrl-S y");
    assert_eq!(commands.len(), 1, "{:?}", state.flash);
    answer(state, injected);
}

fn entry(state: &State, what: What) -> Entry {
    Entry {
        seq: state.board.upto() + 1,
        at: state.now,
        site: "sales".into(),
        what,
    }
}

/// The journal tells of an intent, and of what came of it.
fn journaled(state: &mut State, who: &str, event: &Injection, ended: Option<Ended>) {
    let intent = What::Intent(Intent::inject(who.into(), event));
    let intent = entry(state, intent);
    let seq = intent.seq;
    update(state, Msg::Entries(vec![intent]));
    if let Some(ended) = ended {
        let took = Duration::from_millis(12);
        let outcome = entry(
            state,
            What::Outcome(Outcome {
                intent: seq,
                took,
                ended,
            }),
        );
        update(state, Msg::Entries(vec![outcome]));
    }
}

fn event(typed: &[(&str, &str)]) -> Injection {
    let mut event = Injection::new("sales".into(), "124".into());
    for (name, value) in typed {
        event.set(name, value, now()).unwrap();
    }
    event
}

/// Whether these words are in the pane, broken to lines or not.
fn tells(state: &State, words: &[&str]) {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let shown = bare(&pane(state).join(" "));
    for words in words {
        assert!(shown.contains(&bare(words)), "{words}\n{:#?}", pane(state));
    }
}

/// An event that was sent and refused, others on record, and a line in work.
fn busy(width: u16, height: u16) -> State {
    let mut state = console(width, height);
    let who: Arc<str> = "bente".into();
    let join = event(&[("event", "JOIN"), ("callerid", "+4535203040")]);
    journaled(
        &mut state,
        &who,
        &join,
        Some(Ended::Answered(vec![reply("204", "", "OK")])),
    );
    fill(&mut state, "event", "CONNECT");
    fill(&mut state, "position", "3");
    sends(
        &mut state,
        replied(vec![reply("400", "position", "Out of range")]),
    );
    state
}
