//! The simulator's own time: a clock it is handed, run at a speed.

use std::time::Duration;

use crate::domain::time::{At, Clock};

/// Virtual time: starts with the real clock and runs `speed` times as fast.
#[derive(Clone)]
pub struct SimClock {
    real: Clock,
    start: At,
    speed: f64,
}

impl SimClock {
    /// A clock that shows what `real` shows now and goes on from there.
    pub fn new(real: Clock, speed: f64) -> Self {
        let start = real();
        Self { real, start, speed }
    }

    /// The virtual now. A real clock that is set back is followed.
    pub fn now(&self) -> At {
        let real = (self.real)();
        let ahead = self.scaled(real.since(self.start));
        let behind = self.scaled(self.start.since(real));
        self.start.plus(ahead).shift(-millis(behind))
    }

    /// The real time until a virtual instant; none if it has passed.
    pub fn until(&self, at: At) -> Duration {
        let ahead = at.since(self.now()).as_secs_f64() / self.speed;
        Duration::try_from_secs_f64(ahead).unwrap_or(Duration::MAX)
    }

    /// Real time as virtual time.
    fn scaled(&self, real: Duration) -> Duration {
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed).unwrap_or(Duration::MAX)
    }
}

fn millis(d: Duration) -> i64 {
    i64::try_from(d.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use super::*;

    #[test]
    fn time_runs_at_the_speed_asked_for_and_follows_the_real_clock_back() {
        let real = Arc::new(AtomicI64::new(1_795_000_000_000));
        let source = Arc::clone(&real);
        let clock = SimClock::new(Arc::new(move || At(source.load(Ordering::SeqCst))), 60.0);
        assert_eq!(clock.now(), At(1_795_000_000_000));
        real.fetch_add(1_234, Ordering::SeqCst);
        assert_eq!(clock.now(), At(1_795_000_000_000 + 74_040));
        let ahead = At(1_795_000_000_000 + 104_040);
        assert_eq!(clock.until(ahead), Duration::from_millis(500));
        assert_eq!(clock.until(At(0)), Duration::ZERO);
        real.fetch_sub(2_234, Ordering::SeqCst);
        assert_eq!(clock.now(), At(1_795_000_000_000 - 60_000));
        real.store(i64::MAX, Ordering::SeqCst);
        assert!(clock.now() > At(1_795_000_000_000));
    }
}
