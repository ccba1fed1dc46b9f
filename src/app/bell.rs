//! The bell, and what it was listened for.

use crate::domain::{seq::Seq, time::At};

/// The bell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bell {
    /// Whether it was asked for.
    pub on: bool,
    /// When it rang last.
    pub(super) rang: Option<At>,
    /// Until when callers, and callbacks, were listened for.
    pub(super) callers: Option<At>,
    pub(super) callbacks: Option<At>,
    /// Up to which entry callers were listened for.
    pub(super) upto: Option<Seq>,
    /// Since when it is on: who was late then is seen by who begins to look.
    pub(super) since: Option<At>,
}
