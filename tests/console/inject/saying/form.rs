//! What is filled in: the event and its variables, the vendor's own, and what
//! is wrong with them.

use holdline::{
    app::overlay::Overlay,
    domain::{scenario::speech, site::Vendor},
};

use super::{
    super::{fill, line, mistake, on, selected, tells, value},
    as_one, fields, said, say_event, speaker, speaking,
};
use crate::{
    callbacks::{flash, rows},
    screen::play,
    world::now,
};

#[test]
fn every_event_has_its_documented_variables_as_lines() {
    let mut state = speaking(80, 24);
    let shown = rows(&state);
    assert!(shown.contains("team · as contaqt · site 2 of 2"), "{shown}");
    for event in speech::EVENTS {
        say_event(&mut state, event.name);
        let lines = state.inject.form.lines.iter();
        let names: Vec<&str> = lines.map(|line| line.item.name()).collect();
        let variables = event.variables.iter().map(|variable| variable.name);
        let all: Vec<&str> = ["event"]
            .into_iter()
            .chain(variables)
            .chain(["shape", "to"])
            .collect();
        assert_eq!(names, all);
        on(&mut state, "event");
        tells(&state, &[event.about]);
    }
    say_event(&mut state, "agent:status");
    assert!(line(&state, "user_id").contains("needed"));
    for (name, takes) in [
        ("event", "required, choice"),
        ("user_id", "required, text"),
        ("in_calls", "optional, whole number"),
        ("shape", "required, choice"),
        ("to", "required, choice or URL"),
    ] {
        assert!(line(&state, name).contains(takes), "{}", line(&state, name));
    }
    say_event(&mut state, "call:ring");
    on(&mut state, "canceled");
    tells(&state, &["BREAK_OUT, or none"]);
}

#[test]
fn what_one_event_has_not_is_kept_for_the_next_that_has() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "call:ring");
    fill(&mut state, "call_id", "c-1");
    say_event(&mut state, "agent:status");
    fill(&mut state, "user_id", "17");
    say_event(&mut state, "call:end");
    assert_eq!(value(&state, "call_id"), "c-1");
    say_event(&mut state, "agent:checkout");
    assert_eq!(value(&state, "user_id"), "17");
}

#[test]
fn an_event_can_be_typed_and_one_that_is_none_is_marked() {
    let mut state = speaking(80, 24);
    // By Tab a choice is typed into, and from the last line the first follows.
    on(&mut state, "device_name");
    play(&mut state, "Enter Tab Tab Tab");
    assert_eq!(selected(&state), "event");
    play(&mut state, "Ctrl-U x Enter");
    assert!(
        mistake(&state, "event")
            .unwrap()
            .contains("event is one of agent:checkin")
    );
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(state.overlay, Overlay::None);
    assert!(
        flash(&state).contains("event is one of"),
        "{}",
        flash(&state)
    );
}

#[test]
fn only_enswitch_has_a_dry_run_and_the_form_is_looked_over_all_the_same() {
    let mut state = speaking(80, 24);
    assert_eq!(play(&mut state, "v"), []);
    assert_eq!(
        flash(&state),
        "agent:checkin tells of nobody without user_id"
    );
    assert_eq!(selected(&state), "user_id");
    fill(&mut state, "user_id", "17");
    assert_eq!(play(&mut state, "v"), []);
    assert!(
        flash(&state).contains("only Enswitch has a dry run"),
        "{}",
        flash(&state)
    );
    say_event(&mut state, "agent:status");
    fill(&mut state, "in_calls", "yes");
    assert_eq!(play(&mut state, "v"), []);
    assert_eq!(flash(&state), "in_calls is a whole number, such as 3");
}

#[test]
fn telphin_speaks_from_the_same_form() {
    let mut state = as_one(speaker("phones", Vendor::Telphin), 80, 24);
    assert_eq!(value(&state, "event"), "dial-in");
    let nobody = "dial-in tells of nobody without CalledExtensionID";
    assert_eq!(play(&mut state, "v"), []);
    assert_eq!(flash(&state), nobody);
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(
        (selected(&state), flash(&state)),
        ("CalledExtensionID", nobody)
    );
    on(&mut state, "event");
    play(&mut state, "Enter Enter");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(
        flash(&state),
        "answer tells of nobody without CalledExtensionID or CallerExtensionID"
    );
    on(&mut state, "event");
    play(&mut state, "Enter Enter Enter Enter Enter");
    on(&mut state, "to");
    play(&mut state, "Enter");
    fill(&mut state, "CalledExtensionID", "175");
    on(&mut state, "CallFlow");
    play(&mut state, "Enter");
    let saying = said(&play(&mut state, "Ctrl-S y"));
    let sent = fields(&saying);
    assert_eq!(sent[0], format!("EventTime={}", now().0 * 1000));
    assert!(sent[2].starts_with("SubCallID=175-"), "{sent:?}");
    assert_eq!(sent[3..], ["CallFlow=in", "CalledExtensionID=175"]);
    assert_eq!(saying.webhook.shape.word(), "get");
}

#[test]
fn presets_are_those_of_the_sites_vendor() {
    let mut state = speaking(80, 24);
    play(&mut state, "p");
    let shown = rows(&state);
    assert!(
        shown.contains("Agent pauses") && !shown.contains("Caller joins"),
        "{shown}"
    );
    play(&mut state, "j Enter");
    assert_eq!(value(&state, "event"), "agent:status");
    let saying = said(&play(&mut state, "Ctrl-S y"));
    assert_eq!(fields(&saying), ["user_id=17", "pause_id=5", "in_calls=0"]);
}
