//! Scenarios: steps at times that speak as a vendor, inject queue events and
//! expect something of the answer and of the board. Pure: a file's text becomes
//! a [`Scenario`] or all its mistakes, and with a seed a [`plan::Plan`]; the
//! same seed is the same plan. Sends nothing.
//!
//! ```toml
//! name = "A call is answered"
//! site = "team"
//! [vars]
//! agent = "17"
//! call = { random = "uuid" }
//! [[step]]
//! event = "call:ring"
//! set = { call_id = "${call}", dst_user_id = "${agent}" }
//! answer = 200
//! [[step]]
//! expect = { agent = "${agent}", state = "ringing" }
//! within = "2s"
//! ```
//!
//! * `read`: the settings
//! * [`template`]: texts with variables, and what the variables are drawn from
//! * [`speech`]: what can be said as which vendor; [`saying`]: one such event,
//!   typed by hand, and what came of it; [`reach`]: where it may go
//! * [`webhook`]: a webhook to be sent
//! * [`plan`]: the requests and expectations that a seed makes of it;
//!   [`faults`]: what goes wrong with them on purpose; [`load`]: over and over
//! * [`expect`]: whether the board is as expected
//! * [`check`]: whether the configuration lets it run

pub mod check;
pub mod expect;
pub mod faults;
pub mod load;
pub mod plan;
pub mod reach;
mod read;
pub mod saying;
pub mod speech;
pub mod speech_telphin;
mod spoken;
pub mod template;
pub mod webhook;

use std::{fmt, sync::Arc, time::Duration};

pub use super::sheet::{Mistake, caret::Caret};
use super::time::At;
use expect::Hope;
use faults::Faults;
use speech::Spoken;
use template::{Template, Vars};
pub use webhook::Shape;

/// No scenario makes more requests: what does is a slip in a loop.
pub const MOST_SENDS: u64 = 100_000;

/// A time at which times like `-5m` make sense, to look files over by.
pub(super) const SOMETIME: At = At(1_700_000_000_000);

/// A scenario, whole and without mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it is called; the file's name where it does not say.
    pub name: Option<String>,
    /// What it is for.
    pub about: Option<String>,
    /// The site of all steps that name none.
    pub site: Option<Arc<str>>,
    /// The seed it is drawn from unless another is given; without, each run
    /// has its own, so that its ids are new.
    pub seed: Option<u64>,
    /// Its variables, drawn once.
    pub vars: Vars,
    /// What it does, in the file's order.
    pub steps: Vec<Step>,
    /// What works but may not be meant.
    pub notes: Vec<Mistake>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands in the file.
    pub line: usize,
    /// The site it is about, where it or what it stands in says so.
    pub site: Option<Arc<str>>,
    /// When it begins.
    pub start: Start,
    /// How often it is done.
    pub times: u32,
    /// From one time to the next.
    pub every: Duration,
    /// What it does.
    pub act: Act,
}

/// When a step begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// With the step before it, as that one ends.
    #[default]
    Here,
    /// So long after the scenario began, or the turn of the loop it is in.
    At(Duration),
    /// So long after the step before it.
    After(Duration),
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Speaks as a vendor.
    Say(Say),
    /// Has the vendor create a queue event (Enswitch,
    /// `queues/events/create`).
    Inject(Inject),
    /// Expects something of the board.
    Expect {
        /// What.
        hope: Hope<Template>,
        /// How long it may take.
        within: Duration,
    },
    /// Several steps; with `times`, a loop.
    Turn {
        /// Variables that are drawn anew in each turn.
        vars: Vars,
        /// The steps.
        steps: Vec<Step>,
    },
}

/// An event to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// Which.
    pub event: &'static Spoken,
    /// Its variables, by the vendor's names or others.
    pub set: Vec<(Arc<str>, Template)>,
    /// How its fields travel.
    pub shape: Shape,
    /// Where to; our own receiver where it is not said.
    pub to: Option<Arc<str>>,
    /// What is expected of the answer.
    pub answer: Option<Answer>,
    /// What goes wrong on purpose.
    pub faults: Faults,
}

/// A queue event to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inject {
    /// The call's parameters, by the vendor's names.
    pub set: Vec<(&'static str, Template)>,
    /// What is expected of the answer.
    pub answer: Option<Answer>,
    /// What goes wrong on purpose.
    pub faults: Faults,
}

/// What is expected of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its code: `204`, or `2xx`; of a webhook the HTTP status.
    pub code: Option<Arc<str>>,
    /// The parameter that it complains of.
    pub key: Option<Arc<str>>,
    /// How long it may take, from when the request was due.
    pub within: Option<Duration>,
}

impl Answer {
    /// Whether an answer with this code and key, so long after its request was
    /// due, is the expected one.
    #[must_use]
    pub fn is(&self, code: &str, key: &str, took: Duration) -> bool {
        let fits = |wanted: &str| match wanted.strip_suffix("xx") {
            Some(class) => code.len() == 3 && code.starts_with(class),
            None => code == wanted,
        };
        self.code.as_deref().is_none_or(fits)
            && self.key.as_deref().is_none_or(|wanted| wanted == key)
            && self.within.is_none_or(|most| took <= most)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("answer")?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(key) = &self.key {
            write!(f, " about {key}")?;
        }
        match self.within {
            Some(within) => write!(f, " within {}", super::span::spell(within)),
            None => Ok(()),
        }
    }
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// All its mistakes, in the file's order.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        read::scenario(text)
    }

    /// Whether any step speaks, injects or expects, wherever it stands.
    pub fn any(&self, fits: impl Fn(&Act) -> bool + Copy) -> bool {
        fn within(steps: &[Step], fits: impl Fn(&Act) -> bool + Copy) -> bool {
            steps.iter().any(|step| match &step.act {
                Act::Turn { steps, .. } => within(steps, fits),
                act => fits(act),
            })
        }
        within(&self.steps, fits)
    }
}
