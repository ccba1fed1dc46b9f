//! The last that was asked of vendors, each with what came of it, from the
//! journal's entries. Pure.

use std::{collections::VecDeque, sync::Arc};

use super::{
    action::{Ended, Intent, Outcome},
    entry::{Entry, What},
    id::SiteName,
    seq::Seq,
    time::At,
};

/// An intent with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The intent's place in the journal.
    pub seq: Seq,
    /// When it was written down.
    pub at: At,
    /// The site.
    pub site: SiteName,
    /// What was asked.
    pub intent: Intent,
    /// What came of it; `None` where that is not known (yet): the request may
    /// be under way, or whoever sent it did not live to write it down.
    pub outcome: Option<Outcome>,
    /// What the vendor has on record of it, where that was looked up.
    pub record: Option<Arc<str>>,
}

impl Past {
    /// What came of it in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.outcome {
            Some(outcome) => outcome.ended.words(),
            None => "outcome unknown".to_owned(),
        }
    }
}

/// The last intents with their outcomes, from the journal's entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    past: VecDeque<Past>,
}

impl History {
    /// How many are kept.
    pub const KEPT: usize = 200;

    /// Takes an entry in; those of other kinds, and those taken in before,
    /// change nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.what {
            What::Intent(intent) if self.past.iter().all(|past| past.seq != entry.seq) => {
                if self.past.len() >= Self::KEPT {
                    self.past.pop_front();
                }
                self.past.push_back(Past {
                    seq: entry.seq,
                    at: entry.at,
                    site: entry.site.clone(),
                    intent: intent.clone(),
                    outcome: None,
                    record: None,
                });
            }
            What::Outcome(outcome) => {
                let asked = self.past.iter_mut().find(|past| past.seq == outcome.intent);
                match (asked, &outcome.ended) {
                    (Some(past), Ended::OnRecord(what)) => past.record = Some(what.clone()),
                    (Some(past), _) => past.outcome = Some(outcome.clone()),
                    (None, _) => {}
                }
            }
            _ => {}
        }
    }

    /// All that is kept, the last first.
    pub fn latest(&self) -> impl Iterator<Item = &Past> {
        self.past.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::injection::{Injection, Reply};

    fn event() -> Injection {
        let mut event = Injection::new("sales".into(), "123".into());
        event.set("event", "TEST EVENT", At(0)).unwrap();
        event.set("time", "1700000000", At(0)).unwrap();
        event
    }

    fn entry(seq: Seq, what: What) -> Entry {
        Entry {
            seq,
            at: At(7),
            site: "sales".into(),
            what,
        }
    }

    fn outcome(intent: Seq, ended: Ended) -> What {
        What::Outcome(Outcome {
            intent,
            took: Duration::from_millis(3),
            ended,
        })
    }

    fn ok() -> Ended {
        Ended::Answered(vec![Reply {
            code: "204".into(),
            key: String::new(),
            message: "OK".into(),
        }])
    }

    #[test]
    fn an_intent_without_outcome_is_one_whose_outcome_is_unknown() {
        let mut history = History::default();
        let asked = What::Intent(Intent::inject("anna".into(), &event()));
        for entry in [
            entry(1, asked.clone()),
            entry(2, asked.clone()),
            entry(2, asked),
            entry(3, outcome(1, ok())),
            entry(4, outcome(99, ok())),
        ] {
            history.apply(&entry);
        }
        let told: Vec<_> = history.latest().map(|p| (p.seq, p.words())).collect();
        assert_eq!(
            told,
            [
                (2, "outcome unknown".to_owned()),
                (1, "204: \"OK\"".to_owned())
            ]
        );
        history.apply(&entry(5, outcome(2, Ended::Unknown("late".into()))));
        let last = history.latest().next().unwrap();
        assert_eq!(last.words(), "outcome unknown: late");
    }

    #[test]
    fn only_the_last_are_kept() {
        let mut history = History::default();
        for seq in 1..=(History::KEPT as Seq + 5) {
            let intent = Intent::inject("anna".into(), &event());
            history.apply(&entry(seq, What::Intent(intent)));
        }
        assert_eq!(history.latest().count(), History::KEPT);
        assert_eq!(history.latest().last().unwrap().seq, 6);
    }
}
