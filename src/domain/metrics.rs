//! Figures with their formulas. A figure whose denominator is zero is not
//! known: `None`, shown as `—`, never 0.

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entry::Departure;

/// A queue's counts since midnight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    day: Option<Date>,
    answered: Waits,
    left: Waits,
}

/// Waits that ended one way, kept one by one so that a service level can be
/// told for any target, also one configured later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Waits {
    millis: Vec<u32>,
    unknown: u32,
}

impl Waits {
    fn count(&self) -> u64 {
        self.millis.len() as u64 + u64::from(self.unknown)
    }

    fn within(&self, target: Duration) -> u64 {
        self.millis
            .iter()
            .filter(|ms| Duration::from_millis(u64::from(**ms)) <= target)
            .count() as u64
    }

    fn add(&mut self, waited: Option<Duration>) {
        match waited {
            Some(d) => self.millis.push(millis(d)),
            None => self.unknown = self.unknown.saturating_add(1),
        }
    }

    fn take_back(&mut self, waited: Option<Duration>) {
        match waited.map(millis) {
            Some(ms) => {
                if let Some(at) = self.millis.iter().rposition(|m| *m == ms) {
                    self.millis.remove(at);
                }
            }
            None => self.unknown = self.unknown.saturating_sub(1),
        }
    }
}

fn millis(d: Duration) -> u32 {
    u32::try_from(d.as_millis()).unwrap_or(u32::MAX)
}

/// Waits shorter than this that end without an answer are short abandons,
/// left out of [`Today::service_level_of_offered`].
pub const SHORT_ABANDON: Duration = Duration::from_secs(5);

impl Today {
    /// Counts a departure on `day`; a later day begins at zero. One of an
    /// earlier day, as a clock set back tells it, must not take back what the
    /// day has counted.
    pub(super) fn count(&mut self, day: Date, how: Departure, waited: Option<Duration>) {
        if self.day.is_some_and(|kept| kept > day) {
            return;
        }
        if self.day != Some(day) {
            *self = Self {
                day: Some(day),
                ..Self::default()
            };
        }
        self.waits(how).add(waited);
    }

    /// Takes back a departure that turned out not to be one.
    pub(super) fn take_back(&mut self, day: Date, how: Departure, waited: Option<Duration>) {
        if self.day == Some(day) {
            self.waits(how).take_back(waited);
        }
    }

    fn waits(&mut self, how: Departure) -> &mut Waits {
        match how {
            Departure::Answered => &mut self.answered,
            Departure::Left => &mut self.left,
        }
    }

    /// These counts, if they are of `day`.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&Today> {
        (self.day == Some(day)).then_some(self)
    }

    /// Callers whose last list said that they were answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.answered.count()
    }

    /// Callers who went otherwise; a polled list cannot tell why. Who went
    /// while no list came may have been answered: they are not counted.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left.millis.len() as u64
    }

    /// The longest wait that ended today.
    #[must_use]
    pub fn longest(&self) -> Option<Duration> {
        let longest = self.answered.millis.iter().chain(&self.left.millis).max()?;
        Some(Duration::from_millis(u64::from(*longest)))
    }

    /// SL-A "of answered": answered ≤ T / answered. What Asterisk's
    /// `queue show` prints as SL.
    #[must_use]
    pub fn service_level_of_answered(&self, target: Duration) -> Option<f64> {
        share(
            self.answered.within(target),
            self.answered.millis.len() as u64,
        )
    }

    /// SL-C "of offered": answered ≤ T / (answered + left − short abandons).
    /// Whoever left counts as abandoned, as a list cannot tell.
    #[must_use]
    pub fn service_level_of_offered(&self, target: Duration) -> Option<f64> {
        let short = self
            .left
            .millis
            .iter()
            .filter(|ms| u128::from(**ms) < SHORT_ABANDON.as_millis())
            .count();
        let offered = self.answered.millis.len() + self.left.millis.len() - short;
        share(self.answered.within(target), offered as u64)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a day's calls are far below 2^52"
)]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn service_levels_follow_their_formulas_and_are_unknown_without_calls() {
        let mut today = Today::default();
        assert_eq!(today.service_level_of_answered(S(20)), None);
        let day = date(2026, 3, 2);
        for (how, waited) in [
            (Departure::Answered, S(10)),
            (Departure::Answered, S(20)),
            (Departure::Answered, S(40)),
            (Departure::Left, S(4)),
            (Departure::Left, S(90)),
        ] {
            today.count(day, how, Some(waited));
        }
        assert_eq!(today.service_level_of_answered(S(20)), Some(2.0 / 3.0));
        assert_eq!(today.service_level_of_offered(S(20)), Some(0.5));
        assert_eq!(
            (today.answered(), today.left(), today.longest()),
            (3, 2, Some(S(90)))
        );
    }

    #[test]
    fn midnight_starts_again_and_a_wrong_departure_is_taken_back() {
        let mut today = Today::default();
        let (monday, tuesday) = (date(2026, 3, 2), date(2026, 3, 3));
        today.count(monday, Departure::Left, Some(S(30)));
        today.take_back(monday, Departure::Left, Some(S(30)));
        assert_eq!((today.left(), today.longest()), (0, None));
        today.count(monday, Departure::Answered, None);
        assert_eq!(today.on(tuesday), None);
        today.count(tuesday, Departure::Left, None);
        assert_eq!(today.left(), 0, "went while nobody looked");
        today.count(tuesday, Departure::Answered, None);
        assert_eq!(today.answered(), 1);
    }

    #[test]
    fn a_clock_set_back_over_midnight_takes_nothing_from_the_day() {
        let mut today = Today::default();
        let (monday, tuesday) = (date(2026, 3, 2), date(2026, 3, 3));
        today.count(monday, Departure::Left, Some(S(30)));
        today.count(tuesday, Departure::Answered, Some(S(10)));
        today.count(monday, Departure::Left, Some(S(40)));
        today.count(tuesday, Departure::Answered, Some(S(12)));
        let counted = today.on(tuesday).unwrap();
        assert_eq!((counted.answered(), counted.left()), (2, 0));
        assert_eq!(counted.longest(), Some(S(12)));
    }
}
