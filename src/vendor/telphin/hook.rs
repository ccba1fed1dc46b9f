//! Telphin's events: which one a request holds, what tells it from others, and
//! what it says ("Extension Number Events").

use std::sync::Arc;

use super::extensions::Extensions;
use crate::{
    domain::{caller::Raw, hook::Says},
    vendor::hook::request::Fields,
};

/// The event's name as sent, and its key: a repeat has the same leg, event
/// and time, in microseconds.
#[must_use]
pub fn identify(fields: &Fields<'_>) -> (Option<Arc<str>>, Option<String>) {
    let event = fields.text("EventType");
    let key = [fields.text("SubCallID"), fields.text("EventTime")];
    let dedupe = match (&event, key) {
        (Some(event), [Some(leg), Some(at)]) => Some(format!("{leg}\n{event}\n{at}")),
        _ => None,
    };
    (event, dedupe)
}

/// What an event of this name with these fields says, at a site with these
/// extensions.
#[must_use]
pub fn read(_event: &str, _body: &Raw, _extensions: &Extensions) -> Says {
    Says::Nothing("this version does not read Telphin's events".into())
}
