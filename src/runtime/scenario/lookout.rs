//! Watches the board for what a scenario expects of it, by the journal, as a
//! console does.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    domain::{
        board::Board,
        entry::{Entry, Seq, What},
        scenario::{
            check::Sites,
            expect::{Hope, Scene},
            plan::Watch,
        },
        site::Site,
    },
    journal::{Journal, JournalError},
    vendor::hook::Reader,
};

/// Entries read at once.
const CHUNK: usize = 1_000;

/// What came of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The expectation.
    pub watch: Watch,
    /// After how long it was so; `None` where it was not.
    pub after: Option<Duration>,
    /// What was so instead, as a clause.
    pub is: String,
}

/// The board, and what is expected of it.
pub struct Lookout {
    journal: Journal,
    board: Board,
    /// What entered since, as far as anybody asks for it.
    since: Vec<Entry>,
    reader: Reader,
    sites: Vec<Site>,
    of: Sites,
    open: Vec<Watch>,
    seen: Vec<Seen>,
    start: Instant,
}

impl Lookout {
    /// Reads the board as it is.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn new(
        journal: Journal,
        board: Board,
        sites: Vec<Site>,
        of: Sites,
        watches: Vec<Watch>,
    ) -> Result<Self, JournalError> {
        let mut lookout = Self {
            board,
            journal,
            since: Vec::new(),
            reader: Reader::new(&sites),
            sites,
            of,
            open: watches,
            seen: Vec::new(),
            start: Instant::now(),
        };
        lookout.read()?;
        lookout.since.clear();
        Ok(lookout)
    }

    /// Watches until each expectation is met or too late, or until `stop` is
    /// true; then the rest is not judged.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn watch(
        mut self,
        start: Instant,
        mut stop: watch::Receiver<bool>,
    ) -> Result<Vec<Seen>, JournalError> {
        self.start = start;
        let mut tail = self.journal.tail(self.board.upto());
        while !self.open.is_empty() {
            let now = Instant::now();
            let mut turns = self.open.iter().map(|watch| {
                let begins = start + watch.from;
                if begins > now {
                    begins
                } else {
                    begins + watch.within
                }
            });
            let next = turns.by_ref().min().unwrap_or(now);
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                entries = tail.next() => self.take(entries?),
                () = sleep_until(next) => {
                    // Others' entries come a little late by the tail.
                    self.read()?;
                }
            }
            self.judge(Instant::now());
        }
        self.seen
            .sort_by_key(|seen| (seen.watch.from, seen.watch.line));
        Ok(self.seen)
    }

    /// Takes all in that is there.
    fn read(&mut self) -> Result<(), JournalError> {
        loop {
            let entries = self.journal.read(self.board.upto(), CHUNK)?;
            let all = entries.len() < CHUNK;
            self.take(entries);
            if all {
                return Ok(());
            }
        }
    }

    fn take(&mut self, mut entries: Vec<Entry>) {
        let upto: Seq = self.board.upto();
        entries.retain(|entry| entry.seq > upto);
        self.reader.read_all(&mut entries);
        for entry in entries {
            self.board.apply(&entry);
            if self.is_asked_for(&entry) {
                self.since.push(entry);
            }
        }
    }

    fn is_asked_for(&self, entry: &Entry) -> bool {
        let What::Hook(hook) = &entry.what else {
            return false;
        };
        self.open.iter().any(|watch| match &watch.hope {
            Hope::Seen { event, .. } => *event == *hook.event,
            _ => false,
        })
    }

    /// Judges what is under watch now.
    fn judge(&mut self, now: Instant) {
        for watch in std::mem::take(&mut self.open) {
            let begins = self.start + watch.from;
            if begins > now {
                self.open.push(watch);
                continue;
            }
            let site = self.of.of(watch.line);
            let site = self.sites.iter().find(|known| known.name.as_str() == site);
            let found = site.map(|site| {
                watch.hope.look(Scene {
                    board: &self.board,
                    site,
                    since: &self.since,
                })
            });
            let after = now - begins;
            match found {
                Some(found) if found.holds => self.seen.push(Seen {
                    watch,
                    after: Some(after),
                    is: found.is,
                }),
                Some(_) if after < watch.within => self.open.push(watch),
                found => self.seen.push(Seen {
                    watch,
                    after: None,
                    is: found.map_or_else(String::new, |found| found.is),
                }),
            }
        }
    }
}
