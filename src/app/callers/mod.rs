//! Pane 1: who waits. The rows and summaries are derived from the board when
//! the board changes, not when a frame is drawn; what ticks is arithmetic.
//!
//! * [`columns`]: the list's columns, as data

pub mod columns;

use std::{collections::BTreeMap, time::Duration};

use jiff::civil::Date;

use crate::domain::{
    board::{Board, QueueBoard, Waiting},
    caller::Caller,
    feed::{FeedHealth, FeedId, FeedKind},
    id::CallerId,
    metrics::Today,
    site::{Queue, QueueKey, Site, Vendor, WaitLevel},
    text,
    time::At,
};

use super::{
    keys::Step,
    listing::{Listing, order},
    pane::PaneId,
    scope,
    search::Words,
};
use columns::Cell;

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

/// A caller in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Index into [`CallersPane::queues`].
    pub queue: usize,
    /// Who.
    pub id: CallerId,
    /// The place in the queue; `None` for VIP, and for whom our own injector
    /// made.
    pub position: Option<u32>,
    /// When the wait began, by our clock.
    pub began: At,
}

/// A queue in the summary.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueLine {
    /// Its key on the board.
    pub key: QueueKey,
    /// The feed that tells of it.
    pub feed: FeedId,
    /// Its name and thresholds.
    pub queue: Queue,
    /// Whether anything was ever heard of it.
    pub known: bool,
    /// When each wait began, by our clock, the longest wait first.
    began: Vec<At>,
    /// Their sum, ms.
    sum: i128,
    /// Today's answered.
    pub answered: u64,
    /// Today's left.
    pub left: u64,
    /// The longest wait that ended today.
    pub longest_today: Option<Duration>,
    /// SL-C "of offered" at the queue's own target.
    pub service_level: Option<f64>,
}

impl QueueLine {
    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.began.len()
    }

    /// How many wait longer than the service level, and longer than the
    /// critical wait.
    #[must_use]
    pub fn late(&self, now: At) -> (usize, usize) {
        let over = |limit: WaitLevel| {
            self.began
                .partition_point(|began| self.queue.judge(now.since(*began)) >= limit)
        };
        (over(WaitLevel::Late), over(WaitLevel::Critical))
    }

    /// The longest wait of those who wait now.
    #[must_use]
    pub fn longest(&self, now: At) -> Option<Duration> {
        self.began.first().map(|began| now.since(*began))
    }

    /// The average wait of those who wait now.
    #[must_use]
    pub fn average(&self, now: At) -> Option<Duration> {
        average(self.began.len(), self.sum, now)
    }
}

/// The mean of waits that began at these instants, which are counted and
/// summed up: a frame's cost must not grow with the queue.
fn average(count: usize, sum: i128, now: At) -> Option<Duration> {
    let count = i128::try_from(count).ok().filter(|n| *n > 0)?;
    let mean = i64::try_from(sum / count).ok()?;
    Some(now.since(At(mean)))
}

impl CallersPane {
    /// Derives lines and rows from the board. Call when the board, the feeds'
    /// clocks, the day, the scope, the search or the order changed.
    pub fn derive(&mut self, source: Source<'_>) {
        self.queues.clear();
        self.rows.clear();
        self.invented = 0;
        // Another vendor's queues are told of by other panes.
        let vendors = PaneId::Callers.vendors();
        let words = self.listing.search.words();
        let sites = source.sites.iter();
        for site in sites.filter(|s| vendors.contains(&s.vendor)) {
            let unnamed = unnamed(site, source.board);
            let queues = site.queues.iter().chain(&unnamed);
            for queue in queues.filter(|queue| scope::has(source.scope, queue)) {
                let line = self.line(source, site, queue, &words);
                self.queues.push(line);
            }
        }
        self.sort(source.board);
    }

    /// A queue's line; those of its rows that have the words join the others.
    fn line(&mut self, source: Source<'_>, site: &Site, queue: &Queue, words: &Words) -> QueueLine {
        let words = words.beyond(&[&queue.name, site.name.as_str()]);
        let key = QueueKey {
            site: site.name.clone(),
            queue: queue.id.clone(),
        };
        let kind = if is_pushed(site) {
            FeedKind::Hooks
        } else {
            FeedKind::Callers(queue.id.clone())
        };
        let feed = FeedId {
            site: site.name.clone(),
            kind,
        };
        let health = source.feeds.get(&feed);
        let skew = health.map_or(0, |f| f.skew_ms);
        let picture = source.board.queue(&key);
        let known = picture.is_some() || health.is_some_and(|f| f.last_fresh().is_some());
        let began = picture.map_or(Vec::new(), |p| self.add_rows(p, skew, &words));
        // A day without a departure yet begins at zero.
        let none = Today::default();
        let today = picture
            .and_then(|p| p.today.on(source.day))
            .unwrap_or(&none);
        QueueLine {
            known,
            sum: began.iter().map(|at| i128::from(at.0)).sum(),
            began,
            answered: today.answered(),
            left: today.left(),
            longest_today: today.longest(),
            service_level: today.service_level_of_offered(queue.service_level),
            key,
            feed,
            queue: queue.clone(),
        }
    }

    /// By the column, and the longest wait first of whom it says the same;
    /// what is not known stands last.
    fn sort(&mut self, board: &Board) {
        self.rows.sort_by_key(|row| row.began);
        let Self { queues, rows, .. } = self;
        let reversed = self.listing.sort.reversed;
        let caller = |row: &Row| {
            let waiting = board.queue(&queues[row.queue].key)?.caller(&row.id)?;
            Some(&waiting.caller)
        };
        let mut by = |of: fn(&Caller) -> Option<&str>| {
            order(rows, reversed, |row| {
                Some(text::fold(caller(row).and_then(of)?).into_owned())
            });
        };
        match self.listing.sort.by {
            Cell::Number => by(|c| c.party.number()),
            Cell::Name => by(|c| c.party.name()),
            Cell::Called => by(|c| c.presentation.as_deref()),
            // VIP callers, who have no place, are served first.
            Cell::Position => order(rows, reversed, |row| Some(row.position)),
            Cell::Queue => order(rows, reversed, |row| Some(row.queue)),
            Cell::State => order(rows, reversed, |row| Some(caller(row)?.state.word())),
            Cell::Wait | Cell::Level | Cell::Entered | Cell::Answered | Cell::Id => {
                if reversed {
                    rows.reverse();
                }
            }
        }
    }

    /// Adds the next queue's rows that have the words; answers when each wait
    /// began that counts, the others' too, longest first.
    fn add_rows(&mut self, picture: &QueueBoard, skew: i64, words: &Words) -> Vec<At> {
        let queue = self.queues.len();
        let mut all = Vec::with_capacity(picture.len());
        for (position, waiting) in picture.ranked() {
            let began = match waiting.caller.entered {
                Some(entered) => entered.shift(-skew),
                None => waiting.seen,
            };
            // Shown, but nobody: what is invented must move no figure.
            if waiting.injected {
                self.invented += 1;
            } else {
                all.push(began);
            }
            if is_found(&waiting.caller, words) {
                self.rows.push(Row {
                    queue,
                    id: waiting.caller.id.clone(),
                    position,
                    began,
                });
            }
        }
        all.sort_unstable();
        all
    }

    /// Puts the cursor on a living row, and the view around it. `height` is
    /// how many rows are in view.
    pub fn settle(&mut self, height: usize) {
        let Self {
            queues,
            rows,
            listing,
            ..
        } = self;
        let find = |(queue, id): &(QueueKey, CallerId)| {
            rows.iter()
                .position(|r| r.id == *id && queues[r.queue].key == *queue)
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

    /// The board's row for a row of the list.
    #[must_use]
    pub fn waiting<'b>(&self, row: &Row, board: &'b Board) -> Option<&'b Waiting> {
        board
            .queue(&self.queues.get(row.queue)?.key)?
            .caller(&row.id)
    }

    /// The place of a caller in their queue, if they wait and are counted.
    #[must_use]
    pub fn position(&self, queue: &QueueKey, id: &CallerId) -> Option<u32> {
        let listed = |row: &&Row| row.id == *id && self.queues[row.queue].key == *queue;
        self.rows.iter().find(listed).and_then(|row| row.position)
    }

    /// The longest and the average wait of all who wait now.
    #[must_use]
    pub fn waits(&self, now: At) -> Option<(Duration, Duration)> {
        let longest = self.queues.iter().filter_map(|q| q.longest(now)).max()?;
        let sum = self.queues.iter().map(|q| q.sum).sum();
        Some((longest, average(self.waiting_in_all(), sum, now)?))
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

/// Whether a site tells of its callers unasked.
fn is_pushed(site: &Site) -> bool {
    matches!(site.vendor, Vendor::Contaqt | Vendor::Telphin)
}

/// Queues that events tell of and the configuration does not name.
fn unnamed(site: &Site, board: &Board) -> Vec<Queue> {
    let of_site = board.queues().filter(|key| key.site == site.name);
    of_site
        .filter(|key| is_pushed(site) && site.queue(&key.queue).is_none())
        .map(|key| Queue {
            id: key.queue.clone(),
            name: key.queue.to_string(),
            service_level: Queue::SERVICE_LEVEL,
            critical: Queue::CRITICAL,
        })
        .collect()
}

/// Whom the cursor is on in this row.
fn key(queues: &[QueueLine], rows: &[Row], at: usize) -> Option<(QueueKey, CallerId)> {
    rows.get(at)
        .map(|row| (queues[row.queue].key.clone(), row.id.clone()))
}

/// Whether a search for these words finds a caller. Asked of everyone who
/// waits, whatever the news.
fn is_found(caller: &Caller, words: &Words) -> bool {
    words.is_empty()
        || words.are_among([
            caller.party.number().unwrap_or_default(),
            caller.party.name().unwrap_or_default(),
            caller.presentation.as_deref().unwrap_or_default(),
            caller.id.as_str(),
            caller.answered_by_extension.as_deref().unwrap_or_default(),
            caller.answered_by_number.as_deref().unwrap_or_default(),
            if caller.party.is_secret() {
                "secret number"
            } else {
                ""
            },
            &caller.state.word(),
        ])
}
