//! `holdline doctor`: looks at everything that has to be right, and says what
//! to do about what is not. It changes nothing: no file is made, no role
//! taken, and vendors are asked for one small list each.
//!
//! * [`finding`]: a line of it; [`mod@print`]: as people see it
//! * [`configuration`], [`sites`], [`phones`], [`receiver`], [`journal`],
//!   [`terminal`]: what is looked at, a file each

mod asked;
mod configuration;
pub mod finding;
mod journal;
mod phones;
pub mod print;
mod receiver;
mod sites;
mod terminal;

use std::path::PathBuf;

use super::{args::DoctorArgs, context::Context, failure::Failure, progress};
use crate::{
    config::{Config, find},
    domain::feed::{FeedHealth, FeedId},
    journal::{Role, Survey, survey},
    runtime::clock,
};
use finding::Finding;
pub use journal::bytes;

/// Runs the command.
pub async fn run(context: &Context, args: &DoctorArgs) -> Result<u8, Failure> {
    let findings = examine(context).await?;
    print::findings(&findings, args.format)?;
    Ok(finding::exit_code(&findings))
}

/// Everything, in the order of a day's work: what is configured, who is asked,
/// where it is kept, where it is seen.
async fn examine(context: &Context) -> Result<Vec<Finding>, Failure> {
    let mut line = progress::Line::default();
    if progress::is_seen() {
        line.say("reading the configuration and its secrets");
    }
    let known = configuration::check(context);
    line.clear();
    let (mut config, mut findings) = (known.config, known.findings);
    if let Some(name) = &context.global.site {
        // One that is there but wrong is told of already.
        let is_told = |f: &Finding| f.site.as_deref() == Some(name);
        let is_wrong = findings.iter().any(is_told);
        findings.retain(|f| f.site.is_none() || is_told(f));
        if let Some(config) = config.as_mut() {
            if is_wrong {
                config.sites.clear();
            } else {
                context.narrow(config)?;
            }
        }
    }
    let found = looked_at(config.as_ref()).await;
    let survey = found.as_ref().map(|(_, survey)| survey);
    if let Some(config) = &config {
        let contents = survey.and_then(|survey| survey.contents.as_ref()?.as_ref().ok());
        let collected = receiver::Collected {
            now: survey.is_some_and(|survey| matches!(survey.role, Role::Held(_))),
            feeds: contents.map_or(&[], |contents| &contents.feeds),
        };
        findings.extend(asked(context, config, collected.feeds).await);
        findings.extend(receiver::check(config, &collected, clock::system()()));
    }
    if let Some((folder, survey)) = &found {
        findings.extend(journal::told(folder, survey));
    }
    let ascii = config.and_then(|config| config.console.ascii);
    findings.extend(terminal::check(&variable, ascii));
    Ok(findings)
}

async fn asked(context: &Context, config: &Config, feeds: &[(FeedId, FeedHealth)]) -> Vec<Finding> {
    let how = asked::How {
        clock: clock::system(),
        deadline: context.deadline(),
        zone: config.console.time_zone.clone(),
    };
    sites::check(config, feeds, &how).await
}

/// The journal that is configured; without a configuration the one that would
/// be used. None where there is no home to keep one in.
async fn looked_at(config: Option<&Config>) -> Option<(PathBuf, Survey)> {
    let folder = match config {
        Some(config) => config.journal.path.clone(),
        None => find::data_dir(&find::process_env)?,
    };
    let work = move || {
        let found = survey(&folder, journal::WITHIN);
        (folder, found)
    };
    // It blocks on the disk.
    match tokio::task::spawn_blocking(work).await {
        Ok(found) => Some(found),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
