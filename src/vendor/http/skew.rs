//! The vendor's clock against ours, as far as a `Date` header can tell.

use std::time::Duration;

use super::Answer;

/// One measurement, for `FeedHealth::measured`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Vendor's clock minus ours, in milliseconds.
    pub ms: i64,
    /// What the measurement may be off by.
    pub tolerance: Duration,
}

impl Skew {
    /// Reads the answer's `Date` as the middle of its second, and takes it as
    /// said halfway between sending and the head's arrival. `None` without
    /// `Date`.
    #[must_use]
    pub fn of(answer: &Answer) -> Option<Self> {
        let vendor = answer.date?.shift(500);
        let trip = answer.head.since(answer.sent) / 2;
        let ours = answer.sent.plus(trip);
        Some(Self {
            ms: vendor.0.saturating_sub(ours.0),
            tolerance: Duration::from_millis(1_500) + trip,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::At;

    fn skew(date: i64, sent: i64, head: i64) -> Option<Skew> {
        Skew::of(&Answer {
            date: Some(At(date)),
            sent: At(sent),
            head: At(head),
            ..Answer::default()
        })
    }

    #[test]
    fn the_date_counts_as_the_middle_of_its_second_and_of_the_round_trip() {
        let expected = |ms, tolerance| {
            let tolerance = Duration::from_millis(tolerance);
            Some(Skew { ms, tolerance })
        };
        assert_eq!(skew(60_000, 60_400, 60_600), expected(0, 1_600));
        assert_eq!(skew(120_000, 60_000, 60_000), expected(60_500, 1_500));
        assert_eq!(skew(0, 60_000, 64_000), expected(-61_500, 3_500));
        // Our clock was set back between sending and receiving.
        assert_eq!(skew(60_000, 60_500, 0), expected(0, 1_500));
        assert_eq!(Skew::of(&Answer::default()), None);
    }
}
