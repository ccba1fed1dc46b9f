//! `holdline config`: where the configuration is, whether it is right, an
//! example.

use std::io::{self, Write};

use super::{args::ConfigCommand, context::Context, failure::Failure};
use crate::config;

/// Runs the command.
pub fn run(context: &Context, what: &ConfigCommand) -> Result<u8, Failure> {
    let mut out = io::stdout().lock();
    match what {
        ConfigCommand::Path => writeln!(out, "{}", config::find(&context.source())?.display())?,
        ConfigCommand::Example => out.write_all(config::EXAMPLE.as_bytes())?,
        ConfigCommand::Check => {
            let config = context.config()?;
            let path = config
                .path
                .as_deref()
                .unwrap_or(std::path::Path::new(""))
                .display();
            writeln!(
                out,
                "{path} is right: {}",
                count(config.sites.len(), "site")
            )?;
            for site in &config.sites {
                let queues = count(site.queues().len(), "queue");
                writeln!(out, "  {}  {}  {queues}", site.name, site.vendor().name())?;
            }
        }
    }
    Ok(0)
}

fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
