//! Wakes this process's readers when this process has written.

use std::{
    io::{PipeReader, PipeWriter, pipe},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A count of rings, and two ways to wait for the next.
#[derive(Debug, Default)]
pub(super) struct Bell {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct State {
    rings: u64,
    /// For who waits by the second way, until the next ring.
    cord: Option<(Arc<PipeReader>, PipeWriter)>,
}

impl Bell {
    pub(super) fn ring(&self) {
        let mut state = self.lock();
        state.rings += 1;
        state.cord = None;
        self.rung.notify_all();
    }

    /// How often it has rung; take this before looking for what is new.
    pub(super) fn rings(&self) -> u64 {
        self.lock().rings
    }

    /// What ends when it rings, for who waits for other things as well; `None`
    /// where it has rung since `heard`, or the system has none left.
    pub(super) fn cord(&self, heard: u64) -> Option<Arc<PipeReader>> {
        let mut state = self.lock();
        if state.rings != heard {
            return None;
        }
        if state.cord.is_none() {
            let (end, held) = pipe().ok()?;
            state.cord = Some((Arc::new(end), held));
        }
        state.cord.as_ref().map(|(end, _)| end.clone())
    }

    /// Whether it rings, or has rung since `heard`, within `patience`.
    pub(super) fn wait(&self, heard: u64, patience: Duration) -> bool {
        let (state, _) = self
            .rung
            .wait_timeout_while(self.lock(), patience, |state| state.rings == heard)
            .unwrap_or_else(PoisonError::into_inner);
        state.rings != heard
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
