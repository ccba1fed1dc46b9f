//! Pane 2: who serves, in which state and since when, and who looks stuck.

use holdline::{
    app::{
        Command, Msg, State, columns::Kind, copy, memory::Memory, overlay, state::Theme, update,
    },
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
fn what_looks_wrong_stands_in_the_details_with_its_evidence() {
    let mut state = agents(120, 36);
    for (name, evidence) in [
        ("Mette Krog", "paused for 50:00, lunch may last 45:00"),
        ("Kim Dahl", "checked in, but in no queue since 12:03:27"),
        (
            "Lis Toft",
            "says at calls, but the last leg ended at 13:53:27",
        ),
    ] {
        let told = details_of(&mut state, name);
        assert!(
            told.contains(&format!("What looks wrong\n{evidence}\n")),
            "{told}"
        );
    }
    assert!(!details_of(&mut state, "Jens Vig").contains("wrong"));
    assert_eq!(state.agents.suspects, 3);
}

#[test]
fn details_tell_all_and_the_shift_the_latest_first() {
    let mut state = agents(120, 36);
    let told = details_of(&mut state, "Jens Vig");
    for fact in [
        "name                Jens Vig",
        "state               free",
        "since               14:02:46   for 0:41",
        "device              Desk 4",
        "queues              desk",
        "calls today         1",
    ] {
        assert!(told.lines().any(|l| l == fact), "{fact}\n{told}");
    }
    let timeline = told.split("latest first\n").nth(1).unwrap();
    let turns: Vec<String> = timeline.lines().map(|l| words(l).join(" ")).collect();
    assert_eq!(
        turns,
        [
            "14:02:46 free 0:41",
            "13:48:42 on call 14:04 +4586123456 Karen Blixen",
            "13:48:37 ringing 0:05 +4586123456 Karen Blixen",
            "11:03:37 free 2:45:00",
        ]
    );
    let told = details_of(&mut state, "Anna Holm");
    for leg in [
        "+4535203040   came 14:00:07",
        "Anna Holm   rang 14:00:17   answered 14:00:27",
    ] {
        assert!(told.contains(leg), "{told}");
    }
    let told = details_of(&mut state, "Ida Lund");
    assert!(
        told.contains("unknown: no event has told of them yet"),
        "{told}"
    );
    let told = details_of(&mut state, "23");
    assert!(told.contains("it began then or before"), "{told}");
    assert!(told.contains("activity            mail"), "{told}");
    assert!(
        told.contains("— (those joined before we listened are not told)"),
        "{told}"
    );
}

#[test]
fn details_stay_open_when_the_agent_goes_and_tick_meanwhile() {
    let mut state = agents(80, 24);
    play(&mut state, "/ j e n s Enter Enter");
    passes(&mut state, 20);
    assert!(text(&state).contains("for 1:01"), "{}", text(&state));
    goes_on(&mut state, |floor| {
        floor.event("agent:checkout", &json!({"user_id": 18}));
    });
    let told = text(&state);
    assert!(told.contains("state               out"), "{told}");
    assert!(told.contains("queues              none"), "{told}");
    assert!(
        told.contains("14:03:47            out             0:00"),
        "{told}"
    );
}

#[test]
fn agents_are_found_by_state_queue_pause_device_other_party_and_doubt() {
    for (typed, found) in [
        ("on call", vec!["Lis Toft", "Anna Holm"]),
        ("RINGING", vec!["Ole Ry"]),
        ("unknown", vec!["Ida Lund"]),
        ("lunch", vec!["Mette Krog"]),
        ("mail", vec!["23"]),
        ("orders", vec!["Ole Ry", "Anna Holm"]),
        ("desk free", vec!["Kim Dahl", "Jens Vig"]),
        ("520304", vec!["Anna Holm"]),
        ("kylling", vec!["Anna Holm"]),
        ("over lunch", vec!["Mette Krog"]),
        ("team desk 4 jens", vec!["Jens Vig"]),
    ] {
        let mut state = agents(80, 24);
        play(&mut state, "/");
        types(&mut state, typed);
        assert_eq!(who(&state), found, "{typed}");
    }
    let mut state = agents(80, 24);
    play(&mut state, "/ x x x");
    let told = "No agent has all of these words; Esc shows all again.";
    assert!(text(&state).contains(told), "{}", text(&state));
}

#[test]
fn each_column_on_the_screen_sorts_and_what_is_not_known_stands_last_either_way() {
    for (width, height) in [(80, 24), (200, 50)] {
        let mut state = agents(width, height);
        play(&mut state, "z");
        let heads = state.sortable();
        for _ in 0..heads.len() {
            play(&mut state, "s");
            let head = state.agents.listing.sort.by.title();
            assert!(
                text(&state).contains(&format!("{head}↓")),
                "{}",
                text(&state)
            );
            let says_nothing = matches!(head, "STATE" | "FOR" | "CALLS");
            for _ in 0..2 {
                if says_nothing {
                    assert_eq!(
                        who(&state).last(),
                        Some(&"Ida Lund"),
                        "{head}: {:?}",
                        who(&state)
                    );
                }
                play(&mut state, "S");
            }
        }
        assert_eq!(state.agents.listing.sort.by.title(), "STATE");
    }
    let mut state = agents(80, 24);
    let by_state = [
        "Kim Dahl",
        "23",
        "Jens Vig",
        "Ole Ry",
        "Lis Toft",
        "Anna Holm",
        "Mette Krog",
    ];
    assert_eq!(
        who(&state)[..7],
        by_state,
        "the longest first in each state"
    );
    play(&mut state, "s");
    assert_eq!(state.agents.listing.sort.by.title(), "FOR");
    assert_eq!(who(&state)[..3], ["Kim Dahl", "Mette Krog", "Per Bo"]);
    play(&mut state, "S");
    assert_eq!(who(&state)[..3], ["Ole Ry", "Jens Vig", "Anna Holm"]);
}

#[test]
fn one_queue_alone_shows_its_agents_and_counts_only_them() {
    let mut state = agents(80, 24);
    play(&mut state, "w");
    let menu = text(&state);
    let at = [
        "all queues",
        "support",
        "sales",
        "billing",
        "desk",
        "orders",
    ];
    assert!(at.iter().all(|queue| menu.contains(queue)), "{menu}");
    play(&mut state, "G Enter");
    // Nobody has told which queues 23 joined before we listened.
    assert_eq!(who(&state), ["23", "Ole Ry", "Anna Holm"]);
    let title = line(&state, "2 Agents ─");
    assert!(
        title.contains("3 in · only queue orders · 1 free"),
        "{title}"
    );
    play(&mut state, "w j j j j Enter");
    assert_eq!(state.scope.as_deref(), Some("desk"));
    assert!(!who(&state).contains(&"Ole Ry"));
    play(&mut state, "w j Enter");
    assert_eq!(who(&state), ["23"]);
    assert!(line(&state, "2 Agents ─").contains("1 in · only queue support"));
}

#[test]
fn the_cursor_stays_on_its_agent_in_list_and_tiles() {
    for keys in ["", "t"] {
        let mut state = agents(80, 24);
        play(&mut state, keys);
        play(&mut state, "j j");
        assert_eq!(on(&state), "Jens Vig");
        goes_on(&mut state, |floor| {
            floor.event(
                "agent:status",
                &json!({"user_id": 18, "pause_id": 9, "in_calls": 0}),
            );
        });
        assert_eq!(on(&state), "Jens Vig");
        assert!(
            state.agents.selected().unwrap() > 2,
            "they stand elsewhere now"
        );
        assert!(line(&state, "Jens Vig").contains("‖ paused"));
        play(&mut state, "/ j e n s Enter");
        assert_eq!(on(&state), "Jens Vig");
        update(&mut state, Msg::Resize(Size::new(60, 15)));
        assert_eq!(on(&state), "Jens Vig");
    }
}

/// A floor of so many.
fn crowd(count: usize) -> Floor {
    let mut floor = Floor::new();
    floor.at(600);
    for i in 0..count {
        floor.comes_in(&format!("{}", 1_000 + i), &["1"]);
    }
    floor.at(0);
    floor
}

#[test]
fn a_thousand_agents_cost_a_frame_no_more_than_what_is_in_view() {
    let mut state = floor::console(&crowd(1_000), 120, 36, "2 z");
    assert_eq!(
        state.agents.all(),
        1_008,
        "eight of them are configured only"
    );
    let drawn = |state: &State| {
        let rows = text(state);
        rows.lines().filter(|l| l.contains("● free")).count()
    };
    assert_eq!(drawn(&state), 30);
    assert!(text(&state).contains(" 1-30 of 1008 "), "{}", text(&state));
    play(&mut state, "t");
    let tiles = text(&state).matches("● free").count();
    assert_eq!(tiles, state.agents_in_view());
    assert_eq!(tiles, 3 * 31);
    assert!(text(&state).contains(" 1-93 of 1008 "), "{}", text(&state));
    // A page is a whole page, the cursor is on the first of the next.
    play(&mut state, "PgDn");
    assert_eq!((on(&state), state.agents.listing.top), ("1093", 93));
    assert!(
        text(&state).contains(" 94-186 of 1008 "),
        "{}",
        text(&state)
    );
    play(&mut state, "k");
    assert_eq!((on(&state), state.agents.listing.top), ("1092", 0));
    play(&mut state, "G");
    assert_eq!(on(&state), "Per Bo", "the last of the unknown");
    assert!(text(&state).contains("of 1008"), "{}", text(&state));
    for (width, height) in [(1, 1), (60, 15), (61, 16), (95, 24), (200, 50)] {
        update(&mut state, Msg::Resize(Size::new(width, height)));
        assert_eq!(on(&state), "Per Bo");
        if width >= 60 {
            assert!(text(&state).contains("Per Bo"), "in view\n{}", text(&state));
        }
    }
    play(&mut state, "/");
    types(&mut state, "150");
    assert_eq!(
        who(&state).len(),
        11,
        "1150, 1500 to 1509: {:?}",
        who(&state)
    );
}

#[test]
fn what_looks_wrong_has_a_sign_in_tiles_too() {
    let mut state = agents(80, 24);
    play(&mut state, "t");
    for name in ["Mette Krog", "Kim Dahl", "Lis Toft"] {
        assert!(
            text(&state).contains(&format!("◆ {name}")),
            "{}",
            text(&state)
        );
    }
    assert!(!text(&state).contains("◆ Jens"));
}

#[test]
fn when_nobody_listens_it_is_said_and_all_is_dimmed_and_stays() {
    let mut state = agents(80, 24);
    let before = who(&state).len();
    update(&mut state, Msg::Feeds(vec![(hooks(), deaf(90))]));
    let told = text(&state);
    let notice = "✗ team: the receiver cannot listen on 127.0.0.1:8642: address in use";
    assert!(told.contains(notice), "{told}");
    assert!(
        line(&state, "holdline").contains("team ✗ cannot listen 1m"),
        "{told}"
    );
    assert_eq!(who(&state).len(), before);
    assert_eq!(dim(&state, "Jens Vig"), (true, true));
    update(
        &mut state,
        Msg::Feeds(vec![(hooks(), floor::listening(now()))]),
    );
    assert_eq!(dim(&state, "Jens Vig"), (false, false));
    // Its process is gone, and nobody could say so.
    update(&mut state, Msg::Clock(now().shift(60_000)));
    assert_eq!(over_pause_looks(&state), (Color::DarkGray, Color::Yellow));
    assert_eq!(dim(&state, "Jens Vig"), (true, true));
    assert!(
        line(&state, "holdline").contains("team ◐ 1m old"),
        "{}",
        text(&state)
    );
}

/// The colour of "over pause" in the header while nobody listens, and while
/// somebody does.
fn over_pause_looks(state: &State) -> (Color, Color) {
    let mut wide = state.clone();
    wide.size = Size::new(120, 36);
    let looks = |state: &State| {
        let buffer = screen::draw(state);
        let row = &screen::rows(&buffer)[0];
        let before = row.split("over pause").next().unwrap();
        let x = u16::try_from(before.chars().count()).unwrap();
        buffer[(x, 0)].fg
    };
    let unheard = looks(&wide);
    passes(&mut wide, 0);
    (unheard, looks(&wide))
}

/// Whether an agent's name and their state are dimmed.
fn dim(state: &State, name: &str) -> (bool, bool) {
    let buffer = screen::draw(state);
    let rows = screen::rows(&buffer);
    let y = rows
        .iter()
        .position(|row| row.contains(&format!("│ {name}")))
        .unwrap();
    let is_dim = |x: u16| {
        let cell = &buffer[(x, u16::try_from(y).unwrap())];
        cell.modifier.contains(Modifier::DIM) || cell.fg == Color::DarkGray
    };
    let at = rows[y].chars().position(|c| c == '●').unwrap();
    (is_dim(2), is_dim(u16::try_from(at).unwrap() + 2))
}

#[test]
fn after_a_gap_a_state_is_doubted_until_the_agent_is_heard_of_again() {
    let mut state = agents(80, 24);
    goes_on(&mut state, |floor| {
        floor.gap(300);
    });
    assert!(
        line(&state, "│ Jens Vig").contains("● free?"),
        "{}",
        text(&state)
    );
    assert!(
        line(&state, "│ Anna Holm").contains("► on call?"),
        "{}",
        text(&state)
    );
    assert!(
        line(&state, "│ Ida Lund").contains("— unknown "),
        "nothing to doubt"
    );
    assert_eq!(dim(&state, "Jens Vig"), (true, true));
    let told = details_of(&mut state, "Jens Vig");
    let why =
        "doubtful nobody listened from 13:58:27 to 14:03:27, and nothing was heard of them since";
    assert!(words(&told).join(" ").contains(why), "{told}");
    play(&mut state, "Esc");
    goes_on(&mut state, |floor| {
        floor.event(
            "agent:status",
            &json!({"user_id": 18, "pause_id": 0, "in_calls": 0}),
        );
    });
    assert!(
        !line(&state, "│ Jens Vig").contains("free?"),
        "{}",
        text(&state)
    );
    assert!(line(&state, "│ Anna Holm").contains("on call?"));
}

#[test]
fn what_our_own_injector_made_is_marked() {
    let mut floor = busy();
    floor.injected();
    floor.comes_in("22", &["1"]);
    floor.event(
        "agent:status",
        &json!({"user_id": 18, "pause_id": 5, "in_calls": 0}),
    );
    let mut state = floor::console(&floor, 80, 24, "2");
    for name in ["Ida Lund", "Jens Vig"] {
        assert!(
            line(&state, &format!("│ {name}")).contains("(test)"),
            "{}",
            text(&state)
        );
    }
    assert!(line(&state, "│ Jens Vig").contains("lunch"));
    assert!(!line(&state, "│ Anna Holm").contains("(test)"));
    // Jens Vig was free.
    let real = floor::console(&busy(), 80, 24, "2");
    let figures = |state: &State| {
        let pane = &state.agents;
        let count = |of| pane.count(of);
        (
            pane.logged_in(),
            count(AgentState::Available),
            count(AgentState::Paused),
        )
    };
    let (logged_in, free, paused) = figures(&real);
    assert_eq!(figures(&state), (logged_in - 1, free - 1, paused));
    let told = details_of(&mut state, "Jens Vig");
    assert!(told.contains("sent by our own injector"), "{told}");
    // Where two stand in no queue for long, the doubt does not take the mark's place.
    let mut floor = busy();
    floor.injected();
    floor.at(60).comes_in("77", &[]);
    // Who is really paused is rung by a call that is none.
    let call = to_agent("1", "19", "+4599", "Invented");
    floor.at(30).step("ring", "i9", "i9", &call);
    let mut rung = floor::console(&floor, 80, 24, "2");
    assert!(
        line(&rung, "│ 77").contains("(test) ◆ no"),
        "{}",
        text(&rung)
    );
    let paused = line(&rung, "│ Mette Krog");
    assert!(
        paused.contains("‖ paused") && paused.contains("(test) +4599"),
        "{paused}"
    );
    let told = details_of(&mut rung, "Mette Krog");
    assert!(
        told.contains("by our own injector, and not counted"),
        "{told}"
    );
    play(&mut rung, "Esc t");
    assert!(line(&rung, "(test) 77").contains("free"), "{}", text(&rung));
    // A file does not bear the mark: there they are as they really stand.
    play(&mut state, "Esc e");
    let commands = play(&mut state, "Enter");
    let [Command::Export(export)] = commands.as_slice() else {
        panic!("{commands:?}");
    };
    assert_eq!((export.rows.len(), export.left_out), (9, 2));
    let mut json = Vec::new();
    export.rows.write(FileFormat::Json, &mut json).unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&json).unwrap();
    let state_of = |name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        row["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        ["Ida Lund", "Jens Vig"].map(state_of),
        ["unknown", "available"]
    );
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
fn search_order_and_tiles_are_remembered() {
    let mut state = agents(80, 24);
    play(&mut state, "t s S / d e s k Enter");
    let kept = serde_json::to_string(&Memory::of(&state)).unwrap();
    let memory: Memory = serde_json::from_str(&kept).unwrap();
    let mut again = floor::console(&busy(), 80, 24, "");
    memory.restore(&mut again);
    assert_eq!(again.focus, state.focus);
    assert!(again.agents.tiled);
    assert_eq!(again.agents.listing.sort, state.agents.listing.sort);
    assert_eq!(who(&again), who(&state));
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
fn where_nothing_is_known_no_zero_is_told() {
    let state = floor::console(&Floor::new(), 80, 24, "2");
    let title = line(&state, "2 Agents ─");
    assert!(
        !title.contains("0 free") && !title.contains("0 in"),
        "{title}"
    );
    assert!(title.contains("8 unknown"), "{title}");
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
    assert!(overlay::window(&whole).is_none());
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
