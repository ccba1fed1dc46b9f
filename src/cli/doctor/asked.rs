//! How sites are asked, and how what they answer is told.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{super::failure::Failure, finding::Finding};
use crate::{
    domain::{
        fault::Fault,
        time::{At, Clock},
    },
    vendor::http::Skew,
};

/// What is checked.
pub const SITE: &str = "site";

/// How it is asked.
#[derive(Clone)]
pub struct How {
    pub clock: Clock,
    pub deadline: Duration,
    pub zone: TimeZone,
}

pub type Told = (Vec<Finding>, Option<Skew>);

/// A fault, with the code that every command gives it.
pub fn failed(whom: &str, fault: &Fault, how: &How) -> Finding {
    let now: At = (how.clock)();
    let failure = Failure::clause(fault, now, &how.zone);
    let sentence = failure.sentence.as_str();
    // What happened may hold a semicolon of its own.
    let remedy = sentence.strip_prefix(fault.what.as_str());
    let remedy = remedy.unwrap_or_default().trim_start_matches("; ");
    let remedy = if remedy.is_empty() {
        "`holdline callers` and `holdline callbacks` ask again"
    } else {
        remedy
    };
    Finding::wrong(SITE, format!("{whom}{}", fault.what), remedy, failure.code)
}

/// `1 queue`, `3 queues`.
pub fn counted(n: u64, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

/// `83 ms`, `1.2 s`.
pub fn millis(took: Duration) -> String {
    match took.as_millis() {
        ms @ 0..=999 => format!("{ms} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}
