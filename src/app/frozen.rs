//! A screen held still, and what waits to be seen.

use super::callbacks::list::ListNews;
use crate::domain::{entry::Entry, time::At};

/// A screen held still.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// Since when: what is shown is of then.
    pub at: At,
    pub(super) entries: Vec<Entry>,
    pub(super) lists: Vec<ListNews>,
    /// About how much memory that takes, bytes.
    pub(super) held: usize,
}

impl Frozen {
    /// How many changes wait to be seen.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.entries.len() + self.lists.len()
    }
}
