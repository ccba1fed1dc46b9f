//! How many requests the account has left in this hour (`X-RateLimit-*`, and
//! 429 `rate_limit_exceeded`). While it is known to have none, none leaves.
//! Pure but for a lock; the clock is handed in.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{assumed, refusal};
use crate::{
    domain::{
        fault::{Fault, FaultKind},
        time::{At, wait},
    },
    vendor::http::Answer,
};

/// What is left of the account's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many there are in an hour, where the vendor said.
    pub limit: Option<u64>,
    /// How many are left.
    pub remaining: u64,
    /// When there are all of them again, by our clock.
    pub reset: At,
}

/// The budget of an account, shared by all that ask in its name.
#[derive(Debug, Default)]
pub struct Allowance(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The last word, and when it was heard.
    known: Option<(Budget, At)>,
    /// Requests that left and are not answered.
    in_flight: u64,
}

/// Leave to send one request. Dropped without an answer, it counts as spent.
#[derive(Debug)]
pub struct Leave<'a> {
    allowance: &'a Allowance,
    is_settled: bool,
}

impl Allowance {
    /// What is left; `None` where that is not known, or no longer.
    pub fn budget(&self, now: At) -> Option<Budget> {
        self.state().current(now)
    }

    /// Leave to send one request now.
    ///
    /// # Errors
    /// None is left: the fault says until when.
    pub fn leave(&self, now: At) -> Result<Leave<'_>, Fault> {
        let mut state = self.state();
        if let Some(budget) = state.current(now)
            && budget.remaining <= state.in_flight
        {
            return Err(used_up(&budget, now));
        }
        state.in_flight += 1;
        Ok(Leave {
            allowance: self,
            is_settled: false,
        })
    }

    /// Never held across an await.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// Takes in what the answer says of the budget.
    pub fn answered(mut self, answer: &Answer) {
        self.is_settled = true;
        let mut state = self.allowance.state();
        match told(answer) {
            Some(told) => state.hear(told, answer.head),
            // Not counted by what the vendor says, so by us.
            None => state.spend(),
        }
    }

    /// The request surely never arrived.
    pub fn unsent(mut self) {
        self.is_settled = true;
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let mut state = self.allowance.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        if !self.is_settled {
            state.spend();
        }
    }
}

impl State {
    /// What is known, as far as it holds: until the reset, and not where the
    /// clock was set back before it was heard.
    fn current(&self, now: At) -> Option<Budget> {
        let (budget, heard) = self.known?;
        (heard <= now && now < budget.reset).then_some(budget)
    }

    /// Takes in an answer's word. Of one hour the smallest number counts:
    /// answers overtake each other.
    fn hear(&mut self, mut told: Budget, at: At) {
        if let Some(known) = self.current(at) {
            told.limit = told.limit.or(known.limit);
            let (early, late) = (known.reset.min(told.reset), known.reset.max(told.reset));
            if late.since(early) <= assumed::SAME_HOUR {
                told.remaining = told.remaining.min(known.remaining);
            }
        }
        self.known = Some((told, at));
    }

    /// Counts a request of which the vendor told nothing. The last one is
    /// never taken on a guess: somebody has to find out.
    fn spend(&mut self) {
        if let Some((budget, _)) = &mut self.known
            && budget.remaining > 1
        {
            budget.remaining -= 1;
        }
    }
}

/// What an answer says of the budget; `None` where it says nothing.
fn told(answer: &Answer) -> Option<Budget> {
    let is_used_up = is_used_up(answer);
    Some(Budget {
        limit: answer.rate.limit,
        remaining: if is_used_up {
            0
        } else {
            answer.rate.remaining?
        },
        reset: if is_used_up {
            until(answer)
        } else {
            reset(answer)?
        },
    })
}

/// Whether a 429 counts for the whole account: it says so, or does not say
/// that requests are left. Others turn down one request only, for another one
/// that is running.
fn is_used_up(answer: &Answer) -> bool {
    answer.status == 429
        && (refusal::code(answer).as_deref() == Some(assumed::RATE_LIMITED)
            || answer.rate.remaining.unwrap_or(0) == 0)
}

/// When to come back after a 429: as the vendor says, within an hour, or after
/// an assumed rest.
pub fn until(answer: &Answer) -> At {
    let soonest = answer.head.plus(assumed::ROUNDED);
    let latest = answer.head.plus(assumed::LONGEST_REST);
    reset(answer)
        .filter(|_| is_used_up(answer))
        .or_else(|| Some(answer.retry_after?.clamp(soonest, latest)))
        .unwrap_or_else(|| answer.head.plus(assumed::REST))
}

/// When the hour ends, where the answer says so.
fn reset(answer: &Answer) -> Option<At> {
    let seconds = Duration::from_secs(answer.rate.reset?).min(assumed::LONGEST_REST);
    Some(answer.head.plus(seconds.saturating_add(assumed::ROUNDED)))
}

fn used_up(budget: &Budget, now: At) -> Fault {
    let of = match budget.limit {
        Some(limit) => format!(", {limit} an hour,"),
        None => String::new(),
    };
    Fault::new(
        FaultKind::RateLimited {
            until: Some(budget.reset),
        },
        format!("the requests{of} of this Telphin account are used up, so none was sent"),
        format!(
            "all users and applications of the account share them: wait {} more, and ask less \
             often",
            wait(budget.reset.since(now))
        ),
    )
}
