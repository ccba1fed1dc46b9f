//! What is due, and when. Of what is due at once, what was put on it first
//! comes first, so that a day is the same in any steps.

use std::collections::BTreeMap;

use crate::domain::time::At;

/// An agenda, and the numbers that a world gives out.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    due: BTreeMap<(At, u64), T>,
    /// Counts calls, too.
    serial: u64,
}

impl<T> Agenda<T> {
    /// Nothing is due.
    pub fn new() -> Self {
        Self {
            due: BTreeMap::new(),
            serial: 0,
        }
    }

    /// Puts something on it.
    pub fn put(&mut self, at: At, what: T) {
        let serial = self.number();
        self.due.insert((at, serial), what);
    }

    /// Takes off what is due first, up to and including `to`.
    pub fn take(&mut self, to: At) -> Option<(At, T)> {
        let first = self.due.first_entry().filter(|first| first.key().0 <= to)?;
        let ((at, _), what) = first.remove_entry();
        Some((at, what))
    }

    /// When something is due next.
    pub fn next(&self) -> Option<At> {
        self.due.keys().next().map(|(at, _)| *at)
    }

    /// A number that nothing else has.
    pub fn number(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}
