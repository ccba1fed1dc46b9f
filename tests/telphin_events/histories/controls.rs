//! Folds that go wrong on purpose: what the histories are held against must
//! find them wanting, and finds nothing where nothing was mixed up.

use std::collections::HashSet;

use proptest::{strategy::ValueTree as _, test_runner::TestRunner};

use super::*;

/// How many random days.
const CASES: usize = 200;

/// What a fold that goes wrong makes of what comes.
type Mistake = fn(&mut Vec<Told>);

/// Of how many days a fold makes another picture than the model, when all is
/// told once and in order, and when it is mixed.
fn wanting(mistake: Mistake) -> (usize, usize) {
    let mut runner = TestRunner::deterministic();
    let drawn = (
        plans(),
        0i64..500_000,
        prop::collection::vec(any::<u16>(), 97),
    );
    let (mut in_order, mut mixed) = (0, 0);
    for _ in 0..CASES {
        let (plans, until, dice) = drawn.new_tree(&mut runner).unwrap().current();
        let mut dice = Dice(dice.iter().cycle());
        let mut told = tell(&plans, &mut dice);
        let model = model(&plans, until);
        let differs = |mut told: Vec<Told>| {
            mistake(&mut told);
            let mut board = play();
            hear(&mut board, &told);
            usize::from(shown(&board) != model)
        };
        mixed += differs(mix(&told, until, &mut dice));
        told.retain(|(at, ..)| *at <= until);
        told.sort_by_key(|(at, ..)| *at);
        in_order += differs(told);
    }
    (in_order, mixed)
}

#[test]
fn control_a_fold_that_believes_the_order_of_arrival_is_found_out() {
    // What comes first is taken for what was first.
    let (in_order, mixed) = wanting(|told| {
        let mut times: Vec<i64> = told.iter().map(|(at, ..)| *at).collect();
        times.sort_unstable();
        for (one, at) in told.iter_mut().zip(times) {
            one.0 = at;
        }
    });
    assert_eq!(in_order, 0, "the comparison finds what is not");
    assert!(mixed > CASES / 2, "{mixed} of {CASES}");
}

#[test]
fn control_a_fold_that_knows_nothing_again_is_found_out() {
    // A second telling is taken for another leg's.
    let (in_order, mixed) = wanting(|told| {
        let mut known = HashSet::new();
        for (_, event, leg, _) in told {
            if !known.insert((*event, leg.clone())) {
                leg.push_str("-again");
            }
        }
    });
    assert_eq!(in_order, 0, "the comparison finds what is not");
    assert!(mixed > CASES / 2, "{mixed} of {CASES}");
}

#[test]
fn the_fold_itself_is_not() {
    assert_eq!(wanting(|_| {}), (0, 0));
}
