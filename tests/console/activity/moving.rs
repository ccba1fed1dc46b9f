//! The view follows what is new, until one moves.

use super::*;

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
