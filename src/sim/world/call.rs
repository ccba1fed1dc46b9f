//! A call from its entry into a queue until somebody hangs up.

use crate::domain::time::At;

pub use super::numbers::CallNo;
use super::{QueueNo, numbers::AgentNo, people::Person};

/// A call in a queue or with an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number in the world.
    pub no: CallNo,
    /// Random bits: each vendor makes its own id and oddities from them.
    pub salt: u64,
    /// The queue it came to.
    pub queue: QueueNo,
    /// Who calls.
    pub who: Person,
    /// How the caller is served.
    pub mood: Mood,
    /// How far the call has come.
    pub stage: Stage,
    /// When it entered the queue.
    pub entered: At,
}

/// How a caller is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// In turn.
    Waiting,
    /// In turn, but hung up and wants to be called back.
    WantsCallback,
    /// Before all others.
    Vip,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has it yet.
    InQueue,
    /// An agent's phone rings.
    Ringing {
        /// Whose.
        agent: AgentNo,
    },
    /// An agent has it.
    Answered {
        /// Who.
        agent: AgentNo,
        /// Since when.
        at: At,
        /// Until when the PBX still lists it among the waiting: the oddity
        /// that TelecomX's example shows.
        listed_until: At,
    },
}

impl Call {
    /// Whether the PBX lists it among its queue's callers.
    #[must_use]
    pub fn is_listed(&self, now: At) -> bool {
        match self.stage {
            Stage::InQueue | Stage::Ringing { .. } => true,
            Stage::Answered { listed_until, .. } => now < listed_until,
        }
    }

    /// When an agent took it, and who.
    #[must_use]
    pub fn answered(&self) -> Option<(At, AgentNo)> {
        match self.stage {
            Stage::Answered { agent, at, .. } => Some((at, agent)),
            Stage::InQueue | Stage::Ringing { .. } => None,
        }
    }
}
