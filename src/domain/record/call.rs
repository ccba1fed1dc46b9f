//! A call as scripts see it: the field names of `holdline calls`.

use std::sync::Arc;

use serde::Serialize;

use super::Fields;
use crate::domain::{board::Board, call::Call, site::Site, time::At};

/// One line of `holdline calls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallRecord {
    /// The site's name.
    pub site: String,
    /// The call's id, the same for all its legs.
    pub call_id: String,
    /// `inbound`, `outbound`, `internal`, `queue`, `fax`, `conf`, or as sent.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The queue's id.
    pub queue: Option<String>,
    /// What the configuration calls the queue; in tables alone.
    #[serde(skip)]
    pub queue_name: Option<String>,
    /// The caller's number, as sent.
    pub from: Option<String>,
    /// The caller's name, as sent.
    pub from_name: Option<String>,
    /// The dialled number, as sent.
    pub to: Option<String>,
    /// The agent's id.
    pub agent: Option<String>,
    /// What the configuration calls them.
    pub agent_name: Option<String>,
    /// `ringing`, `waiting`, `answered`, `ended`.
    pub state: String,
    /// When it began.
    pub started: Option<String>,
    /// When it was answered.
    pub answered: Option<String>,
    /// When its last leg ended.
    pub ended: Option<String>,
    /// Whole seconds it waited, or waits; nobody waits in a voice menu.
    pub wait_s: Option<u64>,
    /// Why it ended, as sent.
    pub hangup_cause: Option<String>,
    /// How many legs it has.
    pub legs: usize,
}

impl CallRecord {
    /// A call of `site` as it stands `now`.
    #[must_use]
    pub fn new(site: &Site, call: &Call, now: At) -> Self {
        let text = |t: Option<&Arc<str>>| t.map(ToString::to_string);
        let time = |at: Option<At>| at.map(|at| at.to_string());
        let agent = call.agent();
        Self {
            site: site.name.to_string(),
            call_id: call.id.to_string(),
            kind: call.kind().map(str::to_owned),
            queue: call.queue().map(ToString::to_string),
            queue_name: call.queue().map(|id| site.queue_name(id).to_owned()),
            from: text(call.fact(|f| f.number.as_ref())),
            from_name: text(call.fact(|f| f.name.as_ref())),
            to: text(call.fact(|f| f.to.as_ref())),
            agent: agent.map(ToString::to_string),
            agent_name: agent
                .and_then(|id| site.people.agent(id))
                .map(str::to_owned),
            state: call.state().word().to_owned(),
            started: time(call.began()),
            answered: time(call.answered()),
            ended: time(call.ended()),
            wait_s: call.wait(now).map(|d| d.as_secs()),
            hangup_cause: text(call.hangup_cause()),
            legs: call.legs.len(),
        }
    }

    /// The live calls of a site, the oldest first; before them, if asked for,
    /// those that ended and are remembered. Those of our own injector are left
    /// out.
    #[must_use]
    pub fn all(site: &Site, board: &Board, ended: bool, now: At) -> Vec<Self> {
        let Some(floor) = board.floor(&site.name) else {
            return Vec::new();
        };
        let mut calls: Vec<&Call> = floor.open_calls().collect();
        calls.sort_by_key(|call| (call.began(), &call.id));
        if ended {
            let mut before: Vec<&Call> = floor.ended_calls().collect();
            before.reverse();
            before.append(&mut calls);
            calls = before;
        }
        calls
            .into_iter()
            .filter(|call| !call.injected)
            .map(|call| Self::new(site, call, now))
            .collect()
    }

    /// How many of the same were left out.
    #[must_use]
    pub fn left_out(site: &Site, board: &Board, ended: bool) -> usize {
        let floor = board.floor(&site.name).into_iter();
        let calls = floor.flat_map(|floor| {
            let ended = floor.ended_calls().filter(move |_| ended);
            floor.open_calls().chain(ended)
        });
        calls.filter(|call| call.injected).count()
    }
}

impl Fields for CallRecord {
    const FIELDS: &'static [&'static str] = &[
        "site",
        "call_id",
        "type",
        "queue",
        "from",
        "from_name",
        "to",
        "agent",
        "agent_name",
        "state",
        "started",
        "answered",
        "ended",
        "wait_s",
        "hangup_cause",
        "legs",
    ];
}
