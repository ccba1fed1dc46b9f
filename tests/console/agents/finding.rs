//! Search, order, one queue alone, and the cursor.

use super::*;

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
