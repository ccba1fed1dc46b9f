//! What came of calls: missed, reached, every step, and the records.

use holdline::domain::{
    call::{Call, MissedAt},
    cause,
    event::CallStep,
    record::{AgentRecord, CallRecord},
};

use crate::play::{ANNA, CUSTOMER, Fields, MENU, Play, QUEUE, TEN, fields, site, time};

const IN: Fields<'_> = &[("CallFlow", "in")];
const NO: Fields<'_> = &[
    ("CallFlow", "in"),
    ("Bridged", "no"),
    ("CallStatus", "NOANSWER"),
];
const OUT: Fields<'_> = &[("CallFlow", "out"), ("CalledExtensionID", ANNA)];

#[test]
fn a_call_is_missed_where_its_caller_gave_up() {
    let mut play = Play::new();
    play.say(0, "dial-in", "77-1", IN)
        .say(4_000, "dial-in", "96857-1", IN)
        .say(5_000, "dial-in", "96857-2", OUT);
    assert_eq!(play.call().missed(), None, "they wait");
    // A phone's hang-up is nobody's missed call.
    play.say(
        9_000,
        "hangup",
        "96857-2",
        &[("CallFlow", "out"), ("Bridged", "no")],
    );
    assert_eq!(play.call().missed(), None);
    play.say(12_000, "hangup", "96857-1", NO)
        .say(12_001, "hangup", "77-1", NO);
    let missed = play.call().missed().unwrap();
    assert_eq!(missed.place, MissedAt::Queue(QUEUE.into()));
    assert_eq!(
        (missed.at, missed.waited.unwrap().as_secs()),
        (time(12_000), 8)
    );
    assert_eq!(missed.number.as_deref(), Some(CUSTOMER));
    assert_eq!(play.floor().missed().count(), 1);
    assert_eq!(
        cause::hangup(play.call().hangup_cause().unwrap()),
        "no answer"
    );
}

#[test]
fn who_hangs_up_in_a_voice_menu_is_missed_there() {
    let mut play = Play::new();
    play.say(0, "dial-in", "77-1", IN)
        .say(3_000, "hangup", "77-1", NO);
    let missed = play.call().missed().unwrap();
    assert_eq!(missed.place, MissedAt::Menu(MENU.into()));
    assert_eq!(missed.waited.unwrap().as_secs(), 3);
    // The menu took them in, which is not how the call ended.
    let mut taken = Play::new();
    taken.say(0, "dial-in", "77-1", IN).say(
        3_000,
        "hangup",
        "77-1",
        &[
            ("CallFlow", "in"),
            ("Bridged", "no"),
            ("CallStatus", "ANSWER"),
        ],
    );
    assert!(taken.call().missed().is_some());
    assert_eq!(taken.call().hangup_cause(), None);
    // They went on, and were answered.
    play.say(3_001, "dial-in", "85219-1", IN);
    assert_eq!(play.call().missed(), None);
    play.say(5_000, "answer", "85219-1", IN)
        .say(9_000, "hangup", "85219-1", IN);
    assert_eq!(play.call().missed(), None);
    // A call straight to a phone that nobody takes is not counted among them.
    let mut play = Play::new();
    play.say(0, "dial-in", "85219-1", IN)
        .say(3_000, "hangup", "85219-1", NO);
    assert_eq!(play.call().missed(), None);
}

#[test]
fn missed_calls_come_newest_first() {
    let mut play = Play::new();
    for (n, call) in ["a", "b", "d"].into_iter().enumerate() {
        let at = i64::try_from(n).unwrap() * 1_000;
        let leg = format!("96857-{call}");
        play.say(at, "dial-in", &leg, &[("CallID", call), ("CallFlow", "in")]);
        let no = [("CallID", call), ("CallFlow", "in"), ("Bridged", "no")];
        play.say(at + 500, "hangup", &leg, &no);
    }
    let ids: Vec<&str> = play
        .floor()
        .missed()
        .map(|(call, _)| call.id.as_str())
        .collect();
    assert_eq!(ids, ["d", "b", "a"]);
}

fn reached(play: &Play, number: &str, since: i64) -> Option<(String, i64)> {
    let found = play.board.reached_since(number, time(since))?;
    assert_eq!(found.site.as_str(), "phones");
    Some((found.call.to_string(), found.at.0 - TEN))
}

#[test]
fn whom_a_call_missed_is_found_again_however_it_was_written() {
    let mut play = Play::new();
    let from = [("CallFlow", "in"), ("CallerIDNum", "89161112233")];
    let no = [from[0], from[1], ("Bridged", "no")];
    play.say(0, "dial-in", "96857-1", &from)
        .say(3_000, "hangup", "96857-1", &no);
    let call = play.call();
    assert_eq!(&*call.missed().unwrap().number.unwrap(), "89161112233");
    let number = play.floor().missed_number(&call.id);
    assert_eq!(number, Some(CUSTOMER), "in Russia, 8 is +7");
}

#[test]
fn a_number_is_reached_by_an_answered_call_either_way() {
    let mut play = Play::new();
    let customer = |call| {
        [
            ("CallID", call),
            ("CallFlow", "in"),
            ("CallerIDNum", "89161112233"),
        ]
    };
    play.say(0, "dial-in", "85219-1", &customer("in"));
    assert_eq!(reached(&play, CUSTOMER, 0), None, "it only rings");
    play.say(2_000, "answer", "85219-1", &customer("in"));
    let told = Some(("in".to_owned(), 2_000));
    assert_eq!(reached(&play, CUSTOMER, 0), told, "in Russia, 8 is +7");
    assert_eq!(reached(&play, CUSTOMER, 2_000), told);
    assert_eq!(reached(&play, CUSTOMER, 2_001), None);
    assert_eq!(reached(&play, "+79161112234", 0), None);
    let out = |number| {
        [
            ("CallID", "out"),
            ("CallFlow", "out"),
            ("CallerIDNum", "102"),
            ("CalledNumber", number),
        ]
    };
    play.say(5_000, "dial-out", "85219-2", &out("+7 916 111-22-33"));
    assert_eq!(reached(&play, CUSTOMER, 3_000), None);
    play.say(8_000, "answer", "85219-2", &out("+7 916 111-22-33"));
    assert_eq!(reached(&play, CUSTOMER, 0), Some(("out".to_owned(), 8_000)));
    assert_eq!(
        reached(&play, "102", 0),
        None,
        "our own phone is no customer"
    );
    // It is the answer that counts, and the call need not be known any more.
    play.resume();
    let day = 25 * 3_600_000;
    let other = |event, leg| fields(day, event, leg, &[("CallID", "e"), ("CallFlow", "in")]);
    play.now = day;
    play.hear(&other("dial-in", "77-1"), false)
        .hear(&other("hangup", "77-1"), false);
    assert!(play.floor().call(&"out".into()).is_none());
    play.resume();
    assert_eq!(reached(&play, CUSTOMER, 0), Some(("out".to_owned(), 8_000)));
}

#[test]
fn who_is_inside_nobody_or_invented_is_not_reached() {
    let mut play = Play::new();
    for (leg, number) in [("85219-1", "2566*103"), ("85219-2", "anonymous")] {
        let more = [("CallFlow", "in"), ("CallID", leg), ("CallerIDNum", number)];
        play.say(0, "dial-in", leg, &more)
            .say(10, "answer", leg, &more);
    }
    assert_eq!(reached(&play, "2566*103", 0), None);
    assert_eq!(reached(&play, "anonymous", 0), None);
    play.hear(&fields(0, "answer", "85219-3", IN), true);
    assert!(play.call().injected);
    assert_eq!(reached(&play, CUSTOMER, 0), None);
    // A number that has no E.164 is compared by its digits.
    let short = [
        ("CallFlow", "in"),
        ("CallID", "s"),
        ("CallerIDNum", "55-77"),
    ];
    play.say(20, "answer", "85219-4", &short);
    assert_eq!(reached(&play, "5577", 0), Some(("s".to_owned(), 20)));
}

#[test]
fn an_answer_that_is_told_earlier_after_all_moves_what_was_reached() {
    let mut play = Play::new();
    play.say(0, "dial-in", "85219-1", IN);
    play.now = 9_000;
    play.hear(&fields(8_000, "answer", "85219-1", IN), false)
        .hear(&fields(2_000, "answer", "85219-1", IN), false);
    assert_eq!(reached(&play, CUSTOMER, 0), Some(("c".to_owned(), 2_000)));
    assert_eq!(reached(&play, CUSTOMER, 2_001), None);
}

#[test]
fn every_step_of_every_leg_has_its_time() {
    let mut play = Play::new();
    play.say(0, "dial-in", "77-1", IN)
        .say(1_503, "dial-in", "96857-1", IN)
        .say(1_503, "dial-in", "96857-2", OUT)
        .say(2_741, "answer", "96857-2", OUT)
        .say(9_999, "hangup", "96857-2", OUT)
        .say(9_999, "hangup", "96857-1", IN);
    let steps = |call: &Call| -> Vec<(String, CallStep, i64)> {
        let legs = call.in_order().into_iter();
        legs.flat_map(|(id, leg)| {
            leg.steps()
                .map(move |(step, stamp)| (id.to_string(), step, stamp.at.0 - TEN))
        })
        .collect()
    };
    let told = |leg: &str, step, at| (leg.to_owned(), step, at);
    assert_eq!(
        steps(play.call()),
        [
            told("77-1", CallStep::Menu, 0),
            told("96857-1", CallStep::Start, 1_503),
            told("96857-1", CallStep::End, 9_999),
            told("96857-2", CallStep::Ring, 1_503),
            told("96857-2", CallStep::Answer, 2_741),
            told("96857-2", CallStep::End, 9_999),
        ]
    );
}

#[test]
fn legs_within_one_millisecond_stand_in_the_order_of_their_microseconds() {
    let mut play = Play::new();
    let micros = |more: i64| ((TEN + 5) * 1_000 + more).to_string();
    for (leg, more) in [("85219-1", 900), ("77-1", 20), ("96857-1", 450)] {
        play.say(
            5,
            "dial-in",
            leg,
            &[("CallFlow", "in"), ("EventTime", &micros(more))],
        );
    }
    let legs: Vec<&str> = play
        .call()
        .in_order()
        .iter()
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(legs, ["77-1", "96857-1", "85219-1"]);
}

#[test]
fn scripts_see_calls_and_phones() {
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", IN)
        .say(1_000, "dial-in", "96857-2", OUT)
        .say(4_000, "answer", "96857-2", OUT);
    let calls = CallRecord::all(&site(), &play.board, true, time(9_000));
    assert_eq!(calls.len(), 1);
    let call = serde_json::to_value(&calls[0]).unwrap();
    assert_eq!(call["type"], "queue");
    assert_eq!(call["queue"], QUEUE);
    assert_eq!(call["state"], "answered");
    assert_eq!(call["agent_name"], "Anna");
    assert_eq!(call["wait_s"], 4);
    assert_eq!(call["legs"], 2);
    let agents = AgentRecord::all(&site(), &play.board, time(9_000));
    let words: Vec<_> = agents
        .iter()
        .map(|a| (a.name.as_deref(), &*a.state))
        .collect();
    assert_eq!(words, [(Some("Anna"), "on_call"), (Some("Bo"), "unknown")]);
    play.say(6_000, "hangup", "96857-2", OUT)
        .say(6_000, "hangup", "96857-1", IN);
    let calls = CallRecord::all(&site(), &play.board, true, time(9_000));
    assert_eq!(calls[0].state, "ended");
    let agents = AgentRecord::all(&site(), &play.board, time(9_000));
    assert_eq!((&*agents[0].state, agents[0].for_s), ("available", Some(3)));
}
