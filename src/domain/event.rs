//! What vendors push, in the field's terms: agents check in, pause and work;
//! calls come in, ring, are answered and end. Pure data; `vendor` makes it from
//! what was sent, the board folds it in.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    id::{AgentId, CallId, ExtensionId, LegId, QueueId},
    time::At,
};

/// Something that happened at a PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is kept in a box: see Says")]
pub enum Event {
    /// About an agent.
    Agent {
        /// Who.
        agent: AgentId,
        /// What.
        news: AgentNews,
    },
    /// About a leg of a call.
    Call(CallEvent),
}

/// What is told of an agent. Contaqt sends no time with it: it happened when
/// it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentNews {
    /// `agent:checkin`.
    CheckedIn {
        /// The device's id, where sent.
        device: Option<Arc<str>>,
        /// Its name, where sent.
        device_name: Option<Arc<str>>,
    },
    /// `agent:checkout`.
    CheckedOut,
    /// `queue:join`: these were joined.
    Joined(Vec<QueueId>),
    /// `queue:leave`: these were left.
    Left(Vec<QueueId>),
    /// `agent:status`. What was not sent is `None` and changes nothing.
    Status {
        /// The activity's id.
        activity: Option<Arc<str>>,
        /// The pause's id; `0` means not paused.
        pause: Option<Arc<str>>,
        /// Whether the activity is calls.
        in_calls: Option<bool>,
    },
}

impl AgentNews {
    /// The queues it names.
    #[must_use]
    pub fn queues(&self) -> &[QueueId] {
        match self {
            Self::Joined(queues) | Self::Left(queues) => queues,
            _ => &[],
        }
    }
}

/// An event of a call's leg (Contaqt, "Call events"; Telphin, "Extension
/// Number Events").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallEvent {
    /// The call, the same for all its legs.
    pub call: CallId,
    /// The leg.
    pub leg: LegId,
    /// When it happened, by the vendor's clock; `None` where it sent none
    /// that can be read.
    pub at: Option<At>,
    /// The microseconds within that millisecond, where the vendor sends them:
    /// what happens at once still has an order.
    pub micros: u16,
    /// What happened.
    pub step: CallStep,
    /// The country of the site's national numbers (ISO 3166-1 alpha-2), where
    /// it is configured: no vendor sends it.
    pub home: Option<Arc<str>>,
    /// All else that was told.
    pub facts: CallFacts,
}

/// What can happen to a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStep {
    /// It came into a voice menu (Telphin).
    Menu,
    /// It came into a queue (Contaqt: only queue calls start).
    Start,
    /// It rings.
    Ring,
    /// It was answered.
    Answer,
    /// It ended.
    End,
}

impl CallStep {
    /// In a word or two, after whose leg it is.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Menu => "in menu",
            Self::Start => "came in",
            Self::Ring => "rings",
            Self::Answer => "answered",
            Self::End => "ended",
        }
    }
}

/// What is told of a leg besides. What was not sent is `None`: it changes
/// nothing that was told before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallFacts {
    /// `type`: inbound, outbound, internal, queue, fax, conf, or what was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Arc<str>>,
    /// The queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The caller's number, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<Arc<str>>,
    /// The caller's name, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
    /// The dialled number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Arc<str>>,
    /// The agent who calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_agent: Option<AgentId>,
    /// The agent who is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_agent: Option<AgentId>,
    /// The calling device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_device: Option<Arc<str>>,
    /// The called device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_device: Option<Arc<str>>,
    /// The caller's country, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Arc<str>>,
    /// `waitms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Duration>,
    /// `durationms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Duration>,
    /// `progressms`: from invite to ringing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Duration>,
    /// `billms`: from answer to hang-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<Duration>,
    /// `cc_wait`, sent in seconds: the wait in the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_wait: Option<Duration>,
    /// `hangup_cause`, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hangup_cause: Option<Arc<str>>,
    /// `canceled`: why a queue call was not answered, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canceled: Option<Arc<str>>,
    /// Which strand of its extension it is (Telphin).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strand: Option<Strand>,
    /// The extension whose event it is (Telphin).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionId>,
    /// `Bridged`: whether it was connected with anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridged: Option<bool>,
    /// `Transfered`: whether it was forwarded to a number outside, and is at
    /// nobody's phone here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<bool>,
    /// All other documented variables by their vendor's name: `tags`,
    /// `lead_id`, `lead_name`, `campaign_id`, `dialer_id`, `conference_id`,
    /// `call_script`, `site_id`; Telphin's `RecID`, `CallBackID`, `Tag`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<Arc<str>, Arc<str>>,
}

/// Which strand of an extension a leg is: the vendor says "thread" (Telphin,
/// "Generation Features").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strand {
    /// A caller in a voice menu: nobody is rung there.
    Menu,
    /// A caller in a queue: it comes and ends, and is not answered.
    QueueIn,
    /// A queue calls a phone.
    QueueOut,
    /// A phone's own, called or calling; and a call forwarded to a number
    /// outside.
    Phone,
}
