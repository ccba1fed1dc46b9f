//! What a seed makes of a scenario: requests and expectations, each with the
//! time it is due. The same seed, scenario and start give the same plan. Pure.

mod drawing;
mod ids;

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use super::{
    super::{span::spell, time::At},
    Answer, Scenario,
    expect::Hope,
    webhook::Webhook,
};
use drawing::Drawing;
pub use ids::complete;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// Where its step stands in the file.
    pub line: usize,
    /// When, from the beginning.
    pub due: Duration,
    /// The site that its step names.
    pub site: Option<Arc<str>>,
    /// What.
    pub what: Letter,
    /// What is expected of the answer. Nothing where it was spoilt by chance.
    pub answer: Option<Answer>,
    /// What was done to it on purpose, as a word for people.
    pub spoilt: Option<Spoilt>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A webhook, as the vendor would send it.
    Webhook(Webhook),
    /// Parameters of `queues/events/create`, as typed.
    Injection(Vec<(&'static str, String)>),
}

/// What was done to a request on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// It is a second copy.
    Again,
    /// It changed places with the next one.
    Swapped,
    /// It is late.
    Late,
    /// It is cut off.
    Cut,
}

impl Spoilt {
    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Again => "duplicate",
            Self::Swapped => "reordered",
            Self::Late => "delayed",
            Self::Cut => "corrupt",
        }
    }
}

/// An expectation of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Where its step stands in the file.
    pub line: usize,
    /// When it is looked for the first time, from the beginning.
    pub from: Duration,
    /// How long it may take from then.
    pub within: Duration,
    /// The site that its step names.
    pub site: Option<Arc<str>>,
    /// What.
    pub hope: Hope<String>,
}

/// All of it, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The requests.
    pub sends: Vec<Send>,
    /// The expectations of the board.
    pub watches: Vec<Watch>,
    /// How many requests are left out on purpose: `drop`.
    pub dropped: usize,
}

impl Plan {
    /// What `seed` makes of a scenario that begins at `start`.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64, start: At) -> Self {
        Drawing::new(seed, start).all(scenario)
    }

    /// The same with what is dropped on purpose: every step is in it, to be
    /// looked over.
    #[must_use]
    pub fn whole(scenario: &Scenario, seed: u64, start: At) -> Self {
        Drawing::new(seed, start).with_dropped().all(scenario)
    }

    /// One turn of a load: the file's times do not count, `each` is the time
    /// from one request to the next.
    pub(super) fn turn(scenario: &Scenario, seed: u64, start: At, each: Duration) -> Self {
        Drawing::new(seed, start).paced(each).all(scenario)
    }

    /// The most requests that fall within one second, for the sites that
    /// `which` names.
    #[must_use]
    pub fn peak(&self, which: impl Fn(&Send) -> bool) -> usize {
        let mut window: VecDeque<Duration> = VecDeque::new();
        let mut peak = 0;
        for send in self.sends.iter().filter(|send| which(send)) {
            while window
                .front()
                .is_some_and(|first| send.due >= *first + Duration::from_secs(1))
            {
                window.pop_front();
            }
            window.push_back(send.due);
            peak = peak.max(window.len());
        }
        peak
    }

    /// When the last request is due.
    #[must_use]
    pub fn lasts(&self) -> Duration {
        let watched = self.watches.iter().map(|watch| watch.from);
        let sent = self.sends.iter().map(|send| send.due);
        watched.chain(sent).max().unwrap_or_default()
    }
}

/// A line each, as `holdline inject run --validate` prints it.
impl fmt::Display for Send {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8.3} s  line {:<3}  ",
            self.due.as_secs_f64(),
            self.line
        )?;
        match &self.what {
            Letter::Webhook(webhook) => {
                f.write_str(webhook.event.name)?;
                for (name, value) in &webhook.fields {
                    write!(f, " {name}={value}")?;
                }
            }
            Letter::Injection(params) => {
                f.write_str("inject")?;
                for (name, value) in params {
                    write!(f, " {name}={value}")?;
                }
            }
        }
        if let Some(spoilt) = self.spoilt {
            write!(f, "  ({})", spoilt.word())?;
        }
        Ok(())
    }
}

impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8.3} s  line {:<3}  expect {} within {}",
            self.from.as_secs_f64(),
            self.line,
            self.hope,
            spell(self.within)
        )
    }
}
