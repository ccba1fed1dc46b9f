//! What an entry says that it changed.

use super::*;

/// What it changed when this came, after all that went before.
fn changed(state: &mut State, event: &str, fields: &Value) -> String {
    goes_on(state, |floor| {
        floor.event(event, fields);
    });
    newest(state).effect.clone()
}

#[test]
fn each_of_the_nine_events_says_what_it_changed() {
    let mut state = floor::console(&Floor::new(), 120, 36, "5");
    let ts = now().0 / 1_000;
    let leg = |id: &str| json!({"id": id, "call_id": "c", "ts": ts, "type": "queue", "queue_id": 1, "cid_num": BAMSE});
    let to_anna = |more: &Value| {
        let mut fields = leg("c2");
        fields["dst_user_id"] = json!(17);
        for (name, value) in more.as_object().unwrap() {
            fields[name] = value.clone();
        }
        fields
    };
    for (event, fields, told) in [
        (
            "agent:checkin",
            json!({"user_id": 17, "device_id": 4, "device_name": "Desk 4"}),
            "Anna Holm unknown → free, at Desk 4",
        ),
        (
            "queue:join",
            json!({"user_id": 17, "queues": [1, 2]}),
            "Anna Holm joined desk, orders",
        ),
        (
            "queue:leave",
            json!({"user_id": 17, "queues": [2]}),
            "Anna Holm left orders",
        ),
        (
            "agent:status",
            json!({"user_id": 17, "activity_id": 2, "pause_id": 0, "in_calls": 0}),
            "Anna Holm mail",
        ),
        (
            "agent:status",
            json!({"user_id": 17, "pause_id": 5}),
            "Anna Holm free → paused, lunch",
        ),
        (
            "agent:status",
            json!({"user_id": 17, "pause_id": 0, "activity_id": 0}),
            "Anna Holm paused → free",
        ),
        ("call:start", leg("c"), "call waiting"),
        (
            "call:ring",
            to_anna(&json!({})),
            "Anna Holm free → ringing, call ringing",
        ),
        (
            "call:answer",
            to_anna(&json!({"cc_wait": 12})),
            "Anna Holm ringing → on call, call answered, waited 0:12",
        ),
        (
            "agent:status",
            json!({"user_id": 17, "pause_id": 0, "activity_id": 0, "in_calls": 1}),
            "nothing new",
        ),
        (
            "agent:status",
            json!({"user_id": 17, "pause_id": 0, "activity_id": 0, "in_calls": 0}),
            "nothing new",
        ),
        // Whoever was at the leg, its end need not say.
        (
            "call:end",
            json!({"id": "c2", "call_id": "c", "ts": ts, "hangup_cause": "NORMAL_CLEARING"}),
            "Anna Holm on call → free, hung up",
        ),
        (
            "call:end",
            json!({"id": "c", "call_id": "c", "ts": ts}),
            "call ended",
        ),
        (
            "agent:checkout",
            json!({"user_id": 17}),
            "Anna Holm free → out",
        ),
        ("agent:checkout", json!({"user_id": 17}), "nothing new"),
    ] {
        assert_eq!(
            changed(&mut state, event, &fields),
            told,
            "{event} {fields}"
        );
        assert!(!newest(&state).odd);
    }
}

#[test]
fn the_end_of_a_call_tells_of_every_agent_who_was_rung_and_why_nobody_came() {
    let mut state = floor::console(&Floor::new(), 120, 36, "5");
    goes_on(&mut state, |floor| {
        floor.comes_in("17", &["1"]).comes_in("18", &["1"]);
        floor.step("start", "c", "c", &queue_call("1", BAMSE, ""));
        floor.step("ring", "c", "l1", &to_agent("1", "17", BAMSE, ""));
        floor.step("ring", "c", "l2", &to_agent("1", "18", BAMSE, ""));
    });
    let ts = now().0 / 1_000;
    let end = json!({"id": "c", "call_id": "c", "ts": ts, "canceled": "BREAK_OUT", "cc_wait": 40});
    let told = "Anna Holm ringing → free, Jens Vig ringing → free, call ended, waited 0:40, caller gave up";
    assert_eq!(changed(&mut state, "call:end", &end), told);
    // An agent who calls their own phone is one agent.
    let own = json!({"id": "o", "call_id": "o", "ts": ts, "src_user_id": 17, "dst_user_id": 17});
    assert_eq!(
        changed(&mut state, "call:ring", &own),
        "Anna Holm free → ringing, call ringing"
    );
}

#[test]
fn what_is_not_understood_is_kept_and_says_why() {
    let mut state = activity(120, 36);
    let body = json!({"user_id": 17, "mood": "grand"});
    let told = changed(&mut state, "agent:sneezed", &body);
    assert_eq!(
        told,
        "kept, not understood: the vendor's page does not list this event"
    );
    assert!(newest(&state).odd);
    assert!(line(&state, "agent:sneezed").contains("◆ agent:sneezed"));
    let sent = details(&mut state);
    assert!(sent.contains(r#""mood": "grand""#), "{sent}");
    play(&mut state, "Esc");
    for (event, fields, why) in [
        (
            "agent:checkin",
            json!({"device_id": 4}),
            "it has no user_id",
        ),
        (
            "call:ring",
            json!({"ts": 1}),
            "it has neither id nor call_id",
        ),
        ("", json!({"hello": 1}), "it does not say which event it is"),
    ] {
        let told = changed(&mut state, event, &fields);
        assert_eq!(told, format!("kept, not understood: {why}"));
    }
    // As the receiver has counted them.
    let mut health = listening(now());
    if let Some(heard) = &mut health.heard {
        (heard.unknown, heard.repeats) = (4, 2);
    }
    update(&mut state, Msg::Feeds(vec![(hooks(), health)]));
    let title = title(&state);
    assert!(title.contains("4 not understood"), "{title}");
    assert!(title.contains("2 sent twice"), "{title}");
}

#[test]
fn requests_that_were_turned_away_stand_there_with_why_whence_and_how_often() {
    let mut state = activity(120, 36);
    goes_on(&mut state, |floor| {
        floor.refused(1).refused(412);
    });
    let told = "turned away: its secret is wrong (from 192.0.2.7, 412 times)";
    assert_eq!(
        effects(&state, 2),
        [told, "turned away: its secret is wrong (from 192.0.2.7)"]
    );
    assert!(
        title(&state).contains("◆ 413 turned away"),
        "{}",
        title(&state)
    );
    assert!(
        line(&state, "turned away: its").contains("◆ refused"),
        "{}",
        text(&state)
    );
    play(&mut state, "/");
    types(&mut state, "192.0.2.7");
    assert_eq!(state.activity.rows.len(), 2);
}

#[test]
fn every_variable_of_the_vendors_page_is_told_in_its_unit() {
    let mut state = floor::console(&Floor::new(), 120, 50, "5");
    let fields = json!({
        "id": "leg", "call_id": "call", "ts": now().0 / 1_000, "site_id": 1, "type": "queue",
        "dst_num": "+4570305050", "src_device_id": 40, "dst_device_id": 41, "src_user_id": 18,
        "dst_user_id": 17, "cid_num": BAMSE, "cid_name": "Bamse", "a2": "DK", "tags": ["gold"],
        "queue_id": 1, "lead_id": 7, "lead_name": "Lead", "campaign_id": 8, "dialer_id": 9,
        "conference_id": 10, "call_script": 11, "waitms": 12_000, "durationms": 93_000,
        "progressms": 2_000, "billms": 61_000, "cc_wait": 14, "hangup_cause": "USER_BUSY",
        "canceled": "TIMEOUT",
    });
    changed(&mut state, "call:end", &fields);
    let told = details(&mut state);
    let said: Vec<String> = told
        .lines()
        .map(|l| {
            l.split("  ")
                .filter(|part| !part.is_empty())
                .take(2)
                .collect::<Vec<_>>()
                .join("=")
        })
        .map(|l| l.replace("= ", "="))
        .collect();
    for fact in [
        "leg=leg",
        "call=call",
        "type=queue",
        "queue=desk",
        "number=+4535203040",
        "name=Bamse",
        "country=DK",
        "dialled=+4570305050",
        "from agent=Jens Vig",
        "to agent=Anna Holm",
        "from device=40",
        "to device=41",
        "waited=0:12",
        "waited in queue=0:14",
        "until it rang=0:02",
        "talked=1:01",
        "lasted=1:33",
        "ended by=busy",
        "not answered=waited longer than the queue allows",
        "site_id=1",
        r#"tags=["gold"]"#,
        "lead_id=7",
        "lead_name=Lead",
        "campaign_id=8",
        "dialer_id=9",
        "conference_id=10",
        "call_script=11",
        "the call now=ended",
    ] {
        assert!(said.iter().any(|l| l == fact), "{fact}\n{said:#?}");
    }
}

#[test]
fn of_a_secret_caller_nothing_is_told() {
    let state = floor::console(
        &Floor::after(world::busy()),
        200,
        50,
        "5 / s e c r e t Enter z",
    );
    assert_eq!(state.activity.rows.len(), 1);
    assert!(
        line(&state, "secret number").contains("waits"),
        "{}",
        text(&state)
    );
    let mut state = state;
    let told = details(&mut state);
    assert!(told.contains(r#""number": null"#), "{told}");
}
