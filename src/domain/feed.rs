//! How fresh a source is. Every feed has an age; one that is late or failing
//! makes its rows stale, it does not make them vanish.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    fault::Fault,
    id::{QueueId, SiteName},
    time::At,
};

/// One source of news: a list we poll, or what a site pushes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FeedId {
    /// The site it belongs to.
    pub site: SiteName,
    /// What it tells.
    pub kind: FeedKind,
}

/// What a feed tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// The live callers of a queue.
    Callers(QueueId),
    /// The webhooks of the site.
    Hooks,
}

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FeedKind::Callers(queue) => write!(f, "{} callers of {queue}", self.site),
            FeedKind::Hooks => write!(f, "{} webhooks", self.site),
        }
    }
}

/// The last known health of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHealth {
    /// How often a fresh answer is due.
    pub interval: Duration,
    /// When the last good answer came.
    pub last_ok: Option<At>,
    /// What is wrong since then, if anything.
    pub trouble: Option<Trouble>,
    /// Vendor's clock minus ours, ms; 0 while it lies within what a `Date`
    /// header can tell.
    pub skew_ms: i64,
    /// When the next question is due.
    pub next: Option<At>,
    /// What was heard, of a feed that is pushed. Such a feed is as fresh as
    /// its receiver: nothing to tell is no news that is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
}

/// What the receiver heard of a site, since it was started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Where it listens, address and port; none while it cannot.
    pub listens: Option<String>,
    /// When it was last known to listen.
    pub alive: Option<At>,
    /// Events accepted and stored.
    pub accepted: u64,
    /// Of these, events whose name the vendor does not document.
    pub unknown: u64,
    /// Events sent again: stored before, answered as accepted.
    pub repeats: u64,
    /// Requests turned away.
    pub refused: u64,
    /// Events accepted in the last minute.
    pub per_minute: u32,
}

/// A receiver that was not heard of for longer does not listen any more.
const GONE: Duration = Duration::from_secs(10);

impl Heard {
    /// Where it listens, if it was heard of lately.
    #[must_use]
    pub fn listens_now(&self, now: At) -> Option<&str> {
        let age = age_of(self.alive?, now)?;
        self.listens.as_deref().filter(|_| age <= GONE)
    }
}

/// A fault and how long it has stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The latest fault.
    pub fault: Fault,
    /// When the first of this run of faults came.
    pub since: At,
    /// How many in a row.
    pub count: u32,
}

/// A feed's standing at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// No answer yet, and nothing wrong yet.
    Waiting,
    /// A good answer of this age, as fresh as the interval promises.
    Fresh(Duration),
    /// The last good answer is older than it should be; `None` where its age
    /// is not known, as the clock was set back.
    Late(Option<Duration>),
    /// Faults since the last good answer, of this age, as far as known.
    Failing(Option<Duration>),
}

/// How often a receiver says that it listens.
const BEAT: Duration = Duration::from_secs(1);

/// How far ahead of the clock an answer may lie and be of just now: a screen's
/// clock ticks more slowly than answers come.
const AHEAD: Duration = Duration::from_secs(5);

/// How old an answer is; `None` where it lies in the future. A clock that was
/// set back tells nothing about what came before.
#[must_use]
pub fn age_of(answer: At, now: At) -> Option<Duration> {
    (answer.since(now) <= AHEAD).then(|| now.since(answer))
}

impl FeedHealth {
    /// A feed that has not been asked yet.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self {
            interval,
            last_ok: None,
            trouble: None,
            skew_ms: 0,
            next: None,
            heard: None,
        }
    }

    /// A feed that is pushed, and of which nothing was heard yet.
    #[must_use]
    pub fn pushed() -> Self {
        Self {
            heard: Some(Heard::default()),
            ..Self::new(BEAT)
        }
    }

    /// When it was last as fresh as promised: a list when it was read, a feed
    /// that is pushed as long as its receiver listened.
    #[must_use]
    pub fn last_fresh(&self) -> Option<At> {
        match &self.heard {
            Some(heard) => heard.alive,
            None => self.last_ok,
        }
    }

    /// The age after which an answer is late: two intervals and the time a
    /// slow answer may take.
    #[must_use]
    pub fn late_after(&self) -> Duration {
        self.interval
            .saturating_mul(2)
            .saturating_add(Duration::from_secs(3))
    }

    /// The standing at `now`. A fault shows at once; rows turn stale only
    /// when their age says so ([`FeedHealth::is_stale`]).
    #[must_use]
    pub fn freshness(&self, now: At) -> Freshness {
        let fresh = self.last_fresh();
        let age = fresh.and_then(|at| age_of(at, now));
        match (&self.trouble, fresh, age) {
            (Some(_), _, age) => Freshness::Failing(age),
            (None, None, _) => Freshness::Waiting,
            (None, Some(_), Some(age)) if age <= self.late_after() => Freshness::Fresh(age),
            (None, Some(_), age) => Freshness::Late(age),
        }
    }

    /// Whether what this feed told must be shown as stale.
    #[must_use]
    pub fn is_stale(&self, now: At) -> bool {
        self.last_fresh()
            .and_then(|at| age_of(at, now))
            .is_none_or(|age| age > self.late_after())
    }

    /// Folds in a good answer.
    pub fn answered(&mut self, now: At) {
        self.last_ok = Some(now);
        self.trouble = None;
    }

    /// Folds in a fault.
    pub fn failed(&mut self, now: At, fault: Fault) {
        let (since, count) = self
            .trouble
            .as_ref()
            .map_or((now, 0), |t| (t.since, t.count));
        self.trouble = Some(Trouble {
            fault,
            since,
            count: count.saturating_add(1),
        });
    }

    /// Folds in a measurement of the vendor's clock against ours. A `Date`
    /// header counts whole seconds, so what lies within `tolerance` of what
    /// is believed already changes nothing.
    pub fn measured(&mut self, skew_ms: i64, tolerance: Duration) {
        let tolerance = i64::try_from(tolerance.as_millis()).unwrap_or(i64::MAX);
        if skew_ms.abs() <= tolerance {
            self.skew_ms = 0;
        } else if (skew_ms - self.skew_ms).abs() > tolerance {
            self.skew_ms = skew_ms;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::FaultKind;

    #[test]
    fn a_feed_is_fresh_then_late_and_a_fault_shows_at_once() {
        let mut feed = FeedHealth::new(Duration::from_secs(2));
        assert_eq!(feed.freshness(At(0)), Freshness::Waiting);
        feed.answered(At(1_000));
        assert_eq!(
            feed.freshness(At(3_000)),
            Freshness::Fresh(Duration::from_secs(2))
        );
        assert!(!feed.is_stale(At(8_000)));
        assert_eq!(
            feed.freshness(At(8_001)),
            Freshness::Late(Some(Duration::from_millis(7_001)))
        );
        feed.failed(At(9_000), Fault::new(FaultKind::Timeout, "x", ""));
        feed.failed(At(11_000), Fault::new(FaultKind::Server, "y", ""));
        let trouble = feed.trouble.clone().unwrap();
        assert_eq!((trouble.since, trouble.count), (At(9_000), 2));
        assert_eq!(
            feed.freshness(At(11_000)),
            Freshness::Failing(Some(Duration::from_secs(10)))
        );
        feed.answered(At(12_000));
        assert!(feed.trouble.is_none());
    }

    #[test]
    fn a_clock_set_back_makes_no_old_answer_fresh_but_the_next_one_is() {
        let mut feed = FeedHealth::new(Duration::from_secs(2));
        let (noon, eleven) = (At(43_200_000), At(39_600_000));
        feed.answered(noon);
        assert!(!feed.is_stale(noon.shift(-1_000)), "a tick behind is now");
        assert!(feed.is_stale(eleven));
        assert_eq!(feed.freshness(eleven), Freshness::Late(None));
        feed.failed(eleven, Fault::new(FaultKind::Timeout, "x", ""));
        assert_eq!(feed.freshness(eleven), Freshness::Failing(None));
        feed.answered(eleven.shift(2_000));
        assert!(!feed.is_stale(eleven.shift(3_000)));
    }

    #[test]
    fn a_pushed_feed_is_as_fresh_as_its_receiver_however_quiet_it_is() {
        let mut feed = FeedHealth::pushed();
        assert_eq!(feed.freshness(At(0)), Freshness::Waiting);
        feed.heard.as_mut().unwrap().alive = Some(At(3_600_000));
        feed.last_ok = Some(At(1_000));
        assert!(!feed.is_stale(At(3_601_000)));
        assert!(matches!(feed.freshness(At(3_601_000)), Freshness::Fresh(_)));
        // Its receiver is gone.
        assert!(feed.is_stale(At(3_700_000)));
        let told = serde_json::to_string(&FeedHealth::new(BEAT)).unwrap();
        assert!(!told.contains("heard"), "{told}");
        let read: FeedHealth = serde_json::from_str(&told).unwrap();
        assert_eq!(read.heard, None);
    }

    #[test]
    fn a_small_skew_is_none_and_a_large_one_does_not_jitter() {
        let mut feed = FeedHealth::new(Duration::from_secs(2));
        let t = Duration::from_millis(1_500);
        feed.measured(900, t);
        assert_eq!(feed.skew_ms, 0);
        feed.measured(60_400, t);
        feed.measured(61_200, t);
        assert_eq!(feed.skew_ms, 60_400);
        feed.measured(-3_000, t);
        assert_eq!(feed.skew_ms, -3_000);
        feed.measured(200, t);
        assert_eq!(feed.skew_ms, 0);
    }
}
