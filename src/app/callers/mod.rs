//! Pane 1: who waits. The rows and summaries are derived from the board, not
//! when a frame is drawn; what ticks is arithmetic, and what comes and goes
//! costs what it moves, not what there is.
//!
//! * [`columns`]: the list's columns, as data
//! * `line`: a queue in the summary; `rows`: a caller in the list, and the
//!   order

pub mod columns;
mod line;
mod rows;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
    time::Duration,
};

use jiff::civil::Date;

use crate::domain::{
    board::{Board, QueueMove, Waiting},
    feed::{FeedHealth, FeedId},
    id::CallerId,
    site::{Queue, QueueKey, Site},
    time::At,
};

use super::{
    listing::{Listing, Sort},
    pane::PaneId,
    scope,
    search::Words,
    sorted::{self, Patched},
    step::Step,
};
use columns::Cell;
pub use line::QueueLine;
use line::{average, is_pushed};
pub use rows::Row;
use rows::{Shift, compare, is_found};

/// More news than this at once, or than a part of the rows, are not worth
/// being folded in one by one.
const NEWS: usize = 1_000;
const NEWS_PART: usize = 4;

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallersPane {
    /// A line per queue that feeds the pane, in the configuration's order.
    pub queues: Vec<QueueLine>,
    /// Those who wait and are searched for, in the order asked for.
    pub rows: Vec<Row>,
    /// How many our own injector made, also those that are not searched for:
    /// listed, and not counted.
    pub invented: usize,
    /// How the rows are found, ordered and looked at.
    pub listing: Listing<(QueueKey, CallerId), Cell>,
    /// How they were when the rows were derived.
    derived: Option<Terms>,
}

/// What the rows are derived from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The sites, in the configuration's order.
    pub sites: &'a [Site],
    /// Who waits.
    pub board: &'a Board,
    /// How the feeds are: their clocks count.
    pub feeds: &'a BTreeMap<FeedId, FeedHealth>,
    /// The day whose counts are shown.
    pub day: Date,
    /// The only queue that counts, by name; all of them without.
    pub scope: Option<&'a str>,
}

/// What rows are derived by: where it is another, all of them may be.
#[derive(Clone, Debug, PartialEq)]
struct Terms {
    words: Words,
    sort: Sort<Cell>,
    scope: Option<String>,
    day: Date,
}

impl Terms {
    fn is_by_place(&self) -> bool {
        self.sort.by == Cell::Position
    }
}

/// Who came and who went in a queue, each as they stood.
#[derive(Default)]
struct Turned {
    gone: Vec<Arc<Waiting>>,
    come: Vec<Arc<Waiting>>,
}

impl CallersPane {
    /// Derives lines and rows from the board.
    pub fn derive(&mut self, source: Source<'_>) {
        self.queues.clear();
        self.rows.clear();
        self.invented = 0;
        // Another vendor's queues are told of by other panes.
        let vendors = PaneId::Callers.vendors();
        let terms = self.terms(source);
        let sites = source.sites.iter();
        for site in sites.filter(|s| vendors.contains(&s.vendor)) {
            let unnamed = unnamed(site, source.board);
            let queues = site.queues.iter().chain(&unnamed);
            for queue in queues.filter(|queue| scope::has(source.scope, queue)) {
                self.add_line(source, site, queue, &terms);
            }
        }
        rows::sort(&mut self.rows, terms.sort);
        self.derived = Some(terms);
    }

    fn terms(&self, source: Source<'_>) -> Terms {
        Terms {
            words: self.listing.search.words(),
            sort: self.listing.sort,
            scope: source.scope.map(str::to_owned),
            day: source.day,
        }
    }

    /// Adds a queue's line, and those of its rows that have the words.
    fn add_line(&mut self, source: Source<'_>, site: &Site, queue: &Queue, terms: &Terms) {
        let mut line = QueueLine::new(source, site, queue);
        line.hear(source);
        line.count(source);
        let picture = source.board.queue(&line.key);
        let ranked = picture.map_or_else(Vec::new, |picture| picture.ranked());
        line.fill(ranked.iter().map(|(_, waiting)| *waiting));
        let words = line.beyond(&terms.words);
        let at = number(self.queues.len());
        for (place, waiting) in ranked {
            self.invented += usize::from(waiting.injected());
            if is_found(&waiting.caller, &words) {
                let place = place.filter(|_| terms.is_by_place());
                self.rows.push(line.row(at, waiting, place));
            }
        }
        self.queues.push(line);
    }

    /// The same, at the cost of what moved on the board since it was derived
    /// last.
    pub fn follow(&mut self, source: Source<'_>, moved: Vec<QueueMove>) {
        let many = moved.len() > NEWS || moved.len() > self.listed() / NEWS_PART + 8;
        if many || self.patch(source, moved).is_none() {
            self.derive(source);
        }
    }

    /// `None` where the rows must be derived anew.
    fn patch(&mut self, source: Source<'_>, moved: Vec<QueueMove>) -> Patched {
        let terms = self.terms(source);
        let is_right = |line: &mut QueueLine| line.hear(source);
        if self.derived.as_ref() != Some(&terms) || !self.queues.iter_mut().all(is_right) {
            return None;
        }
        let (mut gone, mut come, mut shifts) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (key, turned) in turned(source.board, moved) {
            let Some(at) = self.queues.iter().position(|line| line.key == key) else {
                if is_unnamed(source, &key) {
                    return None;
                }
                continue;
            };
            let line = &mut self.queues[at];
            let words = line.beyond(&terms.words);
            let mut shift = Shift::default();
            let found = |line: &QueueLine, all: &[Arc<Waiting>], places: &mut Vec<u32>| {
                let found = all.iter().filter_map(|waiting| {
                    let place = line.place(waiting).filter(|_| terms.is_by_place());
                    places.extend(place);
                    let is_found = is_found(&waiting.caller, &words);
                    is_found.then(|| line.row(number(at), waiting, place))
                });
                let found: Vec<Row> = found.collect();
                places.sort_unstable();
                found
            };
            gone.extend(found(line, &turned.gone, &mut shift.gone));
            line.count(source);
            line.turn(&turned.gone, &turned.come)?;
            come.extend(found(line, &turned.come, &mut shift.come));
            shifts.insert(at, shift);
            let invented = |all: &[Arc<Waiting>]| all.iter().filter(|w| w.injected()).count();
            self.invented += invented(&turned.come);
            self.invented = self.invented.checked_sub(invented(&turned.gone))?;
        }
        let order = |a: &Row, b: &Row| compare(terms.sort, a, b);
        sorted::take_out(&mut self.rows, gone, order)?;
        if terms.is_by_place() {
            for row in &mut self.rows {
                row.place = shifts
                    .get(&row.queue())
                    .map_or(row.place, |s| s.of(row.place));
            }
            self.rows.sort_by(order);
        }
        sorted::put_in(&mut self.rows, come, order);
        Some(())
    }

    /// Puts the cursor on a living row, and the view around it. `height` is
    /// how many rows are in view.
    pub fn settle(&mut self, board: &Board, height: usize) {
        let Self {
            queues,
            rows,
            listing,
            ..
        } = self;
        let sort = listing.sort;
        let find = |(key, id): &(QueueKey, CallerId)| {
            let queue = queues.iter().position(|line| line.key == *key)?;
            let waiting = board.queue(key)?.caller(id)?;
            let line = &queues[queue];
            let place = line.place(waiting).filter(|_| sort.by == Cell::Position);
            let row = line.row(number(queue), waiting, place);
            rows.binary_search_by(|other| compare(sort, other, &row))
                .ok()
        };
        listing.settle(find, |at| key(queues, rows, at), rows.len(), height);
    }

    /// The selected row's number.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.listing.cursor.row(self.rows.len())
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self {
            queues,
            rows,
            listing,
            ..
        } = self;
        listing.step(step, |at| key(queues, rows, at), rows.len(), page);
    }

    /// How many wait, also those that are not searched for.
    #[must_use]
    pub fn waiting_in_all(&self) -> usize {
        self.queues.iter().map(QueueLine::waiting).sum()
    }

    /// How many there are to search in.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.waiting_in_all() + self.invented
    }

    /// The place of a row's caller in their queue; `None` for VIP, and for
    /// whom our own injector made.
    #[must_use]
    pub fn place(&self, row: &Row) -> Option<u32> {
        self.queues.get(row.queue())?.place(&row.waiting)
    }

    /// The place of somebody who waits in a queue, if they are counted.
    #[must_use]
    pub fn place_in(&self, queue: &QueueKey, waiting: &Waiting) -> Option<u32> {
        let line = self.queues.iter().find(|line| line.key == *queue)?;
        line.place(waiting)
    }

    /// The longest and the average wait of all who wait now.
    #[must_use]
    pub fn waits(&self, now: At) -> Option<(Duration, Duration)> {
        let longest = self.queues.iter().filter_map(|q| q.longest(now)).max()?;
        Some((longest, average(&self.queues, now)?))
    }

    /// How many grew late between two instants.
    #[must_use]
    pub fn grown_late(&self, before: At, now: At) -> usize {
        let late = |q: &QueueLine, at| q.late(at).0;
        let grown = |q: &QueueLine| late(q, now).saturating_sub(late(q, before));
        self.queues.iter().map(grown).sum()
    }

    /// How many wait over their queue's service level, and over its critical
    /// wait.
    #[must_use]
    pub fn late(&self, now: At) -> (usize, usize) {
        self.queues
            .iter()
            .map(|q| q.late(now))
            .fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    }
}

/// What moved, by queue: each caller as they stood before the first of the
/// news and as they stand after the last.
fn turned(board: &Board, moved: Vec<QueueMove>) -> BTreeMap<QueueKey, Turned> {
    let mut first: BTreeMap<QueueKey, BTreeMap<CallerId, Option<Arc<Waiting>>>> = BTreeMap::new();
    for QueueMove { queue, caller } in moved {
        let callers = first.entry(queue).or_default();
        if let Some((id, was)) = caller
            && let Entry::Vacant(new) = callers.entry(id)
        {
            new.insert(was);
        }
    }
    let turned = |(key, callers): (QueueKey, BTreeMap<CallerId, Option<Arc<Waiting>>>)| {
        let picture = board.queue(&key);
        let is = |id| picture.and_then(|p| p.caller(id)).cloned();
        let come = callers.keys().filter_map(is).collect();
        let gone = callers.into_values().flatten().collect();
        (key, Turned { gone, come })
    };
    first.into_iter().map(turned).collect()
}

/// Queues that events tell of and the configuration does not name.
fn unnamed(site: &Site, board: &Board) -> Vec<Queue> {
    let of_site = board.queues().filter(|key| key.site == site.name);
    of_site
        .filter(|key| is_pushed(site) && site.queue(&key.queue).is_none())
        .map(without_name)
        .collect()
}

/// Whether this is such a queue, and in scope.
fn is_unnamed(source: Source<'_>, key: &QueueKey) -> bool {
    let site = source.sites.iter().find(|site| site.name == key.site);
    site.is_some_and(|site| is_pushed(site) && site.queue(&key.queue).is_none())
        && scope::has(source.scope, &without_name(key))
}

fn without_name(key: &QueueKey) -> Queue {
    Queue {
        id: key.queue.clone(),
        name: key.queue.to_string(),
        service_level: Queue::SERVICE_LEVEL,
        critical: Queue::CRITICAL,
    }
}

/// A queue's, as rows have it.
fn number(queue: usize) -> u32 {
    u32::try_from(queue).unwrap_or(u32::MAX)
}

/// Whom the cursor is on in this row.
fn key(queues: &[QueueLine], rows: &[Row], at: usize) -> Option<(QueueKey, CallerId)> {
    rows.get(at)
        .map(|row| (queues[row.queue()].key.clone(), row.id().into()))
}

#[cfg(test)]
mod tests;
