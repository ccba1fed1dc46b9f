//! What the console holds while the terminal is its own: the guard, the
//! screen and the keys. Given up as a whole, and taken anew as a whole.

use std::{io, time::Duration};

use ratatui::crossterm::event::Event;
use tokio::time::{Instant, timeout};

use super::{
    hangup::Hangup,
    input::Keys,
    outlet::Outlet,
    receipts::Receipts,
    screen::Screen,
    terminal::{self, Guard},
};
use crate::app::State;

/// The time between two frames, on average: 60 a second.
const FRAME: Duration = Duration::from_millis(16);
/// How many frames a key may be ahead of that, so that it need not wait for
/// news that were drawn just before. News wait until it is made up for.
const AHEAD: u32 = 4;
/// How long a frame that is being written may keep us.
const LAST_FRAME: Duration = Duration::from_millis(300);

/// The terminal's side of the console. Dropping it gives the terminal back.
pub struct Seat {
    // In this order: nobody reads keys that belong to the shell again.
    keys: Keys,
    _guard: Guard,
    hangup: Hangup,
    screen: Screen,
    outlet: Outlet,
    rhythm: Rhythm,
}

/// When frames are due.
#[derive(Default)]
struct Rhythm {
    /// When the next one is, of news.
    next: Option<Instant>,
    /// Whether somebody did something that no frame has shown.
    asked: bool,
}

impl Rhythm {
    /// When the next frame may be drawn; `None` is at once.
    fn due(&self) -> Option<Instant> {
        let next = self.next?;
        if self.asked {
            next.checked_sub(FRAME * AHEAD)
        } else {
            Some(next)
        }
    }

    fn drew(&mut self, now: Instant) {
        self.next = Some(self.next.map_or(now, |next| next.max(now)) + FRAME);
        self.asked = false;
    }
}

/// What comes from the terminal.
#[derive(Debug, PartialEq)]
pub enum Heard {
    /// Something was typed.
    Event(Event),
    /// The frame is out, or was read.
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
        let outlet = match Receipts::of(&line) {
            Ok(receipts) => Outlet::told_by(receipts, line)?,
            Err(_) => Outlet::start(line)?,
        };
        Ok(Self {
            screen: Screen::new(terminal::size(), outlet.clone(), terminal::ENTER)?,
            outlet,
            hangup: Hangup::watch()?,
            keys: Keys::read()?,
            _guard: guard,
            rhythm: Rhythm::default(),
        })
    }

    /// The terminal was resized: nothing on it can be relied on.
    pub fn anew(&mut self) {
        self.rhythm.asked = true;
        self.screen.anew();
    }

    /// What is no picture goes before the next frame.
    pub fn say(&mut self, bytes: &[u8]) {
        self.screen.say(bytes);
    }

    /// When the next frame may be drawn; `None` while one is being written.
    #[must_use]
    pub fn may_draw(&self) -> Option<Instant> {
        if !self.outlet.is_free() {
            return None;
        }
        let read = self.outlet.holds_until(self.rhythm.asked);
        let due = self.rhythm.due().max(read.map(Instant::from_std));
        Some(due.unwrap_or_else(Instant::now))
    }

    /// Draws a frame; only when it may.
    ///
    /// # Errors
    /// Nobody is there to see it.
    pub fn draw(&mut self, state: &State) -> io::Result<()> {
        self.rhythm.drew(Instant::now());
        self.screen.draw(state)
    }

    /// Waits for what comes next; for the line only where there is something
    /// to draw, `wanting`. Nothing is lost if the wait is given up.
    pub async fn next(&mut self, wanting: bool) -> Heard {
        let writing = wanting && !self.outlet.is_free();
        let reading = wanting && !writing && !self.outlet.is_read();
        tokio::select! {
            biased;
            () = self.hangup.come() => Heard::Gone,
            event = self.keys.next() => {
                self.rhythm.asked = true;
                event.map_or(Heard::Gone, Heard::Event)
            }
            free = self.outlet.free(), if writing => if free { Heard::Free } else { Heard::Gone },
            () = self.outlet.read(), if reading => Heard::Free,
        }
    }

    /// Gives the terminal back, with its last frame whole if somebody reads.
    pub async fn give_back(self) {
        let _ = timeout(LAST_FRAME, self.outlet.free()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_drawn_in_time_and_a_key_at_once_but_no_more_than_sixty_a_second() {
        let began = Instant::now();
        let mut rhythm = Rhythm::default();
        let mut draw = |ms: u64, asked: bool| {
            let now = began + Duration::from_millis(ms);
            rhythm.asked = asked;
            let at = rhythm.due().map_or(now, |due| due.max(now));
            rhythm.drew(at);
            at.duration_since(began).as_millis()
        };
        let news = [0, 1, 17].map(|ms| draw(ms, false));
        assert_eq!(news, [0, 16, 32]);
        // Somebody holds a key down while news come in all the time.
        assert_eq!([33, 34].map(|ms| draw(ms, true)), [33, 34]);
        assert_eq!(draw(35, false), 80, "the two frames are made up for");
        let flood: Vec<u128> = (0..60).map(|_| draw(80, true)).collect();
        assert_eq!(flood[0], 80);
        assert_eq!(flood[59] - flood[9], 50 * 16, "a paste is no storm");
    }
}
