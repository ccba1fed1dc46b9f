//! The lines: what they take, checked as typed.

use holdline::{
    app::{Command, memory::Memory, overlay::Overlay, pane::PaneId},
    domain::injection::{self, Param, Part},
};

use super::{
    aimed, console, fill, line, mistake, on, replied, reply, selected, sends, sent, target, tells,
    value,
};
use crate::{
    callbacks::{rows, types},
    screen::play,
};

#[test]
fn every_parameter_that_people_set_has_its_line() {
    let state = console(80, 24);
    let form = injection::PARAMS.iter().filter(|p| p.part == Part::Form);
    for param in form {
        let line = line(&state, param.name);
        assert!(line.contains(param.required.word()), "{line}");
        match (param.name, param.default) {
            ("queue", _) => assert!(line.contains(" sales "), "{line}"),
            (_, Some("")) => assert!(line.contains(" — "), "{line}"),
            (_, Some(default)) => assert!(line.contains(&format!("— {default}")), "{line}"),
            (name, None) => panic!("{name} must be given"),
        }
    }
    for (name, takes) in [
        ("queue", "required, whole number"),
        ("event", "recommended, text"),
        ("dtype", "optional, choice"),
        ("position", "optional, whole number"),
        ("time", "optional, time"),
    ] {
        assert!(line(&state, name).contains(takes), "{name}");
    }
    let shown = rows(&state);
    assert!(!shown.contains("auth_"), "credentials are no one's to type");
}

#[test]
fn the_selected_line_is_told_in_full() {
    let mut state = console(80, 24);
    for param in Param::of_form() {
        on(&mut state, param.name);
        tells(&state, &[param.doc, param.required.word()]);
    }
    on(&mut state, "dtype");
    tells(&state, &["forward, peer, phone, sipuri, or none"]);
}

#[test]
fn what_is_typed_is_checked_as_it_is_typed() {
    let mut state = console(80, 24);
    for (name, typed, says) in [
        ("position", "first", "position is a whole number, such as 3"),
        (
            "dtype",
            "fax",
            "dtype is one of forward, peer, phone, sipuri, or empty",
        ),
        ("time", "yesterdy", "time is not a time; write Unix seconds"),
        ("time", "1700000000000", "are these milliseconds?"),
        ("time", "2024-01-31 10:00", "needs a zone"),
        (
            "queue",
            "slaes",
            "no queue \"slaes\" at sales; it has sales (123), support (124)",
        ),
        ("queue", "", "queue is empty"),
    ] {
        on(&mut state, name);
        play(&mut state, "Enter");
        if name == "dtype" {
            // Enter turns a choice; by Tab it can be typed.
            on(&mut state, "channel");
            play(&mut state, "Enter Tab");
        }
        play(&mut state, "Ctrl-U");
        types(&mut state, typed);
        let said = mistake(&state, name).unwrap();
        assert!(said.contains(says), "{said}");
        assert!(line(&state, name).contains('✗'), "{}", line(&state, name));
        play(&mut state, "Esc");
        assert_eq!(mistake(&state, name), None, "{name}: taken back");
    }
    for (name, typed) in [
        ("position", "-1"),
        ("time", "now"),
        ("time", "-5m"),
        ("time", "1700000000"),
        ("time", "2024-01-31T10:00:00Z"),
        ("queue", "support"),
        ("queue", "124"),
        ("queue", "98765"),
        ("event", "a;b&c=d é 山"),
    ] {
        fill(&mut state, name, typed);
        assert_eq!(mistake(&state, name), None, "{name} {typed}");
    }
}

#[test]
fn a_choice_is_turned_and_ends_at_none() {
    let mut state = console(80, 24);
    on(&mut state, "dtype");
    let mut seen = Vec::new();
    for _ in 0..5 {
        play(&mut state, "Enter");
        assert!(!state.inject.form.typing);
        seen.push(value(&state, "dtype").to_owned());
    }
    assert_eq!(seen, ["forward", "peer", "phone", "sipuri", ""]);
}

#[test]
fn whoever_types_never_leaves_the_form() {
    let mut state = console(80, 24);
    play(&mut state, "g j Enter");
    assert!(rows(&state).contains("typing"));
    assert_eq!(play(&mut state, "q 1 ? : / z v p h c x t Space"), []);
    assert_eq!(value(&state, "event"), "q1?:/zvphcxt ");
    assert_eq!(
        (state.focus, &state.overlay),
        (PaneId::Inject, &Overlay::None)
    );
    // All the way down by Tab, the choice too.
    for _ in Param::of_form() {
        play(&mut state, "Tab q 1");
        assert!(state.inject.form.typing, "at {}", selected(&state));
    }
    assert_eq!(state.focus, PaneId::Inject);
    assert_eq!(value(&state, "dtype"), "q1");
    assert_eq!(play(&mut state, "Ctrl-C"), [Command::Quit]);
}

#[test]
fn esc_takes_back_and_tab_keeps() {
    let mut state = console(80, 24);
    fill(&mut state, "event", "JOIN");
    play(&mut state, "Enter X Y Esc");
    assert_eq!(value(&state, "event"), "JOIN");
    assert!(!state.inject.form.typing);
    play(&mut state, "Enter 2 Tab 7 Esc");
    assert_eq!(
        (value(&state, "event"), value(&state, "callerid")),
        ("JOIN2", "")
    );
    on(&mut state, "event");
    play(&mut state, "x");
    assert_eq!(value(&state, "event"), "");
}

#[test]
fn of_several_sites_each_has_its_queues_and_its_answer() {
    let mut other = target();
    other.site = "branch".into();
    other.queues = Vec::new();
    let mut state = aimed(vec![target(), other], 80, 24);
    assert!(rows(&state).contains("site 1 of 2"));
    fill(&mut state, "queue", "124");
    sends(&mut state, replied(vec![reply("400", "queue", "No")]));
    assert!(mistake(&state, "queue").is_some());
    play(&mut state, "t");
    assert!(rows(&state).contains("branch · site 2 of 2"));
    assert_eq!(value(&state, "queue"), "", "no queue of another site");
    assert!(
        mistake(&state, "queue")
            .unwrap()
            .contains("give a queue's id")
    );
    tells(&state, &["sales: 400 queue: \"No\""]);
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    fill(&mut state, "queue", "7");
    let event = sent(&play(&mut state, "Ctrl-S y"));
    assert_eq!((event.site.as_str(), event.queue.as_str()), ("branch", "7"));
}

#[test]
fn the_pane_is_remembered_and_what_was_typed_is_not() {
    let mut state = console(80, 24);
    fill(&mut state, "callerid", "+4535203040");
    let kept = serde_json::to_string(&Memory::of(&state)).unwrap();
    assert!(!kept.contains("35203040"), "{kept}");
    let mut again = console(80, 24);
    again.focus = PaneId::Callers;
    let memory: Memory = serde_json::from_str(&kept).unwrap();
    memory.restore(&mut again);
    assert_eq!(again.focus, PaneId::Inject);
    assert_eq!(value(&again, "callerid"), "");
}
