//! Who is late: counted for the header, and heard where asked for.

use std::time::Duration;

use super::{msg::Command, state::State};
use crate::domain::time::At;

/// The bell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bell {
    /// Whether it was asked for.
    pub on: bool,
    /// When it rang last.
    rang: Option<At>,
}

/// It does not ring more often.
const PAUSE: Duration = Duration::from_secs(5);

/// How many callbacks are late, by the time that is shown.
#[must_use]
pub fn late_callbacks(state: &State) -> usize {
    let lists = state.callbacks.lists.iter();
    lists.map(|(_, list)| list.late(state.seen_at())).sum()
}

/// Rings when a caller or a callback grew late since `before`, but for
/// callers who may have gone by now.
pub(super) fn ring(state: &mut State, before: At) -> Vec<Command> {
    if !state.bell.on || state.frozen.is_some() {
        return Vec::new();
    }
    let now = state.now;
    let callbacks = state.callbacks.lists.iter();
    let overdue: usize = callbacks
        .map(|(_, list)| list.late(now).saturating_sub(list.late(before)))
        .sum();
    let callers = if state.is_any_stale() {
        0
    } else {
        state.callers.grown_late(before, now)
    };
    let paused = state
        .bell
        .rang
        .is_some_and(|rang| rang <= now && now.since(rang) < PAUSE);
    if paused || overdue + callers == 0 {
        return Vec::new();
    }
    state.bell.rang = Some(now);
    vec![Command::Bell]
}
