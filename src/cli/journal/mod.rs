//! `holdline journal`: looking after the journal by hand. Nothing of it is
//! needed every day: retention goes on by itself.
//!
//! * `flags`: what can be typed
//! * `check`: is all of it sound, what is in it
//! * `compact`: gives the room of what was deleted back to the disk
//! * `export`: every entry as it stands on disk
//! * `recover`: saves what can be read of a damaged one

mod check;
mod compact;
mod export;
pub mod flags;
mod recover;

use super::{context::Context, failure::Failure};
use flags::JournalCommand;

/// Runs the command.
pub async fn run(context: &Context, what: &JournalCommand) -> Result<u8, Failure> {
    let config = context.config()?;
    match what {
        JournalCommand::Check(args) => check::run(&config, args),
        JournalCommand::Compact => compact::run(&config).await,
        JournalCommand::Export(args) => export::run(&config, args),
        JournalCommand::Recover => recover::run(&config),
    }
}
