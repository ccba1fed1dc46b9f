//! What is wrong with a configuration: a sentence for each mistake. Never holds
//! a secret: whoever writes a sentence quotes names and shapes, not values of
//! secrets.

use std::fmt;

use crate::domain::{
    sheet::{self, caret::Caret},
    text,
};

/// Everything that is wrong with a configuration, in the file's order. A usage
/// error to the shell (exit code 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    mistakes: Vec<Mistake>,
    missing: bool,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The site it is in, as far as that has a name.
    pub site: Option<String>,
    /// File and line where there is one, what is wrong, and what to do.
    pub sentence: String,
    /// The line of the file, counted from 1, where there is one.
    pub line: Option<usize>,
    /// What that line looks like without values, and the place in it.
    pub caret: Option<Caret>,
}

impl Mistake {
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
            site: None,
            sentence: text::clean(what).into_owned(),
            line: None,
            caret: None,
        }
    }

    /// What was found in the file shown as `file`.
    pub(super) fn found(file: &str, found: sheet::Mistake) -> Self {
        Self {
            caret: found.caret,
            ..Self::at(file, found.line, &found.what)
        }
    }
}

impl ConfigError {
    /// These mistakes; there is at least one.
    pub(super) fn of(mistakes: Vec<Mistake>) -> Self {
        Self {
            mistakes,
            missing: false,
        }
    }

    /// A mistake in one line, counted from 1, of the file shown as `file`.
    pub(super) fn at(file: &str, line: usize, what: &str) -> Self {
        Self::of(vec![Mistake::at(file, line, what)])
    }

    /// A mistake that is in no line.
    pub(super) fn general(what: &str) -> Self {
        Self::of(vec![Mistake::general(what)])
    }

    /// There is no configuration file.
    pub(super) fn missing(what: &str) -> Self {
        Self {
            missing: true,
            ..Self::general(what)
        }
    }

    /// Every mistake, in the file's order; at least one.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The line of the first mistake, counted from 1, where it is in one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.mistakes.first()?.line
    }

    /// Whether there simply is no configuration file yet.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.missing
    }
}

/// A sentence a line.
impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, mistake) in self.mistakes.iter().enumerate() {
            let between = if n == 0 { "" } else { "\n" };
            write!(f, "{between}{}", mistake.sentence)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
