//! A queue in pane 1's summary. Its figures are kept up by what comes and
//! goes: neither news nor a frame costs more where more people wait.

use std::{sync::Arc, time::Duration};

use super::{
    Row, Source,
    sorted::{self, Patched},
};
use crate::{
    app::search::Words,
    domain::{
        board::Waiting,
        entry::Seq,
        feed::{FeedId, FeedKind},
        metrics::Today,
        site::{Queue, QueueKey, Site, Vendor, WaitLevel},
        time::At,
    },
};

/// A [`Waiting::rank`] among those who have a place, in which all count.
type Place = (At, Seq);

/// A queue in the summary.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueLine {
    /// Its key on the board.
    pub key: QueueKey,
    /// The feed that tells of it.
    pub feed: FeedId,
    /// Its name and thresholds.
    pub queue: Queue,
    /// Whether anything was ever heard of it.
    pub known: bool,
    /// By how much the vendor's clock is ahead of ours, ms, as the waits have
    /// it.
    pub(super) skew: i64,
    /// When each wait began that counts, by our clock, the longest first.
    began: Vec<At>,
    /// Their sum, ms.
    sum: i128,
    /// Those who have a place, in its order.
    places: Vec<Place>,
    /// Today's answered.
    pub answered: u64,
    /// Today's left.
    pub left: u64,
    /// The longest wait that ended today.
    pub longest_today: Option<Duration>,
    /// SL-C "of offered" at the queue's own target.
    pub service_level: Option<f64>,
}

impl QueueLine {
    /// A line on which nobody waits.
    pub(super) fn new(source: Source<'_>, site: &Site, queue: &Queue) -> Self {
        let kind = if is_pushed(site) {
            FeedKind::Hooks
        } else {
            FeedKind::Callers(queue.id.clone())
        };
        let feed = FeedId {
            site: site.name.clone(),
            kind,
        };
        Self {
            key: QueueKey {
                site: site.name.clone(),
                queue: queue.id.clone(),
            },
            skew: skew(source, &feed),
            feed,
            queue: queue.clone(),
            known: false,
            began: Vec::new(),
            sum: 0,
            places: Vec::new(),
            answered: 0,
            left: 0,
            longest_today: None,
            service_level: None,
        }
    }

    /// Whether the waits still are right by the feed's clock; takes over
    /// whether the queue is known.
    pub(super) fn hear(&mut self, source: Source<'_>) -> bool {
        let health = source.feeds.get(&self.feed);
        let heard = health.is_some_and(|f| f.last_fresh().is_some());
        self.known = heard || source.board.queue(&self.key).is_some();
        self.skew == skew(source, &self.feed)
    }

    /// Takes over the day's counts.
    pub(super) fn count(&mut self, source: Source<'_>) {
        let picture = source.board.queue(&self.key);
        // A day without a departure yet begins at zero.
        let none = Today::default();
        let today = picture.and_then(|p| p.today.on(source.day));
        let today = today.unwrap_or(&none);
        self.answered = today.answered();
        self.left = today.left();
        self.longest_today = today.longest();
        self.service_level = today.service_level_of_offered(self.queue.service_level);
    }

    /// When somebody's wait began, by our clock.
    pub(in crate::app) fn began(&self, waiting: &Waiting) -> At {
        match waiting.caller.entered() {
            Some(entered) => entered.shift(-self.skew),
            None => waiting.seen,
        }
    }

    /// Everybody who waits, in the order of service.
    pub(super) fn fill<'w>(&mut self, waiting: impl Iterator<Item = &'w Arc<Waiting>> + Clone) {
        self.began = self.counted(waiting.clone());
        self.began.sort_unstable();
        self.sum = sum(&self.began);
        self.places = placed(waiting);
    }

    /// Some no longer wait and others do.
    pub(super) fn turn(&mut self, gone: &[Arc<Waiting>], come: &[Arc<Waiting>]) -> Patched {
        let (went, came) = (self.counted(gone), self.counted(come));
        self.sum += sum(&came) - sum(&went);
        sorted::patch(&mut self.began, went, came, At::cmp)?;
        sorted::patch(&mut self.places, placed(gone), placed(come), Place::cmp)
    }

    /// When their waits began; what is invented must move no figure.
    fn counted<'w>(&self, waiting: impl IntoIterator<Item = &'w Arc<Waiting>>) -> Vec<At> {
        let real = waiting.into_iter().filter(|w| !w.injected());
        real.map(|w| self.began(w)).collect()
    }

    /// The row of somebody who waits here; the line is the `queue`th.
    pub(super) fn row(&self, queue: u32, waiting: &Arc<Waiting>, place: Option<u32>) -> Row {
        Row {
            queue,
            place: place.unwrap_or(0),
            waiting: waiting.clone(),
            began: self.began(waiting),
        }
    }

    /// The words that the queue itself does not have.
    pub(super) fn beyond(&self, words: &Words) -> Words {
        words.beyond(&[&self.queue.name, self.key.site.as_str()])
    }

    /// The place of somebody who waits here.
    pub(super) fn place(&self, waiting: &Waiting) -> Option<u32> {
        let place = place(waiting);
        let before = || self.places.partition_point(|other| *other < place);
        let place = waiting.has_place().then(before)?;
        u32::try_from(place + 1).ok()
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.began.len()
    }

    /// How many wait longer than the service level, and longer than the
    /// critical wait.
    #[must_use]
    pub fn late(&self, now: At) -> (usize, usize) {
        let over = |limit: WaitLevel| {
            self.began
                .partition_point(|began| self.queue.judge(now.since(*began)) >= limit)
        };
        (over(WaitLevel::Late), over(WaitLevel::Critical))
    }

    /// The longest wait of those who wait now.
    #[must_use]
    pub fn longest(&self, now: At) -> Option<Duration> {
        self.began.first().map(|began| now.since(*began))
    }

    /// The average wait of those who wait now.
    #[must_use]
    pub fn average(&self, now: At) -> Option<Duration> {
        average([self], now)
    }
}

fn sum(instants: &[At]) -> i128 {
    instants.iter().map(|at| i128::from(at.0)).sum()
}

fn place(waiting: &Waiting) -> Place {
    let (_, since, arrival) = waiting.rank();
    (since, arrival)
}

/// Those who have a place.
fn placed<'w>(waiting: impl IntoIterator<Item = &'w Arc<Waiting>>) -> Vec<Place> {
    let placed = waiting.into_iter().filter(|w| w.has_place());
    placed.map(|w| place(w)).collect()
}

/// The mean of the waits in these queues, which are counted and summed up: a
/// frame's cost must not grow with the queue.
pub(super) fn average<'l>(
    lines: impl IntoIterator<Item = &'l QueueLine>,
    now: At,
) -> Option<Duration> {
    let add = |(count, sum), line: &QueueLine| (count + line.began.len(), sum + line.sum);
    let (count, sum) = lines.into_iter().fold((0, 0), add);
    let count = i128::try_from(count).ok().filter(|n| *n > 0)?;
    let mean = i64::try_from(sum / count).ok()?;
    Some(now.since(At(mean)))
}

/// Whether a site tells of its callers unasked.
pub(super) fn is_pushed(site: &Site) -> bool {
    matches!(site.vendor, Vendor::Contaqt | Vendor::Telphin)
}

/// By how much a feed's clock is ahead of ours, ms.
fn skew(source: Source<'_>, feed: &FeedId) -> i64 {
    source.feeds.get(feed).map_or(0, |health| health.skew_ms)
}
