//! Pane 5: what comes in, as it comes, and what it changed on the board.

use std::sync::Arc;

use holdline::{
    app::{Command, Msg, State, activity::Logged, copy, memory::Memory, update},
    domain::{
        entry::{Entry, What},
        triage::{Act, Deed},
    },
};
use insta::assert_snapshot;
use ratatui::layout::Size;
use serde_json::{Value, json};

use super::{
    callbacks::{self, does, types},
    floor::{
        self, BAMSE, Floor, busy, comes, deaf, goes_on, hooks, line, listening, queue_call, text,
        to_agent,
    },
    news,
    screen::{self, play},
    world::{self, ago, caller, now},
};

fn activity(width: u16, height: u16) -> State {
    floor::console(&busy(), width, height, "5")
}

/// What the first entries say that they changed.
fn effects(state: &State, count: usize) -> Vec<&str> {
    let rows = state.activity.rows.iter().take(count);
    rows.map(|row| row.effect.as_str()).collect()
}

/// The newest entry.
fn newest(state: &State) -> &Arc<Logged> {
    &state.activity.rows[0]
}

fn title(state: &State) -> String {
    line(state, "5 Activity ─")
}

fn golden(state: &State) -> String {
    screen::golden(&screen::draw(state))
}

#[test]
fn whole_screens() {
    assert_snapshot!("activity_80x24", golden(&activity(80, 24)));
    assert_snapshot!("activity_120x36", golden(&activity(120, 36)));
    assert_snapshot!("activity_200x50", text(&activity(200, 50)));
    assert_snapshot!("activity_60x15", text(&activity(60, 15)));
}

#[test]
fn the_newest_is_first_and_the_view_follows() {
    let mut state = activity(80, 24);
    let seqs: Vec<u64> = state
        .activity
        .rows
        .iter()
        .map(|row| row.entry.seq)
        .collect();
    assert!(seqs.is_sorted_by(|a, b| a > b), "{seqs:?}");
    assert_eq!(seqs[0], state.board.upto());
    for _ in 0..3 {
        goes_on(&mut state, |floor| {
            floor.event("agent:status", &json!({"user_id": 18, "pause_id": 9}));
        });
        assert_eq!(state.activity.selected(), Some(0));
        assert_eq!(newest(&state).entry.seq, state.board.upto());
        assert!(title(&state).contains("following"), "{}", title(&state));
    }
}

/// The rows of the list as they stand on the screen.
fn shown(state: &State) -> Vec<String> {
    let rows = screen::rows(&screen::draw(state));
    let rows = rows.into_iter().filter(|row| row.contains(':'));
    let is_row = |row: &String| row.starts_with("│ 1");
    rows.filter(is_row).collect()
}

/// So many entries come that are about nobody who is on the screen.
fn news_come(state: &mut State, count: usize) {
    goes_on(state, |floor| {
        for i in 0..count {
            let agent = format!("{}", 9_000 + i);
            floor.event("agent:checkout", &json!({"user_id": agent}));
        }
    });
}

#[test]
fn it_stops_when_one_moves_and_what_is_read_stays_where_it_is() {
    let mut state = activity(80, 24);
    play(&mut state, "j j j");
    let (read, on) = (shown(&state), state.activity.row().unwrap().clone());
    for (count, above) in [(1, 4), (7, 11), (400, 411)] {
        news_come(&mut state, count);
        assert_eq!(shown(&state), read, "after {count} more");
        assert_eq!(state.activity.row(), Some(&on));
        let told = format!("stopped, {above} above");
        assert!(title(&state).contains(&told), "{}", title(&state));
    }
    play(&mut state, "g");
    assert!(title(&state).contains("following"), "{}", title(&state));
    assert_ne!(shown(&state), read);
    news_come(&mut state, 1);
    assert_eq!(newest(&state).entry.seq, state.board.upto());
    assert!(shown(&state)[0].contains("agent:checkout"));
}

#[test]
fn a_page_back_is_kept_in_place_too_and_a_smaller_screen_keeps_the_cursor() {
    let mut state = activity(80, 24);
    play(&mut state, "PgDn PgDn k");
    let (read, on) = (shown(&state), state.activity.row().unwrap().clone());
    news_come(&mut state, 50);
    assert_eq!(shown(&state), read);
    for (width, height) in [(60, 15), (200, 50), (1, 1), (80, 24)] {
        update(&mut state, Msg::Resize(Size::new(width, height)));
        assert_eq!(state.activity.row(), Some(&on));
    }
}

#[test]
fn an_entry_that_is_forgotten_leaves_the_cursor_on_a_living_one() {
    let mut state = activity(80, 24);
    play(&mut state, "G");
    assert_eq!(state.activity.row().unwrap().entry.seq, 1);
    news_come(&mut state, 2_500);
    assert_eq!(state.activity.all(), 2_000, "the journal has them all");
    assert_eq!(state.activity.rows.len(), 2_000);
    let first = state.board.upto() - 1_999;
    assert_eq!(state.activity.row().unwrap().entry.seq, first);
    assert!(text(&state).contains("of 2000"), "{}", text(&state));
}

#[test]
fn a_search_goes_on_while_news_come() {
    let mut state = activity(80, 24);
    play(&mut state, "/");
    types(&mut state, "anna answer");
    assert_eq!(
        effects(&state, 9),
        ["Anna Holm ringing → on call, call answered"]
    );
    play(&mut state, "Enter");
    news_come(&mut state, 5);
    assert_eq!(state.activity.rows.len(), 1);
    assert!(text(&state).contains("1 of 66"), "{}", text(&state));
    let anna = to_agent("1", "17", "+4599", "Åse");
    goes_on(&mut state, |floor| {
        floor.step("answer", "n", "n", &anna);
    });
    assert_eq!(state.activity.rows.len(), 2);
    assert_eq!(
        state.activity.selected(),
        Some(0),
        "it follows what is found"
    );
    for (typed, found) in [
        ("turned away", 0),
        ("ase 4599", 1),
        ("orders", 5),
        ("kylling", 4),
        ("aarhus", 30),
    ] {
        play(&mut state, "/ Ctrl-U");
        types(&mut state, typed);
        assert_eq!(state.activity.rows.len(), found, "{typed}");
    }
    play(&mut state, "Ctrl-U");
    types(&mut state, "nothing of the kind");
    let told = "Nothing has all of these words; Esc shows all again.";
    assert!(text(&state).contains(told), "{}", text(&state));
}

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

/// What the details say.
fn details(state: &mut State) -> String {
    let commands = play(state, "Enter y");
    let [Command::Copy(text)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    text.clone()
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
fn time_in_which_nobody_listened_stands_there() {
    let mut state = activity(120, 36);
    goes_on(&mut state, |floor| {
        floor.gap(300);
    });
    let told = "nobody listened from 13:58:27 to 14:03:27: what is older may have changed unseen";
    assert_eq!(newest(&state).effect, told);
    assert!(
        line(&state, "nobody listened").contains("◆ gap"),
        "{}",
        text(&state)
    );
}

#[test]
fn when_nobody_listens_it_is_said_here_too() {
    let mut state = activity(80, 24);
    update(&mut state, Msg::Feeds(vec![(hooks(), deaf(90))]));
    let notice = "✗ team: the receiver cannot listen on 127.0.0.1:8642: address in use";
    assert!(text(&state).contains(notice), "{}", text(&state));
    assert_eq!(state.activity_in_view(), shown(&state).len());
}

#[test]
fn what_was_sent_stands_beside_what_it_says_or_below_it() {
    for (width, height, beside) in [
        (80, 24, false),
        (99, 30, false),
        (100, 30, true),
        (200, 50, true),
    ] {
        let mut state = activity(width, height);
        play(&mut state, "/");
        types(&mut state, "anna c1 answered");
        play(&mut state, "Enter Enter");
        let screen = text(&state);
        let row = screen.lines().find(|l| l.contains("event  ")).unwrap();
        assert_eq!(row.contains('{'), beside, "{width}\n{screen}");
        let told = details(&mut state);
        for fact in [
            "call:answer",
            "Anna Holm",
            "Bamse & Kylling",
            "country             DK",
            "+4570305050",
        ] {
            assert!(told.contains(fact), "{fact}\n{told}");
        }
        for sent in [
            r#""cid_num": "+4535203040""#,
            r#""dst_user_id": "17""#,
            r#""queue_id": "1""#,
        ] {
            assert!(told.contains(sent), "{sent}\n{told}");
        }
    }
    let mut state = activity(120, 36);
    play(&mut state, "Enter");
    assert_snapshot!("event_120x36", golden(&state));
    let mut state = activity(80, 24);
    play(&mut state, "Enter");
    assert_snapshot!("event_80x24", text(&state));
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
fn what_is_polled_and_what_people_do_are_in_it_too() {
    let mut state = activity(120, 36);
    news::enters(
        &mut state,
        "5f1b",
        caller("new", "+4599", Some("Åse"), ago(1)),
    );
    assert_eq!(
        (
            newest(&state).effect.as_str(),
            newest(&state).about.event.as_str()
        ),
        ("waits", "entered")
    );
    assert_eq!(newest(&state).about.queue.as_deref(), Some("sales"));
    let told = details(&mut state);
    for fact in [
        "caller              +4599 Åse",
        "queue               sales",
        "call                new",
    ] {
        assert!(told.contains(fact), "{fact}\n{told}");
    }
    play(&mut state, "Esc");
    news::goes(&mut state, "5f1b", "new");
    assert_eq!(newest(&state).effect, "left");
    let mut state = callbacks::console(120, 36);
    does(&mut state, "c");
    let acted = &state.activity.rows[0];
    assert!(acted.effect.ends_with("by anna"), "{}", acted.effect);
    assert!(matches!(
        &acted.entry.what,
        What::Act(Act {
            deed: Deed::Claim { .. },
            ..
        })
    ));
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

#[test]
fn what_was_there_before_is_at_hand_at_the_start_and_is_not_asked_what_it_changed() {
    let whole = busy();
    let mut state = floor::console(&whole, 120, 36, "5");
    let before = state.activity.rows.clone();
    state.activity = holdline::app::activity::ActivityPane::default();
    let mut entries = whole.entries;
    holdline::vendor::hook::Reader::default().read_all(&mut entries);
    state.recall(entries);
    assert_eq!(state.activity.all(), before.len());
    let pairs = state.activity.rows.iter().zip(&before);
    for (again, first) in pairs {
        let mut about = first.about.clone();
        if about.event == "gone" {
            // Who left was known while they waited.
            about.caller = None;
        }
        assert_eq!((&again.entry, &again.about), (&first.entry, &about));
        assert!(
            !again.effect.contains('→'),
            "nobody knows: {}",
            again.effect
        );
        assert_ne!(again.effect, "nothing new");
    }
    // What came then goes on above it.
    news_come(&mut state, 1);
    assert_eq!(newest(&state).effect, "9000 unknown → out");
}

#[test]
fn a_screen_held_still_holds_this_pane_and_all_that_came_is_told_afterwards() {
    let mut state = activity(80, 24);
    play(&mut state, "Space");
    let before = shown(&state);
    goes_on(&mut state, |floor| {
        floor.event("agent:checkout", &json!({"user_id": 18}));
    });
    goes_on(&mut state, |floor| {
        floor.refused(3);
    });
    assert_eq!(shown(&state), before);
    assert_eq!(state.frozen.as_ref().unwrap().waiting(), 2);
    assert!(!title(&state).contains("turned away"));
    play(&mut state, "Space");
    assert!(
        effects(&state, 2)[1].starts_with("Jens Vig free → out"),
        "{:?}",
        effects(&state, 2)
    );
    assert!(
        title(&state).contains("◆ 3 turned away"),
        "{}",
        title(&state)
    );
}

#[test]
fn one_queue_alone_shows_what_is_about_it_also_of_several() {
    let mut state = activity(80, 24);
    goes_on(&mut state, |floor| {
        floor.event("queue:join", &json!({"user_id": 24, "queues": [1, 2]}));
        floor.event("queue:leave", &json!({"user_id": 24, "queues": [1]}));
    });
    play(&mut state, "w G Enter");
    assert_eq!(state.scope.as_deref(), Some("orders"));
    let told = effects(&state, 1);
    assert_eq!(told, ["Kim Dahl joined desk, orders"]);
    assert!(
        title(&state).contains("only queue orders"),
        "{}",
        title(&state)
    );
    let queues = state
        .activity
        .rows
        .iter()
        .filter_map(|row| row.about.queue.as_deref());
    assert!(queues.into_iter().all(|queue| queue.contains("orders")));
}

#[test]
fn injected_events_are_marked_and_not_counted() {
    let mut floor = busy();
    floor.injected();
    floor.step("start", "t", "t", &queue_call("2", "+4599", "Test"));
    floor.event("agent:checkin", &json!({"user_id": 22}));
    for (width, height) in [(80, 24), (200, 50)] {
        let mut state = floor::console(&floor, width, height, "5");
        for told in ["call:start", "agent:checkin"] {
            assert!(line(&state, told).contains("(test) "), "{}", text(&state));
        }
        assert!(!line(&state, "call:ring").contains("(test)"));
        let told = details(&mut state);
        assert!(
            told.contains("sent by our own injector; not counted"),
            "{told}"
        );
    }
}

#[test]
fn an_entry_is_copied_and_exported_as_scripts_see_it() {
    let mut state = activity(80, 24);
    let offered: Vec<String> = copy::choices(&state).into_iter().map(|c| c.words).collect();
    assert_eq!(
        offered[..3],
        [
            "the number +4920304050",
            "the name 山田太郎",
            "the row, as JSON"
        ]
    );
    let commands = play(&mut state, "y j j Enter");
    let [Command::Copy(json)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let row: Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        (&row[0]["event"], &row[0]["leg_id"]),
        (&json!("call:ring"), &json!("c2b"))
    );
    assert_eq!(row[0]["body"]["cid_name"], "山田太郎");
    play(&mut state, "/ a n s w e r Enter");
    let commands = play(&mut state, "e Enter");
    let [Command::Export(export)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(export.rows.len(), state.activity.rows.len());
    play(&mut state, "Y");
    let by_hand = text(&state);
    assert!(by_hand.contains("call:answer"), "{by_hand}");
    assert!(!by_hand.contains('│'), "{by_hand}");
}

#[test]
fn the_search_is_remembered() {
    let mut state = activity(80, 24);
    play(&mut state, "/ a n n a Enter");
    let memory = Memory::of(&state);
    let mut again = floor::console(&busy(), 80, 24, "");
    memory.restore(&mut again);
    assert_eq!(effects(&again, 99), effects(&state, 99));
}

#[test]
fn kinds_of_a_later_version_are_shown_as_they_are() {
    let mut state = activity(120, 36);
    let seq = state.board.upto() + 1;
    let what = What::Unknown {
        kind: "weather".into(),
        body: r#"{"rain":true}"#.into(),
    };
    let entry = Entry {
        seq,
        at: now(),
        site: "team".into(),
        what,
    };
    comes(&mut state, vec![entry]);
    assert_eq!(newest(&state).about.event, "weather");
    assert!(details(&mut state).contains(r#""rain": true"#));
}

#[test]
fn where_nothing_came_it_says_what_to_do() {
    let state = floor::console(&Floor::new(), 80, 24, "5");
    for told in [
        "Nothing has come yet.",
        "`holdline hooks url` prints what the vendor must be told.",
    ] {
        assert!(text(&state).contains(told), "{}", text(&state));
    }
}
