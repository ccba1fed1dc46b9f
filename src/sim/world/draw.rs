//! Random draws: waits between arrivals, talk times, patience. Pure functions
//! of the generator they are handed.

use std::time::Duration;

use fastrand::Rng;

/// An exponential wait: the time to the next of events that come `mean` apart.
pub fn exponential(rng: &mut Rng, mean: Duration) -> Duration {
    mean.mul_f64(-uniform(rng).ln())
}

/// A log-normal time: half of them are below `median`; `sigma` says how long
/// the tail is. Cut at thirty medians.
pub fn lognormal(rng: &mut Rng, median: Duration, sigma: f64) -> Duration {
    let (a, b) = (uniform(rng), uniform(rng));
    let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
    median.mul_f64((sigma * normal).exp().min(30.0))
}

/// A time between two, evenly, in milliseconds.
pub fn between(rng: &mut Rng, low_ms: u64, high_ms: u64) -> Duration {
    Duration::from_millis(rng.u64(low_ms..=high_ms))
}

/// True in `percent` of a hundred cases.
pub fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(0..100) < percent
}

/// One of several.
pub fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(0..from.len())]
}

/// Above 0 and up to 1, so that it has a logarithm.
fn uniform(rng: &mut Rng) -> f64 {
    1.0 - rng.f64()
}
