//! A seeded call-center day: callers arrive, wait, ask to be called back, hang
//! up; agents come on shift, answer, wrap up, take breaks; who was missed gets
//! on a list of callbacks. Pure: no clock, no I/O; time is what
//! [`World::advance`] is told. May use `domain` only and knows no vendor: each
//! API tells the same world in its own words.

mod agenda;
mod backlog;
mod book;
mod call;
mod callback;
mod day;
mod draw;
pub mod exchange;
mod happening;
mod numbers;
mod people;
mod staff;
pub mod team;

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;
use jiff::civil::Time;

use crate::domain::time::At;

pub use call::{Call, CallNo, Mood, Stage};
pub use callback::{
    Assigned, CAMPAIGNS, Callback, CallbackNo, Campaign, Dialler, Progress, Reason,
};
pub use people::Person;
pub use staff::{Agent, AgentNo, Pause, Presence};

use agenda::Agenda;
use book::Book;
use day::Day;
use happening::Happening;

/// How long the world runs before the instant it is wanted at, so that people
/// wait and agents talk from the first look on.
const WARM_UP: Duration = Duration::from_hours(1);

/// The queues of the world, as everybody in it knows them.
pub const QUEUES: [Desk; 3] = [
    Desk {
        name: "support",
        number: "+4570305050",
        calls_per_hour: 66.0,
    },
    Desk {
        name: "sales",
        number: "+4570305060",
        calls_per_hour: 42.0,
    },
    Desk {
        name: "billing",
        number: "+4570305070",
        calls_per_hour: 32.0,
    },
];

/// A queue people call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Desk {
    /// What people call it.
    pub name: &'static str,
    /// The number callers dial, which they see when called back.
    pub number: &'static str,
    /// Arrivals per hour when the day is at its busiest, rushes apart.
    calls_per_hour: f64,
}

/// Which of [`QUEUES`].
pub type QueueNo = usize;

/// What has happened in a queue since the world began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Callers who entered.
    pub arrived: u64,
    /// Callers an agent spoke to, those called back included.
    pub answered: u64,
    /// Callers who hung up before.
    pub abandoned: u64,
    /// Callers who asked to be called back.
    pub asked_callback: u64,
}

/// The call center at one instant.
#[derive(Clone, Debug)]
pub struct World {
    rng: Rng,
    now: At,
    day: Day,
    lines: Vec<Line>,
    agents: Vec<Agent>,
    calls: BTreeMap<CallNo, Call>,
    book: Book,
    agenda: Agenda<Happening>,
}

/// A queue's own state.
#[derive(Clone, Debug, Default)]
struct Line {
    /// What the arrival rate is multiplied by while a rush lasts.
    rush: Option<f64>,
    tally: Tally,
}

impl World {
    /// The world as it is at `start`. With `opens_at` the day goes as if it
    /// were that time then, so that a demo at night shows a lively morning;
    /// without, the time of day is UTC's. The same arguments always give the
    /// same world.
    #[must_use]
    pub fn new(seed: u64, start: At, opens_at: Option<Time>) -> Self {
        let began = start.shift(-day::millis(WARM_UP));
        let day = Day::new(start, opens_at);
        let mut world = Self {
            rng: Rng::with_seed(seed),
            now: began,
            day,
            book: Book::new(seed, day, start),
            lines: vec![Line::default(); QUEUES.len()],
            agents: staff::roster(),
            calls: BTreeMap::new(),
            agenda: Agenda::new(),
        };
        world.begin(start);
        world.advance(start);
        world
    }

    /// Lets time pass up to and including `to`; an earlier instant changes
    /// nothing. The steps it is done in make no difference.
    pub fn advance(&mut self, to: At) {
        while let Some((at, happening)) = self.agenda.take(to) {
            self.now = at;
            self.happen(happening);
        }
        self.book.advance(to);
        self.now = self.now.max(to);
    }

    /// Now, as far as the world has come.
    #[must_use]
    pub fn now(&self) -> At {
        self.now
    }

    /// The callers a PBX would list for a queue, by arrival: everybody who
    /// waits, and for a moment still those just answered.
    pub fn callers(&self, queue: QueueNo) -> impl Iterator<Item = &Call> {
        self.calls
            .values()
            .filter(move |call| call.queue == queue && call.is_listed(self.now))
    }

    /// The callbacks on the list, whatever their state, in order of creation.
    pub fn callbacks(&self) -> impl DoubleEndedIterator<Item = &Callback> {
        self.book.callbacks()
    }

    /// Everybody who works here, on shift or not.
    #[must_use]
    pub fn agents(&self) -> &[Agent] {
        &self.agents
    }

    /// What has happened in a queue since the world began.
    #[must_use]
    pub fn tally(&self, queue: QueueNo) -> Tally {
        self.lines[queue].tally
    }
}

#[cfg(test)]
mod tests;
