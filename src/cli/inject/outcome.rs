//! What came of a scenario, as people and scripts read it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
    time::Duration,
};

use serde::Serialize;

use super::super::output::Listed;
use crate::{
    domain::{record::Fields, scenario::plan::Watch, span::spell, text::clean},
    runtime::scenario::{Report, tally::Tally},
};

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunRecord {
    /// Its name.
    pub scenario: String,
    /// The file.
    pub file: String,
    /// The seed.
    pub seed: u64,
    /// Requests a second, where a rate was asked for.
    pub rate: Option<f64>,
    /// Requests that were to be sent.
    pub planned: u64,
    /// Requests that were begun to be sent.
    pub sent: u64,
    /// Of these, answered,
    pub answered: u64,
    /// surely not arrived,
    pub failed: u64,
    /// and those that may have arrived.
    pub unknown: u64,
    /// Requests that were to be sent and were not.
    pub never_sent: u64,
    /// Requests left out on purpose.
    pub dropped: usize,
    /// Answers by code.
    pub codes: BTreeMap<String, u64>,
    /// Why there was no answer, and how often.
    pub troubles: BTreeMap<String, u64>,
    /// From when each was due: half of the answers came within this, ms.
    pub p50_ms: Option<f64>,
    /// 95 of a hundred.
    pub p95_ms: Option<f64>,
    /// 99 of a hundred.
    pub p99_ms: Option<f64>,
    /// All of them.
    pub max_ms: Option<f64>,
    /// How late the latest request was begun, ms.
    pub latest_ms: f64,
    /// How long it took until the last answer.
    pub took_s: f64,
    /// Whether it was stopped.
    pub stopped: bool,
    /// Whether all that was expected is so.
    pub passed: bool,
    /// What was expected.
    pub expectations: Vec<Expectation>,
}

/// Something that was expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expectation {
    /// The line of its step.
    pub line: usize,
    /// What.
    pub what: String,
    /// Whether it was so.
    pub passed: bool,
    /// What was so, in words.
    pub is: String,
    /// After how long it was so, ms; of the board.
    pub after_ms: Option<f64>,
}

impl Fields for RunRecord {
    const FIELDS: &'static [&'static str] = &[
        "scenario",
        "file",
        "seed",
        "rate",
        "planned",
        "sent",
        "answered",
        "failed",
        "unknown",
        "never_sent",
        "dropped",
        "codes",
        "troubles",
        "p50_ms",
        "p95_ms",
        "p99_ms",
        "max_ms",
        "latest_ms",
        "took_s",
        "stopped",
        "passed",
        "expectations",
    ];
}

impl Listed for RunRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[("SCENARIO", false), ("PASSED", false)];

    fn cells(&self) -> Vec<String> {
        vec![self.scenario.clone(), self.passed.to_string()]
    }
}

impl RunRecord {
    /// A run's.
    pub fn new(
        name: &str,
        file: &str,
        seed: u64,
        rate: Option<f64>,
        dropped: usize,
        report: &Report,
    ) -> Self {
        let tally = &report.tally;
        let expectations = expectations(report);
        let percentile = |percent| tally.percentile(percent).map(millis);
        Self {
            scenario: name.to_owned(),
            file: file.to_owned(),
            seed,
            rate,
            planned: tally.planned,
            sent: tally.sent,
            answered: tally.answered,
            failed: tally.failed,
            unknown: tally.unknown,
            never_sent: tally.never_sent(),
            dropped: if rate.is_some() { 0 } else { dropped },
            codes: tally.codes.clone(),
            troubles: tally.troubles.clone(),
            p50_ms: percentile(50.0),
            p95_ms: percentile(95.0),
            p99_ms: percentile(99.0),
            max_ms: percentile(100.0),
            latest_ms: millis(tally.latest),
            took_s: (report.took.as_secs_f64() * 1_000.0).round() / 1_000.0,
            stopped: report.stopped,
            passed: expectations.iter().all(|e| e.passed),
            expectations,
        }
    }

    /// The same for people.
    pub fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let line = |out: &mut dyn Write, name: &str, words: &str| {
            writeln!(out, "{name:<10} {}", clean(words))
        };
        let rate = self.rate.map(|rate| format!(", {rate} a second"));
        let head = format!(
            "{} ({}), seed {}{}",
            self.scenario,
            self.file,
            self.seed,
            rate.unwrap_or_default()
        );
        line(out, "scenario", &head)?;
        let mut sent = format!(
            "{} of {} in {} s: {} answered, {} failed, {} unknown; {} never sent",
            self.sent,
            self.planned,
            self.took_s,
            self.answered,
            self.failed,
            self.unknown,
            self.never_sent
        );
        if self.dropped > 0 {
            // Writing to a String cannot fail.
            let _ = write!(sent, "; {} dropped on purpose", self.dropped);
        }
        if self.stopped {
            sent.push_str("; stopped");
        }
        line(out, "sent", &sent)?;
        let times = |counts: &BTreeMap<String, u64>| {
            let each = counts.iter().map(|(what, n)| format!("{what} {n} times"));
            each.collect::<Vec<_>>().join(", ")
        };
        if !self.codes.is_empty() {
            line(out, "codes", &times(&self.codes))?;
        }
        for (why, count) in &self.troubles {
            line(out, "no answer", &format!("{count} times: {why}"))?;
        }
        if let (Some(half), Some(most), Some(nearly), Some(all)) =
            (self.p50_ms, self.p95_ms, self.p99_ms, self.max_ms)
        {
            let words = format!(
                "p50 {half} ms, p95 {most} ms, p99 {nearly} ms, longest {all} ms, each from when it \
                 was due"
            );
            line(out, "times", &words)?;
        }
        for expected in &self.expectations {
            let mark = if expected.passed { "ok" } else { "FAILED" };
            let Expectation {
                line: at, what, is, ..
            } = expected;
            line(out, mark, &format!("line {at}: {what}: {is}"))?;
        }
        Ok(())
    }
}

fn expectations(report: &Report) -> Vec<Expectation> {
    let mut all = answers(&report.tally);
    for seen in &report.seen {
        let is = match seen.after {
            Some(after) => format!("{} after {} ms", seen.is, after.as_millis()),
            None => seen.is.clone(),
        };
        all.push(Expectation {
            is,
            passed: seen.after.is_some(),
            after_ms: seen.after.map(millis),
            ..of(&seen.watch)
        });
    }
    for watch in &report.unseen {
        all.push(Expectation {
            is: match &report.blind {
                Some(error) => format!("not known: {error}"),
                None => "not looked at: it was stopped before".to_owned(),
            },
            ..of(watch)
        });
    }
    all.sort_by_key(|expected| expected.line);
    all
}

fn of(watch: &Watch) -> Expectation {
    Expectation {
        line: watch.line,
        what: format!("{} within {}", watch.hope, spell(watch.within)),
        passed: false,
        is: String::new(),
        after_ms: None,
    }
}

fn answers(tally: &Tally) -> Vec<Expectation> {
    let each = tally.asked.iter();
    each.map(|(line, asked)| Expectation {
        line: *line,
        what: asked.answer.to_string(),
        passed: asked.wrong == 0,
        is: match &asked.first {
            None => format!("{} of {}", asked.looked, asked.looked),
            Some(first) => format!(
                "{} of {}; the first that was not: {first}",
                asked.looked - asked.wrong,
                asked.looked
            ),
        },
        after_ms: None,
    })
    .collect()
}

/// Milliseconds with three digits behind the point.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}
