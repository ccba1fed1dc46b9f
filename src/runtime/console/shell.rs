//! The terminal goes to the shell and comes back, and changes its size.

use super::{Console, Left};
use crate::{
    app::Msg,
    runtime::{
        seat::Seat,
        signals::{self, Said},
        terminal,
    },
};

impl Console {
    pub(super) async fn hear_shell(&mut self, said: Said) -> Result<(), Left> {
        match said {
            Said::Resized => self.resize(),
            Said::Stop if signals::is_job() => {
                if let Some(seat) = self.seat.take() {
                    seat.give_back().await;
                }
                signals::stop();
            }
            Said::Stop => {}
            // Who stopped us without asking may have used the terminal since.
            Said::GoOn if terminal::is_in_foreground()? => {
                self.seat = None;
                self.sit_down()?;
            }
            Said::GoOn => {}
        }
        Ok(())
    }

    fn resize(&mut self) {
        if let Some(seat) = &mut self.seat {
            seat.anew();
        }
        self.fold(Msg::Resize(terminal::size()));
    }

    /// Takes the terminal again as soon as the shell lets us.
    pub(super) fn sit_down(&mut self) -> Result<(), Left> {
        if self.seat.is_none() && terminal::is_in_foreground()? {
            self.seat = Some(Seat::take()?);
            self.resize();
        }
        Ok(())
    }
}
