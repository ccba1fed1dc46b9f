//! What is wrong with a configuration, as one sentence. Never holds a secret:
//! whoever writes a sentence quotes names and shapes, not values of secrets.

use crate::domain::text;

/// The first mistake found: file, line, what is wrong and what to do. A usage
/// error to the shell (exit code 2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct ConfigError {
    text: String,
    line: Option<usize>,
    missing: bool,
}

impl ConfigError {
    /// A mistake in one line, counted from 1, of the file shown as `file`.
    pub(super) fn at(file: &str, line: usize, what: &str) -> Self {
        Self {
            line: Some(line),
            ..Self::general(&format!("{file}:{line}: {what}"))
        }
    }

    /// A mistake that is in no line.
    pub(super) fn general(what: &str) -> Self {
        Self {
            text: text::clean(what).into_owned(),
            line: None,
            missing: false,
        }
    }

    /// There is no configuration file.
    pub(super) fn missing(what: &str) -> Self {
        Self {
            missing: true,
            ..Self::general(what)
        }
    }

    /// The line of the file, counted from 1, where there is one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// Whether there simply is no configuration file yet.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.missing
    }
}
