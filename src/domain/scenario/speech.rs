//! What can be said as a vendor: here Contaqt's nine events with the variables
//! of each (Events, version 1.3), as data; Telphin's stand beside it. Files,
//! flags and forms are checked against it and `emit` speaks by it; what is
//! received is read by a table of `vendor`'s own, or a wrong name would cancel
//! out.

pub use super::spoken::{Kind, Need, Spoken, Variable};
use super::{
    super::site::Vendor,
    speech_telphin,
    spoken::{number, one_of, text, variable},
    webhook::Shape,
};

const USER: Variable = text("user_id", "the agent");

/// The variables of call events.
const CALL: &[Variable] = &[
    text("id", "call UUID: the leg's"),
    text("call_id", "UUID of the first leg, the same for all legs"),
    variable("ts", Kind::Seconds, "event time, seconds since the epoch"),
    text("site_id", "site id"),
    one_of(
        "type",
        &["inbound", "outbound", "internal", "queue", "fax", "conf"],
        "type of call",
    ),
    text("dst_num", "dialled number"),
    text("src_device_id", "source device"),
    text("dst_device_id", "destination device"),
    text("src_user_id", "source user: the agent who calls"),
    text("dst_user_id", "destination user: the agent who is called"),
    text("cid_num", "the caller's number"),
    text("cid_name", "the caller's name"),
    text("a2", "country, ISO 3166-1 alpha-2"),
    text("tags", "provided tags"),
    text("queue_id", "the queue, of queue calls"),
    text("lead_id", "provided lead id"),
    text("lead_name", "provided lead name"),
    text("campaign_id", "provided campaign id"),
    text("dialer_id", "if originated by the dialer"),
    text("conference_id", "of conference calls"),
    text("call_script", "call script id"),
    number("waitms", "waiting time, ms"),
    number("durationms", "call duration, ms"),
    number("progressms", "from SIP INVITE to SIP 180, ms"),
    number("billms", "from answer to hang-up, ms"),
    number("cc_wait", "waiting time in the queue, seconds"),
    text("hangup_cause", "hang-up code, such as NORMAL_CLEARING"),
    one_of(
        "canceled",
        &["NONE", "TIMEOUT", "NO_AGENT_TIMEOUT", "BREAK_OUT"],
        "why a queue call was not answered",
    ),
];

const fn call(name: &'static str, about: &'static str) -> Spoken {
    Spoken {
        vendor: Vendor::Contaqt,
        name,
        about,
        variables: CALL,
        needs: &[],
    }
}

const fn queue(name: &'static str, about: &'static str, queues: &'static [Variable]) -> Spoken {
    Spoken {
        vendor: Vendor::Contaqt,
        name,
        about,
        variables: queues,
        needs: &[&["user_id"], &["queues"]],
    }
}

/// All nine of Contaqt.
pub const EVENTS: &[Spoken] = &[
    Spoken {
        vendor: Vendor::Contaqt,
        name: "agent:checkin",
        about: "an agent logs in at a device",
        variables: &[
            USER,
            text("device_id", "the device"),
            text("device_name", "its name"),
        ],
        needs: &[&["user_id"]],
    },
    Spoken {
        vendor: Vendor::Contaqt,
        name: "agent:checkout",
        about: "an agent logs out",
        variables: &[USER],
        needs: &[&["user_id"]],
    },
    queue(
        "queue:join",
        "an agent joins queues",
        &[
            USER,
            variable("queues", Kind::List, "the queues joined, with commas"),
        ],
    ),
    queue(
        "queue:leave",
        "an agent leaves queues",
        &[
            USER,
            variable("queues", Kind::List, "the queues left, with commas"),
        ],
    ),
    Spoken {
        vendor: Vendor::Contaqt,
        name: "agent:status",
        about: "an agent pauses, goes on, or is at calls",
        variables: &[
            USER,
            text("activity_id", "the activity"),
            text("pause_id", "the pause, 0 for none"),
            number("in_calls", "1 if the activity is calls"),
        ],
        needs: &[&["user_id"]],
    },
    call("call:start", "a call comes into a queue"),
    call("call:ring", "a leg rings"),
    call("call:answer", "a leg is answered"),
    call("call:end", "a leg ends"),
];

/// The vendors that can be spoken as.
pub const VENDORS: &[Vendor] = &[Vendor::Contaqt, Vendor::Telphin];

/// What can be said as this vendor; nothing as one that pushes nothing.
#[must_use]
pub fn events(vendor: Vendor) -> &'static [Spoken] {
    match vendor {
        Vendor::Contaqt => EVENTS,
        Vendor::Telphin => speech_telphin::EVENTS,
        Vendor::TelecomX | Vendor::While1 | Vendor::Enswitch => &[],
    }
}

/// How a vendor's events may travel, the usual way first.
#[must_use]
pub fn shapes(vendor: Vendor) -> &'static [Shape] {
    match vendor {
        // Its page does not say which: all that a receiver may meet.
        Vendor::Contaqt => &[Shape::Json, Shape::JsonData, Shape::Form, Shape::Query],
        Vendor::Telphin => &[Shape::Query, Shape::Form],
        Vendor::TelecomX | Vendor::While1 | Vendor::Enswitch => &[],
    }
}

/// The event of this name. No name is that of two vendors' events.
#[must_use]
pub fn event(name: &str) -> Option<&'static Spoken> {
    all().find(|event| event.name == name)
}

/// The names of all events.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    all().map(|event| event.name)
}

fn all() -> impl Iterator<Item = &'static Spoken> + Clone {
    VENDORS.iter().flat_map(|vendor| events(*vendor))
}

impl Spoken {
    /// Its variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&'static Variable> {
        self.variables.iter().find(|known| known.name == name)
    }

    /// What it needs and does not have, if anything; `has` tells of a variable
    /// whether it is given.
    pub fn lacks(&self, has: impl Fn(&str) -> bool) -> Option<Need> {
        let is_met = |need: &&Need| need.iter().any(|name| has(name));
        self.needs.iter().find(|need| !is_met(need)).copied()
    }

    /// Whether it needs this variable, and no other would do.
    #[must_use]
    pub fn needs(&self, name: &str) -> bool {
        self.needs.contains(&[name].as_slice())
    }

    /// Whether a variable is made up where it is not given
    /// ([`plan::complete`](super::plan::complete)): events of calls have ids
    /// and a time always.
    #[must_use]
    pub fn makes_up(&self, name: &str) -> bool {
        match self.vendor {
            Vendor::Telphin => matches!(name, "EventTime" | "CallID" | "SubCallID"),
            _ => self.name.starts_with("call:") && matches!(name, "id" | "call_id" | "ts"),
        }
    }
}
