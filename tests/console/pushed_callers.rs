//! Pane 1 where a site pushes: its queue calls stand beside polled callers.

use holdline::app::{Msg, State, update};
use serde_json::json;

use super::{
    floor::{
        self, BAMSE, Floor, busy, deaf, goes_on, hooks, line, listening, queue_call, text, to_agent,
    },
    screen::play,
    world::{self, ago, now},
};

/// Pane 1's rows as far as they are of the site that pushes.
fn callers(state: &State) -> Vec<(String, String)> {
    let pane = &state.callers;
    let of = |row: &holdline::app::callers::Row| {
        let line = &pane.queues[row.queue()];
        (line.key.site == "team".into()).then(|| (line.queue.name.clone(), row.id().to_string()))
    };
    pane.rows.iter().filter_map(of).collect()
}

#[test]
fn a_queue_call_stands_among_the_callers_from_its_start_until_it_is_answered_or_ends() {
    let mut state = floor::console(&Floor::new(), 80, 24, "1");
    let figures = |state: &State| {
        let line = state
            .callers
            .queues
            .iter()
            .find(|q| q.queue.name == "desk")
            .unwrap();
        (line.waiting(), line.answered, line.left)
    };
    assert_eq!(figures(&state), (0, 0, 0));
    goes_on(&mut state, |floor| {
        floor.at(30).step(
            "start",
            "a",
            "a",
            &queue_call("1", BAMSE, "Bamse & Kylling"),
        );
        floor
            .at(25)
            .step("start", "b", "b", &queue_call("1", "+4599", ""));
    });
    assert_eq!((callers(&state).len(), figures(&state)), (2, (2, 0, 0)));
    let told = line(&state, BAMSE);
    assert!(
        told.contains("0:30") && told.contains("desk") && told.contains('▲'),
        "{told}"
    );
    assert!(line(&state, "1 Callers ─").contains("2 waiting · longest 0:30"));
    goes_on(&mut state, |floor| {
        floor.step("ring", "a", "a2", &to_agent("1", "17", BAMSE, ""));
    });
    assert_eq!(callers(&state).len(), 2, "who is rung for still waits");
    goes_on(&mut state, |floor| {
        floor.step("answer", "a", "a2", &to_agent("1", "17", BAMSE, ""));
        let end =
            json!({"id": "b", "call_id": "b", "ts": now().0 / 1_000, "canceled": "BREAK_OUT"});
        floor.event("call:end", &end);
    });
    assert_eq!((callers(&state), figures(&state)), (vec![], (0, 1, 1)));
}

#[test]
fn polled_and_pushed_callers_stand_together_and_a_queue_without_a_name_has_its_id() {
    let mut floor = busy();
    floor
        .at(300)
        .step("start", "x", "x", &queue_call("77", "+4577", ""));
    floor.at(0);
    let mut state = floor::console(&floor, 80, 24, "1");
    let told = text(&state);
    assert!(line(&state, "+4577").contains(" 77 "), "{told}");
    assert!(line(&state, "+4577").contains("5:00"), "{told}");
    assert_eq!(state.callers.rows.len(), 9);
    let names: Vec<&str> = state
        .callers
        .queues
        .iter()
        .map(|q| q.queue.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["support", "sales", "billing", "desk", "orders", "77"]
    );
    // By wait, whoever tells of them.
    let waits: Vec<_> = state.callers.rows.iter().map(|row| row.began).collect();
    assert!(waits.is_sorted(), "{waits:?}");
    // What was pushed is there in full.
    play(&mut state, "/ 4 5 7 7 Enter Enter");
    assert!(text(&state).contains("Caller in 77"), "{}", text(&state));
}

#[test]
fn one_site_degrades_and_the_other_does_not() {
    let both = |team: i64, aarhus: i64| {
        let mut state = floor::console(&busy(), 120, 36, "1");
        let polled = world::fresh().into_iter();
        let mut feeds: Vec<_> = polled
            .map(|(id, _)| (id, world::answered(ago(aarhus))))
            .collect();
        feeds.push((hooks(), listening(ago(team))));
        update(&mut state, Msg::Feeds(feeds));
        let stale = |name: &str| {
            let line = state.callers.queues.iter().find(|q| q.queue.name == name);
            state.is_stale(&line.unwrap().feed)
        };
        (stale("desk"), stale("support"), line(&state, "holdline"))
    };
    let (desk, support, header) = both(60, 1);
    assert_eq!((desk, support), (true, false));
    assert!(
        header.contains("aarhus ● 1s") && header.contains("team ◐ 1m old"),
        "{header}"
    );
    let (desk, support, header) = both(0, 60);
    assert_eq!((desk, support), (false, true));
    assert!(
        header.contains("aarhus ◐ 1m old") && header.contains("team ● 12/min"),
        "{header}"
    );
    let mut state = floor::console(&busy(), 120, 36, "1");
    update(&mut state, Msg::Feeds(vec![(hooks(), deaf(90))]));
    assert!(
        text(&state).contains("✗ team: the receiver cannot listen"),
        "{}",
        text(&state)
    );
    assert!(line(&state, "holdline").contains("aarhus ● 1s"));
}

#[test]
fn a_caller_our_own_injector_made_is_shown_as_such_and_moves_no_figure() {
    let mut floor = Floor::new();
    floor
        .at(30)
        .step("start", "a", "a", &queue_call("1", BAMSE, "Bamse"));
    floor.injected();
    floor
        .at(400)
        .step("start", "i", "i", &queue_call("1", "+4599", "Invented"));
    let mut state = floor::console(&floor, 120, 24, "1");
    assert_eq!(callers(&state).len(), 2);
    let pane = &state.callers;
    let desk = pane.queues.iter().find(|q| q.queue.name == "desk").unwrap();
    let longest = desk.longest(now()).unwrap().as_secs();
    assert_eq!((desk.waiting(), desk.late(now()), longest), (1, (1, 0), 30));
    let places = pane.rows.iter().map(|row| (row.id(), pane.place(row)));
    assert!(places.eq([("i", None), ("a", Some(1))]));
    assert!(line(&state, "1 Callers ─").contains("1 waiting"));
    assert!(line(&state, "+4599").contains("(test)"), "{}", text(&state));
    assert!(!line(&state, BAMSE).contains("(test)"));
    play(&mut state, "/ v e n t e d Enter");
    assert!(line(&state, "/ vented").contains("1 of 2"));
    play(&mut state, "Esc");
    let pane = &state.callers;
    assert_eq!(pane.rows[0].id(), "i", "the longest wait");
    play(&mut state, "g");
    play(&mut state, "Enter");
    assert!(
        text(&state).contains("sent by our own injector"),
        "{}",
        text(&state)
    );
    // The call may have been heard of before it came into this queue.
    let heard = line(&state, "call heard of");
    assert!(
        heard.contains("first at ") && !text(&state).contains("first seen"),
        "{heard}"
    );
}
