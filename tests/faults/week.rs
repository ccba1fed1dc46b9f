//! The whole system under a seeded world (R26, R27): five vendors of the
//! simulator, asked and pushing through faults at fifty times their everyday
//! rate; collector, receiver, console and clients in a process that is killed,
//! restarted, robbed of its disk and given wrong clocks; a console that looks
//! on all week; a second fold of the journal; all on a clock moved by hand. No
//! ghosts, one board however it is folded and equal to what is so, nothing
//! lost that was acknowledged, nothing sent twice, memory and disk flat.
//!
//! * `world`: all of it; `process`, `program`: the program's half
//! * `console`, `asks`: what a console shows and asks
//! * `incidents`: what happens to it
//! * `compare`, `ledger`, `growth`: what is held against it
//!
//! An hour in everyday tests; `HOLDLINE_HOURS=168` is a week.

mod asks;
mod compare;
mod console;
mod growth;
mod incidents;
mod ledger;
mod process;
mod program;
mod world;

use std::collections::BTreeMap;

use holdline::sim::{Fault, Rule};

use crate::sizes::{ran, seed, size};
use growth::{Day, grew};
use incidents::{Incident, Plan, faults, plan};
use process::Process;
use world::{Plant, World};

/// How far the clock is moved at once.
const STEP: i64 = 20_000;
/// Steps of an hour with faults, and then of calm: longer than any back-off.
const ROUGH: usize = 150;
const CALM: usize = 30;
/// Steps between two incidents: longer than each lasts, so that they do not
/// overlap.
const APART: usize = ROUGH / 6;

/// What happened so far, by the kind's name.
type Happened = BTreeMap<&'static str, u32>;

/// An hour with the incidents that the plan has for it.
async fn hour(world: &mut World, hour: i64, plan: &Plan, happened: &mut Happened) {
    faults(&world.sim);
    for (incident, hours) in plan {
        let happens = hours.contains(&(hour % 24));
        let at = world.random.usize(0..8);
        let lasts = world.random.usize(1..12);
        for step in 0..APART {
            if happens && step == at {
                *happened.entry(incident.name()).or_default() += 1;
                incident.begins(world);
            }
            world.pass(STEP).await;
            if happens && step == at + lasts {
                incident.ends(world);
            }
        }
    }
    world.sim.faults().clear();
    for _ in 1..CALM {
        world.pass(STEP).await;
    }
    world.tell("prune");
    // Whoever came meanwhile is asked for.
    world.pass(STEP).await;
}

impl Incident {
    fn name(self) -> &'static str {
        match self {
            Self::Kill => "kills",
            Self::Restart => "restarts",
            Self::NoDisk => "times without a disk",
            Self::Clock(_) => "jumps of the clock",
            Self::Console => "consoles opened",
            Self::Compact => "compactions",
        }
    }

    fn begins(self, world: &mut World) {
        match self {
            Self::Kill => world.program.take().into_iter().for_each(Process::kill),
            Self::Restart => world.program.take().into_iter().for_each(Process::end),
            Self::NoDisk => world.program.iter().for_each(Process::has_no_disk),
            Self::Clock(by) => world.wrong_by = by,
            Self::Console => world.tell("console"),
            Self::Compact => world.tell("compact"),
        }
    }

    fn ends(self, world: &mut World) {
        match self {
            Self::Kill | Self::Restart => world.starts(),
            Self::NoDisk => world.program.iter().for_each(Process::has_a_disk),
            Self::Clock(_) => world.wrong_by = 0,
            Self::Console | Self::Compact => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seeded_week_of_faults_leaves_no_ghosts_and_nothing_that_grows() {
    let hours: i64 = size("HOLDLINE_HOURS", 1);
    let mut world = World::open(seed(), Plant::Nothing).await;
    let (mut days, mut of_day, mut happened) = (Vec::new(), Vec::new(), Happened::new());
    let mut today = Plan::new();
    for number in 0..hours {
        if number % 24 == 0 {
            today = plan(number / 24, &mut world.random);
        }
        hour(&mut world, number, &today, &mut happened).await;
        let wrong = world.wrong(true).await;
        assert_eq!(wrong, [""; 0], "seed {}, hour {number}", seed());
        let memory = world.program.as_ref().unwrap().resident();
        of_day.push((world.watcher.resident(), memory, world.on_disk()));
        if of_day.len() == 24 || number + 1 == hours {
            let most = |of: fn(&(u64, u64, u64)) -> u64| of_day.iter().map(of).max().unwrap();
            let day = Day {
                watcher: of_day.last().unwrap().0,
                collector: most(|sizes| sizes.1),
                disk: most(|sizes| sizes.2),
            };
            tell(&world, number, &day, &happened);
            days.push(day);
            of_day.clear();
        }
    }
    let entries = world.entries();
    assert!(entries > 100, "{entries}");
    assert!(world.acts.len() > 10 && world.ledger.total > 100);
    assert_eq!(grew(&days), [""; 0], "{days:?}");
    for incident in [
        "kills",
        "restarts",
        "times without a disk",
        "jumps of the clock",
    ] {
        assert!(happened.contains_key(incident), "no {incident}");
    }
    ran("R26 R27 hours", usize::try_from(hours).unwrap());
}

/// A line for a day.
fn tell(world: &World, hour: i64, day: &Day, happened: &Happened) {
    let mib = |bytes: u64| format!("{}.{} MiB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20);
    let happened: Vec<String> = happened
        .iter()
        .map(|(n, times)| format!("{times} {n}"))
        .collect();
    println!(
        "day {}, hour {}: {} entries, {} acknowledged, {} created; {}; memory {} looking on, {} collecting; journal {}, board {}; {}; no differences",
        hour / 24 + 1,
        hour % 24 + 1,
        world.entries(),
        world.ledger.total,
        world.acts.len(),
        world.floor(),
        mib(day.watcher),
        mib(day.collector),
        mib(day.disk),
        mib(world.board_size() as u64),
        happened.join(", "),
    );
}

/// A world in which half an hour has passed, and all is well.
async fn well(plant: Plant) -> World {
    let mut world = World::open(7, plant).await;
    for _ in 0..60 {
        world.pass(STEP).await;
    }
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_board_that_missed_an_end_is_found_out() {
    let mut world = well(Plant::Nothing).await;
    assert_eq!(world.wrong(true).await, [""; 0]);
    // Ends are not told any more, and nobody forgives it.
    for end in ["call:end", "hangup"] {
        world.sim.faults().set(Rule::from(Fault::Drop).on(end));
    }
    for _ in 0..15 {
        world.pass(STEP).await;
    }
    world.sim.faults().clear();
    world.pass(STEP).await;
    let wrong = world.wrong(false).await;
    assert!(
        wrong.iter().any(|what| what.contains(" is None, not ")),
        "{wrong:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_fold_that_skips_an_entry_is_found_out() {
    let mut world = well(Plant::Skips(100)).await;
    let wrong = world.wrong(true).await;
    assert!(
        wrong.iter().any(|what| what.contains("a fold of all")),
        "{wrong:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_journal_that_lost_what_was_acknowledged_is_found_out() {
    let mut world = well(Plant::Nothing).await;
    assert_eq!(world.ledger.settle(), [""; 0]);
    let db = rusqlite::Connection::open(world.folder().join("journal.db")).unwrap();
    // Whatever comes is gone before anybody reads it.
    db.execute_batch(
        "CREATE TRIGGER forgets AFTER INSERT ON entry WHEN new.kind = 'hook' AND new.seq % 10 = 0
         BEGIN DELETE FROM entry WHERE seq = new.seq; END",
    )
    .unwrap();
    for _ in 0..15 {
        world.pass(STEP).await;
    }
    let wrong = world.ledger.settle();
    assert!(
        wrong.iter().any(|what| what.contains("stored 0")),
        "{wrong:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_program_that_keeps_everything_is_found_out() {
    let mut world = World::open(7, Plant::Leaks).await;
    let mut days = Vec::new();
    for _ in 0..6 {
        for _ in 0..20 {
            world.pass(STEP).await;
        }
        days.push(Day {
            watcher: world.watcher.resident(),
            collector: world.program.as_ref().unwrap().resident(),
            disk: 1,
        });
    }
    let wrong = grew(&days);
    assert_eq!(wrong.len(), 2, "{wrong:?} of {days:?}");
}
