//! The system's clock, the only one that is read.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::domain::time::{At, Clock};

/// The system's clock.
#[must_use]
pub fn system() -> Clock {
    Arc::new(now)
}

fn now() -> At {
    let millis = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => At(millis(since)),
        Err(before) => At(-millis(before.duration())),
    }
}

/// Until the next whole second by `clock`, so that a ticking screen changes
/// with the clock on the wall.
#[must_use]
pub fn to_next_second(clock: &Clock) -> Duration {
    Duration::from_millis(1_000 - clock().0.rem_euclid(1_000).unsigned_abs())
}
