//! The collector at work: asks who is due, journals what came, and receives
//! what is pushed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{mpsc, watch},
    task::{Id, JoinError, JoinSet},
    time::{Instant, MissedTickBehavior, interval_at, sleep_until},
};

use super::{Condition, Order, Setup, is_final, stopped, trouble::Trouble};
use crate::{
    app::Answer,
    collector::{Collector, Told, receiver::Receiver},
    config::Config,
    domain::{
        fault::FaultKind,
        feed::{FeedHealth, FeedId},
        id::SiteName,
        time::Clock,
    },
    journal::{Journal, JournalError},
    runtime::receive::{Place, Receiving},
};

/// How often the feeds' health is written while nothing turns: where answers
/// come, and where somebody must be able to tell that we live.
pub(super) const PUBLISH: Duration = Duration::from_secs(1);
/// And where it says nothing new: only that it still can be written.
pub(super) const REPEAT: Duration = Duration::from_secs(5);
/// Who is due within this is asked together with who is due now: to be woken for
/// each costs more than to ask.
const NEARLY: Duration = Duration::from_millis(25);
/// Feeds that are asked together answer within this, and are written together.
pub(super) const TOGETHER: Duration = Duration::from_millis(200);
/// After the journal failed.
pub(super) const AFTER_TROUBLE: Duration = Duration::from_secs(2);
/// Between two prunings of the journal.
const PRUNE: Duration = Duration::from_hours(1);
/// Before the first pruning, and after one that failed: a start has other
/// things to do.
pub(super) const FIRST_PRUNE: Duration = Duration::from_mins(1);

/// Whether work left something in the journal: only that proves that it can be
/// written.
type Wrote = bool;

/// When a feed is to be asked.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub at: Instant,
    /// No hurry brings it before this.
    pub not_before: Instant,
}

impl Due {
    pub fn at(at: Instant) -> Self {
        Self { at, not_before: at }
    }
}

pub(super) struct Work {
    collector: Collector,
    /// When each feed is due; not there while its answer is awaited.
    pub due: BTreeMap<FeedId, Due>,
    pub asking: JoinSet<Told>,
    /// Which feed each of those tasks asks.
    asked: HashMap<Id, FeedId>,
    /// At most one.
    pruning: JoinSet<Result<u64, JournalError>>,
    /// None where no site pushes.
    receiving: Option<Receiving>,
    watched: watch::Sender<Condition>,
    /// When health was written last, or tried to be.
    published: Option<Instant>,
    /// Since when there is some that was not written.
    unpublished: Option<Instant>,
    config: Arc<Config>,
    clock: Clock,
    journal: Journal,
    retain: Duration,
    has_feeds: bool,
}

impl Work {
    /// Begins with a receiver that is at work already; where that fails, it
    /// is left to whoever brought it.
    pub async fn begin(
        setup: &Setup,
        watched: watch::Sender<Condition>,
        receiving: &mut Option<Receiving>,
    ) -> Result<Self, JournalError> {
        let mut collector = Collector::open(
            &setup.config,
            setup.journal.clone(),
            setup.deadline,
            &setup.clock,
        )
        .await?;
        collector.publish(Vec::new()).await?;
        let now = Instant::now();
        let due: BTreeMap<_, _> = collector
            .feeds()
            .into_iter()
            .map(|feed| (feed, Due::at(now)))
            .collect();
        let receiving = receiving.take();
        if let Some(receiving) = &receiving {
            collector.receives_by(receiving.receiver().relay().clone());
        }
        Ok(Self {
            collector,
            has_feeds: !due.is_empty() || receiving.is_some(),
            due,
            asking: JoinSet::new(),
            asked: HashMap::new(),
            pruning: JoinSet::new(),
            receiving,
            watched,
            published: None,
            unpublished: None,
            config: setup.config.clone(),
            clock: setup.clock.clone(),
            journal: setup.journal.clone(),
            retain: setup.config.journal.retain,
        })
    }

    pub async fn run(
        &mut self,
        orders: &mut mpsc::Receiver<Order>,
        say: &mpsc::UnboundedSender<Answer>,
        trouble: &mut Trouble,
        stop: &mut watch::Receiver<bool>,
    ) {
        let mut prune = interval_at(Instant::now() + FIRST_PRUNE, PRUNE);
        prune.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.ask();
            let relay = self.collector.relay().clone();
            let next = self.due.values().map(|due| due.at).min();
            let publish = self.publishes_at(trouble.stands());
            let done = tokio::select! {
                () = stopped(stop) => break,
                Some(told) = self.asking.join_next_with_id() => self.came(told).await,
                Some(pruned) = self.pruning.join_next() => {
                    let pruned = wrote(pruned);
                    if !matches!(pruned, Ok(true)) {
                        prune.reset_after(FIRST_PRUNE);
                    }
                    pruned
                }
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => continue,
                () = relay.enough() => self.collector.take_in().await.map(|()| false),
                order = orders.recv() => match order {
                    Some(Order::Refresh) => {
                        let _ = say.send(Answer::Refreshing(self.hurry()));
                        continue;
                    }
                    None => break,
                },
                () = sleep_until(publish) => self.tick().await,
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
                Err(error) => {
                    trouble.tell(&error);
                    if is_final(&error) {
                        break;
                    }
                }
            }
        }
        self.receive_no_more().await;
        // What is not saved is folded again at the next start.
        if let Err(error) = self.collector.checkpoint(true).await {
            tracing::warn!(%error, "the board was not saved");
        }
    }

    /// Sends off the questions that are due.
    fn ask(&mut self) {
        for feed in self.who_is_due(Instant::now()) {
            self.due.remove(&feed);
            if let Some(question) = self.collector.question(&feed, &self.clock) {
                self.begin_to_ask(feed, question.ask());
            }
        }
    }

    /// Those that are due, and with them those that nearly are.
    pub fn who_is_due(&self, now: Instant) -> Vec<FeedId> {
        if !self.due.values().any(|due| due.at <= now) {
            return Vec::new();
        }
        let due = self.due.iter();
        due.filter(|(_, due)| due.at <= now + NEARLY && due.not_before <= now)
            .map(|(id, _)| id.clone())
            .collect()
    }

    pub fn begin_to_ask(
        &mut self,
        feed: FeedId,
        asking: impl Future<Output = Told> + Send + 'static,
    ) {
        let task = self.asking.spawn(asking);
        self.asked.insert(task.id(), feed);
    }

    /// A question has ended. One that broke off is asked again: its feed must
    /// not fall silent for good.
    pub async fn came(
        &mut self,
        told: Result<(Id, Told), JoinError>,
    ) -> Result<Wrote, JournalError> {
        match told {
            Ok((task, told)) => {
                self.asked.remove(&task);
                self.hear(told).await
            }
            Err(error) => {
                if let Some(feed) = self.asked.remove(&error.id()) {
                    tracing::error!(%feed, %error, "asking broke off; it is asked again");
                    let due = Due::at(Instant::now() + AFTER_TROUBLE);
                    self.due.insert(feed, due);
                }
                Ok(false)
            }
        }
    }

    /// Makes every feed due now, unless it is being asked or its vendor asked
    /// to be left alone; answers how many are or will be asked.
    pub fn hurry(&mut self) -> usize {
        let now = Instant::now();
        let may = self.due.values_mut().filter(|due| due.not_before <= now);
        let mut hurried = 0;
        for due in may {
            due.at = due.at.min(now);
            hurried += 1;
        }
        hurried + self.asking.len()
    }

    /// Makes the feeds of a site due now: where one answers again, the others
    /// need not wait out their back-off.
    fn hurry_site(&mut self, site: &SiteName) {
        let now = Instant::now();
        let of_site = self.due.iter_mut().filter(|(id, _)| id.site == *site);
        for (_, due) in of_site.filter(|(_, due)| due.not_before <= now) {
            due.at = due.at.min(now);
        }
    }

    async fn hear(&mut self, told: Told) -> Result<Wrote, JournalError> {
        let (feed, is_list) = (told.feed().clone(), told.is_list());
        match self.collector.hear(told, fastrand::f64()).await {
            Ok(next) => {
                let now = Instant::now();
                let due = Due {
                    at: now + next.after,
                    not_before: now + next.least,
                };
                if next.recovered {
                    self.hurry_site(&next.feed.site);
                }
                self.due.insert(next.feed, due);
                self.answered(now);
                // Most answers say nothing new: the journal need not be read.
                if is_list {
                    self.collector.checkpoint(false).await?;
                }
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

    /// There is health that was not written.
    pub fn answered(&mut self, now: Instant) {
        self.unpublished.get_or_insert(now);
    }

    /// When health is to be written next. Where events are pushed it says until
    /// when they were taken, and a service shows by it that it works.
    pub fn publishes_at(&self, in_trouble: bool) -> Instant {
        let Some(published) = self.published else {
            return Instant::now();
        };
        let is_looked_for = self.receiving.is_some() || self.watched.receiver_count() > 0;
        match self.unpublished {
            _ if is_looked_for || in_trouble => published + PUBLISH,
            Some(since) => (published + PUBLISH).max(since + TOGETHER),
            None => published + REPEAT,
        }
    }

    /// It is time to write health.
    pub async fn tick(&mut self) -> Result<Wrote, JournalError> {
        let done = match self.receive_on().await {
            Ok(()) => self.publish().await,
            Err(error) => Err(error),
        };
        // Whatever came of it: not again at once.
        self.published = Some(Instant::now());
        done
    }

    /// What is pushed is folded in and saved here, where it is not so much that
    /// it comes sooner.
    async fn receive_on(&mut self) -> Result<(), JournalError> {
        if let Some(receiving) = &self.receiving {
            if receiving.has_ended() {
                tracing::error!("the receiver has ended; it begins anew");
                self.receiving = receive(&self.config, &self.journal, &self.clock).await?;
                if let Some(receiving) = &self.receiving {
                    let relay = receiving.receiver().relay().clone();
                    self.collector.receives_by(relay);
                }
            }
            self.collector.checkpoint(false).await?;
        }
        Ok(())
    }

    /// Takes nothing more in, and puts on record until when it did.
    async fn receive_no_more(&mut self) {
        let Some(receiving) = self.receiving.take() else {
            return;
        };
        let receiver = receiving.stop().await;
        if let Err(error) = self.collector.publish(receiver.health()).await {
            tracing::warn!(%error, "until when webhooks were taken is not on record");
        }
    }

    async fn publish(&mut self) -> Result<Wrote, JournalError> {
        let polled = self.collector.health();
        let mut health = polled.clone();
        if let Some(receiving) = &self.receiving {
            receiving.receiver().knows(polled);
            health.extend(receiving.receiver().health());
        }
        self.journal.set_feeds(health.clone()).await?;
        self.unpublished = None;
        self.shows(&health);
        // Without feeds there was nothing to write.
        Ok(self.has_feeds)
    }

    /// That it works, unless what is pushed cannot be stored.
    fn shows(&self, health: &[(FeedId, FeedHealth)]) {
        let kinds = || {
            health
                .iter()
                .filter_map(|(_, h)| Some(&h.trouble.as_ref()?.fault.kind))
        };
        let stores = !kinds().any(|kind| matches!(kind, FaultKind::Unstored));
        self.watched.send_modify(|condition| {
            *condition = Condition {
                beats: condition.beats + u64::from(stores),
                collects: true,
                feeds: health.len(),
                failing: kinds().count(),
            };
        });
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

/// Begins to receive, where a site pushes.
pub(super) async fn receive(
    config: &Config,
    journal: &Journal,
    clock: &Clock,
) -> Result<Option<Receiving>, JournalError> {
    let receiver = Receiver::open(config, journal.clone(), clock.clone())?;
    Ok(match receiver {
        Some(receiver) => Some(Receiving::begin(receiver, Place::of(config)).await),
        None => None,
    })
}

/// What came of a pruning.
fn wrote(pruned: Result<Result<u64, JournalError>, JoinError>) -> Result<Wrote, JournalError> {
    match pruned {
        // Without feeds nothing else tells that a pruning that failed works
        // now.
        Ok(pruned) => pruned.map(|_| true),
        Err(error) => {
            tracing::error!(%error, "pruning broke off; it is tried again");
            Ok(false)
        }
    }
}
