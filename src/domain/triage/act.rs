//! What operators do to a callback.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::domain::{
    id::{CallbackId, SiteName},
    seq::Seq,
    time::At,
};

/// What is worked on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The site.
    pub site: SiteName,
    /// The callback there.
    pub id: CallbackId,
}

/// Something somebody did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// To what.
    pub subject: Subject,
    /// And to what else: other requests of the customer for which it is meant.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub also: BTreeSet<Subject>,
    /// The customer: the number in E.164, or as sent where it cannot be told.
    pub customer: Option<Arc<str>>,
    /// Who: the system's user, or who they said they are.
    pub who: Arc<str>,
    /// What.
    pub deed: Deed,
}

/// What can be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Take it, so that nobody else dials it; also renews.
    Claim {
        /// When the lease ends.
        until: At,
        /// The vendor's status then: one that moves meanwhile is a clash.
        status: Option<Arc<str>>,
    },
    /// Give it back.
    Release,
    /// Write something down.
    Note {
        /// What.
        text: Arc<str>,
    },
    /// Say how the call went; gives it back.
    Outcome {
        /// How.
        outcome: Outcome,
    },
    /// Leave it until then; gives it back.
    Snooze {
        /// Until when.
        until: At,
    },
    /// Take back something one did oneself.
    Undo {
        /// Which entry.
        act: Seq,
    },
    /// Put somebody on the list who is on no vendor's.
    Add {
        /// Who and why.
        added: Added,
    },
}

/// Somebody put on the list by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Added {
    /// The number, as the vendor sent it.
    pub number: Arc<str>,
    /// The name.
    pub name: Option<Arc<str>>,
    /// The queue they waited in.
    pub queue: Arc<str>,
    /// Since when they waited.
    pub since: At,
}

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Spoke with them.
    Reached,
    /// Nobody answered.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Somebody else's number.
    WrongNumber,
    /// They do not want to be called, on any of their requests.
    DoNotCall,
}

impl Deed {
    /// Whether it ends a claim of who does it.
    #[must_use]
    pub fn gives_back(&self) -> bool {
        matches!(
            self,
            Self::Release | Self::Outcome { .. } | Self::Snooze { .. }
        )
    }
}

impl Deed {
    /// In a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Claim { .. } => "claim",
            Self::Release => "giving back",
            Self::Note { .. } => "note",
            Self::Outcome { outcome } => outcome.words(),
            Self::Snooze { .. } => "snooze",
            Self::Undo { .. } => "undo",
            Self::Add { .. } => "putting on the list",
        }
    }
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 5] = [
        Self::Reached,
        Self::NoAnswer,
        Self::Busy,
        Self::WrongNumber,
        Self::DoNotCall,
    ];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NoAnswer => "no answer",
            Self::Busy => "busy",
            Self::WrongNumber => "wrong number",
            Self::DoNotCall => "do not call",
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn closes(self) -> bool {
        matches!(self, Self::Reached | Self::WrongNumber | Self::DoNotCall)
    }
}
