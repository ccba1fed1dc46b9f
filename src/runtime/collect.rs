//! Takes the collector's role when it is free, and paces its questions: one
//! task asks, compares and journals; answers are awaited side by side.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::{JoinError, JoinSet},
    time::{Instant, MissedTickBehavior, interval, interval_at, sleep, sleep_until},
};

use crate::{
    app::Answer,
    collector::{Collector, Told},
    config::Config,
    domain::{feed::FeedId, time::Clock},
    journal::{Journal, JournalError},
};

/// Between two tries to take the role.
const TRY_ROLE: Duration = Duration::from_secs(1);
/// How often the feeds' health is written while nothing turns.
const PUBLISH: Duration = Duration::from_secs(1);
/// After the journal failed.
const AFTER_TROUBLE: Duration = Duration::from_secs(2);
/// So long after trouble something that was written means that it is over.
const CALM: Duration = Duration::from_secs(5);
/// Between two prunings of the journal.
const PRUNE: Duration = Duration::from_hours(1);
/// Before the first pruning, and after one that failed: a start has other
/// things to do.
const FIRST_PRUNE: Duration = Duration::from_mins(1);

/// What the console asks of the collecting task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Ask all feeds now.
    Refresh,
}

/// Everything the task needs.
pub struct Setup {
    /// The configuration.
    pub config: Arc<Config>,
    /// The journal to fill.
    pub journal: Journal,
    /// The clock.
    pub clock: Clock,
    /// How long an answer may take.
    pub deadline: Duration,
}

/// Collects whenever the role is free, until told to stop (`stop` becomes
/// true or its sender goes). Says on `say` what changed about it.
pub async fn run(
    setup: Setup,
    mut orders: mpsc::Receiver<Order>,
    say: mpsc::UnboundedSender<Answer>,
    mut stop: watch::Receiver<bool>,
) {
    let mut trouble = Trouble {
        say: say.clone(),
        standing: None,
        last: Instant::now(),
    };
    let mut told_attached = false;
    loop {
        match setup.journal.collector_role() {
            Ok(Some(_role)) => match Work::begin(&setup).await {
                Ok(mut work) => {
                    trouble.end();
                    let _ = say.send(Answer::Collecting(true));
                    return work.run(&mut orders, &say, &mut trouble, &mut stop).await;
                }
                Err(error) => trouble.tell(&error),
            },
            Ok(None) if !told_attached => {
                told_attached = true;
                let _ = say.send(Answer::Collecting(false));
            }
            Ok(None) => {}
            Err(error) => trouble.tell(&error),
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sleep(TRY_ROLE) => {}
            Some(Order::Refresh) = orders.recv() => {
                let _ = say.send(Answer::OthersCollect);
            }
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Whether work left something in the journal: only that proves that it can be
/// written.
type Wrote = bool;

/// Tells journal trouble once, and once that it is over.
struct Trouble {
    say: mpsc::UnboundedSender<Answer>,
    standing: Option<String>,
    last: Instant,
}

impl Trouble {
    fn tell(&mut self, error: &JournalError) {
        let error = error.to_string();
        self.last = Instant::now();
        if self.standing.as_ref() == Some(&error) {
            return;
        }
        tracing::error!("{error}");
        let _ = self.say.send(Answer::JournalTrouble(error.clone()));
        self.standing = Some(error);
    }

    /// Something was written. That a small thing was does not end the trouble
    /// of larger ones, which are tried again before long.
    fn over(&mut self) {
        if self.last.elapsed() >= CALM {
            self.end();
        }
    }

    /// What stood in the way does so no more.
    fn end(&mut self) {
        if self.standing.take().is_some() {
            let _ = self.say.send(Answer::JournalFine);
        }
    }
}

/// When a feed is to be asked.
#[derive(Clone, Copy)]
struct Due {
    at: Instant,
    /// No hurry brings it before this.
    not_before: Instant,
}

impl Due {
    fn at(at: Instant) -> Self {
        Self { at, not_before: at }
    }
}

struct Work {
    collector: Collector,
    /// When each feed is due; not there while its answer is awaited.
    due: BTreeMap<FeedId, Due>,
    asking: JoinSet<Told>,
    /// At most one.
    pruning: JoinSet<Result<u64, JournalError>>,
    clock: Clock,
    journal: Journal,
    retain: Duration,
    has_feeds: bool,
}

impl Work {
    async fn begin(setup: &Setup) -> Result<Self, JournalError> {
        let collector = Collector::open(
            &setup.config,
            setup.journal.clone(),
            setup.deadline,
            &setup.clock,
        )?;
        collector.publish(Vec::new()).await?;
        let now = Instant::now();
        let due: BTreeMap<_, _> = collector
            .feeds()
            .into_iter()
            .map(|feed| (feed, Due::at(now)))
            .collect();
        Ok(Self {
            collector,
            has_feeds: !due.is_empty(),
            due,
            asking: JoinSet::new(),
            pruning: JoinSet::new(),
            clock: setup.clock.clone(),
            journal: setup.journal.clone(),
            retain: setup.config.journal.retain,
        })
    }

    async fn run(
        &mut self,
        orders: &mut mpsc::Receiver<Order>,
        say: &mpsc::UnboundedSender<Answer>,
        trouble: &mut Trouble,
        stop: &mut watch::Receiver<bool>,
    ) {
        let mut publish = interval(PUBLISH);
        publish.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut prune = interval_at(Instant::now() + FIRST_PRUNE, PRUNE);
        prune.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.ask();
            let next = self.due.values().map(|due| due.at).min();
            let done = tokio::select! {
                () = stopped(stop) => break,
                Some(told) = self.asking.join_next() => match told {
                    Ok(told) => self.hear(told).await,
                    Err(_) => Ok(false),
                },
                Some(pruned) = self.pruning.join_next() => {
                    let pruned = wrote(pruned);
                    if pruned.is_err() {
                        prune.reset_after(FIRST_PRUNE);
                    }
                    pruned
                }
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => continue,
                order = orders.recv() => match order {
                    Some(Order::Refresh) => {
                        let _ = say.send(Answer::Refreshing(self.hurry()));
                        continue;
                    }
                    None => break,
                },
                _ = publish.tick() => self.publish().await,
                _ = prune.tick() => {
                    let begun = self.prune().await;
                    if begun.is_err() {
                        prune.reset_after(FIRST_PRUNE);
                    }
                    begun
                }
            };
            match done {
                Ok(true) => trouble.over(),
                Ok(false) => {}
                Err(error) => trouble.tell(&error),
            }
        }
        // What is not saved is folded again at the next start.
        if let Err(error) = self.collector.checkpoint(true).await {
            tracing::warn!(%error, "the board was not saved");
        }
    }

    /// Sends off the questions that are due.
    fn ask(&mut self) {
        let now = Instant::now();
        let due: Vec<FeedId> = self
            .due
            .iter()
            .filter(|(_, due)| due.at <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for feed in due {
            self.due.remove(&feed);
            if let Some(question) = self.collector.question(&feed, &self.clock) {
                self.asking.spawn(question.ask());
            }
        }
    }

    /// Makes every feed due now, unless it is being asked or its vendor asked
    /// to be left alone; answers how many are or will be asked.
    fn hurry(&mut self) -> usize {
        let now = Instant::now();
        let may = self.due.values_mut().filter(|due| due.not_before <= now);
        let mut hurried = 0;
        for due in may {
            due.at = due.at.min(now);
            hurried += 1;
        }
        hurried + self.asking.len()
    }

    async fn hear(&mut self, told: Told) -> Result<Wrote, JournalError> {
        let feed = told.feed().clone();
        match self.collector.hear(told, fastrand::f64()).await {
            Ok(next) => {
                let now = Instant::now();
                let due = Due {
                    at: now + next.after,
                    not_before: now + next.least,
                };
                self.due.insert(next.feed, due);
                self.collector.checkpoint(false).await?;
                if next.turned {
                    self.publish().await
                } else {
                    Ok(false)
                }
            }
            Err(error) => {
                let due = Due::at(Instant::now() + AFTER_TROUBLE);
                self.due.insert(feed, due);
                Err(error)
            }
        }
    }

    async fn publish(&self) -> Result<Wrote, JournalError> {
        self.collector.publish(Vec::new()).await?;
        // Without feeds there was nothing to write.
        Ok(self.has_feeds)
    }

    /// Saves the board and begins to prune, aside: there may be much to
    /// delete, and the feeds do not wait for it.
    async fn prune(&mut self) -> Result<Wrote, JournalError> {
        if !self.pruning.is_empty() {
            return Ok(false);
        }
        let retain = i64::try_from(self.retain.as_millis()).unwrap_or(i64::MAX);
        let older_than = (self.clock)().shift(-retain);
        self.collector.forget(older_than);
        self.collector.checkpoint(true).await?;
        let journal = self.journal.clone();
        self.pruning
            .spawn(async move { journal.prune(older_than).await });
        Ok(false)
    }
}

/// What came of a pruning.
fn wrote(pruned: Result<Result<u64, JournalError>, JoinError>) -> Result<Wrote, JournalError> {
    match pruned {
        // Without feeds nothing else tells that a pruning that failed works
        // now.
        Ok(pruned) => pruned.map(|_| true),
        Err(_) => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::{
        domain::{
            entry::{NewEntry, What},
            time::At,
            triage::{Act, Deed, Subject},
        },
        journal::Journal,
    };

    const CALLBACKS_ONLY: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
retain = "1d"
[[site]]
name = "outbound"
vendor = "while1"
url = "http://127.0.0.1:9/while1"
token = "t"
key = "k"
"#;

    fn act(id: &str) -> NewEntry {
        NewEntry {
            at: At(0),
            site: "outbound".into(),
            dedupe: None,
            what: What::Act(Act {
                subject: Subject {
                    site: "outbound".into(),
                    id: id.into(),
                },
                customer: None,
                who: "anna".into(),
                deed: Deed::Release,
            }),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_journal_of_acts_alone_is_pruned_but_not_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal
            .append(vec![act("1"), act("2"), act("3")])
            .await
            .unwrap();
        let setup = Setup {
            config: Arc::new(Config::parse(CALLBACKS_ONLY, folder.path(), &|_| None).unwrap()),
            journal: journal.clone(),
            clock: Arc::new(|| At(1_772_460_000_000)),
            deadline: Duration::from_secs(1),
        };
        let began = Instant::now();
        let (say, mut said) = mpsc::unbounded_channel();
        let (_order, orders) = mpsc::channel(1);
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(run(setup, orders, say, stopping));
        assert_eq!(said.recv().await, Some(Answer::Collecting(true)));
        let pruned = async {
            while journal.read(0, 10).unwrap().len() > 1 {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        timeout(Duration::from_hours(2), pruned).await.unwrap();
        assert!(began.elapsed() >= FIRST_PRUNE, "{:?}", began.elapsed());
        stop.send(true).unwrap();
        running.await.unwrap();
        assert!(said.try_recv().is_err(), "no trouble, and no end of any");
    }

    #[tokio::test(start_paused = true)]
    async fn no_hurry_asks_who_wants_to_be_left_alone() {
        const QUEUES: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[[site]]
name = "aarhus"
vendor = "telecomx"
url = "http://127.0.0.1:9/telecomx"
token = "t"
queues = ["q1", "q2"]
"#;
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup {
            config: Arc::new(Config::parse(QUEUES, folder.path(), &|_| None).unwrap()),
            journal: Journal::open(folder.path()).unwrap(),
            clock: Arc::new(|| At(0)),
            deadline: Duration::from_secs(1),
        };
        let mut work = Work::begin(&setup).await.unwrap();
        let (now, minute) = (Instant::now(), Duration::from_mins(1));
        let mut dues = work.due.values_mut();
        let (limited, idle) = (dues.next().unwrap(), dues.next().unwrap());
        *limited = Due::at(now + minute);
        idle.at = now + minute;
        assert_eq!(work.hurry(), 1);
        let at: Vec<Instant> = work.due.values().map(|due| due.at).collect();
        assert_eq!(at, [now + minute, now]);
        tokio::time::advance(minute).await;
        assert_eq!(work.hurry(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn trouble_that_goes_on_is_told_once_and_so_is_its_end() {
        let (say, mut said) = mpsc::unbounded_channel();
        let mut trouble = Trouble {
            say,
            standing: None,
            last: Instant::now(),
        };
        let closed = JournalError::Closed {
            path: "journal".into(),
        };
        for _ in 0..3 {
            trouble.tell(&closed);
            tokio::time::advance(AFTER_TROUBLE).await;
            trouble.over();
        }
        tokio::time::advance(CALM).await;
        trouble.over();
        trouble.over();
        assert!(matches!(said.try_recv(), Ok(Answer::JournalTrouble(_))));
        assert_eq!(said.try_recv(), Ok(Answer::JournalFine));
        assert!(said.try_recv().is_err());
    }
}
