//! How many requests are answered within an hour, shared by all who ask. Every
//! answer says what is left.

use std::time::Duration;

use crate::domain::time::At;

use super::super::{
    fault::{Fault, Moment, RetryAfter},
    http::Reply,
};

const HOUR: Duration = Duration::from_hours(1);

/// The account's budget.
#[derive(Debug)]
pub struct Budget {
    hourly: u32,
    /// Which hour since the epoch, and how many requests came in it.
    hour: i64,
    used: u32,
}

/// What every answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    limit: u32,
    remaining: u32,
    /// Seconds until it is whole again.
    reset: u64,
}

impl Budget {
    /// All of it left.
    pub fn new(hourly: u32) -> Self {
        Self {
            hourly,
            hour: 0,
            used: 0,
        }
    }

    /// Takes one request from it; false where none is left.
    pub fn spend(&mut self, now: At) -> bool {
        self.begin_hour(now);
        let left = self.used < self.hourly;
        if left {
            self.used += 1;
        }
        left
    }

    /// What is left, as answers say it.
    pub fn left(&mut self, now: At) -> Left {
        self.begin_hour(now);
        let hour = i64::try_from(HOUR.as_millis()).unwrap_or(i64::MAX);
        let next = At((self.hour + 1).saturating_mul(hour));
        Left {
            limit: self.hourly,
            remaining: self.hourly - self.used,
            reset: next.since(now).as_secs().max(1),
        }
    }

    fn begin_hour(&mut self, now: At) {
        let hour = i64::try_from(HOUR.as_millis()).unwrap_or(i64::MAX);
        let hour = now.0.div_euclid(hour);
        if self.hour != hour {
            (self.hour, self.used) = (hour, 0);
        }
    }
}

impl Left {
    /// The same where a fault says that there is nothing left.
    #[must_use]
    pub fn but_for(self, moment: Moment) -> Self {
        match moment.fault {
            Some(Fault::Status {
                code: 429,
                retry_after,
            }) => Self {
                remaining: 0,
                reset: match retry_after {
                    Some(RetryAfter::Seconds(s) | RetryAfter::DateIn(s)) => u64::from(*s),
                    None => self.reset,
                },
                ..self
            },
            _ => self,
        }
    }

    /// Says it with an answer.
    pub fn on(self, reply: Reply) -> Reply {
        reply
            .with("x-ratelimit-limit", self.limit.to_string())
            .with("x-ratelimit-remaining", self.remaining.to_string())
            .with("x-ratelimit-reset", self.reset.to_string())
    }
}
