//! Pane 1: who waits. The rows and summaries are derived from the board when
//! the board changes, not when a frame is drawn; what ticks is arithmetic.

use std::{collections::BTreeMap, time::Duration};

use jiff::civil::Date;

use crate::domain::{
    board::{Board, QueueBoard, Waiting},
    feed::{FeedHealth, FeedId, FeedKind},
    id::CallerId,
    metrics::Today,
    site::{Queue, QueueKey, Site, WaitLevel},
    time::At,
};

use super::{cursor::Cursor, keys::Step, pane::PaneId};

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallersPane {
    /// A line per queue that feeds the pane, in the configuration's order.
    pub queues: Vec<QueueLine>,
    /// Everyone waiting, longest wait first.
    pub rows: Vec<Row>,
    /// The first row in view.
    pub top: usize,
    cursor: Cursor<(usize, CallerId)>,
}

/// A caller in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Index into [`CallersPane::queues`].
    pub queue: usize,
    /// Who.
    pub id: CallerId,
    /// The place in the queue; `None` for VIP.
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
        average(self.began.iter().copied(), now)
    }
}

fn average(began: impl ExactSizeIterator<Item = At>, now: At) -> Option<Duration> {
    let count = u32::try_from(began.len()).ok().filter(|n| *n > 0)?;
    Some(began.map(|b| now.since(b)).sum::<Duration>() / count)
}

impl CallersPane {
    /// Derives lines and rows from the board. Call when the board, the feeds'
    /// clocks or the day changed.
    pub fn derive(
        &mut self,
        sites: &[Site],
        board: &Board,
        feeds: &BTreeMap<FeedId, FeedHealth>,
        day: Date,
    ) {
        self.queues.clear();
        self.rows.clear();
        // Another vendor's queues are told of by other panes.
        let vendors = PaneId::Callers.vendors();
        for (site, queue) in sites
            .iter()
            .filter(|s| vendors.contains(&s.vendor))
            .flat_map(|s| s.queues.iter().map(move |q| (s, q)))
        {
            let key = QueueKey {
                site: site.name.clone(),
                queue: queue.id.clone(),
            };
            let feed = FeedId {
                site: site.name.clone(),
                kind: FeedKind::Callers(queue.id.clone()),
            };
            let health = feeds.get(&feed);
            let skew = health.map_or(0, |f| f.skew_ms);
            let picture = board.queue(&key);
            let known = picture.is_some() || health.is_some_and(|f| f.last_ok.is_some());
            let line = self.queues.len();
            let began = picture.map_or(Vec::new(), |p| self.add_rows(line, p, skew));
            // A day without a departure yet begins at zero.
            let none = Today::default();
            let today = picture.and_then(|p| p.today.on(day)).unwrap_or(&none);
            self.queues.push(QueueLine {
                known,
                began,
                answered: today.answered(),
                left: today.left(),
                longest_today: today.longest(),
                service_level: today.service_level_of_offered(queue.service_level),
                key,
                feed,
                queue: queue.clone(),
            });
        }
        self.rows.sort_by_key(|row| row.began);
    }

    /// Adds a queue's rows; answers when each wait began, longest first.
    fn add_rows(&mut self, line: usize, picture: &QueueBoard, skew: i64) -> Vec<At> {
        let mut all = Vec::with_capacity(picture.len());
        for (position, waiting) in picture.ranked() {
            let began = match waiting.caller.entered {
                Some(entered) => entered.shift(-skew),
                None => waiting.seen,
            };
            all.push(began);
            self.rows.push(Row {
                queue: line,
                id: waiting.caller.id.clone(),
                position,
                began,
            });
        }
        all.sort_unstable();
        all
    }

    /// Puts the cursor on a living row, and the view around it. `height` is
    /// how many rows are in view.
    pub fn settle(&mut self, height: usize) {
        let rows = &self.rows;
        let find = |(queue, id): &(usize, CallerId)| {
            rows.iter().position(|r| r.queue == *queue && r.id == *id)
        };
        self.cursor.settle(find, |at| key(rows, at), rows.len());
        self.top = self.cursor.view(self.top, rows.len(), height);
    }

    /// The selected row's number.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.cursor.row(self.rows.len())
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let rows = &self.rows;
        self.cursor.step(step, |at| key(rows, at), rows.len(), page);
        self.settle(page);
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
        let longest = now.since(self.rows.first()?.began);
        Some((longest, average(self.rows.iter().map(|r| r.began), now)?))
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

/// Whom the cursor is on in this row.
fn key(rows: &[Row], at: usize) -> Option<(usize, CallerId)> {
    rows.get(at).map(|row| (row.queue, row.id.clone()))
}
