//! Hostile and difficult text in every field, on every path out: the screen,
//! tables, CSV, JSON, the log, sentences, the clipboard, the title. What comes
//! out is read back by a terminal emulator, by several that measure text in
//! other ways, and by the readers of the formats. Two outlets that are not
//! ours show that the driver finds what it looks for.
//!
//! `HOLDLINE_HOSTILE=50000` tries so many strings on each path, drawn from the
//! seed `HOLDLINE_HOSTILE_SEED`.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod controls;
mod cost;
mod outlets;
mod screens;
mod sizes;
mod terminal;
mod words;
