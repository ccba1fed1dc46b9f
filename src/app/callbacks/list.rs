//! A site's list as it arrives, page by page. A first reading shows what has
//! come so far; a later one replaces the list when it is whole, so that a
//! refresh never moves what is being read.

use std::{collections::HashSet, sync::Arc, time::Duration};

use crate::domain::{
    callback::{Callback, DUE_FOR, Due},
    fault::Fault,
    feed::age_of,
    id::{CallbackId, SiteName},
    text,
    time::At,
};

/// A row and the text a search looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The callback.
    pub callback: Arc<Callback>,
    /// All its words in lower case.
    pub words: Box<str>,
    /// Whether the vendor's list no longer has it, while somebody works on it:
    /// its status has moved under the claim.
    pub missing: bool,
}

/// A site's list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// What is shown.
    pub items: Vec<Item>,
    /// How many of them the vendor's list no longer has.
    missing: usize,
    /// When those that are not over are due, the earliest first.
    schedules: Vec<At>,
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

    /// How many of the vendor's list are here.
    #[must_use]
    pub fn here(&self) -> usize {
        self.items.len().saturating_sub(self.missing)
    }

    /// How many are late.
    #[must_use]
    pub fn late(&self, now: At) -> usize {
        late(&self.schedules, now)
    }

    /// How long it counts as fresh.
    #[must_use]
    pub fn pause(&self) -> Duration {
        if self.items.len() > LONG {
            FRESH * 5
        } else {
            FRESH
        }
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
            shown: self.read.is_none() && self.items.is_empty(),
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
                self.items.extend(rows.into_iter().map(item));
                Heard::Page
            }
            Progress::Done { rows, note } => {
                self.replace(rows, keep);
                // A list that may lack rows keeps the number it was told.
                if note.is_none() {
                    self.total = Some(self.here() as u64);
                }
                (self.read, self.note, self.fault, self.reading) = (Some(now), note, None, None);
                Heard::Whole
            }
            Progress::Failed(fault) => {
                self.fault = Some((fault, now));
                self.reading = None;
                Heard::Whole
            }
        }
    }

    fn replace(&mut self, rows: Vec<Callback>, keep: impl Fn(&Callback) -> bool) {
        let ids: HashSet<&CallbackId> = rows.iter().map(|row| &row.id).collect();
        let gone = |item: &Item| !ids.contains(&item.callback.id) && keep(&item.callback);
        let mut kept: Vec<Item> = self
            .items
            .iter()
            .filter(|item| gone(item))
            .cloned()
            .collect();
        for item in &mut kept {
            item.missing = true;
        }
        drop(ids);
        self.missing = kept.len();
        self.items = rows.into_iter().map(item).chain(kept).collect();
        self.schedule();
    }
}

/// What news of a reading changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that is shown.
    Nothing,
    /// There are more rows.
    Page,
    /// The list stands.
    Whole,
}

impl List {
    fn schedule(&mut self) {
        self.schedules = schedules(self.items.iter().map(|item| &*item.callback));
    }
}

/// When those that are not over are due, the earliest first.
pub(super) fn schedules<'c>(callbacks: impl Iterator<Item = &'c Callback>) -> Vec<At> {
    let open = callbacks.filter(|c| c.due(At(i64::MAX)) != Due::Over);
    let mut schedules: Vec<At> = open.filter_map(|c| c.schedule).collect();
    schedules.sort_unstable();
    schedules
}

/// How many of these are late.
pub(super) fn late(schedules: &[At], now: At) -> usize {
    schedules.partition_point(|at| *at <= now && now.since(*at) >= DUE_FOR)
}

pub(super) fn item(callback: Callback) -> Item {
    let words = words(&callback);
    Item {
        callback: Arc::new(callback),
        words,
        missing: false,
    }
}

/// Everything a search may find a callback by.
fn words(callback: &Callback) -> Box<str> {
    let Callback {
        name,
        number,
        e164,
        dnid,
        campaign,
        assigned_to,
        external_id,
        project_id,
        assign_type,
        outbound_type,
        attend_type,
        ..
    } = callback;
    let mut words = String::new();
    let status = callback.status.as_ref().map(|s| Arc::from(s.word()));
    let texts = [
        name,
        number,
        e164,
        dnid,
        campaign,
        assigned_to,
        external_id,
        project_id,
        assign_type,
        outbound_type,
        attend_type,
        &status,
    ];
    for text in texts.into_iter().flatten() {
        words.push_str(&text::fold(text));
        words.push(' ');
    }
    words.push_str(&text::fold(callback.id.as_str()));
    for (_, raw) in &callback.extra {
        words.push(' ');
        words.push_str(&text::fold(raw.as_str()));
    }
    words.into()
}
