//! Who looks stuck, and the evidence.

use jiff::tz::TimeZone;
use serde_json::json;

use crate::play::{Play, site};

fn words(found: &[holdline::domain::suspect::Suspicion]) -> Vec<String> {
    let people = site().people;
    found
        .iter()
        .map(|s| s.evidence(&people, &TimeZone::UTC))
        .collect()
}

#[test]
fn at_calls_though_every_leg_has_ended() {
    let mut play = Play::new();
    play.push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 1}),
    );
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    play.step("end", "b", 60, &json!({}));
    play.at(89);
    assert_eq!(
        words(&play.suspects("17")),
        Vec::<String>::new(),
        "their word may be on its way"
    );
    play.at(90);
    assert_eq!(
        words(&play.suspects("17")),
        ["says at calls, but the last leg ended at 10:01:00"]
    );
    play.push("agent:status", &json!({"user_id": 17, "in_calls": 0}));
    assert_eq!(play.suspects("17"), []);
    // Said since the last call: the next one's events may be lost.
    play.at(200)
        .push("agent:status", &json!({"user_id": 17, "in_calls": 1}));
    play.at(999);
    assert_eq!(play.suspects("17"), []);
}

#[test]
fn on_a_call_that_everybody_else_has_left() {
    let mut play = Play::new();
    play.step("start", "c", 0, &json!({"type": "queue", "queue_id": 1}));
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    play.step("end", "c", 60, &json!({}));
    play.at(100);
    assert_eq!(
        words(&play.suspects("17")),
        ["on a call whose other legs have all ended, the last at 10:01:00"]
    );
}

#[test]
fn on_a_call_that_has_not_ended_though_they_say_that_it_has() {
    let mut play = Play::new();
    play.push("agent:checkin", &json!({"user_id": 17}));
    play.at(1)
        .push("queue:join", &json!({"user_id": 17, "queues": [1]}));
    play.at(5)
        .push("agent:status", &json!({"user_id": 17, "in_calls": 0}));
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    play.at(500);
    assert_eq!(play.suspects("17"), [], "said before the call");
    play.push("agent:status", &json!({"user_id": 17, "in_calls": 1}));
    play.at(600)
        .push("agent:status", &json!({"user_id": 17, "in_calls": 0}));
    play.at(700);
    assert_eq!(
        words(&play.suspects("17")),
        ["on a call that has not ended, but says not at calls since 10:10:00"]
    );
}

#[test]
fn over_the_pauses_limit() {
    let mut play = Play::new();
    play.push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    play.at(45 * 60);
    assert_eq!(play.suspects("17"), []);
    play.at(45 * 60 + 1);
    assert_eq!(
        words(&play.suspects("17")),
        ["paused for 45:01, lunch may last 45:00"]
    );
    // One without a limit.
    play.push("agent:status", &json!({"user_id": 17, "pause_id": 6}));
    play.at(99_999);
    assert_eq!(play.suspects("17"), []);
}

#[test]
fn checked_in_and_in_no_queue() {
    let mut play = Play::new();
    play.push("agent:checkin", &json!({"user_id": 17}));
    play.at(29);
    assert_eq!(play.suspects("17"), []);
    play.at(30);
    assert_eq!(
        words(&play.suspects("17")),
        ["checked in, but in no queue since 10:00:00"]
    );
    play.push("queue:join", &json!({"user_id": 17, "queues": [1]}));
    play.at(99);
    assert_eq!(play.suspects("17"), []);
    play.push("queue:leave", &json!({"user_id": 17, "queues": [1]}));
    play.at(200);
    assert_eq!(
        words(&play.suspects("17")),
        ["checked in, but in no queue since 10:01:39"]
    );
    play.push("agent:checkout", &json!({"user_id": 17}));
    play.at(999);
    assert_eq!(play.suspects("17"), []);
    // Of one who was there before us nobody knows the queues.
    play.push("agent:status", &json!({"user_id": 18, "pause_id": 0}));
    play.at(9_999);
    assert_eq!(play.suspects("18"), []);
}

#[test]
fn calls_that_ring_wait_or_last_absurdly_long() {
    let mut play = Play::new();
    play.step("ring", "c", 0, &json!({"dst_user_id": 17}));
    play.at(300);
    assert_eq!(play.suspects_of_call("c"), []);
    play.at(301);
    assert_eq!(words(&play.suspects_of_call("c")), ["rings since 10:00:00"]);
    play.step("answer", "c", 301, &json!({}));
    play.at(301 + 8 * 3_600 + 1);
    assert_eq!(
        words(&play.suspects_of_call("c")),
        ["goes on since 10:05:01"]
    );
    let mut play = Play::new();
    play.step("start", "c", 0, &json!({"type": "queue", "queue_id": 1}));
    play.at(7_201);
    assert_eq!(words(&play.suspects_of_call("c")), ["waits since 10:00:00"]);
    play.step("answer", "b", 7_201, &json!({"dst_user_id": 17}));
    play.step("end", "b", 7_300, &json!({}));
    play.at(7_331);
    assert_eq!(
        words(&play.suspects_of_call("c")),
        ["not ended, but nobody talks since 12:01:40"]
    );
}

#[test]
fn calls_whose_end_may_have_been_missed() {
    let mut play = Play::new();
    play.step("ring", "c", 0, &json!({"dst_user_id": 17}));
    play.at(70).gap(10, 70);
    assert_eq!(
        words(&play.suspects_of_call("c")),
        ["no receiver listened from 10:00:10 to 10:01:10: its end may be missed"]
    );
    play.step("answer", "c", 80, &json!({}));
    assert_eq!(play.suspects_of_call("c"), []);
}
