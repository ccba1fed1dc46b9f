//! An agent's state and what it rests on, worked out from what they said and
//! from the calls at their phone. Pure.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Agent, CallId, Seq, Span, said::NONE};
use crate::domain::time::At;

/// An agent's state.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Nothing has told.
    #[default]
    Unknown,
    /// Checked out.
    LoggedOut,
    /// Free.
    Available,
    /// A leg rings.
    Ringing,
    /// At a call.
    OnCall,
    /// Paused.
    Paused,
}

impl AgentState {
    /// All of them.
    pub const ALL: [AgentState; 6] = [
        Self::Available,
        Self::Ringing,
        Self::OnCall,
        Self::Paused,
        Self::LoggedOut,
        Self::Unknown,
    ];

    /// The word scripts see.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::Available => "available",
            Self::Ringing => "ringing",
            Self::OnCall => "on_call",
            Self::Paused => "paused",
            Self::Unknown => "unknown",
        }
    }
}

/// An agent's state with its grounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// The state.
    pub state: AgentState,
    /// Since when; `None` while nothing is known.
    pub since: Option<At>,
    /// Whether its start was seen. If not, it began then or before.
    pub seen: bool,
    /// The pause's id, if paused.
    pub pause: Option<Arc<str>>,
    /// The activity's id, if they have one.
    pub activity: Option<Arc<str>>,
    /// The call they are at, or that rings.
    pub call: Option<CallId>,
    /// The entry that the state rests on.
    pub basis: Seq,
    /// Whether the state rests on what our own injector made.
    pub injected: bool,
}

/// How an agent stands, once somebody has asked: most of what happens to them
/// is followed by more before anybody looks. It tells no two agents apart that
/// are not told apart by what it follows from.
#[derive(Clone, Debug, Default)]
pub(super) struct Worked(OnceLock<Standing>);

impl Worked {
    pub fn get(&self, agent: &Agent) -> &Standing {
        self.0.get_or_init(|| agent.worked_out())
    }
}

impl PartialEq for Worked {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Agent {
    /// What they stand on has changed.
    pub(in crate::domain) fn settle(&mut self) {
        self.standing = Worked::default();
    }

    fn worked_out(&self) -> Standing {
        let (turns, call) = self.replay();
        let open = |span: &&Span| span.ended.is_none();
        let said = self.said.back();
        let basis = self.spans.values().filter(open).map(|s| s.touched).max();
        let said_seq = said.map_or(0, |s| s.seq);
        let last = self.spans.values().map(|s| s.touched).max();
        match turns.last() {
            None => Standing::default(),
            Some(turn) => Standing {
                state: turn.state,
                since: Some(turn.at),
                seen: turn.seen,
                pause: turn.pause.clone(),
                activity: said
                    .and_then(|s| s.activity.clone())
                    .filter(|id| **id != *NONE && turn.state != AgentState::LoggedOut),
                call,
                basis: match turn.state {
                    AgentState::Ringing | AgentState::OnCall => basis.unwrap_or(said_seq),
                    _ if self.phone => said_seq.max(last.unwrap_or_default()),
                    _ => said_seq,
                },
                injected: self.is_invented(turn.state),
            },
        }
    }

    /// Whether a state of theirs rests on nothing but what our own injector
    /// made.
    fn is_invented(&self, state: AgentState) -> bool {
        let said = self.said.back();
        let says_so = said.is_some_and(|s| s.state() == state);
        let mut grounds = Vec::new();
        if matches!(state, AgentState::Ringing | AgentState::OnCall) {
            let talks = state == AgentState::OnCall;
            let carries = |s: &&Span| s.ended.is_none() && s.answered.is_some() == talks;
            grounds.extend(self.spans.values().filter(carries).map(|s| s.injected));
        }
        if says_so || grounds.is_empty() {
            grounds.extend(said.map(|s| s.injected));
        }
        if grounds.is_empty() {
            // Of whom nothing but calls has told.
            grounds.extend(self.spans.values().map(|s| s.injected));
        }
        !grounds.is_empty() && grounds.into_iter().all(|injected| injected)
    }
}
