//! What is said as a vendor, from the same form: the event and its variables,
//! how it travels and where to; and what came of it.

mod answers;
mod form;
mod sending;

use std::time::Duration;

use holdline::{
    app::{Answer, Command, Msg, State, update},
    domain::{
        action::{Ended, Intent},
        entry::{Entry, What},
        feed::{FeedHealth, FeedId, FeedKind, Heard},
        injection::Told,
        scenario::{
            saying::{Arrived, Delivered, Saying, Speaker},
            speech,
        },
        site::Vendor,
    },
};
use insta::assert_snapshot;

use super::{aimed, fill, on, reply, target, value};
use crate::{
    screen::{self, play},
    world::{ago, now},
};

fn speaker(site: &str, vendor: Vendor) -> Speaker {
    Speaker {
        site: site.into(),
        vendor,
        production: false,
        targets: vec!["https://crm.example.com/hooks".to_owned()],
    }
}

/// The receiver listens for `team`.
fn hears(state: &mut State) {
    let feed = FeedId {
        site: "team".into(),
        kind: FeedKind::Hooks,
    };
    let mut health = FeedHealth::new(Duration::from_secs(1));
    health.heard = Some(Heard {
        listens: Some("127.0.0.1:8642".to_owned()),
        alive: Some(ago(1)),
        ..Heard::default()
    });
    update(state, Msg::Feeds(vec![(feed, health)]));
}

/// A console in pane 4 that creates events at `sales` and speaks as `team`;
/// `team` is chosen.
fn speaking(width: u16, height: u16) -> State {
    as_one(speaker("team", Vendor::Contaqt), width, height)
}

fn as_one(speaker: Speaker, width: u16, height: u16) -> State {
    let mut state = aimed(vec![target()], width, height);
    state.inject.aim(vec![target()], vec![speaker]);
    hears(&mut state);
    play(&mut state, "t");
    state
}

/// What is asked to be said, if exactly one event is.
fn said(commands: &[Command]) -> Saying {
    match commands {
        [Command::Say(saying)] => (**saying).clone(),
        other => panic!("{other:?}"),
    }
}

fn fields(saying: &Saying) -> Vec<String> {
    let fields = saying.webhook.fields.iter();
    fields
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

/// Turns the event's line until it is this one.
fn say_event(state: &mut State, name: &str) {
    on(state, "event");
    for _ in speech::EVENTS {
        if value(state, "event") == name {
            return;
        }
        play(state, "Enter");
    }
    panic!("{name} is not offered");
}

fn delivered(told: Told, arrived: Option<Arrived>) -> Delivered {
    Delivered {
        told,
        took: Duration::from_millis(3),
        arrived,
        unjournaled: None,
    }
}

fn stored() -> Told {
    Told::Answered(vec![reply("200", "", "Stored.")])
}

fn answer(state: &mut State, delivered: Delivered) {
    update(state, Msg::Answer(Answer::Delivered(Box::new(delivered))));
}

/// An event that was said and answered, and another in work.
fn busy(width: u16, height: u16) -> State {
    let mut state = speaking(width, height);
    say_event(&mut state, "call:ring");
    fill(&mut state, "call_id", "c-1");
    fill(&mut state, "dst_user_id", "17");
    let saying = said(&play(&mut state, "Ctrl-S y"));
    let seq = state.board.upto() + 1;
    let what = [
        What::Intent(Intent::say(
            "anna".into(),
            &saying,
            "http://127.0.0.1:8642/hooks/team/***",
        )),
        What::Outcome(holdline::domain::action::Outcome {
            intent: seq,
            took: Duration::from_millis(3),
            ended: Ended::from(&stored()),
        }),
    ];
    for (seq, what) in (seq..).zip(what) {
        let (at, site) = (now(), "team".into());
        update(
            &mut state,
            Msg::Entries(vec![Entry {
                seq,
                at,
                site,
                what,
            }]),
        );
    }
    answer(&mut state, delivered(stored(), Some(Arrived::As(seq + 2))));
    fill(&mut state, "ts", "yesterdy");
    state
}

#[test]
fn screens() {
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 50)] {
        let state = busy(width, height);
        let drawn = screen::draw(&state);
        assert_snapshot!(format!("say_{width}x{height}"), screen::golden(&drawn));
    }
    let mut state = busy(80, 24);
    play(&mut state, "x Ctrl-S");
    assert_snapshot!("say_confirm", screen::golden(&screen::draw(&state)));
}
