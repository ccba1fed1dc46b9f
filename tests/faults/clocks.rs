//! Clocks that jump (R21): by an hour, by ten years, over a change of summer
//! time, or stand still while the machine sleeps. No wait is negative, nobody
//! asks or logs in in a storm, nothing is held for years.
//! `HOLDLINE_CLOCKS` histories are drawn.

use std::{path::Path, time::Duration};

use holdline::{
    collector::{Collector, policy},
    config::Config,
    domain::{
        board::Board,
        caller::{Caller, CallerState, Party},
        entry::{Change, Entry, What},
        feed::{FeedHealth, FeedId, Freshness},
        moment::at_wall,
        time::At,
        triage::{Act, Deed, LEASE, Standing, Subject},
    },
    journal::Journal,
};
use jiff::tz::TimeZone;

use crate::{
    clients::QUESTIONS,
    server::{DEADLINE, Hands, Reply, Stub, json, reply},
    sizes::{ran, seed, size},
};

const HOUR: i64 = 3_600_000;
const YEARS: i64 = 10 * 365 * 24 * HOUR;
const START: i64 = 1_774_745_000_000; // an hour before summer time begins in Europe

/// By how much a clock jumps.
fn jump(random: &mut fastrand::Rng) -> i64 {
    match random.u8(..6) {
        0 => HOUR,
        1 => -HOUR,
        2 => YEARS,
        3 => -YEARS,
        // It slept.
        4 => random.i64(HOUR..9 * HOUR),
        _ => random.i64(-90_000..90_000),
    }
}

fn config(folder: &Path, url: &str) -> Config {
    let text = format!(
        "[console]\ntime_zone = \"Europe/Copenhagen\"\n[journal]\npath = \"journal\"\n\
         [[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"{url}\"\n\
         username = \"user\"\npassword = \"pass-canary\"\npoll = \"2s\"\nqueues = [\"q1\", \"q2\"]\n"
    );
    Config::parse(&text, folder, &|_| None).unwrap()
}

/// Asks as the collecting task does, for ten minutes of time that no clock
/// tells, while the clock jumps so; how often was asked and logged in, and the
/// delays.
async fn asked(seed: u64, jumps: usize, fails: bool) -> (usize, usize, Vec<Duration>) {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::default();
    hands.set_ms(START);
    let clock = hands.clock();
    let by_vendor = clock.clone();
    let stub = Stub::serve(move |request| {
        if QUESTIONS[1].is_asked_by(request) {
            return Reply::Bytes(QUESTIONS[1].answer());
        }
        let date = by_vendor()
            .timestamp()
            .strftime("date: %a, %d %b %Y %H:%M:%S GMT")
            .to_string();
        if fails {
            return Reply::Bytes(reply("429 Too Many", &["retry-after: 30", &date], ""));
        }
        Reply::Bytes(json("[]"))
    })
    .await;
    let config = config(folder.path(), &stub.url);
    let journal = Journal::open(&folder.path().join("journal")).unwrap();
    let mut collector = Collector::open(&config, journal, DEADLINE, &clock)
        .await
        .unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut due: Vec<(FeedId, Duration)> = collector
        .feeds()
        .into_iter()
        .map(|id| (id, Duration::ZERO))
        .collect();
    let end = Duration::from_mins(10);
    let mut when: Vec<Duration> = (0..jumps).map(|_| end.mul_f64(random.f64())).collect();
    when.sort();
    let (mut when, mut wall, mut passed) = (when.into_iter().peekable(), START, Duration::ZERO);
    let mut delays = Vec::new();
    loop {
        let next = due
            .iter()
            .enumerate()
            .min_by_key(|(_, (_, at))| *at)
            .unwrap()
            .0;
        let (feed, at) = due[next].clone();
        if at > end {
            break;
        }
        wall += i64::try_from(at.saturating_sub(passed).as_millis()).unwrap();
        passed = passed.max(at);
        while when.next_if(|jump| *jump <= at).is_some() {
            wall = (wall + jump(&mut random)).clamp(-YEARS, START + 5 * YEARS);
        }
        hands.set_ms(wall);
        let told = collector.question(&feed, &clock).unwrap().ask().await;
        let after = collector.hear(told, random.f64()).await.unwrap().after;
        delays.push(after);
        due[next].1 = passed + after;
        let now = At(wall);
        for (_, health) in collector.health() {
            is_sane(&health, now);
        }
    }
    (stub.count("GET "), stub.count("POST "), delays)
}

/// An age that is known is no longer than the history.
fn is_sane(health: &FeedHealth, now: At) {
    if let Freshness::Fresh(age) = health.freshness(now) {
        assert!(age <= health.late_after(), "{age:?}");
    }
}

#[tokio::test]
async fn no_jump_of_the_clock_stops_or_storms_a_feed() {
    let cases = size("HOLDLINE_CLOCKS", 12);
    for case in 0..cases {
        let fails = case % 3 == 2;
        let jumps = 1 + case % 7;
        let seed = seed() * 1_000 + case as u64;
        let (lists, logins, delays) = asked(seed, jumps, fails).await;
        let longest = policy::LONGEST_RATE_LIMIT + Duration::from_secs(3);
        let least = Duration::from_millis(500);
        let is_in_bounds = |delay: &Duration| (least..=longest).contains(delay);
        assert!(delays.iter().all(is_in_bounds), "seed {seed}: {delays:?}");
        // Two queues, every two seconds; a little more where a clock ran.
        assert!(lists <= 640, "seed {seed}: {lists} in ten minutes");
        assert!(fails || lists >= 500, "seed {seed}: {lists} in ten minutes");
        // One for each jump at most, and those that are due.
        assert!(
            logins <= 3 + 2 * jumps,
            "seed {seed}: {logins} logins for {jumps} jumps"
        );
    }
    ran("R21 feeds", cases);
}

fn caller(entered: At) -> Caller {
    Caller {
        id: "a".into(),
        state: CallerState::Queued,
        party: Party::Open {
            number: None,
            name: None,
        },
        entered: Some(entered),
        answered: None,
        presentation: None,
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    }
}

#[test]
fn waits_claims_and_days_stand_every_jump() {
    let cases = size("HOLDLINE_CLOCKS", 12) * 50;
    let mut random = fastrand::Rng::with_seed(seed());
    let zone = TimeZone::get("Europe/Copenhagen").unwrap();
    for case in 0..cases {
        let then = At(START)
            .shift(jump(&mut random))
            .shift(random.i64(0..HOUR));
        let now = then.shift(jump(&mut random));
        let mut board = Board::new(zone.clone());
        let subject = Subject {
            site: "s".into(),
            id: "1".into(),
        };
        let claim = Act {
            subject: subject.clone(),
            also: [].into(),
            customer: None,
            who: "anna".into(),
            deed: Deed::Claim {
                until: then.plus(LEASE),
                status: None,
            },
        };
        let entered = Change::Entered {
            queue: "q".into(),
            caller: caller(then),
        };
        for (seq, what) in [What::Change(entered), What::Act(claim)]
            .into_iter()
            .enumerate()
        {
            board.apply(&Entry {
                seq: seq as u64 + 1,
                at: then,
                site: "s".into(),
                what,
            });
        }
        for key in board.queues() {
            for waiting in board.queue(key).unwrap().callers() {
                let wait = waiting.wait(now, 0);
                assert_eq!(wait, now.since(then), "case {case}");
                assert!(!holdline::domain::time::wait(wait).contains('-'));
            }
        }
        // Nobody waits for years until a customer may be called.
        if let Standing::Held { until, .. } = board.triage.standing(&subject, None, "jens", now) {
            assert!(
                until.since(now) <= LEASE * 2,
                "case {case}: held for {:?}",
                until.since(now)
            );
        }
        // Days, and what stands on the wall, are there for each instant.
        let _ = (now.day(&zone), now.date_time(&zone), now.short(then, &zone));
        let wall = zone.to_datetime(now.timestamp());
        assert!(at_wall(wall, &zone).0.abs_diff(now.0) <= HOUR.unsigned_abs());
    }
    ran("R21 moments", cases);
}

#[test]
fn control_a_pace_by_the_clock_is_found_out() {
    // It sleeps until an instant: a clock set back stops it for years.
    let due = At(START).plus(Duration::from_secs(2));
    let now = At(START).shift(-YEARS);
    assert!(due.since(now) > policy::LONGEST_RATE_LIMIT);
}
