//! Holdline: a terminal operator console for call queues.
//!
//! One sentence: everything that happens becomes a journal entry; the console
//! is a pure function of what it has read from the journal, the keys pressed
//! and the clock.
//!
//! ```text
//!  vendors ──poll──► collector ──changes──► journal ──entries──► app::update ──► State ──► ui::draw
//!                                              ▲                     │
//!                                              └───── runtime ◄── Command
//! ```
//!
//! The rooms, lowest first; a lower room never names a higher one
//! (`tests/layers.rs` holds them to it):
//!
//! * [`domain`]: nouns and rules of the field; pure.
//! * [`config`]: file and environment become one validated `Config`.
//! * [`vendor`]: one folder per PBX vendor's HTTP API.
//! * [`emit`]: speaks as a vendor: the webhooks it would send.
//! * [`journal`]: the durable, ordered log.
//! * [`collector`]: fills the journal from the vendors.
//! * [`app`]: what the console is and does, as data.
//! * [`ui`]: draws the state.
//! * [`runtime`]: the only place that spawns, sleeps and reads the clock.
//! * [`sim`]: the vendors' APIs on loopback, over a seeded world.
//! * [`cli`]: one file per subcommand.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod app;
pub mod cli;
pub mod collector;
pub mod config;
pub mod domain;
pub mod emit;
pub mod journal;
pub mod runtime;
pub mod sim;
pub mod ui;
pub mod vendor;
