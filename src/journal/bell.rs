//! Wakes this process's readers when this process has written.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A count of rings, and a way to wait for the next.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
}

impl Bell {
    pub(super) fn ring(&self) {
        *self.lock() += 1;
        self.rung.notify_all();
    }

    /// How often it has rung; take this before looking for what is new.
    pub(super) fn rings(&self) -> u64 {
        *self.lock()
    }

    /// Whether it rings, or has rung since `heard`, within `patience`.
    pub(super) fn wait(&self, heard: u64, patience: Duration) -> bool {
        let (rings, _) = self
            .rung
            .wait_timeout_while(self.lock(), patience, |rings| *rings == heard)
            .unwrap_or_else(PoisonError::into_inner);
        *rings != heard
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
