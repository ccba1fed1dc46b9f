//! What came of it: what the receiver answered, the entry that it became, and
//! the history.

use holdline::{
    app::{Msg, update},
    domain::{
        action::Intent,
        caller::Raw,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        hook::{Hook, Says},
        injection::Told,
        scenario::saying::Arrived,
        site::Vendor,
    },
};

use super::{
    super::{fill, reply, tells, value},
    answer, delivered, fields, said, say_event, speaking, stored,
};
use crate::{
    callbacks::{flash, rows},
    screen::play,
    world::now,
};

#[test]
fn the_answer_is_told_with_the_entry_that_it_became() {
    let mut state = speaking(120, 36);
    say_event(&mut state, "agent:checkin");
    fill(&mut state, "user_id", "17");
    said(&play(&mut state, "Ctrl-S y"));
    let seq = state.board.upto() + 1;
    let hook = Hook {
        vendor: Vendor::Contaqt,
        event: "agent:checkin".into(),
        body: Raw::new(r#"{"event":"agent:checkin","user_id":"17"}"#),
        injected: true,
        says: Says::Nothing("not read".into()),
    };
    let entry = Entry {
        seq,
        at: now(),
        site: "team".into(),
        what: What::Hook(hook),
    };
    update(&mut state, Msg::Entries(vec![entry]));
    answer(&mut state, delivered(stored(), Some(Arrived::As(seq))));
    tells(
        &state,
        &[
            "200: \"Stored.\", the receiver took it (3 ms)",
            &format!("in the journal as entry {seq}, marked as injected"),
            "agent:checkin: kept, not understood",
        ],
    );
}

#[test]
fn what_did_not_arrive_is_told_as_what_it_is() {
    let fault = |what: &str| Fault::new(FaultKind::Unreachable, what, "look there");
    for (told, arrived, words) in [
        (
            Told::Answered(vec![reply("500", "", "Oops")]),
            None,
            "500: \"Oops\", the receiver did not take it",
        ),
        (
            Told::Failed(fault("127.0.0.1 refused")),
            None,
            "127.0.0.1 refused; look there",
        ),
        (
            Told::Unknown(fault("no answer")),
            None,
            "it may have arrived all the same",
        ),
        (stored(), Some(Arrived::Repeat), "not stored again"),
        (
            stored(),
            Some(Arrived::Unread("locked".into())),
            "could not be read: locked",
        ),
    ] {
        let mut state = speaking(80, 24);
        fill(&mut state, "user_id", "17");
        said(&play(&mut state, "Ctrl-S y"));
        answer(&mut state, delivered(told, arrived));
        tells(&state, &[words]);
    }
    let mut state = speaking(80, 24);
    fill(&mut state, "user_id", "17");
    said(&play(&mut state, "Ctrl-S y"));
    play(&mut state, "1");
    answer(&mut state, delivered(stored(), None));
    assert_eq!(flash(&state), "200: \"Stored.\", the receiver took it");
}

#[test]
fn history_repeats_it_at_its_site_as_a_new_event() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "call:answer");
    for (name, value) in [("call_id", "c-1"), ("dst_user_id", "17")] {
        fill(&mut state, name, value);
    }
    let saying = said(&play(&mut state, "Ctrl-S y"));
    answer(&mut state, delivered(stored(), None));
    let intent = Intent::say("bente".into(), &saying, "http://127.0.0.1:1/hooks/team/***");
    let entry = Entry {
        seq: state.board.upto() + 1,
        at: now(),
        site: "team".into(),
        what: What::Intent(intent),
    };
    update(&mut state, Msg::Entries(vec![entry]));
    play(&mut state, "t x h");
    assert!(
        rows(&state).contains("team  call:answer  outcome unknown  bente"),
        "{}",
        rows(&state)
    );
    play(&mut state, "Enter");
    let shown = ["event", "id", "call_id", "ts", "dst_user_id", "shape", "to"];
    let shown = shown.map(|name| value(&state, name));
    assert_eq!(
        shown,
        [
            "call:answer",
            "c-1",
            "c-1",
            "",
            "17",
            "json",
            "our receiver"
        ]
    );
    let again = said(&play(&mut state, "Ctrl-S y"));
    let (mut again, mut first) = (fields(&again), fields(&saying));
    again.sort();
    first.sort();
    assert_eq!(again, first);
}
