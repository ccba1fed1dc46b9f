//! How long to wait between two frames so that none of them queues up behind
//! another. A terminal's line takes kilobytes without a sign that nobody reads
//! them yet; on a slow one that is seconds, and every frame would come late by
//! them. A guess from lines that were full, for where nobody tells what was read
//! (see [`super::unread`]). Pure; knows no line.

use std::time::{Duration, Instant};

/// What a pseudo-terminal holds before it takes no more: 8 KB on its way, 4 KB
/// to be read, and pieces that are read but not yet given free. Counted on
/// Linux 6: 18 to 22 KB, whatever the frames.
const QUEUE: f64 = 20_480.0;
/// Room in it comes in pieces of up to this size. So a line may be up to so
/// many bytes faster than it seems: taken for too fast it fills up and is
/// measured again, taken for too slow it would stay so.
const PIECE: f64 = 1_024.0;
/// Bytes that must have gone through a full line before it is taken to be
/// known; until then it is kept full.
const ENOUGH: f64 = 8_192.0;
/// Bytes that measure a line well: older ones count less.
const LONG: f64 = 8.0 * QUEUE;
/// Bytes a second below which a line is not slow, but was stopped.
const STOPPED: f64 = 2_000.0;
/// If it was not full in this time, the line counts as fast again: small
/// frames are hardly held up until then.
const REMEMBERED: Duration = Duration::from_mins(5);
/// What is used of a line, so that a queue that was longer than thought
/// becomes shorter.
const SHARE: f64 = 0.85;
/// What may be on its way when the next frame is drawn, in seconds of the
/// line: enough to keep it busy.
const AHEAD: f64 = 0.03;
/// Whatever the line is taken for, a frame is not held up longer.
const LONGEST: Duration = Duration::from_millis(2_500);

/// How a frame went out.
#[derive(Clone, Copy, Debug)]
pub struct Wrote {
    /// How many bytes it had.
    pub bytes: usize,
    /// Since when the line was full, and how many of the bytes were left to be
    /// written then; `None` where all went at once. How long a write took says
    /// less: this process may have waited for the processor.
    pub full: Option<(Instant, usize)>,
    /// When the last byte was written.
    pub ended: Instant,
}

/// What is known of a line's speed.
#[derive(Debug, Default)]
pub struct Pace {
    slow: Option<Slow>,
}

#[derive(Debug)]
struct Slow {
    /// Bytes a second.
    rate: f64,
    /// Since when it was never empty, and what went through it from then until
    /// it was full last.
    busy: (Instant, f64),
    /// When it was full last.
    full: Instant,
    /// Bytes written since then.
    since: f64,
    /// Bytes thought to be on their way, and when.
    queued: f64,
    at: Instant,
}

impl Pace {
    /// A frame was written; answers how long to wait before the next one is
    /// drawn.
    pub fn wrote(&mut self, wrote: Wrote) -> Duration {
        let (bytes, ended) = (float(wrote.bytes), wrote.ended);
        if let Some((full, left)) = wrote.full {
            let took = ended.saturating_duration_since(full);
            let slow = Slow::measured(self.slow.take(), bytes, float(left), took, ended);
            self.slow = Some(slow).filter(|slow| slow.rate >= STOPPED);
        } else if let Some(slow) = &mut self.slow {
            slow.went(bytes, ended);
        }
        self.slow
            .take_if(|slow| ended.saturating_duration_since(slow.full) > REMEMBERED);
        self.slow.as_ref().map_or(Duration::ZERO, Slow::rest)
    }
}

impl Slow {
    /// What a frame tells that found the line full, and what is known of it.
    fn measured(
        before: Option<Self>,
        bytes: f64,
        left: f64,
        took: Duration,
        ended: Instant,
    ) -> Self {
        let from = |from: Instant, through: f64, least: f64| {
            let took = ended.saturating_duration_since(from).as_secs_f64();
            Self {
                rate: ((through + PIECE) / took).max(least),
                busy: (from, through),
                full: ended,
                since: 0.0,
                queued: QUEUE,
                at: ended,
            }
        };
        let Some(slow) = before else {
            return from(ended.checked_sub(took).unwrap_or(ended), left, 0.0);
        };
        let since = slow.since + bytes;
        if since >= QUEUE {
            // It may have had nothing to do for a while.
            return from(slow.full, since, slow.rate * 0.8);
        }
        let (mut start, mut through) = slow.busy;
        if through > LONG {
            start += slow.full.saturating_duration_since(start) / 2;
            through /= 2.0;
        }
        from(start, through + since, 0.0)
    }

    fn went(&mut self, bytes: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.queued = (self.queued - passed * self.rate * SHARE).max(0.0) + bytes;
        self.at = now;
        self.since += bytes;
    }

    fn rest(&self) -> Duration {
        if self.busy.1 < ENOUGH {
            return Duration::ZERO;
        }
        let seconds = self.queued / (self.rate * SHARE) - AHEAD;
        Duration::from_secs_f64(seconds.max(0.0)).min(LONGEST)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a frame is far below 2^52 bytes"
)]
pub(super) fn float(bytes: usize) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with a queue whose room comes in pieces, and frames given to it
    /// as fast as the pace lets them go; each write may be held up by others
    /// for so long. Answers how late frames came, the latest last, and the
    /// share of the line that was used.
    fn latest(rate: f64, frame: usize, seconds: f64, held_up: f64) -> (Vec<f64>, f64) {
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let (mut pace, mut now, mut queued): (_, f64, f64) = (Pace::default(), 0.0, 0.0);
        let (mut late, mut sent) = (Vec::new(), 0.0);
        while now < seconds {
            let bytes = float(frame);
            let left = (queued + bytes - QUEUE).max(0.0);
            let pieces = (left / PIECE).ceil() * PIECE;
            let waits = pieces / rate + held_up;
            late.push((queued + bytes) / rate);
            sent += bytes;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "bytes of a frame"
            )]
            let full = (left > 0.0).then(|| (at(now), left as usize));
            let wrote = Wrote {
                bytes: frame,
                full,
                ended: at(now + waits),
            };
            let rest = pace.wrote(wrote).as_secs_f64();
            let passed = waits + rest.max(0.016);
            queued = (queued + bytes - passed * rate).max(0.0);
            now += passed;
        }
        late.sort_by(f64::total_cmp);
        (late, sent / seconds / rate)
    }

    #[test]
    fn on_a_slow_line_no_frame_waits_for_others_and_the_line_is_used() {
        for (rate, frame) in [
            (10_000.0, 500),
            (10_000.0, 900),
            (10_000.0, 2_700),
            (10_000.0, 5_000),
            (50_000.0, 2_700),
        ] {
            for held_up in [0.0, 0.05] {
                let alone = float(frame) / rate;
                let (late, used) = latest(rate, frame, 300.0, held_up);
                let most = late[late.len() * 95 / 100];
                let what = format!("{frame} bytes at {rate}/s, held up {held_up} s");
                assert!(most < alone + 0.3, "{what}: {most} s late");
                // Nothing was known of the line at first.
                assert!(late[late.len() - 1] < (QUEUE + 5_000.0) / rate, "{what}");
                let could = alone / (alone + held_up);
                assert!(used > 0.75 * could, "{what}: {used} of the line");
            }
        }
    }

    fn at_once(ended: Instant) -> Wrote {
        Wrote {
            bytes: 10_000,
            full: None,
            ended,
        }
    }

    fn waited(full: Instant, ended: Instant) -> Wrote {
        Wrote {
            full: Some((full, 10_000)),
            ..at_once(ended)
        }
    }

    #[test]
    fn a_fast_line_is_never_waited_for() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for second in 0..1_000 {
            let ended = now + Duration::from_secs(second);
            assert_eq!(pace.wrote(at_once(ended)), Duration::ZERO);
        }
    }

    #[test]
    fn a_line_that_was_stopped_is_not_slow() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let on = now + Duration::from_mins(5);
        assert_eq!(pace.wrote(waited(now, on)), Duration::ZERO);
    }

    #[test]
    fn a_line_that_became_fast_is_believed_in_the_end() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let on = now + Duration::from_millis(500);
        assert!(pace.wrote(waited(now, on)) > Duration::ZERO);
        let later = on + REMEMBERED + Duration::from_millis(1);
        assert_eq!(pace.wrote(at_once(later)), Duration::ZERO);
    }
}
