//! The demo up to the frame that is drawn: from the morning on until there is
//! much to see, then the keys. Always the same day, by its own clock.

use std::time::Duration;

use ratatui::{buffer::Buffer, crossterm::event::KeyEvent, layout::Size};

use super::stage::{BEGIN, Stage};
use crate::{
    app::{
        Msg, State,
        state::{Look, Theme},
    },
    cli::failure::Failure,
    domain::{caller::CallerState, site::QueueKey},
};

/// How long the console has been open at least: so long that there is
/// something to count.
const OPEN: Duration = Duration::from_mins(12);
/// How long it waits for a good moment; a quiet day has none.
const AT_MOST: Duration = Duration::from_mins(25);
/// Between two looks at everything.
const STEP: Duration = Duration::from_secs(2);
/// From the last look to the frame.
const SINCE: Duration = Duration::from_secs(1);

/// What is to be seen.
pub struct Scene<'a> {
    /// Another seed is another day.
    pub seed: u64,
    /// The frame's size.
    pub size: Size,
    /// Keys pressed at the end.
    pub keys: &'a [KeyEvent],
    /// How it is drawn.
    pub look: Look,
    /// Whether the console may change anything.
    pub read_only: bool,
    /// Who presses the keys.
    pub me: &'a str,
}

impl Scene<'_> {
    /// The frame, and the colours it is meant for.
    pub async fn shoot(&self) -> Result<(Buffer, Theme), Failure> {
        let mut stage = Stage::set(self).await?;
        let mut now = BEGIN;
        while now < BEGIN.plus(AT_MOST) {
            stage.look_at_all(now).await?;
            if now >= BEGIN.plus(OPEN) && shows_much(stage.state()) {
                break;
            }
            now = now.plus(STEP);
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

/// Whether callers of most kinds wait, and neither few nor many.
fn shows_much(state: &State) -> bool {
    let mut waits = 0;
    let [mut vip, mut callback, mut critical, mut late, mut fresh] = [false; 5];
    for site in &state.sites {
        for queue in &site.queues {
            let key = QueueKey {
                site: site.name.clone(),
                queue: queue.id.clone(),
            };
            let Some(board) = state.board.queue(&key) else {
                continue;
            };
            for waiting in board.callers() {
                waits += 1;
                vip |= waiting.caller.state == CallerState::Vip;
                callback |= waiting.caller.state == CallerState::Callback;
                let wait = waiting.wait(state.now, 0);
                match () {
                    () if wait >= queue.critical => critical = true,
                    () if wait >= queue.service_level => late = true,
                    () => fresh = true,
                }
            }
        }
    }
    (6..=8).contains(&waits) && vip && callback && critical && late && fresh
}
