//! What the receiver counts, for the lamp in the header and for `/metrics`.
//! Counting never waits.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use super::reply::Reason;
use crate::domain::time::At;

/// The upper bounds of the histogram, µs.
pub(super) const BOUNDS: [u64; 12] = [
    1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000,
];
/// Ticks, of a second each, in a minute.
const MINUTE: usize = 60;
/// No event yet.
const NEVER: i64 = i64::MIN;

/// All that is counted.
#[derive(Debug)]
pub(super) struct Stats {
    /// By door.
    pub sites: Vec<Site>,
    /// Turned away where there is no such site.
    pub elsewhere: AtomicU64,
    /// Requests whose events are being stored.
    pub waiting: AtomicUsize,
    /// Open connections.
    pub connections: AtomicUsize,
    /// Connections closed at once, or to make room for others.
    pub crowded_out: AtomicU64,
    /// Requests that could not be stored.
    pub unstored: AtomicU64,
    /// From a request's head to its events being on disk.
    pub took: Histogram,
}

/// What is counted of a site.
#[derive(Debug, Default)]
pub(super) struct Site {
    pub accepted: AtomicU64,
    pub repeats: AtomicU64,
    pub unknown: AtomicU64,
    refused: [AtomicU64; Reason::ALL.len()],
    last: Last,
    rate: Mutex<Rate>,
}

#[derive(Debug)]
struct Last(AtomicI64);

impl Default for Last {
    fn default() -> Self {
        Self(AtomicI64::new(NEVER))
    }
}

/// Events of the last minute, tick by tick.
#[derive(Debug)]
struct Rate {
    ticks: [u64; MINUTE],
    next: usize,
    /// `accepted` at the last tick.
    seen: u64,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            ticks: [0; MINUTE],
            next: 0,
            seen: 0,
        }
    }
}

/// Durations by their size.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    pub buckets: [AtomicU64; BOUNDS.len()],
    pub count: AtomicU64,
    pub micros: AtomicU64,
}

impl Stats {
    pub fn new(doors: usize) -> Self {
        Self {
            sites: std::iter::repeat_with(Site::default).take(doors).collect(),
            elsewhere: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            crowded_out: AtomicU64::new(0),
            unstored: AtomicU64::new(0),
            took: Histogram::default(),
        }
    }

    /// A request waits for the disk until the guard is dropped.
    pub fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Relaxed);
        Waiting(&self.waiting)
    }

    /// A request to this door, if there is one, was turned away.
    pub fn refused(&self, door: Option<usize>, reason: Reason) {
        match door.and_then(|door| self.sites.get(door)) {
            Some(site) => site.refused[reason as usize].fetch_add(1, Relaxed),
            None => self.elsewhere.fetch_add(1, Relaxed),
        };
    }

    /// A second has passed.
    pub fn tick(&self) {
        for site in &self.sites {
            let mut rate = site.rate.lock().unwrap_or_else(PoisonError::into_inner);
            let accepted = site.accepted.load(Relaxed);
            let next = rate.next;
            rate.ticks[next] = accepted - rate.seen;
            rate.seen = accepted;
            rate.next = (next + 1) % MINUTE;
        }
    }
}

/// Counts down when it is dropped, whatever became of the request.
pub(super) struct Waiting<'s>(&'s AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Site {
    /// Events came.
    pub fn heard(&self, at: At) {
        self.last.0.store(at.0, Relaxed);
    }

    /// When the last event came.
    pub fn last(&self) -> Option<At> {
        let last = self.last.0.load(Relaxed);
        (last != NEVER).then_some(At(last))
    }

    /// How many requests were turned away for this.
    pub fn refused(&self, reason: Reason) -> u64 {
        self.refused[reason as usize].load(Relaxed)
    }

    /// Accepted in the last minute.
    pub fn per_minute(&self) -> u32 {
        let rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.accepted.load(Relaxed) - rate.seen;
        u32::try_from(rate.ticks.iter().sum::<u64>() + now).unwrap_or(u32::MAX)
    }
}

impl Histogram {
    pub fn add(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(fits) = BOUNDS.iter().position(|bound| micros <= *bound) {
            self.buckets[fits].fetch_add(1, Relaxed);
        }
        self.count.fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_minute() {
        let stats = Stats::new(1);
        let site = &stats.sites[0];
        site.accepted.fetch_add(3, Relaxed);
        assert_eq!(site.per_minute(), 3, "what came since the last tick counts");
        for _ in 0..MINUTE {
            stats.tick();
        }
        assert_eq!(site.per_minute(), 3);
        stats.tick();
        assert_eq!(site.per_minute(), 0);
    }

    #[test]
    fn reasons_are_numbered_in_their_order() {
        for (number, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, number);
        }
    }
}
