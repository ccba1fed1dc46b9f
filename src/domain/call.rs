//! A call as its events tell of it, leg by leg. Everything here is worked out
//! from what was said, never from the order it came in: the same events give
//! the same call in whatever order, and however often, they arrive. Pure.

mod leg;
mod outcome;
mod strand;

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    departure::Departure,
    event::{CallEvent, CallFacts, Strand},
    few::Few,
    id::{AgentId, CallId, LegId, QueueId},
    seq::Seq,
    time::At,
};
pub use leg::{Leg, Stamp};
pub use outcome::{Missed, MissedAt};

/// Legs kept of one call; no call has more, and a sender gone mad is not to
/// fill memory.
const MOST_LEGS: usize = 64;

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Its id, the same for all legs.
    pub id: CallId,
    /// Its legs.
    pub legs: Few<LegId, Leg>,
    /// Whether our own injector made any of it: shown so, and not counted.
    pub injected: bool,
    /// When it was first heard of, by our clock.
    pub seen: At,
    /// When it was last heard of, by our clock.
    pub heard: At,
    /// The entry that brought it.
    pub arrival: Seq,
    /// The last entry that told of it.
    pub touched: Seq,
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallState {
    /// Somebody is being rung.
    Ringing,
    /// It waits in a queue or is in a voice menu, and nobody is rung.
    Waiting,
    /// It was answered.
    Answered,
    /// Its last leg has ended.
    Ended,
}

impl CallState {
    /// The word scripts see.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Waiting => "waiting",
            Self::Answered => "answered",
            Self::Ended => "ended",
        }
    }
}

/// A call's stay in a queue: from its start until it is answered or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The queue.
    pub queue: QueueId,
    /// When it came into the queue, by the vendor's clock, where that is known.
    pub entered: Option<At>,
    /// When it was answered.
    pub answered: Option<At>,
    /// How the stay ended and when, if it has.
    pub gone: Option<(Departure, At)>,
    /// How long it lasted, if it has ended and that is known.
    pub waited: Option<Duration>,
}

impl Call {
    /// A call of which nothing is known yet but that it was heard of.
    #[must_use]
    pub fn new(id: CallId, seq: Seq, received: At) -> Self {
        Self {
            id,
            legs: Few::default(),
            injected: false,
            seen: received,
            heard: received,
            arrival: seq,
            touched: seq,
        }
    }

    /// Takes an event in.
    pub fn hear(&mut self, event: &CallEvent, injected: bool, seq: Seq, received: At) {
        self.injected |= injected;
        self.heard = self.heard.max(received);
        self.touched = seq;
        if self.legs.len() < MOST_LEGS || self.legs.contains_key(&event.leg) {
            let leg = self.legs.make(&event.leg);
            leg.hear(event, seq, received);
        }
    }

    /// The legs with their ids: the first leg of the call first, then in the
    /// order they were first told of.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&LegId, &Leg)> {
        let mut legs: Vec<_> = self.legs.iter().collect();
        legs.sort_by_key(|(id, leg)| self.place(id, leg));
        legs
    }

    /// What legs are ordered by.
    fn place<'a>(&self, id: &'a LegId, leg: &Leg) -> (bool, Option<(At, u16)>, &'a LegId) {
        (!self.is_first(id), leg.first(), id)
    }

    fn is_first(&self, leg: &LegId) -> bool {
        leg.as_str() == self.id.as_str()
    }

    /// When a leg ended: by its own word or, where it only ever rang, by that
    /// of all others. Its end may come late or never, and a phone does not go
    /// on ringing for a call that is over.
    #[must_use]
    pub fn end_of(&self, id: &LegId, leg: &Leg) -> Option<At> {
        leg.end().or_else(|| {
            if leg.facts.strand.is_some() {
                return self.silent_end(id, leg);
            }
            let over = self.others_end()?;
            (self.is_bare(id, leg) && leg.began() <= Some(over)).then_some(over)
        })
    }

    /// Whether a leg rang and no more is known of it.
    fn is_bare(&self, id: &LegId, leg: &Leg) -> bool {
        !self.is_first(id) && leg.only_rang()
    }

    /// When the last of the legs that did more than ring ended, if all have.
    fn others_end(&self) -> Option<At> {
        let mut last = None;
        for (_, leg) in self.legs.iter().filter(|(id, leg)| !self.is_bare(id, leg)) {
            last = last.max(Some(leg.end()?));
        }
        last
    }

    /// When it ended: when its last leg has.
    #[must_use]
    pub fn ended(&self) -> Option<At> {
        let mut last = None;
        for (id, leg) in &self.legs {
            last = last.max(Some(self.end_of(id, leg)?));
        }
        last
    }

    /// When it began: its first event.
    #[must_use]
    pub fn began(&self) -> Option<At> {
        self.legs.values().filter_map(Leg::began).min()
    }

    /// When it was first answered.
    #[must_use]
    pub fn answered(&self) -> Option<At> {
        self.legs.values().filter_map(Leg::answer).min()
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> CallState {
        if self.ended().is_some() {
            return CallState::Ended;
        }
        let open = || {
            self.legs
                .iter()
                .filter(|(id, leg)| self.end_of(id, leg).is_none())
        };
        if open().any(|(_, leg)| leg.answer().is_some()) {
            CallState::Answered
        } else if open().any(|(_, leg)| leg.rings()) {
            CallState::Ringing
        } else if self.answered().is_some() {
            CallState::Answered
        } else {
            CallState::Waiting
        }
    }

    /// A fact of the call: its first leg's, or the first one that is told of
    /// any other leg.
    pub fn fact<'a, T: ?Sized>(
        &'a self,
        of: impl Fn(&'a CallFacts) -> Option<&'a T>,
    ) -> Option<&'a T> {
        let told = self.legs.iter().filter_map(|(id, leg)| {
            let fact = of(&leg.facts)?;
            Some((self.place(id, leg), fact))
        });
        told.min_by_key(|(place, _)| *place).map(|(_, fact)| fact)
    }

    /// What kind of call it is: `inbound`, `outbound`, `internal`, `queue`,
    /// `fax`, `conf`, or as sent. A call that was only ever in a voice menu
    /// came from outside.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        let told = self.fact(|f| f.kind.as_deref());
        told.or_else(|| self.was_in_menu().then_some("inbound"))
    }

    /// The queue it came into: the last one, where it moved on.
    #[must_use]
    pub fn queue(&self) -> Option<&QueueId> {
        let queued = |leg: &&Leg| leg.start().is_some() && leg.facts.queue.is_some();
        let last = self
            .legs
            .values()
            .filter(queued)
            .max_by_key(|leg| leg.start());
        match last {
            Some(leg) => leg.facts.queue.as_ref(),
            None => self.fact(|f| f.queue.as_ref()),
        }
    }

    /// The agent who has it: who talks, else who is rung, else who talked
    /// last, else who dials.
    #[must_use]
    pub fn agent(&self) -> Option<&AgentId> {
        let rank = |id: &LegId, leg: &Leg| match (self.end_of(id, leg), leg.answer()) {
            (None, Some(at)) => (4, Some(at)),
            (None, None) if leg.rings() => (3, leg.began()),
            (_, Some(at)) => (2, Some(at)),
            _ => (1, None),
        };
        self.legs
            .iter()
            .filter_map(|(id, leg)| Some((rank(id, leg), leg.agent()?)))
            .max_by_key(|(rank, agent)| (*rank, *agent))
            .map(|(_, agent)| agent)
    }

    /// Why it ended, as sent: its first leg's cause.
    #[must_use]
    pub fn hangup_cause(&self) -> Option<&Arc<str>> {
        let first = self.legs.iter().find(|(id, _)| self.is_first(id));
        let own = first.and_then(|(_, leg)| leg.facts.hangup_cause.as_ref());
        // While it goes on, another leg's cause is that of a phone that lost
        // the race, not of the call.
        own.or_else(|| {
            self.ended()?;
            let talks = self.legs.values().filter(|leg| leg.is_answered_strand());
            let talk = talks.max_by_key(|leg| leg.end());
            talk.and_then(|leg| leg.facts.hangup_cause.as_ref())
                .or_else(|| self.fact(cause_of_call))
        })
    }

    /// Why a queue call was not answered, as sent.
    #[must_use]
    pub fn canceled(&self) -> Option<&Arc<str>> {
        self.fact(|f| f.canceled.as_ref())
    }

    /// How long it waited, or waits: as the vendor has measured it, else by
    /// the times of its events.
    #[must_use]
    pub fn wait(&self, now: At) -> Option<Duration> {
        if let Some(told) = self.fact(|f| f.queue_wait.as_ref()) {
            return Some(*told);
        }
        if self.has_strands() {
            return self.wait_by_strand(now);
        }
        let until = self.answered().or_else(|| self.ended()).unwrap_or(now);
        let start = self.legs.values().filter_map(Leg::start).min();
        if let Some(start) = start {
            return Some(until.since(start.at));
        }
        if let Some(told) = self.fact(|f| f.wait.as_ref()) {
            return Some(*told);
        }
        self.began().map(|began| until.since(began))
    }

    /// Its stay in a queue, if it is a queue call: the last one.
    #[must_use]
    pub fn stay(&self) -> Option<Stay> {
        self.stays().pop()
    }

    /// Its stays in queues, the first one first: a caller who was answered may
    /// be put into a queue again.
    #[must_use]
    pub fn stays(&self) -> Vec<Stay> {
        if self.has_strands() {
            return self.stays_by_strand();
        }
        self.only_stay().into_iter().collect()
    }

    /// The stay of a call that has no strands. One whose start was lost is
    /// known by its type.
    fn only_stay(&self) -> Option<Stay> {
        let start = self.legs.values().filter_map(Leg::start).min();
        let is_queued = self
            .fact(|f| f.kind.as_ref())
            .is_some_and(|k| k.eq_ignore_ascii_case("queue"));
        if start.is_none() && !is_queued {
            return None;
        }
        let queue = self.queue()?.clone();
        let entered = start.filter(|s| !s.guessed).map(|s| s.at);
        let answered = self.answered();
        let ended = self.ended();
        let gone = match (answered, ended) {
            (Some(at), _) => Some((Departure::Answered, at)),
            (None, Some(at)) if self.was_talked() => Some((Departure::Answered, at)),
            (None, Some(at)) => Some((Departure::Left, at)),
            (None, None) => None,
        };
        // Where an end is all that is known of it, nobody saw it wait.
        let told = self.fact(|f| f.queue_wait.as_ref()).is_some() || start.is_some();
        let waited = gone
            .filter(|(_, at)| told || self.began() < Some(*at))
            .and_then(|(_, at)| self.wait(at));
        Some(Stay {
            queue,
            entered,
            answered,
            gone,
            waited,
        })
    }

    /// Whether its end tells of an answer that we did not hear: time between
    /// answer and hang-up, and no reason for not being answered.
    fn was_talked(&self) -> bool {
        let talked = self
            .fact(|f| f.talk.as_ref().filter(|t| !t.is_zero()))
            .is_some();
        let canceled = self
            .canceled()
            .is_some_and(|why| !why.eq_ignore_ascii_case("NONE"));
        talked && !canceled
    }
}

/// A leg's cause, where it may be that of the call. That a voice menu or a
/// queue took the caller in (`ANSWER`) is not how the call ended.
fn cause_of_call(facts: &CallFacts) -> Option<&Arc<str>> {
    let taken_in = matches!(facts.strand, Some(Strand::Menu | Strand::QueueIn));
    let cause = facts.hangup_cause.as_ref();
    cause.filter(|cause| !(taken_in && cause.eq_ignore_ascii_case("ANSWER")))
}
