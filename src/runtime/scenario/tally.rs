//! What became of a scenario's requests, in numbers: how many, by code, how
//! long from when each was due. Knows no clock.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;

use crate::domain::scenario::Answer;

/// What was told of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// There was an answer.
    Answered {
        /// Its code: the vendor's, or of a webhook the HTTP status.
        code: String,
        /// The parameter it names; empty for none.
        key: String,
        /// Its words.
        message: String,
    },
    /// It surely did not arrive, and why.
    Failed(String),
    /// It may have arrived, and why that is not known.
    Unknown(String),
}

/// An expectation of the answers to one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is expected.
    pub answer: Answer,
    /// How many answers were looked at.
    pub looked: u64,
    /// How many were not as expected.
    pub wrong: u64,
    /// What the first of these was, as a clause.
    pub first: Option<String>,
}

/// The numbers. Always: sent = answered + failed + unknown, and planned = sent
/// + never sent, once it has ended.
#[derive(Clone, Debug)]
pub struct Tally {
    /// How many were to be sent.
    pub planned: u64,
    /// How many were begun to be sent.
    pub sent: u64,
    /// How many were answered.
    pub answered: u64,
    /// How many surely did not arrive.
    pub failed: u64,
    /// How many may have arrived.
    pub unknown: u64,
    /// How many answers of each code.
    pub codes: BTreeMap<String, u64>,
    /// Why there was no answer, and how often.
    pub troubles: BTreeMap<String, u64>,
    /// Expectations of answers, by the step's line.
    pub asked: BTreeMap<usize, Asked>,
    /// How late the latest was begun, from when it was due.
    pub latest: Duration,
    /// Microseconds from when a request was due.
    times: Histogram<u64>,
}

/// Reasons that are kept apart; more of them are one.
const REASONS: usize = 8;

/// A request that has come to its end.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The line of its step.
    pub line: usize,
    /// What was expected of the answer.
    pub answer: Option<Answer>,
    /// What was told.
    pub told: Told,
    /// How long that took, from when it was due.
    pub took: Duration,
}

impl Tally {
    /// Nothing yet, of so many.
    #[must_use]
    pub fn new(planned: u64) -> Self {
        Self {
            planned,
            sent: 0,
            answered: 0,
            failed: 0,
            unknown: 0,
            codes: BTreeMap::new(),
            troubles: BTreeMap::new(),
            asked: BTreeMap::new(),
            latest: Duration::ZERO,
            times: times(),
        }
    }

    /// A request was begun, so long after it was due.
    pub fn begun(&mut self, late: Duration) {
        self.sent += 1;
        self.latest = self.latest.max(late);
    }

    /// A request has come to its end.
    pub fn ended(&mut self, ended: &Ended) {
        let micros = u64::try_from(ended.took.as_micros()).unwrap_or(u64::MAX);
        match &ended.told {
            Told::Answered { code, key, .. } => {
                self.answered += 1;
                *self.codes.entry(code.clone()).or_default() += 1;
                self.times.saturating_record(micros);
                let is = || match key.as_str() {
                    "" => code.clone(),
                    key => format!("{code} about {key}"),
                };
                let holds = |answer: &Answer| answer.is(code, key, ended.took);
                self.ask(ended, holds, is);
            }
            Told::Failed(why) => {
                self.failed += 1;
                self.trouble(why);
                self.ask(ended, |_| false, || why.clone());
            }
            // It took at least so long: left out, the slowest would not count.
            Told::Unknown(why) => {
                self.unknown += 1;
                self.times.saturating_record(micros);
                self.trouble(why);
                self.ask(ended, |_| false, || why.clone());
            }
        }
    }

    /// All that was begun and has no end by now will have none.
    pub fn close(&mut self, why: &str) {
        let open = self.sent - self.answered - self.failed - self.unknown;
        if open > 0 {
            self.unknown += open;
            *self.troubles.entry(why.to_owned()).or_default() += open;
        }
    }

    /// How many were to be sent and were not.
    #[must_use]
    pub fn never_sent(&self) -> u64 {
        self.planned.saturating_sub(self.sent)
    }

    /// How long a share of the requests took at most, from when each was due;
    /// `None` where there is none.
    #[must_use]
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let micros = || self.times.value_at_quantile(percent / 100.0);
        (!self.times.is_empty()).then(|| Duration::from_micros(micros()))
    }

    fn ask(
        &mut self,
        ended: &Ended,
        holds: impl FnOnce(&Answer) -> bool,
        is: impl FnOnce() -> String,
    ) {
        let Some(answer) = &ended.answer else { return };
        let asked = self.asked.entry(ended.line).or_insert_with(|| Asked {
            answer: answer.clone(),
            looked: 0,
            wrong: 0,
            first: None,
        });
        asked.looked += 1;
        if !holds(answer) {
            asked.wrong += 1;
            let took = ended.took.as_millis();
            asked
                .first
                .get_or_insert_with(|| format!("{} after {took} ms", is()));
        }
    }

    fn trouble(&mut self, why: &str) {
        let known = self.troubles.contains_key(why) || self.troubles.len() < REASONS;
        let why = if known { why } else { "other reasons" };
        *self.troubles.entry(why.to_owned()).or_default() += 1;
    }
}

/// From a microsecond to an hour, three digits of each.
#[expect(clippy::expect_used, reason = "the bounds are constants, and fine")]
fn times() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 3_600_000_000, 3).expect("bounds")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(told: Told, ms: u64) -> Ended {
        Ended {
            line: 7,
            answer: Some(Answer {
                code: Some("2xx".into()),
                key: None,
                within: Some(Duration::from_millis(100)),
            }),
            told,
            took: Duration::from_millis(ms),
        }
    }

    fn answered(code: &str) -> Told {
        Told::Answered {
            code: code.into(),
            key: String::new(),
            message: String::new(),
        }
    }

    #[test]
    fn all_that_was_sent_ends_in_one_of_three() {
        let mut tally = Tally::new(10);
        for _ in 0..6 {
            tally.begun(Duration::from_millis(3));
        }
        for (told, ms) in [
            (answered("200"), 20),
            (answered("200"), 120),
            (answered("503"), 30),
            (Told::Failed("refused".into()), 1),
            (Told::Unknown("late".into()), 10_000),
        ] {
            tally.ended(&ended(told, ms));
        }
        tally.close("stopped");
        assert_eq!(tally.sent, tally.answered + tally.failed + tally.unknown);
        assert_eq!((tally.answered, tally.failed, tally.unknown), (3, 1, 2));
        assert_eq!(tally.never_sent(), 4);
        assert_eq!(
            tally.codes,
            BTreeMap::from([("200".into(), 2), ("503".into(), 1)])
        );
        let asked = &tally.asked[&7];
        assert_eq!((asked.looked, asked.wrong), (5, 4));
        assert_eq!(asked.first.as_deref(), Some("200 after 120 ms"));
    }

    #[test]
    fn percentiles_are_of_what_was_answered_or_waited_for() {
        let mut tally = Tally::new(100);
        assert_eq!(tally.percentile(50.0), None);
        for ms in 1..=100 {
            tally.ended(&ended(answered("200"), ms));
        }
        let millis = |percent| tally.percentile(percent).unwrap().as_micros() / 100;
        assert!((499..=501).contains(&millis(50.0)), "{}", millis(50.0));
        assert!((989..=991).contains(&millis(99.0)), "{}", millis(99.0));
    }

    #[test]
    fn many_reasons_take_little_room() {
        let mut tally = Tally::new(1_000);
        for n in 0..1_000 {
            tally.begun(Duration::ZERO);
            tally.ended(&ended(Told::Failed(format!("reason {n}")), 1));
        }
        assert_eq!(tally.troubles.len(), REASONS + 1);
        assert_eq!(tally.troubles.values().sum::<u64>(), 1_000);
    }
}
