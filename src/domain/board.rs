//! The current picture, folded from the journal: who waits where, who works
//! where at sites that push, and today's counts. [`Board::apply`] takes an entry in, [`Board::reconcile`] says what a
//! fresh list changes. Both are pure; the same entries always give the same
//! board.

mod callers;
pub(super) mod queue;
mod reached;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    entry::{Change, Departure, Entry, Seq, What},
    floor::{Floor, FloorNews},
    id::{AgentId, CallerId, QueueId, SiteName},
    site::QueueKey,
    time::At,
    triage::Triage,
};
pub use queue::{QueueBoard, Rank, Waiting};
pub use reached::Reached;

/// Everything live.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    zone: TimeZone,
    upto: Seq,
    queues: BTreeMap<QueueKey, QueueBoard>,
    floors: BTreeMap<SiteName, Floor>,
    /// Who works on which callback.
    pub triage: Triage,
    /// Up to here triage knows all acts already, while older entries are
    /// folded in anew.
    acts_until: Option<Seq>,
}

/// Who worked on which callback, of a checkpoint whose queues and floors are
/// of no use any more. It depends on nothing but the acts, and knows of those
/// whose entries are long deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTriage {
    /// The last entry that was folded in.
    pub upto: Seq,
    /// What was known then.
    pub triage: Triage,
}

/// What a checkpoint of the board holds; see [`Board::checkpoint`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The last entry folded in.
    pub upto: Seq,
    queues: Vec<(QueueKey, QueueBoard)>,
    floors: BTreeMap<SiteName, Floor>,
    triage: Triage,
}

/// The same of a board as it stands, to be written down: a board may be large,
/// and is not copied for that.
#[derive(Serialize)]
pub struct Snapshot<'b> {
    /// The last entry folded in.
    pub upto: Seq,
    queues: Vec<(&'b QueueKey, &'b QueueBoard)>,
    floors: &'b BTreeMap<SiteName, Floor>,
    triage: &'b Triage,
}

impl<'b> From<&'b Board> for Snapshot<'b> {
    fn from(board: &'b Board) -> Self {
        Self {
            upto: board.upto,
            queues: board.queues.iter().collect(),
            floors: &board.floors,
            triage: &board.triage,
        }
    }
}

impl<'b> From<&'b Checkpoint> for Snapshot<'b> {
    fn from(board: &'b Checkpoint) -> Self {
        Self {
            upto: board.upto,
            queues: board
                .queues
                .iter()
                .map(|(key, queue)| (key, queue))
                .collect(),
            floors: &board.floors,
            triage: &board.triage,
        }
    }
}

/// What an entry moved on the board, so that who shows it need not look
/// through all of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Moved {
    /// In a queue.
    InQueue(QueueMove),
    /// How an agent stands, or what is known of their call.
    Agent(SiteName, AgentId),
    /// The same of everybody at a site.
    Everybody(SiteName),
}

/// What moved in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueMove {
    /// In which queue.
    pub queue: QueueKey,
    /// Who came, changed or went, and how they stood before; `None` where only
    /// the counts moved.
    pub caller: Option<(CallerId, Option<Arc<Waiting>>)>,
}

/// What was known when a list was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// [`Board::upto`]: an order, not a time, so that a clock set back cannot
    /// keep a ghost alive.
    pub upto: Seq,
    /// When the last good list before this one came: until then, whoever is
    /// gone now was still waiting.
    pub listed: Option<At>,
    /// Vendor's clock minus ours, ms.
    pub skew_ms: i64,
}

impl Board {
    /// An empty board whose days begin at midnight in `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            upto: 0,
            queues: BTreeMap::new(),
            floors: BTreeMap::new(),
            triage: Triage::default(),
            acts_until: None,
        }
    }

    /// A board to be folded anew from the first entry, which goes on from what
    /// is known of callbacks: no act counts twice.
    #[must_use]
    pub fn anew(zone: TimeZone, kept: KeptTriage) -> Self {
        Self {
            triage: kept.triage,
            acts_until: Some(kept.upto),
            ..Self::new(zone)
        }
    }

    /// The zone whose midnight begins a day.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The last entry folded in.
    #[must_use]
    pub fn upto(&self) -> Seq {
        self.upto
    }

    /// A queue's picture, if anything is known of it.
    #[must_use]
    pub fn queue(&self, key: &QueueKey) -> Option<&QueueBoard> {
        self.queues.get(key)
    }

    /// The queues of which anything is known.
    pub fn queues(&self) -> impl Iterator<Item = &QueueKey> {
        self.queues.keys()
    }

    /// The agents and calls of a site that pushes, if anything was heard of
    /// it.
    #[must_use]
    pub fn floor(&self, site: &SiteName) -> Option<&Floor> {
        self.floors.get(site)
    }

    /// All floors, by site.
    pub fn floors(&self) -> impl Iterator<Item = (&SiteName, &Floor)> {
        self.floors.iter()
    }

    /// Folds an entry in; answers what that moved. Pushed events must have
    /// been read before: what is not read says nothing. One already folded in
    /// is ignored, so a tail may overlap a checkpoint.
    pub fn apply(&mut self, entry: &Entry) -> Vec<Moved> {
        if entry.seq <= self.upto {
            return Vec::new();
        }
        self.upto = entry.seq;
        let is_known = self.acts_until.is_some_and(|upto| entry.seq <= upto);
        self.acts_until = self.acts_until.filter(|upto| entry.seq < *upto);
        match &entry.what {
            What::Change(change) => {
                let moved = self.change(&entry.site, change, entry.seq, entry.at);
                return vec![Moved::InQueue(moved)];
            }
            What::Hook(_) | What::Gap { .. } => return self.pushed(entry),
            What::Act(_) if is_known => {}
            What::Act(act) => self.triage.apply(entry.seq, entry.at, act),
            What::Refused { .. } | What::Intent(_) | What::Outcome(_) | What::Unknown { .. } => {}
        }
        Vec::new()
    }

    fn pushed(&mut self, entry: &Entry) -> Vec<Moved> {
        let floor = self.floors.entry(entry.site.clone()).or_default();
        let mut told = Vec::new();
        floor.apply(entry, &self.zone, &mut told);
        let news = told.into_iter();
        news.map(|news| self.hear(&entry.site, news)).collect()
    }

    fn hear(&mut self, site: &SiteName, news: FloorNews) -> Moved {
        let key = |queue: QueueId| QueueKey {
            site: site.clone(),
            queue,
        };
        let in_queue = |queue, caller| Moved::InQueue(QueueMove { queue, caller });
        match news {
            FloorNews::Agent(agent) => Moved::Agent(site.clone(), agent),
            FloorNews::Everybody => Moved::Everybody(site.clone()),
            FloorNews::Waits(queue, waiting) => {
                let queue = key(queue);
                let id = waiting.caller.id().into();
                let was = self.queues.entry(queue.clone()).or_default().put(waiting);
                in_queue(queue, Some((id, was)))
            }
            FloorNews::Gone(queue, id) => {
                let queue = key(queue);
                let known = self.queues.get_mut(&queue);
                let was = known.and_then(|known| known.callers.remove(id.as_str()));
                in_queue(queue, Some((id, was)))
            }
            FloorNews::Count(queue, c) => {
                let queue = key(queue);
                let known = self.queues.entry(queue.clone()).or_default();
                known.today.count(c.day, c.how, c.waited);
                in_queue(queue, None)
            }
            FloorNews::TakeBack(queue, c) => {
                let queue = key(queue);
                if let Some(known) = self.queues.get_mut(&queue) {
                    known.today.take_back(c.day, c.how, c.waited);
                }
                in_queue(queue, None)
            }
        }
    }

    fn change(&mut self, site: &SiteName, change: &Change, seq: Seq, at: At) -> QueueMove {
        let key = QueueKey {
            site: site.clone(),
            queue: change.queue().clone(),
        };
        let queue = self.queues.entry(key.clone()).or_default();
        let (id, was) = match change {
            Change::Entered { caller, .. } => {
                (&caller.id, queue.enter(caller, seq, at, &self.zone))
            }
            Change::Updated { caller, .. } => {
                (&caller.id, queue.update(caller, seq, at, &self.zone))
            }
            Change::Gone {
                id, how, waited, ..
            } => (id, queue.depart(id, (*how, *waited), seq, at, &self.zone)),
        };
        QueueMove {
            queue: key,
            caller: Some((id.clone(), was)),
        }
    }

    /// What a fresh list changes, in the list's order, departures last. The
    /// list settles only rows not touched since it was asked for. Of rows with
    /// the same id the first counts.
    #[must_use]
    pub fn reconcile(&self, key: &QueueKey, list: &[Caller], asked: Asked) -> Vec<Change> {
        let empty = QueueBoard::default();
        let board = self.queues.get(key).unwrap_or(&empty);
        let queue = &key.queue;
        let mut changes = Vec::new();
        let mut present = HashSet::with_capacity(list.len());
        for caller in list {
            if !present.insert(caller.id.as_str()) {
                continue;
            }
            match board.callers.get(caller.id.as_str()) {
                Some(row) if row.touched > asked.upto || row.caller == *caller => {}
                Some(_) => changes.push(Change::Updated {
                    queue: queue.clone(),
                    caller: caller.clone(),
                }),
                None if board
                    .departed
                    .get(&caller.id)
                    .is_some_and(|d| d.seq > asked.upto) => {}
                None => changes.push(Change::Entered {
                    queue: queue.clone(),
                    caller: caller.clone(),
                }),
            }
        }
        for row in board.callers.all() {
            let id = row.caller.id();
            if row.touched > asked.upto || present.contains(id) {
                continue;
            }
            let answered = row.caller.was_answered();
            changes.push(Change::Gone {
                queue: queue.clone(),
                id: id.into(),
                how: if answered {
                    Departure::Answered
                } else {
                    Departure::Left
                },
                waited: if answered {
                    row.caller.wait_to_answer()
                } else {
                    asked.listed.map(|at| row.wait(at, asked.skew_ms))
                },
            });
        }
        changes
    }

    /// The board as data, to start from next time.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        let queues = self.queues.iter().map(|(k, q)| (k.clone(), q.clone()));
        Checkpoint {
            upto: self.upto,
            queues: queues.collect(),
            floors: self.floors.clone(),
            triage: self.triage.clone(),
        }
    }

    /// A board that goes on from a checkpoint.
    #[must_use]
    pub fn from_checkpoint(zone: TimeZone, checkpoint: Checkpoint) -> Self {
        let mut floors = checkpoint.floors;
        floors.values_mut().for_each(Floor::index);
        Self {
            zone,
            upto: checkpoint.upto,
            queues: checkpoint.queues.into_iter().collect(),
            floors,
            triage: checkpoint.triage,
            acts_until: None,
        }
    }
}
