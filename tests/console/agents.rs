//! Pane 2: who serves, in which state and since when, and who looks stuck.

mod detailing;
mod doubting;
mod finding;

use holdline::{
    app::{Command, Msg, State, columns::Kind, copy, memory::Memory, state::Theme, update, window},
    domain::{agent::AgentState, record::FileFormat},
};
use insta::assert_snapshot;
use ratatui::{
    layout::Size,
    style::{Color, Modifier},
};
use serde_json::{Value, json};

use super::{
    callbacks::types,
    floor::{self, BAMSE, Floor, busy, comes, deaf, goes_on, hooks, line, passes, text, to_agent},
    screen::{self, play},
    world::now,
};

fn agents(width: u16, height: u16) -> State {
    floor::console(&busy(), width, height, "2")
}

/// Who stands in pane 2.
fn who(state: &State) -> Vec<&str> {
    let rows = state.agents.rows.iter();
    rows.map(|row| row.name.as_str()).collect()
}

/// Whom the cursor is on.
fn on(state: &State) -> &str {
    &state.agents.row().unwrap().name
}

/// The words of a line, without what frames them.
fn words(line: &str) -> Vec<&str> {
    line.split_whitespace()
        .filter(|word| *word != "│" && *word != "|")
        .collect()
}

#[test]
fn beside_who_waits_stands_who_is_free_for_them() {
    let state = floor::console(&busy(), 120, 36, "1");
    let free = |queue: &str| {
        let head = words(&line(&state, "QUEUE  "))
            .iter()
            .position(|word| *word == "FREE");
        let row = line(&state, &format!("│ {queue} "));
        words(&row)[head.unwrap()].to_owned()
    };
    // Two are checked in there, and one of them is on a call.
    assert_eq!(free("desk"), "1");
    assert_eq!(free("orders"), "0");
    // TelecomX tells of no agents.
    assert_eq!(free("support"), "—");
    let polled = super::world::console(super::world::busy(), 120, 36);
    assert!(!text(&polled).contains("FREE"));
}

#[test]
fn every_state_has_a_sign_a_word_and_a_time() {
    let state = agents(80, 24);
    for (name, stands) in [
        ("Jens Vig", "● free 0:41"),
        ("Ole Ry", "» ringing 0:06 +4920304050"),
        ("Anna Holm", "► on call 3:00 +4535203040"),
        ("Mette Krog", "‖ paused 50:00 ◆ over lunch"),
        ("Per Bo", "· out 31:40"),
        ("Ida Lund", "— unknown —"),
        // Nobody has seen it begin, and nobody has given them a name.
        ("23", "● free ≥9:00 mail"),
    ] {
        let line = line(&state, &format!("│ {name}"));
        let stands: Vec<&str> = name.split(' ').chain(stands.split(' ')).collect();
        assert!(words(&line).starts_with(&stands), "{stands:?}\n{line}");
    }
}

#[test]
fn whole_screens() {
    assert_snapshot!("agents_80x24", golden(&agents(80, 24)));
    assert_snapshot!("agents_120x36", golden(&agents(120, 36)));
    assert_snapshot!("agents_200x50", text(&agents(200, 50)));
    assert_snapshot!("agents_60x15", text(&agents(60, 15)));
}

#[test]
fn tiles_mono_and_ascii() {
    let mut state = agents(80, 24);
    play(&mut state, "t j j");
    assert_snapshot!("agents_tiles", golden(&state));
    let mut state = agents(80, 24);
    state.look.theme = Theme::Mono;
    assert_snapshot!("agents_mono", golden(&state));
    state.look.ascii = true;
    assert_snapshot!("agents_ascii", text(&state));
    for keys in ["", "t", "Enter", "Esc 5", "Enter"] {
        play(&mut state, keys);
        assert!(text(&state).is_ascii(), "{}", text(&state));
    }
}

fn golden(state: &State) -> String {
    screen::golden(&screen::draw(state))
}

#[test]
fn the_title_counts_each_state_the_most_useful_first() {
    let mut wide = agents(200, 50);
    play(&mut wide, "z");
    let told = "7 in · 3 free · ◆ 3 odd · 2 on calls · 1 ringing · 1 paused · 1 out · 1 unknown";
    let title = line(&wide, "2 Agents ─");
    assert!(title.contains(told), "{title}");
    let title = line(&agents(120, 36), "2 Agents ");
    assert!(title.contains("7 in · 3 free · ◆ 3 odd"), "{title}");
    let state = agents(80, 24);
    let pane = &state.agents;
    let counts = AgentState::ALL.map(|kind| pane.count(kind));
    assert_eq!(counts, [3, 1, 2, 1, 1, 1]);
    assert_eq!((pane.all(), pane.logged_in()), (9, 7));
    // A search does not change what is counted.
    let mut found = agents(80, 24);
    play(&mut found, "/ l u n c h Enter");
    assert_eq!(line(&found, "2 Agents ─"), line(&state, "2 Agents ─"));
    assert!(text(&found).contains("1 of 9"), "{}", text(&found));
}

#[test]
fn a_pause_has_its_name_and_is_over_when_its_limit_is() {
    let mut state = floor::console(&busy(), 120, 36, "2");
    // 45 minutes and not a second less.
    update(&mut state, Msg::Clock(now().shift(-300_000)));
    assert!(
        line(&state, "Mette Krog").contains("lunch"),
        "{}",
        text(&state)
    );
    assert_eq!(
        (state.agents.over_pause, screen_has(&state, "over pause")),
        (0, false)
    );
    update(&mut state, Msg::Clock(now().shift(-299_000)));
    assert_eq!(state.agents.over_pause, 1);
    assert!(
        line(&state, "Mette Krog").contains("◆ over lu"),
        "{}",
        text(&state)
    );
    assert!(line(&state, "holdline").contains("‖ 1 over pause"));
    state.size = Size::new(80, 24);
    assert!(
        !line(&state, "holdline").contains("over pause"),
        "no room for it"
    );
    goes_on(&mut state, |floor| {
        floor.event(
            "agent:status",
            &json!({"user_id": 19, "pause_id": 0, "in_calls": 0}),
        );
    });
    assert_eq!(state.agents.over_pause, 0);
}

fn screen_has(state: &State, words: &str) -> bool {
    text(state).contains(words)
}

#[test]
fn queues_are_those_joined_less_those_left_and_unknown_is_not_none() {
    let mut state = agents(200, 50);
    play(&mut state, "z");
    let queues = |state: &State, name: &str| {
        let row = state
            .agents
            .rows
            .iter()
            .find(|row| row.name == name)
            .unwrap();
        (row.queues.join(" "), row.queues_known)
    };
    assert_eq!(queues(&state, "Anna Holm"), ("desk orders".into(), true));
    assert_eq!(queues(&state, "23"), (String::new(), false));
    assert!(
        line(&state, "Kim Dahl").contains("none"),
        "checked in, and joined none"
    );
    let told = words(&line(&state, "│ 23 ")).join(" ");
    assert!(told.starts_with("23 ● free ≥9:00 mail — 0 —"), "{told}");
    goes_on(&mut state, |floor| {
        floor.event("queue:leave", &json!({"user_id": 17, "queues": [1]}));
        floor.event("queue:join", &json!({"user_id": 23, "queues": ["2"]}));
    });
    assert_eq!(queues(&state, "Anna Holm"), ("orders".into(), true));
    assert!(
        line(&state, "│ 23 ").contains("orders +?"),
        "{}",
        text(&state)
    );
}

#[test]
fn calls_today_are_counted_once_whatever_their_legs_and_none_for_who_was_never_heard_of() {
    let state = agents(80, 24);
    let calls = |name: &str| {
        let row = state.agents.rows.iter().find(|row| row.name == name);
        row.unwrap().calls
    };
    assert_eq!(calls("Jens Vig"), Some(1));
    assert_eq!(calls("Ole Ry"), Some(0));
    assert_eq!(calls("Ida Lund"), None);
}

#[test]
fn with_whom_is_the_other_one_whoever_called() {
    let mut floor = Floor::new();
    floor
        .at(60)
        .comes_in("17", &["1"])
        .comes_in("18", &["1"])
        .comes_in("20", &["2"]);
    let inside =
        json!({"type": "internal", "src_user_id": 17, "dst_user_id": 18, "dst_num": "218"});
    floor
        .step("ring", "i", "i", &inside)
        .step("answer", "i", "i", &inside);
    let out = json!({"type": "outbound", "src_user_id": 20, "cid_num": "+4570305050", "dst_num": "+4599"});
    floor.step("ring", "o", "o", &out);
    let state = floor::console(&floor, 120, 36, "2");
    let with = |name: &str| {
        let row = state.agents.rows.iter().find(|row| row.name == name);
        row.unwrap().with.clone().unwrap()
    };
    assert_eq!(with("Anna Holm"), "Jens Vig");
    assert_eq!(with("Jens Vig"), "Anna Holm");
    assert_eq!(
        with("Ole Ry"),
        "+4599",
        "whom they dial, not what is shown there"
    );
    // Also in what they did before.
    for (name, other) in [("Anna Holm", "Jens Vig"), ("Jens Vig", "Anna Holm")] {
        let mut state = floor::console(&floor, 120, 36, "2 z /");
        types(&mut state, name.split(' ').next().unwrap());
        // Both are found by either's name.
        while on(&state) != name {
            play(&mut state, "Enter j /");
        }
        let told = details(&mut state, "Enter Enter");
        assert!(
            told.lines()
                .any(|l| l.contains("on call") && l.ends_with(other)),
            "{told}"
        );
    }
}

/// What the details say.
fn details(state: &mut State, keys: &str) -> String {
    let commands = play(state, &format!("{keys} y"));
    let [Command::Copy(text)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    text.clone()
}

/// The details of one agent.
fn details_of(state: &mut State, name: &str) -> String {
    play(state, "Esc 2 g");
    while on(state) != name {
        play(state, "j");
    }
    details(state, "Enter")
}

#[test]
fn rows_are_exported_and_copied_as_scripts_see_them() {
    let mut state = agents(80, 24);
    play(&mut state, "/ j e n s Enter");
    let choices: Vec<String> = copy::choices(&state).into_iter().map(|c| c.words).collect();
    assert_eq!(choices, ["the name Jens Vig", "the row, as JSON"]);
    let commands = play(&mut state, "y j Enter");
    let [Command::Copy(json)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let row: Value = serde_json::from_str(json).unwrap();
    let told = &row[0];
    assert_eq!(
        (&told["state"], &told["for_s"]),
        (&json!("available"), &json!(41))
    );
    assert_eq!(
        (&told["id"], &told["queue_names"]),
        (&json!("18"), &json!(["desk"]))
    );
    play(&mut state, "Esc");
    let commands = play(&mut state, "e Enter");
    let [Command::Export(export)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let mut out = Vec::new();
    export.rows.write(FileFormat::Csv, &mut out).unwrap();
    let csv = String::from_utf8(out).unwrap();
    assert_eq!(csv.lines().count(), 10, "a head, and all nine\n{csv}");
    assert!(csv.contains("Mette Krog") && csv.contains("lunch"), "{csv}");
    play(&mut state, "Y");
    let rows = screen::rows(&screen::draw(&state));
    let told: Vec<String> = rows.iter().map(|row| words(row).join(" ")).collect();
    for row in ["Jens Vig available 0:41 —", "Ida Lund unknown — —"] {
        assert!(told.iter().any(|r| r == row), "{row}\n{told:#?}");
    }
}

#[test]
fn a_screen_held_still_keeps_states_and_times_and_goes_on_with_all_that_came() {
    let mut state = agents(80, 24);
    play(&mut state, "Space");
    let before = line(&state, "│ Jens Vig");
    goes_on(&mut state, |floor| {
        floor.event("agent:checkout", &json!({"user_id": 18}));
        floor.event(
            "agent:status",
            &json!({"user_id": 19, "pause_id": 0, "in_calls": 0}),
        );
    });
    passes(&mut state, 30);
    assert_eq!(line(&state, "│ Jens Vig"), before);
    assert_eq!(state.agents.over_pause, 1);
    play(&mut state, "Space");
    passes(&mut state, 0);
    assert!(
        line(&state, "│ Jens Vig").contains("· out"),
        "{}",
        text(&state)
    );
    assert_eq!(state.agents.over_pause, 0);
}

#[test]
fn times_of_hours_are_whole() {
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 50)] {
        let mut state = agents(width, height);
        update(&mut state, Msg::Clock(now().shift(36_000_000)));
        for (name, time) in [("Kim Dahl", " 12:00:00 "), ("23 ", " ≥10h ")] {
            let line = line(&state, &format!("│ {name}"));
            assert!(line.contains(time), "{width}x{height}\n{line}");
        }
    }
}

#[test]
fn the_same_story_read_from_the_journal_again_makes_the_same_rows() {
    let whole = agents(80, 24);
    let floor = busy();
    let mut bit_by_bit = floor::console(&Floor::new(), 80, 24, "2");
    for entry in floor.entries {
        comes(&mut bit_by_bit, vec![entry]);
    }
    assert_eq!(bit_by_bit.agents.rows, whole.agents.rows);
    assert_eq!(golden(&bit_by_bit), golden(&whole));
    assert!(window::window(&whole).is_none());
}

#[test]
fn a_call_that_comes_ends_and_is_told_of_late_leaves_nobody_ringing() {
    let mut state = agents(80, 24);
    let call = to_agent("1", "18", BAMSE, "Bamse & Kylling");
    let end = json!({"id": "n", "call_id": "n", "ts": now().0 / 1_000 + 9, "hangup_cause": "NORMAL_CLEARING"});
    goes_on(&mut state, |floor| {
        floor.event("call:end", &end).step("ring", "n", "n", &call);
    });
    assert!(
        line(&state, "│ Jens Vig").contains("● free"),
        "{}",
        text(&state)
    );
}
