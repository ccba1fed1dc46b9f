//! The floor of a site that pushes: its agents, its calls, and who waits in
//! its queues, folded from events. What changes is handed up to the board,
//! whose callers they are. Bounded in memory, whatever is sent.

mod reached;
mod settle;

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry as Place},
    time::Duration,
};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    agent::Agent,
    call::{Call, Missed},
    entry::{Entry, Seq, What},
    event::{CallEvent, Event},
    hook::{Hook, Says},
    id::{AgentId, CallId},
    time::At,
};
use reached::Talks;
pub(super) use reached::sought;
pub(super) use settle::FloorNews;
use settle::Settled;

/// Calls that ended and are remembered: no more than so many,
const ENDED_KEPT: usize = 2_000;
/// and no longer than this after their end.
const ENDED_FOR: Duration = Duration::from_hours(24);
/// Calls without an end: no more than so many,
const OPEN_KEPT: usize = 5_000;
/// and no longer than this after they were last heard of: their end was
/// missed.
const SILENT_FOR: Duration = Duration::from_hours(24);
/// Agents, no site has more.
const AGENTS_KEPT: usize = 5_000;
/// A clock that goes back by more than this was set: events taken in side by
/// side may be on record a little out of order.
const SET_BACK: Duration = Duration::from_mins(1);
/// An event's time this far ahead of ours is no time.
const AHEAD: Duration = Duration::from_hours(24);

/// The floor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    agents: BTreeMap<AgentId, Agent>,
    /// In boxes: the tree moves its values about.
    calls: BTreeMap<CallId, Box<Known>>,
    /// Calls that ended until then may have been forgotten: news of a call
    /// that nobody knows and that is older brings nothing back.
    forgotten: Option<At>,
    gap: Option<Gap>,
    #[serde(default, skip_serializing_if = "Talks::is_empty")]
    talks: Talks,
    /// When talks were last looked through for old ones.
    #[serde(default)]
    talks_forgotten: At,
    /// When the last event was told, by our clock.
    #[serde(default)]
    told: At,
    /// Calls without an end by the entry that last told of them.
    #[serde(skip)]
    open: BTreeMap<Seq, Open>,
    /// Calls that ended, by when.
    #[serde(skip)]
    ended: BTreeSet<(At, CallId)>,
}

/// A call and what it has led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    call: Call,
    settled: Settled,
}

/// A call without an end.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    id: CallId,
    /// When it was last heard of, by our clock.
    heard: At,
}

/// Time in which nobody listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// When the last receiver was last known to listen.
    pub from: At,
    /// When the next one began.
    pub to: At,
    /// The entry that tells of it.
    pub seq: Seq,
}

impl Floor {
    /// All agents that were heard of, by id.
    pub fn agents(&self) -> impl ExactSizeIterator<Item = &Agent> {
        self.agents.values()
    }

    /// An agent.
    #[must_use]
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// Calls that have not ended, those last heard of last.
    pub fn open_calls(&self) -> impl Iterator<Item = &Call> {
        self.open.values().filter_map(|open| self.call(&open.id))
    }

    /// Calls that ended, as far as they are remembered (a day, 2,000), the
    /// last first.
    pub fn ended_calls(&self) -> impl Iterator<Item = &Call> {
        self.ended.iter().rev().filter_map(|(_, id)| self.call(id))
    }

    /// Calls that nobody answered and whose caller is gone, as far as they are
    /// remembered, the last first. Invented ones too.
    pub fn missed(&self) -> impl Iterator<Item = (&Call, Missed)> {
        self.ended_calls()
            .filter_map(|call| Some((call, call.missed()?)))
    }

    /// A call, if it is known.
    #[must_use]
    pub fn call(&self, id: &CallId) -> Option<&Call> {
        self.calls.get(id).map(|known| &known.call)
    }

    /// The last time in which nobody listened.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        self.gap
    }

    /// The gap since which an agent's state is no longer certain, if there is
    /// one: what the state rests on was told before it.
    #[must_use]
    pub fn doubt(&self, agent: &Agent) -> Option<Gap> {
        let standing = agent.standing();
        let is_known = standing.since.is_some();
        self.gap.filter(|gap| is_known && standing.basis < gap.seq)
    }

    /// The gap in which the end of a call may have been missed.
    #[must_use]
    pub fn doubt_of_call(&self, call: &Call) -> Option<Gap> {
        let is_open = call.ended().is_none();
        self.gap.filter(|gap| is_open && call.touched < gap.seq)
    }

    /// Takes an entry in; what that changes is added to `news`.
    pub(super) fn apply(&mut self, entry: &Entry, zone: &TimeZone, news: &mut Vec<FloorNews>) {
        let people = self.agents.len();
        match &entry.what {
            What::Hook(hook) => self.hear(hook, entry, zone, news),
            What::Gap { from, to } => {
                self.gap = Some(Gap {
                    from: *from,
                    to: *to,
                    seq: entry.seq,
                });
                news.push(FloorNews::Everybody);
            }
            _ => {}
        }
        // Some were forgotten.
        if self.agents.len() < people {
            news.push(FloorNews::Everybody);
        }
    }

    fn hear(&mut self, hook: &Hook, entry: &Entry, zone: &TimeZone, news: &mut Vec<FloorNews>) {
        let Says::This(event) = &hook.says else {
            return;
        };
        match &**event {
            Event::Agent { agent, news: said } => {
                let known = agent_mut(&mut self.agents, agent);
                known.hear(said, hook.injected, entry.seq, entry.at);
                news.push(FloorNews::Agent(agent.clone()));
            }
            Event::Call(event) => self.hear_call(event, hook.injected, entry, zone, news),
        }
        self.set_right(entry.at);
        self.forget(entry.at, zone, news);
    }

    /// After a clock that was ahead was set right, its time must not keep a
    /// call of which nothing more is heard until then.
    fn set_right(&mut self, now: At) {
        if self.told.since(now) <= SET_BACK {
            self.told = self.told.max(now);
            return;
        }
        self.told = now;
        for known in self.calls.values_mut() {
            known.call.heard = known.call.heard.min(now);
        }
        for open in self.open.values_mut() {
            open.heard = open.heard.min(now);
        }
    }

    fn hear_call(
        &mut self,
        event: &CallEvent,
        injected: bool,
        entry: &Entry,
        zone: &TimeZone,
        news: &mut Vec<FloorNews>,
    ) {
        let impossible = event.at.is_some_and(|at| at > entry.at.plus(AHEAD));
        let untimed;
        let event = if impossible {
            untimed = CallEvent {
                at: None,
                ..event.clone()
            };
            &untimed
        } else {
            event
        };
        let is_old = event.at.is_some_and(|at| self.forgotten >= Some(at));
        let known = match self.calls.entry(event.call.clone()) {
            Place::Occupied(known) => {
                let known = known.into_mut();
                unlist(&known.call, &mut self.open, &mut self.ended);
                known
            }
            Place::Vacant(_) if is_old => return,
            Place::Vacant(place) => place.insert(Box::new(Known {
                call: Call::new(event.call.clone(), entry.seq, entry.at),
                settled: Settled::default(),
            })),
        };
        known.call.hear(event, injected, entry.seq, entry.at);
        list(&known.call, &mut self.open, &mut self.ended);
        settle::settle(known, &mut self.agents, entry, zone, news);
        let home = event.home.as_deref();
        let (talks, looked) = (&mut self.talks, &mut self.talks_forgotten);
        reached::settle(known, talks, looked, home, entry.at);
    }

    /// Forgets calls that are over, and those that must be.
    fn forget(&mut self, now: At, zone: &TimeZone, news: &mut Vec<FloorNews>) {
        while let Some((at, id)) = self.ended.first() {
            if self.ended.len() <= ENDED_KEPT && now.since(*at) <= ENDED_FOR {
                break;
            }
            self.forgotten = self.forgotten.max(Some(*at));
            if let Some(known) = self.calls.remove(id) {
                news.extend(known.settled.people().into_iter().map(FloorNews::Agent));
            }
            self.ended.pop_first();
        }
        while let Some((_, first)) = self.open.first_key_value() {
            if self.open.len() <= OPEN_KEPT && now.since(first.heard) <= SILENT_FOR {
                break;
            }
            let known = self.calls.remove(&first.id);
            self.open.pop_first();
            if let Some(known) = known {
                settle::let_go(&known, &mut self.agents, now, zone, news);
            }
        }
    }

    /// What is not kept, after a checkpoint was read.
    pub(super) fn index(&mut self) {
        for known in self.calls.values() {
            list(&known.call, &mut self.open, &mut self.ended);
        }
    }
}

fn list(call: &Call, open: &mut BTreeMap<Seq, Open>, ended: &mut BTreeSet<(At, CallId)>) {
    let id = call.id.clone();
    match call.ended() {
        Some(at) => {
            ended.insert((at, id));
        }
        None => {
            let heard = call.heard;
            open.insert(call.touched, Open { id, heard });
        }
    }
}

fn unlist(call: &Call, open: &mut BTreeMap<Seq, Open>, ended: &mut BTreeSet<(At, CallId)>) {
    match call.ended() {
        Some(at) => {
            ended.remove(&(at, call.id.clone()));
        }
        None => {
            open.remove(&call.touched);
        }
    }
}

/// An agent, known or not. There is room for so many.
fn agent_mut<'a>(agents: &'a mut BTreeMap<AgentId, Agent>, id: &AgentId) -> &'a mut Agent {
    if agents.len() >= AGENTS_KEPT && !agents.contains_key(id) {
        // Half of them at once, so that this is rare.
        let mut touched: Vec<Seq> = agents.values().map(|a| a.touched).collect();
        let middle = touched.len() / 2;
        let cut = *touched.select_nth_unstable(middle).1;
        agents.retain(|_, agent| agent.touched >= cut);
    }
    agents
        .entry(id.clone())
        .or_insert_with(|| Agent::new(id.clone()))
}
