//! The list of callbacks: as it is found, and as the days go by.

use super::*;

/// Callbacks that wait for a time between these hours from now.
fn due_between(world: &World, from: i64, to: i64) -> usize {
    let now = world.now();
    world
        .callbacks()
        .filter(|callback| callback.progress == Progress::Pending)
        .filter_map(|callback| callback.due)
        .filter(|due| (now.shift(from * HOUR)..now.shift(to * HOUR)).contains(due))
        .count()
}

#[test]
fn the_first_look_finds_a_believable_list_of_callbacks() {
    for seed in 1..=8 {
        let world = World::new(seed, at_hour(10), None);
        let all: Vec<&Callback> = world.callbacks().collect();
        assert!(
            (60..=140).contains(&all.len()),
            "seed {seed}: {}",
            all.len()
        );
        let count = |progress| all.iter().filter(|c| c.progress == progress).count();
        assert!((30..=80).contains(&count(Progress::Pending)), "seed {seed}");
        for progress in [
            Progress::InProgress,
            Progress::Completed,
            Progress::Cancelled,
            Progress::Deleted,
        ] {
            assert!(count(progress) > 0, "seed {seed}: {progress:?}");
        }
        for (from, to) in [(-8, -1), (-1, 1), (1, 8), (16, 32)] {
            assert!(
                due_between(&world, from, to) > 1,
                "seed {seed}: {from} to {to}"
            );
        }
        assert!(all.iter().any(|c| c.due.is_none()), "seed {seed}");
        assert!(all.is_sorted_by_key(|c| c.created), "seed {seed}");
        assert!(all.iter().all(|c| c.created <= world.now()), "seed {seed}");
        let overdue = |c: &&&Callback| {
            c.due
                .is_some_and(|due| world.now().since(due).as_secs() > 60)
        };
        let left = |c: &&&Callback| c.progress == Progress::Pending && c.dialler == Dialler::Pbx;
        assert_eq!(
            all.iter().filter(left).filter(overdue).count(),
            0,
            "seed {seed}"
        );
    }
}

#[test]
fn some_people_are_on_the_list_more_than_once_and_spelt_differently() {
    let subscriber = |number: &str| -> String {
        let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(8)..].iter().collect()
    };
    for seed in 1..=8 {
        let world = World::new(seed, at_hour(10), None);
        let waits = |c: &&Callback| c.progress == Progress::Pending;
        let mut spellings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for callback in world.callbacks().filter(waits) {
            let of_number = spellings.entry(subscriber(&callback.number)).or_default();
            if !of_number.contains(&callback.number.as_str()) {
                of_number.push(&callback.number);
            }
        }
        let several = spellings.values().filter(|s| s.len() > 1).count();
        assert!(several > 1, "seed {seed}: {several}");
    }
}

#[test]
fn missed_callers_and_those_who_asked_get_on_the_list() {
    let mut world = World::new(5, at_hour(9), None);
    let (mut missed, mut asked) = (0, 0);
    for second in 0..2 * 3_600 {
        let before: Vec<Call> = world.calls.values().cloned().collect();
        world.advance(at_hour(9).shift(second * 1_000));
        let listed = |call: &Call, reason: Reason| {
            world.callbacks().any(|callback| {
                Some(&callback.number) == call.who.number.as_ref() && callback.reason == reason
            })
        };
        for call in before
            .iter()
            .filter(|c| c.who.number.is_some() && c.answered().is_none())
        {
            let waited = world.now().since(call.entered).as_secs();
            if !world.calls.contains_key(&call.no) && waited > 12 {
                assert_eq!(listed(call, Reason::Missed), !call.who.secret, "{call:?}");
                missed += 1;
            }
        }
        for call in world
            .calls
            .values()
            .filter(|c| c.mood == Mood::WantsCallback)
        {
            let may = call.who.number.is_some() && !call.who.secret;
            assert_eq!(listed(call, Reason::Asked), may, "{call:?}");
            asked += 1;
        }
    }
    assert!(missed > 5 && asked > 5, "{missed} missed, {asked} asked");
}

#[test]
fn callbacks_are_called_and_end_one_way_or_the_other() {
    let mut world = World::new(6, at_hour(9), None);
    let mut seen: BTreeMap<(CallbackNo, Dialler), Vec<(Progress, u32)>> = BTreeMap::new();
    for step in 0..4 * 360 {
        world.advance(at_hour(9).shift(step * 10_000));
        for callback in world.callbacks() {
            let lives = seen.entry((callback.no, callback.dialler)).or_default();
            let now = (callback.progress, callback.tries);
            if lives.last() != Some(&now) {
                lives.push(now);
            }
        }
    }
    let mut by_pbx = 0;
    for ((_, dialler), life) in &seen {
        for pair in life.windows(2) {
            let ((before, tries), (after, tried)) = (pair[0], pair[1]);
            assert!(!before.is_over(), "{life:?}");
            assert_eq!(
                tried - tries,
                u32::from(after != Progress::InProgress),
                "{life:?}"
            );
        }
        by_pbx += usize::from(*dialler == Dialler::Pbx && life.len() > 1);
    }
    let ends = |progress| {
        seen.values()
            .any(|life| life.len() > 2 && life.last().is_some_and(|last| last.0 == progress))
    };
    assert!(ends(Progress::Completed) && ends(Progress::Cancelled));
    let again =
        |life: &Vec<(Progress, u32)>| life.windows(2).any(|pair| pair[1].0 == Progress::Pending);
    assert!(seen.values().any(again), "nobody is tried again");
    assert!(by_pbx > 10, "{by_pbx}");
}

#[test]
fn the_list_does_not_grow_for_ever_and_nobody_is_called_at_night() {
    let mut world = World::new(7, at_hour(9), None);
    let mut lengths = Vec::new();
    for hour in 9..24 * 14 {
        world.advance(at_hour(hour));
        lengths.push(world.callbacks().count());
        if hour % 24 == 3 {
            let called = |c: &&Callback| c.progress == Progress::InProgress;
            let asked = |c: &&Callback| c.reason == Reason::Asked;
            assert_eq!(
                world
                    .callbacks()
                    .filter(called)
                    .filter(|c| !asked(c))
                    .count(),
                0
            );
        }
    }
    let (first, last) = lengths.split_at(24 * 7);
    let most = |lengths: &[usize]| lengths.iter().copied().max().unwrap_or(0);
    assert!(
        most(last) * 4 < most(first) * 5,
        "{} {}",
        most(first),
        most(last)
    );
    assert!(most(last) < 1_500, "{}", most(last));
}
