//! Telphin's events: what they say, and what becomes of them on the board.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "telphin_events/calls.rs"]
mod calls;
#[path = "telphin_events/histories.rs"]
mod histories;
#[path = "telphin_events/meaning.rs"]
mod meaning;
#[path = "telphin_events/outcomes.rs"]
mod outcomes;
#[path = "telphin_events/phones.rs"]
mod phones;
#[path = "telphin_events/play.rs"]
mod play;
#[path = "telphin_events/world.rs"]
mod world;
