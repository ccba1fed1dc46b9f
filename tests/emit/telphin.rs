//! What we send as Telphin, against requests that a receiver got.

use std::collections::BTreeMap;

use holdline::{
    domain::scenario::speech_telphin,
    emit::{
        Message, Request,
        telphin::{Event, Extension, Flow, Kind, Method, Status, said},
    },
};

const FORM: &str = "application/x-www-form-urlencoded";

/// The fields of a request that was seen.
fn seen(name: &str) -> BTreeMap<String, String> {
    let path = format!("tests/fixtures/telphin/{name}.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let fields = text.lines().map(|line| line.split_once('=').unwrap());
    fields.map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// The fields that a query or a form holds.
fn sent(text: &str) -> BTreeMap<String, String> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect();
    let count = pairs.len();
    let fields: BTreeMap<_, _> = pairs.into_iter().collect();
    assert_eq!(fields.len(), count, "no field stands twice");
    fields
}

fn extension(id: &str, number: &str) -> Extension {
    Extension {
        id: id.to_owned(),
        address: format!("2566*{number}@sipproxy.telphin.ru"),
    }
}

fn dial_in() -> Event {
    let text = |text: &str| Some(text.to_owned());
    Event {
        kind: Kind::DialIn,
        time_us: 1_502_985_686_478_202,
        call_id: "262077ef325f4868aa49bf22309229f7".into(),
        sub_call_id: "85219-e6bd7bb2622b424392a012e28473f91a".into(),
        call_api_id: text("3584709739-262077ef-325f-4868-aa49-bf22309229f7"),
        rec_id: None,
        duration_us: None,
        bridged: None,
        bridged_us: None,
        transfered: None,
        flow: Flow::In,
        status: Some(Status::Calling),
        called_did: text("74959998877"),
        called_number: "2566*102".into(),
        called: Some(extension("85219", "102")),
        caller_name: text("+79161112233"),
        caller_number: text("+79161112233"),
        caller: Some(extension("96857", "887")),
    }
}

fn dial_out() -> Event {
    let call = "b5187f38a9cc43f2ba068bce983a513e";
    Event {
        kind: Kind::DialOut,
        time_us: 1_502_985_726_958_201,
        call_id: call.to_owned(),
        sub_call_id: format!("85219-{call}"),
        call_api_id: Some("3584709739-b5187f38-a9cc-43f2-ba06-8bce983a513e".to_owned()),
        flow: Flow::Out,
        called_did: None,
        called_number: "+79161112233".into(),
        called: None,
        caller_name: Some("Анна Холм".to_owned()),
        caller_number: Some("2566*102".to_owned()),
        caller: Some(extension("85219", "102")),
        ..dial_in()
    }
}

fn answer() -> Event {
    Event {
        kind: Kind::Answer,
        time_us: 1_502_985_738_818_201,
        status: Some(Status::Answer),
        ..dial_out()
    }
}

fn hangup() -> Event {
    Event {
        kind: Kind::Hangup,
        time_us: 1_502_985_750_238_219,
        duration_us: Some(11_420_018),
        rec_id: Some("10500-100bbbbcccc99aaff44cccc777ddd444".to_owned()),
        ..answer()
    }
}

#[test]
fn requests_hold_the_fields_that_were_seen_by_both_methods() {
    for event in [dial_in(), dial_out(), answer(), hangup()] {
        let message = event.message();
        let get = Method::Get.request(&message);
        assert_eq!((get.method, get.content_type), ("GET", None));
        assert_eq!(get.body, "");
        assert_eq!(sent(&get.query), seen(event.kind.name()));
        let post = Method::Post.request(&message);
        assert_eq!((post.method, post.content_type), ("POST", Some(FORM)));
        assert_eq!(post.query, "");
        assert_eq!(sent(&post.body), seen(event.kind.name()));
    }
}

#[test]
fn a_request_is_written_as_forms_are() {
    let request = Method::Get.request(&dial_out().message());
    let expected = Request {
        method: "GET",
        query: "EventType=dial-out&EventTime=1502985726958201\
            &CallID=b5187f38a9cc43f2ba068bce983a513e\
            &SubCallID=85219-b5187f38a9cc43f2ba068bce983a513e\
            &CallAPIID=3584709739-b5187f38-a9cc-43f2-ba06-8bce983a513e\
            &CallFlow=out&CallStatus=CALLING&CalledNumber=%2B79161112233\
            &CallerIDName=%D0%90%D0%BD%D0%BD%D0%B0+%D0%A5%D0%BE%D0%BB%D0%BC\
            &CallerIDNum=2566*102&CallerExtensionID=85219\
            &CallerExtension=2566*102%40sipproxy.telphin.ru"
            .to_owned(),
        content_type: None,
        body: String::new(),
    };
    assert_eq!(request, expected);
}

#[test]
fn what_only_an_end_knows_is_told_in_the_vendors_words() {
    let event = Event {
        bridged: Some(true),
        bridged_us: Some(9_000_001),
        transfered: Some(false),
        ..hangup()
    };
    let fields = sent(&Method::Post.request(&event.message()).body);
    for (name, value) in [
        ("Bridged", "yes"),
        ("BridgedDuration", "9000001"),
        ("Transfered", "no"),
        ("Duration", "11420018"),
    ] {
        assert_eq!(fields[name], value);
    }
}

#[test]
fn the_seven_events_and_seven_states_are_the_pages() {
    use Status::{Answer, Busy, Calling, Cancel, Congestion, NoAnswer, Unavailable};

    let names: Vec<&str> = Kind::ALL.map(Kind::name).into();
    assert_eq!(
        names.join(" "),
        "dial-in dial-out hangup answer message-in message-out voicemail"
    );
    for kind in Kind::ALL {
        assert_eq!(Kind::from_name(kind.name()), Some(kind));
        assert!(speech_telphin::event(kind.name()).is_some());
    }
    let words = [
        Calling,
        Answer,
        Busy,
        NoAnswer,
        Cancel,
        Congestion,
        Unavailable,
    ]
    .map(Status::word);
    assert_eq!(
        words.join(" "),
        "CALLING ANSWER BUSY NOANSWER CANCEL CONGESTION CHANUNAVAIL"
    );
}

#[test]
fn the_table_of_what_can_be_said_knows_every_field_that_is_sent() {
    let whole = Event {
        bridged: Some(false),
        bridged_us: Some(0),
        transfered: Some(true),
        called: Some(extension("1", "1")),
        called_did: Some("1".to_owned()),
        ..hangup()
    };
    let hangup = speech_telphin::event("hangup").unwrap();
    for (name, _) in &whole.message().fields {
        assert!(hangup.variable(name).is_some(), "{name}");
    }
    let dial_in = speech_telphin::event("dial-in").unwrap();
    assert!(dial_in.variable("Duration").is_none());
    for (name, _) in &self::dial_in().message().fields {
        assert!(dial_in.variable(name).is_some(), "{name}");
    }
}

#[test]
fn any_event_can_be_said_with_any_fields() {
    let event = speech_telphin::event("message-in").unwrap();
    let fields = [
        ("SubCallID".into(), "1-ff".to_owned()),
        ("own".into(), "a&b".to_owned()),
        ("SubCallID".into(), "2-ff".to_owned()),
    ];
    let message: Message = said(event, &fields);
    assert_eq!(
        Method::Post.request(&message).body,
        "EventType=message-in&SubCallID=2-ff&own=a%26b"
    );
}
