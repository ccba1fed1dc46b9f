//! What vendors push: a request to the receiver becomes deliveries, one for
//! each event in it, and what an event says is read whenever it leaves the
//! journal. Pure: no sockets, no clock; knows nothing of secrets and senders,
//! which are the receiver's. May use domain.
//!
//! * [`request`]: a request as fields, whatever shape it came in
//! * `gathered`: its fields as one object
//! * [`bounds`]: how much of a field is kept in memory
//! * [`members`]: a kept event's fields by name
//! * [`reader`]: what an event says, at the site it came from

pub mod bounds;
mod gathered;
pub mod members;
pub mod reader;
pub mod request;

use std::sync::Arc;

use super::{contaqt, telphin};
use crate::domain::{caller::Raw, site::Vendor};
pub use reader::Reader;
use request::Fields;

/// A request as it was received, its secret found to be right.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The method, in capitals: GET and POST are taken.
    pub method: &'a str,
    /// The URL's query string without the `?`, as sent; empty without one.
    pub query: &'a str,
    /// The header of that name, as sent.
    pub content_type: Option<&'a str>,
    /// The body, chunks and content codings undone.
    pub body: &'a [u8],
}

/// One event out of a request, to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The vendor's own name of it, as sent; empty where there was none.
    pub event: Arc<str>,
    /// A JSON object of all its fields as sent, with those of the URL.
    pub body: Raw,
    /// What tells it from others of its site, where it can be told: events
    /// that carry no time are never taken for repeats.
    pub dedupe: Option<String>,
}

/// Why a request is turned away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// The HTTP status to answer: 400, 405, 413, 414 or 415.
    pub status: u16,
    /// One sentence: what is wrong, and what to send instead. It quotes
    /// nothing of the request.
    pub why: String,
}

impl Refusal {
    fn new(status: u16, why: &str) -> Self {
        Self {
            status,
            why: why.to_owned(),
        }
    }
}

/// The events of a request, in its order; none where it is an empty list.
/// What is not understood is kept too: only what cannot be read as fields at
/// all is turned away.
///
/// # Errors
/// Another method than GET and POST, a form of parts, more than the bounds in
/// [`request`], text that is neither JSON nor a form, nothing at all.
pub fn deliveries(vendor: Vendor, received: &Received<'_>) -> Result<Vec<Delivery>, Refusal> {
    request::split(received, |fields, body| {
        let (event, dedupe) = identify(vendor, fields);
        Delivery {
            event: event.unwrap_or_default(),
            body,
            dedupe,
        }
    })
}

/// An event's name and what tells it from others.
fn identify(vendor: Vendor, fields: &Fields<'_>) -> (Option<Arc<str>>, Option<String>) {
    match vendor {
        Vendor::Contaqt => contaqt::hook::identify(fields),
        // Kept until somebody reads it; nobody else documents that it pushes.
        _ => telphin::hook::identify(fields),
    }
}
