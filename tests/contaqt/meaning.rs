//! What the nine events say, variable by variable, as the page lists them.

use std::time::Duration;

use holdline::domain::{
    event::{AgentNews, CallStep},
    hook::Says,
    time::At,
};

use super::{agent, call, read};

const FULL: &str = r#"{
    "id": "leg-2", "call_id": "leg-1", "ts": 1763700000, "site_id": 3, "type": "queue",
    "dst_num": "200", "src_device_id": 70, "dst_device_id": "71",
    "src_user_id": 16, "dst_user_id": "17", "cid_num": "+4535203040", "cid_name": "Bamse",
    "a2": "DK", "tags": ["vip", "new"], "queue_id": 1, "lead_id": 900, "lead_name": "Lead",
    "campaign_id": 8, "dialer_id": 9, "conference_id": 10, "call_script": 11,
    "waitms": 1500, "durationms": "62000", "progressms": 250.4, "billms": 60000, "cc_wait": 12,
    "hangup_cause": "NORMAL_CLEARING", "canceled": "BREAK_OUT"}"#;

#[test]
fn a_call_event_holds_every_listed_variable_in_its_unit() {
    let end = call(read("call:end", FULL));
    assert_eq!((end.call.as_str(), end.leg.as_str()), ("leg-1", "leg-2"));
    assert_eq!(end.at, Some(At(1_763_700_000_000)));
    assert_eq!(end.step, CallStep::End);
    let facts = &end.facts;
    let text = |t: &Option<std::sync::Arc<str>>| t.as_deref().unwrap_or("none").to_owned();
    assert_eq!(text(&facts.kind), "queue");
    assert_eq!(facts.queue.as_ref().unwrap().as_str(), "1");
    assert_eq!(
        (text(&facts.number), text(&facts.name)),
        ("+4535203040".into(), "Bamse".into())
    );
    assert_eq!(text(&facts.to), "200");
    assert_eq!(facts.from_agent.as_ref().unwrap().as_str(), "16");
    assert_eq!(facts.to_agent.as_ref().unwrap().as_str(), "17");
    assert_eq!(
        (text(&facts.from_device), text(&facts.to_device)),
        ("70".into(), "71".into())
    );
    assert_eq!(text(&facts.country), "DK");
    let ms = Duration::from_millis;
    assert_eq!(facts.wait, Some(ms(1_500)));
    assert_eq!(facts.duration, Some(ms(62_000)));
    assert_eq!(facts.progress, Some(ms(250)));
    assert_eq!(facts.talk, Some(ms(60_000)));
    assert_eq!(
        facts.queue_wait,
        Some(ms(12_000)),
        "cc_wait alone is in seconds"
    );
    assert_eq!(text(&facts.hangup_cause), "NORMAL_CLEARING");
    assert_eq!(text(&facts.canceled), "BREAK_OUT");
    let other: Vec<(&str, &str)> = facts.other.iter().map(|(n, v)| (&**n, &**v)).collect();
    assert_eq!(
        other,
        [
            ("call_script", "11"),
            ("campaign_id", "8"),
            ("conference_id", "10"),
            ("dialer_id", "9"),
            ("lead_id", "900"),
            ("lead_name", "Lead"),
            ("site_id", "3"),
            ("tags", r#"["vip", "new"]"#),
        ]
    );
}

#[test]
fn the_four_call_events_are_four_steps() {
    for (event, step) in [
        ("call:start", CallStep::Start),
        ("call:ring", CallStep::Ring),
        ("call:answer", CallStep::Answer),
        ("call:end", CallStep::End),
        (" CALL:End ", CallStep::End),
    ] {
        assert_eq!(call(read(event, FULL)).step, step, "{event}");
    }
}

#[test]
fn the_five_queue_events_are_news_of_an_agent() {
    let checkin = r#"{"user_id":17,"device_id":71,"device_name":"Desk phone"}"#;
    assert_eq!(
        agent(read("agent:checkin", checkin)),
        (
            "17".to_owned(),
            AgentNews::CheckedIn {
                device: Some("71".into()),
                device_name: Some("Desk phone".into()),
            }
        )
    );
    assert_eq!(
        agent(read("agent:checkout", r#"{"user_id":"17"}"#)).1,
        AgentNews::CheckedOut
    );
    let queues = r#"{"user_id":17,"queues":["1","2"]}"#;
    let both = vec!["1".into(), "2".into()];
    assert_eq!(
        agent(read("queue:join", queues)).1,
        AgentNews::Joined(both.clone())
    );
    assert_eq!(agent(read("queue:leave", queues)).1, AgentNews::Left(both));
    let status = r#"{"user_id":17,"activity_id":2,"pause_id":5,"in_calls":1}"#;
    assert_eq!(
        agent(read("agent:status", status)).1,
        AgentNews::Status {
            activity: Some("2".into()),
            pause: Some("5".into()),
            in_calls: Some(true),
        }
    );
}

#[test]
fn a_status_that_is_empty_says_none_and_one_that_is_left_out_says_nothing() {
    let status = |fields: &str| {
        let body = format!(r#"{{"user_id":17{fields}}}"#);
        match agent(read("agent:status", &body)).1 {
            AgentNews::Status {
                activity,
                pause,
                in_calls,
            } => (
                activity.as_deref().map(str::to_owned),
                pause.as_deref().map(str::to_owned),
                in_calls,
            ),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(status(""), (None, None, None));
    let none = Some("0".to_owned());
    for empty in ["0", "\"0\"", "\"\"", "null"] {
        let fields = format!(r#","activity_id":{empty},"pause_id":{empty},"in_calls":{empty}"#);
        assert_eq!(
            status(&fields),
            (none.clone(), none.clone(), Some(false)),
            "{empty}"
        );
    }
    for yes in ["1", "\"1\"", "true", "\"true\"", "2"] {
        assert_eq!(
            status(&format!(r#","in_calls":{yes}"#)).2,
            Some(true),
            "{yes}"
        );
    }
}

#[test]
fn times_are_seconds_and_other_units_are_known_by_their_size() {
    let at = |ts: &str| call(read("call:ring", &format!(r#"{{"id":"a","ts":{ts}}}"#))).at;
    let noon = Some(At(1_763_726_400_000));
    for ts in [
        "1763726400",
        "\"1763726400\"",
        "1763726400.0",
        "1763726400000",
        "\"1763726400000000\"",
        "\" 1763726400 \"",
        "\"2025-11-21T12:00:00Z\"",
    ] {
        assert_eq!(at(ts), noon, "{ts}");
    }
    assert_eq!(at("1763726400.25"), Some(At(1_763_726_400_250)));
    for none in [
        "0", "-1", "\"\"", "null", "\"soon\"", "1e400", "\"NaN\"", "12", "true", "{}",
    ] {
        assert_eq!(at(none), None, "{none}");
    }
}

#[test]
fn what_is_not_given_is_none_in_whatever_way_it_is_not_given() {
    for empty in ["0", "\"0\"", "\"\"", "null", "\" \"", "[]"] {
        let body = format!(
            r#"{{"id":"a","src_user_id":{empty},"dst_user_id":{empty},"queue_id":{empty},"dst_device_id":{empty}}}"#
        );
        let facts = call(read("call:ring", &body)).facts;
        assert_eq!(
            (facts.from_agent, facts.to_agent, facts.queue),
            (None, None, None),
            "{empty}"
        );
        assert_eq!(facts.to_device, None, "{empty}");
    }
    for bad in ["-5", "\"x\"", "1e300", "null", "\"NaN\""] {
        let body = format!(r#"{{"id":"a","waitms":{bad},"cc_wait":{bad}}}"#);
        let facts = call(read("call:end", &body)).facts;
        assert_eq!((facts.wait, facts.queue_wait), (None, None), "{bad}");
    }
}

#[test]
fn either_id_serves_for_both() {
    let event = call(read("call:ring", r#"{"id":"a"}"#));
    assert_eq!((event.call.as_str(), event.leg.as_str()), ("a", "a"));
    let event = call(read("call:ring", r#"{"call_id":"b"}"#));
    assert_eq!((event.call.as_str(), event.leg.as_str()), ("b", "b"));
}

#[test]
fn what_says_nothing_tells_why() {
    let why = |event: &str, body: &str| match read(event, body) {
        Says::Nothing(why) => why.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        why("agent:wrapup", r#"{"user_id":1}"#),
        "the vendor's page does not list this event"
    );
    assert_eq!(
        why("", r#"{"user_id":1}"#),
        "it does not say which event it is"
    );
    assert_eq!(
        why("agent:checkin", r#"{"user_id":0}"#),
        "it has no user_id"
    );
    assert_eq!(
        why("call:end", r#"{"ts":1}"#),
        "it has neither id nor call_id"
    );
    assert_eq!(why("call:end", "[1]"), "its fields cannot be read");
}

#[test]
fn of_queues_without_end_the_first_thousand_count_each_once() {
    let ids: Vec<String> = (0..30_000).map(|n| (n / 2 + 1).to_string()).collect();
    let as_list = format!("[{}]", ids.join(","));
    let as_text = serde_json::Value::from(ids.join(",")).to_string();
    for queues in [as_list, as_text] {
        let body = format!(r#"{{"user_id":17,"queues":{queues}}}"#);
        let AgentNews::Joined(found) = agent(read("queue:join", &body)).1 else {
            panic!("not joined");
        };
        let expected: Vec<String> = (1..=1_000).map(|n| n.to_string()).collect();
        let found: Vec<&str> = found
            .iter()
            .map(holdline::domain::id::QueueId::as_str)
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_is_kept_of_a_call_is_bounded_whatever_is_sent() {
    let long = "Ж".repeat(30_000);
    let facts = |end: &str| {
        let body = format!(
            r#"{{"id": "{long}{end}", "ts": 1763700000, "cid_name": "{long}", "tags": ["{long}"],
                "queue_id": "{long}{end}", "src_user_id": "{long}", "hangup_cause": "{long}"}}"#
        );
        call(read("call:end", &body))
    };
    let (one, other) = (facts("1"), facts("2"));
    assert_ne!((&one.call, &one.leg), (&other.call, &other.leg));
    assert_ne!(one.facts.queue, other.facts.queue);
    let size = serde_json::to_string(&one.facts).unwrap().len() + one.call.as_str().len();
    assert!(size < 2_000, "{size} bytes");
}

#[test]
fn the_queues_of_an_agent_are_bounded_and_stay_apart() {
    let long = "7".repeat(30_000);
    let body = format!(r#"{{"user_id": "17", "queues": ["{long}1", "{long}2"]}}"#);
    let (_, news) = agent(read("queue:join", &body));
    let AgentNews::Joined(queues) = news else {
        panic!("{news:?}")
    };
    assert!(queues.iter().all(|queue| queue.as_str().len() <= 100));
    assert_ne!(queues[0], queues[1]);
}
