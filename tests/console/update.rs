//! `update` by key scripts: what a key press does to the console, and what it
//! asks for.
use std::time::Duration;

use super::{
    screen::play,
    world::{self, Story, ago, caller, now},
};
use holdline::{
    app::{Answer, Command, Msg, State, overlay::Overlay, pane::PaneId, update},
    domain::{
        entry::{Change, Departure},
        fault::{Fault, FaultKind},
    },
};
use ratatui::{
    crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers},
    layout::Size,
};

/// Six callers; the longest wait is the first row.
fn console() -> State {
    world::console(world::busy(), 120, 36)
}

fn selected(state: &State) -> &str {
    let row = &state.callers.rows[state.callers.selected().unwrap()];
    row.id()
}

/// Plays on from where a story ended.
fn tell(state: &mut State, changes: Vec<Change>) {
    let next = state.board.upto() + 1;
    let entries = (next..)
        .zip(changes)
        .map(|(seq, change)| holdline::domain::entry::Entry {
            seq,
            at: now(),
            site: "aarhus".into(),
            what: holdline::domain::entry::What::Change(change),
        });
    update(state, Msg::Entries(entries.collect()));
}

fn goes(id: &str, queue: &str) -> Change {
    Change::Gone {
        queue: queue.into(),
        id: id.into(),
        how: Departure::Left,
        waited: None,
    }
}

#[test]
fn q_and_ctrl_c_leave_wherever_they_are_pressed() {
    for before in ["", "?", "Enter", "3", "z"] {
        for key in ["q", "Ctrl-C"] {
            let mut state = console();
            play(&mut state, before);
            assert_eq!(play(&mut state, key), [Command::Quit], "{before} {key}");
        }
    }
}

#[test]
fn r_asks_for_a_refresh_and_says_what_became_of_it() {
    let mut state = console();
    assert_eq!(play(&mut state, "r"), [Command::Refresh]);
    update(&mut state, Msg::Answer(Answer::Refreshing(3)));
    assert_eq!(state.flash.as_ref().unwrap().0, "asking 3 queues now");
    update(&mut state, Msg::Clock(now().shift(4_999)));
    assert!(state.flash.is_some());
    update(&mut state, Msg::Clock(now().shift(5_000)));
    assert_eq!(state.flash, None);
}

#[test]
fn numbers_and_tab_go_from_pane_to_pane() {
    let mut state = console();
    for (keys, pane) in [
        ("3", PaneId::Callbacks),
        ("Tab", PaneId::Inject),
        ("Tab Tab", PaneId::Callers),
        ("Shift-Tab", PaneId::Activity),
        ("1", PaneId::Callers),
    ] {
        play(&mut state, keys);
        assert_eq!(state.focus, pane, "{keys}");
    }
}

#[test]
fn the_cursor_stays_on_the_caller_not_on_the_row() {
    let mut state = console();
    play(&mut state, "j j");
    let id = selected(&state).to_owned();
    // The longest wait ends: everyone moves up a row.
    tell(&mut state, vec![goes("46265y784.234-pbx1.example", "5f1a")]);
    assert_eq!(selected(&state), id);
    assert_eq!(state.callers.selected(), Some(1));
}

#[test]
fn the_cursor_of_a_caller_who_goes_takes_the_next_row() {
    let mut state = console();
    play(&mut state, "j");
    let next = state.callers.rows[2].id().to_owned();
    let gone = selected(&state).to_owned();
    tell(&mut state, vec![goes(&gone, "5f1a")]);
    assert_eq!(selected(&state), next);
    // The last row's cursor goes to the last that is left.
    play(&mut state, "G");
    let gone = selected(&state).to_owned();
    tell(&mut state, vec![goes(&gone, "5f1b")]);
    assert_eq!(state.callers.selected(), Some(state.callers.rows.len() - 1));
}

#[test]
fn until_it_is_moved_the_cursor_stays_on_whoever_waits_longest() {
    let mut state = console();
    let first = selected(&state).to_owned();
    tell(&mut state, vec![goes(&first, "5f1a")]);
    assert_eq!(state.callers.selected(), Some(0));
    play(&mut state, "j g");
    let old = caller("older", "+4530303030", None, ago(900));
    tell(
        &mut state,
        vec![Change::Entered {
            queue: "5f1c".into(),
            caller: old,
        }],
    );
    assert_eq!(selected(&state), "older");
}

#[test]
fn moves_stop_at_the_ends_and_pages_are_as_high_as_the_list() {
    let mut story = Story::new();
    for i in 0..200 {
        story.enters(
            "5f1a",
            caller(&format!("c{i:03}"), "+4520202020", None, ago(900 - i)),
        );
    }
    let mut state = world::console(story, 80, 24);
    let page = state.caller_rows_in_view();
    assert!(page > 5);
    play(&mut state, "k");
    assert_eq!(state.callers.selected(), Some(0));
    play(&mut state, "PgDn");
    assert_eq!(state.callers.selected(), Some(page));
    assert_eq!(state.callers.listing.top, 1);
    play(&mut state, "G j");
    assert_eq!(state.callers.selected(), Some(199));
    assert_eq!(state.callers.listing.top, 200 - page);
    play(&mut state, "PgUp");
    assert_eq!(state.callers.selected(), Some(199 - page));
    play(&mut state, "Home");
    assert_eq!(
        (state.callers.selected(), state.callers.listing.top),
        (Some(0), 0)
    );
}

#[test]
fn the_selected_row_is_in_view_after_every_resize() {
    let mut story = Story::new();
    for i in 0..60 {
        story.enters(
            "5f1a",
            caller(&format!("c{i:02}"), "+4520202020", None, ago(900 - i)),
        );
    }
    let mut state = world::console(story, 200, 50);
    play(&mut state, "G k k");
    for height in (1..60).rev().chain(1..60) {
        update(&mut state, Msg::Resize(Size::new(80, height)));
        let (top, at) = (state.callers.listing.top, state.callers.selected().unwrap());
        let view = state.caller_rows_in_view();
        if view > 0 {
            assert!(
                top <= at && at < top + view,
                "{height}: {at} not in {top}+{view}"
            );
            assert!(
                top + view <= 60 || top == 0,
                "{height}: blank rows below {top}+{view}"
            );
        }
    }
}

#[test]
fn details_stay_open_on_a_caller_who_goes_and_say_so() {
    let mut state = console();
    play(&mut state, "Enter");
    tell(&mut state, vec![goes("46265y784.234-pbx1.example", "5f1a")]);
    let Overlay::Caller(details) = &state.overlay else {
        panic!("closed")
    };
    assert_eq!(details.gone, Some(now()));
    assert_eq!(details.row.caller.number(), Some("+4535203040"));
    // Keys scroll the details now, not the list behind them.
    let before = state.callers.selected();
    play(&mut state, "j j PgDn");
    assert_eq!(state.callers.selected(), before);
    play(&mut state, "Esc");
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn details_stop_scrolling_at_their_end() {
    let mut state = world::console(world::busy(), 80, 24);
    play(&mut state, "Enter G");
    let end = |state: &State| match &state.overlay {
        Overlay::Caller(details) => details.scroll,
        _ => panic!("closed"),
    };
    let last = end(&state);
    assert!(last > 0);
    play(&mut state, "j j j k");
    assert_eq!(end(&state), last - 1);
}

#[test]
fn a_key_that_makes_no_sense_now_does_nothing() {
    let mut empty = world::console(Story::new(), 120, 36);
    let before = empty.clone();
    assert_eq!(play(&mut empty, "Enter j G PgUp x Esc"), []);
    assert_eq!(empty, before);
    // Only presses count: terminals that tell releases must not act twice.
    let mut state = console();
    let mut release = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
    release.kind = KeyEventKind::Release;
    assert_eq!(update(&mut state, Msg::Key(release)), []);
}

#[test]
fn help_lists_only_the_keys_that_work_now() {
    let lines = |state: &State| {
        let window = holdline::app::window::window(state).unwrap();
        format!("{:?}", window.lines)
    };
    let mut empty = world::console(Story::new(), 120, 36);
    play(&mut empty, "?");
    assert!(!lines(&empty).contains("Enter"));
    let mut busy = console();
    play(&mut busy, "?");
    assert!(lines(&busy).contains("Enter"));
    assert!(lines(&busy).contains("zoom") || lines(&busy).contains("alone on the screen"));
    let mut small = world::console(world::busy(), 80, 24);
    play(&mut small, "?");
    assert!(
        !lines(&small).contains("alone on the screen"),
        "zoom does nothing at 80x24"
    );
}

#[test]
fn counts_begin_again_at_midnight() {
    let mut state = console();
    assert_eq!(state.callers.queues[0].answered, 9);
    update(&mut state, Msg::Clock(now().plus(Duration::from_hours(10))));
    assert_eq!(state.callers.queues[0].answered, 0);
}

#[test]
fn waits_tick_by_arithmetic_and_follow_the_vendors_clock() {
    let mut state = console();
    let longest = |state: &State| state.callers.waits(state.now).unwrap().0.as_secs();
    assert_eq!(longest(&state), 372);
    update(&mut state, Msg::Clock(now().shift(5_000)));
    assert_eq!(longest(&state), 377);
    // The vendor's clock turns out to be a minute ahead of ours.
    let mut feeds = world::fresh();
    feeds[0].1.measured(60_000, Duration::from_millis(1_500));
    update(&mut state, Msg::Feeds(feeds));
    assert_eq!(longest(&state), 437);
    // Our clock is set back an hour: no wait is negative.
    update(&mut state, Msg::Clock(now().shift(-3_600_000)));
    assert_eq!(longest(&state), 0);
}

#[test]
fn feeds_the_configuration_no_longer_has_are_not_told() {
    let mut state = console();
    let mut old = world::answered(ago(99_999));
    old.failed(now(), Fault::new(FaultKind::Auth, "x", "y"));
    update(
        &mut state,
        Msg::Feeds(vec![(world::feed("no such queue"), old)]),
    );
    assert!(!state.is_failing());
}
