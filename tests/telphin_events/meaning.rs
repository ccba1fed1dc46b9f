//! What single events say: the vendor's captures, and the page's rules.

use std::time::Duration;

use holdline::domain::{
    event::{CallStep, Event, Strand},
    hook::Says,
    time::At,
};

use crate::play::{
    ANNA, BO, FAX, Fields, MENU, OTHER_QUEUE, QUEUE, call_event, deliveries, form, says,
};

/// Values as a client's source has them.
const DIAL_IN: Fields<'_> = &[
    ("EventType", "dial-in"),
    ("EventTime", "1502985686478202"),
    ("CallID", "262077ef325f4868aa49bf22309229f7"),
    ("SubCallID", "85219-e6bd7bb2622b424392a012e28473f91a"),
    (
        "CallAPIID",
        "3584709739-262077ef-325f-4868-aa49-bf22309229f7",
    ),
    ("CallFlow", "in"),
    ("CallStatus", "CALLING"),
    ("CalledDID", "74959998877"),
    ("CalledNumber", "2566*102"),
    ("CalledExtension", "2566*102@sipproxy.telphin.ru"),
    ("CalledExtensionID", "85219"),
    ("CallerIDName", "+79161112233"),
    ("CallerIDNum", "+79161112233"),
    ("CallerExtensionID", "96857"),
    ("CallerExtension", "2566*887@sipproxy.telphin.ru"),
];

fn query(fields: Fields<'_>) -> String {
    let owned: Vec<_> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    form(&owned)
}

#[test]
fn the_captured_dial_in_is_a_ring_at_a_phone() {
    let Says::This(event) = says("GET", &query(DIAL_IN), "") else {
        panic!("it says something");
    };
    let Event::Call(event) = *event else {
        panic!("of a call");
    };
    assert_eq!(event.call.as_str(), "262077ef325f4868aa49bf22309229f7");
    assert_eq!(event.leg.as_str(), "85219-e6bd7bb2622b424392a012e28473f91a");
    assert_eq!((event.at, event.micros), (Some(At(1_502_985_686_478)), 202));
    assert_eq!(
        (event.step, event.home.as_deref()),
        (CallStep::Ring, Some("RU"))
    );
    let facts = event.facts;
    assert_eq!(facts.number.as_deref(), Some("+79161112233"));
    assert_eq!(facts.name, None, "the number again is no name");
    assert_eq!(facts.to.as_deref(), Some("74959998877"));
    assert_eq!(facts.to_agent.as_ref().unwrap().as_str(), "85219");
    assert_eq!(facts.from_agent, None);
    assert_eq!(facts.strand, Some(Strand::Phone));
    // The queue calls it.
    assert_eq!(facts.queue.as_ref().unwrap().as_str(), "96857");
    assert_eq!(facts.kind.as_deref(), Some("queue"));
    assert_eq!(facts.other["CalledNumber"].as_ref(), "2566*102");
}

#[test]
fn names_may_be_in_any_case_and_the_form_in_the_body() {
    let get = says("GET", &query(DIAL_IN), "");
    assert!(matches!(get, Says::This(_)));
    assert_eq!(says("POST", "", &query(DIAL_IN)), get);
    let lower: Vec<_> = DIAL_IN
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned()))
        .collect();
    assert_eq!(says("GET", &format!("myid=175&{}", form(&lower)), ""), get);
    let loud = [("EventType", "DIAL-IN"), ("CallFlow", "IN")];
    let loud: Vec<_> = DIAL_IN
        .iter()
        .map(|(name, value)| {
            let value = loud.iter().find(|(n, _)| n == name).map_or(*value, |l| l.1);
            ((*name).to_owned(), value.to_owned())
        })
        .collect();
    assert_eq!(says("GET", &form(&loud), ""), get);
}

#[test]
fn a_repeat_has_the_same_leg_event_and_time() {
    let key = |fields: &str| deliveries("GET", fields, "")[0].dedupe.clone();
    let first = key(&query(DIAL_IN));
    assert!(first.is_some());
    assert_eq!(key(&format!("{}&RecID=1", query(DIAL_IN))), first);
    assert_ne!(key(&query(DIAL_IN).replace("478202", "478203")), first);
    assert_eq!(key("EventType=dial-in&SubCallID=1-a"), None, "no time");
}

#[test]
fn the_captured_dial_out_is_a_phone_that_calls() {
    let leg = "85219-262077ef325f4868aa49bf22309229f7";
    let more: Fields<'_> = &[
        ("CallFlow", "out"),
        ("CalledNumber", "+79161112233"),
        ("CallerIDNum", "2566*102"),
        ("CallerExtensionID", "85219"),
        ("CallerExtension", "2566*102@sipproxy.telphin.ru"),
    ];
    for (name, step) in [
        ("dial-out", CallStep::Ring),
        ("answer", CallStep::Answer),
        ("hangup", CallStep::End),
    ] {
        let event = call_event(name, leg, more);
        assert_eq!(event.step, step);
        let facts = event.facts;
        assert_eq!(facts.from_agent.as_ref().unwrap().as_str(), ANNA);
        assert_eq!(facts.to_agent, None);
        assert_eq!(facts.number.as_deref(), Some("2566*102"), "as sent");
        assert_eq!(facts.to.as_deref(), Some("+79161112233"));
        assert_eq!(facts.kind.as_deref(), Some("outbound"));
    }
    // Between two of the house.
    for more in [
        &[("CallFlow", "out"), ("CalledNumber", "103")][..],
        &[("CallFlow", "out"), ("CalledNumber", "2566*999")],
        &[("CalledNumber", "103"), ("CalledExtensionID", BO)],
    ] {
        let event = call_event("dial-out", "85219-1", more);
        let expected = if more[1].1 == "103" && more[0].0 == "CallFlow" {
            // Bo's number is configured with its prefix.
            "outbound"
        } else {
            "internal"
        };
        assert_eq!(event.facts.kind.as_deref(), Some(expected), "{more:?}");
    }
}

#[test]
fn a_hang_up_tells_how_long_it_took_and_why() {
    let more: Fields<'_> = &[
        ("CallFlow", "in"),
        ("CallStatus", "Answer"),
        ("Duration", "11420018"),
        ("BridgedDuration", "9000000"),
        ("Bridged", "Yes"),
        ("RecID", "85219-abc"),
    ];
    let facts = call_event("hangup", "85219-1", more).facts;
    assert_eq!(facts.duration, Some(Duration::from_micros(11_420_018)));
    assert_eq!(facts.talk, Some(Duration::from_secs(9)));
    assert_eq!(facts.bridged, Some(true));
    assert_eq!(facts.hangup_cause.as_deref(), Some("Answer"));
    assert_eq!(facts.other["RecID"].as_ref(), "85219-abc");
    // Of what is no length of time, none; before the hang-up, neither.
    let odd: Fields<'_> = &[
        ("Duration", "-5"),
        ("BridgedDuration", "99999999999999999"),
        ("Bridged", "perhaps"),
    ];
    let facts = call_event("hangup", "85219-1", odd).facts;
    assert_eq!(
        (facts.duration, facts.talk, facts.bridged),
        (None, None, None)
    );
    assert_eq!(
        call_event("answer", "85219-1", more).facts.hangup_cause,
        None
    );
}

#[test]
fn what_an_event_means_depends_on_what_its_extension_is() {
    let at = |event, extension: &str, more| call_event(event, &format!("{extension}-1"), more);
    let flow_in: Fields<'_> = &[("CallFlow", "in")];
    let flow_out: Fields<'_> = &[("CallFlow", "out"), ("CalledExtensionID", ANNA)];
    let step = |event, extension, more| at(event, extension, more).step;
    assert_eq!(step("dial-in", MENU, flow_in), CallStep::Menu);
    assert_eq!(step("hangup", MENU, flow_in), CallStep::End);
    assert_eq!(step("dial-in", QUEUE, flow_in), CallStep::Start);
    assert_eq!(step("hangup", QUEUE, flow_in), CallStep::End);
    assert_eq!(step("dial-in", QUEUE, flow_out), CallStep::Ring);
    assert_eq!(step("answer", QUEUE, flow_out), CallStep::Answer);
    assert_eq!(step("dial-in", ANNA, flow_in), CallStep::Ring);
    // One of which nothing is configured is a phone.
    let unnamed = at("dial-in", "99999", flow_in);
    assert_eq!(unnamed.facts.to_agent.unwrap().as_str(), "99999");
    // A fax box is nobody's phone; nor is anybody's who is in a menu.
    for extension in [FAX, MENU, QUEUE] {
        let facts = at("dial-in", extension, flow_in).facts;
        assert_eq!(
            (facts.to_agent, facts.from_agent),
            (None, None),
            "{extension}"
        );
    }
}

#[test]
fn the_phone_that_a_queue_calls_is_told_by_its_id_or_its_number() {
    let called = |more: Fields<'_>| {
        let mut all = vec![("CallFlow", "out")];
        all.extend(more);
        let facts = call_event("dial-in", &format!("{QUEUE}-1"), &all).facts;
        facts.to_agent.map(|id| id.to_string())
    };
    assert_eq!(called(&[("CalledExtensionID", ANNA)]).unwrap(), ANNA);
    let queue = ("CalledExtensionID", QUEUE);
    assert_eq!(
        called(&[queue, ("CalledNumber", "2566*102")]).unwrap(),
        ANNA
    );
    assert_eq!(called(&[queue, ("CalledNumber", "102")]).unwrap(), ANNA);
    let address = ("CalledExtension", "2566*103@sipproxy.telphin.ru");
    assert_eq!(
        called(&[queue, ("CalledNumber", "887"), address]).unwrap(),
        BO
    );
    assert_eq!(called(&[queue, ("CalledNumber", "999")]), None);
}

#[test]
fn without_a_flow_the_ends_tell_it() {
    let strand = |more: Fields<'_>| {
        let event = call_event("dial-in", &format!("{QUEUE}-1"), more);
        event.facts.strand.unwrap()
    };
    assert_eq!(strand(&[("CalledExtensionID", QUEUE)]), Strand::QueueIn);
    let out: Fields<'_> = &[("CallerExtensionID", QUEUE), ("CalledExtensionID", ANNA)];
    assert_eq!(strand(out), Strand::QueueOut);
    assert_eq!(strand(&[]), Strand::QueueIn);
    // Without an id that tells, the extension is who is called, or calls.
    let told: Fields<'_> = &[("CalledExtensionID", OTHER_QUEUE), ("CallFlow", "in")];
    let facts = call_event("dial-in", "an id of another shape", told).facts;
    assert_eq!(facts.queue.unwrap().as_str(), OTHER_QUEUE);
}

#[test]
fn what_is_no_call_and_what_cannot_be_says_nothing() {
    let why = |fields: &[(&str, &str)]| match says("GET", &query(fields), "") {
        Says::Nothing(why) => why.to_string(),
        other => panic!("{other:?}"),
    };
    let of = |event| {
        [
            ("EventType", event),
            ("CallID", "c"),
            ("SubCallID", "85219-1"),
        ]
    };
    let aside = |event| match says("GET", &query(&of(event)), "") {
        Says::Aside(what) => what.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(aside("message-in"), "a message came");
    assert_eq!(aside("Message-Out"), "a message was sent");
    assert_eq!(aside("voicemail"), "a message was left in a voice mailbox");
    assert_eq!(
        why(&of("dial-sideways")),
        "the vendor's page does not list this event"
    );
    assert_eq!(why(&[("CallID", "c")]), "it does not say which event it is");
    assert_eq!(why(&[("EventType", "answer")]), "it has no CallID");
    assert_eq!(
        why(&[("EventType", "answer"), ("CallID", "c")]),
        "it has no SubCallID"
    );
    assert_eq!(
        why(&[("EventType", "answer"), ("CallID", "c"), ("SubCallID", "x")]),
        "it does not say which extension it is about"
    );
    // No extension is 0, nor is any without a name.
    for id in ["0", "", " "] {
        let fields = [
            ("EventType", "dial-in"),
            ("CallID", "c"),
            ("SubCallID", "0-1"),
            ("CalledExtensionID", id),
        ];
        assert_eq!(why(&fields), "it does not say which extension it is about");
    }
    let answered = |leg| [("EventType", "answer"), ("CallID", "c"), ("SubCallID", leg)];
    assert_eq!(why(&answered("77-1")), "nobody answers in a voice menu");
    assert_eq!(
        why(&answered("96857-1")),
        "a queue does not answer: the phone that it calls does"
    );
}

#[test]
fn a_time_that_is_none_is_not_told() {
    for time in ["", "x", "0", "-1", "12345", "99999999999999999999"] {
        let event = call_event("dial-in", "85219-1", &[("EventTime", time)]);
        assert_eq!((event.at, event.micros), (None, 0), "{time}");
    }
    for time in ["1502985686", "1502985686000", "1502985686000000"] {
        let event = call_event("dial-in", "85219-1", &[("EventTime", time)]);
        assert_eq!(event.at, Some(At(1_502_985_686_000)), "{time}");
    }
}

#[test]
fn what_is_kept_of_a_call_is_bounded_whatever_is_sent() {
    let long = "A".repeat(1_500);
    let event = |leg: &str| {
        let leg = format!("{leg}-{long}");
        let more: &[(&str, &str)] = &[
            ("CallerIDName", &long),
            ("CallStatus", &long),
            ("Tag", &long),
        ];
        call_event("hangup", &leg, more)
    };
    let (one, other) = (event("101"), event("102"));
    assert_ne!(one.leg, other.leg);
    assert_eq!(one.facts.extension, Some("101".into()), "it stands before");
    let size = serde_json::to_string(&one.facts).unwrap().len() + one.leg.as_str().len();
    assert!(size < 2_000, "{size} bytes");
}
