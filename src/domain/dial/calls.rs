//! Who called whom lately, from the journal's entries, and whether somebody
//! was quicker. Pure.

use std::{collections::VecDeque, sync::Arc};

use super::{CALL, LATELY};
use crate::domain::{
    action::Ended,
    entry::{Entry, Seq, What},
    id::SiteName,
    phone,
    time::{At, age},
};

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
    /// surely was not made does not count. `country` is that of the site it
    /// would be dialled through.
    #[must_use]
    pub fn lately(&self, now: At, number: &str, country: Option<&str>) -> Option<&Made> {
        self.last(now, number, country, |_| true)
    }

    /// The last such call whose intent stands behind `asked` and before `own`:
    /// somebody was quicker, and nobody was asked about it.
    #[must_use]
    pub fn unasked(
        &self,
        now: At,
        number: &str,
        country: Option<&str>,
        between: (Seq, Seq),
    ) -> Option<&Made> {
        let (asked, own) = between;
        let fits = |made: &Made| asked < made.seq && made.seq < own;
        self.last(now, number, country, fits)
    }

    /// The last one to a number that fits, however it was written.
    fn last(
        &self,
        now: At,
        number: &str,
        country: Option<&str>,
        fits: impl Fn(&Made) -> bool,
    ) -> Option<&Made> {
        let plain = |number: &str| phone::e164(number, country);
        let meant = plain(number);
        self.made.iter().rev().find(|made| {
            let is_recent = now.since(made.at) <= LATELY;
            let failed = matches!(made.ended, Some(Ended::Failed(_)));
            let is_same = || *made.to == *number || (meant.is_some() && plain(&made.to) == meant);
            is_recent && !failed && fits(made) && is_same()
        })
    }
}

impl Made {
    /// Who called, how long ago, and what came of it: `jens called +45… 3m ago
    /// (201: "OK")`. `me` is who reads it.
    #[must_use]
    pub fn words(&self, now: At, me: &str) -> String {
        let who = if *self.who == *me { "You" } else { &self.who };
        let told = match &self.ended {
            Some(ended) => ended.words(),
            None => "how it went is not known".to_owned(),
        };
        let ago = age(now.since(self.at));
        format!("{who} called {} {ago} ago ({told})", self.to)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::{
        action::{Intent, Outcome},
        dial::{Dial, Line},
    };

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
        let lately = |at, number| calls.lately(At(at), number, Some("DK"));
        // However it is written.
        for number in ["+4520123456", "20 12 34 56"] {
            let made = lately(60_000, number).unwrap();
            assert_eq!(&*made.who, "anna");
        }
        assert_eq!(lately(60_000, "+4599999999"), None);
        assert_eq!(lately(601_000, "+4520123456"), None);
        let made = lately(60_000, "+4520123456").unwrap();
        let told = made.words(At(60_000), "jens");
        assert_eq!(
            told,
            "anna called +4520123456 1m ago (how it went is not known)"
        );
        assert!(made.words(At(60_000), "anna").starts_with("You called"));
    }

    #[test]
    fn of_two_who_call_at_once_the_first_entry_wins() {
        let mut calls = Calls::default();
        calls.apply(&entry(4, 0, call("anna", "+4520123456")));
        calls.apply(&entry(5, 0, call("jens", "20123456")));
        let quicker = |asked, own| {
            let made = calls.unasked(At(1), "+4520123456", Some("DK"), (asked, own));
            made.map(|made| made.seq)
        };
        assert_eq!(quicker(0, 4), None);
        assert_eq!(quicker(0, 5), Some(4));
        // Who was asked about the first one meant it.
        assert_eq!(quicker(4, 5), None);
    }
}
