//! Agents, calls and events under the names that scripts know.

use holdline::domain::{
    entry::{Change, Departure, Entry, What},
    record::{AgentRecord, CallRecord, EventRecord, Fields},
    time::At,
};
use holdline::{
    domain::{
        caller::Raw,
        hook::{Hook, Says},
        site::Vendor,
    },
    vendor::hook::Reader,
};
use serde_json::{Value, json};

use crate::play::{Play, site, time};

fn of<T: Fields>(record: &T) -> Value {
    let value = serde_json::to_value(record).unwrap();
    let names: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(names, T::FIELDS, "in the order of their names");
    value
}

#[test]
fn agents_are_those_configured_and_those_heard_of() {
    let mut play = Play::new();
    let all = AgentRecord::all(&site(), &play.board, play.time());
    assert_eq!(
        all.iter().map(of).collect::<Vec<_>>(),
        [
            json!({"site": "team", "id": "17", "name": "Anna Holm", "device": null,
            "state": "unknown", "reason": null, "since": null, "for_s": null,
            "queues": null, "queue_names": null, "call": null})
        ]
    );
    play.push(
        "agent:checkin",
        &json!({"user_id": 17, "device_id": 71, "device_name": "Desk"}),
    );
    play.push("queue:join", &json!({"user_id": 17, "queues": [1, 9]}));
    play.at(10)
        .push("agent:status", &json!({"user_id": 17, "pause_id": 5}));
    play.push(
        "agent:status",
        &json!({"user_id": 3, "pause_id": 0, "activity_id": 2}),
    );
    play.at(70);
    let all = AgentRecord::all(&site(), &play.board, play.time());
    assert_eq!(
        all.iter().map(of).collect::<Vec<_>>(),
        [
            json!({"site": "team", "id": "17", "name": "Anna Holm", "device": "Desk",
                "state": "paused", "reason": "lunch", "since": "2025-11-21T10:00:10Z", "for_s": 60,
                "queues": ["1", "9"], "queue_names": ["support", "9"], "call": null}),
            json!({"site": "team", "id": "3", "name": null, "device": null,
                "state": "available", "reason": "mail", "since": "2025-11-21T10:00:10Z", "for_s": 60,
                "queues": null, "queue_names": null, "call": null}),
        ]
    );
}

#[test]
fn what_our_own_injector_made_is_left_out_of_agents_and_calls() {
    let mut play = Play::new();
    play.push("agent:checkin", &json!({"user_id": 3}));
    play.push("agent:status", &json!({"user_id": 3, "pause_id": 5}));
    let real = |play: &Play| AgentRecord::all(&site(), &play.board, time(99));
    let before = real(&play);
    let left_out = |play: &Play| -> Vec<(String, String, Option<String>)> {
        let records = AgentRecord::left_out(&site(), &play.board, time(99));
        let told = records.into_iter().map(|r| (r.id, r.state, r.call));
        told.collect()
    };
    assert_eq!(left_out(&play), []);
    // One who is real and paused, one who is configured, one made up.
    play.at(20);
    for (call, agent) in [("i", "3"), ("j", "17"), ("k", "99")] {
        let fields = json!({
            "id": call, "call_id": call, "ts": time(20).0 / 1_000, "dst_user_id": agent,
        });
        play.inject("call:ring", &fields);
    }
    play.inject("agent:checkin", &json!({"user_id": 99}));
    assert_eq!(real(&play), before);
    let told = |id: &str, state: &str, call: &str| (id.into(), state.into(), Some(call.into()));
    assert_eq!(
        left_out(&play),
        [
            told("17", "ringing", "j"),
            told("3", "paused", "i"),
            told("99", "ringing", "k")
        ]
    );
    let calls = |ended| CallRecord::all(&site(), &play.board, ended, time(99));
    assert_eq!((calls(false), calls(true)), (vec![], vec![]));
    assert_eq!(CallRecord::left_out(&site(), &play.board, false), 3);
    // What is real of them afterwards is there again.
    play.at(30).push("agent:checkin", &json!({"user_id": 99}));
    let all = real(&play);
    let found = all.iter().find(|agent| agent.id == "99").unwrap();
    assert_eq!((&*found.state, &found.call), ("available", &None));
    let end = json!({"id": "i", "call_id": "i", "ts": time(31).0 / 1_000});
    play.at(31).inject("call:end", &end);
    assert_eq!(CallRecord::left_out(&site(), &play.board, false), 2);
    assert_eq!(CallRecord::left_out(&site(), &play.board, true), 3);
}

#[test]
fn calls_are_the_live_ones_and_those_that_ended_if_asked_for() {
    let mut play = Play::new();
    let more = json!({"type": "queue", "queue_id": 1, "cid_num": "+4535203040", "cid_name": "Bamse", "dst_num": "70305050"});
    play.step("start", "c", 0, &more);
    play.step("ring", "b", 3, &json!({"dst_user_id": 17}));
    play.step("answer", "b", 8, &json!({}));
    play.step("ring", "x", 9, &json!({"call_id": "x"}));
    play.step(
        "end",
        "x",
        10,
        &json!({"call_id": "x", "hangup_cause": "USER_BUSY"}),
    );
    let live = CallRecord::all(&site(), &play.board, false, play.time());
    assert_eq!(
        live.iter().map(of).collect::<Vec<_>>(),
        [
            json!({"site": "team", "call_id": "c", "type": "queue", "queue": "1",
            "from": "+4535203040", "from_name": "Bamse", "to": "70305050",
            "agent": "17", "agent_name": "Anna Holm", "state": "answered",
            "started": "2025-11-21T10:00:00Z", "answered": "2025-11-21T10:00:08Z", "ended": null,
            "wait_s": 8, "hangup_cause": null, "legs": 2})
        ]
    );
    let all = CallRecord::all(&site(), &play.board, true, play.time());
    assert_eq!(all.len(), 2);
    let ended = of(&all[0]);
    assert_eq!(ended["state"], "ended");
    assert_eq!(ended["hangup_cause"], "USER_BUSY");
    assert_eq!(ended["ended"], "2025-11-21T10:00:10Z");
}

fn event(what: What) -> Value {
    let mut entries = [Entry {
        seq: 7,
        at: time(0),
        site: "team".into(),
        what,
    }];
    Reader::default().read_all(&mut entries);
    of(&EventRecord::new(&entries[0]))
}

fn pushed(event_name: &str, body: &str, injected: bool) -> Value {
    event(What::Hook(Hook {
        vendor: Vendor::Contaqt,
        event: event_name.into(),
        body: Raw::new(body),
        injected,
        says: Says::Unread,
    }))
}

#[test]
fn events_are_the_whole_journal() {
    let ring = r#"{"id": "b", "call_id": "c", "dst_user_id": 17, "queue_id": 1, "own": 1.50}"#;
    assert_eq!(
        pushed("call:ring", ring, false),
        json!({"seq": 7, "at": "2025-11-21T10:00:00Z", "site": "team", "source": "hook",
            "event": "call:ring", "call_id": "c", "leg_id": "b", "agent": "17", "queue": "1",
            "body": {"id": "b", "call_id": "c", "dst_user_id": 17, "queue_id": 1, "own": 1.50}})
    );
    let join = pushed("queue:join", r#"{"user_id": 17, "queues": [1, 2]}"#, true);
    assert_eq!(
        (&join["source"], &join["agent"], &join["queue"]),
        (&json!("injected"), &json!("17"), &json!("1,2"))
    );
    let own = pushed("own:event", "{}", false);
    assert_eq!(
        (&own["event"], &own["agent"]),
        (&json!("own:event"), &json!(null))
    );
    let gone = event(What::Change(Change::Gone {
        queue: "123".into(),
        id: "caller".into(),
        how: Departure::Left,
        waited: Some(std::time::Duration::from_secs(9)),
    }));
    assert_eq!(
        (&gone["source"], &gone["event"], &gone["call_id"]),
        (&json!("poll"), &json!("gone"), &json!("caller"))
    );
    assert_eq!(
        gone["body"],
        json!({"id": "caller", "how": "left", "wait_s": 9})
    );
    let refused = event(What::Refused {
        why: "wrong secret".into(),
        from: "127.0.0.1".into(),
        count: 3,
    });
    assert_eq!(
        (&refused["event"], &refused["body"]["count"]),
        (&json!("refused"), &json!(3))
    );
    let gap = event(What::Gap {
        from: At(0),
        to: time(0),
    });
    assert_eq!(gap["body"]["to"], "2025-11-21T10:00:00Z");
    let unknown = event(What::Unknown {
        kind: "alert".into(),
        body: r#"{"a":1}"#.into(),
    });
    assert_eq!(
        (&unknown["source"], &unknown["event"], &unknown["body"]),
        (&json!("other"), &json!("alert"), &json!({"a": 1}))
    );
}
