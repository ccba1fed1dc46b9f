//! What the console holds while the terminal is its own: the guard, the
//! screen and the keys. Given up as a whole, and taken anew as a whole.

use std::{io, time::Duration};

use ratatui::crossterm::event::Event;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use super::{
    hangup,
    input::Keys,
    screen::{Outlet, Screen},
    terminal::{self, Guard},
};
use crate::app::State;

/// The time between two frames, on average: 60 a second. One may follow at
/// once, so that a key need not wait because the clock was drawn just before.
const FRAME: Duration = Duration::from_millis(16);
/// How long a frame that is being written may keep us.
const LAST_FRAME: Duration = Duration::from_millis(300);

/// The terminal's side of the console. Dropping it gives the terminal back.
pub struct Seat {
    // In this order: nobody reads keys that belong to the shell again.
    keys: Keys,
    _guard: Guard,
    gone: oneshot::Receiver<()>,
    screen: Screen,
    outlet: Outlet,
    /// When the last two frames were drawn, the older one first.
    drawn: [Option<Instant>; 2],
}

/// What comes from the terminal.
#[derive(Debug, PartialEq)]
pub enum Heard {
    /// Something was typed.
    Event(Event),
    /// The frame is out.
    Free,
    /// Nobody is there any more.
    Gone,
}

impl Seat {
    /// Takes the terminal.
    ///
    /// # Errors
    /// There is none, or it cannot be set up.
    pub fn take() -> io::Result<Self> {
        let (guard, line) = Guard::take()?;
        let outlet = Outlet::start(line)?;
        Ok(Self {
            screen: Screen::new(terminal::size(), outlet.clone(), terminal::ENTER)?,
            outlet,
            gone: hangup::watch()?,
            keys: Keys::read()?,
            _guard: guard,
            drawn: [None; 2],
        })
    }

    /// The terminal was resized: nothing on it can be relied on.
    pub fn anew(&mut self) {
        self.screen.anew();
    }

    /// What is no picture goes before the next frame.
    pub fn say(&mut self, bytes: &[u8]) {
        self.screen.say(bytes);
    }

    /// When the next frame may be drawn; `None` while one is being written.
    #[must_use]
    pub fn may_draw(&self) -> Option<Instant> {
        let at = |drawn| drawn + 2 * FRAME;
        self.outlet
            .is_free()
            .then(|| self.drawn[0].map_or_else(Instant::now, at))
    }

    /// Draws a frame; only when it may.
    ///
    /// # Errors
    /// Nobody is there to see it.
    pub fn draw(&mut self, state: &State) -> io::Result<()> {
        self.drawn = [self.drawn[1], Some(Instant::now())];
        self.screen.draw(state)
    }

    /// Waits for what comes next. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) -> Heard {
        let writing = !self.outlet.is_free();
        tokio::select! {
            biased;
            _ = &mut self.gone => Heard::Gone,
            event = self.keys.next() => event.map_or(Heard::Gone, Heard::Event),
            free = self.outlet.free(), if writing => if free { Heard::Free } else { Heard::Gone },
        }
    }

    /// Gives the terminal back, with its last frame whole if somebody reads.
    pub async fn give_back(self) {
        let _ = timeout(LAST_FRAME, self.outlet.free()).await;
    }
}
