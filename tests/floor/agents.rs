//! An agent's day.

use holdline::domain::agent::AgentState;
use serde_json::json;

use crate::play::Play;

fn me() -> serde_json::Value {
    json!({"user_id": 17})
}

#[test]
fn an_agent_checks_in_joins_pauses_works_and_checks_out() {
    let mut play = Play::new();
    play.push(
        "agent:checkin",
        &json!({"user_id": 17, "device_id": 71, "device_name": "Desk"}),
    );
    assert_eq!(play.state("17"), AgentState::Available);
    assert_eq!(play.since("17"), (0, true));
    play.at(5)
        .push("queue:join", &json!({"user_id": 17, "queues": [1, 2]}));
    let queues: Vec<String> = play
        .agent("17")
        .queues
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(queues, ["1", "2"]);
    assert_eq!(
        play.since("17"),
        (0, true),
        "joining does not change the state"
    );
    play.at(10).push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 5, "activity_id": 2, "in_calls": 0}),
    );
    assert_eq!(play.state("17"), AgentState::Paused);
    assert_eq!(play.standing("17").pause.as_deref(), Some("5"));
    assert_eq!(play.since("17"), (10, true));
    // Another reason is another pause; the same again is not.
    play.at(20)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 6}));
    play.at(30).push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 6, "activity_id": 3}),
    );
    assert_eq!(play.since("17"), (20, true));
    play.at(40).push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "activity_id": 0, "in_calls": 1}),
    );
    assert_eq!(play.state("17"), AgentState::OnCall);
    assert_eq!(play.standing("17").activity, None);
    play.at(50)
        .push("agent:status", &json!({"user_id": 17, "in_calls": 0}));
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::Available, (50, true))
    );
    play.at(55)
        .push("queue:leave", &json!({"user_id": 17, "queues": "1"}));
    assert_eq!(play.agent("17").queues.len(), 1);
    play.at(60).push("agent:checkout", &me());
    assert_eq!(play.state("17"), AgentState::LoggedOut);
    assert!(play.agent("17").queues.is_empty());
    assert_eq!(play.agent("17").device_name, None);
    let timeline = play.agent("17").timeline();
    let words: Vec<&str> = timeline.iter().map(|turn| turn.state.word()).collect();
    assert_eq!(
        words,
        [
            "available",
            "paused",
            "paused",
            "on_call",
            "available",
            "logged_out"
        ]
    );
}

#[test]
fn what_an_agent_was_before_the_first_event_is_not_known() {
    let mut play = Play::new();
    play.push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    assert_eq!(play.state("17"), AgentState::Paused);
    assert_eq!(play.since("17"), (0, false), "paused then, or before");
    play.at(9)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    assert_eq!(play.since("17"), (0, false));
    play.at(20)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 0}));
    assert_eq!(play.since("17"), (20, true));
    // Of one who only joined a queue nobody knows what they do.
    play.push("queue:join", &json!({"user_id": 18, "queues": [1]}));
    assert_eq!(play.state("18"), AgentState::Unknown);
    assert!(!play.agent("18").queues_known);
}

#[test]
fn the_phone_makes_them_ringing_and_on_call_and_free_again() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.step("ring", "b", 10, &json!({"dst_user_id": 17}));
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::Ringing, (10, true))
    );
    play.step("answer", "b", 15, &json!({}));
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::OnCall, (15, true))
    );
    assert_eq!(play.standing("17").call.as_ref().unwrap().as_str(), "c");
    play.step("end", "b", 60, &json!({}));
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::Available, (60, true))
    );
    assert_eq!(play.standing("17").call, None);
    assert_eq!(play.calls_today("17"), 1);
}

#[test]
fn an_open_leg_outweighs_an_older_word_that_they_are_not_at_calls() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.at(5).push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 0}),
    );
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    assert_eq!(play.state("17"), AgentState::OnCall);
    play.step("end", "b", 20, &json!({}));
    assert_eq!(play.state("17"), AgentState::Available);
}

#[test]
fn who_is_at_calls_by_their_own_word_is_on_call_without_a_leg() {
    let mut play = Play::new();
    play.push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 1}),
    );
    assert_eq!(play.state("17"), AgentState::OnCall);
    // A leg that comes and goes meanwhile does not begin it anew.
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    assert_eq!(play.since("17").0, 0);
    play.step("end", "b", 20, &json!({}));
    assert_eq!(
        (play.state("17"), play.since("17").0),
        (AgentState::OnCall, 0)
    );
}

#[test]
fn who_is_paused_is_paused_whatever_their_phone_does() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    play.at(20)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::Paused, (20, true))
    );
    assert_eq!(play.standing("17").call.as_ref().unwrap().as_str(), "c");
    play.step("end", "b", 30, &json!({}));
    assert_eq!(play.since("17"), (20, true));
    play.at(40)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 0}));
    assert_eq!(play.since("17"), (40, true));
}

#[test]
fn a_stray_word_after_checking_out_brings_nobody_back_but_work_does() {
    let mut play = Play::new();
    play.push("agent:checkout", &me());
    play.at(5).push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 0}),
    );
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::LoggedOut, (0, true))
    );
    play.at(6).push("agent:checkout", &me());
    assert_eq!(play.since("17"), (0, true));
    play.at(9)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    assert_eq!(play.state("17"), AgentState::Paused);
}

#[test]
fn a_leg_that_rings_elsewhere_is_over_when_the_call_is() {
    // Two are rung, one answers; the end of the other's ringing is lost.
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.step("start", "c", 0, &json!({"type": "queue", "queue_id": 1}));
    play.step("ring", "b1", 5, &json!({"dst_user_id": 17}));
    play.step("ring", "b2", 5, &json!({"dst_user_id": 18}));
    play.step("answer", "b2", 8, &json!({}));
    play.step("end", "b2", 30, &json!({}));
    assert_eq!(play.state("17"), AgentState::Ringing);
    play.step("end", "c", 30, &json!({}));
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::Available, (30, true))
    );
    assert_eq!(play.call("c").state().word(), "ended");
}

#[test]
fn a_call_counts_once_for_each_agent_and_day_and_not_if_injected() {
    let mut play = Play::new();
    play.step("answer", "c", 5, &json!({"dst_user_id": 17}));
    play.step(
        "answer",
        "b",
        5,
        &json!({"dst_user_id": 17, "src_user_id": 16}),
    );
    assert_eq!((play.calls_today("16"), play.calls_today("17")), (1, 1));
    play.step(
        "answer",
        "x",
        9,
        &json!({"call_id": "d", "dst_user_id": 17}),
    );
    assert_eq!(play.calls_today("17"), 2);
    play.inject("call:answer", &json!({"id": "i", "dst_user_id": 17}));
    assert_eq!(play.calls_today("17"), 2);
    assert!(play.call("i").injected);
    // The leg was another's after all.
    play.step("end", "x", 20, &json!({"call_id": "d", "dst_user_id": 18}));
    assert_eq!((play.calls_today("17"), play.calls_today("18")), (1, 1));
    // A day later.
    play.at(90_000)
        .push("call:answer", &json!({"id": "e", "dst_user_id": 17}));
    assert_eq!(play.calls_today("17"), 1);
}

#[test]
fn a_gap_makes_what_was_known_before_it_uncertain_until_it_is_told_anew() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.step("start", "c", 5, &json!({"type": "queue", "queue_id": 1}));
    assert_eq!(play.floor().doubt(play.agent("17")), None);
    play.at(100).gap(10, 100);
    let gap = play.floor().doubt(play.agent("17")).unwrap();
    assert_eq!(
        (gap.from, gap.to),
        (crate::play::time(10), crate::play::time(100))
    );
    assert_eq!(
        play.state("17"),
        AgentState::Available,
        "it does not vanish"
    );
    assert!(play.floor().doubt_of_call(play.call("c")).is_some());
    play.at(110)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 0}));
    assert_eq!(play.floor().doubt(play.agent("17")), None);
    play.step("end", "c", 120, &json!({}));
    assert_eq!(play.floor().doubt_of_call(play.call("c")), None);
}

#[test]
fn a_long_day_keeps_the_start_of_a_state_and_a_bounded_timeline() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.at(10)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    for n in 0..200 {
        play.at(20 + n)
            .push("agent:status", &json!({"user_id": 17, "activity_id": n}));
    }
    assert_eq!(play.since("17"), (10, true));
    for n in 0..200 {
        let id = format!("leg-{n}");
        play.step(
            "answer",
            &id,
            1_000 + 10 * n,
            &json!({"call_id": id, "dst_user_id": 17}),
        );
        play.step("end", &id, 1_005 + 10 * n, &json!({"call_id": id}));
    }
    assert_eq!(play.calls_today("17"), 200);
    assert!(play.agent("17").spans().count() <= 24);
    assert!(play.agent("17").timeline().len() <= 100);
}

#[test]
fn a_check_in_whose_check_out_was_missed_begins_anew() {
    let mut play = Play::new();
    let hours = |n: i64| n * 3_600;
    play.push("agent:checkin", &me());
    play.push("queue:join", &json!({"user_id": 17, "queues": [1, 2]}));
    play.at(hours(7))
        .push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    play.at(hours(20)).gap(hours(8), hours(20));
    assert!(play.floor().doubt(play.agent("17")).is_some());
    play.at(hours(22)).push("agent:checkin", &me());
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::Available, (hours(22), true))
    );
    assert_eq!(play.standing("17").pause, None);
    assert_eq!(play.floor().doubt(play.agent("17")), None);
    assert!(play.agent("17").queues.is_empty(), "they were left");
    assert_eq!(play.agent("17").queueless, Some(play.time()));
    // Also of one who was free all the while, as far as was heard.
    play.at(hours(40)).gap(hours(30), hours(40));
    play.push("agent:checkin", &me());
    assert_eq!(play.since("17"), (hours(40), true));
    // The same again is no other start.
    play.at(hours(41)).push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 0}),
    );
    assert_eq!(play.since("17"), (hours(40), true));
}

#[test]
fn queues_joined_just_before_the_check_in_stay() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.at(5).push("agent:checkout", &me());
    play.at(9)
        .push("queue:join", &json!({"user_id": 17, "queues": [1]}));
    play.at(10).push("agent:checkin", &me());
    assert_eq!(play.agent("17").queues.len(), 1);
    // The next one finds them in by a check-in.
    play.at(20).push("agent:checkin", &me());
    assert!(play.agent("17").queues.is_empty());
}

#[test]
fn a_call_goes_on_though_the_agent_checks_in_again() {
    let mut play = Play::new();
    play.push("agent:checkin", &me());
    play.step("answer", "b", 10, &json!({"dst_user_id": 17}));
    play.at(20).push("agent:checkin", &me());
    assert_eq!(
        (play.state("17"), play.since("17")),
        (AgentState::OnCall, (10, true))
    );
}

#[test]
fn a_state_our_own_injector_made_is_known_as_such_until_it_is_told_for_real() {
    let mut play = Play::new();
    let invented = |play: &Play| play.standing("17").injected;
    play.push("agent:checkin", &me());
    assert!(!invented(&play));
    // A call.
    play.inject("call:answer", &json!({"id": "i", "dst_user_id": 17}));
    assert_eq!(
        (play.state("17"), invented(&play)),
        (AgentState::OnCall, true)
    );
    play.push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 1}),
    );
    assert!(!invented(&play), "they say so themselves");
    play.push("agent:status", &json!({"user_id": 17, "in_calls": 0}));
    assert!(invented(&play));
    play.inject("call:end", &json!({"id": "i", "dst_user_id": 17}));
    assert_eq!(
        (play.state("17"), invented(&play)),
        (AgentState::Available, false)
    );
    // Queues tell nothing of the state, nor does a stray word.
    play.inject("queue:join", &json!({"user_id": 17, "queues": [1]}));
    assert!(!invented(&play));
    play.inject("agent:checkout", &me());
    play.push("queue:leave", &json!({"user_id": 17, "queues": [1]}));
    play.push(
        "agent:status",
        &json!({"user_id": 17, "pause_id": 0, "in_calls": 0}),
    );
    assert_eq!(
        (play.state("17"), invented(&play)),
        (AgentState::LoggedOut, true)
    );
    play.push("agent:checkout", &me());
    assert!(!invented(&play));
}
