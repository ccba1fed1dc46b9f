//! Who and what looks stuck: each suspicion with its evidence, so that a
//! person can judge. Nothing is put right by itself. Pure.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;

use super::{
    agent::{Agent, AgentState},
    call::{Call, CallState, Leg},
    floor::{Floor, Gap},
    id::CallId,
    site::People,
    text,
    time::{At, wait},
};

/// How long events that belong together may lie apart: an agent's own words
/// and those of the call, the legs of one call, a check-in and its queues.
pub const GRACE: Duration = Duration::from_secs(30);
/// A phone that rings longer is not being rung.
pub const RINGS_MOST: Duration = Duration::from_mins(5);
/// A caller who waits longer has left unnoticed.
pub const WAITS_MOST: Duration = Duration::from_hours(2);
/// A call that goes on longer has ended unnoticed.
pub const TALKS_MOST: Duration = Duration::from_hours(8);

/// Why somebody or something looks stuck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// The agent says that they are at calls, and every leg at their phone
    /// has ended.
    CallsOver {
        /// When the last of them ended.
        ended: At,
    },
    /// The agent's leg is open, and all others of its call have ended.
    LeftAlone {
        /// The call.
        call: CallId,
        /// When the last of the others ended.
        ended: At,
    },
    /// The agent's leg is open, and they say that they are not at calls.
    SaysFree {
        /// The call.
        call: CallId,
        /// When they first said so.
        said: At,
    },
    /// The agent is paused for longer than the configuration allows.
    OverPause {
        /// The pause's id.
        pause: Arc<str>,
        /// How long it may last.
        limit: Duration,
        /// How long it has lasted.
        lasted: Duration,
    },
    /// The agent is checked in, and in no queue.
    NoQueue {
        /// Since when.
        since: At,
    },
    /// The call rings for longer than [`RINGS_MOST`].
    RingsLong {
        /// Since when.
        since: At,
    },
    /// The call waits for longer than [`WAITS_MOST`].
    WaitsLong {
        /// Since when.
        since: At,
    },
    /// The call goes on for longer than [`TALKS_MOST`].
    TalksLong {
        /// Since when.
        since: At,
    },
    /// The call's answered legs have ended, and others have not.
    NobodyTalks {
        /// When the last of them ended.
        ended: At,
    },
    /// Nobody listened for a while, and nothing was heard since.
    Missed {
        /// The time in which nobody listened.
        gap: Gap,
    },
}

impl Suspicion {
    /// The evidence as one clause for people, times in `zone`.
    #[must_use]
    pub fn evidence(&self, people: &People, zone: &TimeZone) -> String {
        let clock = |at: &At| at.clock_time(zone);
        match self {
            Self::CallsOver { ended } => {
                format!("says at calls, but the last leg ended at {}", clock(ended))
            }
            Self::LeftAlone { ended, .. } => format!(
                "on a call whose other legs have all ended, the last at {}",
                clock(ended)
            ),
            Self::SaysFree { said, .. } => format!(
                "on a call that has not ended, but says not at calls since {}",
                clock(said)
            ),
            Self::OverPause {
                pause,
                limit,
                lasted,
            } => format!(
                "paused for {}, {} may last {}",
                wait(*lasted),
                text::clip(people.pause(pause), 40),
                wait(*limit)
            ),
            Self::NoQueue { since } => {
                format!("checked in, but in no queue since {}", clock(since))
            }
            Self::RingsLong { since } => format!("rings since {}", clock(since)),
            Self::WaitsLong { since } => format!("waits since {}", clock(since)),
            Self::TalksLong { since } => format!("goes on since {}", clock(since)),
            Self::NobodyTalks { ended } => {
                format!("not ended, but nobody talks since {}", clock(ended))
            }
            Self::Missed { gap } => format!(
                "no receiver listened from {} to {}: its end may be missed",
                clock(&gap.from),
                clock(&gap.to)
            ),
        }
    }
}

/// What is suspicious about an agent `now`.
#[must_use]
pub fn of_agent(agent: &Agent, floor: &Floor, people: &People, now: At) -> Vec<Suspicion> {
    let old = |at: &At| now.since(*at) >= GRACE;
    let standing = agent.standing();
    let mut found = Vec::new();
    if let (AgentState::Paused, Some(pause), Some(since)) =
        (standing.state, &standing.pause, standing.since)
        && let Some(limit) = people.pause_limit(pause)
        && now.since(since) > limit
    {
        found.push(Suspicion::OverPause {
            pause: pause.clone(),
            limit,
            lasted: now.since(since),
        });
    }
    if standing.state == AgentState::OnCall {
        let in_calls = agent.in_calls();
        match &standing.call {
            Some(call) => {
                if let Some((false, said)) = in_calls.filter(|(_, said)| old(said))
                    && answered_before(agent, call, said)
                {
                    let call = call.clone();
                    found.push(Suspicion::SaysFree { call, said });
                }
                if let Some(ended) = alone_since(agent, floor.call(call)).filter(|at| old(at)) {
                    let call = call.clone();
                    found.push(Suspicion::LeftAlone { call, ended });
                }
            }
            None => {
                let ended = agent.spans().filter_map(|(_, _, span)| span.ended).max();
                let since = in_calls.map(|(_, since)| since);
                // Who has said so since the last call may be at the next one.
                let stands = ended.filter(|at| old(at) && since.is_some_and(|s| s <= *at));
                found.extend(stands.map(|ended| Suspicion::CallsOver { ended }));
            }
        }
    }
    let since = agent.queueless.filter(old);
    found.extend(since.map(|since| Suspicion::NoQueue { since }));
    found
}

/// Whether the agent's legs of this call were all answered before `said`.
fn answered_before(agent: &Agent, call: &CallId, said: At) -> bool {
    let mut spans = agent
        .spans()
        .filter(|(c, _, s)| *c == call && s.ended.is_none());
    spans.all(|(_, _, span)| span.answered.is_none_or(|at| at < said))
}

/// Since when an agent's open legs are all that is left of a call that had
/// others.
fn alone_since(agent: &Agent, call: Option<&Call>) -> Option<At> {
    // A menu and phones that lost the race are no counterpart, and whom a queue
    // has connected hangs up with it.
    let call = call.filter(|call| !call.has_strands())?;
    let theirs = |leg: &Leg| leg.agents().any(|a| *a == agent.id);
    let mut last = None;
    for (id, leg) in call.legs.iter().filter(|(_, leg)| !theirs(leg)) {
        last = last.max(Some(call.end_of(id, leg)?));
    }
    last
}

/// What is suspicious about a call `now`.
#[must_use]
pub fn of_call(call: &Call, floor: &Floor, now: At) -> Vec<Suspicion> {
    let over = |since: Option<At>, most| since.filter(|at| now.since(*at) > most);
    let mut found = Vec::new();
    let gap = floor.doubt_of_call(call);
    found.extend(gap.map(|gap| Suspicion::Missed { gap }));
    match call.state() {
        CallState::Ringing => {
            let rings = call
                .legs
                .values()
                .filter(|leg| leg.rings())
                .filter_map(Leg::rang);
            let since = over(rings.min(), RINGS_MOST);
            found.extend(since.map(|since| Suspicion::RingsLong { since }));
        }
        CallState::Waiting => {
            let since = over(call.began(), WAITS_MOST);
            found.extend(since.map(|since| Suspicion::WaitsLong { since }));
        }
        CallState::Answered => {
            let since = over(call.answered(), TALKS_MOST);
            found.extend(since.map(|since| Suspicion::TalksLong { since }));
            let quiet = over(quiet_since(call), GRACE);
            found.extend(quiet.map(|ended| Suspicion::NobodyTalks { ended }));
        }
        CallState::Ended => {}
    }
    found
}

/// Since when no answered leg of a call is open.
fn quiet_since(call: &Call) -> Option<At> {
    let mut last = None;
    for (id, leg) in call.legs.iter().filter(|(_, leg)| leg.answer().is_some()) {
        last = last.max(Some(call.end_of(id, leg)?));
    }
    last
}
