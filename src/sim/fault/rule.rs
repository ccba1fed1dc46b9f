//! A fault, for whom, and how often.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::Fault;
use crate::domain::site::Vendor;

/// A fault, for whom, and for how many requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What goes wrong.
    pub fault: Fault,
    /// For this vendor's requests only.
    #[serde(default)]
    pub vendor: Option<Vendor>,
    /// Only where the request's path contains this: one queue, or the login;
    /// of what is pushed, the event's name: `call:end`, `agent:`, `dial-`.
    #[serde(default)]
    pub path: Option<String>,
    /// For the next so many requests; until cleared where absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// Spares so many requests that it concerns first: the second page.
    #[serde(default)]
    pub after: u32,
    /// Strikes in so many cases of a hundred, by the simulator's seed; always
    /// where absent.
    #[serde(default)]
    pub percent: Option<u8>,
}

impl From<Fault> for Rule {
    /// The fault for everybody, until cleared.
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            vendor: None,
            path: None,
            times: None,
            after: 0,
            percent: None,
        }
    }
}

impl Rule {
    /// The same for one vendor only.
    #[must_use]
    pub fn of(mut self, vendor: Vendor) -> Self {
        self.vendor = Some(vendor);
        self
    }

    /// The same for paths that contain this only.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same for the next `times` requests only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// The same, but not for the first `after` requests.
    #[must_use]
    pub fn after(mut self, after: u32) -> Self {
        self.after = after;
        self
    }

    /// The same, but in so many cases of a hundred only.
    #[must_use]
    pub fn percent(mut self, percent: u8) -> Self {
        self.percent = Some(percent);
        self
    }

    /// Whether it strikes what it concerns, this time.
    pub(super) fn strikes(&mut self, rng: &mut Rng) -> bool {
        if self
            .percent
            .is_some_and(|percent| rng.u8(0..100) >= percent)
        {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        true
    }

    pub(super) fn struck(&mut self) {
        if let Some(times) = &mut self.times {
            *times = times.saturating_sub(1);
        }
    }

    pub(super) fn concerns(&self, vendor: Vendor, path: &str) -> bool {
        self.times != Some(0)
            && self.vendor.is_none_or(|v| v == vendor)
            && self.path.as_deref().is_none_or(|part| path.contains(part))
    }
}
