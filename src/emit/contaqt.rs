//! Contaqt's nine events with every variable of its page (Events, version
//! 1.3), named from that page and from nowhere else. What stands in which
//! event beyond the page's two tables is the caller's choice: a variable that
//! is `None` is not sent.

use std::sync::Arc;

use crate::domain::{
    scenario::speech::{Kind as Travels, Spoken},
    time::At,
};

use super::request::{Message, Value};

/// An event as Contaqt pushes it. Ids are opaque texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `agent:checkin`.
    CheckIn {
        /// `user_id`.
        user: String,
        /// `device_id`.
        device: String,
        /// `device_name`.
        device_name: String,
    },
    /// `agent:checkout`.
    CheckOut {
        /// `user_id`.
        user: String,
    },
    /// `queue:join`.
    Join {
        /// `user_id`.
        user: String,
        /// `queues`: those joined.
        queues: Vec<String>,
    },
    /// `queue:leave`.
    Leave {
        /// `user_id`.
        user: String,
        /// `queues`: those left.
        queues: Vec<String>,
    },
    /// `agent:status`.
    Status {
        /// `user_id`.
        user: String,
        /// `activity_id`.
        activity: String,
        /// `pause_id`; `0` for none.
        pause: String,
        /// `in_calls`: 1 if the activity is calls.
        in_calls: bool,
    },
    /// `call:start`, only of queue calls; `call:ring`, `call:answer`,
    /// `call:end`.
    Call {
        /// What happened to the leg.
        step: Step,
        /// What is told of it.
        leg: Box<Leg>,
    },
}

/// What can happen to a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// `call:start`.
    Start,
    /// `call:ring`.
    Ring,
    /// `call:answer`.
    Answer,
    /// `call:end`.
    End,
}

/// `type`: the type of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `inbound`
    Inbound,
    /// `outbound`
    Outbound,
    /// `internal`
    Internal,
    /// `queue`
    Queue,
    /// `fax`
    Fax,
    /// `conf`
    Conf,
}

/// The variables of a call event, in the page's order and with its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the page's variable of that name")]
pub struct Leg {
    /// Call UUID: the leg's.
    pub id: String,
    /// UUID of the first leg, the same for all legs of one call.
    pub call_id: String,
    /// Event time; sent as whole seconds since the epoch.
    pub ts: At,
    pub site_id: Option<String>,
    /// `type`.
    pub kind: Option<Kind>,
    pub dst_num: Option<String>,
    pub src_device_id: Option<String>,
    pub dst_device_id: Option<String>,
    pub src_user_id: Option<String>,
    pub dst_user_id: Option<String>,
    pub cid_num: Option<String>,
    pub cid_name: Option<String>,
    /// Country code, ISO 3166-1 alpha-2.
    pub a2: Option<String>,
    pub tags: Option<String>,
    /// Of queue calls.
    pub queue_id: Option<String>,
    pub lead_id: Option<String>,
    pub lead_name: Option<String>,
    pub campaign_id: Option<String>,
    /// If originated by the dialer.
    pub dialer_id: Option<String>,
    /// Of conference calls.
    pub conference_id: Option<String>,
    pub call_script: Option<String>,
    /// Milliseconds.
    pub waitms: Option<i64>,
    /// Milliseconds.
    pub durationms: Option<i64>,
    /// From the SIP INVITE to the SIP 180, milliseconds.
    pub progressms: Option<i64>,
    /// From answer to hang-up, milliseconds.
    pub billms: Option<i64>,
    /// The wait in the queue, in seconds, the only duration that is.
    pub cc_wait: Option<i64>,
    pub hangup_cause: Option<String>,
    /// Why a queue call was not answered: `NONE`, `TIMEOUT`,
    /// `NO_AGENT_TIMEOUT` or `BREAK_OUT`.
    pub canceled: Option<String>,
}

impl Step {
    /// The event's name.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Start => "call:start",
            Self::Ring => "call:ring",
            Self::Answer => "call:answer",
            Self::End => "call:end",
        }
    }
}

impl Kind {
    /// The word that is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
            Self::Queue => "queue",
            Self::Fax => "fax",
            Self::Conf => "conf",
        }
    }
}

impl Event {
    /// The event's name, with its colon.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CheckIn { .. } => "agent:checkin",
            Self::CheckOut { .. } => "agent:checkout",
            Self::Join { .. } => "queue:join",
            Self::Leave { .. } => "queue:leave",
            Self::Status { .. } => "agent:status",
            Self::Call { step, .. } => step.event(),
        }
    }

    /// Its name and fields, ready for any shape.
    #[must_use]
    pub fn message(&self) -> Message {
        let mut message = Message::new(self.name());
        let fields = match self {
            Self::CheckIn {
                user,
                device,
                device_name,
            } => vec![
                ("user_id", text(user)),
                ("device_id", text(device)),
                ("device_name", text(device_name)),
            ],
            Self::CheckOut { user } => vec![("user_id", text(user))],
            Self::Join { user, queues } | Self::Leave { user, queues } => vec![
                ("user_id", text(user)),
                ("queues", Value::List(queues.clone())),
            ],
            Self::Status {
                user,
                activity,
                pause,
                in_calls,
            } => vec![
                ("user_id", text(user)),
                ("activity_id", text(activity)),
                ("pause_id", text(pause)),
                ("in_calls", Value::Number(i64::from(*in_calls))),
            ],
            Self::Call { leg, .. } => leg.fields(),
        };
        for (name, value) in fields {
            message.set(name, value);
        }
        message
    }
}

impl Leg {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let given = |t: &Option<String>| t.as_deref().map(text);
        let number = |n: Option<i64>| n.map(Value::Number);
        let all = [
            ("id", Some(text(&self.id))),
            ("call_id", Some(text(&self.call_id))),
            ("ts", Some(Value::Number(self.ts.0.div_euclid(1_000)))),
            ("site_id", given(&self.site_id)),
            ("type", self.kind.map(|kind| text(kind.word()))),
            ("dst_num", given(&self.dst_num)),
            ("src_device_id", given(&self.src_device_id)),
            ("dst_device_id", given(&self.dst_device_id)),
            ("src_user_id", given(&self.src_user_id)),
            ("dst_user_id", given(&self.dst_user_id)),
            ("cid_num", given(&self.cid_num)),
            ("cid_name", given(&self.cid_name)),
            ("a2", given(&self.a2)),
            ("tags", given(&self.tags)),
            ("queue_id", given(&self.queue_id)),
            ("lead_id", given(&self.lead_id)),
            ("lead_name", given(&self.lead_name)),
            ("campaign_id", given(&self.campaign_id)),
            ("dialer_id", given(&self.dialer_id)),
            ("conference_id", given(&self.conference_id)),
            ("call_script", given(&self.call_script)),
            ("waitms", number(self.waitms)),
            ("durationms", number(self.durationms)),
            ("progressms", number(self.progressms)),
            ("billms", number(self.billms)),
            ("cc_wait", number(self.cc_wait)),
            ("hangup_cause", given(&self.hangup_cause)),
            ("canceled", given(&self.canceled)),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// Any event by its table, with any fields: of the vendor's variables each in
/// the way it travels, others as text. What is set twice counts as set last.
#[must_use]
pub fn said(event: &Spoken, fields: &[(Arc<str>, String)]) -> Message {
    let mut message = Message::new(event.name);
    for (name, given) in fields {
        let travels = event.variable(name).map(|known| known.kind);
        let value = match travels {
            Some(Travels::Number | Travels::Seconds) => {
                given.parse().map_or_else(|_| text(given), Value::Number)
            }
            Some(Travels::List) => {
                let each = given.split(',').map(str::trim).filter(|id| !id.is_empty());
                Value::List(each.map(str::to_owned).collect())
            }
            Some(Travels::Text | Travels::Micros) | None => text(given),
        };
        message.set(name, value);
    }
    message
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
