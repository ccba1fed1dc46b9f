//! An item that is shown, and in which part of the rows it stands.

use std::sync::Arc;

use crate::domain::{callback::Callback, triage::Standing};

/// In which part of the rows something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Something can be done about it now.
    Open,
    /// It is left until later: it stands below.
    Snoozed,
    /// Nothing is left to do: it stands last.
    Closed,
}

impl Part {
    /// All of them, in order.
    pub(super) const ALL: [Self; 3] = [Self::Open, Self::Snoozed, Self::Closed];

    pub(super) fn of(stands: &Standing) -> Self {
        match stands {
            Standing::Free | Standing::Mine(_) | Standing::Held { .. } => Self::Open,
            Standing::Snoozed(_) => Self::Snoozed,
            Standing::Closed(_) => Self::Closed,
        }
    }
}

/// An item that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The callback.
    pub callback: Arc<Callback>,
    /// Whether the vendor's list no longer has it.
    pub missing: bool,
    /// Where it stands.
    pub(super) part: Part,
}
