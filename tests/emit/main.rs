//! What we send as Contaqt, byte for byte, against the names that its page
//! (Events, version 1.3) prints.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod telphin;

use std::collections::BTreeSet;

use holdline::{
    domain::time::At,
    emit::{
        Message, Request, Shape, Value,
        contaqt::{Event, Kind, Leg, Step},
    },
};

/// The page's table of variables in call events.
const CALL_VARIABLES: [&str; 28] = [
    "id",
    "call_id",
    "ts",
    "site_id",
    "type",
    "dst_num",
    "src_device_id",
    "dst_device_id",
    "src_user_id",
    "dst_user_id",
    "cid_num",
    "cid_name",
    "a2",
    "tags",
    "queue_id",
    "lead_id",
    "lead_name",
    "campaign_id",
    "dialer_id",
    "conference_id",
    "call_script",
    "waitms",
    "durationms",
    "progressms",
    "billms",
    "cc_wait",
    "hangup_cause",
    "canceled",
];

fn at(seconds: i64) -> At {
    At(seconds * 1_000 + 999)
}

/// A leg with a value in every variable.
fn whole() -> Leg {
    let text = |t: &str| Some(t.to_owned());
    Leg {
        id: "11111111-2222-4333-8444-555555555555".into(),
        call_id: "99999999-2222-4333-8444-555555555555".into(),
        ts: at(1_700_000_000),
        site_id: text("3"),
        kind: Some(Kind::Queue),
        dst_num: text("+4570305050"),
        src_device_id: text("31"),
        dst_device_id: text("32"),
        src_user_id: text("17"),
        dst_user_id: text("18"),
        cid_num: text("+4535203040"),
        cid_name: text("Bamse & Kylling"),
        a2: text("DK"),
        tags: text("vip,late"),
        queue_id: text("1"),
        lead_id: text("7"),
        lead_name: text("Zoë = 1"),
        campaign_id: text("8"),
        dialer_id: text("9"),
        conference_id: text("10"),
        call_script: text("11"),
        waitms: Some(18_000),
        durationms: Some(60_000),
        progressms: Some(120),
        billms: Some(42_000),
        cc_wait: Some(18),
        hangup_cause: text("NORMAL_CLEARING"),
        canceled: text("NONE"),
    }
}

fn call(step: Step) -> Event {
    Event::Call {
        step,
        leg: Box::new(whole()),
    }
}

/// All nine.
fn every() -> Vec<Event> {
    let user = "17".to_owned();
    let queues = vec!["1".to_owned(), "2".to_owned()];
    vec![
        Event::CheckIn {
            user: user.clone(),
            device: "31".into(),
            device_name: "Annas hovedsæt".into(),
        },
        Event::CheckOut { user: user.clone() },
        Event::Join {
            user: user.clone(),
            queues: queues.clone(),
        },
        Event::Leave {
            user: user.clone(),
            queues,
        },
        Event::Status {
            user,
            activity: "2".into(),
            pause: "5".into(),
            in_calls: false,
        },
        call(Step::Ring),
        call(Step::Answer),
        call(Step::End),
        call(Step::Start),
    ]
}

fn get(query: &str) -> Request {
    Request {
        method: "GET",
        query: query.into(),
        content_type: None,
        body: String::new(),
    }
}

fn post(content_type: &'static str, body: &str) -> Request {
    Request {
        method: "POST",
        query: String::new(),
        content_type: Some(content_type),
        body: body.into(),
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

#[test]
fn queue_events_hold_what_the_page_lists_for_each() {
    let queries = [
        "event=agent%3Acheckin&user_id=17&device_id=31&device_name=Annas+hoveds%C3%A6t",
        "event=agent%3Acheckout&user_id=17",
        "event=queue%3Ajoin&user_id=17&queues%5B%5D=1&queues%5B%5D=2",
        "event=queue%3Aleave&user_id=17&queues%5B%5D=1&queues%5B%5D=2",
        "event=agent%3Astatus&user_id=17&activity_id=2&pause_id=5&in_calls=0",
    ];
    let flat = [
        r#"{"event":"agent:checkin","user_id":"17","device_id":"31","device_name":"Annas hovedsæt"}"#,
        r#"{"event":"agent:checkout","user_id":"17"}"#,
        r#"{"event":"queue:join","user_id":"17","queues":["1","2"]}"#,
        r#"{"event":"queue:leave","user_id":"17","queues":["1","2"]}"#,
        r#"{"event":"agent:status","user_id":"17","activity_id":"2","pause_id":"5","in_calls":0}"#,
    ];
    let nested = [
        r#"{"event":"agent:checkin","data":{"user_id":"17","device_id":"31","device_name":"Annas hovedsæt"}}"#,
        r#"{"event":"agent:checkout","data":{"user_id":"17"}}"#,
        r#"{"event":"queue:join","data":{"user_id":"17","queues":["1","2"]}}"#,
        r#"{"event":"queue:leave","data":{"user_id":"17","queues":["1","2"]}}"#,
        r#"{"event":"agent:status","data":{"user_id":"17","activity_id":"2","pause_id":"5","in_calls":0}}"#,
    ];
    for (i, event) in every().iter().take(5).enumerate() {
        let message = event.message();
        assert_eq!(message.request(Shape::Query), get(queries[i]));
        assert_eq!(message.request(Shape::Form), post(FORM, queries[i]));
        assert_eq!(message.request(Shape::Json), post(JSON, flat[i]));
        assert_eq!(message.request(Shape::JsonData), post(JSON, nested[i]));
    }
}

#[test]
fn a_call_event_holds_every_variable_with_its_unit() {
    let message = call(Step::End).message();
    let query = "event=call%3Aend&id=11111111-2222-4333-8444-555555555555\
        &call_id=99999999-2222-4333-8444-555555555555&ts=1700000000&site_id=3&type=queue\
        &dst_num=%2B4570305050&src_device_id=31&dst_device_id=32&src_user_id=17&dst_user_id=18\
        &cid_num=%2B4535203040&cid_name=Bamse+%26+Kylling&a2=DK&tags=vip%2Clate&queue_id=1\
        &lead_id=7&lead_name=Zo%C3%AB+%3D+1&campaign_id=8&dialer_id=9&conference_id=10\
        &call_script=11&waitms=18000&durationms=60000&progressms=120&billms=42000&cc_wait=18\
        &hangup_cause=NORMAL_CLEARING&canceled=NONE";
    assert_eq!(message.request(Shape::Query), get(query));
    assert_eq!(message.request(Shape::Form), post(FORM, query));
    let members = r#""id":"11111111-2222-4333-8444-555555555555","call_id":"99999999-2222-4333-8444-555555555555","ts":1700000000,"site_id":"3","type":"queue","dst_num":"+4570305050","src_device_id":"31","dst_device_id":"32","src_user_id":"17","dst_user_id":"18","cid_num":"+4535203040","cid_name":"Bamse & Kylling","a2":"DK","tags":"vip,late","queue_id":"1","lead_id":"7","lead_name":"Zoë = 1","campaign_id":"8","dialer_id":"9","conference_id":"10","call_script":"11","waitms":18000,"durationms":60000,"progressms":120,"billms":42000,"cc_wait":18,"hangup_cause":"NORMAL_CLEARING","canceled":"NONE""#;
    let flat = format!(r#"{{"event":"call:end",{members}}}"#);
    assert_eq!(message.request(Shape::Json), post(JSON, &flat));
    let nested = format!(r#"{{"event":"call:end","data":{{{members}}}}}"#);
    assert_eq!(message.request(Shape::JsonData), post(JSON, &nested));
}

#[test]
fn the_nine_events_are_the_pages_nine() {
    let names: Vec<&str> = every().iter().map(Event::name).collect();
    let page = "agent:checkin agent:checkout queue:join queue:leave agent:status \
                call:ring call:answer call:end call:start";
    assert_eq!(names.join(" "), page);
    for event in &every()[5..] {
        let message = event.message();
        let sent: Vec<&str> = message.fields.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(sent, CALL_VARIABLES);
    }
}

#[test]
fn types_of_call_are_the_pages() {
    use Kind::{Conf, Fax, Inbound, Internal, Outbound, Queue};
    let words: Vec<_> = [Inbound, Outbound, Internal, Queue, Fax, Conf]
        .map(Kind::word)
        .into();
    assert_eq!(
        words.join(" / "),
        "inbound / outbound / internal / queue / fax / conf"
    );
}

#[test]
fn what_is_not_known_is_not_sent() {
    let leg = Leg {
        id: "a".into(),
        call_id: "a".into(),
        ts: At(-1),
        ..Leg::default()
    };
    let event = Event::Call {
        step: Step::Start,
        leg: Box::new(leg),
    };
    assert_eq!(
        event.message().request(Shape::Json).body,
        r#"{"event":"call:start","id":"a","call_id":"a","ts":-1}"#
    );
    let nobody = Event::Join {
        user: "17".into(),
        queues: Vec::new(),
    };
    let query = nobody.message().request(Shape::Query).query;
    assert_eq!(query, "event=queue%3Ajoin&user_id=17");
}

#[test]
fn fields_can_be_set_and_added_by_hand() {
    let mut message = Message::new("call:ring");
    message.set("ts", Value::Number(1));
    message.set("own key", Value::Text("a&b".into()));
    message.set("ts", Value::Text("soon".into()));
    assert_eq!(
        message.request(Shape::Form).body,
        "event=call%3Aring&ts=soon&own+key=a%26b"
    );
}

#[test]
fn no_shape_loses_or_renames_a_field() {
    for event in every() {
        let message = event.message();
        let names: BTreeSet<String> = message.fields.iter().map(|(n, _)| n.clone()).collect();
        for shape in Shape::ALL {
            let request = message.request(shape);
            let found: BTreeSet<String> = match shape {
                Shape::Query => read_form(&request.query),
                Shape::Form => read_form(&request.body),
                Shape::Json => read_json(&request.body, None),
                Shape::JsonData => read_json(&request.body, Some("data")),
            };
            assert_eq!(found, names, "{shape:?}");
        }
    }
}

fn read_form(text: &str) -> BTreeSet<String> {
    text.split('&')
        .map(|pair| pair.split_once('=').unwrap().0.replace("%5B%5D", ""))
        .filter(|name| name != "event")
        .collect()
}

fn read_json(text: &str, under: Option<&str>) -> BTreeSet<String> {
    let all: serde_json::Value = serde_json::from_str(text).unwrap();
    let object = under.map_or(&all, |name| &all[name]).as_object().unwrap();
    object.keys().filter(|k| *k != "event").cloned().collect()
}
