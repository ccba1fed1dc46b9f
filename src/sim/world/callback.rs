//! A call that somebody is owed: made of a missed call, asked for in a queue,
//! or put on the list by a campaign.

use crate::domain::time::At;

use super::{QueueNo, staff::AgentNo};

/// A callback's number in the world, in order of creation.
pub type CallbackNo = u64;

/// A call that somebody is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// Its number in the world.
    pub no: CallbackNo,
    /// Random bits: each vendor makes its own oddities from them.
    pub salt: u64,
    /// Whom to call, in one of the shapes in which numbers get on such lists.
    pub number: String,
    /// Their name, where one is known.
    pub name: Option<String>,
    /// The queue that was called, or that the call is made for.
    pub queue: QueueNo,
    /// Why they are called.
    pub reason: Reason,
    /// Who dials.
    pub dialler: Dialler,
    /// Whether a person talks to them; a recording does otherwise.
    pub attended: bool,
    /// Who is to talk to them.
    pub assigned: Assigned,
    /// When it came on the list.
    pub created: At,
    /// When they are to be called, if a time was set.
    pub due: Option<At>,
    /// How often they were called.
    pub tries: u32,
    /// How often they may be called before it is given up.
    pub most_tries: u32,
    /// How far it is.
    pub progress: Progress,
}

/// Why somebody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// They hung up before anybody answered.
    Missed,
    /// They asked for it while they waited.
    Asked,
    /// They belong to one of [`CAMPAIGNS`].
    Campaign(usize),
}

/// Who dials a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialler {
    /// The PBX, by itself, when it is due.
    Pbx,
    /// A colleague, when they get round to it.
    Colleague,
}

/// Who is to talk to somebody who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Whoever is free in the queue.
    Queue,
    /// One agent.
    Agent(AgentNo),
    /// A recording, or nobody in particular.
    Nobody,
}

/// How far a callback is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// Waits for its time, or for somebody.
    Pending,
    /// They are being called.
    InProgress,
    /// They were reached.
    Completed,
    /// It was given up.
    Cancelled,
    /// It was taken off the list.
    Deleted,
}

impl Progress {
    /// Whether nobody will call any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        self >= Self::Completed
    }
}

/// Reasons to call people who did not call.
pub const CAMPAIGNS: [Campaign; 4] = [
    Campaign {
        name: "Service visits",
        info: "Reminder the day before",
        dialler: Dialler::Pbx,
        attended: false,
    },
    Campaign {
        name: "Contract renewal",
        info: "Énergi & Varme A/S",
        dialler: Dialler::Colleague,
        attended: true,
    },
    Campaign {
        name: "Invoice questions",
        info: "=2nd reminder; net 8 days",
        dialler: Dialler::Colleague,
        attended: true,
    },
    Campaign {
        name: "Welcome call ☎",
        info: "Nye kunder på Østerbro",
        dialler: Dialler::Pbx,
        attended: true,
    },
];

/// A reason to call many people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// What people call it.
    pub name: &'static str,
    /// More about it, such as the company it is made for.
    pub info: &'static str,
    /// Who dials.
    pub(super) dialler: Dialler,
    /// Whether a person talks.
    pub(super) attended: bool,
}
