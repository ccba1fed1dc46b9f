//! What a check found, as people and scripts read it.

use serde::Serialize;

use crate::domain::{
    record::{Fields, file},
    text::clean,
};

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// It works, but is worth a look.
    Note,
    Wrong,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Wrong => "wrong",
        }
    }

    pub fn sign(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Ok, false) => "✓",
            (Self::Ok, true) => "+",
            (Self::Note, _) => "!",
            (Self::Wrong, false) => "✗",
            (Self::Wrong, true) => "x",
        }
    }
}

/// One line of the doctor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// The site it is about, if it is about one.
    pub site: Option<String>,
    pub state: State,
    /// A clause, without a full stop.
    pub found: String,
    /// What to do; always there where something is wrong.
    pub remedy: Option<String>,
    /// The exit code it asks for.
    #[serde(skip)]
    pub code: u8,
}

impl Finding {
    pub fn ok(check: &'static str, found: impl AsRef<str>) -> Self {
        Self {
            check,
            site: None,
            state: State::Ok,
            found: clean(found.as_ref()).into_owned(),
            remedy: None,
            code: 0,
        }
    }

    /// Something that works but is worth a look.
    pub fn note(check: &'static str, found: impl AsRef<str>, remedy: impl AsRef<str>) -> Self {
        Self {
            state: State::Note,
            ..Self::ok(check, found).with(remedy)
        }
    }

    /// Something wrong; `code` is 1, 2 or 3, as everywhere on the command line.
    pub fn wrong(
        check: &'static str,
        found: impl AsRef<str>,
        remedy: impl AsRef<str>,
        code: u8,
    ) -> Self {
        Self {
            state: State::Wrong,
            code,
            ..Self::ok(check, found).with(remedy)
        }
    }

    /// The same of a sentence that holds its remedy behind a semicolon.
    pub fn told(check: &'static str, sentence: &str, state: State, code: u8) -> Self {
        let (found, remedy) = sentence.split_once("; ").unwrap_or((sentence, ""));
        Self {
            state,
            code,
            ..Self::ok(check, found).with(remedy)
        }
    }

    /// About this site.
    pub fn of(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }

    fn with(mut self, remedy: impl AsRef<str>) -> Self {
        let remedy = clean(remedy.as_ref()).into_owned();
        self.remedy = (!remedy.is_empty()).then_some(remedy);
        self
    }
}

impl Fields for Finding {
    const FIELDS: &'static [&'static str] = &["check", "site", "state", "found", "remedy"];
}

/// The program's exit code: the highest that a finding asks for.
pub fn exit_code(findings: &[Finding]) -> u8 {
    findings.iter().map(|f| f.code).max().unwrap_or(0)
}

pub use file::{csv, json, ndjson};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_split_into_what_and_what_to_do() {
        let told = Finding::told("x", "a; b; c", State::Wrong, 2);
        assert_eq!(
            (told.found.as_str(), told.remedy.as_deref()),
            ("a", Some("b; c"))
        );
        let told = Finding::told("x", "a", State::Note, 0);
        assert_eq!((told.found.as_str(), told.remedy), ("a", None));
    }

    #[test]
    fn the_highest_code_counts_and_notes_count_for_nothing() {
        let findings = [
            Finding::ok("a", ""),
            Finding::note("b", "", ""),
            Finding::wrong("c", "", "", 2),
            Finding::wrong("d", "", "", 1),
        ];
        assert_eq!(exit_code(&findings), 2);
        assert_eq!(exit_code(&findings[..2]), 0);
    }

    #[test]
    fn nothing_hostile_gets_into_a_finding() {
        let found = Finding::note("x", "a\u{1b}[2J", "b\u{202e}");
        assert!(!found.found.contains('\u{1b}'), "{found:?}");
        assert!(!found.remedy.unwrap().contains('\u{202e}'));
    }
}
