//! What goes wrong with requests on purpose: in how many of a hundred cases,
//! decided by the seed. Pure.

use std::time::Duration;

use fastrand::Rng;

/// How late a request is at most, unless it is said.
pub const BY: Duration = Duration::from_secs(1);

/// In how many cases of a hundred what goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// Sent a second time.
    pub duplicate: u8,
    /// Changes its place with the next one to the same site.
    pub reorder: u8,
    /// Sent late.
    pub delay: u8,
    /// Never sent.
    pub drop: u8,
    /// Cut off in the middle.
    pub corrupt: u8,
    /// How late a delayed request, or a second copy, is at most.
    pub by: Duration,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            duplicate: 0,
            reorder: 0,
            delay: 0,
            drop: 0,
            corrupt: 0,
            by: BY,
        }
    }
}

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// So long after it is due a second copy follows.
    pub again: Option<Duration>,
    /// It changes its place with the next one.
    pub swapped: bool,
    /// It is so late.
    pub late: Duration,
    /// It is never sent.
    pub dropped: bool,
    /// It is cut off.
    pub cut: bool,
}

impl Faults {
    /// The fate of one request. The same draws whatever strikes, so that one
    /// percentage changed changes nothing else.
    pub fn fate(&self, rng: &mut Rng) -> Fate {
        let mut strikes = |percent: u8| rng.u8(0..100) < percent;
        let duplicate = strikes(self.duplicate);
        let swapped = strikes(self.reorder);
        let delay = strikes(self.delay);
        let dropped = strikes(self.drop);
        let cut = strikes(self.corrupt);
        let most = u64::try_from(self.by.as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
        let again = Duration::from_millis(rng.u64(1..=most));
        let late = Duration::from_millis(rng.u64(1..=most));
        Fate {
            again: duplicate.then_some(again),
            swapped,
            late: if delay { late } else { Duration::ZERO },
            dropped,
            cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_of_a_hundred_always_strike_and_none_never() {
        let mut rng = Rng::with_seed(3);
        let all = Faults {
            duplicate: 100,
            reorder: 100,
            delay: 100,
            drop: 100,
            corrupt: 100,
            by: Duration::from_millis(50),
        };
        for _ in 0..200 {
            let fate = all.fate(&mut rng);
            assert!(fate.swapped && fate.dropped && fate.cut, "{fate:?}");
            let short = |d: Duration| !d.is_zero() && d <= all.by;
            assert!(
                short(fate.late) && fate.again.is_some_and(short),
                "{fate:?}"
            );
            assert_eq!(Faults::default().fate(&mut rng), Fate::default());
        }
    }

    #[test]
    fn about_as_many_strike_as_are_asked_for() {
        let mut rng = Rng::with_seed(3);
        let some = Faults {
            drop: 30,
            ..Faults::default()
        };
        let dropped = (0..10_000).filter(|_| some.fate(&mut rng).dropped).count();
        assert!((2_800..3_200).contains(&dropped), "{dropped}");
    }
}
