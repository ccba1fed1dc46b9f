//! Vendors that fail, seen from the collector (R11): other feeds live, the
//! age is told, the back-off grows and is spread, nobody is hammered, and an
//! answer ends it within one period.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use holdline::{
    collector::{Collector, policy},
    config::Config,
    domain::{
        feed::{FeedId, Freshness},
        time::{At, Clock},
    },
    journal::Journal,
    runtime::collect::{self, Setup},
};
use tokio::sync::{mpsc, watch};

use crate::{
    clients::QUESTIONS,
    server::{DEADLINE, Hands, Reply, Stub, json, reply},
    sizes::{ran, seed, size},
};

/// How a vendor may fail on and on.
const WAYS: [Way; 9] = [
    || Reply::Reset,
    || Reply::Bytes(Vec::new()),
    || Reply::Bytes(reply("500 Oops", &[], "")),
    || Reply::Bytes(reply("401 Who", &[], "")),
    || Reply::Bytes(reply("429 Too Many", &[], "")),
    || Reply::Bytes(reply("429 Too Many", &["retry-after: 20"], "")),
    || Reply::Bytes(reply("302 Found", &["location: /elsewhere"], "")),
    || Reply::Bytes(json("[1e400]")),
    || {
        Reply::Bytes(reply(
            "200 OK",
            &["content-type: text/html"],
            "<title>Wi-Fi</title>",
        ))
    },
];

const PERIOD: Duration = Duration::from_secs(2);

/// How a vendor answers instead.
type Way = fn() -> Reply;

/// A vendor that fails while it is told to.
struct Vendor {
    stub: Stub,
    fails: Arc<Mutex<Option<Way>>>,
}

impl Vendor {
    async fn start() -> Self {
        let fails = Arc::<Mutex<Option<Way>>>::default();
        let how = fails.clone();
        let stub = Stub::serve(move |_| match *how.lock().unwrap() {
            Some(way) => way(),
            None => Reply::Bytes(QUESTIONS[0].answer()),
        })
        .await;
        Self { stub, fails }
    }

    fn is(&self, way: Option<Way>) {
        *self.fails.lock().unwrap() = way;
    }
}

fn config(folder: &Path, sites: &[(&str, &str)]) -> Config {
    let mut text = "[console]\ntime_zone = \"UTC\"\n[journal]\npath = \"journal\"\n".to_owned();
    for (name, url) in sites {
        let site = format!(
            "[[site]]\nname = \"{name}\"\nvendor = \"telecomx\"\nurl = \"{url}\"\n\
             token = \"tok-canary\"\npoll = \"2s\"\nqueues = [\"q1\"]\n"
        );
        text.push_str(&site);
    }
    Config::parse(&text, folder, &|_| None).unwrap()
}

/// When a feed was asked, by a clock that is moved to the next one due.
struct Day {
    collector: Collector,
    hands: Hands,
    clock: Clock,
    now: u64,
    due: Vec<(FeedId, u64)>,
    random: fastrand::Rng,
    /// Who was asked when, ms, and how long it is to be left alone.
    asked: Vec<(FeedId, u64, Duration)>,
}

impl Day {
    async fn begin(config: &Config, folder: &Path, seed: u64) -> Self {
        let journal = Journal::open(&folder.join("journal")).unwrap();
        let hands = Hands::default();
        let clock = hands.clock();
        let collector = Collector::open(config, journal, DEADLINE, &clock)
            .await
            .unwrap();
        let due = collector
            .feeds()
            .into_iter()
            .map(|feed| (feed, 0))
            .collect();
        Self {
            collector,
            hands,
            clock,
            now: 0,
            due,
            random: fastrand::Rng::with_seed(seed),
            asked: Vec::new(),
        }
    }

    /// Asks whoever is due until then, as the collecting task does.
    async fn until(&mut self, end: u64) {
        loop {
            let next = self
                .due
                .iter()
                .enumerate()
                .min_by_key(|(_, (_, at))| *at)
                .unwrap()
                .0;
            let (feed, at) = self.due[next].clone();
            if at > end {
                self.now = end;
                return;
            }
            self.now = self.now.max(at);
            self.hands.set_ms(i64::try_from(self.now).unwrap());
            let question = self.collector.question(&feed, &self.clock).unwrap();
            let told = question.ask().await;
            let next_up = self.collector.hear(told, self.random.f64()).await.unwrap();
            self.asked.push((feed, self.now, next_up.after));
            self.due[next].1 = self.now + u64::try_from(next_up.after.as_millis()).unwrap();
        }
    }

    fn of(&self, site: &str, since: u64) -> Vec<(u64, Duration)> {
        let of = self
            .asked
            .iter()
            .filter(|(feed, at, _)| feed.site.as_str() == site && *at >= since);
        of.map(|(_, at, after)| (*at, *after)).collect()
    }
}

#[tokio::test]
async fn a_vendor_that_fails_holds_nobody_up_is_not_hammered_and_recovers() {
    let rounds = size("HOLDLINE_FEEDS", 1);
    for round in 0..rounds {
        for (number, way) in WAYS.into_iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            let (bad, good) = (Vendor::start().await, Vendor::start().await);
            let config = config(
                folder.path(),
                &[("bad", &bad.stub.url), ("good", &good.stub.url)],
            );
            let seed = seed() + (round * 100 + number) as u64;
            let mut day = Day::begin(&config, folder.path(), seed).await;
            day.until(10_000).await;
            bad.is(Some(way));
            day.until(610_000).await;
            // The other is asked as if nothing were.
            let lively = day.of("good", 10_000);
            assert!(lively.len() >= 290, "way {number}: {} of 300", lively.len());
            let health = day.collector.health();
            let of = |site: &str| {
                &health
                    .iter()
                    .find(|(id, _)| id.site.as_str() == site)
                    .unwrap()
                    .1
            };
            assert!(of("good").trouble.is_none());
            let trouble = of("bad").trouble.as_ref().unwrap();
            assert!(
                trouble.since <= At(13_000) && trouble.count > 5,
                "{trouble:?}"
            );
            // Its age is that of the last good answer, and it is no longer believed.
            let freshness = of("bad").freshness(At(610_000));
            let Freshness::Failing(Some(age)) = freshness else {
                panic!("way {number}: {freshness:?}");
            };
            assert!(age >= Duration::from_secs(598), "{age:?}");
            assert!(of("bad").is_stale(At(610_000)));
            // Backed off: never sooner than a turn, never longer than promised.
            let asked = day.of("bad", 12_000);
            assert!(
                asked.len() < 40,
                "way {number}: asked {} times in ten minutes",
                asked.len()
            );
            let longest = policy::LONGEST.mul_f64(1.5);
            assert!(
                asked
                    .iter()
                    .all(|(_, after)| (PERIOD..=longest).contains(after)),
                "way {number}: {asked:?}"
            );
            // An answer ends it, and the next one comes in a turn.
            bad.is(None);
            let next = asked.last().unwrap();
            let back = next.0 + u64::try_from(next.1.as_millis()).unwrap();
            day.until(back + 6_000).await;
            let after = day.of("bad", 610_001);
            assert!(
                after.len() >= 2 && after[0].1 <= PERIOD,
                "way {number}: {after:?}"
            );
            assert!(
                day.collector
                    .health()
                    .iter()
                    .all(|(_, h)| h.trouble.is_none())
            );
        }
    }
    ran("R11 feeds", rounds * WAYS.len());
}

#[tokio::test]
async fn those_who_failed_together_do_not_come_back_together() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = Vendor::start().await;
    vendor.is(Some(WAYS[2]));
    let names: Vec<String> = (0..24).map(|n| format!("site{n}")).collect();
    let sites: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), vendor.stub.url.as_str()))
        .collect();
    let config = config(folder.path(), &sites);
    let mut day = Day::begin(&config, folder.path(), seed()).await;
    day.until(300_000).await;
    let late: Vec<u64> = day
        .asked
        .iter()
        .map(|(_, at, _)| *at)
        .filter(|at| *at > 200_000)
        .collect();
    let busiest = late
        .iter()
        .map(|at| {
            late.iter()
                .filter(|other| other.abs_diff(*at) < 500)
                .count()
        })
        .max();
    assert!(busiest.unwrap() <= 8, "{busiest:?} of 24 within a second");
    // Control: without chance they do.
    let mut one = policy::Policy::new(PERIOD);
    let mut other = policy::Policy::new(PERIOD);
    let fault =
        holdline::domain::fault::Fault::new(holdline::domain::fault::FaultKind::Server, "", "");
    assert_eq!(
        one.failed(&fault, At(0), 0.0),
        other.failed(&fault, At(0), 0.0)
    );
    assert_ne!(
        one.failed(&fault, At(0), 0.1),
        other.failed(&fault, At(0), 0.9)
    );
}

#[tokio::test]
async fn while_one_vendor_hangs_the_others_lists_come() {
    let folder = tempfile::tempdir().unwrap();
    // It takes the request and says nothing, on a clock that does not jump.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hung = format!("http://{}", silent.local_addr().unwrap());
    let good = Vendor::start().await;
    let setup = Setup {
        config: Arc::new(config(
            folder.path(),
            &[("hung", &hung), ("good", &good.stub.url)],
        )),
        journal: Journal::open(&folder.path().join("journal")).unwrap(),
        clock: holdline::runtime::clock::system(),
        deadline: Duration::from_secs(30),
    };
    let mut news = setup.journal.news(0);
    let (say, _heard) = mpsc::unbounded_channel();
    let (_order, orders) = mpsc::channel(1);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(collect::run(setup, orders, say, stopping));
    let lists = async {
        loop {
            news.next().await.unwrap();
            if good.stub.count("GET ") >= 3 {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(25), lists)
        .await
        .unwrap();
    stop.send(true).unwrap();
    // Nor does it hold up the end.
    tokio::time::timeout(Duration::from_secs(10), running)
        .await
        .unwrap()
        .unwrap();
    drop(silent);
}
