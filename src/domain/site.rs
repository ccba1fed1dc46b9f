//! Sites (PBX accounts) and their queues, as the whole program knows them:
//! no addresses and no secrets, those stay in `config`.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    extension::Extension,
    id::{AgentId, QueueId, SiteName},
};

/// The five PBX vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// TelecomX: live queue callers, polled.
    TelecomX,
    /// While1: scheduled callbacks, read on demand.
    While1,
    /// Enswitch: queue events are injected here.
    Enswitch,
    /// Telphin: calls, pushed; subscriptions and click-to-call.
    Telphin,
    /// Contaqt: agents and calls, pushed.
    Contaqt,
}

impl Vendor {
    /// All of them, in the order documentation lists them.
    pub const ALL: [Vendor; 5] = [
        Self::TelecomX,
        Self::While1,
        Self::Enswitch,
        Self::Telphin,
        Self::Contaqt,
    ];

    /// The name in the configuration: `vendor = "telecomx"`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TelecomX => "telecomx",
            Self::While1 => "while1",
            Self::Enswitch => "enswitch",
            Self::Telphin => "telphin",
            Self::Contaqt => "contaqt",
        }
    }

    /// The name as the vendor writes it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::TelecomX => "TelecomX",
            Self::While1 => "While1",
            Self::Enswitch => "Enswitch",
            Self::Telphin => "Telphin",
            Self::Contaqt => "Contaqt",
        }
    }

    /// Reads the configuration's name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Vendor> {
        Self::ALL.into_iter().find(|v| v.name() == name)
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

/// One PBX account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its name in the configuration.
    pub name: SiteName,
    /// Whose API it speaks.
    pub vendor: Vendor,
    /// The queues the configuration names, in its order.
    pub queues: Vec<Queue>,
    /// The country of its national numbers (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// Names for the ids that events carry.
    pub people: People,
}

/// What the configuration calls agents and what they do: events carry ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Names of agents.
    pub agents: BTreeMap<AgentId, String>,
    /// Reasons to pause, by the vendor's id.
    pub pauses: BTreeMap<Arc<str>, Pause>,
    /// Names of activities, by the vendor's id.
    pub activities: BTreeMap<Arc<str>, String>,
    /// What the site's extensions are (Telphin).
    pub extensions: Vec<Extension>,
}

/// A reason to pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What people call it.
    pub name: String,
    /// How long it may last; longer is "over pause".
    pub limit: Option<Duration>,
}

impl People {
    /// What an agent is called, where the configuration says.
    #[must_use]
    pub fn agent(&self, id: &AgentId) -> Option<&str> {
        self.agents.get(id).map(String::as_str)
    }

    /// What a pause is called; its id where the configuration gives no name.
    #[must_use]
    pub fn pause<'a>(&'a self, id: &'a str) -> &'a str {
        self.pauses.get(id).map_or(id, |pause| &pause.name)
    }

    /// How long a pause may last, where the configuration says.
    #[must_use]
    pub fn pause_limit(&self, id: &str) -> Option<Duration> {
        self.pauses.get(id)?.limit
    }

    /// What an activity is called; its id where the configuration gives no
    /// name.
    #[must_use]
    pub fn activity<'a>(&'a self, id: &'a str) -> &'a str {
        self.activities.get(id).map_or(id, String::as_str)
    }
}

impl Site {
    /// The configured queue with this id.
    #[must_use]
    pub fn queue(&self, id: &QueueId) -> Option<&Queue> {
        self.queues.iter().find(|q| q.id == *id)
    }

    /// What a queue is called; its id where it is not configured.
    #[must_use]
    pub fn queue_name<'a>(&'a self, id: &'a QueueId) -> &'a str {
        self.queue(id).map_or(id.as_str(), |q| &q.name)
    }
}

/// A queue as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its id at the vendor.
    pub id: QueueId,
    /// What people call it; the id where the configuration gives no name.
    pub name: String,
    /// The target T of the service level: a wait above it is late.
    pub service_level: Duration,
    /// A wait above this is critical.
    pub critical: Duration,
}

impl Queue {
    /// T where the configuration gives none: 80/20, the customary target.
    pub const SERVICE_LEVEL: Duration = Duration::from_secs(20);
    /// The critical wait where the configuration gives none.
    pub const CRITICAL: Duration = Duration::from_mins(1);

    /// How a wait stands against the queue's two thresholds.
    #[must_use]
    pub fn judge(&self, wait: Duration) -> WaitLevel {
        if wait > self.critical {
            WaitLevel::Critical
        } else if wait > self.service_level {
            WaitLevel::Late
        } else {
            WaitLevel::Fine
        }
    }
}

/// A wait against its queue's thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitLevel {
    /// Within the service level.
    Fine,
    /// Over the service level.
    Late,
    /// Over the critical wait.
    Critical,
}

/// A queue of a site: the key of everything live.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QueueKey {
    /// The site.
    pub site: SiteName,
    /// The queue's id there.
    pub queue: QueueId,
}
