//! What every command starts from: the global flags and the configuration.

use std::{
    io::{self, Write},
    time::Duration,
};

use super::{args::Global, failure::Failure};
use crate::config::{Config, Source};

/// The global flags.
pub struct Context {
    pub global: Global,
}

impl Context {
    pub fn new(global: Global) -> Self {
        Self { global }
    }

    /// How long one answer may take.
    pub fn deadline(&self) -> Duration {
        self.global.timeout
    }

    /// Where the configuration comes from.
    pub fn source(&self) -> Source<'_> {
        Source::process(self.global.config.as_deref())
    }

    /// The configuration, with its warnings told; narrowed to `--site` where
    /// one is given.
    pub fn config(&self) -> Result<Config, Failure> {
        let mut config = Config::load(&self.source())?;
        for warning in &config.warnings {
            let _ = writeln!(io::stderr(), "holdline: warning: {warning}");
        }
        let Some(name) = &self.global.site else {
            return Ok(config);
        };
        if config.site(name).is_none() {
            let names: Vec<&str> = config.sites.iter().map(|s| s.name.as_str()).collect();
            let known = if names.is_empty() {
                "no sites yet".into()
            } else {
                names.join(", ")
            };
            return Err(Failure::usage(format!(
                "there is no site {name:?} in the configuration; it has {known}"
            )));
        }
        config.sites.retain(|s| s.name.as_str() == name);
        Ok(config)
    }
}
