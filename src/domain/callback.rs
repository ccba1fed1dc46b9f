//! A scheduled callback, as a vendor told it (While1, CallQueue / Read). The
//! page shows no row: what is known or configured is typed, everything else
//! is kept as sent.

use std::{fmt, sync::Arc, time::Duration};

use jiff::tz::TimeZone;

use super::{
    caller::Raw,
    id::{CallbackId, SiteName},
    time::{At, age},
};

/// A scheduled callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The site.
    pub site: SiteName,
    /// Its id at the vendor; made from the row's content where it has none.
    pub id: CallbackId,
    /// How far it is; `None` where the row does not say.
    pub status: Option<Status>,
    /// The number to call, as sent.
    pub number: Option<Arc<str>>,
    /// The same number in E.164, where it can be told.
    pub e164: Option<Arc<str>>,
    /// The name to call.
    pub name: Option<Arc<str>>,
    /// The number used for the outbound call.
    pub dnid: Option<Arc<str>>,
    /// The number shown to the recipient.
    pub outbound_number: Option<Arc<str>>,
    /// The project's id in the PBX.
    pub project_id: Option<Arc<str>>,
    /// The inbound route's id.
    pub inbound_route_id: Option<Arc<str>>,
    /// `auto`: the PBX dials by itself. `manual`.
    pub outbound_type: Option<Arc<str>>,
    /// `attended` or `unattended`: with or without an agent.
    pub attend_type: Option<Arc<str>>,
    /// An id of another database.
    pub external_id: Option<Arc<str>>,
    /// `queue`, `no_queue` or `user`.
    pub assign_type: Option<Arc<str>>,
    /// Which queue or user.
    pub assigned_to: Option<Arc<str>>,
    /// The campaign.
    pub campaign: Option<Arc<str>>,
    /// When to call; `None` where it is not scheduled.
    pub schedule: Option<At>,
    /// When it was made.
    pub created: Option<At>,
    /// Its priority, as sent.
    pub priority: Option<Arc<str>>,
    /// How often it was tried.
    pub retries: Option<i64>,
    /// How often it may be tried.
    pub max_retries: Option<i64>,
    /// Every other field, in the order sent, with its JSON.
    pub extra: Vec<(Arc<str>, Raw)>,
    /// The row as sent.
    pub raw: Option<Raw>,
}

impl Callback {
    /// An empty callback of a site: for rows that are filled field by field.
    #[must_use]
    pub fn new(site: SiteName, id: CallbackId) -> Self {
        Self {
            site,
            id,
            status: None,
            number: None,
            e164: None,
            name: None,
            dnid: None,
            outbound_number: None,
            project_id: None,
            inbound_route_id: None,
            outbound_type: None,
            attend_type: None,
            external_id: None,
            assign_type: None,
            assigned_to: None,
            campaign: None,
            schedule: None,
            created: None,
            priority: None,
            retries: None,
            max_retries: None,
            extra: Vec::new(),
            raw: None,
        }
    }

    /// Whether the vendor's own dialler may call too, so that a claim here
    /// does not keep the customer from being called twice.
    #[must_use]
    pub fn is_dialled_by_vendor(&self) -> bool {
        self.outbound_type.as_deref() == Some("auto")
            || self.attend_type.as_deref() == Some("unattended")
    }

    /// Where it stands now.
    #[must_use]
    pub fn due(&self, now: At) -> Due {
        match (&self.status, self.schedule) {
            (Some(Status::Completed | Status::Cancelled | Status::Deleted), _) => Due::Over,
            (_, None) => Due::Unscheduled,
            (_, Some(at)) if at > now => Due::Later(at.since(now)),
            (_, Some(at)) if now.since(at) < DUE_FOR => Due::Now(now.since(at)),
            (_, Some(at)) => Due::Late(now.since(at)),
        }
    }

    /// Whole seconds past its time, if it is past and not over.
    #[must_use]
    pub fn late_s(&self, now: At) -> Option<u64> {
        match self.due(now) {
            Due::Late(by) | Due::Now(by) => Some(by.as_secs()),
            Due::Later(_) | Due::Unscheduled | Due::Over => None,
        }
    }

    /// What groups requests of one customer: the number in E.164, else as
    /// sent, if it is one: all who call as "anonymous" are not one customer.
    #[must_use]
    pub fn customer(&self) -> Option<&Arc<str>> {
        let is_number = |number: &&Arc<str>| {
            if number.len() > LONGEST {
                return false;
            }
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let written = number
                .chars()
                .all(|c| c.is_ascii_digit() || " +-./()".contains(c));
            written && digits >= LEAST_DIGITS
        };
        self.e164
            .as_ref()
            .or(self.number.as_ref().filter(is_number))
    }
}

/// Fewer digits are a short code or an extension, which many share.
const LEAST_DIGITS: usize = 6;
/// What is longer, in bytes, is no number; it is asked of each row of a frame.
const LONGEST: usize = 64;

/// A callback is due for this long before it is late.
pub const DUE_FOR: Duration = Duration::from_mins(15);

/// Where a callback stands, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// Its time is past by this much, and by more than [`DUE_FOR`].
    Late(Duration),
    /// Its time came this long ago.
    Now(Duration),
    /// Its time comes in this long.
    Later(Duration),
    /// It has no time.
    Unscheduled,
    /// Completed, cancelled or deleted.
    Over,
}

/// Where a callback stands, in words: `2h late`, `due now`, `in 25m`.
#[must_use]
pub fn due_words(due: Due, schedule: Option<At>, now: At, zone: &TimeZone) -> String {
    match due {
        Due::Late(by) => format!("{} late", age(by)),
        Due::Now(_) => "due now".to_owned(),
        Due::Later(left) if left.as_secs() < 3 * 3_600 => format!("in {}", age(left)),
        Due::Later(_) => schedule.map_or_else(String::new, |at| at.short(now, zone)),
        Due::Unscheduled => "unscheduled".to_owned(),
        Due::Over => "—".to_owned(),
    }
}

/// How far a callback is (While1's `status`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waits to be called.
    Pending,
    /// Is being called.
    InProgress,
    /// Was called.
    Completed,
    /// Was cancelled.
    Cancelled,
    /// Was deleted.
    Deleted,
    /// A word the page does not list.
    Other(Arc<str>),
}

impl Status {
    /// Reads the vendor's word: the page writes both `inprogress` and
    /// "in progress".
    #[must_use]
    pub fn read(word: &str) -> Self {
        match word
            .trim()
            .to_lowercase()
            .replace([' ', '_', '-'], "")
            .as_str()
        {
            "pending" => Self::Pending,
            "inprogress" => Self::InProgress,
            "completed" => Self::Completed,
            "cancelled" | "canceled" => Self::Cancelled,
            "deleted" => Self::Deleted,
            _ => Self::Other(word.into()),
        }
    }

    /// The word scripts see.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "inprogress",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
