//! Which page is asked for next, and when the list is whole. A pure state
//! machine: pages as read go in, the next page's number or the end comes out.
//! Nothing that is said about pages is believed further than it proves true.
//!
//! While a list is read its rows move. Rows that come push others on, to be
//! seen twice: rows of one id are one. Rows that go pull others back onto
//! pages that were read before, where they would be missed: when the number of
//! all rows falls, the pages they may have moved to are asked for once more.
//! So every row that is there all the time is read, unless rows go that the
//! number of all rows does not show, because as many came in that moment.

use std::collections::{HashMap, HashSet};

use super::{
    assumed::{MOST_AGAIN, MOST_PAGES, MOST_ROWS, MOST_STALE, PAGE_SIZE},
    end::End,
    gaps::Gaps,
    wire::{Page, Pagination},
};
use crate::domain::{callback::Callback, id::CallbackId};

/// One reading of a list: begin with [`Reading::default`], ask for what
/// [`Reading::step`] says, give the answer to [`Reading::take`]. After a page
/// that failed, `step` says the same again.
#[derive(Debug)]
pub struct Reading {
    rows: Vec<Callback>,
    places: HashMap<CallbackId, usize>,
    /// The last word on each figure.
    told: Pagination,
    /// The fewest rows that were told of.
    fewest: Option<u64>,
    /// Rows on a page; known from the first.
    size: Option<u64>,
    /// The first page that was never asked for.
    next: u32,
    /// Why nothing is to be asked for from `next` on.
    tail: Option<End>,
    gaps: Gaps,
    /// The last answer's ids, and how many rows the last new page had.
    last: Vec<CallbackId>,
    last_len: u64,
    /// Rows that stood on one page more than once.
    doubles: u64,
    stale: u32,
    asked: u32,
    again: u32,
    restless: bool,
    /// A bound was reached.
    bound: Option<End>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for this page.
    Ask(u32),
    /// The reading is over.
    Done(End),
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The pages that were read, some of them twice.
    pub pages: u32,
    /// The last page, as told; it may be wrong, and it moves.
    pub of: Option<u64>,
    /// The rows so far.
    pub rows: usize,
    /// The number of all rows, as told.
    pub total: Option<u64>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
            told: Pagination::default(),
            fewest: None,
            size: None,
            next: 1,
            tail: None,
            gaps: Gaps::default(),
            last: Vec::new(),
            last_len: 0,
            doubles: 0,
            stale: 0,
            asked: 0,
            again: 0,
            restless: false,
            bound: None,
        }
    }
}

impl Reading {
    /// The next page to ask for, or how the reading ended.
    #[must_use]
    pub fn step(&self) -> Step {
        if let Some(end) = self.bound {
            return Step::Done(end);
        }
        // Gaps first: the longer they wait, the wider they grow.
        match (self.gaps.first(), self.tail) {
            (Some(row), _) => Step::Ask(self.page_of(row)),
            (None, None) => Step::Ask(self.next),
            (None, Some(end)) => Step::Done(self.verdict(end)),
        }
    }

    /// Takes the answer to the page that [`Reading::step`] named; nothing
    /// after the end.
    pub fn take(&mut self, page: Page) {
        let Step::Ask(number) = self.step() else {
            return;
        };
        let is_first = number == self.next;
        self.asked += 1;
        self.again += u32::from(!is_first);
        let before = self.told.row_count;
        let current = page.pagination.and_then(|p| p.current_page);
        self.listen(page.pagination);
        let len = page.rows.len() as u64;
        let size = *self
            .size
            .get_or_insert(if len > 0 { len } else { PAGE_SIZE });
        let ids: Vec<CallbackId> = page.rows.iter().map(|row| row.id.clone()).collect();
        let new = self.keep(page.rows);
        self.shift(before, size);
        let start = u64::from(number - 1) * size;
        self.gaps
            .fill(start, if len == 0 { u64::MAX } else { start + size });
        if is_first {
            self.next += 1;
            self.last_len = len;
            self.stale = if new == 0 { self.stale + 1 } else { 0 };
            let grew = self.told.row_count > before;
            let is_same = ids == self.last && !grew;
            let is_other = current.is_some_and(|c| c != u64::from(number));
            let circles = new == 0 && (is_same || is_other || self.stale >= MOST_STALE);
            self.tail = self.after(number, len, new, circles);
        } else if self.tail.is_none() && self.final_page().is_some_and(|f| u64::from(self.next) > f)
        {
            self.tail = Some(End::Whole);
        }
        self.last = ids;
        self.limit();
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            pages: self.asked,
            of: self.final_page(),
            rows: self.rows.len(),
            total: self.told.row_count,
        }
    }

    /// The rows so far, each once, in the order in which they were first seen.
    #[must_use]
    pub fn rows(&self) -> &[Callback] {
        &self.rows
    }

    /// The rows, each once.
    #[must_use]
    pub fn into_rows(self) -> Vec<Callback> {
        self.rows
    }

    /// The last word on each figure stands.
    fn listen(&mut self, said: Option<Pagination>) {
        let Some(said) = said else {
            return;
        };
        let told = &mut self.told;
        told.row_count = said.row_count.or(told.row_count);
        told.page_size = said.page_size.or(told.page_size);
        told.current_page = said.current_page.or(told.current_page);
        told.max_page = said.max_page.or(told.max_page);
        self.fewest = match (self.fewest, said.row_count) {
            (Some(fewest), Some(now)) => Some(fewest.min(now)),
            (fewest, now) => fewest.or(now),
        };
    }

    /// Keeps each row once: a later one takes the place of an earlier. Says
    /// how many were new.
    fn keep(&mut self, rows: Vec<Callback>) -> usize {
        let before = self.rows.len();
        let mut on_page = HashSet::with_capacity(rows.len());
        for row in rows {
            // A row that stands twice on one page is counted twice in the
            // number of all rows, and yet is one.
            self.doubles += u64::from(!on_page.insert(row.id.clone()));
            match self.places.get(&row.id) {
                Some(&place) => self.rows[place] = row,
                None if self.rows.len() >= MOST_ROWS => self.bound = Some(End::TooManyRows),
                None => {
                    self.places.insert(row.id.clone(), self.rows.len());
                    self.rows.push(row);
                }
            }
        }
        self.rows.len() - before
    }

    /// Rows came or went since the answer before: what was not read yet has
    /// moved.
    fn shift(&mut self, before: Option<u64>, size: u64) {
        let (Some(before), Some(now)) = (before, self.told.row_count) else {
            return;
        };
        // Once the tail is over nothing behind it is going to be read.
        let tail = match self.tail {
            None => Some(u64::from(self.next - 1).saturating_mul(size)),
            Some(_) => None,
        };
        if now < before && !self.restless {
            self.gaps.widen_back(before - now, tail);
        } else {
            self.gaps.widen_on(now.saturating_sub(before), tail);
        }
        self.gaps.fill(now, u64::MAX);
    }

    /// Whether, and why, the list ends with this page, which was new.
    fn after(&self, number: u32, len: u64, new: usize, circles: bool) -> Option<End> {
        let number64 = u64::from(number);
        let last = self.final_page();
        let is_past = last.is_some_and(|last| number64 > last);
        if len == 0 {
            let of = last.filter(|_| number > 1 && !is_past && self.lacks_rows());
            return Some(of.map_or(End::Whole, |of| End::Early { page: number, of }));
        }
        if circles && !is_past && number > 1 {
            return Some(End::Repeats { page: number });
        }
        match last {
            Some(last) => (number64 >= last).then_some(End::Whole),
            // Without a word about pages only a full page that brought
            // something promises another.
            None => (len < PAGE_SIZE || new == 0).then_some(End::Unpaged),
        }
    }

    /// Whether rows that were told of have not come.
    fn lacks_rows(&self) -> bool {
        self.told
            .row_count
            .is_none_or(|told| told > self.rows.len() as u64)
    }

    /// The last page by what was told. `max_page` counts; where it is nothing
    /// (0 with rows), or names too early a page while full pages come and
    /// rows are due, the number of rows does.
    fn final_page(&self) -> Option<u64> {
        let size = self.told.page_size.filter(|s| *s > 0).or(self.size)?;
        let by_rows = self.told.row_count.map(|rows| rows.div_ceil(size));
        let by_pages = self.told.max_page.filter(|max| *max > 0);
        match (by_pages, by_rows) {
            (Some(pages), Some(rows)) if rows > pages => {
                let goes_on = self.last_len >= size && self.lacks_rows();
                Some(if goes_on { rows } else { pages })
            }
            (Some(pages), _) => Some(pages),
            (None, Some(rows)) => Some(rows),
            (None, None) => None,
        }
    }

    /// The page of a row, by its place in the list from 0.
    fn page_of(&self, row: u64) -> u32 {
        let page = row / self.size.unwrap_or(PAGE_SIZE).max(1);
        u32::try_from(page).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn limit(&mut self) {
        let most = MOST_AGAIN.saturating_add(self.next.saturating_mul(2));
        if self.again > most && !self.restless {
            self.restless = true;
            self.gaps = Gaps::default();
        }
        let goes_on = matches!(self.step(), Step::Ask(_));
        if self.asked >= MOST_PAGES && goes_on {
            self.bound = Some(End::TooManyPages);
        }
    }

    fn verdict(&self, end: End) -> End {
        let got = self.rows.len() as u64;
        match end {
            End::Whole if self.asked > 1 && self.told.row_count == Some(0) && got > 0 => {
                End::Emptied
            }
            _ if self.restless => End::Restless,
            End::Whole => match self.fewest {
                Some(told) if told > got + self.doubles => End::Fewer { told, got },
                _ => End::Whole,
            },
            end => end,
        }
    }
}
