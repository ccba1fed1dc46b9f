//! Extensions of a site (Telphin): phones, queues, voice menus and fax boxes,
//! as the configuration names them. Pure.

use serde::{Deserialize, Serialize};

use super::id::{AgentId, ExtensionId, QueueId};

/// An extension as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its id at the vendor (not the short number).
    pub id: ExtensionId,
    /// What people call it; the id without a setting.
    pub name: String,
    /// What it is.
    pub kind: ExtensionKind,
    /// Its short number, such as `200`, where the configuration gives it.
    pub number: Option<String>,
    /// The operating-system user whose phone it is.
    pub user: Option<String>,
}

/// What an extension is, in the vendor's words.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ExtensionKind {
    /// A person's phone.
    #[default]
    Phone,
    /// A queue: its events are those of callers.
    Queue,
    /// A voice menu.
    Ivr,
    /// A fax box.
    Fax,
}

impl ExtensionKind {
    /// All of them.
    pub const ALL: [ExtensionKind; 4] = [Self::Phone, Self::Queue, Self::Ivr, Self::Fax];

    /// The word in the configuration and at the vendor.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Queue => "queue",
            Self::Ivr => "ivr",
            Self::Fax => "fax",
        }
    }
}

impl Extension {
    /// Its id as that of the agent whose phone it is.
    #[must_use]
    pub fn agent(&self) -> AgentId {
        self.id.as_str().into()
    }

    /// Its id as that of a queue.
    #[must_use]
    pub fn queue(&self) -> QueueId {
        self.id.as_str().into()
    }
}
