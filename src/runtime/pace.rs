//! How long to wait between two frames so that none of them queues up behind
//! another. A terminal's line takes kilobytes without a sign that nobody reads
//! them yet; on a slow one that is seconds, and every frame would come late by
//! them. Pure; knows no line.

use std::time::{Duration, Instant};

/// What a pseudo-terminal holds before a write has to wait: 8 KB on its way
/// and 4 KB to be read.
const QUEUE: f64 = 12_288.0;
/// A write that takes this long had to wait.
const WAITED: Duration = Duration::from_millis(20);
/// Bytes a second below which a line is not slow, but was stopped.
const STOPPED: f64 = 2_000.0;
/// Without a write that had to wait in this time, the line counts as fast
/// again: small frames are hardly held up until then.
const REMEMBERED: Duration = Duration::from_mins(5);
/// What is used of a line, so that a queue that was longer than thought
/// becomes shorter.
const SHARE: f64 = 0.85;
/// What may be on its way when the next frame is drawn, in seconds of the
/// line: enough to keep it busy.
const AHEAD: f64 = 0.03;
/// Whatever the line is taken for, a frame is not held up longer.
const LONGEST: Duration = Duration::from_secs(1);

/// What is known of a line's speed.
#[derive(Debug, Default)]
pub struct Pace {
    slow: Option<Slow>,
}

#[derive(Debug)]
struct Slow {
    /// Bytes a second.
    rate: f64,
    /// When it was full last.
    full: Instant,
    /// Bytes written since then.
    since: f64,
    /// Bytes thought to be on their way, and when.
    queued: f64,
    at: Instant,
}

impl Pace {
    /// A frame of so many bytes was written; answers how long to wait before
    /// the next one is drawn.
    pub fn wrote(&mut self, bytes: usize, began: Instant, ended: Instant) -> Duration {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a frame is far below 2^52 bytes"
        )]
        let bytes = bytes as f64;
        let took = ended.saturating_duration_since(began);
        if took >= WAITED {
            self.slow = self.full(bytes, took, ended);
        } else if let Some(slow) = &mut self.slow {
            slow.went(bytes, ended);
        }
        self.slow
            .take_if(|slow| ended.saturating_duration_since(slow.full) > REMEMBERED);
        self.slow.as_ref().map_or(Duration::ZERO, Slow::rest)
    }

    /// The line is full: what went out since it was full before is what it
    /// takes in that time.
    fn full(&self, bytes: f64, took: Duration, ended: Instant) -> Option<Slow> {
        let measured = match &self.slow {
            Some(slow) => {
                let between = ended.saturating_duration_since(slow.full);
                (slow.since + bytes) / between.as_secs_f64()
            }
            None => bytes / took.as_secs_f64(),
        };
        (measured >= STOPPED).then_some(Slow {
            rate: measured * SHARE,
            full: ended,
            since: 0.0,
            queued: QUEUE,
            at: ended,
        })
    }
}

impl Slow {
    fn went(&mut self, bytes: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.queued = (self.queued - passed * self.rate).max(0.0) + bytes;
        self.at = now;
        self.since += bytes;
    }

    fn rest(&self) -> Duration {
        let seconds = self.queued / self.rate - AHEAD;
        Duration::from_secs_f64(seconds.max(0.0)).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with a queue, and frames given to it as fast as the pace lets
    /// them go. Answers the longest time from a frame's drawing to its end.
    fn latest(rate: f64, frame: usize, seconds: f64) -> f64 {
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let (mut pace, mut now, mut queued): (_, f64, f64) = (Pace::default(), 0.0, 0.0);
        let mut latest = 0.0_f64;
        while now < seconds {
            let bytes = f64::from(u32::try_from(frame).unwrap());
            let waits = (queued + bytes - QUEUE).max(0.0) / rate;
            // What fills the line first cannot be known before it is full.
            if now > 10.0 {
                latest = latest.max((queued + bytes) / rate);
            }
            let rest = pace.wrote(frame, at(now), at(now + waits)).as_secs_f64();
            let passed = waits + rest.max(0.016);
            queued = (queued + bytes - passed * rate).max(0.0);
            now += passed;
        }
        latest
    }

    #[test]
    fn on_a_slow_line_no_frame_waits_for_others() {
        for frame in [500, 2_000, 5_000] {
            let alone = f64::from(u32::try_from(frame).unwrap()) / 10_000.0;
            let late = latest(10_000.0, frame, 50.0);
            assert!(
                late < alone + 0.2,
                "{frame} bytes: {late} s, alone {alone} s"
            );
        }
    }

    #[test]
    fn a_fast_line_is_never_waited_for() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for _ in 0..1_000 {
            assert_eq!(pace.wrote(5_000, now, now), Duration::ZERO);
        }
    }

    #[test]
    fn a_line_that_was_stopped_is_not_slow() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let on = now + Duration::from_mins(5);
        assert_eq!(pace.wrote(5_000, now, on), Duration::ZERO);
    }

    #[test]
    fn a_line_that_became_fast_is_believed_in_the_end() {
        let (mut pace, mut now) = (Pace::default(), Instant::now());
        let on = now + Duration::from_millis(500);
        assert!(pace.wrote(5_000, now, on) > Duration::ZERO);
        now = on + REMEMBERED + WAITED;
        assert_eq!(pace.wrote(5_000, now, now), Duration::ZERO);
    }
}
