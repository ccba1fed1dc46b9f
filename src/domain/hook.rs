//! What a vendor pushed, as it is kept: one event with every field it was
//! sent with. What it means is read anew whenever it leaves the journal, so
//! that a version that understands more understands the past too.

use std::sync::Arc;

use super::{caller::Raw, event::Event, site::Vendor};

/// The event that Holdline sends to its own address to see whether it arrives:
/// whoever sends it, it tells of nobody, and is marked as injected.
pub const CHECK: &str = "holdline:check";

/// One pushed event.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// Whose event it is.
    pub vendor: Vendor,
    /// The vendor's own name of it, as sent; empty where there was none.
    pub event: Arc<str>,
    /// A JSON object of all its fields as sent, with those of the URL, the
    /// customer's own among them.
    pub body: Raw,
    /// Whether it was sent by our own injector: shown so, and left out of
    /// counts.
    pub injected: bool,
    /// What it says. Not on disk.
    pub says: Says,
}

/// What an event says, as far as this version understands it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Says {
    /// Not read yet.
    #[default]
    Unread,
    /// This.
    This(Box<Event>),
    /// Something that is understood and changes nothing on the board: what, as
    /// a clause.
    Aside(Arc<str>),
    /// Nothing that could be understood: why, as a clause.
    Nothing(Arc<str>),
}
