//! Calls, their legs, and the callers that wait.

use std::time::Duration;

use holdline::domain::{call::CallState, caller::CallerState};
use serde_json::json;

use crate::play::{Play, time};

fn queue_call(play: &mut Play) {
    play.step(
        "start",
        "c",
        10,
        &json!({"type": "queue", "queue_id": 1, "cid_num": "+4535203040", "cid_name": "Bamse", "dst_num": "70305050"}),
    );
}

#[test]
fn a_queue_call_waits_rings_is_answered_and_ends() {
    let mut play = Play::new();
    queue_call(&mut play);
    assert_eq!(play.call("c").state(), CallState::Waiting);
    assert_eq!(play.figures("1"), (0, 0, vec!["c".to_owned()]));
    let queue = play.queue("1");
    let waiting = queue.caller(&"c".into()).unwrap();
    assert_eq!(*waiting.caller.state(), CallerState::Queued);
    assert_eq!(waiting.caller.entered(), Some(time(10)));
    assert_eq!(waiting.caller.number(), Some("+4535203040"));
    assert_eq!(waiting.caller.presentation(), Some("70305050"));
    play.step(
        "ring",
        "b",
        20,
        &json!({"dst_user_id": 17, "type": "queue", "queue_id": 1}),
    );
    assert_eq!(play.call("c").state(), CallState::Ringing);
    assert_eq!(
        play.figures("1"),
        (0, 0, vec!["c".to_owned()]),
        "still waits"
    );
    play.step("end", "b", 30, &json!({"hangup_cause": "NO_ANSWER"}));
    assert_eq!(play.call("c").state(), CallState::Waiting);
    play.step("ring", "b2", 31, &json!({"dst_user_id": 18}));
    play.step("answer", "b2", 35, &json!({}));
    assert_eq!(play.call("c").state(), CallState::Answered);
    assert_eq!(play.call("c").agent().unwrap().as_str(), "18");
    assert_eq!(play.figures("1"), (1, 0, vec![]));
    play.step("end", "b2", 60, &json!({"hangup_cause": "NORMAL_CLEARING"}));
    assert_eq!(
        play.call("c").state(),
        CallState::Answered,
        "its first leg has not ended"
    );
    play.step(
        "end",
        "c",
        61,
        &json!({"cc_wait": 24, "hangup_cause": "NORMAL_CLEARING"}),
    );
    assert_eq!(play.call("c").state(), CallState::Ended);
    assert_eq!(play.figures("1"), (1, 0, vec![]));
    // The vendor's own measure of the wait counts, once it is told.
    assert_eq!(
        play.call("c").wait(time(999)),
        Some(Duration::from_secs(24))
    );
    assert_eq!(
        play.queue("1").today.longest(),
        Some(Duration::from_secs(24))
    );
}

#[test]
fn a_queue_call_that_is_not_answered_left() {
    for reason in [
        "BREAK_OUT",
        "TIMEOUT",
        "NO_AGENT_TIMEOUT",
        "NONE",
        "EXIT_WITH_KEY",
        "",
    ] {
        let mut play = Play::new();
        queue_call(&mut play);
        play.step(
            "end",
            "c",
            40,
            &json!({"canceled": reason, "billms": if reason == "BREAK_OUT" { 30_000 } else { 0 }}),
        );
        assert_eq!(play.figures("1"), (0, 1, vec![]), "{reason}");
        assert_eq!(
            play.queue("1").today.longest(),
            Some(Duration::from_secs(30))
        );
    }
}

#[test]
fn an_answer_that_was_lost_is_known_by_the_time_talked() {
    let mut play = Play::new();
    queue_call(&mut play);
    play.step(
        "end",
        "c",
        90,
        &json!({"billms": 50_000, "cc_wait": 30, "canceled": "NONE"}),
    );
    assert_eq!(play.figures("1"), (1, 0, vec![]));
    assert_eq!(
        play.queue("1").today.longest(),
        Some(Duration::from_secs(30))
    );
}

#[test]
fn a_switchboard_that_takes_the_call_has_not_answered_it() {
    let mut play = Play::new();
    play.step("ring", "c", 8, &json!({"type": "inbound"}));
    play.step("answer", "c", 9, &json!({}));
    assert_eq!(play.call("c").state(), CallState::Answered);
    queue_call(&mut play);
    assert_eq!(play.call("c").state(), CallState::Waiting);
    assert_eq!(play.figures("1"), (0, 0, vec!["c".to_owned()]));
    play.step("ring", "b", 12, &json!({"dst_user_id": 17}));
    play.step("answer", "b", 20, &json!({}));
    assert_eq!(play.figures("1"), (1, 0, vec![]));
}

#[test]
fn a_call_that_moves_on_to_another_queue_waits_there_alone() {
    let mut play = Play::new();
    queue_call(&mut play);
    play.step("start", "c", 50, &json!({"type": "queue", "queue_id": 2}));
    assert_eq!(play.figures("1"), (0, 0, vec![]));
    assert_eq!(play.figures("2"), (0, 0, vec!["c".to_owned()]));
    play.step("answer", "b", 60, &json!({"dst_user_id": 17}));
    assert_eq!(
        (play.figures("1"), play.figures("2")),
        ((0, 0, vec![]), (1, 0, vec![]))
    );
}

#[test]
fn calls_that_are_in_no_queue_wait_in_none() {
    let mut play = Play::new();
    play.step(
        "ring",
        "c",
        5,
        &json!({"type": "inbound", "dst_user_id": 17}),
    );
    assert_eq!(play.call("c").state(), CallState::Ringing);
    assert_eq!(play.call("c").stay(), None);
    // One whose start was lost is known by its type.
    play.step(
        "ring",
        "d",
        5,
        &json!({"call_id": "d", "type": "queue", "queue_id": 1}),
    );
    assert_eq!(play.figures("1").2, ["d"]);
}

#[test]
fn injected_callers_are_shown_and_not_counted() {
    let mut play = Play::new();
    play.inject(
        "call:start",
        &json!({"id": "i", "call_id": "i", "type": "queue", "queue_id": 1}),
    );
    assert_eq!(play.figures("1"), (0, 0, vec!["i".to_owned()]));
    assert!(play.queue("1").caller(&"i".into()).unwrap().injected());
    play.inject(
        "call:answer",
        &json!({"id": "j", "call_id": "i", "dst_user_id": 17}),
    );
    assert_eq!(play.figures("1"), (0, 0, vec![]));
}

#[test]
fn late_news_does_not_bring_back_who_went() {
    let mut play = Play::new();
    play.step(
        "end",
        "c",
        60,
        &json!({"canceled": "BREAK_OUT", "cc_wait": 50}),
    );
    assert_eq!(play.call("c").state(), CallState::Ended);
    queue_call(&mut play);
    play.step("ring", "b", 20, &json!({"dst_user_id": 17}));
    assert_eq!(play.call("c").state(), CallState::Ended);
    assert_eq!(play.figures("1"), (0, 1, vec![]));
    assert_eq!(
        play.queue("1").today.longest(),
        Some(Duration::from_secs(50))
    );
}

#[test]
fn calls_that_ended_are_forgotten_in_bounds_and_stay_forgotten() {
    let mut play = Play::new();
    for n in 0..2_500 {
        let id = format!("call-{n}");
        play.step(
            "start",
            &id,
            n,
            &json!({"call_id": id, "type": "queue", "queue_id": 1}),
        );
        play.step("end", &id, n + 1, &json!({"call_id": id}));
    }
    assert_eq!(play.floor().ended_calls().count(), 2_000);
    assert_eq!(play.figures("1"), (0, 2_500, vec![]));
    assert!(play.floor().call(&"call-0".into()).is_none());
    play.step(
        "ring",
        "late",
        0,
        &json!({"call_id": "call-0", "type": "queue", "queue_id": 1}),
    );
    assert!(play.floor().call(&"call-0".into()).is_none());
    assert_eq!(play.figures("1"), (0, 2_500, vec![]));
    // The last are remembered for a day.
    play.step("ring", "z", 90_000, &json!({"call_id": "z"}));
    assert_eq!(play.floor().ended_calls().count(), 0);
}

#[test]
fn calls_whose_end_never_comes_are_let_go_and_counted_as_nothing() {
    let mut play = Play::new();
    queue_call(&mut play);
    play.step("ring", "b", 20, &json!({"dst_user_id": 17}));
    play.step("ring", "z", 20 + 86_401, &json!({"call_id": "z"}));
    assert!(play.floor().call(&"c".into()).is_none());
    assert_eq!(play.figures("1"), (0, 0, vec![]));
    assert_eq!(play.standing("17").call, None);
    for n in 0..5_100 {
        let id = format!("open-{n}");
        play.step("ring", &id, 90_000, &json!({"call_id": id}));
    }
    assert_eq!(play.floor().open_calls().count(), 5_000);
}

#[test]
fn a_time_that_cannot_be_is_none() {
    let mut play = Play::new();
    play.at(50).push(
        "call:start",
        &json!({"id": "c", "ts": crate::play::TEN + 999_999, "type": "queue", "queue_id": 1}),
    );
    assert_eq!(play.call("c").began(), Some(time(50)));
    assert_eq!(
        play.queue("1")
            .caller(&"c".into())
            .unwrap()
            .caller
            .entered(),
        None
    );
    play.at(80).push("call:end", &json!({"id": "c"}));
    assert_eq!(play.figures("1"), (0, 1, vec![]));
}

#[test]
fn a_clock_that_was_ahead_keeps_no_call_for_ever() {
    const YEARS: i64 = 10 * 365 * 86_400;
    const DAY: i64 = 86_400;
    let mut play = Play::new();
    let ring = |call: &str| json!({"id": call, "call_id": call, "dst_user_id": 17});
    play.push("call:ring", &ring("before"));
    play.at(YEARS).push("call:ring", &ring("meanwhile"));
    play.at(60).push("call:ring", &ring("after"));
    let open = |play: &Play| play.floor().open_calls().count();
    assert_eq!(open(&play), 2, "one was silent for ten years");
    // Their ends were missed; somebody else is heard of.
    play.at(DAY).push("agent:checkin", &json!({"user_id": 3}));
    assert_eq!(open(&play), 2, "heard of within a day");
    play.at(DAY + 61)
        .push("agent:checkin", &json!({"user_id": 3}));
    assert_eq!(open(&play), 0);
}

#[test]
fn a_call_of_more_legs_than_there_can_be_is_held_in_bounds() {
    let mut play = Play::new();
    for n in 0..1_000 {
        play.step(
            "ring",
            &format!("leg-{n}"),
            1,
            &json!({"dst_user_id": n + 1}),
        );
    }
    assert_eq!(play.call("c").legs.len(), 64);
}
