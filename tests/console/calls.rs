//! Pane 5 where it shows calls: who waits, rings and talks, what was missed,
//! and every event of a call.

use holdline::{
    app::{Command, Msg, State, calls::rows::Stage, memory::Memory, overlay, update, window},
    domain::{
        record::FileFormat,
        triage::{Act, Added, Deed},
    },
    vendor::hook::Reader,
};
use insta::assert_snapshot;
use serde_json::json;

use super::{
    callbacks,
    floor::{self, Floor, busy, comes, goes_on, line, queue_call, text},
    screen::{self, play},
    world::ago,
};

/// A busy floor, on which one caller gave up.
fn missed() -> Floor {
    let mut floor = busy();
    let karla = queue_call("2", "+4527282930", "Karla Kaas");
    floor.at(400).step("start", "c9", "c9", &karla);
    let end = json!({"hangup_cause": "ORIGINATOR_CANCEL", "canceled": "BREAK_OUT"});
    floor.at(330).step("end", "c9", "c9", &end);
    floor
}

fn calls(width: u16, height: u16) -> State {
    floor::console(&missed(), width, height, "5 t")
}

/// The stages and callers of the rows.
fn rows(state: &State) -> Vec<(Stage, &str)> {
    let rows = state.calls.rows.iter();
    rows.map(|row| (row.stage, row.id.as_str())).collect()
}

#[test]
fn whole_screens() {
    let golden = |state: &State| screen::golden(&screen::draw(state));
    assert_snapshot!("calls_80x24", golden(&calls(80, 24)));
    assert_snapshot!("calls_120x36", golden(&calls(120, 36)));
    assert_snapshot!("calls_200x50", text(&calls(200, 50)));
    let mut state = calls(80, 24);
    state.look.ascii = true;
    assert!(text(&state).is_ascii(), "{}", text(&state));
}

#[test]
fn those_that_go_on_come_first_then_what_was_missed() {
    let mut state = calls(120, 36);
    assert_eq!(
        rows(&state),
        [
            (Stage::Waiting, "c5"),
            (Stage::Ringing, "c2"),
            (Stage::Talking, "c1"),
            (Stage::Missed, "c9"),
            (Stage::Ended, "c3"),
            (Stage::Ended, "c0"),
        ]
    );
    assert!(line(&state, "5 Calls").contains("1 waiting"));
    assert!(line(&state, "5 Calls").contains("1 missed"));
    // By the time they began, and the other way round.
    play(&mut state, "s");
    assert_eq!(rows(&state)[0].1, "c2");
    play(&mut state, "S");
    assert_eq!(rows(&state)[0].1, "c0");
}

#[test]
fn it_is_searched_scoped_remembered_and_left_again() {
    let mut state = calls(120, 36);
    play(&mut state, "/");
    callbacks::types(&mut state, "karla missed");
    play(&mut state, "Enter");
    assert_eq!(rows(&state), [(Stage::Missed, "c9")]);
    let memory = Memory::of(&state);
    play(&mut state, "Esc t");
    assert!(line(&state, "5 Activity").contains("following"));
    assert!(state.calls.rows.is_empty());
    let mut other = floor::console(&missed(), 120, 36, "");
    memory.restore(&mut other);
    assert_eq!(rows(&other), [(Stage::Missed, "c9")]);
}

#[test]
fn news_move_rows_while_it_is_looked_at() {
    let mut state = calls(120, 36);
    goes_on(&mut state, |floor| {
        floor.step("end", "c5", "c5", &json!({"canceled": "BREAK_OUT"}));
    });
    assert_eq!(rows(&state)[0], (Stage::Ringing, "c2"));
    assert!(rows(&state).contains(&(Stage::Missed, "c5")));
}

#[test]
fn the_details_have_every_event_with_the_time_between() {
    let mut state = calls(100, 36);
    play(&mut state, "j j Enter");
    let shown = text(&state);
    for words in [
        "14:00:07.000                      came in   queue desk",
        "14:00:17.000           +10.000 s  rings     Anna Holm",
        "14:00:27.000           +10.000 s  answered  Anna Holm",
        "Leg 2: Anna Holm",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    assert_snapshot!("call_details", screen::golden(&screen::draw(&state)));
    // It goes on while it is read.
    goes_on(&mut state, |floor| {
        floor.step(
            "end",
            "c1",
            "c1b",
            &json!({"hangup_cause": "NORMAL_CLEARING"}),
        );
    });
    assert!(text(&state).contains("ended     Anna Holm"));
}

#[test]
fn a_missed_call_is_put_on_the_list_with_one_key() {
    let mut sites = floor::sites();
    sites.extend(callbacks::empty(80, 24).sites.pop());
    let mut state = State::new(
        sites,
        holdline::domain::board::Board::new(jiff::tz::TimeZone::UTC),
        super::world::now(),
        ratatui::layout::Size::new(120, 36),
    );
    state.me = "anna".into();
    comes(&mut state, missed().entries);
    play(&mut state, "5 t");
    // Who talks is not to be called back.
    play(&mut state, "j j");
    assert_eq!(play(&mut state, "b"), []);
    play(&mut state, "j");
    let commands = play(&mut state, "b");
    let [Command::Act(Act { customer, deed, .. })] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(customer.as_deref(), Some("+4527282930"));
    let Deed::Add { added } = deed else {
        panic!("{deed:?}")
    };
    let expected = Added {
        number: "+4527282930".into(),
        name: Some("Karla Kaas".into()),
        queue: "orders".into(),
        since: ago(400),
    };
    assert_eq!(*added, expected);
    let [Command::Act(act)] = commands.as_slice() else {
        unreachable!()
    };
    let act = act.clone();
    goes_on(&mut state, |floor| {
        floor.tell(holdline::domain::entry::What::Act(act));
    });
    let row = state.calls.row().unwrap();
    assert_eq!(row.why.as_deref(), Some("on the callback list"));
    assert!(rows(&state).contains(&(Stage::Ended, "c9")));
    // Once is enough.
    let selected = state.calls.row().unwrap();
    assert_eq!(selected.id.as_str(), "c9");
    assert_eq!(play(&mut state, "b"), []);
}

#[test]
fn who_was_reached_since_is_missed_no_longer_however_they_are_written() {
    let mut sites = floor::sites();
    sites[1].country = Some("DK".into());
    let reader = Reader::new(&sites);
    let board = holdline::domain::board::Board::new(jiff::tz::TimeZone::UTC);
    let size = ratatui::layout::Size::new(120, 36);
    let mut state = State::new(sites, board, super::world::now(), size);
    let mut floor = Floor::new();
    let karla = queue_call("2", "27282930", "Karla Kaas");
    floor.at(400).step("start", "c9", "c9", &karla);
    floor
        .at(330)
        .step("end", "c9", "c9", &json!({"canceled": "BREAK_OUT"}));
    let hears = |state: &mut State, floor: &Floor, after: usize| {
        let mut entries = floor.entries[after..].to_vec();
        reader.read_all(&mut entries);
        update(state, Msg::Entries(entries));
    };
    hears(&mut state, &floor, 0);
    play(&mut state, "5 t");
    assert!(rows(&state).contains(&(Stage::Missed, "c9")));
    let known = floor.entries.len();
    let reached = floor::to_agent("2", "18", "27282930", "Karla Kaas");
    floor.at(100).step("ring", "c10", "c10", &reached);
    floor.at(90).step("answer", "c10", "c10", &reached);
    hears(&mut state, &floor, known);
    assert!(
        rows(&state).contains(&(Stage::Ended, "c9")),
        "{:?}",
        rows(&state)
    );
}

#[test]
fn what_is_shown_is_copied_and_written() {
    let mut state = calls(120, 36);
    let commands = play(&mut state, "e Enter");
    let [Command::Export(export)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((export.rows.name(), export.rows.len()), ("calls", 6));
    let mut out = Vec::new();
    export.rows.write(FileFormat::Csv, &mut out).unwrap();
    let csv = String::from_utf8(out).unwrap();
    assert!(csv.starts_with("site,call_id,type,queue,from"), "{csv}");
    play(&mut state, "y");
    let overlay::Overlay::Menu(menu) = &state.overlay else {
        panic!("{:?}", state.overlay)
    };
    let choices = window::menu::choices(&state, menu);
    assert_eq!(choices[0], "the number +4521436587");
}

#[test]
fn what_our_own_injector_made_is_marked_at_every_width() {
    let mut floor = missed();
    floor.injected();
    let call = queue_call("1", "+4599", "Invented");
    floor.at(30).step("start", "i", "i", &call);
    for (width, height) in [(60, 15), (80, 24), (200, 50)] {
        let state = floor::console(&floor, width, height, "5 t");
        // Beside the sign of its state.
        let row = line(&state, "○ (test)");
        assert!(row.contains("+4599"), "{width}: {row}");
        assert!(!line(&state, "+4527282930").contains("(test)"), "{width}");
    }
    let state = floor::console(&floor, 200, 50, "5 t");
    assert!(
        line(&state, "○ (test)").contains("waiting"),
        "{}",
        text(&state)
    );
}

#[test]
fn of_a_call_that_goes_out_whom_it_reaches_is_shown() {
    let mut state = calls(80, 24);
    goes_on(&mut state, |floor| {
        let out = json!({
            "type": "outbound", "cid_num": "4570305112", "dst_num": "+4526272829",
            "src_user_id": 18,
        });
        floor.step("ring", "c7", "c7", &out);
    });
    let line = line(&state, "+4526272829");
    assert!(line.contains("» ringing"), "{line}");
    assert!(line.contains("→ +4526272829"), "{line}");
    assert!(line.contains("Jens Vig"), "{line}");
    play(&mut state, "/");
    callbacks::types(&mut state, "26272829");
    play(&mut state, "Enter y");
    let overlay::Overlay::Menu(menu) = &state.overlay else {
        panic!("{:?}", state.overlay)
    };
    assert_eq!(
        window::menu::choices(&state, menu)[0],
        "the number +4526272829"
    );
}
