//! The day looked at from outside: it is the same however it is stepped
//! through, and it looks like a call center's.

mod callbacks;

use jiff::civil::time;
use proptest::prelude::*;

use super::*;

const HOUR: i64 = 3_600_000;

fn midnight() -> At {
    At::parse("2026-11-20T00:00:00Z").unwrap()
}

fn at_hour(hour: i64) -> At {
    midnight().shift(hour * HOUR)
}

fn waiting(world: &World, queue: QueueNo) -> usize {
    world
        .callers(queue)
        .filter(|call| call.answered().is_none())
        .count()
}

/// The queues' lists, who is doing what and who is to be called back, as text
/// to compare.
fn picture(world: &World) -> String {
    let lists: Vec<Vec<&Call>> = (0..QUEUES.len())
        .map(|queue| world.callers(queue).collect())
        .collect();
    let callbacks: Vec<&Callback> = world.callbacks().collect();
    format!("{lists:#?} {:#?} {callbacks:#?}", world.agents())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_world_is_the_same_in_any_steps(
        seed in any::<u64>(),
        steps in prop::collection::vec(1_i64..400_000, 1..60),
    ) {
        let start = at_hour(9);
        let mut stepped = World::new(seed, start, None);
        let mut to = start;
        for step in steps {
            to = to.shift(step);
            stepped.advance(to);
        }
        let mut leapt = World::new(seed, start, None);
        leapt.advance(to);
        leapt.advance(start);
        prop_assert_eq!(picture(&stepped), picture(&leapt));
    }
}

#[test]
fn another_seed_is_another_day() {
    let world = |seed| picture(&World::new(seed, at_hour(10), None));
    assert_ne!(world(1), world(2));
}

/// Everything worth knowing of a day, seen every ten seconds.
#[derive(Debug, Default)]
struct Report {
    answered_percent: u64,
    asked_callback: u64,
    /// Share of looks at a queue between nine and five with nobody waiting,
    /// with more than six, and with a wait over a minute; and the most.
    empty_percent: u64,
    crowded_percent: u64,
    late_percent: u64,
    most: usize,
    /// Arrivals of the busiest hour, at noon and of the night.
    peak: u64,
    lunch: u64,
    night: u64,
}

fn report(seed: u64) -> Report {
    let mut world = World::new(seed, midnight(), None);
    let arrived =
        |world: &World| -> u64 { (0..QUEUES.len()).map(|q| world.tally(q).arrived).sum() };
    let mut hours = Vec::new();
    let (mut looks, mut empty, mut crowded, mut late) = (0, 0, 0, 0);
    let mut report = Report::default();
    for hour in 0..24 {
        let before = arrived(&world);
        for look in 1..=360 {
            world.advance(at_hour(hour).shift(look * 10_000));
            if !(9..17).contains(&hour) {
                continue;
            }
            for queue in 0..QUEUES.len() {
                let waiting = waiting(&world, queue);
                looks += 1;
                empty += u64::from(waiting == 0);
                crowded += u64::from(waiting > 6);
                late += u64::from(world.callers(queue).any(|call| {
                    call.answered().is_none() && world.now().since(call.entered).as_secs() > 60
                }));
                report.most = report.most.max(waiting);
            }
        }
        hours.push(arrived(&world) - before);
    }
    let tallies: Vec<Tally> = (0..QUEUES.len()).map(|q| world.tally(q)).collect();
    let sum = |count: fn(&Tally) -> u64| tallies.iter().map(count).sum::<u64>();
    report.answered_percent =
        100 * sum(|t| t.answered) / (sum(|t| t.answered) + sum(|t| t.abandoned));
    report.asked_callback = sum(|t| t.asked_callback);
    report.empty_percent = 100 * empty / looks;
    report.crowded_percent = 100 * crowded / looks;
    report.late_percent = 100 * late / looks;
    report.peak = hours[9..12].iter().copied().max().unwrap_or(0);
    report.lunch = hours[12];
    report.night = hours[..5].iter().sum::<u64>() / 5;
    report
}

#[test]
fn the_load_is_believable() {
    for seed in 1..=8 {
        let r = report(seed);
        let told = format!("seed {seed}: {r:?}");
        assert!((80..=98).contains(&r.answered_percent), "{told}");
        assert!((40..=85).contains(&r.empty_percent), "{told}");
        assert!(r.crowded_percent <= 5, "{told}");
        assert!((5..=35).contains(&r.late_percent), "{told}");
        assert!((6..=30).contains(&r.most), "{told}");
        assert!(r.asked_callback > 20, "{told}");
        assert!(r.peak * 10 > r.lunch * 11, "{told}");
        assert!(r.lunch > 10 * r.night, "{told}");
    }
}

#[test]
fn the_first_look_finds_people_waiting_at_any_hour_of_the_clock() {
    let morning = Some(time(10, 20, 0, 0));
    let at_night = midnight().shift(3 * HOUR + 12_345);
    let demo = World::new(1, at_night, morning);
    for queue in 0..QUEUES.len() {
        assert!(waiting(&demo, queue) > 1);
    }
    let lively = (1..=50)
        .filter(|seed| {
            let world = World::new(*seed, at_night, morning);
            (0..QUEUES.len()).any(|queue| waiting(&world, queue) > 0)
        })
        .count();
    assert!(lively >= 40, "{lively} of 50");
}

/// What must hold between agents and calls at any instant.
fn check(world: &World) {
    for call in world.calls.values() {
        let presence = match call.stage {
            Stage::InQueue => continue,
            Stage::Ringing { agent } => (agent, Presence::Ringing(call.no)),
            Stage::Answered {
                agent,
                at,
                listed_until,
            } => {
                let listed = listed_until.since(at).as_millis();
                assert!((1_500..=4_000).contains(&listed));
                (agent, Presence::OnCall(call.no))
            }
        };
        assert_eq!(world.agents()[presence.0].presence, presence.1);
        assert!(world.agents()[presence.0].queues.contains(&call.queue));
    }
    for agent in world.agents() {
        match agent.presence {
            Presence::Ringing(call) | Presence::OnCall(call) => {
                assert!(world.calls.contains_key(&call));
            }
            Presence::Free => assert!(
                world
                    .calls
                    .values()
                    .all(|call| call.stage != Stage::InQueue
                        || !agent.queues.contains(&call.queue)),
                "{} is free while somebody waits",
                agent.name
            ),
            Presence::LoggedOut | Presence::WrapUp | Presence::Paused(_) => {}
        }
    }
}

fn vips(world: &World, queue: QueueNo) -> Vec<CallNo> {
    world
        .callers(queue)
        .filter(|call| call.mood == Mood::Vip && call.stage == Stage::InQueue)
        .map(|call| call.no)
        .collect()
}

#[test]
fn calls_and_agents_agree_and_vip_callers_come_first() {
    let mut world = World::new(3, at_hour(9), None);
    let mut served_vips = 0;
    for second in 0..3 * 3_600 {
        let before = world.clone();
        world.advance(at_hour(9).shift(second * 1_000));
        check(&world);
        for queue in 0..QUEUES.len() {
            let still_waiting = vips(&before, queue)
                .into_iter()
                .any(|vip| vips(&world, queue).contains(&vip));
            for call in before.callers(queue).filter(|c| c.stage == Stage::InQueue) {
                let rings = matches!(
                    world.calls.get(&call.no).map(|c| c.stage),
                    Some(Stage::Ringing { .. })
                );
                if rings && still_waiting {
                    assert_eq!(call.mood, Mood::Vip);
                }
                served_vips += u64::from(rings && call.mood == Mood::Vip);
            }
        }
    }
    assert!(served_vips > 5, "VIP callers were served from the queue");
}

#[test]
fn agents_come_and_go_in_shifts_and_take_their_lunch() {
    let mut world = World::new(4, midnight(), None);
    let on_shift = |world: &World| {
        let out = |agent: &&Agent| agent.presence != Presence::LoggedOut;
        world.agents().iter().filter(out).count()
    };
    let mut lunches = 0;
    let mut staff = Vec::new();
    for minute in 0..24 * 60 {
        world.advance(midnight().shift(minute * 60_000));
        let at_lunch = |agent: &&Agent| agent.presence == Presence::Paused(Pause::Lunch);
        lunches += world.agents().iter().filter(at_lunch).count();
        if minute % 60 == 30 {
            staff.push(on_shift(&world));
        }
    }
    assert_eq!((staff[3], staff[10]), (1, 10));
    assert!(staff[22] < 4, "{staff:?}");
    assert!(lunches > 5 * 25, "{lunches} minutes of lunch");
}
