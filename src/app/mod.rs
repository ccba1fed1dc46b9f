//! What the console is and does, as data. No async, no widgets, no clock: a
//! [`State`] folds one [`Msg`] at a time and answers with [`Command`]s.
//!
//! * [`msg`]: what comes in, what goes out
//! * [`state`]: the whole console as a value
//! * [`update()`]: the fold
//! * [`keys`]: the one key table: dispatch, hints and help come from it
//! * [`geometry`]: where everything stands for a size
//! * [`pane`]: the five panes; [`callers`], [`callbacks`]: those that are built
//! * [`cursor`]: stays on who it was put on
//! * [`health`]: how the sites are, in a glance
//! * `export`: what is shown, as records
//! * [`overlay`]: what can stand over the panes; [`typing`]: its text fields
//! * `operate`: what the keys of pane 3 do

pub mod callbacks;
pub mod callers;
pub mod cursor;
mod export;
pub mod geometry;
pub mod health;
pub mod keys;
pub mod msg;
mod operate;
pub mod overlay;
pub mod pane;
pub mod state;
pub mod typing;
pub mod update;

pub use msg::{Answer, Command, Export, Exported, Msg};
pub use state::State;
pub use update::update;
