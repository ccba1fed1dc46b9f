//! An agent's timeline: what they said and what happened at their phone, in
//! the order of time, as turns from one state to the next.

use std::sync::Arc;

use super::{Agent, AgentState, SAID_KEPT, Said};
use crate::domain::{id::CallId, time::At};

/// A change of an agent's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: At,
    /// The state from then on.
    pub state: AgentState,
    /// Whether its start was seen. If not, it began then or before.
    pub seen: bool,
    /// The pause's id, if paused.
    pub pause: Option<Arc<str>>,
    /// The call, if there is one.
    pub call: Option<CallId>,
}

/// How far a leg has come; it never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Rings,
    Talks,
    Over,
}

/// What can happen at a time.
enum Point<'a> {
    Said(&'a Said),
    /// The leg of this place among all that are remembered.
    Leg(usize, Stage),
}

impl Agent {
    /// The changes of their state that are remembered, the oldest first; the
    /// last one is how they stand.
    #[must_use]
    pub fn timeline(&self) -> Vec<Turn> {
        self.replay().0
    }

    /// The timeline, and the call that they are at now.
    pub(super) fn replay(&self) -> (Vec<Turn>, Option<CallId>) {
        let mut now = Now {
            phone: self.phone,
            said: None,
            legs: self.spans.keys().map(|(call, _)| (call, None)).collect(),
        };
        let mut turns: Vec<Turn> = Vec::new();
        // What was forgotten lies before the oldest word that is remembered.
        let full = self.said.len() == SAID_KEPT;
        let from = self.said.front().filter(|_| full).map(|said| said.since);
        for (at, _, point) in self.points() {
            now.meet(&point);
            let turn = now.turn(at, &point);
            if from.is_some_and(|from| at < from) {
                continue;
            }
            // A call goes on, whoever checks in meanwhile.
            let anew = matches!(&point, Point::Said(s) if s.anew && s.state() == turn.state);
            match turns.last_mut() {
                Some(last) if !anew && last.goes_on_as(&turn) => {
                    last.call = last.call.take().or(turn.call);
                }
                _ => turns.push(turn),
            }
        }
        (turns, now.call())
    }

    /// All that is remembered, in the order of time.
    fn points(&self) -> Vec<(At, u8, Point<'_>)> {
        let mut points = Vec::with_capacity(self.said.len() + 3 * self.spans.len());
        for (place, said) in self.said.iter().enumerate() {
            // Of the oldest that is remembered, its state may be older still.
            let at = if place == 0 { said.since } else { said.at };
            points.push((at, 0, Point::Said(said)));
        }
        for (place, span) in self.spans.values().enumerate() {
            let stages = [
                (span.rang, 1, Stage::Rings),
                (span.answered, 2, Stage::Talks),
                (span.ended, 3, Stage::Over),
            ];
            for (at, order, stage) in stages {
                points.extend(at.map(|at| (at, order, Point::Leg(place, stage))));
            }
        }
        // Stable: what was said stays in its order.
        points.sort_by_key(|(at, order, _)| (*at, *order));
        points
    }
}

impl Turn {
    /// Whether `next` is the same, going on.
    fn goes_on_as(&self, next: &Self) -> bool {
        let calls = |state| matches!(state, AgentState::Ringing | AgentState::OnCall);
        let other_call = self.call.is_some() && next.call.is_some() && self.call != next.call;
        self.state == next.state && self.pause == next.pause && !(calls(self.state) && other_call)
    }
}

/// Where the replay has come to.
struct Now<'a> {
    phone: bool,
    said: Option<&'a Said>,
    /// All that are remembered, in the order of their calls' ids, each with
    /// how far it has come by now.
    legs: Vec<(&'a CallId, Option<Stage>)>,
}

impl<'a> Now<'a> {
    fn meet(&mut self, point: &Point<'a>) {
        match *point {
            Point::Said(said) => self.said = Some(said),
            Point::Leg(place, stage) => {
                let (_, reached) = &mut self.legs[place];
                *reached = (*reached).max(Some(stage));
            }
        }
    }

    /// The first call with a leg that has come just so far.
    fn call_at(&self, stage: Stage) -> Option<&'a CallId> {
        let mut legs = self.legs.iter();
        let there = legs.find(|(_, reached)| *reached == Some(stage));
        there.map(|(call, _)| *call)
    }

    /// The call they are at, else the one that rings.
    fn call(&self) -> Option<CallId> {
        let at = self.call_at(Stage::Talks);
        at.or_else(|| self.call_at(Stage::Rings)).cloned()
    }

    fn has_rung(&self) -> bool {
        self.legs.iter().any(|(_, reached)| reached.is_some())
    }

    fn turn(&self, at: At, point: &Point<'_>) -> Turn {
        let said = self.said.map_or(AgentState::Unknown, Said::state);
        let state = match said {
            AgentState::Paused => AgentState::Paused,
            _ if self.call_at(Stage::Talks).is_some() => AgentState::OnCall,
            AgentState::OnCall => AgentState::OnCall,
            _ if self.call_at(Stage::Rings).is_some() => AgentState::Ringing,
            AgentState::Unknown if self.phone && self.has_rung() => AgentState::Available,
            said => said,
        };
        let paused = self.said.filter(|_| state == AgentState::Paused);
        Turn {
            at,
            state,
            seen: match point {
                Point::Leg(..) => state != AgentState::Unknown,
                Point::Said(said) => said.seen,
            },
            pause: paused.and_then(|said| said.pause().cloned()),
            call: self.call(),
        }
    }
}
