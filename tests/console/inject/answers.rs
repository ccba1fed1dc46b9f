//! What came back, and where it is told.

use holdline::{
    app::{Msg, State, update},
    domain::{
        fault::{Fault, FaultKind},
        injection::{OnRecord, Recorded, Told},
    },
};

use super::{
    answer, busy, console, event, fill, injected, journaled, line, mistake, ok, on, replied, reply,
    selected, sends, tells, value,
};
use crate::{
    callbacks::{flash, rows},
    screen::play,
    world::{ago, now},
};

fn late() -> Fault {
    let what = "pbx.example gave no answer in 10 s";
    Fault::new(FaultKind::Timeout, what, "allow more time")
}

#[test]
fn the_answer_and_what_is_on_record_are_told() {
    let row = "1772460207|NONE|JOIN||123";
    let found = OnRecord::Found(Recorded {
        row: row.into(),
        at: None,
    });
    let nothing = OnRecord::Nothing {
        from: ago(10),
        to: now(),
    };
    let unread = OnRecord::Unread(late());
    for (record, words) in [
        (
            found,
            &[
                "204: \"OK\", accepted (12 ms)",
                "on record: 1772460207|NONE|JOIN||123",
            ][..],
        ),
        (
            nothing,
            &["accepted", "the queue seems not to record events"],
        ),
        (
            unread,
            &[
                "accepted",
                "whether it is on record could not be read: pbx.example gave",
            ],
        ),
    ] {
        let mut state = console(80, 24);
        let mut came = ok();
        came.record = Some(record);
        sends(&mut state, came);
        tells(&state, words);
    }
}

#[test]
fn what_the_vendor_refuses_or_nobody_knows_is_told_with_what_to_do() {
    for (came, words) in [
        (
            replied(vec![reply("401", "", "Bad login")]),
            &["401: \"Bad login\"", "check `username` and `password`"][..],
        ),
        (
            replied(vec![reply("402", "", "")]),
            &[
                "402, the user's role does not allow this",
                "administrator role",
            ],
        ),
        (
            replied(vec![reply("404", "", "Gone")]),
            &["404: \"Gone\"", "may not see it; check the queue's id"],
        ),
        (
            replied(vec![reply("201", "", "OK")]),
            &["it was only validated"],
        ),
        (
            replied(vec![reply("777", "x", "?")]),
            &["777 x: \"?\"", "does not list this code"],
        ),
        (
            injected(Told::Failed(Fault::new(
                FaultKind::Unreachable,
                "pbx.example refused the connection",
                "check `url`",
            ))),
            &["refused the connection; check `url`"],
        ),
        (
            injected(Told::Unknown(late())),
            &["gave no answer in 10 s; the event may have been recorded all the same"],
        ),
        (
            replied(vec![
                reply("204", "", "OK"),
                reply("400", "position", "No"),
                reply("204", "", "Fine"),
            ]),
            &[
                "400 position: \"No\", a parameter is invalid",
                "204: \"OK\", accepted",
                "204: \"Fine\", accepted",
            ],
        ),
    ] {
        let mut state = console(80, 24);
        sends(&mut state, came);
        tells(&state, words);
    }
}

#[test]
fn an_outcome_that_is_not_on_record_says_so() {
    let mut state = console(80, 24);
    let mut came = ok();
    came.unjournaled = Some("the disk is full".into());
    sends(&mut state, came);
    tells(
        &state,
        &["accepted", "not in the journal: the disk is full"],
    );
}

#[test]
fn the_line_that_the_vendor_names_is_marked_until_it_is_edited() {
    for (name, typed, key) in [
        ("position", "3", "POSITION"),
        ("time", "-5m", "time"),
        ("queue", "999", "queue"),
    ] {
        let mut state = console(80, 24);
        fill(&mut state, name, typed);
        on(&mut state, "event");
        sends(&mut state, replied(vec![reply("400", key, "Out of range")]));
        assert_eq!(selected(&state), name);
        let line = line(&state, name);
        assert!(line.contains("✗ 400: Out of range"), "{line}");
        tells(
            &state,
            &[
                "400",
                "a parameter is invalid; correct the parameter it names",
            ],
        );
        // Time goes by, and another line is wrong: the mark stays.
        update(&mut state, Msg::Clock(now().shift(60_000)));
        fill(&mut state, "callerid", "1");
        assert!(mistake(&state, name).is_some(), "{name} is as it was sent");
        on(&mut state, name);
        play(&mut state, "Enter Ctrl-U 4");
        assert_eq!(mistake(&state, name), None, "{name} is another");
    }
}

#[test]
fn an_answer_moves_no_cursor_that_is_typing() {
    let mut state = console(80, 24);
    play(&mut state, "Ctrl-S y g j Enter A B");
    answer(&mut state, replied(vec![reply("400", "position", "No")]));
    play(&mut state, "C Enter");
    assert_eq!(
        (
            selected(&state),
            value(&state, "event"),
            value(&state, "position")
        ),
        ("event", "ABC", "")
    );
    assert!(mistake(&state, "position").is_some());
}

#[test]
fn an_answer_is_told_in_other_panes_too() {
    let mut state = console(80, 24);
    play(&mut state, "Ctrl-S y 1");
    answer(&mut state, ok());
    assert_eq!(flash(&state), "204: \"OK\", accepted");
}

#[test]
fn a_screen_held_still_tells_the_answer_all_the_same() {
    let mut state = console(80, 24);
    play(&mut state, "Space");
    sends(&mut state, ok());
    tells(&state, &["204: \"OK\", accepted (12 ms)"]);
    let join = event(&[("event", "JOIN")]);
    journaled(&mut state, "anna", &join, None);
    play(&mut state, "Space");
    assert_eq!(state.inject.history.latest().count(), 1);
}

#[test]
fn the_lamp_is_as_the_last_answer() {
    let lamp = |state: &State| rows(state).lines().next().unwrap().to_owned();
    let mut state = console(120, 36);
    // Nothing was sent there yet: whether it takes any is not known.
    assert!(lamp(&state).contains("sales ·"), "{}", lamp(&state));
    let fault = Fault::new(FaultKind::Unreachable, "refused", "");
    sends(&mut state, injected(Told::Failed(fault)));
    assert!(
        lamp(&state).contains("sales ✗ unreachable"),
        "{}",
        lamp(&state)
    );
    sends(&mut state, ok());
    assert!(lamp(&state).contains("sales ● ready"), "{}", lamp(&state));
    sends(&mut state, replied(vec![reply("401", "", "No")]));
    assert!(
        lamp(&state).contains("sales ✗ login refused"),
        "{}",
        lamp(&state)
    );
}

#[test]
fn the_answer_is_seen_on_every_screen() {
    for (width, height) in [(60, 15), (80, 24), (120, 30), (120, 36), (200, 50)] {
        let state = busy(width, height);
        tells(&state, &["400 position: \"Out of range\", a parameter is"]);
        let line = line(&state, "position");
        assert!(line.contains('✗'), "{line}");
        let mut state = console(width, height);
        let mut came = ok();
        let row = "1772460207|NONE|JOIN".into();
        came.record = Some(OnRecord::Found(Recorded { row, at: None }));
        sends(&mut state, came);
        tells(
            &state,
            &["204: \"OK\", accepted (12 ms)", "on record: 1772460207"],
        );
    }
}

#[test]
fn a_long_message_hides_nothing_below_it() {
    let mut state = console(80, 24);
    let mut came = replied(vec![reply("204", "", &"word ".repeat(200_000))]);
    let row = "1772460207|NONE|JOIN".into();
    came.record = Some(OnRecord::Found(Recorded { row, at: None }));
    sends(&mut state, came);
    tells(&state, &["204: \"word word", "on record: 1772460207"]);
}
