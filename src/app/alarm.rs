//! Who is late: counted for the header, and heard where asked for.

use std::time::Duration;

use super::{callers::QueueLine, msg::Command, state::State};
use crate::domain::{
    board::{QueueBoard, Waiting},
    site::WaitLevel,
    time::At,
};

/// It does not ring more often.
const PAUSE: Duration = Duration::from_secs(5);

/// How many callbacks that are still to be done are late, by the time that is
/// shown.
#[must_use]
pub fn late_callbacks(state: &State) -> usize {
    state.callbacks.late(state.seen_at())
}

/// Rings when a caller or a callback has grown late since it was last listened
/// for, which is `before` at first, or when callers came who were late already.
/// It rings once for all of them. While callers may have gone by now it is
/// not listened for them, and who grew late meanwhile counts when it is again.
pub(super) fn ring(state: &mut State, before: At) -> Vec<Command> {
    let now = state.now;
    if !state.bell.on || state.frozen.is_some() {
        // Who holds the screen still looks at it when it goes on.
        (state.bell.callers, state.bell.callbacks) = (Some(now), Some(now));
        state.bell.upto = Some(state.board.upto());
        if !state.bell.on {
            state.bell.since = Some(now);
        }
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
        let heard = since(state.bell.callers);
        let on = *state.bell.since.get_or_insert(before);
        callers = state.callers.grown_late(heard, now) + came_late(state, heard, on);
        state.bell.callers = Some(now);
        state.bell.upto = Some(state.board.upto());
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

/// How many came since callers were last listened for, at `heard`, who were
/// late by then: a poll brings who waits since long. Not those that were late
/// when the bell was turned `on`.
fn came_late(state: &State, heard: At, on: At) -> usize {
    let Some(upto) = state.bell.upto.filter(|upto| *upto < state.board.upto()) else {
        return 0;
    };
    let late = |line: &QueueLine, waiting: &Waiting, at: At| {
        line.queue.judge(at.since(line.began(waiting))) >= WaitLevel::Late
    };
    let came = |line: &QueueLine| {
        // Most of the time nobody is: nobody needs to be looked at then.
        if line.late(heard).0 == 0 {
            return 0;
        }
        let picture = state.board.queue(&line.key);
        let callers = picture.into_iter().flat_map(QueueBoard::callers);
        let new = callers.filter(|caller| caller.arrival > upto && !caller.injected());
        new.filter(|caller| late(line, caller, heard) && !late(line, caller, on))
            .count()
    };
    state.callers.queues.iter().map(came).sum()
}

fn grown(before: usize, now: usize) -> usize {
    now.saturating_sub(before)
}
