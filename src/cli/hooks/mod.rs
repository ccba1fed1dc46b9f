//! `holdline hooks`: what vendors push to us, and where to.
//!
//! * [`flags`]: what can be typed
//! * [`url`]: the address to paste into a vendor's page
//! * [`list`]: what is subscribed; [`row`]: a line of it
//! * [`add`], [`remove`]: change it
//! * [`check`]: what is missing, and whether what is sent arrives; [`found`]:
//!   the same for the doctor

mod add;
mod check;
pub mod flags;
pub mod found;
mod list;
mod remove;
mod row;
mod url;

use super::{context::Context, failure::Failure};
use flags::HooksCommand;

/// Runs the command.
pub async fn run(context: &Context, what: &HooksCommand) -> Result<u8, Failure> {
    match what {
        HooksCommand::Url(args) => url::run(context, args),
        HooksCommand::List(args) => list::run(context, args).await,
        HooksCommand::Add(args) => add::run(context, args).await,
        HooksCommand::Remove(args) => remove::run(context, args).await,
        HooksCommand::Check(args) => check::run(context, args).await,
    }
}
