//! Telphin's events: what they say, and what becomes of them on the board.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod calls;
mod histories;
mod meaning;
mod outcomes;
mod phones;
mod play;
mod world;
