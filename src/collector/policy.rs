//! When to ask next: pure state. It deals in delays, never in instants, so
//! that a clock that jumps cannot stop or storm a feed.

use std::time::Duration;

use crate::domain::{
    fault::{Fault, FaultKind},
    time::At,
};

/// A feed that keeps failing is asked at least this often.
pub const LONGEST: Duration = Duration::from_mins(1);
/// Who we are does not get accepted by asking often; vendors may lock the
/// account instead.
pub const AFTER_REFUSAL: Duration = Duration::from_secs(15);
/// However long a vendor says to stay away, it is asked after this.
pub const LONGEST_RATE_LIMIT: Duration = Duration::from_mins(15);

/// A feed's pace.
#[derive(Clone, Debug)]
pub struct Policy {
    interval: Duration,
    failures: u32,
}

impl Policy {
    /// A feed to be asked every `interval`.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self {
            interval,
            failures: 0,
        }
    }

    /// How long to wait after a good answer that took `took`: the pace is
    /// counted from question to question, but a slow vendor gets a rest of at
    /// least a quarter of it.
    pub fn answered(&mut self, took: Duration) -> Duration {
        self.failures = 0;
        self.interval.saturating_sub(took).max(self.interval / 4)
    }

    /// How long to wait after a fault. It doubles with each fault in a row;
    /// `chance` (0 to 1) spreads feeds that failed together. What the vendor
    /// asked for (`until`) is kept.
    pub fn failed(&mut self, fault: &Fault, now: At, chance: f64) -> Duration {
        let doubled = self.interval.saturating_mul(1 << self.failures.min(10));
        self.failures = self.failures.saturating_add(1);
        let least = match fault.kind {
            FaultKind::Auth | FaultKind::Forbidden => AFTER_REFUSAL,
            _ => self.interval,
        };
        let backed_off = doubled.clamp(least, LONGEST.max(least));
        // Never sooner than a normal turn, up to half as long again.
        let spread = backed_off + backed_off.mul_f64(chance.clamp(0.0, 1.0) / 2.0);
        match fault.kind {
            FaultKind::RateLimited { until: Some(until) } => {
                // A site's queues were sent away together; they do not come
                // back in one instant.
                let asked_for = until.since(now).min(LONGEST_RATE_LIMIT);
                spread.max(asked_for + self.interval.mul_f64(chance.clamp(0.0, 1.0)))
            }
            _ => spread,
        }
    }
}

/// How long a feed is left alone after this fault even where somebody asks for
/// news now.
#[must_use]
pub fn least(fault: &Fault, now: At) -> Duration {
    match fault.kind {
        FaultKind::Auth | FaultKind::Forbidden => AFTER_REFUSAL,
        FaultKind::RateLimited { until: Some(until) } => until.since(now).min(LONGEST_RATE_LIMIT),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn fault(kind: FaultKind) -> Fault {
        Fault::new(kind, "", "")
    }

    #[test]
    fn the_pace_is_kept_and_a_slow_vendor_gets_a_rest() {
        let mut policy = Policy::new(S(2));
        assert_eq!(
            policy.answered(Duration::from_millis(300)),
            Duration::from_millis(1_700)
        );
        assert_eq!(policy.answered(S(9)), Duration::from_millis(500));
    }

    #[test]
    fn faults_back_off_to_a_minute_and_a_good_answer_ends_it() {
        let mut policy = Policy::new(S(2));
        let down = fault(FaultKind::Unreachable);
        let delays: Vec<u64> = (0..8)
            .map(|_| policy.failed(&down, At(0), 0.0).as_secs())
            .collect();
        assert_eq!(delays, [2, 4, 8, 16, 32, 60, 60, 60]);
        policy.answered(S(0));
        assert_eq!(policy.failed(&down, At(0), 0.0), S(2));
        assert_eq!(policy.failed(&down, At(0), 1.0), S(6));
    }

    #[test]
    fn a_refused_login_is_not_hammered() {
        let mut policy = Policy::new(S(2));
        assert_eq!(
            policy.failed(&fault(FaultKind::Auth), At(0), 0.0),
            AFTER_REFUSAL
        );
    }

    #[test]
    fn what_the_vendor_asks_for_is_kept_within_reason() {
        let limited = |until| {
            fault(FaultKind::RateLimited {
                until: Some(At(until)),
            })
        };
        let mut policy = Policy::new(S(2));
        assert_eq!(policy.failed(&limited(30_000), At(0), 0.5), S(31));
        assert_eq!(
            policy.failed(&limited(i64::MAX), At(0), 0.0),
            LONGEST_RATE_LIMIT
        );
        let mut policy = Policy::new(S(2));
        // A clock that went ahead of the vendor's: no wait, but not at once.
        assert_eq!(policy.failed(&limited(0), At(9_000), 0.0), S(2));
    }

    #[test]
    fn no_hurry_comes_before_what_the_vendor_asked_for() {
        let limited = |until| fault(FaultKind::RateLimited { until });
        for (fault, expected) in [
            (fault(FaultKind::Auth), AFTER_REFUSAL),
            (fault(FaultKind::Forbidden), AFTER_REFUSAL),
            (limited(Some(At(30_000))), S(30)),
            (limited(Some(At(i64::MAX))), LONGEST_RATE_LIMIT),
            (limited(None), S(0)),
            (fault(FaultKind::Unreachable), S(0)),
        ] {
            assert_eq!(least(&fault, At(0)), expected, "{fault:?}");
        }
    }
}
