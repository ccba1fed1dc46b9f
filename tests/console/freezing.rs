//! The screen held still: what stays, what goes on, and what waits.

use holdline::{
    app::{Command, Msg, State, callbacks::list::Progress, overlay::Overlay, update},
    domain::{
        entry::{Entry, What},
        triage::Standing,
    },
};

use super::{
    callbacks::{self, does, ids},
    news::{enters, goes, gone, tell, ticks, who},
    screen::{self, play},
    world::{self, ago, caller, now},
};

fn callers() -> State {
    world::console(world::busy(), 80, 24)
}

fn header(state: &State) -> String {
    screen::rows(&screen::draw(state)).remove(0)
}

/// Pane 1 as it is drawn, colours included.
fn pane(state: &State) -> String {
    let place = screen::callers_inside(state);
    screen::golden(&screen::crop(&screen::draw(state), place))
}

fn waiting(state: &State) -> usize {
    state.frozen.as_ref().unwrap().waiting()
}

#[test]
fn rows_and_waits_hold_still_and_the_clock_goes_on() {
    let mut state = world::console(world::busy(), 120, 36);
    let before = pane(&state);
    play(&mut state, "Space");
    let first = state.board.upto() + 1;
    tell(
        &mut state,
        first,
        gone("5f1a", "46265y784.234-pbx1.example"),
    );
    tell(
        &mut state,
        first + 1,
        gone("5f1b", "46265y784.239-pbx2.example"),
    );
    ticks(&mut state, now().shift(90_000));
    assert_eq!(pane(&state), before);
    let told = "■ frozen 1m, 2 new";
    assert!(header(&state).contains(told), "{}", header(&state));
    assert!(header(&state).contains("14:04:57"), "{}", header(&state));
    assert!(header(&state).contains("● 0s"), "{}", header(&state));
    play(&mut state, "Space");
    assert_eq!(who(&state), ["236", "235", "237", "238"]);
    assert!(!header(&state).contains("frozen"));
}

#[test]
fn one_may_look_around_in_what_is_held_still() {
    let mut state = callers();
    play(&mut state, "Space j s s / s a l e s Enter");
    assert_eq!(who(&state), ["237", "238", "239"]);
    assert!(state.frozen.is_some());
    assert!(play(&mut state, "y Enter").len() == 1, "it can be copied");
}

#[test]
fn all_that_waited_is_applied_in_order() {
    let changes = |state: &mut State| {
        let first = state.board.upto() + 1;
        let caller = caller("new", "+4599", Some("Åse"), ago(1));
        let queue = "5f1c".into();
        let enters = holdline::domain::entry::Change::Entered { queue, caller };
        tell(state, first, enters);
        tell(state, first + 1, gone("5f1c", "new"));
        tell(state, first + 2, gone("5f1a", "46265y784.236-pbx1.example"));
    };
    let (mut held, mut live) = (callers(), callers());
    play(&mut held, "Space");
    changes(&mut held);
    assert_eq!(waiting(&held), 3);
    play(&mut held, "Space");
    changes(&mut live);
    assert_eq!(held.board, live.board);
    assert_eq!(held.callers, live.callers);
}

#[test]
fn the_cursor_finds_its_caller_again_when_the_screen_goes_on() {
    let mut state = callers();
    play(&mut state, "j j Space");
    goes(&mut state, "5f1a", "46265y784.234-pbx1.example");
    play(&mut state, "Space");
    assert_eq!(super::news::on(&state), "235");
}

#[test]
fn what_people_do_is_seen_at_once_and_once() {
    let mut state = callbacks::console(120, 36);
    play(&mut state, "Space");
    let claim = does(&mut state, "c");
    let stands = |state: &State| {
        let customer = claim.customer.as_ref();
        let triage = &state.board.triage;
        triage.standing(&claim.subject, customer, "anna", state.now)
    };
    assert!(matches!(stands(&state), Standing::Mine(_)));
    let told = state.flash.clone().unwrap().0;
    assert!(told.contains("is yours until"), "{told}");
    state.flash = None;
    play(&mut state, "Space");
    assert!(matches!(stands(&state), Standing::Mine(_)));
    assert_eq!(state.flash, None, "it is not told twice");
    let case = state.board.triage.case(&claim.subject).unwrap();
    assert_eq!(case.history().len(), 1);
}

#[test]
fn lists_wait_too_and_none_is_asked_for() {
    let mut state = callbacks::console(120, 36);
    let commands = play(&mut state, "r Space");
    let [Command::List { generation, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let rows = callbacks::list()[..1].to_vec();
    let done = Progress::Done { rows, note: None };
    callbacks::news(&mut state, *generation, done);
    assert_eq!((ids(&state).len(), waiting(&state)), (5, 1));
    let later = update(&mut state, Msg::Clock(now().shift(600_000)));
    assert_eq!(later, []);
    assert_eq!(ids(&state).len(), 5);
    play(&mut state, "Space");
    assert_eq!(ids(&state), ["1"]);
}

#[test]
fn who_asks_for_news_sees_them() {
    let mut state = callers();
    play(&mut state, "Space");
    goes(&mut state, "5f1a", "46265y784.234-pbx1.example");
    assert_eq!(play(&mut state, "r"), [Command::Refresh]);
    assert!(state.frozen.is_none());
    assert_eq!(who(&state).len(), 5);
}

#[test]
fn another_question_to_the_vendor_ends_it_or_its_answer_would_wait_unseen() {
    let mut state = callbacks::console(120, 36);
    let commands = play(&mut state, "Space f Ctrl-S");
    let [Command::List { generation, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert!(state.frozen.is_none());
    let rows = callbacks::list();
    let done = Progress::Done { rows, note: None };
    callbacks::news(&mut state, *generation, done);
    assert_eq!(ids(&state).len(), 5);
}

#[test]
fn more_than_can_be_held_back_lets_it_go_on_and_says_so() {
    let mut state = callers();
    play(&mut state, "Space");
    let first = state.board.upto() + 1;
    let entry = |i: u64| Entry {
        seq: first + i,
        at: now(),
        site: "aarhus".into(),
        what: What::Change(gone("5f1c", "nobody")),
    };
    let mut last = (0..20_000).map(entry).collect::<Vec<_>>();
    last[0].what = What::Change(gone("5f1a", "46265y784.234-pbx1.example"));
    update(&mut state, Msg::Entries(last));
    assert_eq!((waiting(&state), who(&state).len()), (20_000, 6));
    update(&mut state, Msg::Entries(vec![entry(20_000)]));
    assert!(state.frozen.is_none());
    assert_eq!(who(&state).len(), 5);
    let told = &state.flash.as_ref().unwrap().0;
    assert!(told.contains("the screen goes on"), "{told}");
}

#[test]
fn details_hold_still_with_the_screen() {
    let mut state = callers();
    play(&mut state, "Space Enter");
    let lines = |state: &State| holdline::app::window::window(state).unwrap().lines;
    let before = lines(&state);
    let first = state.board.upto() + 1;
    tell(
        &mut state,
        first,
        gone("5f1a", "46265y784.234-pbx1.example"),
    );
    ticks(&mut state, now().shift(60_000));
    assert_eq!(lines(&state), before);
    play(&mut state, "Esc Space");
    assert_eq!(state.overlay, Overlay::None);
    assert_eq!(who(&state)[0], "236");
}

#[test]
fn what_comes_after_it_went_on_is_seen_at_once() {
    let mut state = callers();
    play(&mut state, "Space Space");
    enters(&mut state, "5f1c", caller("new", "+4599", None, ago(1)));
    assert_eq!(who(&state).len(), 7);
}

#[test]
fn a_snooze_that_runs_out_moves_no_row_while_the_screen_is_held_still() {
    let mut state = callbacks::console(120, 36);
    play(&mut state, "t Ctrl-U");
    callbacks::types(&mut state, "+5m");
    does(&mut state, "Enter");
    assert_eq!(ids(&state).pop(), Some("1"));
    play(&mut state, "Space");
    update(&mut state, Msg::Clock(now().shift(301_000)));
    assert_eq!(ids(&state).pop(), Some("1"));
    play(&mut state, "Space");
    update(&mut state, Msg::Clock(now().shift(302_000)));
    assert_eq!(ids(&state)[0], "1");
}
