//! A queue's callers and today's counts, whoever tells of them: lists that are
//! polled, or calls that are pushed.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::callers::Callers;
use crate::domain::{
    caller::{Caller, CallerState, Kept},
    entry::{Departure, Seq},
    id::CallerId,
    metrics::Today,
    time::At,
};

/// A queue's callers and today's counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueBoard {
    pub(super) callers: Callers,
    pub(super) departed: BTreeMap<CallerId, Departed>,
    /// Today's counts.
    pub today: Today,
}

/// A caller on the board.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// As the vendor told it last.
    pub caller: Kept,
    /// When we first saw them, by our clock.
    pub seen: At,
    /// The entry that brought them: the order of arrival.
    pub arrival: Seq,
    /// The last entry that touched them.
    pub touched: Seq,
}

/// What callers of a queue are ordered by; see [`Waiting::rank`].
pub type Rank = (bool, At, Seq);

/// A caller who went, remembered so that late news cannot resurrect them and
/// a wrong departure can be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Departed {
    at: At,
    pub(super) seq: Seq,
    how: Departure,
    waited: Option<Duration>,
    seen: At,
    entered: Option<At>,
}

/// Departures remembered per queue; the oldest are forgotten first.
const DEPARTED_KEPT: usize = 512;

impl Waiting {
    /// How long they have waited. Counted from the vendor's `entered`,
    /// corrected by the vendor clock's skew; from first sight where the vendor
    /// gave none.
    #[must_use]
    pub fn wait(&self, now: At, skew_ms: i64) -> Duration {
        match self.caller.entered() {
            Some(entered) => now.shift(skew_ms).since(entered),
            None => now.since(self.seen),
        }
    }

    /// Whether our own injector made them: shown so, and not counted.
    #[must_use]
    pub fn injected(&self) -> bool {
        self.caller.is_injected()
    }

    /// What they are ranked by.
    #[must_use]
    pub fn since(&self) -> At {
        self.caller.entered().unwrap_or(self.seen)
    }

    /// Who is served first stands first: VIP callers, then by [`Self::since`].
    #[must_use]
    pub fn rank(&self) -> Rank {
        let counts = *self.caller.state() != CallerState::Vip;
        (counts, self.since(), self.arrival)
    }

    /// Whether they have a place in the queue: VIP callers have none, nor do
    /// those our own injector made.
    #[must_use]
    pub fn has_place(&self) -> bool {
        *self.caller.state() != CallerState::Vip && !self.injected()
    }
}

impl QueueBoard {
    /// Everyone waiting, in the order of service as far as it is known, with
    /// each one's place ([`Waiting::has_place`]).
    #[must_use]
    pub fn ranked(&self) -> Vec<(Option<u32>, &Arc<Waiting>)> {
        let callers = self.callers.all();
        let mut rows: Vec<_> = callers.map(|w| (w.rank(), w)).collect();
        // What is compared stands side by side: in a long queue, looking for
        // it takes longer than comparing it.
        rows.sort_by_key(|(rank, _)| *rank);
        let mut position = 0;
        rows.into_iter()
            .map(|(_, w)| {
                let place = w.has_place().then(|| {
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
        self.callers.len() == 0
    }

    /// The caller with this id.
    #[must_use]
    pub fn caller(&self, id: &CallerId) -> Option<&Arc<Waiting>> {
        self.callers.get(id.as_str())
    }

    /// Everyone waiting, in no useful order.
    pub fn callers(&self) -> impl Iterator<Item = &Arc<Waiting>> {
        self.callers.all()
    }

    /// Puts a caller on the board; answers how they stood before.
    pub(super) fn put(&mut self, waiting: Waiting) -> Option<Arc<Waiting>> {
        self.callers.put(waiting)
    }

    /// The same caller, told anew.
    fn retell(was: &Waiting, caller: &Caller, seq: Seq) -> Waiting {
        Waiting {
            caller: Kept::of(caller, was.injected()),
            touched: seq,
            ..*was
        }
    }

    pub(super) fn enter(
        &mut self,
        caller: &Caller,
        seq: Seq,
        at: At,
        zone: &TimeZone,
    ) -> Option<Arc<Waiting>> {
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
        let row = match self.callers.get(caller.id.as_str()) {
            Some(was) => Self::retell(was, caller, seq),
            None => Waiting {
                caller: caller.into(),
                seen,
                arrival: seq,
                touched: seq,
            },
        };
        self.put(row)
    }

    pub(super) fn update(
        &mut self,
        caller: &Caller,
        seq: Seq,
        at: At,
        zone: &TimeZone,
    ) -> Option<Arc<Waiting>> {
        match self.callers.get(caller.id.as_str()) {
            Some(was) => {
                let row = Self::retell(was, caller, seq);
                self.put(row)
            }
            None if self.departed.contains_key(&caller.id) => None,
            None => self.enter(caller, seq, at, zone),
        }
    }

    pub(super) fn depart(
        &mut self,
        id: &CallerId,
        gone: (Departure, Option<Duration>),
        seq: Seq,
        at: At,
        zone: &TimeZone,
    ) -> Option<Arc<Waiting>> {
        let row = self.callers.remove(id.as_str())?;
        let (how, waited) = gone;
        self.today.count(at.day(zone), how, waited);
        let departed = Departed {
            at,
            seq,
            how,
            waited,
            seen: row.seen,
            entered: row.caller.entered(),
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
        Some(row)
    }
}
