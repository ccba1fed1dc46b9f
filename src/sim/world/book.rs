//! The list of callbacks as time goes on: missed calls come on it, the PBX and
//! colleagues work it off, what is over is forgotten after a while. It draws
//! from a generator of its own, so that the calls of the day do not depend on
//! it, and keeps an agenda, so that the steps it is done in make no difference.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;

use crate::domain::time::At;

use super::{
    agenda::Agenda,
    backlog::{backlog, drawn, remembered},
    call::{Call, CallNo},
    callback::{Assigned, Callback, CallbackNo, Dialler, Progress, Reason},
    day::Day,
    draw::{between, chance, exponential},
};

/// Below this share of the busiest hour nobody is called: it is night.
const QUIET: f64 = 0.1;
/// Who hangs up sooner has not been missed.
const MISSED_AFTER: Duration = Duration::from_secs(10);
/// How long colleagues take to get round to a callback that is due, and to
/// one without a time, on average.
const COLLEAGUES_TAKE: Duration = Duration::from_hours(3);
const COLLEAGUES_TAKE_UNSET: Duration = Duration::from_hours(6);
/// How far apart campaigns put somebody on the list, on average.
const CAMPAIGNS_ADD_EVERY: Duration = Duration::from_mins(40);
/// How long a callback that is over stays on the list.
const KEPT: Duration = Duration::from_hours(5 * 24);

/// All callbacks.
#[derive(Clone, Debug)]
pub struct Book {
    rng: Rng,
    day: Day,
    callbacks: BTreeMap<CallbackNo, Callback>,
    /// Callers still in a queue who asked to be called back.
    asked: BTreeMap<CallNo, CallbackNo>,
    agenda: Agenda<Step>,
    next_no: CallbackNo,
}

/// Something that is due.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A campaign puts somebody on the list.
    Added,
    /// Somebody takes the callback up, unless it is night.
    TakenUp(CallbackNo),
    /// The call ends, one way or the other.
    Ended(CallbackNo),
    Forgotten(CallbackNo),
}

impl Book {
    /// The list as it was before `start`, with what will become of it.
    pub fn new(seed: u64, day: Day, start: At) -> Self {
        // Another stream than the world's, which has the seed itself.
        let mut rng = Rng::with_seed(seed ^ 0xca11_bac4);
        let backlog = backlog(&mut rng, start);
        let mut book = Self {
            rng,
            day,
            next_no: 1,
            callbacks: BTreeMap::new(),
            asked: BTreeMap::new(),
            agenda: Agenda::new(),
        };
        for callback in backlog {
            let (no, progress) = (callback.no, callback.progress);
            book.next_no = no + 1;
            book.callbacks.insert(no, callback);
            match progress {
                Progress::Pending => book.await_turn(no, start),
                Progress::InProgress => {
                    let left = between(&mut book.rng, 20_000, 240_000);
                    book.agenda.put(start.plus(left), Step::Ended(no));
                }
                Progress::Completed | Progress::Cancelled | Progress::Deleted => {
                    let left = remembered(&mut book.rng);
                    book.agenda.put(start.plus(left), Step::Forgotten(no));
                }
            }
        }
        book.await_addition(start);
        book
    }

    /// All callbacks, in order of creation.
    pub fn callbacks(&self) -> impl DoubleEndedIterator<Item = &Callback> {
        self.callbacks.values()
    }

    /// Lets time pass up to and including `to`.
    pub fn advance(&mut self, to: At) {
        while let Some((at, step)) = self.agenda.take(to) {
            match step {
                Step::Added => self.added(at),
                Step::TakenUp(no) => self.taken_up(no, at),
                Step::Ended(no) => self.ended(no, at),
                Step::Forgotten(no) => {
                    self.callbacks.remove(&no);
                }
            }
        }
    }

    /// A caller hung up before anybody answered.
    pub fn missed(&mut self, call: &Call, now: At) {
        self.advance(now);
        if now.since(call.entered) < MISSED_AFTER {
            return;
        }
        let by_pbx = chance(&mut self.rng, 45);
        let wait = match (by_pbx, self.rng.u32(0..3)) {
            (true, _) => Some(between(&mut self.rng, 300_000, 1_800_000)),
            (false, 0) => None,
            (false, _) => Some(between(&mut self.rng, 600_000, 7_200_000)),
        };
        let dialler = if by_pbx {
            Dialler::Pbx
        } else {
            Dialler::Colleague
        };
        let due = wait.map(|wait| now.plus(wait));
        if let Some(no) = self.noted(call, Reason::Missed, dialler, due, now) {
            self.await_turn(no, now);
        }
    }

    /// A caller asked to be called back, and keeps the place in the queue:
    /// the call there decides what becomes of it.
    pub fn asked(&mut self, call: &Call, now: At) {
        self.advance(now);
        let soon = between(&mut self.rng, 0, 1_200_000);
        let due = chance(&mut self.rng, 50).then(|| now.plus(soon));
        if let Some(no) = self.noted(call, Reason::Asked, Dialler::Colleague, due, now) {
            self.asked.insert(call.no, no);
        }
    }

    /// An agent speaks to a caller, who may have asked to be called back.
    pub fn answered(&mut self, call: CallNo, now: At) {
        self.advance(now);
        if let Some(callback) = self.asked_by(call) {
            callback.progress = Progress::InProgress;
        }
    }

    /// An agent and a caller, who may have asked to be called back, hang up.
    pub fn hung_up(&mut self, call: CallNo, now: At) {
        self.advance(now);
        let Some(callback) = self.asked_by(call) else {
            return;
        };
        callback.tries += 1;
        let no = callback.no;
        self.asked.remove(&call);
        self.over(no, Progress::Completed, now);
    }

    fn asked_by(&mut self, call: CallNo) -> Option<&mut Callback> {
        self.callbacks.get_mut(self.asked.get(&call)?)
    }

    /// Puts a caller on the list, where there is a number that may be shown.
    fn noted(
        &mut self,
        call: &Call,
        reason: Reason,
        dialler: Dialler,
        due: Option<At>,
        now: At,
    ) -> Option<CallbackNo> {
        let number = call.who.number.clone().filter(|_| !call.who.secret)?;
        let mut callback = drawn(&mut self.rng, now, due);
        callback.number = number;
        callback.name.clone_from(&call.who.name);
        callback.queue = call.queue;
        callback.reason = reason;
        callback.dialler = dialler;
        callback.attended = true;
        callback.assigned = Assigned::Queue;
        Some(self.listed(callback))
    }

    fn listed(&mut self, mut callback: Callback) -> CallbackNo {
        let no = self.next_no;
        self.next_no += 1;
        callback.no = no;
        self.callbacks.insert(no, callback);
        no
    }

    fn await_addition(&mut self, now: At) {
        let gap = exponential(&mut self.rng, CAMPAIGNS_ADD_EVERY);
        self.agenda.put(now.plus(gap), Step::Added);
    }

    fn added(&mut self, now: At) {
        self.await_addition(now);
        if self.day.busy(now) < QUIET {
            return;
        }
        let ahead = between(&mut self.rng, 3_600_000, 30 * 3_600_000);
        let callback = drawn(&mut self.rng, now, Some(now.plus(ahead)));
        // Campaigns alone: the calls of the day make the others.
        if matches!(callback.reason, Reason::Campaign(_)) {
            let no = self.listed(callback);
            self.await_turn(no, now);
        }
    }

    /// Puts on the agenda when somebody will take a pending callback up.
    fn await_turn(&mut self, no: CallbackNo, now: At) {
        let Some(callback) = self.callbacks.get(&no) else {
            return;
        };
        let (dialler, due) = (callback.dialler, callback.due);
        let wait = match (dialler, due) {
            (Dialler::Pbx, _) => between(&mut self.rng, 1_000, 20_000),
            (Dialler::Colleague, Some(_)) => exponential(&mut self.rng, COLLEAGUES_TAKE),
            (Dialler::Colleague, None) => exponential(&mut self.rng, COLLEAGUES_TAKE_UNSET),
        };
        let from = due.map_or(now, |due| due.max(now));
        self.agenda.put(from.plus(wait), Step::TakenUp(no));
    }

    fn taken_up(&mut self, no: CallbackNo, now: At) {
        if self.day.busy(now) < QUIET {
            let later = between(&mut self.rng, 1_200_000, 2_400_000);
            self.agenda.put(now.plus(later), Step::TakenUp(no));
            return;
        }
        let Some(callback) = self.callbacks.get_mut(&no) else {
            return;
        };
        callback.progress = Progress::InProgress;
        let length = if callback.attended {
            between(&mut self.rng, 60_000, 360_000)
        } else {
            between(&mut self.rng, 15_000, 60_000)
        };
        self.agenda.put(now.plus(length), Step::Ended(no));
    }

    fn ended(&mut self, no: CallbackNo, now: At) {
        let reached = chance(&mut self.rng, 62);
        let again = between(&mut self.rng, 900_000, 3_600_000);
        let Some(callback) = self.callbacks.get_mut(&no) else {
            return;
        };
        callback.tries += 1;
        if reached {
            self.over(no, Progress::Completed, now);
        } else if callback.tries >= callback.most_tries {
            self.over(no, Progress::Cancelled, now);
        } else {
            callback.progress = Progress::Pending;
            callback.due = Some(now.plus(again));
            self.await_turn(no, now);
        }
    }

    fn over(&mut self, no: CallbackNo, progress: Progress, now: At) {
        if let Some(callback) = self.callbacks.get_mut(&no) {
            callback.progress = progress;
        }
        self.agenda.put(now.plus(KEPT), Step::Forgotten(no));
    }
}
