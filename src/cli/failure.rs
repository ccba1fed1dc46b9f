//! Why a command did not do its work: sentences for people, a code for
//! scripts.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
};

use jiff::tz::TimeZone;

use crate::{
    config::ConfigError,
    domain::{
        fault::{Fault, FaultKind},
        scenario::Caret,
        text::clean,
        time::At,
    },
    journal::JournalError,
};

/// A failure: what to say, and the exit code.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub sentence: String,
    pub code: u8,
    /// Of a file in which several things are wrong: all of them, the sentence
    /// being the first.
    mistakes: Vec<(String, Option<Caret>)>,
}

impl Failure {
    /// This sentence and code.
    pub fn new(sentence: impl Into<String>, code: u8) -> Self {
        Self {
            sentence: sentence.into(),
            code,
            mistakes: Vec::new(),
        }
    }

    /// Wrong usage or configuration.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::new(sentence, 2)
    }

    /// Everything that is wrong in a file, in its order, and the place in the
    /// line where one is known.
    pub fn file(mistakes: Vec<(String, Option<Caret>)>) -> Self {
        let first = mistakes.first().map(|(sentence, _)| sentence.as_str());
        let failure = Self::usage(first.unwrap_or("the file cannot be used; look it over"));
        Self {
            mistakes,
            ..failure
        }
    }

    /// The work could not be done here.
    pub fn here(sentence: impl Into<String>) -> Self {
        Self::new(sentence, 1)
    }

    /// Standard output took no more.
    pub fn output(error: &io::Error) -> Self {
        Self::here(format!(
            "standard output cannot be written: {}; what was printed is not whole",
            error.kind()
        ))
    }

    /// The system would not tell us of signals.
    pub fn signals(error: &io::Error) -> Self {
        Self::here(format!(
            "signals cannot be listened to: {}; this machine may be out of resources",
            error.kind()
        ))
    }

    /// No place for temporary files.
    pub fn temporary(error: &io::Error) -> Self {
        Self::here(format!(
            "no temporary folder can be made: {}; set TMPDIR to one that you may write",
            error.kind()
        ))
    }

    /// A vendor's answer, or its absence; `asked` names the site and what was
    /// asked of it. A one-shot command never waits out a rate limit: it says
    /// when to come back.
    pub fn vendor(asked: &str, fault: &Fault, now: At, zone: &TimeZone) -> Self {
        let sentence = match &fault.kind {
            FaultKind::RateLimited { until: Some(until) } => {
                let seconds = until.since(now).as_millis().div_ceil(1_000);
                format!(
                    "{asked}: {}; try again in {seconds} s ({})",
                    fault.what,
                    until.clock_time(zone)
                )
            }
            FaultKind::RateLimited { until: None } => {
                format!("{asked}: {}; try again later, and less often", fault.what)
            }
            _ => format!("{asked}: {fault}"),
        };
        Self::new(sentence, fault.exit_code())
    }

    /// The same where the site's name stands already.
    pub fn clause(fault: &Fault, now: At, zone: &TimeZone) -> Self {
        let mut failure = Self::vendor("", fault, now, zone);
        failure.sentence = failure.sentence.trim_start_matches(": ").to_owned();
        failure
    }

    /// Says it on standard error: a line for each sentence, and on a terminal
    /// the place in the file below it.
    pub fn tell(&self) {
        if self.mistakes.is_empty() {
            tell(&self.sentence);
        }
        for (sentence, caret) in &self.mistakes {
            tell(sentence);
            if let Some(caret) = caret
                && io::stderr().is_terminal()
            {
                let (line, sign) = (&caret.line, caret.sign());
                let _ = writeln!(io::stderr(), "    {line}\n    {sign}");
            }
        }
    }
}

/// Says a sentence on standard error. Nobody may be there to read it.
pub fn tell(sentence: &str) {
    let _ = writeln!(io::stderr(), "holdline: {}", clean(sentence));
}

/// Says, of something that was done, that what came of it is not on record.
pub fn unjournaled(why: Option<&impl fmt::Display>) {
    if let Some(why) = why {
        tell(&format!(
            "warning: the outcome could not be put into the journal, where it stands as unknown \
             now: {why}"
        ));
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let told = error.mistakes().iter();
        Self::file(
            told.map(|mistake| (mistake.sentence.clone(), mistake.caret.clone()))
                .collect(),
        )
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::here(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_limit_says_when_to_come_back_and_never_a_negative_time() {
        let told = |until: Option<i64>| {
            let kind = FaultKind::RateLimited {
                until: until.map(At),
            };
            let fault = Fault::new(kind, "too many", "poll less often");
            Failure::vendor("north", &fault, At(50_000), &TimeZone::UTC)
        };
        assert_eq!(
            told(Some(79_001)),
            Failure::here("north: too many; try again in 30 s (00:01:19)")
        );
        assert_eq!(
            told(Some(1_000)),
            Failure::here("north: too many; try again in 0 s (00:00:01)")
        );
        assert_eq!(
            told(None),
            Failure::here("north: too many; try again later, and less often")
        );
    }

    #[test]
    fn no_answer_is_another_code_than_a_refusal() {
        let fault = Fault::new(FaultKind::Timeout, "no answer", "try `--timeout`");
        let failure = Failure::vendor("north", &fault, At(0), &TimeZone::UTC);
        assert_eq!(failure.sentence, "north: no answer; try `--timeout`");
        assert_eq!(failure.code, 3);
    }
}
