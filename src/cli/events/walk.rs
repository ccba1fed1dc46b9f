//! The wanted entries of a journal, one after the other, and what came of each
//! intent among them.

use std::collections::{HashSet, VecDeque};

use super::wanted::Wanted;
use crate::{
    cli::recorded::CHUNK,
    domain::{
        entry::{Entry, Seq, What},
        record::EventRecord,
    },
    journal::{Journal, JournalError},
};

/// The least that `-n` looks back at once.
const LEAST_BACK: u64 = 500;

/// Which intents have an outcome on record. Outcomes follow soon, so that
/// looking ahead costs little; an intent without one costs one look at all the
/// rest, and the next such intent nothing more.
#[derive(Default)]
struct Outcomes {
    of: HashSet<Seq>,
    /// Up to where they are known.
    known: Seq,
}

impl Outcomes {
    fn hear(&mut self, entries: &[Entry]) {
        for entry in entries {
            if let What::Outcome(outcome) = &entry.what {
                self.of.insert(outcome.intent);
            }
            self.known = self.known.max(entry.seq);
        }
    }

    /// Whether this intent, of the entries heard last, has one up to `upto`.
    fn has(&mut self, journal: &Journal, intent: Seq, upto: Seq) -> Result<bool, JournalError> {
        while !self.of.contains(&intent) && self.known < upto {
            let entries = journal.read(self.known, CHUNK)?;
            if entries.is_empty() {
                self.known = upto;
            }
            self.hear(&entries);
        }
        Ok(self.of.contains(&intent))
    }
}

/// The wanted entries up to a place, one after the other: a journal is not
/// held in memory.
pub(super) struct Walk<'a> {
    journal: &'a Journal,
    wanted: &'a Wanted,
    after: Seq,
    upto: Seq,
    read: std::vec::IntoIter<EventRecord>,
    outcomes: Outcomes,
    trouble: &'a mut Option<JournalError>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        journal: &'a Journal,
        wanted: &'a Wanted,
        upto: Seq,
        trouble: &'a mut Option<JournalError>,
    ) -> Self {
        Self {
            journal,
            wanted,
            after: 0,
            upto,
            read: Vec::new().into_iter(),
            outcomes: Outcomes::default(),
            trouble,
        }
    }

    /// The wanted of these entries; an intent that nothing came of says so.
    fn told(&mut self, entries: Vec<Entry>) -> Result<Vec<EventRecord>, JournalError> {
        self.outcomes.hear(&entries);
        let mut records = self.wanted.records(entries);
        for record in records.iter_mut().filter(|record| record.is_intent()) {
            if !self.outcomes.has(self.journal, record.seq, self.upto)? {
                record.note_unknown_outcome();
            }
        }
        Ok(records)
    }
}

impl Iterator for Walk<'_> {
    type Item = EventRecord;

    fn next(&mut self) -> Option<EventRecord> {
        loop {
            if let Some(record) = self.read.next() {
                return Some(record);
            }
            if self.after >= self.upto {
                return None;
            }
            let told = self
                .journal
                .read(self.after, CHUNK)
                .and_then(|mut entries| {
                    entries.retain(|entry| entry.seq <= self.upto);
                    self.after = entries.last().map_or(self.upto, |entry| entry.seq);
                    self.told(entries)
                });
            match told {
                Ok(records) => self.read = records.into_iter(),
                Err(error) => {
                    *self.trouble = Some(error);
                    return None;
                }
            }
        }
    }
}

/// The last `count` wanted entries up to a place: looks back further and
/// further until there are so many.
pub(super) fn last(
    journal: &Journal,
    wanted: &Wanted,
    upto: Seq,
    count: usize,
) -> Result<VecDeque<EventRecord>, JournalError> {
    let mut back = LEAST_BACK.max(count as u64);
    loop {
        let mut trouble = None;
        let mut walk = Walk::new(journal, wanted, upto, &mut trouble);
        walk.after = upto.saturating_sub(back);
        let all = walk.after == 0;
        let mut found = VecDeque::new();
        for record in walk {
            found.push_back(record);
            if found.len() > count {
                found.pop_front();
            }
        }
        match trouble {
            Some(error) => return Err(error),
            None if all || found.len() == count => return Ok(found),
            None => back = back.saturating_mul(4),
        }
    }
}
