//! A caller waiting in a queue, as a vendor told it (TelecomX, "Queue Callers
//! List"). A secret number is dropped at the door: nothing here can hold it.

mod kept;
mod shape;

use std::{fmt, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{id::CallerId, phone, text, time::At};
pub use kept::Kept;
pub use shape::{Shape, Shapes};

/// A caller in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The call's id at the vendor.
    pub id: CallerId,
    /// What the vendor says of the caller.
    pub state: CallerState,
    /// Number and name, unless secret.
    pub party: Party,
    /// When the caller entered the queue, by the vendor's clock. `None` where
    /// the vendor gave none that can be read: then the wait is known only
    /// from when we first saw them.
    pub entered: Option<At>,
    /// When the caller was answered or called back, by the vendor's clock.
    /// The vendor's own example has it set while the state is QUEUED: no
    /// state follows from it.
    pub answered: Option<At>,
    /// The number the caller called; the a-number of a callback.
    pub presentation: Option<Arc<str>>,
    /// Extension id of the member who answered.
    pub answered_by_extension: Option<Arc<str>>,
    /// Number of the member who answered.
    pub answered_by_number: Option<Arc<str>>,
    /// The row as sent, unknown fields and all; never kept for a secret one.
    pub raw: Option<Raw>,
}

impl Caller {
    /// Whether the vendor's last word was that somebody took the call:
    /// `answered` set, and not before `entered`.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        was_answered(self.entered, self.answered)
    }

    /// The wait until the answer, where both instants are known.
    #[must_use]
    pub fn wait_to_answer(&self) -> Option<Duration> {
        wait_to_answer(self.entered, self.answered)
    }
}

fn was_answered(entered: Option<At>, answered: Option<At>) -> bool {
    match (answered, entered) {
        (Some(answered), Some(entered)) => answered >= entered,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn wait_to_answer(entered: Option<At>, answered: Option<At>) -> Option<Duration> {
    match (answered, entered) {
        (Some(answered), Some(entered)) if answered >= entered => Some(answered.since(entered)),
        _ => None,
    }
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Party {
    /// `privacy: true`: never shown, exported, copied, dialled, journaled or
    /// logged, so not even held.
    #[serde(rename = "secret")]
    Secret,
    /// Number and name as sent, where sent.
    #[serde(rename = "open")]
    Open {
        /// The number as the vendor sent it.
        number: Option<Arc<str>>,
        /// The name as the vendor sent it: untrusted text.
        name: Option<Arc<str>>,
    },
}

impl Party {
    /// The number, where there is one and it may be known.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Open { number, .. } => number.as_deref(),
            Self::Secret => None,
        }
    }

    /// The name, where there is one and it may be known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Open { name, .. } => name.as_deref(),
            Self::Secret => None,
        }
    }

    /// The number as people read it.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Open { number, .. } => number.as_deref().map_or("—", phone::shown),
            Self::Secret => phone::SECRET,
        }
    }

    /// Whether there is no number to be seen: it is secret, or what was sent in
    /// its place says that it was withheld.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        match self {
            Self::Open { number, .. } => number.as_deref().is_some_and(phone::is_withheld),
            Self::Secret => true,
        }
    }

    /// Whether the number is secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Secret)
    }
}

/// What the vendor says of a caller. All of them wait to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CallerState {
    /// Waiting to be answered.
    #[serde(rename = "queued")]
    Queued,
    /// Waiting, but must be called back.
    #[serde(rename = "callback")]
    Callback,
    /// Waiting; does not count in positions.
    #[serde(rename = "vip")]
    Vip,
    /// A state the vendor's page does not list, kept as sent.
    #[serde(rename = "other")]
    Other(Arc<str>),
}

impl CallerState {
    /// The word scripts see: `queued`, `callback`, `vip`, or the vendor's own
    /// in lower case.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Queued => "queued".into(),
            Self::Callback => "callback".into(),
            Self::Vip => "vip".into(),
            Self::Other(word) => word.to_lowercase(),
        }
    }
}

/// JSON text exactly as a vendor sent it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw(Arc<str>);

/// The longest that is laid out, in bytes.
const READ: usize = 64 * 1024;

impl Raw {
    /// Keeps this text, which its reader has found to be JSON.
    #[must_use]
    pub fn new(json: &str) -> Self {
        Self(json.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text over several lines, to be read; as it is where it cannot be
    /// laid out. Of what is longer than anybody reads, the start: it is laid
    /// out for each frame.
    #[must_use]
    pub fn pretty(&self) -> String {
        if self.0.len() > READ {
            return text::clip(&self.0, READ / 4);
        }
        serde_json::from_str::<serde_json::Value>(&self.0)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_else(|_| self.0.to_string())
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.0.len())
    }
}
