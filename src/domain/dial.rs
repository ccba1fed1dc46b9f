//! Click-to-call: an extension is rung, and when it answers, a number
//! (Telphin, `POST /extension/{id}/callback/`). What is to be dialled, what
//! came of it, and who dialled whom lately. Pure.

use std::{collections::VecDeque, fmt, str::FromStr, sync::Arc, time::Duration};

use super::{
    action::{Ended, Intent},
    entry::{Entry, Seq, What},
    extension::{Extension, ExtensionKind},
    id::{CallId, ExtensionId, SiteName},
    injection::Told,
    time::At,
};

/// The vendor's name of the call, as the journal keeps it.
pub const CALL: &str = "extension/callback";
/// A number that was dialled this recently is asked about once more.
pub const LATELY: Duration = Duration::from_mins(10);

/// An extension to call from, as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// By its short number: `200`, which the vendor takes as `@200`.
    Number(Arc<str>),
    /// By its id: `id:175`.
    Id(ExtensionId),
}

impl FromStr for Line {
    type Err = String;

    /// `200`, `@200` or `id:175`.
    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let plain = |text: &str| {
            let fits = !text.is_empty()
                && text.len() <= 32
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "*-_.".contains(c))
                && text.chars().any(|c| c.is_ascii_alphanumeric());
            fits.then_some(())
                .ok_or("is no extension; write its short number as 200, or its id as id:175")
        };
        if let Some(id) = typed.strip_prefix("id:") {
            plain(id)?;
            return Ok(Self::Id(id.into()));
        }
        let number = typed.strip_prefix('@').unwrap_or(typed);
        plain(number)?;
        Ok(Self::Number(number.into()))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.pad(number),
            Self::Id(id) => write!(f, "id:{id}"),
        }
    }
}

/// A call to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// At which site.
    pub site: SiteName,
    /// From which extension.
    pub from: Line,
    /// The number to be dialled, as it is sent.
    pub to: Arc<str>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled {
    /// What was asked for.
    pub dial: Dial,
    /// What was told: 201, or why not.
    pub told: Told,
    /// How long the answer took.
    pub took: Duration,
    /// The call's id in the events that follow, where it was told.
    pub call: Option<CallId>,
    /// Why the outcome could not be put into the journal, if it could not.
    pub unjournaled: Option<String>,
}

/// A site that calls can be made at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialling {
    /// The site.
    pub site: SiteName,
    /// Its extensions.
    pub extensions: Vec<Extension>,
    /// The country of its national numbers.
    pub country: Option<String>,
    /// Whether the configuration allows it.
    pub allowed: bool,
    /// Whether it allows to change subscriptions.
    pub subscribes: bool,
    /// Whether it asks to type the site's name.
    pub production: bool,
}

impl Dialling {
    /// The phone of a user of this computer, where the configuration names it.
    #[must_use]
    pub fn own(&self, user: &str) -> Option<&Extension> {
        let mut phones = self
            .extensions
            .iter()
            .filter(|e| e.kind == ExtensionKind::Phone);
        phones.find(|e| e.user.as_deref() == Some(user))
    }
}

impl Extension {
    /// The extension as a line to call from: by its short number where that
    /// is known.
    #[must_use]
    pub fn line(&self) -> Line {
        match &self.number {
            Some(number) => Line::Number(number.as_str().into()),
            None => Line::Id(self.id.clone()),
        }
    }
}

/// The number as it is dialled: what people put in for reading is left out.
///
/// # Errors
/// A clause that says why it cannot be dialled.
pub fn dialled(number: &str) -> Result<Arc<str>, String> {
    let digits: String = number
        .trim()
        .chars()
        .filter(|c| !" -./()\u{a0}".contains(*c))
        .collect();
    let rest = digits.strip_prefix('+').unwrap_or(&digits);
    let fits = (2..=32).contains(&rest.len())
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'))
        && rest.chars().any(|c| c.is_ascii_digit());
    if fits {
        return Ok(digits.as_str().into());
    }
    Err("is no number that can be dialled; write it as +4520123456".to_owned())
}

impl Intent {
    /// `who` is about to connect an extension with a number.
    #[must_use]
    pub fn dial(who: Arc<str>, dial: &Dial) -> Self {
        let params = vec![
            ("from".into(), dial.from.to_string().into()),
            ("to".into(), dial.to.clone()),
        ];
        Self::new(who, CALL.into(), None, params)
    }
}

/// A call that was made, or tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The intent's place in the journal.
    pub seq: Seq,
    /// When.
    pub at: At,
    /// The site.
    pub site: SiteName,
    /// Who.
    pub who: Arc<str>,
    /// The number, as sent.
    pub to: Arc<str>,
    /// What came of it; `None` where that is not known (yet).
    pub ended: Option<Ended>,
}

/// Calls made lately, from the journal's entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    made: VecDeque<Made>,
}

impl Calls {
    /// How many are kept, however recent.
    const KEPT: usize = 1_000;

    /// Takes an entry in; those of other kinds, and those taken in before,
    /// change nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.what {
            What::Intent(intent) if &*intent.call == CALL => {
                if self.made.iter().any(|made| made.seq == entry.seq) {
                    return;
                }
                let to = intent.params().find(|(name, _)| *name == "to");
                let oldest = entry
                    .at
                    .shift(-i64::try_from(LATELY.as_millis()).unwrap_or(0));
                self.made.retain(|made| made.at >= oldest);
                if self.made.len() >= Self::KEPT {
                    self.made.pop_front();
                }
                self.made.push_back(Made {
                    seq: entry.seq,
                    at: entry.at,
                    site: entry.site.clone(),
                    who: intent.who.clone(),
                    to: to.map_or_else(|| "".into(), |(_, to)| to.into()),
                    ended: None,
                });
            }
            What::Outcome(outcome) => {
                if let Some(made) = self.made.iter_mut().find(|m| m.seq == outcome.intent) {
                    made.ended = Some(outcome.ended.clone());
                }
            }
            _ => {}
        }
    }

    /// The last call to a number within [`LATELY`], whoever made it: one that
    /// surely was not made does not count. `same` tells whether a number that
    /// was sent is the one that is meant.
    #[must_use]
    pub fn lately(&self, now: At, same: impl Fn(&str) -> bool) -> Option<&Made> {
        let mut made = self.made.iter().rev();
        made.find(|made| {
            let is_recent = now.since(made.at) <= LATELY;
            let failed = matches!(made.ended, Some(Ended::Failed(_)));
            is_recent && !failed && same(&made.to)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::Outcome;

    #[test]
    fn a_line_is_a_short_number_or_an_id() {
        assert_eq!("200".parse(), Ok(Line::Number("200".into())));
        assert_eq!(" @200 ".parse(), Ok(Line::Number("200".into())));
        assert_eq!("000*099".parse(), Ok(Line::Number("000*099".into())));
        assert_eq!("id:175".parse(), Ok(Line::Id("175".into())));
        for wrong in ["", "@", "id:", "2/0", "a b", ".."] {
            assert!(wrong.parse::<Line>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_dialled_is_a_number() {
        assert_eq!(dialled("+45 20-12.34(56)").as_deref(), Ok("+4520123456"));
        assert_eq!(dialled("*100#").as_deref(), Ok("*100#"));
        for wrong in ["anonymous", "", "+", "1", "sip:a@b", "##"] {
            assert!(dialled(wrong).is_err(), "{wrong}");
        }
    }

    fn entry(seq: Seq, at: i64, what: What) -> Entry {
        Entry {
            seq,
            at: At(at),
            site: "phones".into(),
            what,
        }
    }

    fn call(who: &str, to: &str) -> What {
        let dial = Dial {
            site: "phones".into(),
            from: Line::Number("200".into()),
            to: to.into(),
        };
        What::Intent(Intent::dial(who.into(), &dial))
    }

    fn ended(intent: Seq, ended: Ended) -> What {
        What::Outcome(Outcome {
            intent,
            took: Duration::from_millis(3),
            ended,
        })
    }

    #[test]
    fn who_called_a_number_lately_is_known() {
        let mut calls = Calls::default();
        calls.apply(&entry(1, 0, call("anna", "+4520123456")));
        calls.apply(&entry(2, 1_000, call("jens", "+4520123456")));
        calls.apply(&entry(3, 2_000, ended(2, Ended::Failed("refused".into()))));
        let to = |number: &'static str| move |sent: &str| sent == number;
        let now = At(60_000);
        assert_eq!(&*calls.lately(now, to("+4520123456")).unwrap().who, "anna");
        assert_eq!(calls.lately(now, to("+4599999999")), None);
        let later = At(601_000);
        assert_eq!(calls.lately(later, to("+4520123456")), None);
    }
}
