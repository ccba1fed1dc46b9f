//! The program's half of the week, in a process of its own: collector,
//! receiver, console and clients as the runtime has them, on a clock that the
//! other half moves by lines on standard input. So it can be killed, its disk
//! taken away, and its memory read, without the simulator's.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use holdline::{
    collector::{Collector, receiver::Receiver},
    config::Config,
    domain::{
        feed::FeedId,
        time::{At, Clock},
    },
    journal::{CollectorLock, Journal, JournalError},
    runtime::receive::{Place, Receiving},
};
use serde_json::{Value, json};

use super::{asks::Asks, console::Console};

/// What its answers begin with, among what the test harness says.
pub const MARK: &str = "week: ";
/// The test that is this half.
pub const NAME: &str = "week::program::with_a_clock_moved_by_hand";
/// The folder it works in; without, there is nothing to do.
pub const FOLDER: &str = "HOLDLINE_WEEK_FOLDER";
/// What is wrong with it on purpose, for a control.
pub const PLANT: &str = "HOLDLINE_WEEK_PLANT";
/// Only looks on, as a console does beside somebody else's collector.
pub const WATCHES: &str = "HOLDLINE_WEEK_WATCHES";

/// How long a vendor's answer may take: none here needs half of it.
const DEADLINE: Duration = Duration::from_secs(2);
/// A receiver beats every second; this is the longest that is no gap.
const BEAT: i64 = 10_000;
/// After the journal failed, as the runtime has it.
const AFTER_TROUBLE: i64 = 2_000;
/// What a planted leak keeps of each entry.
const LEAK: usize = 4_096;

#[test]
#[ignore = "the week's driver runs it, in a process of its own"]
fn with_a_clock_moved_by_hand() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(obey(PathBuf::from(folder)));
}

/// Does what it is told until nobody tells it any more.
async fn obey(folder: PathBuf) {
    let mut program: Option<Program> = None;
    // Blocks this thread alone: the runtime has others.
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match verb {
            "board" => program.as_ref().unwrap().console.board(),
            "begin" => {
                program = Some(Program::begin(&folder, rest.parse().unwrap()).await);
                "{}".to_owned()
            }
            "end" => {
                program.take().unwrap().end().await;
                "{}".to_owned()
            }
            _ => {
                let told = program.as_mut().unwrap().does(verb, rest).await;
                told.to_string()
            }
        };
        println!("\n{MARK}{answer}");
    }
}

struct Program {
    config: Config,
    hands: Arc<AtomicI64>,
    clock: Clock,
    journal: Journal,
    console: Console,
    /// None where it only looks on.
    work: Option<Work>,
    /// Planted: what is never given back.
    leak: Option<Vec<Vec<u8>>>,
}

/// What the collecting task has.
struct Work {
    role: CollectorLock,
    receiving: Receiving,
    collector: Collector,
    /// When each feed is due, on a clock that nobody sets.
    due: BTreeMap<FeedId, i64>,
    asks: Asks,
    random: fastrand::Rng,
    /// How often the journal did not take something.
    troubles: u64,
}

impl Program {
    async fn begin(folder: &Path, now: i64) -> Self {
        let hands = Arc::new(AtomicI64::new(now));
        let shown = Arc::clone(&hands);
        let clock: Clock = Arc::new(move || At(shown.load(Ordering::SeqCst)));
        let text = fs::read_to_string(folder.join("config.toml")).unwrap();
        let config = Config::parse(&text, folder, &|_| None).unwrap();
        let watches = env::var_os(WATCHES).is_some();
        let journal = if watches {
            Journal::open_read_only(&config.journal.path).unwrap()
        } else {
            Journal::open(&config.journal.path).unwrap()
        };
        let work = if watches {
            None
        } else {
            Some(Work::begin(&config, &journal, &clock).await)
        };
        let leaks = env::var(PLANT).is_ok_and(|plant| plant == "leak");
        Self {
            console: Console::open(&config, &journal, clock()),
            leak: leaks.then(Vec::new),
            config,
            hands,
            clock,
            journal,
            work,
        }
    }

    async fn does(&mut self, verb: &str, rest: &str) -> Value {
        let work = self.work.as_mut();
        match verb {
            "clock" => self.is_this_late(rest.parse().unwrap()),
            "turn" => return self.turn(rest.parse().unwrap()).await,
            "prune" => {
                work.unwrap()
                    .prune(&self.config, &self.journal, (self.clock)())
                    .await;
            }
            "compact" => {
                let role = &work.unwrap().role;
                self.journal.compact(role).await.unwrap();
            }
            "console" => self.console = Console::open(&self.config, &self.journal, (self.clock)()),
            "callbacks" => return told(work.unwrap().asks.callbacks().await),
            "subscriptions" => return told(work.unwrap().asks.subscriptions().await),
            _ => panic!("what is to {verb}?"),
        }
        json!({})
    }

    /// The clock shows another time; the receiver beats meanwhile.
    fn is_this_late(&mut self, now: i64) {
        let mut shown = self.hands.load(Ordering::SeqCst);
        // A clock that is set, rather than goes on, is seen at once.
        while (BEAT..=6 * BEAT).contains(&(now - shown)) {
            shown += BEAT;
            self.hands.store(shown, Ordering::SeqCst);
            if let Some(work) = &self.work {
                work.receiving.receiver().beat();
            }
        }
        self.hands.store(now, Ordering::SeqCst);
        if let Some(work) = &self.work {
            work.receiving.receiver().beat();
        }
    }

    /// What a second of the runtime's brings, and the feeds that are due when
    /// so many milliseconds have passed since the beginning of all.
    async fn turn(&mut self, passed: i64) -> Value {
        let mut troubles = 0;
        if let Some(work) = &mut self.work {
            work.turn(passed, &self.clock, &self.journal).await;
            troubles = work.troubles;
        }
        let read = self.console.follow(&self.journal, (self.clock)());
        if let Some(leak) = &mut self.leak {
            leak.extend((0..read).map(|_| vec![1; LEAK]));
        }
        json!({ "troubles": troubles })
    }

    /// Ends as it does when it is told to.
    async fn end(self) {
        let Some(mut work) = self.work else {
            return;
        };
        let receiver = work.receiving.stop().await;
        work.collector.publish(receiver.health()).await.unwrap();
        work.collector.checkpoint(true).await.unwrap();
        self.journal.flush().await.unwrap();
        drop(work.role);
    }
}

impl Work {
    async fn begin(config: &Config, journal: &Journal, clock: &Clock) -> Self {
        let role = journal.collector_role().unwrap();
        let receiver = Receiver::open(config, journal.clone(), clock.clone()).unwrap();
        let receiving = Receiving::begin(receiver.unwrap(), Place::of(config)).await;
        let collector = Collector::open(config, journal.clone(), DEADLINE, clock)
            .await
            .unwrap();
        collector.publish(Vec::new()).await.unwrap();
        Self {
            role: role.expect("whoever had the role is dead"),
            receiving,
            due: collector.feeds().into_iter().map(|id| (id, 0)).collect(),
            collector,
            asks: Asks::new(config, DEADLINE, journal, clock),
            random: fastrand::Rng::with_seed(clock().0.unsigned_abs()),
            troubles: 0,
        }
    }

    async fn turn(&mut self, passed: i64, clock: &Clock, journal: &Journal) {
        let due: Vec<FeedId> = self
            .due
            .iter()
            .filter(|(_, at)| **at <= passed)
            .map(|(id, _)| id.clone())
            .collect();
        for feed in due {
            let told = self.collector.question(&feed, clock).unwrap().ask().await;
            let after = match self.collector.hear(told, self.random.f64()).await {
                Ok(next) => i64::try_from(next.after.as_millis()).unwrap(),
                Err(error) => self.was_in_trouble(&error),
            };
            self.due.insert(feed, passed + after);
        }
        self.asks.turn(passed).await;
        self.receiving.receiver().settle().await;
        if let Err(error) = self.keep(journal).await {
            self.was_in_trouble(&error);
        }
    }

    async fn keep(&mut self, journal: &Journal) -> Result<(), JournalError> {
        self.collector.checkpoint(false).await?;
        let mut health = self.collector.health();
        health.extend(self.receiving.receiver().health());
        journal.set_feeds(health).await
    }

    fn was_in_trouble(&mut self, _: &JournalError) -> i64 {
        self.troubles += 1;
        AFTER_TROUBLE
    }

    /// As the collecting task does every hour.
    async fn prune(&mut self, config: &Config, journal: &Journal, now: At) {
        let retain = i64::try_from(config.journal.retain.as_millis()).unwrap();
        let older_than = now.shift(-retain);
        self.collector.forget(older_than);
        self.collector.checkpoint(true).await.unwrap();
        journal.prune(older_than).await.unwrap();
    }
}

fn told(came: Result<Vec<String>, String>) -> Value {
    match came {
        Ok(list) => json!({ "is": list }),
        Err(why) => json!({ "failed": why }),
    }
}
