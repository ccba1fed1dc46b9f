//! Pane 5: everything that comes into the journal, the newest first, with
//! what it changed on the board. It follows until the cursor is moved; `g`
//! follows again.
//!
//! * [`columns`]: the list's columns, as data; [`effect`]: what an entry
//!   changes

pub mod columns;
pub mod effect;

use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
};

use crate::domain::{
    entry::{Entry, Seq, What},
    event::{CallFacts, Event},
    record::EventRecord,
    site::Site,
    text,
};

use super::{listing::Listing, step::Step};
use columns::Cell;

/// Between the names of several queues.
const BETWEEN: &str = ", ";

/// Entries that are kept at hand; the journal has them all.
const KEPT: usize = 2_000;

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActivityPane {
    log: VecDeque<Arc<Logged>>,
    /// What is shown, the newest first.
    pub rows: Vec<Arc<Logged>>,
    /// How many requests the receiver has turned away, as far as is at hand.
    pub refused: u64,
    /// How the rows are found and looked at.
    pub listing: Listing<Seq, Cell>,
}

/// An entry at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// The entry.
    pub entry: Entry,
    /// Whom and what it is about, in names.
    pub about: About,
    /// What it changed, or why it changed nothing.
    pub effect: String,
    /// Whether it was turned away, or not understood.
    pub odd: bool,
    /// All that a search may find it by, folded; made when it is first
    /// searched.
    words: OnceLock<Box<str>>,
}

/// Whom and what an entry is about, in names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// The event in the vendor's own words, or in ours.
    pub event: String,
    /// The agent.
    pub agent: Option<String>,
    /// The caller.
    pub caller: Option<String>,
    /// The queue.
    pub queue: Option<String>,
    /// The call.
    pub call: Option<String>,
}

impl Logged {
    /// All that a search may find it by, folded.
    fn words(&self) -> &str {
        self.words.get_or_init(|| {
            let about = &self.about;
            let mut words = vec![self.entry.site.as_str(), &about.event, &self.effect];
            let who = [&about.agent, &about.caller, &about.queue, &about.call];
            words.extend(who.into_iter().flatten().map(String::as_str));
            text::fold(&words.join(" ")).into()
        })
    }

    /// What it tells of a call.
    #[must_use]
    pub fn facts(&self) -> Option<&CallFacts> {
        match effect::event(&self.entry)? {
            Event::Call(told) => Some(&told.facts),
            Event::Agent { .. } => None,
        }
    }
}

impl ActivityPane {
    /// Adds an entry with what it changed; `who` calls, where it does not tell.
    pub fn add(&mut self, entry: Entry, sites: &[Site], effect: String, who: Option<String>) {
        let mut about = about(&entry, sites);
        about.caller = about.caller.or(who);
        if let What::Refused { count, .. } = entry.what {
            self.refused += u64::from(count);
        }
        let odd = effect::is_odd(&entry);
        if self.log.len() >= KEPT {
            self.log.pop_front();
        }
        self.log.push_back(Arc::new(Logged {
            entry,
            about,
            effect,
            odd,
            words: OnceLock::new(),
        }));
    }

    /// Derives what is shown.
    pub fn derive(&mut self, scope: Option<&str>) {
        let words = self.listing.search.words();
        let shown = |logged: &&Arc<Logged>| {
            let queue = logged.about.queue.as_deref();
            let names = |name: &str| queue.is_none_or(|of| is_among(name, of));
            let in_scope = scope.is_none_or(names);
            in_scope && (words.is_empty() || words.are_in(logged.words()))
        };
        self.rows = self.log.iter().rev().filter(shown).cloned().collect();
    }

    /// How many are at hand.
    #[must_use]
    pub fn all(&self) -> usize {
        self.log.len()
    }

    /// How many came after the selected one; `None` while it follows.
    #[must_use]
    pub fn newer(&self) -> Option<usize> {
        match self.listing.cursor {
            super::cursor::Cursor::First => None,
            super::cursor::Cursor::On { row, .. } => Some(row),
        }
    }

    /// The selected row's number.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.listing.cursor.row(self.rows.len())
    }

    /// The selected entry.
    #[must_use]
    pub fn row(&self) -> Option<&Arc<Logged>> {
        self.rows.get(self.selected()?)
    }

    /// The entry at this place of the journal, if it is at hand.
    #[must_use]
    pub fn entry(&self, seq: Seq) -> Option<&Arc<Logged>> {
        self.log.iter().find(|logged| logged.entry.seq == seq)
    }

    /// Puts the cursor on a living row, and the view around it. What is read
    /// stays where it is while news come in above it.
    pub fn settle(&mut self, height: usize) {
        let Self { rows, listing, .. } = self;
        let before = listing.cursor.row(rows.len());
        // In the place of one that is gone stands the next older one, else the
        // oldest.
        let find = |seq: &Seq| {
            let newer = rows.partition_point(|row| row.entry.seq > *seq);
            Some(newer.min(rows.len().saturating_sub(1)))
        };
        listing.cursor.settle(find, |at| key(rows, at), rows.len());
        if let (Some(before), Some(after)) = (before, listing.cursor.row(rows.len())) {
            listing.top = (listing.top + after).saturating_sub(before);
        }
        listing.top = listing.cursor.view(listing.top, rows.len(), height);
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self { rows, listing, .. } = self;
        listing.step(step, |at| key(rows, at), rows.len(), page);
    }
}

fn key(rows: &[Arc<Logged>], at: usize) -> Option<Seq> {
    rows.get(at).map(|logged| logged.entry.seq)
}

/// Whether a queue is this one, or one of these.
fn is_among(name: &str, queues: &str) -> bool {
    queues == name || queues.split(BETWEEN).any(|queue| queue == name)
}

/// Whom and what an entry is about.
fn about(entry: &Entry, sites: &[Site]) -> About {
    let record = EventRecord::heads(entry);
    let site = sites.iter().find(|s| s.name == entry.site);
    let agent = record.agent.map(|id| {
        let name = site.and_then(|s| s.people.agents.get(id.as_str()));
        name.cloned().unwrap_or(id)
    });
    let queue = record.queue.map(|ids| {
        let name = |id: &str| {
            let known = site.and_then(|s| s.queues.iter().find(|q| q.id.as_str() == id));
            known.map_or_else(|| id.to_owned(), |q| q.name.clone())
        };
        ids.split(',').map(name).collect::<Vec<_>>().join(BETWEEN)
    });
    About {
        event: record.event,
        agent,
        caller: effect::caller(entry),
        queue,
        call: record.call_id,
    }
}
