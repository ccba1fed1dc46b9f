//! The bell: heard when somebody grows late, where it was asked for.

use holdline::{
    app::{Command, Msg, State, callbacks::list::Progress, update},
    domain::{
        callback::{Callback, DUE_FOR},
        time::At,
    },
};

use super::{
    callbacks::{self, callback},
    news::{self, ticks},
    screen::play,
    world::{self, Story, ago, caller, now},
};

/// A console with a bell, and callers who are late when their seconds (from
/// now) are over: they wait longer than 20 s then.
fn console(late_after: &[i64]) -> State {
    let mut story = Story::new();
    for seconds in late_after {
        let entered = ago(21 - seconds);
        let id = format!("c{seconds}");
        story.enters("5f1a", caller(&id, "+4520202020", None, entered));
    }
    let mut state = world::console(story, 80, 24);
    state.bell.on = true;
    state
}

/// The seconds of a minute at which it rings.
fn rings(state: &mut State, after: impl Fn(&mut State, At) -> Vec<Command>) -> Vec<i64> {
    let rung = (1..=60).filter(|second| {
        let commands = after(state, now().shift(second * 1000));
        commands.contains(&Command::Bell)
    });
    rung.collect()
}

#[test]
fn it_rings_once_when_somebody_grows_late() {
    assert_eq!(rings(&mut console(&[7]), ticks), [7]);
    assert_eq!(rings(&mut console(&[7, 7, 7, 30]), ticks), [7, 30]);
    // Who was late before is no news.
    assert_eq!(rings(&mut console(&[-100, 0]), ticks), Vec::<i64>::new());
}

#[test]
fn callers_who_come_late_already_ring_once_together() {
    // So many seconds after now a poll brings callers who wait that long then.
    let comes = |at: i64, waits: &'static [i64]| {
        move |state: &mut State, now: At| {
            if now == world::now().shift(at * 1000) {
                for wait in waits {
                    let id = format!("long-{wait}");
                    let entered = now.shift(-wait * 1000);
                    news::enters(state, "5f1b", caller(&id, "+4520202021", None, entered));
                }
            }
            ticks(state, now)
        }
    };
    assert_eq!(rings(&mut console(&[]), comes(40, &[25, 30, 35])), [40]);
    // Also where as many who were late are gone at once.
    let mut state = console(&[-5]);
    let instead = |state: &mut State, now: At| {
        if now == world::now().shift(40_000) {
            news::goes(state, "5f1a", "c-5");
        }
        comes(40, &[30])(state, now)
    };
    assert_eq!(rings(&mut state, instead), [40]);
    // Who was late when the console began is seen without it.
    assert_eq!(
        rings(&mut console(&[]), comes(40, &[70])),
        Vec::<i64>::new()
    );
    // They grow late in their time, and are heard of then.
    assert_eq!(rings(&mut console(&[]), comes(30, &[5])), [46]);
    // It does not ring for what came while nobody asked for it.
    let mut state = console(&[]);
    state.bell.on = false;
    assert_eq!(rings(&mut state, comes(40, &[30])), Vec::<i64>::new());
    state.bell.on = true;
    assert_eq!(ticks(&mut state, now().shift(61_000)), []);
}

#[test]
fn nobody_hears_it_who_did_not_ask() {
    let mut state = console(&[7]);
    state.bell.on = false;
    assert_eq!(rings(&mut state, ticks), Vec::<i64>::new());
}

#[test]
fn it_does_not_ring_more_often_than_every_five_seconds() {
    let mut state = console(&[3, 4, 6, 7, 8, 9, 20]);
    assert_eq!(rings(&mut state, ticks), [3, 8, 20]);
}

#[test]
fn it_keeps_still_about_callers_who_may_have_gone() {
    let stale = |state: &mut State, at: At| update(state, Msg::Clock(at));
    assert_eq!(rings(&mut console(&[30]), stale), Vec::<i64>::new());
}

#[test]
fn it_keeps_still_while_the_screen_does() {
    let mut state = console(&[7, 40]);
    play(&mut state, "Space");
    assert_eq!(rings(&mut state, ticks), Vec::<i64>::new());
    let mut state = console(&[7, 40]);
    let thawed = |state: &mut State, at: At| {
        if [now().shift(5_000), now().shift(20_000)].contains(&at) {
            play(state, "Space");
        }
        ticks(state, at)
    };
    assert_eq!(rings(&mut state, thawed), [40]);
}

#[test]
fn a_callback_that_is_late_is_heard_too() {
    let due_for = i64::try_from(DUE_FOR.as_secs()).unwrap();
    let mut state = callbacks::empty(80, 24);
    state.bell.on = true;
    // Nobody in pane 1 grows late meanwhile.
    state.scope = Some("billing".into());
    play(&mut state, "Space Space");
    let row = || Callback {
        assigned_to: Some("billing".into()),
        ..callback("1", "+4520202020", None, Some(ago(due_for - 12)))
    };
    callbacks::read(&mut state, vec![row()]);
    play(&mut state, "w Esc");
    let rung = rings(&mut state, |state, at| {
        let commands = update(state, Msg::Clock(at));
        for command in &commands {
            if let Command::List { generation, .. } = command {
                let rows = vec![row()];
                let done = Progress::Done { rows, note: None };
                callbacks::news(state, *generation, done);
            }
        }
        commands
    });
    assert_eq!(rung, [12]);
}

#[test]
fn a_clock_that_is_set_rings_at_most_once() {
    let mut state = console(&[7, 30]);
    let hour = 3_600_000;
    assert_eq!(ticks(&mut state, now().shift(hour)), [Command::Bell]);
    assert_eq!(ticks(&mut state, now().shift(-hour)), []);
    // What is late now was late before, by our clock.
    assert_eq!(ticks(&mut state, now().shift(-hour + 1_000)), []);
}
