//! What the console is and does, as data. No async, no widgets, no clock: a
//! [`State`] folds one [`Msg`] at a time and answers with [`Command`]s.
//!
//! * [`msg`]: what comes in, what goes out
//! * [`state`]: the whole console as a value
//! * [`update()`]: the fold
//! * [`keys`]: the one key table: dispatch, hints and help come from it
//! * [`geometry`]: where everything stands for a size; `view`: what is on the
//!   screen
//! * [`pane`]: the five panes; [`callers`], [`agents`], [`callbacks`],
//!   [`inject`], [`activity`] with [`calls`]
//! * [`listing`]: what all lists have: [`search`], order, [`cursor`], view;
//!   [`columns`]: which of a table's columns fit; `sorted`: lists that are kept
//!   in order
//! * [`scope`]: one queue or all; [`freeze`]: the screen held still
//! * [`health`]: how the sites are, in a glance; [`alarm`]: who is late
//! * `export`, [`copy`]: what is shown, as records and as text
//! * [`overlay`]: what can stand over the panes; [`window`]: what it says;
//!   [`palette`]: every command by name, as [`offers`] has them; [`typing`]: text fields, each a [`field`]
//! * [`dial`]: click-to-call; [`subscriptions`]: what is pushed to us
//! * `act`: what keys and commands do; `operate`: those of pane 3
//! * [`memory`]: what is remembered over restarts

mod act;
pub mod activity;
pub mod agents;
pub mod alarm;
pub mod bell;
pub mod callbacks;
pub mod callers;
pub mod calls;
pub mod columns;
pub mod copy;
pub mod cursor;
pub mod dial;
mod export;
pub mod field;
mod fold;
mod freeze;
pub mod frozen;
pub mod geometry;
pub mod health;
pub mod inject;
pub mod keys;
pub mod listing;
pub mod memory;
pub mod msg;
pub mod offers;
mod operate;
pub mod overlay;
pub mod palette;
pub mod pane;
pub mod scope;
pub mod search;
mod sorted;
pub mod state;
pub mod step;
pub mod subscriptions;
pub mod typing;
pub mod update;
mod view;
pub mod window;

pub use msg::{Answer, Command, Export, Exported, Msg};
pub use state::State;
pub use update::update;
