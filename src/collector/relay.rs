//! What the receiver has just stored, on its way to the collector's board: read
//! already, and with its place, it need not be taken out of the journal and be
//! read again. A convenience and no more: whatever is missing here stands in
//! the journal. Knows no tasks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::entry::{Entry, What};

/// Entries that are worth being fetched at once. To fold them in takes about a
/// millisecond, which nobody who waits for the same thread notices.
const ENOUGH: usize = 256;
/// The most that waits here, in bytes. Beyond that, nobody fetches it: then
/// all of it is let go, and is in the journal.
const MOST: usize = 2 << 20;
/// About what an entry takes up beside the text that was sent.
const ENTRY: usize = 1_024;

/// The way from the receiver to the collector.
#[derive(Debug, Default)]
pub struct Relay {
    waiting: Mutex<Waiting>,
    enough: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    entries: Vec<Entry>,
    bytes: usize,
}

impl Relay {
    /// Brings entries that are on disk, in whatever order.
    pub fn bring(&self, entries: impl IntoIterator<Item = Entry>) {
        let is_enough = {
            let mut waiting = self.waiting();
            for entry in entries {
                waiting.bytes += weight(&entry);
                waiting.entries.push(entry);
            }
            if waiting.bytes > MOST {
                *waiting = Waiting::default();
            }
            waiting.entries.len() >= ENOUGH
        };
        if is_enough {
            self.enough.notify_one();
        }
    }

    /// What was brought since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.waiting()).entries
    }

    /// Waits until it is worth while to [`Relay::take`]. Nothing is lost if the
    /// wait is given up.
    pub async fn enough(&self) {
        self.enough.notified().await;
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// About what an entry takes up: its text as sent, and what was read of it.
fn weight(entry: &Entry) -> usize {
    let text = match &entry.what {
        What::Hook(hook) => 2 * hook.body.as_str().len(),
        _ => 0,
    };
    ENTRY + text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        caller::Raw,
        hook::{Hook, Says},
        site::Vendor,
        time::At,
    };

    fn entry(seq: u64, body: &str) -> Entry {
        Entry {
            seq,
            at: At(0),
            site: "team".into(),
            what: What::Hook(Hook {
                vendor: Vendor::Contaqt,
                event: "".into(),
                body: Raw::new(body),
                injected: false,
                says: Says::Unread,
            }),
        }
    }

    #[test]
    fn what_nobody_fetches_does_not_pile_up() {
        let relay = Relay::default();
        let body = "x".repeat(100_000);
        for seq in 1..=100 {
            relay.bring([entry(seq, &body)]);
            let waiting = relay.waiting();
            let bytes: usize = waiting.entries.iter().map(weight).sum();
            assert!(bytes == waiting.bytes && bytes <= MOST, "{bytes}");
        }
        let places: Vec<u64> = relay.take().iter().map(|entry| entry.seq).collect();
        assert_eq!(places.last(), Some(&100), "the last ones are there again");
        assert!(relay.take().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn few_are_not_worth_being_fetched_at_once() {
        let relay = Relay::default();
        let patience = std::time::Duration::from_mins(1);
        for seq in 1..ENOUGH as u64 {
            relay.bring([entry(seq, "{}")]);
        }
        assert!(
            tokio::time::timeout(patience, relay.enough())
                .await
                .is_err()
        );
        relay.bring([entry(256, "{}")]);
        tokio::time::timeout(patience, relay.enough())
            .await
            .unwrap();
        assert_eq!(relay.take().len(), ENOUGH);
    }
}
