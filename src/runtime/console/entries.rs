//! Entries of the journal on their way to the screen: read and folded in little
//! by little, so that a key need not wait for a long batch, and no oftener than
//! a frame could show.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use crate::{domain::entry::Entry, vendor::hook::Reader};

/// Between two looks into a journal that cannot be read.
const AFTER_TROUBLE: Duration = Duration::from_secs(2);
/// Entries are folded in for a while, then they wait for one another until
/// this is over: no frame would show them sooner.
const FOLD: Duration = Duration::from_millis(16);
/// Batches of entries that are folded in before. While nobody listened three
/// small ones were read, two on their way and one that waits for room; the
/// next has all that came since.
const BATCHES: u32 = 4;
/// Entries that are folded in between two looks at the keys: about a
/// millisecond.
const AT_ONCE: usize = 50;

/// Entries that wait to be folded in, and when to listen for more.
pub(super) struct Entries {
    reader: Reader,
    waiting: VecDeque<Entry>,
    /// Until when the journal is left alone: it cannot be read, or has just
    /// been.
    deaf_until: Option<Instant>,
    folding: Folding,
}

impl Entries {
    /// None yet; `reader` knows what was pushed.
    pub fn new(reader: Reader) -> Self {
        Self {
            reader,
            waiting: VecDeque::new(),
            deaf_until: None,
            folding: Folding {
                since: Instant::now(),
                batches: 0,
            },
        }
    }

    /// A batch came.
    pub fn come(&mut self, entries: Vec<Entry>) {
        self.waiting.extend(entries);
    }

    /// Whether any wait.
    pub fn are_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The next of those that wait, read.
    pub fn some(&mut self, now: Instant) -> Vec<Entry> {
        let some = self.waiting.len().min(AT_ONCE);
        let mut entries: Vec<Entry> = self.waiting.drain(..some).collect();
        self.reader.read_all(&mut entries);
        if self.waiting.is_empty() {
            // The room of a long batch is not kept for the next.
            self.waiting.shrink_to(AT_ONCE);
            self.deaf_until = self.folding.another(now);
        }
        entries
    }

    /// The journal cannot be read.
    pub fn cannot_be_read(&mut self, now: Instant) {
        self.deaf_until = Some(now + AFTER_TROUBLE);
    }

    /// Until when there is no need to listen; `None` where there is.
    pub fn deaf_until(&self) -> Option<Instant> {
        self.deaf_until
    }

    /// Listens again.
    pub fn listen(&mut self) {
        self.deaf_until = None;
    }
}

/// How many batches of entries were folded in since when.
struct Folding {
    since: Instant,
    batches: u32,
}

impl Folding {
    /// Another batch was folded in; until when the next must wait, if it must.
    fn another(&mut self, now: Instant) -> Option<Instant> {
        if now >= self.since + FOLD {
            (self.since, self.batches) = (now, 0);
        }
        self.batches += 1;
        (self.batches >= BATCHES).then(|| self.since + FOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{entry::What, time::At};

    #[test]
    fn few_batches_are_folded_in_at_once_and_many_wait() {
        let since = Instant::now();
        let mut folding = Folding { since, batches: 0 };
        let at = |ms| since + Duration::from_millis(ms);
        let waits = [0, 1, 2, 3, 16, 17].map(|ms| folding.another(at(ms)));
        assert_eq!(waits, [None, None, None, Some(at(16)), None, None]);
    }

    #[test]
    fn a_long_batch_is_folded_in_little_by_little_and_in_order() {
        let mut entries = Entries::new(Reader::new(&[]));
        let now = Instant::now();
        let entry = |seq| Entry {
            seq,
            at: At(0),
            site: "aarhus".into(),
            what: What::Gap {
                from: At(0),
                to: At(0),
            },
        };
        let mut seen = Vec::new();
        for batch in 0..5 {
            entries.come((0..120).map(|n| entry(batch * 120 + n)).collect());
            while entries.are_waiting() {
                assert_eq!(entries.deaf_until(), None, "it is one batch");
                let some = entries.some(now);
                assert!(some.len() <= AT_ONCE);
                seen.extend(some.into_iter().map(|entry| entry.seq));
            }
            assert_eq!(entries.deaf_until().is_some(), batch >= 3);
            entries.listen();
        }
        assert_eq!(seen, (0..600).collect::<Vec<_>>());
    }
}
