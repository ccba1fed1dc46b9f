//! Takes the collector's role when it is free, and paces its questions: one
//! task asks, compares and journals; answers are awaited side by side.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until},
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
/// Between two prunings of the journal.
const PRUNE: Duration = Duration::from_hours(1);

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
    };
    let mut told_attached = false;
    loop {
        match setup.journal.collector_role() {
            Ok(Some(_role)) => match Work::begin(&setup, &mut trouble).await {
                Ok(mut work) => {
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

/// Tells journal trouble once, and once that it is over.
struct Trouble {
    say: mpsc::UnboundedSender<Answer>,
    standing: Option<String>,
}

impl Trouble {
    fn tell(&mut self, error: &JournalError) {
        let error = error.to_string();
        if self.standing.as_ref() == Some(&error) {
            return;
        }
        tracing::error!("{error}");
        let _ = self.say.send(Answer::JournalTrouble(error.clone()));
        self.standing = Some(error);
    }

    fn over(&mut self) {
        if self.standing.take().is_some() {
            let _ = self.say.send(Answer::JournalFine);
        }
    }
}

struct Work {
    collector: Collector,
    /// When each feed is due; not there while its answer is awaited.
    due: BTreeMap<FeedId, Instant>,
    asking: JoinSet<Told>,
    clock: Clock,
    journal: Journal,
    retain: Duration,
}

impl Work {
    async fn begin(setup: &Setup, trouble: &mut Trouble) -> Result<Self, JournalError> {
        let collector = Collector::open(
            &setup.config,
            setup.journal.clone(),
            setup.deadline,
            &setup.clock,
        )?;
        collector.publish().await?;
        trouble.over();
        let now = Instant::now();
        let due = collector
            .feeds()
            .into_iter()
            .map(|feed| (feed, now))
            .collect();
        Ok(Self {
            collector,
            due,
            asking: JoinSet::new(),
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
        let mut prune = interval(PRUNE);
        prune.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.ask();
            let next = self.due.values().min().copied();
            let done = tokio::select! {
                () = stopped(stop) => break,
                Some(told) = self.asking.join_next() => match told {
                    Ok(told) => self.hear(told).await,
                    Err(_) => Ok(()),
                },
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => continue,
                order = orders.recv() => match order {
                    Some(Order::Refresh) => {
                        let _ = say.send(Answer::Refreshing(self.hurry()));
                        continue;
                    }
                    None => break,
                },
                _ = publish.tick() => self.collector.publish().await,
                _ = prune.tick() => self.prune().await,
            };
            match done {
                Ok(()) => trouble.over(),
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
            .filter(|(_, at)| **at <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for feed in due {
            self.due.remove(&feed);
            if let Some(question) = self.collector.question(&feed, &self.clock) {
                self.asking.spawn(question.ask());
            }
        }
    }

    /// Makes every feed due now, unless it is being asked; answers how many
    /// are or will be asked.
    fn hurry(&mut self) -> usize {
        let now = Instant::now();
        for at in self.due.values_mut() {
            *at = now;
        }
        self.due.len() + self.asking.len()
    }

    async fn hear(&mut self, told: Told) -> Result<(), JournalError> {
        let feed = told.feed().clone();
        match self.collector.hear(told, fastrand::f64()).await {
            Ok(next) => {
                self.due.insert(next.feed, Instant::now() + next.after);
                self.collector.checkpoint(false).await?;
                if next.turned {
                    self.collector.publish().await
                } else {
                    Ok(())
                }
            }
            Err(error) => {
                self.due.insert(feed, Instant::now() + AFTER_TROUBLE);
                Err(error)
            }
        }
    }

    async fn prune(&mut self) -> Result<(), JournalError> {
        self.collector.checkpoint(true).await?;
        let retain = i64::try_from(self.retain.as_millis()).unwrap_or(i64::MAX);
        self.journal
            .prune((self.clock)().shift(-retain))
            .await
            .map(|_| ())
    }
}
