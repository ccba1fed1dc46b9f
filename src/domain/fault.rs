//! What is wrong with a source: the state of a feed, shown with its age,
//! never a panic. A fault is a sentence (what happened) and a remedy (what to
//! do); both are written where the vendor's answer is understood.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::time::At;

/// Why a source gave no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The kind, which decides lamp and exit code.
    pub kind: FaultKind,
    /// What happened, as a clause without a full stop. Vendors' own words in
    /// it are already cleaned.
    pub what: String,
    /// What to do about it; may be empty.
    pub remedy: String,
}

/// The kinds of fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Who we are is not accepted.
    Auth,
    /// We are known, but not allowed.
    Forbidden,
    /// Not there, or hidden from us: vendors answer both alike on purpose.
    NotFound,
    /// The vendor refused a value.
    Invalid {
        /// The field it named; empty where it named none.
        field: String,
    },
    /// Too many requests.
    RateLimited {
        /// When to come back, where the vendor said.
        until: Option<At>,
    },
    /// The vendor failed inside (5xx).
    Server,
    /// The answer is not what the vendor documents.
    Malformed,
    /// The answer points elsewhere; credentials never follow.
    Redirected,
    /// No whole answer in time.
    Timeout,
    /// No connection.
    Unreachable,
    /// Our receiver cannot listen for what is pushed.
    Deaf,
    /// Our receiver cannot store what is pushed.
    Unstored,
}

impl Fault {
    /// A fault of this kind.
    pub fn new(kind: FaultKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// 3 where nothing was reached or no answer came in time, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            FaultKind::Timeout | FaultKind::Unreachable => 3,
            _ => 1,
        }
    }

    /// One word for a header lamp.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.kind {
            FaultKind::Auth => "login refused",
            FaultKind::Forbidden => "not allowed",
            FaultKind::NotFound => "not found",
            FaultKind::Invalid { .. } => "refused",
            FaultKind::RateLimited { .. } => "rate limited",
            FaultKind::Server => "vendor error",
            FaultKind::Malformed => "unreadable",
            FaultKind::Redirected => "redirected",
            FaultKind::Timeout => "timeout",
            FaultKind::Unreachable => "unreachable",
            FaultKind::Deaf => "cannot listen",
            FaultKind::Unstored => "cannot store",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
