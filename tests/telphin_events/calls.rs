//! Callers in queues: who waits since when, and how they go.

use crate::play::{ANNA, BO, CUSTOMER, Fields, OTHER_QUEUE, Play, QUEUE, queue, time};

const IN: Fields<'_> = &[("CallFlow", "in"), ("CalledDID", "74959998877")];
const OUT: Fields<'_> = &[("CallFlow", "out"), ("CalledExtensionID", ANNA)];
const NO: Fields<'_> = &[
    ("CallFlow", "in"),
    ("Bridged", "no"),
    ("CallStatus", "CANCEL"),
];
const YES: Fields<'_> = &[
    ("CallFlow", "in"),
    ("Bridged", "yes"),
    ("CallStatus", "ANSWER"),
];

#[test]
fn a_caller_waits_from_the_queues_dial_in_not_from_the_voice_menus() {
    let mut play = Play::new();
    play.say(0, "dial-in", "77-1", IN)
        .say(7_000, "hangup", "77-1", IN)
        .say(7_001, "dial-in", "96857-1", IN);
    assert_eq!(play.queue(QUEUE), (0, 0, None, vec![Some(7_001)]));
    let board = queue(&play.board, QUEUE);
    let caller = &board.callers().next().unwrap().caller;
    assert_eq!(caller.number(), Some(CUSTOMER));
    assert_eq!(caller.presentation(), Some("74959998877"));
    assert_eq!(play.call().state().word(), "waiting");
    assert_eq!(play.call().wait(time(9_001)).unwrap().as_millis(), 2_000);
    play.say(9_000, "dial-in", "96857-2", OUT);
    assert_eq!(play.call().state().word(), "ringing");
    assert_eq!(play.queue(QUEUE).3, [Some(7_001)], "rung is not answered");
    play.say(11_001, "answer", "96857-2", OUT);
    assert_eq!(play.queue(QUEUE), (1, 0, Some(4_000), vec![]));
    play.say(20_000, "hangup", "96857-2", OUT)
        .say(20_001, "hangup", "96857-1", YES);
    assert_eq!(play.queue(QUEUE), (1, 0, Some(4_000), vec![]));
    assert_eq!(play.call().kind(), Some("queue"));
    assert_eq!(play.call().wait(time(99_000)).unwrap().as_millis(), 4_000);
}

#[test]
fn the_callers_hang_up_ends_all() {
    let mut play = Play::new();
    let own: Fields<'_> = &[("CallFlow", "in"), ("CallerExtensionID", QUEUE)];
    play.say(0, "dial-in", "96857-1", IN)
        .say(1_000, "dial-in", "96857-2", OUT)
        .say(1_002, "dial-in", "85219-2", own)
        .say(6_000, "hangup", "96857-1", NO);
    // The phones' hang-ups are lost.
    assert_eq!(play.call().ended(), Some(time(6_000)));
    assert_eq!(play.state(ANNA).0.word(), "available");
    assert_eq!(play.queue(QUEUE), (0, 1, Some(6_000), vec![]));
}

#[test]
fn who_was_connected_was_answered_even_where_the_answer_is_lost() {
    let mut play = Play::new();
    let told: Fields<'_> = &[
        ("CallFlow", "in"),
        ("Bridged", "yes"),
        ("Duration", "60000000"),
        ("BridgedDuration", "50000000"),
    ];
    play.say(0, "dial-in", "96857-1", IN)
        .say(60_000, "hangup", "96857-1", told);
    assert_eq!(play.queue(QUEUE), (1, 0, Some(10_000), vec![]));
    assert_eq!(play.call().missed(), None);
    // Without the length of the talk nobody knows how long they waited.
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", IN)
        .say(60_000, "hangup", "96857-1", YES);
    assert_eq!(play.queue(QUEUE), (1, 0, None, vec![]));
    // The answer comes late after all.
    play.say(60_000, "dial-in", "96857-2", OUT);
    play.hear(&crate::play::fields(5_000, "answer", "96857-2", OUT), false);
    assert_eq!(play.queue(QUEUE), (1, 0, Some(5_000), vec![]));
}

#[test]
fn who_moves_on_to_another_queue_waits_there_since_the_first() {
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", IN)
        .say(5_000, "hangup", "96857-1", NO);
    assert_eq!(play.queue(QUEUE), (0, 1, Some(5_000), vec![]));
    play.say(5_001, "dial-in", "96858-1", IN);
    assert_eq!(play.queue(QUEUE), (0, 0, None, vec![]), "taken back");
    assert_eq!(play.queue(OTHER_QUEUE), (0, 0, None, vec![Some(0)]));
    play.say(9_000, "hangup", "96858-1", NO);
    assert_eq!(play.queue(OTHER_QUEUE), (0, 1, Some(9_000), vec![]));
    assert_eq!(play.queue(QUEUE).1, 0);
}

#[test]
fn who_is_put_back_into_a_queue_after_an_answer_waits_anew() {
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", IN)
        .say(1_000, "dial-in", "96857-2", OUT)
        .say(2_000, "answer", "96857-2", OUT)
        .say(8_000, "dial-in", "96858-1", IN)
        .say(8_010, "hangup", "96857-2", OUT)
        .say(8_020, "hangup", "96857-1", YES);
    assert_eq!(play.queue(QUEUE), (1, 0, Some(2_000), vec![]));
    assert_eq!(play.queue(OTHER_QUEUE), (0, 0, None, vec![Some(8_000)]));
    assert_eq!(play.call().stays().len(), 2);
    play.resume();
    let bo: Fields<'_> = &[("CallFlow", "out"), ("CalledExtensionID", BO)];
    play.say(9_000, "dial-in", "96858-2", bo)
        .say(11_000, "answer", "96858-2", bo);
    assert_eq!(play.queue(OTHER_QUEUE), (1, 0, Some(3_000), vec![]));
    assert_eq!(play.queue(QUEUE), (1, 0, Some(2_000), vec![]));
}

#[test]
fn who_goes_on_to_a_phone_waits_in_no_queue() {
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", IN)
        .say(5_000, "hangup", "96857-1", NO)
        .say(5_100, "dial-in", "85220-1", &[("CallFlow", "in")]);
    assert_eq!(play.queue(QUEUE), (0, 1, Some(5_000), vec![]));
    assert_eq!(play.call().state().word(), "ringing");
    play.say(7_000, "answer", "85220-1", &[("CallFlow", "in")]);
    assert_eq!(play.queue(QUEUE), (0, 1, Some(5_000), vec![]));
    assert_eq!(play.call().missed(), None);
}

#[test]
fn a_repeated_dial_in_is_one_caller_and_the_first_counts() {
    let mut play = Play::new();
    play.say(5_000, "dial-in", "96857-1", IN)
        .say(5_000, "dial-in", "96857-1", IN);
    assert_eq!(play.seq, 1, "the journal keeps it once");
    play.say(5_400, "dial-in", "96857-1", IN);
    assert_eq!(play.queue(QUEUE).3, [Some(5_000)]);
    // Under another id it is the same caller too.
    play.say(5_500, "dial-in", "96857-9", IN)
        .say(9_000, "hangup", "96857-1", NO);
    assert_eq!(play.queue(QUEUE), (0, 1, Some(4_000), vec![]));
    assert_eq!(play.call().ended(), Some(time(9_000)));
}

#[test]
fn where_a_callers_own_events_are_lost_the_queues_calls_tell_of_them() {
    let mut play = Play::new();
    play.say(1_000, "dial-in", "96857-2", OUT);
    assert_eq!(play.queue(QUEUE).3, [None], "since when is not known");
    play.say(3_000, "hangup", "96857-2", OUT);
    assert_eq!(play.queue(QUEUE).3, []);
    assert_eq!(play.call().missed().unwrap().waited, None);
    // The hang-up alone: they had waited, nobody knows how long.
    let mut play = Play::new();
    play.say(9_000, "hangup", "96857-1", NO);
    assert_eq!(play.call().missed().unwrap().waited, None);
    // The hang-up is lost, and whoever was connected has hung up.
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", IN)
        .say(1_000, "answer", "96857-2", OUT)
        .say(9_000, "hangup", "96857-2", OUT);
    assert_eq!(play.call().ended(), Some(time(9_000)));
}
