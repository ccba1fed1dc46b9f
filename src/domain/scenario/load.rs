//! A scenario as a load: its requests over and over at a rate. Pure.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use fastrand::Rng;

use super::{
    Scenario,
    plan::{Plan, Send},
};
use crate::domain::time::At;

/// The requests of a scenario, over and over at an even rate: turn after turn,
/// each with values of its own, one every 1/rate. The times in the file only
/// order the requests of a turn; what it expects of the board is left out.
pub struct Load {
    scenario: Arc<Scenario>,
    seed: u64,
    start: At,
    rate: f64,
    turn: u64,
    made: u64,
    count: u64,
    ready: VecDeque<Send>,
}

impl Load {
    /// `rate` a second for `span`; none where the scenario sends nothing.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, seed: u64, start: At, rate: f64, span: Duration) -> Self {
        Self {
            scenario,
            seed,
            start,
            rate,
            turn: 0,
            made: 0,
            count: count(rate, span),
            ready: VecDeque::new(),
        }
    }
}

/// How many requests are due at a rate within a time.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate and a time of people: far from the bounds, and never negative"
)]
pub fn count(rate: f64, span: Duration) -> u64 {
    (rate * span.as_secs_f64()).round() as u64
}

/// When the request of this number, from 0, is due at a rate: by itself, so
/// that no error adds up.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "exact to 2^53 requests")]
pub fn due(number: u64, rate: f64) -> Duration {
    Duration::from_secs_f64(number as f64 / rate)
}

impl Iterator for Load {
    type Item = Send;

    fn next(&mut self) -> Option<Send> {
        /// Turns in which everything is dropped, in a row.
        const IDLE: u32 = 1_000;
        if self.made == self.count {
            return None;
        }
        let due = due(self.made, self.rate);
        let mut idle = 0;
        while self.ready.is_empty() && idle < IDLE {
            let seed =
                Rng::with_seed(self.seed ^ self.turn.wrapping_mul(0x9e37_79b9_7f4a_7c15)).u64(..);
            let each = Duration::from_secs_f64(1.0 / self.rate);
            let plan = Plan::turn(&self.scenario, seed, self.start.plus(due), each);
            self.ready.extend(plan.sends);
            self.turn += 1;
            idle += 1;
        }
        let send = self.ready.pop_front()?;
        self.made += 1;
        Some(Send { due, ..send })
    }
}
