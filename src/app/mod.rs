//! What the console is and does, as data. No async, no widgets, no clock: a
//! [`State`] folds one [`Msg`] at a time and answers with [`Command`]s.
//!
//! What the console is, the lower ones first:
//!
//! * [`pane`]: the five panes; [`step`]: moves in a list; [`field`]: a line of text
//! * [`listing`]: what all lists have: [`search`], order, [`cursor`], view;
//!   [`columns`]: which of a table's columns fit; `sorted`: lists that are kept
//!   in order; [`scope`]: one queue or all
//! * [`callers`], [`agents`], [`callbacks`], [`inject`], [`activity`] with
//!   [`calls`]: what the panes hold
//! * [`overlay`]: what can stand over them; [`palette`]: what is typed to find a
//!   command; [`bell`], [`frozen`]: the screen held still
//! * [`geometry`]: where everything stands for a size
//! * [`state`]: the whole console as a value; `view`: what of it is on the screen
//!
//! What it does and says:
//!
//! * [`msg`]: what comes in, what goes out; [`update()`]: takes it in; `fold`:
//!   what the journal and the lists tell; `freeze`: holds that back
//! * [`keys`]: the one key table: dispatch, hints and help come from it;
//!   [`offers`]: every command by name; `act`: what they do; `operate`: what those
//!   of pane 3 do; [`typing`]: into text fields
//! * [`window`]: what stands over the panes, in words; [`health`]: how the sites
//!   are, in a glance; [`alarm`]: who is late
//! * `export`, [`copy`]: what is shown, as records and as text
//! * [`dial`]: click-to-call; [`subscriptions`]: what is pushed to us
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
