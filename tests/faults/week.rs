//! The whole system under a seeded world (R26, R27): three vendors of the
//! simulator, polled and pushing through faults at fifty times their everyday
//! rate, the receiver, the collector, the board and a second fold of the
//! journal beside it, on a clock that is moved by hand. No ghost callers, one
//! board however it is folded, memory and disk flat.
//!
//! An hour in everyday tests; `HOLDLINE_HOURS=168` is a week.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use holdline::{
    collector::{self, Collector, receiver::Receiver},
    config::Config,
    domain::{
        board::Board,
        feed::FeedId,
        site::Vendor,
        time::{At, Clock},
    },
    emit::Shape,
    journal::Journal,
    runtime::receive::{Place, Receiving},
    sim::{self, Fault, Options, RetryAfter, Rule, Sim, contaqt::Push, telphin::Setup},
    vendor::hook::Reader,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    program::PATIENCE,
    server::DEADLINE,
    sizes::{ran, seed, size},
};

const HOUR: i64 = 3_600_000;
/// How far the clock is moved at once.
const STEP: i64 = 20_000;
/// What the journal keeps.
const RETAIN: i64 = 24 * HOUR;
/// A call of which nothing more is heard is given up after a day.
const GHOSTS_MOST: i64 = 26 * HOUR;

/// The system, and the world it looks at.
struct World {
    sim: Sim,
    hands: Arc<AtomicI64>,
    clock: Clock,
    config: Config,
    journal: Journal,
    reader: Reader,
    collector: Collector,
    due: BTreeMap<FeedId, At>,
    random: fastrand::Rng,
    _receiving: Receiving,
    /// The second fold, which knows no checkpoint.
    beside: Board,
    folder: TempDir,
}

/// The faults of everyday, fifty times as frequent.
fn faults(sim: &Sim) {
    let polled = [
        Fault::Status {
            code: 500,
            retry_after: None,
        },
        Fault::Status {
            code: 429,
            retry_after: Some(RetryAfter::Seconds(30)),
        },
        Fault::Status {
            code: 401,
            retry_after: None,
        },
        Fault::Reset,
        Fault::Close,
        Fault::CutOff,
        Fault::Garbage,
        Fault::NotJson,
        Fault::WrongShape,
        Fault::Html,
        Fault::Empty,
    ];
    for fault in polled {
        sim.faults()
            .set(Rule::from(fault).of(Vendor::TelecomX).percent(2));
    }
    for (fault, percent) in [
        (Fault::Duplicate, 10),
        (Fault::Reorder, 10),
        (Fault::Drop, 1),
        (Fault::WrongSecret, 1),
        (Fault::GarbageBody, 1),
    ] {
        sim.faults().set(Rule::from(fault).percent(percent));
    }
}

impl World {
    async fn open(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hands = Arc::new(AtomicI64::new(At::parse("2026-11-21T10:20:00Z").unwrap().0));
        let now = Arc::clone(&hands);
        let clock: Clock = Arc::new(move || At(now.load(Ordering::SeqCst)));
        let address = sim::free_address().unwrap();
        let options = Options {
            seed,
            push: Some(Push {
                shape: Shape::Json,
                ..Push::new(address)
            }),
            phones: Setup::telling(address, "anna"),
            ..Options::new(Arc::clone(&clock))
        };
        let sim = sim::start(options).await.unwrap();
        let text = sim.config_toml(&folder.path().join("journal"), Duration::from_secs(20));
        let config = Config::parse(&text, folder.path(), &|_| None).unwrap();
        let journal = Journal::open(&config.journal.path).unwrap();
        let receiver = Receiver::open(&config, journal.clone(), clock.clone()).unwrap();
        let receiving = Receiving::begin(receiver.unwrap(), Place::of(&config)).await;
        let collector = Collector::open(&config, journal.clone(), DEADLINE, &clock)
            .await
            .unwrap();
        let due = collector
            .feeds()
            .into_iter()
            .map(|feed| (feed, At(0)))
            .collect();
        Self {
            reader: Reader::new(&config.domain_sites()),
            beside: Board::new(config.console.time_zone.clone()),
            random: fastrand::Rng::with_seed(seed),
            _receiving: receiving,
            sim,
            hands,
            clock,
            config,
            journal,
            collector,
            due,
            folder,
        }
    }

    fn now(&self) -> At {
        (self.clock)()
    }

    /// Lets time pass, until all that happened was told, and asks who is due.
    async fn pass(&mut self, ms: i64) {
        let now = At(self.hands.fetch_add(ms, Ordering::SeqCst) + ms);
        self.sim.hurry();
        for mut pushes in [self.sim.pushes(), self.sim.phone_pushes()] {
            let settled = pushes.wait_for(|pushes| pushes.is_settled(now));
            timeout(PATIENCE, settled).await.unwrap().unwrap();
        }
        let due: Vec<FeedId> = self
            .due
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for feed in due {
            let told = self
                .collector
                .question(&feed, &self.clock)
                .unwrap()
                .ask()
                .await;
            let next = self.collector.hear(told, self.random.f64()).await.unwrap();
            self.due.insert(feed, now.plus(next.after));
        }
        self.collector.checkpoint(false).await.unwrap();
        self.fold();
    }

    /// Takes into the second fold what came since.
    fn fold(&mut self) {
        loop {
            let mut entries = self.journal.read(self.beside.upto(), 500).unwrap();
            if entries.is_empty() {
                return;
            }
            self.reader.read_all(&mut entries);
            for entry in &entries {
                self.beside.apply(entry);
            }
        }
    }

    /// The board as the next start would have it.
    fn board(&self) -> Board {
        let zone = self.config.console.time_zone.clone();
        collector::board(&self.journal, zone, &self.reader).unwrap()
    }

    /// As the collecting task does every now and then: what is older than
    /// `retain` goes.
    async fn prune(&mut self) {
        let older_than = self.now().shift(-RETAIN);
        self.collector.forget(older_than);
        self.collector.checkpoint(true).await.unwrap();
        self.journal.prune(older_than).await.unwrap();
    }

    /// The collector ends and another one begins.
    async fn hand_over(&mut self) {
        self.collector.checkpoint(true).await.unwrap();
        self.collector = Collector::open(&self.config, self.journal.clone(), DEADLINE, &self.clock)
            .await
            .unwrap();
    }

    /// Who waits at a vendor's by the board.
    fn shown(&self, board: &Board, vendor: Vendor) -> BTreeSet<String> {
        self.shown_since(board, vendor, At(i64::MAX))
    }

    /// The same, of those who came before an instant.
    fn shown_since(&self, board: &Board, vendor: Vendor, before: At) -> BTreeSet<String> {
        let of_vendor = |name: &holdline::domain::id::SiteName| {
            self.config
                .site(name.as_str())
                .is_some_and(|site| site.vendor() == vendor)
        };
        let queues = board.queues().filter(|key| of_vendor(&key.site));
        let callers = queues.flat_map(|key| board.queue(key).unwrap().callers());
        let came = callers.filter(|waiting| waiting.caller.entered.is_none_or(|at| at < before));
        came.map(|waiting| waiting.caller.id.to_string()).collect()
    }
}

fn texts<'v>(list: impl IntoIterator<Item = &'v Value>) -> BTreeSet<String> {
    list.into_iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

/// The ids in a vendor's own list, read without any of our clients.
async fn listed(sim: &Sim) -> BTreeSet<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut ids = BTreeSet::new();
    for queue in sim::telecomx::QUEUE_IDS {
        let url = sim.url();
        let mut stream = tokio::net::TcpStream::connect(url.trim_start_matches("http://"))
            .await
            .unwrap();
        let ask = format!(
            "GET /telecomx/pbx/queue/{queue}/callers HTTP/1.1\r\nhost: h\r\nconnection: close\r\nauthorization: Bearer {}\r\n\r\n",
            sim::telecomx::TOKEN
        );
        stream.write_all(ask.as_bytes()).await.unwrap();
        let mut all = String::new();
        stream.read_to_string(&mut all).await.unwrap();
        let (_, body) = all.split_once("\r\n\r\n").unwrap();
        let rows: Vec<Value> = serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {all}"));
        ids.extend(texts(rows.iter().map(|row| &row["_id"])));
    }
    ids
}

/// Where two differ first, and in what.
fn differs(one: &Value, other: &Value, at: &str) -> Option<String> {
    match (one, other) {
        _ if one == other => None,
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            let mut members = a.iter().zip(b.values());
            members.find_map(|((name, a), b)| differs(a, b, &format!("{at}/{name}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut items = a.iter().zip(b).enumerate();
            items.find_map(|(number, (a, b))| differs(a, b, &format!("{at}/{number}")))
        }
        _ => {
            let short = |value: &Value| value.to_string().chars().take(300).collect::<String>();
            Some(format!("{at}: {} but {}", short(one), short(other)))
        }
    }
}

/// What differs between the board and what is so, but for calls of which some
/// event never arrived.
async fn differences(world: &mut World) -> Vec<String> {
    let mut board = world.board();
    world.fold();
    // Something may have been written in between.
    while board.upto() != world.beside.upto() {
        board = world.board();
        world.fold();
    }
    let mut wrong = Vec::new();
    if board != world.beside {
        let told = |board: &Board| serde_json::to_value(board.checkpoint()).unwrap();
        let place = differs(&told(&board), &told(&world.beside), "");
        wrong.push(format!(
            "the board and a fold of all entries differ: {place:?}"
        ));
    }
    let truth = world.sim.truth();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let none = BTreeSet::new();
    let waits = |call: &&Value| call["waits"] == true;
    let calls = list(&truth["calls"]);
    let contaqt = texts(calls.iter().filter(waits).map(|call| &call["call_id"]));
    let missed = texts(&list(&truth["missed_calls"]));
    let phones = texts(&list(&truth["phones"]["waiting"]));
    let missed_phones = texts(&list(&truth["phones"]["missed_calls"]));
    let telecomx = listed(&world.sim).await;
    for (vendor, truly, lost) in [
        (Vendor::TelecomX, telecomx, &none),
        (Vendor::Contaqt, contaqt, &missed),
        (Vendor::Telphin, phones, &missed_phones),
    ] {
        let shown = world.shown(&board, vendor);
        let differ: Vec<&String> = shown
            .symmetric_difference(&truly)
            .filter(|id| !lost.contains(*id))
            .collect();
        if !differ.is_empty() {
            wrong.push(format!(
                "{vendor}: {differ:?} of {} shown and {} true",
                shown.len(),
                truly.len()
            ));
        }
        // What lost its end is not there for ever either.
        let old = world.shown_since(&board, vendor, world.now().shift(-GHOSTS_MOST));
        let ghosts: Vec<&String> = old.difference(&truly).collect();
        if !ghosts.is_empty() {
            wrong.push(format!("{vendor}: ghosts of yesterday: {ghosts:?}"));
        }
    }
    wrong
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

fn on_disk(folder: &Path) -> u64 {
    let files = ["journal.db", "journal.db-wal"];
    files
        .iter()
        .map(|name| fs::metadata(folder.join("journal").join(name)).map_or(0, |f| f.len()))
        .sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seeded_week_of_faults_leaves_no_ghosts_and_nothing_that_grows() {
    let hours: i64 = size("HOLDLINE_HOURS", 1);
    let mut world = World::open(seed()).await;
    world.pass(1_000).await;
    let (mut compared, mut sizes) = (0, Vec::new());
    for hour in 1..=hours {
        faults(&world.sim);
        for _ in 0..(HOUR - 10 * 60_000) / STEP {
            world.pass(STEP).await;
        }
        // Calm for ten minutes: longer than any back-off.
        world.sim.faults().clear();
        for _ in 0..10 * 60_000 / STEP {
            world.pass(STEP).await;
        }
        let wrong = differences(&mut world).await;
        assert_eq!(wrong, [""; 0], "seed {}, hour {hour}", seed());
        compared += 1;
        if hour % 6 == 0 {
            world.prune().await;
            world.hand_over().await;
            sizes.push((hour, resident(), on_disk(world.folder.path())));
        }
    }
    let entries = world.journal.last_seq().unwrap();
    assert!(entries > 100, "{entries}");
    println!("{hours} hours, {entries} entries, compared {compared} times");
    // From the second day on nothing grows: every hour of a day has come.
    let days: Vec<_> = sizes.iter().filter(|(hour, ..)| hour % 24 == 0).collect();
    if let [_, second, .., last] = days.as_slice() {
        // In percent.
        let (memory, disk) = (last.1 * 100 / second.1, last.2 * 100 / second.2);
        println!("memory {memory} % and disk {disk} % of what the second day had");
        assert!(memory < 125 && disk < 135, "{sizes:?}");
    }
    ran("R26 R27 hours", usize::try_from(hours).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_board_that_missed_an_end_is_found_out() {
    let mut world = World::open(7).await;
    world.pass(1_000).await;
    for _ in 0..30 {
        world.pass(STEP).await;
    }
    assert_eq!(differences(&mut world).await, [""; 0]);
    // Nobody asks any more, and somebody's end is not told.
    world.due.clear();
    world.sim.faults().set(Rule::from(Fault::Drop));
    for _ in 0..30 {
        world.pass(STEP).await;
    }
    world.sim.faults().clear();
    assert!(!differences(&mut world).await.is_empty());
}
