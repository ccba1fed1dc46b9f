//! Pane 5: what comes in, as it comes, and what it changed on the board.

mod moving;
mod telling;

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

/// What the details say.
fn details(state: &mut State) -> String {
    let commands = play(state, "Enter y");
    let [Command::Copy(text)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    text.clone()
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
