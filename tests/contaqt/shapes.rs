//! One event in all the shapes that a sender may choose: it is the same event.

use holdline::domain::event::AgentNews;
use proptest::prelude::*;

use super::{agent, call, form, json, only, request, says};

const RING: &str = r#"{"event":"call:ring","id":"leg-2","call_id":"leg-1","ts":1763700000,"cid_num":"+4535203040","cid_name":"Bamse & Kylling"}"#;

#[test]
fn json_is_read_flat_or_under_data_alone_or_in_a_list() {
    let fields = RING.trim_start_matches(r#"{"event":"call:ring","#);
    for body in [
        RING.to_owned(),
        format!("  \u{feff}[{RING}]"),
        format!(r#"{{"data":{RING}}}"#),
        format!(r#"{{"event":"call:ring","data":{{{fields}}}"#),
        format!(r#"{{"event":"call:ring","data":[{{{fields}]}}"#),
        format!(r#"[{{"EVENT":"call:ring","Data":{{{fields}}}]"#),
    ] {
        let one = only(json(body.trim_start_matches([' ', '\u{feff}'])));
        assert_eq!(&*one.event, "call:ring", "{body}");
        assert_eq!(
            one.dedupe.as_deref(),
            Some("1763700000000\nleg-2\ncall:ring")
        );
        let ring = call(says(&one));
        assert_eq!(ring.leg.as_str(), "leg-2");
        assert_eq!(ring.facts.name.as_deref(), Some("Bamse & Kylling"));
    }
}

#[test]
fn a_list_is_as_many_events_in_its_order() {
    let body =
        r#"[{"event":"agent:checkin","user_id":1},{"event":"agent:checkout","user_id":2},7]"#;
    let events = json(body);
    let names: Vec<&str> = events.iter().map(|d| &*d.event).collect();
    assert_eq!(names, ["agent:checkin", "agent:checkout", ""]);
    assert_eq!(events[2].body.as_str(), r#"{"data":7}"#);
    assert_eq!(json("[]"), []);
    // What stands around the list belongs to each event in it.
    let body = r#"{"tenant":"t1","event":"queue:join","data":[{"user_id":1,"queues":[4]},{"user_id":2,"queues":[5]}]}"#;
    let events = json(body);
    assert_eq!(
        events[1].body.as_str(),
        r#"{"user_id":2,"queues":[5],"tenant":"t1","event":"queue:join"}"#
    );
    assert_eq!(&*events[1].event, "queue:join");
}

#[test]
fn a_form_and_a_query_say_the_same_as_json() {
    let text = "event=call%3Aring&id=leg-2&call_id=leg-1&ts=1763700000&cid_num=%2B4535203040&cid_name=Bamse+%26+Kylling";
    let by_json = call(says(&only(json(RING))));
    let get = request("GET", text, None, b"").unwrap();
    for one in [only(form(text)), only(get)] {
        assert_eq!(
            one.dedupe.as_deref(),
            Some("1763700000000\nleg-2\ncall:ring")
        );
        assert_eq!(call(says(&one)), by_json);
    }
}

#[test]
fn a_content_type_that_is_missing_or_wrong_is_seen_through() {
    let text = "event=call:ring&id=leg-2&call_id=leg-1&ts=1763700000";
    for kind in [None, Some("text/plain"), Some("application/json"), Some("")] {
        assert_eq!(
            &*only(request("POST", "", kind, text.as_bytes()).unwrap()).event,
            "call:ring"
        );
    }
    let form_type = Some("application/x-www-form-urlencoded; charset=UTF-8");
    let encoded = text::urlencode(RING);
    for body in [RING, &encoded, &format!("{encoded}=")] {
        let one = only(request("POST", "", form_type, body.as_bytes()).unwrap());
        assert_eq!(call(says(&one)).leg.as_str(), "leg-2", "{body}");
    }
    // The event as JSON in a form's field.
    let one = only(form(&format!("data={encoded}&key=k")));
    assert_eq!(call(says(&one)).leg.as_str(), "leg-2");
    assert!(
        one.body.as_str().ends_with(r#""key":"k"}"#),
        "{:?}",
        one.body.as_str()
    );
}

mod text {
    pub fn urlencode(text: &str) -> String {
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }
}

#[test]
fn the_urls_parameters_count_and_the_customers_own_are_kept() {
    let body = br#"{"id":"leg-2","call_id":"leg-1","ts":"1763700000","type":"queue"}"#;
    let query = "event=call:start&tenant=north%20wing&type=mine&id=leg-2";
    let one = only(request("POST", query, None, body).unwrap());
    assert_eq!(&*one.event, "call:start");
    // The event's own field counts; the URL's of the same name stands beside.
    assert_eq!(
        one.body.as_str(),
        r#"{"id":"leg-2","call_id":"leg-1","ts":"1763700000","type":"queue","event":"call:start","tenant":"north wing","url.type":"mine"}"#
    );
    assert_eq!(call(says(&one)).facts.kind.as_deref(), Some("queue"));
}

#[test]
fn names_of_fields_and_events_have_no_case() {
    let one = only(json(
        r#"{"Event":"Call:Answer","ID":"a","CALL_ID":"b","Ts":"1763700000","Dst_User_Id":17}"#,
    ));
    assert_eq!(&*one.event, "Call:Answer");
    assert_eq!(one.dedupe.as_deref(), Some("1763700000000\na\ncall:answer"));
    let answer = call(says(&one));
    assert_eq!(answer.facts.to_agent.unwrap().as_str(), "17");
}

#[test]
fn the_events_name_may_stand_under_name_or_type_if_it_looks_like_one() {
    let event = |body: &str| only(json(body)).event.to_string();
    assert_eq!(
        event(r#"{"name":"agent:status","user_id":1}"#),
        "agent:status"
    );
    assert_eq!(event(r#"{"type":"call:end","id":"x"}"#), "call:end");
    assert_eq!(event(r#"{"type":"queue","name":"Anna"}"#), "");
    assert_eq!(event(r#"{"event":"call:end","type":"queue"}"#), "call:end");
    // Around the event, where `type` within it is the call's.
    assert_eq!(
        event(r#"{"type":"call:end","data":{"type":"queue","id":"x"}}"#),
        "call:end"
    );
    assert_eq!(event(r#"{"event":""}"#), "");
}

#[test]
fn queues_are_a_list_however_it_is_written() {
    for body in [
        "queues[]=1&queues[]=2",
        "queues[0]=1&queues[1]=2",
        "queues=1,2",
        "queues=1&queues=2",
        "queues=%5B1%2C%222%22%5D",
        "QUEUES%5B%5D=1&queues%5B%5D=2",
        "data[queues][]=1&data[queues][]=2",
    ] {
        let one = only(form(&format!("event=queue:join&user_id=17&{body}")));
        let (who, news) = agent(says(&one));
        assert_eq!(who, "17");
        assert_eq!(
            news,
            AgentNews::Joined(vec!["1".into(), "2".into()]),
            "{body}"
        );
    }
    for queues in [
        r#"[1,"2"]"#,
        r#""1,2""#,
        r#""[1,2]""#,
        r#"{"0":1,"5":"2"}"#,
        "[[1],[2,1]]",
    ] {
        let body = format!(r#"{{"event":"queue:leave","user_id":"17","queues":{queues}}}"#);
        let (_, news) = agent(says(&only(json(&body))));
        assert_eq!(
            news,
            AgentNews::Left(vec!["1".into(), "2".into()]),
            "{queues}"
        );
    }
    for none in ["[]", "\"\"", "null", "{}", "true"] {
        let body = format!(r#"{{"event":"queue:join","user_id":17,"queues":{none}}}"#);
        let (_, news) = agent(says(&only(json(&body))));
        assert_eq!(news, AgentNews::Joined(Vec::new()), "{none}");
    }
    let one = only(form("event=queue:join&user_id=17&queues=9"));
    assert_eq!(agent(says(&one)).1, AgentNews::Joined(vec!["9".into()]));
}

#[test]
fn what_is_given_twice_is_kept_twice_and_the_last_counts() {
    let one = only(json(
        r#"{"event":"agent:status","user_id":1,"User_Id":2,"pause_id":5,"pause_id":6}"#,
    ));
    assert_eq!(
        one.body.as_str(),
        r#"{"event":"agent:status","user_id":[1,2],"pause_id":[5,6]}"#
    );
    let (who, news) = agent(says(&one));
    assert_eq!(who, "2");
    let AgentNews::Status { pause, .. } = news else {
        panic!("{news:?}")
    };
    assert_eq!(pause.as_deref(), Some("6"));
}

#[test]
fn bytes_that_are_no_text_are_marked_and_the_rest_is_read() {
    let one = only(
        request(
            "POST",
            "",
            None,
            b"event=call:ring&id=a&cid_name=%ff%FEx&own=\xc3",
        )
        .unwrap(),
    );
    assert_eq!(
        call(says(&one)).facts.name.as_deref(),
        Some("\u{fffd}\u{fffd}x")
    );
    let one = only(
        request(
            "POST",
            "",
            None,
            b"{\"event\":\"call:ring\",\"id\":\"a\",\"cid_name\":\"\xff\"}",
        )
        .unwrap(),
    );
    assert_eq!(call(says(&one)).facts.name.as_deref(), Some("\u{fffd}"));
    // A percent sign that stands for itself.
    let one = only(form("event=call:ring&id=a&cid_name=100%"));
    assert_eq!(call(says(&one)).facts.name.as_deref(), Some("100%"));
}

#[test]
fn a_plus_that_was_not_encoded_is_still_a_number() {
    let one = only(form("event=call:ring&id=a&cid_num=+4535203040&dst_num=200"));
    let facts = call(says(&one)).facts;
    assert_eq!(facts.number.as_deref(), Some("+4535203040"));
    assert_eq!(facts.to.as_deref(), Some("200"));
}

#[test]
fn an_agents_event_is_never_taken_for_a_repeat_nor_a_call_without_time() {
    for body in [
        r#"{"event":"agent:status","user_id":1,"ts":1763700000,"id":"x"}"#,
        r#"{"event":"call:ring","id":"x"}"#,
        r#"{"event":"call:ring","id":"x","ts":"soon"}"#,
        r#"{"event":"call:ring","ts":1763700000}"#,
        r#"{"event":"own:event","id":"x","ts":1763700000}"#,
    ] {
        assert_eq!(only(json(body)).dedupe, None, "{body}");
    }
}

proptest! {
    /// Whatever comes is kept as JSON that can be read again, or turned away
    /// with a sentence; nothing panics.
    #[test]
    fn whatever_comes_is_kept_or_turned_away(body in "\\PC{0,80}", query in "[a-z&=%\\[\\]+0-9]{0,40}", json in any::<bool>()) {
        let body = if json { format!("{{\"event\":\"call:ring\",{body}") } else { body };
        match request("POST", &query, None, body.as_bytes()) {
            Ok(all) => for one in all {
                let read: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_str(one.body.as_str());
                // A number out of range is kept as it is, and no value.
                prop_assert!(read.is_ok() || one.body.as_str().contains(|c: char| c.is_ascii_digit()), "{}", one.body.as_str());
                let _ = says(&one);
            },
            Err(refusal) => {
                prop_assert!((400..500).contains(&refusal.status));
                prop_assert!(refusal.why.contains("send") || refusal.why.contains("JSON"), "{}", refusal.why);
            }
        }
    }

    #[test]
    fn a_form_keeps_every_field(fields in prop::collection::vec(("[a-z_]{1,8}", "\\PC{0,12}"), 1..12)) {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        prop_assume!(!fields.iter().any(|(name, _)| name == "data"));
        let one = only(form(&body));
        let kept: serde_json::Map<String, serde_json::Value> = serde_json::from_str(one.body.as_str()).unwrap();
        for (name, value) in &fields {
            let held = &kept[name];
            let there = held == value || held.as_array().is_some_and(|all| all.iter().any(|v| v == value));
            prop_assert!(there, "{name}={value} in {held}");
        }
    }
}
