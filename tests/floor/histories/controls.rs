//! Folds that go wrong on purpose: what the histories are held against must
//! find them wanting, and finds nothing where nothing was mixed up.

use std::collections::HashSet;

use proptest::{strategy::ValueTree as _, test_runner::TestRunner};

use super::*;

/// How many random shifts.
const CASES: usize = 200;

/// A fold of events in the order of their coming.
type Fold = fn(&[(String, Value)]) -> Play;

/// Of how many shifts a fold makes another picture than the model, when all is
/// told once and in order, and when it is mixed.
fn wanting(fold: Fold) -> (usize, usize) {
    let mut runner = TestRunner::deterministic();
    let drawn = (plans(), 0i64..700, prop::collection::vec(any::<u16>(), 60));
    let (mut in_order, mut mixed) = (0, 0);
    for _ in 0..CASES {
        let (plans, until, dice) = drawn.new_tree(&mut runner).unwrap().current();
        let model = model(&plans, &[], until);
        let mut told = tell(&plans, until);
        mixed += usize::from(shown(&fold(&mix(&told, &[], &dice))) != model);
        told.sort_by_key(|(.., at)| *at);
        let mut known = HashSet::new();
        told.retain(|(event, fields, _)| known.insert((event.clone(), fields["id"].to_string())));
        let told: Vec<_> = told.into_iter().map(|(e, f, _)| (e, f)).collect();
        in_order += usize::from(shown(&fold(&told)) != model);
    }
    (in_order, mixed)
}

#[test]
fn control_a_fold_that_believes_the_order_of_arrival_is_found_out() {
    // What comes first is taken for what was first.
    let by_arrival: Fold = |events| {
        let mut times: Vec<i64> = events.iter().map(|e| e.1["ts"].as_i64().unwrap()).collect();
        times.sort_unstable();
        let mut events = events.to_vec();
        for ((_, fields), ts) in events.iter_mut().zip(times) {
            fields["ts"] = ts.into();
        }
        play(&events)
    };
    let (in_order, mixed) = wanting(by_arrival);
    assert_eq!(in_order, 0, "the comparison finds what is not");
    assert!(mixed > CASES / 2, "{mixed} of {CASES}");
}

#[test]
fn control_a_fold_that_knows_nothing_again_is_found_out() {
    // A second telling is taken for another leg.
    let forgetful: Fold = |events| {
        let mut known = HashSet::new();
        let mut events = events.to_vec();
        for (event, fields) in &mut events {
            let id = fields["id"].as_str().unwrap().to_owned();
            if !known.insert((event.clone(), id.clone())) {
                fields["id"] = format!("{id}-again").into();
            }
        }
        play(&events)
    };
    let (in_order, mixed) = wanting(forgetful);
    assert_eq!(in_order, 0, "the comparison finds what is not");
    // Most repeats change nothing that is shown, even so.
    assert!(mixed > CASES / 5, "{mixed} of {CASES}");
}

#[test]
fn the_fold_itself_is_not() {
    assert_eq!(wanting(play), (0, 0));
}
