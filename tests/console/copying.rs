//! Text for the clipboard, and text to select from by hand.

use holdline::{
    app::{Answer, Command, Msg, State, copy, overlay::Overlay, update},
    domain::entry::{Change, Departure, Entry, What},
    runtime::clipboard,
};
use insta::assert_snapshot;
use ratatui::layout::Rect;

use super::{
    callbacks,
    screen::{self, play},
    world::{self, Story, ago, caller},
};

fn callers() -> State {
    world::console(world::busy(), 80, 24)
}

fn choices(state: &State) -> Vec<String> {
    let choices = copy::choices(state).into_iter();
    choices.map(|choice| choice.words).collect()
}

/// What is copied by these keys.
fn copied(state: &mut State, keys: &str) -> String {
    let commands = play(state, keys);
    let [Command::Copy(text)] = commands.as_slice() else {
        panic!("{keys}: {commands:?}")
    };
    text.clone()
}

#[test]
fn the_number_that_one_wants_to_dial_comes_first() {
    let mut state = callers();
    let offered = [
        "the number +4535203040",
        "the name Bamse & Kylling",
        "the row, as JSON",
        "all 6 rows, as CSV",
    ];
    assert_eq!(choices(&state), offered);
    assert_eq!(copied(&mut state, "y Enter"), "+4535203040");
    assert_eq!(state.overlay, Overlay::None);
    assert_eq!(copied(&mut state, "y j Enter"), "Bamse & Kylling");
    play(&mut state, "y");
    assert_snapshot!("copy_menu", part(&state, Rect::new(22, 8, 36, 8)));
    assert_eq!(play(&mut state, "Esc"), []);
}

fn part(state: &State, place: Rect) -> String {
    screen::golden(&screen::crop(&screen::draw(state), place))
}

#[test]
fn a_row_is_copied_as_a_script_would_see_it() {
    let mut state = callers();
    let row: serde_json::Value = serde_json::from_str(&copied(&mut state, "y j j Enter")).unwrap();
    assert_eq!(row[0]["number"], "+4535203040");
    assert_eq!(row[0]["wait_s"], 372);
    assert_eq!(row.as_array().unwrap().len(), 1);
    play(&mut state, "/ s a l e s Enter");
    let rows = copied(&mut state, "y G Enter");
    assert_eq!(rows.lines().count(), 4, "a head, and what is shown: {rows}");
    assert!(rows.contains("+4921155500") && !rows.contains("+4535203040"));
}

#[test]
fn of_a_secret_number_nothing_is_offered() {
    let mut state = callers();
    play(&mut state, "j");
    assert_eq!(choices(&state), ["the row, as JSON", "all 6 rows, as CSV"]);
    let row: serde_json::Value = serde_json::from_str(&copied(&mut state, "y Enter")).unwrap();
    assert_eq!(row[0]["secret"], true);
    assert_eq!(
        (&row[0]["number"], &row[0]["name"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
}

#[test]
fn a_callbacks_number_is_copied_as_it_can_be_dialled() {
    let mut state = callbacks::console(120, 36);
    play(&mut state, "/ n a t i o n a l Esc j x j");
    let row = state.callbacks.callback().unwrap();
    assert_eq!(row.number.as_deref(), Some("21436587"));
    assert_eq!(choices(&state)[0], "the number +4521436587");
    assert_eq!(copied(&mut state, "y Enter"), "+4521436587");
    assert!(copied(&mut state, "y G Enter").lines().count() > 7);
}

#[test]
fn where_no_row_is_there_is_nothing_to_copy() {
    let mut state = world::console(Story::new(), 80, 24);
    let before = state.clone();
    assert_eq!(play(&mut state, "y Y"), []);
    assert_eq!(state, before);
}

#[test]
fn a_window_that_is_read_is_copied_whole() {
    let mut state = callers();
    let text = copied(&mut state, "Enter y");
    for line in [
        "number              +4535203040",
        "name                Bamse & Kylling",
    ] {
        assert!(text.lines().any(|l| l == line), "{text}");
    }
    let lines = holdline::app::window::window(&state).unwrap().lines.len();
    assert_eq!(text.lines().count(), lines, "also what is out of view");
    let help = copied(&mut state, "Esc ? y");
    assert!(help.contains("leave"), "{help}");
}

#[test]
fn by_hand_there_is_nothing_but_the_text() {
    let mut state = callers();
    play(&mut state, "Y");
    assert_snapshot!("by_hand", {
        let rows = screen::rows(&screen::draw(&state));
        let rows = rows.iter().map(|row| row.trim_end().to_owned() + "\n");
        rows.collect::<String>()
    });
    let rows = screen::rows(&screen::draw(&state));
    let frames = ['│', '─', '╭', '╮', '╰', '╯', '|'];
    assert!(!rows.iter().any(|row| row.contains(frames)), "{rows:#?}");
    assert!(rows[0].starts_with("6:12"), "{}", rows[0]);
    // It can be copied too, and left again.
    let text = copied(&mut state, "y");
    assert_eq!(text.lines().count(), 6, "{text}");
    assert!(text.contains("+4535203040"), "{text}");
    play(&mut state, "Esc");
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn details_are_selected_by_hand_too_and_long_ones_scroll() {
    let mut state = world::console(world::busy(), 60, 15);
    play(&mut state, "Enter Y");
    let first = screen::rows(&screen::draw(&state));
    assert!(first[14].contains("j k go on; Esc goes back"), "{first:#?}");
    play(&mut state, "G");
    let last = screen::rows(&screen::draw(&state));
    assert_ne!(first[..14], last[..14]);
    assert_eq!(last[13].trim(), "}", "the end is in view: {last:#?}");
}

#[test]
fn what_became_of_a_copy_is_said() {
    let mut state = callers();
    let told = |state: &mut State, answer| {
        update(state, Msg::Answer(Answer::Copied(answer)));
        state.flash.clone().unwrap().0
    };
    let by = "copied by the terminal; Y to select by hand";
    assert_eq!(told(&mut state, Ok("by the terminal")), by);
    assert_eq!(told(&mut state, Err("no".into())), "no");
}

#[test]
fn more_than_a_terminal_takes_is_refused_with_another_way() {
    let mut story = Story::new();
    for i in 0..1_000 {
        let id = format!("c{i}");
        story.enters("5f1a", caller(&id, "+4520202020", Some("Name"), ago(900)));
    }
    let mut state = world::console(story, 80, 24);
    let all = copied(&mut state, "y G Enter");
    assert!(all.len() > 70_000, "{}", all.len());
    let why = clipboard::osc52(&all).unwrap_err();
    let kilobytes = all.len() / 1000;
    let told = "kB are too much for a clipboard over a terminal; e writes them into a file";
    assert_eq!(why, format!("{kilobytes} {told}"));
    assert_eq!(clipboard::by_tmux(&all).unwrap_err(), why);
}

#[test]
fn what_the_menu_offers_is_copied_though_the_caller_leaves_meanwhile() {
    let mut state = callers();
    play(&mut state, "y");
    let gone = Change::Gone {
        queue: "5f1a".into(),
        id: "46265y784.234-pbx1.example".into(),
        how: Departure::Left,
        waited: None,
    };
    let entry = Entry {
        seq: state.board.upto() + 1,
        at: world::now(),
        site: "aarhus".into(),
        what: What::Change(gone),
    };
    update(&mut state, Msg::Entries(vec![entry]));
    assert_ne!(choices(&state)[0], "the number +4535203040");
    assert_eq!(copied(&mut state, "Enter"), "+4535203040");
}
