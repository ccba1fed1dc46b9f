//! The demo up to the frame that is drawn: from the morning on until there is
//! much to see, then the keys. Always the same day, by its own clock.

use std::time::Duration;

use ratatui::buffer::Buffer;

use super::stage::{BEGIN, Scene, Stage};
use crate::{
    app::{Msg, State, state::Theme},
    cli::failure::Failure,
    domain::{board::QueueBoard, caller::CallerState, site::QueueKey, time::At},
};

/// How long the console has been open at least: so long that there is
/// something to count.
const OPEN: Duration = Duration::from_mins(12);
/// How long it waits for a good moment before a fair one will do.
const PATIENCE: Duration = Duration::from_mins(18);
/// How long it waits in all; a quiet day has neither.
const AT_MOST: Duration = Duration::from_mins(25);
/// Between two looks at everything.
const STEP: Duration = Duration::from_secs(2);
/// From the last look to the frame.
const SINCE: Duration = Duration::from_secs(1);

impl Scene<'_> {
    /// The frame, and the colours it is meant for.
    pub async fn shoot(&self) -> Result<(Buffer, Theme), Failure> {
        let mut stage = Stage::set(self).await?;
        let mut now = BEGIN;
        stage.look_at_all(now).await?;
        while !is_time(now, stage.state()) {
            now = now.plus(STEP);
            stage.look_at_all(now).await?;
        }
        stage.tick(now.plus(SINCE)).await?;
        for key in self.keys {
            stage.fold(Msg::Key(*key)).await?;
            stage.hear_journal().await?;
        }
        let frame = stage.draw();
        stage.strike().await;
        Ok((frame, self.look.theme))
    }
}

/// Whether it is time for the frame.
fn is_time(now: At, state: &State) -> bool {
    let open = now.since(BEGIN);
    let (waits, kinds) = callers(state);
    let good = (6..=8).contains(&waits) && kinds == ALL;
    let fair = (4..=9).contains(&waits) && kinds > ALL / 2;
    (open >= OPEN && good) || (open >= PATIENCE && fair) || open >= AT_MOST
}

/// How many kinds of callers are told apart.
const ALL: usize = 5;

/// How many callers wait, and of how many kinds.
fn callers(state: &State) -> (usize, usize) {
    let mut waits = 0;
    let mut kinds = [false; ALL];
    let [vip, callback, critical, late, fresh] = &mut kinds;
    for site in &state.sites {
        for queue in &site.queues {
            let key = QueueKey {
                site: site.name.clone(),
                queue: queue.id.clone(),
            };
            let waiting = state.board.queue(&key).into_iter();
            for waiting in waiting.flat_map(QueueBoard::callers) {
                waits += 1;
                *vip |= *waiting.caller.state() == CallerState::Vip;
                *callback |= *waiting.caller.state() == CallerState::Callback;
                let wait = waiting.wait(state.now, 0);
                *critical |= wait >= queue.critical;
                *late |= (queue.service_level..queue.critical).contains(&wait);
                *fresh |= wait < queue.service_level;
            }
        }
    }
    (waits, kinds.into_iter().filter(|kind| *kind).count())
}
