//! What a call leads to: who is rung and talks, who waits in a queue, and
//! today's counts. A call remembers what it has led to, so that a word that
//! comes late corrects it rather than counting twice.

use std::{collections::BTreeMap, time::Duration};

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    Known, agent_mut,
    reached::{Talk, Unanswered},
};
use crate::domain::{
    agent::{Agent, Span},
    board::queue::Waiting,
    call::{Call, Leg, Stay},
    caller::{Caller, CallerState, Kept, Party},
    departure::Departure,
    entry::Entry,
    few::Few,
    id::{AgentId, CallId, CallerId, LegId, QueueId},
    time::At,
};

/// What a call has led to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settled {
    /// Its places in queues, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    queues: Vec<(QueueId, Place)>,
    /// Whom it was counted for, and on which day.
    counted: Few<AgentId, Date>,
    /// Whose phones its legs are at, in order.
    spans: Vec<(AgentId, LegId)>,
    /// Which numbers it reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<Talk>,
    /// Who was missed by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Unanswered>,
}

/// A caller's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// They wait.
    Waiting,
    /// They went, and were counted so; not at all if injected.
    Gone(Option<Count>),
}

/// How a departure was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::domain) struct Count {
    pub(in crate::domain) day: Date,
    pub(in crate::domain) how: Departure,
    pub(in crate::domain) waited: Option<Duration>,
}

/// What changes on the floor, for who shows it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::domain) enum FloorNews {
    /// How this agent stands, or what is known of their call.
    Agent(AgentId),
    /// The same of everybody.
    Everybody,
    /// This caller waits.
    Waits(QueueId, Waiting),
    /// This one no longer does.
    Gone(QueueId, CallerId),
    /// A departure counts.
    Count(QueueId, Count),
    /// It does not after all.
    TakeBack(QueueId, Count),
}

impl Settled {
    /// Whose phones it concerns, each once.
    pub fn people(&self) -> Vec<AgentId> {
        let mut people = Vec::new();
        self.add_people(&mut people);
        unique(people)
    }

    fn add_people(&self, people: &mut Vec<AgentId>) {
        let at_phones = self.spans.iter().map(|(agent, _)| agent);
        people.extend(at_phones.chain(self.counted.keys()).cloned());
    }
}

/// Each once, in order.
fn unique<T: Ord>(mut of: Vec<T>) -> Vec<T> {
    of.sort_unstable();
    of.dedup();
    of
}

type Agents = BTreeMap<AgentId, Agent>;

/// Draws the consequences of what a call has become.
pub(super) fn settle(
    known: &mut Known,
    agents: &mut Agents,
    entry: &Entry,
    zone: &TimeZone,
    news: &mut Vec<FloorNews>,
) {
    let mut people = Vec::new();
    known.settled.add_people(&mut people);
    settle_spans(known, agents, entry);
    settle_counts(known, agents, entry.at, zone);
    known.settled.add_people(&mut people);
    news.extend(unique(people).into_iter().map(FloorNews::Agent));
    let call = &known.call;
    let places = places(call, entry.at, zone);
    let before = std::mem::take(&mut known.settled.queues);
    let now = |n: usize| places.get(n);
    for (n, was) in before.iter().enumerate() {
        if now(n) != Some(was) {
            news.extend(undo(call, was));
        }
    }
    for (n, (queue, place)) in places.iter().enumerate() {
        let is_new = before.get(n).is_none_or(|b| (&b.0, &b.1) != (queue, place));
        match place {
            Place::Gone(Some(count)) if is_new => {
                news.push(FloorNews::Count(queue.clone(), *count));
            }
            Place::Gone(_) => {}
            // Put there anew each time: what is told of them may be new.
            Place::Waiting => news.push(FloorNews::Waits(queue.clone(), waiting(call))),
        }
    }
    known.settled.queues = places;
}

fn settle_spans(known: &mut Known, agents: &mut Agents, entry: &Entry) {
    let call = &known.call;
    let mut spans = Vec::with_capacity(known.settled.spans.len());
    for (id, leg) in &call.legs {
        let Some(span) = span(call, id, leg) else {
            continue;
        };
        for agent in leg.agents() {
            let span = if leg.dials(agent) {
                dialling(span)
            } else {
                span
            };
            let theirs = agent_mut(agents, agent);
            if leg.facts.strand.is_some() && !theirs.phone {
                theirs.phone = true;
                theirs.settle();
            }
            if leg.touched == entry.seq {
                theirs.touch(entry.seq, entry.at);
            }
            theirs.put_span(&call.id, id, Some(span));
            if spans.capacity() == 0 {
                // Most are at one phone, and kept for a day.
                spans.reserve_exact(1);
            }
            spans.push((agent.clone(), id.clone()));
        }
    }
    let spans = unique(spans);
    for place in &known.settled.spans {
        if spans.binary_search(place).is_err()
            && let Some(agent) = agents.get_mut(&place.0)
        {
            agent.put_span(&call.id, &place.1, None);
        }
    }
    known.settled.spans = spans;
}

fn settle_counts(known: &mut Known, agents: &mut Agents, received: At, zone: &TimeZone) {
    let call = &known.call;
    let mut first: Few<&AgentId, At> = Few::default();
    for leg in call.legs.values().filter(|_| !call.injected) {
        for agent in leg.agents() {
            if let Some(at) = leg.answer() {
                let earlier = first.get(&agent).copied();
                first.insert(agent, earlier.map_or(at, |earlier| at.min(earlier)));
            }
        }
    }
    // A vendor's clock that is ahead must not begin tomorrow.
    let day = |at: At| at.min(received).day(zone);
    let counted: Few<AgentId, Date> = first
        .iter()
        .map(|(agent, at)| ((*agent).clone(), day(*at)))
        .collect();
    for (agent, day) in &known.settled.counted {
        if counted.get(agent) != Some(day)
            && let Some(agent) = agents.get_mut(agent)
        {
            agent.count(*day, true);
        }
    }
    for (agent, day) in &counted {
        if known.settled.counted.get(agent) != Some(day) {
            agent_mut(agents, agent).count(*day, false);
        }
    }
    known.settled.counted = counted;
}

/// Lets go of a call whose end was missed: nobody knows how it went.
pub(super) fn let_go(
    known: &Known,
    agents: &mut Agents,
    now: At,
    zone: &TimeZone,
    news: &mut Vec<FloorNews>,
) {
    for (agent, leg) in &known.settled.spans {
        if let Some(agent) = agents.get_mut(agent) {
            agent.put_span(&known.call.id, leg, None);
        }
    }
    news.extend(known.settled.people().into_iter().map(FloorNews::Agent));
    if let Some((queue, Place::Waiting)) = known.settled.queues.last() {
        news.push(FloorNews::Gone(queue.clone(), caller_id(&known.call.id)));
        if !known.call.injected {
            let count = Count {
                day: now.day(zone),
                how: Departure::Left,
                waited: None,
            };
            news.push(FloorNews::Count(queue.clone(), count));
        }
    }
}

/// How a leg stands at the phones it is at; `None` if it neither rang nor was
/// answered there.
fn span(call: &Call, id: &LegId, leg: &Leg) -> Option<Span> {
    let span = Span {
        rang: leg
            .rang()
            .filter(|_| leg.start().is_none() || leg.rings() || leg.answer().is_some()),
        answered: leg.answer(),
        ended: call.end_of(id, leg),
        touched: leg.touched,
        injected: call.injected,
    };
    (span.rang.is_some() || span.answered.is_some()).then_some(span)
}

/// The same at the phone that calls: it does not ring, it is busy.
fn dialling(span: Span) -> Span {
    Span {
        rang: None,
        answered: span.rang.into_iter().chain(span.answered).min(),
        ..span
    }
}

/// The caller's places, if this is a queue call.
fn places(call: &Call, received: At, zone: &TimeZone) -> Vec<(QueueId, Place)> {
    let place = |stay: Stay| match stay.gone {
        None => (stay.queue, Place::Waiting),
        Some((how, at)) => {
            let count = Count {
                day: at.min(received).day(zone),
                how,
                waited: stay.waited,
            };
            (stay.queue, Place::Gone((!call.injected).then_some(count)))
        }
    };
    call.stays().into_iter().map(place).collect()
}

/// What takes back what a place had led to.
fn undo(call: &Call, (queue, was): &(QueueId, Place)) -> Option<FloorNews> {
    let queue = queue.clone();
    match *was {
        Place::Waiting => Some(FloorNews::Gone(queue, caller_id(&call.id))),
        Place::Gone(Some(count)) => Some(FloorNews::TakeBack(queue, count)),
        Place::Gone(None) => None,
    }
}

/// A call's id as its caller's.
fn caller_id(call: &CallId) -> CallerId {
    CallerId::from(call.as_str())
}

/// The caller as a queue shows them.
fn waiting(call: &Call) -> Waiting {
    let entered = call.stay().and_then(|stay| stay.entered);
    let caller = Caller {
        id: caller_id(&call.id),
        state: CallerState::Queued,
        party: Party::Open {
            number: call.fact(|f| f.number.as_ref()).cloned(),
            name: call.fact(|f| f.name.as_ref()).cloned(),
        },
        entered,
        answered: None,
        presentation: call.fact(|f| f.to.as_ref()).cloned(),
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    };
    Waiting {
        caller: Kept::of(&caller, call.injected),
        seen: call.seen,
        arrival: call.arrival,
        touched: call.touched,
    }
}
