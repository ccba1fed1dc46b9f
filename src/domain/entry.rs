//! What the journal holds. These are the program's own types; how they are
//! written on disk is the journal's affair.

use std::{sync::Arc, time::Duration};

use super::{
    action::{Intent, Outcome},
    caller::Caller,
    hook::Hook,
    id::{CallerId, QueueId, SiteName},
    time::At,
    triage::Act,
};
pub use super::{departure::Departure, seq::Seq};

/// An entry as read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place.
    pub seq: Seq,
    /// When we received or did it, by our clock.
    pub at: At,
    /// The site it is about.
    pub site: SiteName,
    /// What happened.
    pub what: What,
}

/// An entry to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// When we received or did it, by our clock.
    pub at: At,
    /// The site it is about.
    pub site: SiteName,
    /// Entries with the same key at the same site are stored once.
    pub dedupe: Option<String>,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Polling saw a difference.
    Change(Change),
    /// Somebody worked on a callback.
    Act(Act),
    /// A vendor pushed it.
    Hook(Hook),
    /// A request to the receiver that was turned away. Floods are told once
    /// in a while, with how many they were.
    Refused {
        /// Why, as a clause.
        why: Arc<str>,
        /// Where it came from.
        from: Arc<str>,
        /// How many since the last such entry.
        count: u32,
    },
    /// Time in which nobody listened at a site that pushes: whatever it sent
    /// then is lost, as no sender documents a retry.
    Gap {
        /// When the last receiver was last known to listen.
        from: At,
        /// When the next one began.
        to: At,
    },
    /// Somebody is about to ask a vendor to change something.
    Intent(Intent),
    /// What came of an intent.
    Outcome(Outcome),
    /// A kind this version does not know: kept, shown, skipped by the board.
    Unknown {
        /// The kind on disk.
        kind: Arc<str>,
        /// The body on disk, JSON.
        body: Arc<str>,
    },
}

/// A difference between two lists of a queue's callers.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// In the list, and not in the last one.
    Entered {
        /// The queue.
        queue: QueueId,
        /// The caller as sent.
        caller: Caller,
    },
    /// Still in the list, but told differently.
    Updated {
        /// The queue.
        queue: QueueId,
        /// The caller as sent.
        caller: Caller,
    },
    /// No longer in the list.
    Gone {
        /// The queue.
        queue: QueueId,
        /// Who.
        id: CallerId,
        /// How they went, as far as a list can tell.
        how: Departure,
        /// The wait until then; `None` where it was never known.
        waited: Option<Duration>,
    },
}

impl Change {
    /// The queue it is about.
    #[must_use]
    pub fn queue(&self) -> &QueueId {
        match self {
            Self::Entered { queue, .. }
            | Self::Updated { queue, .. }
            | Self::Gone { queue, .. } => queue,
        }
    }
}
