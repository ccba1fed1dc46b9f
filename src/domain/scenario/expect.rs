//! Whether the board is as a scenario expects it. Pure: a board and the events
//! since the scenario began.

use std::{fmt, sync::Arc};

use serde_json::Value;

use super::super::{
    agent::AgentState,
    board::{Board, QueueBoard},
    call::{Call, CallState},
    entry::{Entry, What},
    hook::Hook,
    id::{AgentId, CallId, QueueId},
    site::{QueueKey, Site},
};

/// What is expected; its texts are templates in a scenario and plain in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hope<T> {
    /// An agent is in a state.
    Agent {
        /// Who, by id or by the configuration's name.
        agent: T,
        /// Which.
        state: AgentState,
    },
    /// A call is in a state.
    Call {
        /// Its id.
        call: T,
        /// Which.
        state: CallState,
    },
    /// So many callers wait in a queue.
    Waiting {
        /// Which, by id or by the configuration's name.
        queue: T,
        /// How many.
        count: Count,
    },
    /// An event arrived since the scenario began.
    Seen {
        /// The vendor's name of it.
        event: T,
        /// Fields it must have, by the vendor's names.
        with: Vec<(Arc<str>, T)>,
    },
}

/// The states of calls.
pub const CALL_STATES: [CallState; 4] = [
    CallState::Ringing,
    CallState::Waiting,
    CallState::Answered,
    CallState::Ended,
];

/// How many there must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least,
    pub least: u32,
    /// and at most.
    pub most: u32,
}

impl Count {
    /// Reads `3`, `>=3`, `<=3`, `>3`, `<3`.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let (sign, number) = text.split_at(digits);
        let number: Option<u32> = number.parse().ok().filter(|n| *n <= 1_000_000);
        let (least, most) = match (sign.trim(), number) {
            ("" | "=" | "==", Some(n)) => (n, n),
            (">=", Some(n)) => (n, u32::MAX),
            (">", Some(n)) => (n + 1, u32::MAX),
            ("<=", Some(n)) => (0, n),
            ("<", Some(n)) if n > 0 => (0, n - 1),
            _ => return Err("is not a count; write 3, \">=3\" or \"<3\"".to_owned()),
        };
        Ok(Self { least, most })
    }

    fn has(self, count: usize) -> bool {
        u32::try_from(count).is_ok_and(|n| (self.least..=self.most).contains(&n))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, most) if least == most => write!(f, "{least}"),
            (least, u32::MAX) => write!(f, ">={least}"),
            (_, most) => write!(f, "<={most}"),
        }
    }
}

impl<T> Hope<T> {
    /// The same with other texts.
    pub fn map<U>(&self, mut fill: impl FnMut(&T) -> U) -> Hope<U> {
        match self {
            Self::Agent { agent, state } => Hope::Agent {
                agent: fill(agent),
                state: *state,
            },
            Self::Call { call, state } => Hope::Call {
                call: fill(call),
                state: *state,
            },
            Self::Waiting { queue, count } => Hope::Waiting {
                queue: fill(queue),
                count: *count,
            },
            Self::Seen { event, with } => Hope::Seen {
                event: fill(event),
                with: with
                    .iter()
                    .map(|(name, text)| (name.clone(), fill(text)))
                    .collect(),
            },
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether it is as expected.
    pub holds: bool,
    /// What is so instead, as a clause.
    pub is: String,
}

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Everything live.
    pub board: &'a Board,
    /// The site that it is about.
    pub site: &'a Site,
    /// What entered the journal since the scenario began.
    pub since: &'a [Entry],
}

impl Hope<String> {
    /// Looks whether it is so.
    #[must_use]
    pub fn look(&self, scene: Scene<'_>) -> Found {
        let floor = scene.board.floor(&scene.site.name);
        match self {
            Self::Agent { agent, state } => {
                let id = agent_id(scene.site, agent);
                let known = floor.and_then(|floor| floor.agent(&id));
                let is = known.map_or(AgentState::Unknown, |agent| agent.standing().state);
                Found {
                    holds: is == *state,
                    is: format!("is {}", is.word()),
                }
            }
            Self::Call { call, state } => {
                let id = CallId::from(call.as_str());
                match floor.and_then(|floor| floor.call(&id)).map(Call::state) {
                    Some(is) => Found {
                        holds: is == *state,
                        is: format!("is {}", is.word()),
                    },
                    None => Found {
                        holds: false,
                        is: "is not known".to_owned(),
                    },
                }
            }
            Self::Waiting { queue, count } => {
                let key = QueueKey {
                    site: scene.site.name.clone(),
                    queue: queue_id(scene.site, queue),
                };
                let waiting = scene.board.queue(&key).map_or(0, QueueBoard::len);
                Found {
                    holds: count.has(waiting),
                    is: format!("has {waiting} waiting"),
                }
            }
            Self::Seen { event, with } => {
                let mine = scene.since.iter().filter(|e| e.site == scene.site.name);
                let hooks: Vec<&Hook> = mine
                    .filter_map(|entry| match &entry.what {
                        What::Hook(hook) if &*hook.event == event.as_str() => Some(hook),
                        _ => None,
                    })
                    .collect();
                let holds = hooks.iter().any(|hook| has_fields(hook, with));
                Found {
                    holds,
                    is: match hooks.len() {
                        _ if holds => "was seen".to_owned(),
                        0 => "was not seen".to_owned(),
                        n => format!("was seen {n} times, but with other fields"),
                    },
                }
            }
        }
    }
}

/// `agent 17 on_call`.
impl fmt::Display for Hope<String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent { agent, state } => write!(f, "agent {agent} {}", state.word()),
            Self::Call { call, state } => write!(f, "call {call} {}", state.word()),
            Self::Waiting { queue, count } => write!(f, "queue {queue} {count} waiting"),
            Self::Seen { event, with } => {
                write!(f, "event {event} seen")?;
                with.iter()
                    .try_for_each(|(name, text)| write!(f, " {name}={text}"))
            }
        }
    }
}

fn agent_id(site: &Site, named: &str) -> AgentId {
    let mut people = site.people.agents.iter();
    let by_name = people.find(|(_, name)| name.as_str() == named);
    by_name.map_or_else(|| named.into(), |(id, _)| id.clone())
}

fn queue_id(site: &Site, named: &str) -> QueueId {
    let by_name = site.queues.iter().find(|queue| queue.name == named);
    by_name.map_or_else(|| named.into(), |queue| queue.id.clone())
}

/// Whether an event was sent with these fields, as text or as number.
/// Whether a pushed event has these fields, each spelt so.
#[must_use]
pub fn has_fields(hook: &Hook, with: &[(Arc<str>, String)]) -> bool {
    let Ok(Value::Object(body)) = serde_json::from_str(hook.body.as_str()) else {
        return false;
    };
    let data = body.get("data").and_then(Value::as_object);
    with.iter().all(|(name, wanted)| {
        let value = data
            .and_then(|data| data.get(&**name))
            .or_else(|| body.get(&**name));
        value.is_some_and(|value| spelt(value) == *wanted)
    })
}

fn spelt(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(spelt).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
