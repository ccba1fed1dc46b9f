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
    /// Until when callers, and callbacks, were listened for.
    callers: Option<At>,
    callbacks: Option<At>,
}

/// It does not ring more often.
const PAUSE: Duration = Duration::from_secs(5);

/// How many callbacks are late, by the time that is shown.
#[must_use]
pub fn late_callbacks(state: &State) -> usize {
    state.callbacks.late(state.seen_at())
}

/// Rings when a caller or a callback has grown late since it was last listened
/// for, which is `before` at first. While callers may have gone by now it is
/// not listened for them, and who grew late meanwhile counts when it is again.
pub(super) fn ring(state: &mut State, before: At) -> Vec<Command> {
    let now = state.now;
    if !state.bell.on || state.frozen.is_some() {
        // Who holds the screen still looks at it when it goes on.
        (state.bell.callers, state.bell.callbacks) = (Some(now), Some(now));
        return Vec::new();
    }
    // A clock that was set back begins anew.
    let since = |heard: Option<At>| heard.filter(|at| *at <= now).unwrap_or(before);
    let overdue = grown(
        state.callbacks.late(since(state.bell.callbacks)),
        state.callbacks.late(now),
    );
    state.bell.callbacks = Some(now);
    let mut callers = 0;
    if !state.is_any_stale() {
        callers = state.callers.grown_late(since(state.bell.callers), now);
        state.bell.callers = Some(now);
    }
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

fn grown(before: usize, now: usize) -> usize {
    now.saturating_sub(before)
}
