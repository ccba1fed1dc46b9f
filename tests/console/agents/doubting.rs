//! What may not be so, and how that is said.

use super::*;

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
fn where_nothing_is_known_no_zero_is_told() {
    let state = floor::console(&Floor::new(), 80, 24, "2");
    let title = line(&state, "2 Agents ─");
    assert!(
        !title.contains("0 free") && !title.contains("0 in"),
        "{title}"
    );
    assert!(title.contains("8 unknown"), "{title}");
}
