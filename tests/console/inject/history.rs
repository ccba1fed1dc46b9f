//! Events to begin with, and those that were sent before.

use holdline::{
    app::{Msg, overlay::Overlay, update, window},
    domain::{
        action::{Ended, Intent},
        entry::{Entry, What},
        injection::Injection,
        preset::{self, Preset},
    },
};

use super::{
    aimed, answer, console, entry, event, fill, journaled, ok, pairs, reply, sent, target, value,
};
use crate::{
    callbacks::{flash, rows},
    screen::play,
    world,
};

/// The presets of queue events.
fn of_calls() -> Vec<Preset> {
    let mut presets = preset::shipped();
    presets.retain(|preset| preset.vendor().is_none());
    presets
}

#[test]
fn presets_fill_the_form_and_leave_the_queue() {
    let mut state = console(80, 24);
    fill(&mut state, "queue", "support");
    fill(&mut state, "keypress", "9");
    play(&mut state, "p");
    let shown = rows(&state);
    for preset in of_calls() {
        assert!(
            shown.contains(&preset.name) && shown.contains(&preset.about),
            "{shown}"
        );
    }
    let at = of_calls()
        .iter()
        .position(|p| p.name == "Caller is connected");
    for _ in 0..at.unwrap() {
        play(&mut state, "j");
    }
    play(&mut state, "Enter");
    let event = sent(&play(&mut state, "Ctrl-S y"));
    assert_eq!(
        pairs(&event),
        [
            "queue=124",
            "event=CONNECT",
            "callerid=+4535203040",
            "channel=SIP/trunk-0001",
            "dtype=phone",
            "dnumber=200"
        ]
    );
}

#[test]
fn history_is_the_journals_and_anything_in_it_can_be_filled_in_again() {
    let mut state = console(80, 24);
    assert_eq!(play(&mut state, "h"), []);
    assert_eq!(flash(&state), "no event was sent yet");
    let join = event(&[
        ("event", "JOIN"),
        ("callerid", "+45 1; 2"),
        ("time", "1700000000"),
        ("dtype", "Phone"),
    ]);
    journaled(
        &mut state,
        "bente",
        &join,
        Some(Ended::Answered(vec![reply("204", "", "OK")])),
    );
    journaled(
        &mut state,
        "anna",
        &event(&[]),
        Some(Ended::Unknown("no answer in 10 s".into())),
    );
    journaled(&mut state, "anna", &event(&[("event", "LOST")]), None);
    play(&mut state, "h");
    let shown = rows(&state);
    for words in [
        "sales  JOIN  204: \"OK\"  bente",
        "no event  outcome unknown: no answer in 10 s  anna",
        "LOST  outcome unknown  anna",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    play(&mut state, "j j Enter");
    assert_eq!(value(&state, "queue"), "support");
    assert_eq!(value(&state, "time"), "1700000000");
    assert_eq!(sent(&play(&mut state, "Ctrl-S y")), join);
}

#[test]
fn a_queue_whose_name_means_another_is_filled_in_by_its_id() {
    let mut odd = target();
    odd.queues = vec![
        world::queue("5", "twin"),
        world::queue("6", "twin"),
        world::queue("7", "8"),
        world::queue("8", "7"),
    ];
    let mut state = aimed(vec![odd.clone()], 80, 24);
    assert_eq!(value(&state, "queue"), "5");
    for queue in &odd.queues {
        let event = Injection::new("sales".into(), queue.id.clone());
        journaled(&mut state, "anna", &event, None);
        play(&mut state, "h Enter");
        assert_eq!(sent(&play(&mut state, "Ctrl-S y")), event);
        answer(&mut state, ok());
    }
}

#[test]
fn what_cannot_be_repeated_says_why() {
    let mut state = console(80, 24);
    let gone = Entry {
        site: "gone".into(),
        ..entry(
            &state,
            What::Intent(Intent::inject("anna".into(), &event(&[]))),
        )
    };
    update(&mut state, Msg::Entries(vec![gone]));
    play(&mut state, "h Enter");
    assert_eq!(flash(&state), "its site is no longer one that takes events");
    let other = Intent::new("anna".into(), "calls/start".into(), None, Vec::new());
    let other = entry(&state, What::Intent(other));
    update(&mut state, Msg::Entries(vec![other]));
    // What was no event is not offered among them.
    play(&mut state, "h");
    let Overlay::Menu(menu) = &state.overlay else {
        panic!("{:?}", state.overlay)
    };
    assert_eq!(window::menu::choices(&state, menu).len(), 1);
}

#[test]
fn pane_5_has_words_for_what_was_asked_and_what_came_of_it() {
    let mut state = console(200, 50);
    let join = event(&[("event", "JOIN")]);
    journaled(
        &mut state,
        "bente",
        &join,
        Some(Ended::Answered(vec![reply("400", "position", "No")])),
    );
    play(&mut state, "5 z");
    let shown = rows(&state);
    assert!(
        shown.contains("bente asks for queues/events/create, event \"JOIN\""),
        "{shown}"
    );
    assert!(shown.contains(": 400 position: \"No\""), "{shown}");
}
