//! Callers, agents, calls, callbacks and events as scripts see them: the field
//! names of `holdline callers`, `agents` and so on, in this order, in every
//! format. All ids are strings, absent is `null`, times are RFC 3339 UTC,
//! durations whole seconds.

mod agent;
mod call;
mod callback;
mod event;
pub mod file;
pub mod safe_json;

use std::time::Duration;

use serde::Serialize;

use super::{
    caller::Caller,
    site::{Queue, Site},
};

pub use agent::AgentRecord;
pub use call::CallRecord;
pub use callback::{CallbackRecord, Extra};
pub use event::{Body, EventRecord};
pub use file::{Fields, FileFormat};

/// One line of `holdline callers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallerRecord {
    /// The site's name.
    pub site: String,
    /// The queue's id.
    pub queue: String,
    /// The queue's name; its id where it has none.
    pub queue_name: String,
    /// The caller's id at the vendor.
    pub id: String,
    /// `queued`, `callback`, `vip`, or the vendor's own word.
    pub state: String,
    /// Rank by `entered` among all but VIP callers; `null` for VIP.
    pub position: Option<u32>,
    /// The number as sent; `null` where secret or not given.
    pub number: Option<String>,
    /// Whether the number is secret.
    pub secret: bool,
    /// The name as sent; `null` where secret or not given.
    pub name: Option<String>,
    /// When they entered the queue.
    pub entered: Option<String>,
    /// Whole seconds since `entered`, also once `answered` is set.
    pub wait_s: Option<u64>,
    /// When they were answered or called back.
    pub answered: Option<String>,
    /// The number they called.
    pub presentation: Option<String>,
    /// Extension id of the member who answered.
    pub answered_by_extension: Option<String>,
    /// Number of the member who answered.
    pub answered_by_number: Option<String>,
}

impl CallerRecord {
    /// A caller of `queue` at `site`, `position`th there, waiting for `wait`.
    #[must_use]
    pub fn new(
        site: &Site,
        queue: &Queue,
        caller: &Caller,
        position: Option<u32>,
        wait: Duration,
    ) -> Self {
        let text = |t: &Option<std::sync::Arc<str>>| t.as_deref().map(str::to_owned);
        Self {
            site: site.name.to_string(),
            queue: queue.id.to_string(),
            queue_name: queue.name.clone(),
            id: caller.id.to_string(),
            state: caller.state.word(),
            position,
            number: caller.party.number().map(str::to_owned),
            secret: caller.party.is_secret(),
            name: caller.party.name().map(str::to_owned),
            entered: caller.entered.map(|at| at.to_string()),
            wait_s: caller.entered.map(|_| wait.as_secs()),
            answered: caller.answered.map(|at| at.to_string()),
            presentation: text(&caller.presentation),
            answered_by_extension: text(&caller.answered_by_extension),
            answered_by_number: text(&caller.answered_by_number),
        }
    }
}

impl Fields for CallerRecord {
    const FIELDS: &'static [&'static str] = &[
        "site",
        "queue",
        "queue_name",
        "id",
        "state",
        "position",
        "number",
        "secret",
        "name",
        "entered",
        "wait_s",
        "answered",
        "presentation",
        "answered_by_extension",
        "answered_by_number",
    ];
}
