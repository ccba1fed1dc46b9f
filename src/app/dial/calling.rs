//! A call from its question to its end, as a window shows it.

use std::sync::Arc;

use crate::domain::{
    callback::Callback,
    dial::{Dial, Dialled},
    seq::Seq,
};

/// A call that was asked for, and how it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Calling {
    /// What is dialled from where.
    pub dial: Dial,
    /// Whose phone rings first, in words.
    pub phone: String,
    /// Whom it is for, where that is known.
    pub name: Option<Arc<str>>,
    /// The callback it is for.
    pub callback: Option<Arc<Callback>>,
    /// What became of it; `None` until that is known.
    pub dialled: Option<Dialled>,
    /// The last call to the number, by anybody, that was asked about once
    /// more; 0 where there was none to ask about.
    pub asked: Seq,
    /// Lines scrolled away above.
    pub scroll: usize,
}

impl Calling {
    /// Whether it is asked about once more: somebody called lately.
    #[must_use]
    pub fn is_asked_again(&self) -> bool {
        self.asked > 0
    }
}
