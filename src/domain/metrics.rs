//! Figures with their formulas. A figure whose denominator is zero is not
//! known: `None`, shown as `—`, never 0.

use std::{collections::BTreeMap, time::Duration};

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

/// Waits that ended one way: how many of each length, so that a service level
/// can be told for any target, also one configured later. A target is in whole
/// seconds, and nothing is shown finer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
struct Waits {
    lengths: BTreeMap<Length, u32>,
    unknown: u32,
}

/// A wait's length: two for each second, the odd one for what lies between it
/// and the next.
type Length = u32;

/// As it was stored once: each wait in milliseconds.
#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    millis: Vec<u32>,
    #[serde(default)]
    lengths: BTreeMap<Length, u32>,
    unknown: u32,
}

impl From<Stored> for Waits {
    fn from(stored: Stored) -> Self {
        let mut waits = Self {
            lengths: stored.lengths,
            unknown: stored.unknown,
        };
        for ms in stored.millis {
            waits.add(Some(Duration::from_millis(u64::from(ms))));
        }
        waits
    }
}

impl Waits {
    /// How many whose length is known.
    fn known(&self) -> u64 {
        self.lengths.values().map(|n| u64::from(*n)).sum()
    }

    fn count(&self) -> u64 {
        self.known() + u64::from(self.unknown)
    }

    fn within(&self, target: Duration) -> u64 {
        let within = self.lengths.range(..=length(target));
        within.map(|(_, n)| u64::from(*n)).sum()
    }

    fn shorter_than(&self, target: Duration) -> u64 {
        let shorter = self.lengths.range(..length(target));
        shorter.map(|(_, n)| u64::from(*n)).sum()
    }

    fn longest(&self) -> Option<Duration> {
        let longest = self.lengths.last_key_value()?.0 / 2;
        Some(Duration::from_secs(u64::from(longest)))
    }

    fn add(&mut self, waited: Option<Duration>) {
        let same = match waited {
            Some(waited) => self.lengths.entry(length(waited)).or_default(),
            None => &mut self.unknown,
        };
        *same = same.saturating_add(1);
    }

    fn take_back(&mut self, waited: Option<Duration>) {
        match waited.map(length) {
            Some(length) => {
                if let Some(same) = self.lengths.get_mut(&length) {
                    *same -= 1;
                    if *same == 0 {
                        self.lengths.remove(&length);
                    }
                }
            }
            None => self.unknown = self.unknown.saturating_sub(1),
        }
    }
}

fn length(waited: Duration) -> Length {
    let seconds = u32::try_from(waited.as_secs()).unwrap_or(u32::MAX);
    let between = u32::from(waited.subsec_millis() > 0);
    seconds.saturating_mul(2).saturating_add(between)
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
        self.left.known()
    }

    /// The longest wait that ended today, in whole seconds.
    #[must_use]
    pub fn longest(&self) -> Option<Duration> {
        self.answered.longest().max(self.left.longest())
    }

    /// SL-A "of answered": answered ≤ T / answered. What Asterisk's
    /// `queue show` prints as SL. `target` is T, in whole seconds.
    #[must_use]
    pub fn service_level_of_answered(&self, target: Duration) -> Option<f64> {
        share(self.answered.within(target), self.answered.known())
    }

    /// SL-C "of offered": answered ≤ T / (answered + left − short abandons).
    /// Whoever left counts as abandoned, as a list cannot tell. `target` is T,
    /// in whole seconds.
    #[must_use]
    pub fn service_level_of_offered(&self, target: Duration) -> Option<f64> {
        let long = self.left.known() - self.left.shorter_than(SHORT_ABANDON);
        share(self.answered.within(target), self.answered.known() + long)
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
    fn a_wait_is_within_a_target_to_the_millisecond_and_all_of_a_length_are_one() {
        let ms = Duration::from_millis;
        let day = date(2026, 3, 2);
        let mut today = Today::default();
        for waited in [19_999, 20_000, 20_001, 20_999] {
            today.count(day, Departure::Answered, Some(ms(waited)));
        }
        for waited in [4_999, 5_000] {
            today.count(day, Departure::Left, Some(ms(waited)));
        }
        assert_eq!(today.service_level_of_answered(S(20)), Some(0.5));
        assert_eq!(today.service_level_of_offered(S(20)), Some(2.0 / 5.0));
        assert_eq!(today.longest(), Some(S(20)));
        let before = today.clone();
        for _ in 0..1_000 {
            today.count(day, Departure::Answered, Some(ms(20_500)));
        }
        assert_eq!(today.answered.lengths.len(), before.answered.lengths.len());
        for _ in 0..1_000 {
            today.take_back(day, Departure::Answered, Some(ms(20_500)));
        }
        assert_eq!(today, before);
        today.take_back(day, Departure::Left, Some(ms(4_999)));
        assert_eq!(today.left(), 1);
        today.take_back(day, Departure::Left, Some(ms(4_999)));
        assert_eq!(today.left(), 1, "what was not counted is not taken back");
    }

    #[test]
    fn a_day_that_was_stored_wait_by_wait_goes_on() {
        let stored = r#"{"day":"2026-03-02","answered":{"millis":[10000,20500],"unknown":1},"left":{"millis":[],"unknown":0}}"#;
        let today: Today = serde_json::from_str(stored).unwrap();
        assert_eq!((today.answered(), today.longest()), (3, Some(S(20))));
        let again = serde_json::to_string(&today).unwrap();
        assert_eq!(serde_json::from_str::<Today>(&again).unwrap(), today);
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
