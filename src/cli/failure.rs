//! Why a command did not do its work: sentences for people, a code for
//! scripts.

use std::io::{self, Write};

use crate::{
    config::ConfigError,
    domain::{
        fault::{Fault, FaultKind},
        text::clean,
        time::At,
    },
    journal::JournalError,
};
use jiff::tz::TimeZone;

/// A failure: what to say, and the exit code.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub sentence: String,
    pub code: u8,
}

impl Failure {
    /// Wrong usage or configuration.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            code: 2,
        }
    }

    /// The work could not be done here.
    pub fn here(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            code: 1,
        }
    }

    /// A vendor's answer, or its absence. A one-shot command never waits out
    /// a rate limit: it says when to come back.
    pub fn vendor(site: &str, fault: &Fault, now: At, zone: &TimeZone) -> Self {
        let sentence = match &fault.kind {
            FaultKind::RateLimited { until: Some(until) } => {
                let seconds = until.since(now).as_millis().div_ceil(1_000);
                format!(
                    "{site}: {}; try again in {seconds} s ({})",
                    fault.what,
                    until.clock_time(zone)
                )
            }
            _ => format!("{site}: {fault}"),
        };
        Self {
            sentence,
            code: fault.exit_code(),
        }
    }

    /// Says it on standard error.
    pub fn tell(&self) {
        if !self.sentence.is_empty() {
            let _ = writeln!(io::stderr(), "holdline: {}", clean(&self.sentence));
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::here(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // Whoever reads us has seen enough: `holdline callers | head -1`.
            io::ErrorKind::BrokenPipe => Self {
                sentence: String::new(),
                code: 0,
            },
            _ => Self::here(format!("standard output cannot be written: {error}")),
        }
    }
}
