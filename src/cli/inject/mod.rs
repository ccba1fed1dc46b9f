//! `holdline inject`: events for queues, sent from the command line.
//!
//! * `flags`: one flag per parameter, made from the one table of them
//! * `one`: a single event, and what the vendor says to it
//! * `webhook`: an event said as a vendor would say it
//! * `run`: a scenario, looked over; `job`: runs it; `outcome`: what came of it

pub mod flags;
mod job;
mod one;
mod outcome;
pub mod run;
pub mod webhook;

use super::{
    args::{InjectArgs, InjectCommand},
    context::Context,
    failure::Failure,
};

/// Runs the command.
pub async fn run(context: &Context, args: &InjectArgs) -> Result<u8, Failure> {
    match &args.command {
        None => one::run(context, args).await,
        Some(InjectCommand::Run(args)) => run::run(context, args).await,
        Some(InjectCommand::Webhook(args)) => webhook::run(context, args).await,
    }
}
