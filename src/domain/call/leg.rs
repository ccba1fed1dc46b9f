//! One leg of a call: when each step happened first, and of each fact the
//! latest word.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{
    event::{CallEvent, CallFacts, CallStep, Strand},
    few::Few,
    id::AgentId,
    seq::Seq,
    time::At,
};

/// A leg.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// When each step happened: menu, start, ring, answer, end.
    steps: [Option<Stamp>; 5],
    /// What was told of it.
    pub facts: CallFacts,
    ranks: Ranks,
    /// The last entry that told of it.
    pub touched: Seq,
}

/// When a step happened. Ordered by what is to be believed: a time that was
/// sent comes before one that was not, then the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Whether the vendor sent no time: then it is when we received it.
    pub guessed: bool,
    /// When.
    pub at: At,
    /// The microseconds within that millisecond.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub micros: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(micros: &u16) -> bool {
    *micros == 0
}

/// How late each fact was told: of two words the later one counts, of two at
/// the same time that of the later step, and of two alike the greater text,
/// so that the order of arrival never does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Ranks {
    /// By the place a fact has in `absorb`: sparse, as most are never told.
    known: Few<u8, Rank>,
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    other: Few<Arc<str>, Rank>,
}

/// About as many facts as an event tells.
const FACTS: usize = 8;

/// Time and step.
type Rank = (Option<At>, CallStep);

/// Takes over each field of `told` that is later than what is there.
macro_rules! absorb {
    ($facts:expr, $ranks:expr, $rank:expr, $told:expr, $($place:literal $field:ident)*) => {
        $(if let Some(new) = &$told.$field {
            let old = ($ranks.get(&$place).copied(), $facts.$field.as_ref());
            if (Some($rank), Some(new)) > old {
                $facts.$field = Some(new.clone());
                $ranks.insert($place, $rank);
            }
        })*
    };
}

impl Leg {
    /// Takes an event in.
    pub(super) fn hear(&mut self, event: &CallEvent, seq: Seq, received: At) {
        self.touched = seq;
        let stamp = Stamp {
            guessed: event.at.is_none(),
            at: event.at.unwrap_or(received),
            micros: event.at.map_or(0, |_| event.micros),
        };
        let step = &mut self.steps[place(event.step)];
        *step = Some(step.map_or(stamp, |known| known.min(stamp)));
        let rank = (event.at, event.step);
        if self.ranks.known.is_empty() {
            self.ranks.known.reserve(FACTS);
        }
        absorb!(self.facts, self.ranks.known, rank, event.facts,
            0 kind 1 queue 2 number 3 name 4 to 5 from_agent 6 to_agent
            7 from_device 8 to_device 9 country 10 wait 11 duration 12 progress
            13 talk 14 queue_wait 15 hangup_cause 16 canceled 17 strand
            18 extension 19 bridged 20 forwarded);
        for (name, new) in &event.facts.other {
            let old = (
                self.ranks.other.get(name).copied(),
                self.facts.other.get(name),
            );
            if (Some(rank), Some(new)) > old {
                self.facts.other.insert(name.clone(), new.clone());
                self.ranks.other.insert(name.clone(), rank);
            }
        }
    }

    fn step(&self, step: CallStep) -> Option<Stamp> {
        self.steps[place(step)]
    }

    /// What happened to it and when it did first, in the order of time.
    pub fn steps(&self) -> impl Iterator<Item = (CallStep, Stamp)> {
        let mut steps: Vec<(CallStep, Stamp)> = STEPS
            .into_iter()
            .zip(self.steps)
            .filter_map(|(step, stamp)| Some((step, stamp?)))
            .collect();
        steps.sort_by_key(|(step, stamp)| (stamp.at, stamp.micros, *step));
        steps.into_iter()
    }

    /// When it came into a queue.
    #[must_use]
    pub fn start(&self) -> Option<Stamp> {
        self.step(CallStep::Start)
    }

    /// When it began to ring.
    #[must_use]
    pub fn rang(&self) -> Option<At> {
        self.step(CallStep::Ring).map(|s| s.at)
    }

    /// When somebody answered it. A switchboard that takes a call to put it
    /// into a queue has not answered it: that lies before its start.
    #[must_use]
    pub fn answer(&self) -> Option<At> {
        let answered = self.step(CallStep::Answer)?;
        match self.start() {
            Some(start) if answered.at < start.at => None,
            Some(start) if answered.at == start.at && self.facts.to_agent.is_none() => None,
            _ => Some(answered.at),
        }
    }

    /// When it ended.
    #[must_use]
    pub fn end(&self) -> Option<At> {
        self.step(CallStep::End).map(|s| s.at)
    }

    /// Its first step.
    #[must_use]
    pub fn began(&self) -> Option<At> {
        self.steps.iter().flatten().map(|s| s.at).min()
    }

    /// The same to the microsecond, to put legs in order.
    pub(super) fn first(&self) -> Option<(At, u16)> {
        let steps = self.steps.iter().flatten();
        steps.map(|s| (s.at, s.micros)).min()
    }

    /// Whether it is this strand of its extension.
    pub(super) fn is(&self, strand: Strand) -> bool {
        self.facts.strand == Some(strand)
    }

    /// Whether it rings, and has neither been answered nor ended. A caller's
    /// own leg that rang before it came into the queue does not.
    #[must_use]
    pub fn rings(&self) -> bool {
        let Some(rang) = self.rang() else {
            return false;
        };
        let waits = self.start().is_some_and(|start| {
            rang < start.at || (rang == start.at && self.facts.to_agent.is_none())
        });
        !waits && self.answer().is_none() && self.end().is_none()
    }

    /// Whether a ring is all that is known of it.
    pub(super) fn only_rang(&self) -> bool {
        let others = [
            CallStep::Menu,
            CallStep::Start,
            CallStep::Answer,
            CallStep::End,
        ];
        others.into_iter().all(|step| self.step(step).is_none())
    }

    /// Its agent: who is called, else who calls.
    #[must_use]
    pub fn agent(&self) -> Option<&AgentId> {
        self.agents().next()
    }

    /// All its agents: nobody where it was forwarded to a number outside.
    pub fn agents(&self) -> impl Iterator<Item = &AgentId> {
        let facts = &self.facts;
        let is_here = facts.forwarded != Some(true);
        let to = facts.to_agent.as_ref().filter(|_| is_here);
        let from = facts.from_agent.as_ref().filter(|_| is_here);
        to.into_iter()
            .chain(from.filter(move |from| to != Some(*from)))
    }
}

/// All steps, in the order of their places.
const STEPS: [CallStep; 5] = [
    CallStep::Menu,
    CallStep::Start,
    CallStep::Ring,
    CallStep::Answer,
    CallStep::End,
];

fn place(step: CallStep) -> usize {
    match step {
        CallStep::Menu => 0,
        CallStep::Start => 1,
        CallStep::Ring => 2,
        CallStep::Answer => 3,
        CallStep::End => 4,
    }
}
