//! Phones in pane 2: what their calls tell of them.

use holdline::domain::{agent::AgentState, suspect};

use crate::play::{ANNA, BO, CUSTOMER, Fields, MENU, Play, QUEUE, site, time};

const IN: Fields<'_> = &[("CallFlow", "in")];

#[test]
fn a_phone_is_unknown_rings_talks_and_is_free_since_its_last_hang_up() {
    let mut play = Play::new();
    play.say(0, "dial-in", "85219-1", IN);
    assert_eq!(play.state(ANNA), (AgentState::Ringing, Some(0)));
    play.say(4_000, "answer", "85219-1", IN);
    assert_eq!(play.state(ANNA), (AgentState::OnCall, Some(4_000)));
    play.say(9_500, "hangup", "85219-1", IN);
    assert_eq!(play.state(ANNA), (AgentState::Available, Some(9_500)));
    assert_eq!(play.calls_today(ANNA), 1);
    play.resume();
    assert_eq!(play.state(ANNA), (AgentState::Available, Some(9_500)));
    // Nothing but a gap makes that uncertain, and the next call certain again.
    assert_eq!(play.floor().doubt(play.agent(ANNA)), None);
    play.now = 20_000;
    play.gap(10_000);
    assert!(play.floor().doubt(play.agent(ANNA)).is_some());
    play.say(30_000, "dial-in", "85219-2", IN);
    assert_eq!(play.floor().doubt(play.agent(ANNA)), None);
    let words: Vec<&str> = play
        .agent(ANNA)
        .timeline()
        .iter()
        .map(|turn| turn.state.word())
        .collect();
    assert_eq!(words, ["ringing", "on_call", "available", "ringing"]);
}

#[test]
fn a_phone_that_calls_has_that_call() {
    let mut play = Play::new();
    let out: Fields<'_> = &[
        ("CallFlow", "out"),
        ("CalledNumber", CUSTOMER),
        ("CallerExtensionID", ANNA),
    ];
    // The self-call shortcut: nothing but this is sent of a call-back.
    play.say(0, "dial-out", "85219-c", out);
    assert_eq!(play.call().state().word(), "ringing");
    assert_eq!(
        play.state(ANNA),
        (AgentState::OnCall, Some(0)),
        "she is busy"
    );
    assert_eq!(play.calls_today(ANNA), 0);
    play.say(5_000, "answer", "85219-c", out);
    assert_eq!(play.state(ANNA), (AgentState::OnCall, Some(0)));
    assert_eq!(play.call().kind(), Some("outbound"));
    play.say(8_000, "hangup", "85219-c", out);
    assert_eq!(play.state(ANNA), (AgentState::Available, Some(8_000)));
    assert_eq!((play.calls_today(ANNA), play.call().legs.len()), (1, 1));
}

#[test]
fn the_queues_word_and_the_phones_own_are_one_ring() {
    let mut play = Play::new();
    let queue: Fields<'_> = &[("CallFlow", "out"), ("CalledExtensionID", ANNA)];
    let own: Fields<'_> = &[("CallFlow", "in"), ("CallerExtensionID", QUEUE)];
    play.say(0, "dial-in", "96857-in", IN)
        .say(1_000, "dial-in", "96857-out", queue)
        .say(1_010, "dial-in", "85219-own", own);
    assert_eq!(play.state(ANNA), (AgentState::Ringing, Some(1_000)));
    play.say(4_000, "answer", "96857-out", queue)
        .say(4_005, "answer", "85219-own", own);
    assert_eq!(play.state(ANNA), (AgentState::OnCall, Some(4_000)));
    assert_eq!(play.calls_today(ANNA), 1);
    // Of two hang-ups one is enough.
    play.say(9_000, "hangup", "85219-own", own);
    assert_eq!(play.state(ANNA), (AgentState::Available, Some(9_000)));
    play.say(9_020, "hangup", "96857-in", IN);
    assert_eq!(play.call().state().word(), "ended");
    assert_eq!(play.queue(QUEUE), (1, 0, Some(4_000), vec![]));
}

#[test]
fn those_who_lose_the_race_are_free_and_the_call_goes_on() {
    let mut play = Play::new();
    let lost: Fields<'_> = &[
        ("CallFlow", "in"),
        ("CallStatus", "CANCEL"),
        ("Bridged", "no"),
    ];
    play.say(0, "dial-in", "85219-1", IN)
        .say(1, "dial-in", "85220-1", IN)
        .say(3_000, "answer", "85220-1", IN)
        .say(3_002, "hangup", "85219-1", lost);
    assert_eq!(play.call().state().word(), "answered");
    assert_eq!(play.call().missed(), None);
    assert_eq!(play.state(ANNA), (AgentState::Available, Some(3_002)));
    assert_eq!(play.state(BO), (AgentState::OnCall, Some(3_000)));
    // Nobody is suspected: whoever else was called lost.
    let (floor, people) = (play.floor(), site().people);
    let late = time(99_000);
    assert_eq!(suspect::of_agent(play.agent(BO), floor, &people, late), []);
    assert_eq!(suspect::of_call(play.call(), floor, late), []);
    play.say(8_000, "hangup", "85220-1", IN);
    assert_eq!(play.call().state().word(), "ended");
    assert_eq!((play.calls_today(ANNA), play.calls_today(BO)), (0, 1));
}

#[test]
fn a_losers_hang_up_that_is_lost_leaves_no_phone_ringing() {
    let mut play = Play::new();
    play.say(0, "dial-in", "85219-1", IN)
        .say(1, "dial-in", "85220-1", IN)
        .say(3_000, "answer", "85220-1", IN);
    assert_eq!(play.state(ANNA), (AgentState::Available, Some(3_000)));
    // Before anybody answers, one that declines stops nobody's ringing.
    let mut play = Play::new();
    play.say(0, "dial-in", "85219-1", IN)
        .say(1, "dial-in", "85220-1", IN)
        .say(2_000, "hangup", "85219-1", IN);
    assert_eq!(play.state(BO), (AgentState::Ringing, Some(1)));
    assert_eq!(play.call().state().word(), "ringing");
}

#[test]
fn a_call_that_is_forwarded_outside_is_at_nobodys_phone() {
    let mut play = Play::new();
    let forwarded: Fields<'_> = &[
        ("CallFlow", "out"),
        ("Transfered", "yes"),
        ("CalledNumber", "+79990001122"),
        ("CallerExtensionID", ANNA),
    ];
    play.say(0, "dial-in", "77-1", IN)
        .say(900, "dial-out", "85219-fw", forwarded);
    assert_eq!(play.call().state().word(), "ringing");
    assert!(
        play.floor().agent(&ANNA.into()).is_none(),
        "her phone is silent"
    );
    play.say(4_000, "answer", "85219-fw", forwarded);
    assert_eq!(play.call().answered(), Some(time(4_000)));
    play.say(9_000, "hangup", "85219-fw", forwarded).say(
        9_001,
        "hangup",
        "77-1",
        &[("CallFlow", "in"), ("Bridged", "no")],
    );
    assert_eq!(play.call().kind(), Some("inbound"));
    assert_eq!(play.call().missed(), None, "somebody answered");
    // From a queue as well; and `dial-out` alone says it.
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-in", IN).say(
        900,
        "dial-out",
        "96857-fw",
        &[("Transfered", "YES"), ("CalledNumber", "+79990001122")],
    );
    assert_eq!(play.floor().agents().len(), 0);
    assert_eq!(play.call().kind(), Some("queue"));
}

#[test]
fn a_voice_menu_rings_at_nobody_and_nobody_waits_there() {
    let mut play = Play::new();
    play.say(0, "dial-in", "77-1", IN);
    assert_eq!(play.call().state().word(), "waiting");
    assert_eq!(play.call().kind(), Some("inbound"));
    assert_eq!(play.floor().agents().len(), 0);
    assert_eq!(play.board.queues().count(), 0);
    assert_eq!(play.call().wait(time(999_000)), None);
    assert!(play.call().was_only_in_menu());
    // On to a phone; whoever has left the menu is not left alone.
    play.say(5_000, "dial-in", "85219-1", IN)
        .say(7_000, "answer", "85219-1", IN)
        .say(7_100, "hangup", "77-1", IN);
    assert_eq!(play.call().state().word(), "answered");
    let late = time(999_000);
    assert_eq!(
        suspect::of_agent(play.agent(ANNA), play.floor(), &site().people, late),
        []
    );
    assert_eq!(play.call().wait(late).unwrap().as_secs(), 2);
    let menu = play.call().legs.get("77-1").unwrap();
    assert_eq!(
        (menu.rang(), menu.facts.extension.clone()),
        (None, Some(MENU.into()))
    );
}
