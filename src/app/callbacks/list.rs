//! A site's list as it arrives, page by page. A first reading shows what has
//! come so far; a later one replaces the list when it is whole, so that a
//! refresh never moves what is being read.

use std::{collections::HashSet, sync::Arc, time::Duration};

use super::{
    reread::Reread,
    shelf::{Item, Shelf, Sought},
    subject,
};
use crate::domain::{
    callback::Callback,
    fault::Fault,
    feed::age_of,
    id::{CallbackId, SiteName},
    time::At,
    triage::Subject,
};

/// A site's list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// What the vendor's list has.
    shelf: Arc<Shelf>,
    /// What it no longer has, while somebody works on it.
    kept: Shelf,
    /// How many there are, as the vendor told it.
    pub total: Option<u64>,
    /// When it was read whole.
    pub read: Option<At>,
    /// The reading that is under way.
    pub reading: Option<Reading>,
    /// Why the last reading failed, and when.
    pub fault: Option<(Fault, At)>,
    /// What is doubtful about the list.
    pub note: Option<String>,
}

/// A reading under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which one.
    pub generation: u64,
    /// Pages read.
    pub page: u32,
    /// Pages there are, as far as told.
    pub pages: Option<u32>,
    /// Whether rows are shown as they come.
    shown: bool,
}

/// News of a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct ListNews {
    /// Whose list.
    pub site: SiteName,
    /// Which reading.
    pub generation: u64,
    /// What.
    pub what: Progress,
}

/// How a reading goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// A page came. Rows that were there before are not in it again.
    Page {
        /// New rows.
        rows: Vec<Callback>,
        /// Which page.
        page: u32,
        /// Of how many, as far as told.
        pages: Option<u32>,
        /// How many rows in all, as told.
        total: Option<u64>,
    },
    /// It is whole; `rows` is the list as it must stand, where rows changed
    /// while it was read.
    Done {
        /// The whole list.
        rows: Vec<Callback>,
        /// What was odd about it, if anything.
        note: Option<String>,
    },
    /// The same, compared with what is shown already.
    Whole {
        /// The whole list.
        list: Box<Reread>,
        /// What was odd about it, if anything.
        note: Option<String>,
    },
    /// It failed; what came before stays.
    Failed(Fault),
}

/// How long a list counts as fresh; a long one is asked for less often.
const FRESH: Duration = Duration::from_mins(1);
/// A list this long is long.
const LONG: usize = 1_000;

impl List {
    /// Whether it is time to read it again.
    #[must_use]
    pub fn is_due(&self, now: At) -> bool {
        let last = self.read.max(self.fault.as_ref().map(|(_, at)| *at));
        // A clock that was set back must not keep the list from being read.
        let due = |at: At| now.since(at) >= self.pause() || at > now.plus(FRESH);
        self.reading.is_none() && last.is_none_or(due)
    }

    /// What is shown.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.shelf.items().iter().chain(self.kept.items())
    }

    /// Those of them that the vendor's list no longer has.
    pub(in crate::app) fn missing(&self) -> &[Item] {
        self.kept.items()
    }

    /// Those of them that are sought.
    pub(super) fn sought<'s>(&'s self, sought: &'s Sought) -> impl Iterator<Item = &'s Item> {
        let kept = self.kept.sought(sought);
        self.shelf.sought(sought).chain(kept)
    }

    /// What the vendor's list has, to be compared with beside.
    #[must_use]
    pub fn shelf(&self) -> &Arc<Shelf> {
        &self.shelf
    }

    /// How many of the vendor's list are here.
    #[must_use]
    pub fn here(&self) -> usize {
        self.shelf.len()
    }

    /// How long it counts as fresh.
    #[must_use]
    pub fn pause(&self) -> Duration {
        if self.here() > LONG { FRESH * 5 } else { FRESH }
    }

    /// Whether it is older than two readings in a row would leave it.
    #[must_use]
    pub fn is_late(&self, now: At) -> bool {
        let late = |at| age_of(at, now).is_none_or(|old| old > self.pause() * 2 + FRESH);
        self.read.is_some_and(late)
    }

    /// A reading begins. `afresh` where what is shown answers another
    /// question.
    pub fn begin(&mut self, generation: u64, afresh: bool) {
        if afresh {
            *self = Self::default();
        }
        self.reading = Some(Reading {
            generation,
            page: 0,
            pages: None,
            shown: self.read.is_none() && self.shelf.is_empty(),
        });
    }

    /// Takes news of a reading in. `keep` tells rows that somebody works on:
    /// where the whole list no longer has one, it stays, marked.
    pub fn hear(
        &mut self,
        generation: u64,
        progress: Progress,
        now: At,
        keep: impl Fn(&Callback) -> bool,
    ) -> Heard {
        let Some(reading) = self.reading.as_mut().filter(|r| r.generation == generation) else {
            return Heard::Nothing;
        };
        match progress {
            Progress::Page {
                rows,
                page,
                pages,
                total,
            } => {
                (reading.page, reading.pages) = (page, pages);
                self.total = total.or(self.total);
                if !reading.shown {
                    return Heard::Nothing;
                }
                Heard::Page(self.add(rows))
            }
            Progress::Done { rows, note } => {
                let list = Reread::new(self.shelf.clone(), rows);
                self.stand(list, note, now, keep)
            }
            Progress::Whole { list, note } => {
                let list = list.beside(&self.shelf);
                self.stand(list, note, now, keep)
            }
            Progress::Failed(fault) => {
                self.fault = Some((fault, now));
                self.reading = None;
                Heard::Failed
            }
        }
    }

    /// Rows of a list that is read for the first time, each once.
    fn add(&mut self, rows: Vec<Callback>) -> Moves {
        let mut sought = Sought::default();
        for row in &rows {
            sought.subject(subject(row));
        }
        let known = self.shelf.sought(&sought);
        let mut known: HashSet<CallbackId> = known.map(|i| i.callback.id.clone()).collect();
        let shelf = Arc::make_mut(&mut self.shelf);
        let mut moves = Moves::default();
        for row in rows {
            if known.insert(row.id.clone()) {
                let item = Item::new(row);
                moves.come.push(item.callback.clone());
                shelf.put(item);
            }
        }
        moves
    }

    /// The list is whole.
    fn stand(
        &mut self,
        list: Reread,
        note: Option<String>,
        now: At,
        keep: impl Fn(&Callback) -> bool,
    ) -> Heard {
        let Reread {
            shelf, gone, come, ..
        } = list;
        self.shelf = shelf;
        let kept = std::mem::take(&mut self.kept);
        let left = gone.into_iter().chain(kept.items().iter().cloned());
        let left: Vec<Item> = left.collect();
        let mut sought = Sought::default();
        for item in &left {
            sought.subject(subject(&item.callback));
        }
        let there: HashSet<Subject> = if left.is_empty() {
            HashSet::new()
        } else {
            let there = self.shelf.sought(&sought);
            there.map(|item| subject(&item.callback)).collect()
        };
        let mut moves = Moves {
            come,
            ..Moves::default()
        };
        for item in left {
            moves.gone.push(item.callback.clone());
            if !there.contains(&subject(&item.callback)) && keep(&item.callback) {
                moves.come.push(item.callback.clone());
                self.kept.put(Item {
                    missing: true,
                    ..item
                });
            }
        }
        // A list that may lack rows keeps the number it was told.
        if note.is_none() {
            self.total = Some(self.here() as u64);
        }
        (self.read, self.note, self.fault, self.reading) = (Some(now), note, None, None);
        Heard::Whole(moves)
    }
}

/// Rows that a list no longer has so, and rows that it did not have so before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moves {
    /// What went, as it stood.
    pub gone: Vec<Arc<Callback>>,
    /// What came, as it stands.
    pub come: Vec<Arc<Callback>>,
}

/// What news of a reading changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Nothing that is shown.
    Nothing,
    /// There are more rows.
    Page(Moves),
    /// The list stands.
    Whole(Moves),
    /// It stands as it was.
    Failed,
}
