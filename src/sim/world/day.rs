//! The shape of the day: how busy each hour is, and which time of day it is in
//! the world, which need not be what the clock says.

use std::time::Duration;

use jiff::civil::Time;

use crate::domain::time::At;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// Arrivals by hour as a share of the busiest: two humps with lunch between
/// them, a thin evening and a quiet night.
const SHAPE: [f64; 24] = [
    0.02, 0.02, 0.01, 0.01, 0.01, 0.02, 0.03, 0.14, 0.52, 0.90, 1.00, 0.92, 0.70, 0.84, 1.00, 0.90,
    0.60, 0.27, 0.17, 0.13, 0.10, 0.05, 0.03, 0.02,
];

/// Which time of day it is in the world.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// World time of day minus UTC, ms.
    offset: i64,
}

impl Day {
    /// A day in which it is `opens_at` at `start`; UTC's without.
    pub fn new(start: At, opens_at: Option<Time>) -> Self {
        let offset = opens_at.map_or(0, |time| {
            let since_midnight = i64::from(time.hour()) * HOUR
                + i64::from(time.minute()) * 60_000
                + i64::from(time.second()) * 1_000;
            since_midnight - start.0.rem_euclid(DAY)
        });
        Self { offset }
    }

    /// Milliseconds since the world's midnight.
    fn time_of_day(self, at: At) -> i64 {
        at.shift(self.offset).0.rem_euclid(DAY)
    }

    /// How busy it is, 0 to 1: between the hours' values in a straight line.
    pub fn busy(self, at: At) -> f64 {
        let time = self.time_of_day(at);
        let (mut low, mut high) = (SHAPE[0], SHAPE[1]);
        for (hour, pair) in (0..).zip(SHAPE.iter().zip(SHAPE.iter().cycle().skip(1))) {
            if time / HOUR == hour {
                (low, high) = (*pair.0, *pair.1);
            }
        }
        let minute = i32::try_from(time % HOUR / 60_000).unwrap_or(0);
        low + (high - low) * f64::from(minute) / 60.0
    }

    /// The next time after `at` when it is so many minutes past midnight.
    pub fn next(self, at: At, minute_of_day: u32) -> At {
        let wanted = i64::from(minute_of_day) * 60_000;
        let ahead = (wanted - self.time_of_day(at)).rem_euclid(DAY);
        at.shift(if ahead == 0 { DAY } else { ahead })
    }

    /// Whether it is between two minutes of the day, over midnight too.
    pub fn is_between(self, at: At, from: u32, to: u32) -> bool {
        let minute = self.time_of_day(at) / 60_000;
        let (from, to) = (i64::from(from), i64::from(to));
        if from <= to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        }
    }
}

/// A duration as signed milliseconds.
pub fn millis(d: Duration) -> i64 {
    i64::try_from(d.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn a_day_that_opens_in_the_morning_is_busy_whatever_the_clock_says() {
        let night = At::parse("2026-11-21T03:00:00Z").unwrap();
        let day = Day::new(night, Some(time(10, 20, 0, 0)));
        assert!(day.busy(night) > 0.9);
        assert!(Day::new(night, None).busy(night) < 0.05);
        assert!(day.is_between(night, 10 * 60, 11 * 60));
        assert_eq!(day.next(night, 10 * 60 + 30), night.shift(10 * 60_000));
        assert_eq!(day.next(night, 10 * 60 + 20), night.shift(24 * 60 * 60_000));
    }

    #[test]
    fn a_night_shift_spans_midnight() {
        let at = At::parse("2026-11-21T23:30:00Z").unwrap();
        let day = Day::new(at, None);
        assert!(day.is_between(at, 22 * 60, 7 * 60));
        assert!(!day.is_between(at, 7 * 60, 22 * 60));
    }
}
