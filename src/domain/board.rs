//! The current picture, folded from the journal: who waits where, and today's
//! counts. [`Board::apply`] takes an entry in, [`Board::reconcile`] says what a
//! fresh list changes. Both are pure; the same entries always give the same
//! board.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    caller::{Caller, CallerState},
    entry::{Change, Departure, Entry, Seq, What},
    id::{CallerId, SiteName},
    metrics::Today,
    site::QueueKey,
    time::At,
    triage::Triage,
};

/// Everything live.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    zone: TimeZone,
    upto: Seq,
    queues: BTreeMap<QueueKey, QueueBoard>,
    /// Who works on which callback.
    pub triage: Triage,
}

/// What a checkpoint of the board holds; see [`Board::checkpoint`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The last entry folded in.
    pub upto: Seq,
    queues: Vec<(QueueKey, QueueBoard)>,
    triage: Triage,
}

/// A queue's callers and today's counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueBoard {
    callers: BTreeMap<CallerId, Waiting>,
    departed: BTreeMap<CallerId, Departed>,
    /// Today's counts.
    pub today: Today,
}

/// A caller on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// As the vendor told it last.
    pub caller: Caller,
    /// When we first saw them, by our clock.
    pub seen: At,
    /// The entry that brought them: the order of arrival.
    pub arrival: Seq,
    /// The last entry that touched them.
    pub touched: Seq,
}

/// A caller who went, remembered so that late news cannot resurrect them and
/// a wrong departure can be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Departed {
    at: At,
    seq: Seq,
    how: Departure,
    waited: Option<Duration>,
    seen: At,
    entered: Option<At>,
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

/// Departures remembered per queue; the oldest are forgotten first.
const DEPARTED_KEPT: usize = 512;

impl Waiting {
    /// How long they have waited. Counted from the vendor's `entered`,
    /// corrected by the vendor clock's skew; from first sight where the vendor
    /// gave none.
    #[must_use]
    pub fn wait(&self, now: At, skew_ms: i64) -> Duration {
        match self.caller.entered {
            Some(entered) => now.shift(skew_ms).since(entered),
            None => now.since(self.seen),
        }
    }

    /// What they are ranked by.
    #[must_use]
    pub fn since(&self) -> At {
        self.caller.entered.unwrap_or(self.seen)
    }
}

impl QueueBoard {
    /// Everyone waiting, in the order of service as far as it is known: VIP
    /// callers first, then by `entered`; with each one's position.
    #[must_use]
    pub fn ranked(&self) -> Vec<(Option<u32>, &Waiting)> {
        let mut rows: Vec<&Waiting> = self.callers.values().collect();
        rows.sort_by_key(|w| (w.caller.state != CallerState::Vip, w.since(), w.arrival));
        let mut position = 0;
        rows.into_iter()
            .map(|w| {
                let place = (w.caller.state != CallerState::Vip).then(|| {
                    position += 1;
                    position
                });
                (place, w)
            })
            .collect()
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.callers.len()
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.callers.is_empty()
    }

    /// The caller with this id.
    #[must_use]
    pub fn caller(&self, id: &CallerId) -> Option<&Waiting> {
        self.callers.get(id)
    }

    /// Everyone waiting, in no useful order.
    pub fn callers(&self) -> impl Iterator<Item = &Waiting> {
        self.callers.values()
    }

    fn enter(&mut self, caller: &Caller, seq: Seq, at: At, zone: &TimeZone) {
        let returned = self
            .departed
            .get(&caller.id)
            .is_some_and(|gone| gone.entered == caller.entered);
        // The same stay in the queue: the departure was a list that lied.
        let seen = match returned.then(|| self.departed.remove(&caller.id)).flatten() {
            Some(gone) => {
                self.today
                    .take_back(gone.at.day(zone), gone.how, gone.waited);
                gone.seen
            }
            None => at,
        };
        match self.callers.get_mut(&caller.id) {
            Some(row) => {
                row.caller = caller.clone();
                row.touched = seq;
            }
            None => {
                let row = Waiting {
                    caller: caller.clone(),
                    seen,
                    arrival: seq,
                    touched: seq,
                };
                self.callers.insert(caller.id.clone(), row);
            }
        }
    }

    fn update(&mut self, caller: &Caller, seq: Seq, at: At, zone: &TimeZone) {
        match self.callers.get_mut(&caller.id) {
            Some(row) => {
                row.caller = caller.clone();
                row.touched = seq;
            }
            None if self.departed.contains_key(&caller.id) => {}
            None => self.enter(caller, seq, at, zone),
        }
    }

    fn depart(
        &mut self,
        id: &CallerId,
        gone: (Departure, Option<Duration>),
        seq: Seq,
        at: At,
        zone: &TimeZone,
    ) {
        let Some(row) = self.callers.remove(id) else {
            return;
        };
        let (how, waited) = gone;
        self.today.count(at.day(zone), how, waited);
        let departed = Departed {
            at,
            seq,
            how,
            waited,
            seen: row.seen,
            entered: row.caller.entered,
        };
        self.departed.insert(id.clone(), departed);
        if self.departed.len() > DEPARTED_KEPT {
            let oldest = self
                .departed
                .iter()
                .min_by_key(|(_, d)| d.seq)
                .map(|(id, _)| id.clone());
            if let Some(oldest) = oldest {
                self.departed.remove(&oldest);
            }
        }
    }
}

impl Board {
    /// An empty board whose days begin at midnight in `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            upto: 0,
            queues: BTreeMap::new(),
            triage: Triage::default(),
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

    /// Folds an entry in. One already folded in is ignored, so a tail may
    /// overlap a checkpoint.
    pub fn apply(&mut self, entry: &Entry) {
        if entry.seq <= self.upto {
            return;
        }
        self.upto = entry.seq;
        match &entry.what {
            What::Change(change) => self.change(&entry.site, change, entry.seq, entry.at),
            What::Act(act) => self.triage.apply(entry.seq, entry.at, act),
            What::Hook(_) | What::Refused { .. } | What::Gap { .. } | What::Unknown { .. } => {}
        }
    }

    fn change(&mut self, site: &SiteName, change: &Change, seq: Seq, at: At) {
        let key = QueueKey {
            site: site.clone(),
            queue: change.queue().clone(),
        };
        let queue = self.queues.entry(key).or_default();
        match change {
            Change::Entered { caller, .. } => queue.enter(caller, seq, at, &self.zone),
            Change::Updated { caller, .. } => queue.update(caller, seq, at, &self.zone),
            Change::Gone {
                id, how, waited, ..
            } => queue.depart(id, (*how, *waited), seq, at, &self.zone),
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
            if !present.insert(&caller.id) {
                continue;
            }
            match board.callers.get(&caller.id) {
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
        for (id, row) in &board.callers {
            if row.touched > asked.upto || present.contains(id) {
                continue;
            }
            let answered = row.caller.was_answered();
            changes.push(Change::Gone {
                queue: queue.clone(),
                id: id.clone(),
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
            triage: self.triage.clone(),
        }
    }

    /// A board that goes on from a checkpoint.
    #[must_use]
    pub fn from_checkpoint(zone: TimeZone, checkpoint: Checkpoint) -> Self {
        Self {
            zone,
            upto: checkpoint.upto,
            queues: checkpoint.queues.into_iter().collect(),
            triage: checkpoint.triage,
        }
    }
}
