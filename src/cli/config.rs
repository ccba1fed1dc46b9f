//! `holdline config`: where the configuration is, whether it is right, an
//! example.

use std::{os::unix::ffi::OsStrExt, path::Path};

use super::{args::ConfigCommand, context::Context, failure::Failure, output};
use crate::{
    config::{self, Config},
    domain::{cells, text::clean},
};

/// Runs the command.
pub fn run(context: &Context, what: &ConfigCommand) -> Result<u8, Failure> {
    match what {
        ConfigCommand::Path => {
            let path = config::find(&context.source())?;
            output::to_stdout(|out| {
                // As it is: a script opens it.
                out.write_all(path.as_os_str().as_bytes())?;
                writeln!(out)
            })?;
        }
        ConfigCommand::Example => {
            output::to_stdout(|out| out.write_all(config::EXAMPLE.as_bytes()))?;
        }
        ConfigCommand::Check => {
            let text = verdict(&context.config()?);
            output::to_stdout(|out| out.write_all(text.as_bytes()))?;
        }
    }
    Ok(0)
}

/// What is in a configuration that is right.
fn verdict(config: &Config) -> String {
    let path = config.path.as_deref().unwrap_or(Path::new("it")).display();
    let sites = &config.sites;
    let widest = sites.iter().map(|s| cells::width(s.name.as_str())).max();
    let lines = sites.iter().map(|site| {
        let name = cells::pad(site.name.as_str(), widest.unwrap_or(0), false);
        let vendor = cells::pad(site.vendor().name(), 8, false);
        match site.queues().len() {
            0 => format!("  {name}  {}\n", vendor.trim_end()),
            n => format!("  {name}  {vendor}  {}\n", count(n, "queue")),
        }
    });
    let path = path.to_string();
    let head = format!(
        "{} is right: {}\n",
        clean(&path),
        count(sites.len(), "site")
    );
    std::iter::once(head).chain(lines).collect()
}

fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
