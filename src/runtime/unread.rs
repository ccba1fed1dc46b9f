//! What was written to a terminal's line and not yet read at its other end,
//! and until when the next frame is kept back for that. A line takes kilobytes
//! that nobody reads yet; on a slow one that is seconds, and every frame would
//! come late by them. Pure; knows no line: see [`super::receipts`].

use std::time::{Duration, Instant};

use super::pace::float;

/// What somebody asked for goes out behind so many bytes: a key need not wait
/// until the news before it were read.
const AHEAD: usize = 2_048;
/// So long the next frame waits for the receipt of one that may have been read
/// before anybody could hear of it: no longer than it would for its turn.
const BRIEFLY: Duration = Duration::from_millis(16);
/// So long it waits at first where the receipt is sure to come; twice as long
/// for each that went out in spite of it.
const PATIENTLY: Duration = Duration::from_millis(300);
/// It waits longer on a line that took longer last, by this factor.
const LONGER: f64 = 2.0;
/// Bytes below which a frame says little of a line's speed.
const FEW: usize = 1_024;
/// No frame waits longer.
const LONGEST: Duration = Duration::from_millis(2_500);
/// So many frames waited in vain, and there never was a receipt: this line
/// gives none.
const MUTE: u32 = 3;

/// What is not yet read, as far as is known.
#[derive(Debug, Default)]
pub struct Unread {
    bytes: usize,
    last: Option<Written>,
    /// Frames that went out although the ones before them were not read.
    in_spite: u32,
    /// Seconds that the line last took for a byte; `None` before it told.
    slowness: Option<f64>,
}

/// A frame that was written.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// How many bytes it had.
    pub bytes: usize,
    /// When its last byte was written.
    pub at: Instant,
    /// Whether its receipt is sure to be heard: it cannot have been read yet.
    pub is_sure: bool,
}

impl Unread {
    /// A frame was written.
    pub fn wrote(&mut self, frame: Written) {
        if self.last.is_some_and(|last| last.is_sure) {
            self.in_spite += 1;
        }
        self.bytes += frame.bytes;
        self.last = Some(frame);
    }

    /// All was read.
    pub fn was_read(&mut self, now: Instant) {
        if let Some(last) = self.last.take() {
            let took = now.saturating_duration_since(last.at).as_secs_f64();
            self.slowness = Some(took / float(last.bytes.max(FEW)));
        }
        (self.bytes, self.in_spite) = (0, 0);
    }

    /// Whether there may be something that was not read.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.last.is_some()
    }

    /// Until when the next frame waits; `None` where nothing is in its way.
    /// `asked`: somebody waits for it.
    #[must_use]
    pub fn holds_until(&self, asked: bool) -> Option<Instant> {
        let last = self.last?;
        let is_mute = self.slowness.is_none() && self.in_spite >= MUTE;
        if is_mute || (asked && self.bytes <= AHEAD) {
            return None;
        }
        let usual = self.slowness.unwrap_or(0.0) * float(self.bytes) * LONGER;
        let usual = Duration::try_from_secs_f64(usual).unwrap_or(LONGEST);
        let wait = if last.is_sure {
            PATIENTLY.saturating_mul(2_u32.saturating_pow(self.in_spite))
        } else {
            BRIEFLY
        };
        Some(last.at + wait.max(usual).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the line of these tests takes in a second.
    const RATE: f64 = 10_000.0;

    /// A line that gives receipts when all was read, or never, and frames of
    /// so many bytes given to it as soon as they may go, one in so many unsure;
    /// `asked`: by somebody who holds a key down. Answers how long after it
    /// was drawn each frame was read, and when it was drawn, in seconds.
    fn frames(bytes: usize, unsure: usize, receipts: bool, asked: bool) -> Vec<(f64, f64)> {
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let (mut unread, mut now, mut queued) = (Unread::default(), 0.0, 0.0);
        let mut frames = Vec::new();
        while now < 20.0 {
            queued += float(bytes);
            unread.wrote(Written {
                bytes,
                at: at(now),
                is_sure: !frames.len().is_multiple_of(unsure),
            });
            frames.push((queued / RATE, now));
            let may = now + 0.016;
            let holds = unread.holds_until(asked).map_or(may, |until| {
                may.max(until.saturating_duration_since(start).as_secs_f64())
            });
            let read = now + queued / RATE;
            let next = if receipts && read < holds {
                unread.was_read(at(read));
                may.max(read)
            } else {
                holds
            };
            queued = (queued - (next - now) * RATE).max(0.0);
            now = next;
        }
        frames
    }

    fn latest(frames: &[(f64, f64)]) -> f64 {
        frames.iter().map(|frame| frame.0).fold(0.0, f64::max)
    }

    /// The longest that something new waited until it was read.
    fn oldest(frames: &[(f64, f64)]) -> f64 {
        let pairs = frames.iter().zip(&frames[1..]);
        let ages = pairs.map(|(one, next)| next.1 + next.0 - one.1);
        ages.fold(0.0, f64::max)
    }

    #[test]
    fn nothing_is_older_than_a_second_though_nothing_was_known_of_the_line() {
        for bytes in [300, 900, 2_700, 3_000] {
            // The very first is unsure.
            let seen = frames(bytes, 4, true, false);
            assert!(oldest(&seen) < 1.0, "{bytes}: {}", oldest(&seen));
            let alone = float(bytes) / RATE;
            let known = &seen[seen.len() / 2..];
            // A small one may go out a little early.
            let most = 1.01 * alone + BRIEFLY.as_secs_f64();
            assert!(latest(known) < most, "{bytes}: {}", latest(known));
            // It is kept busy.
            let (first, last) = (known[0].1, known[known.len() - 1].1);
            let sent = float(bytes * (known.len() - 1));
            assert!(sent > 0.95 * RATE * (last - first), "{bytes}");
        }
    }

    #[test]
    fn a_key_that_is_held_down_never_fills_the_line() {
        let seen = frames(900, 4, true, true);
        assert!(latest(&seen) < 0.4, "{}", latest(&seen));
        assert!(seen.len() > 190, "{}", seen.len());
    }

    #[test]
    fn who_gives_no_receipts_is_not_waited_for() {
        let seen = frames(5, 2, false, false);
        assert!(seen.len() > 1_000, "{} frames in 20 s", seen.len());
    }

    fn written(bytes: usize, at: Instant, is_sure: bool) -> Written {
        Written { bytes, at, is_sure }
    }

    #[test]
    fn a_receipt_that_nobody_heard_costs_little_and_a_key_nothing() {
        let (mut unread, now) = (Unread::default(), Instant::now());
        unread.wrote(written(800, now, true));
        unread.was_read(now + Duration::from_micros(80));
        assert_eq!(unread.holds_until(false), None);
        for _ in 0..10 {
            unread.wrote(written(100, now, false));
            assert_eq!(unread.holds_until(false), Some(now + BRIEFLY));
            assert_eq!(unread.holds_until(true), None);
        }
    }

    #[test]
    fn a_line_that_is_known_to_be_slow_is_waited_for() {
        let (mut unread, now) = (Unread::default(), Instant::now());
        unread.wrote(written(3_000, now, true));
        unread.was_read(now + Duration::from_millis(300));
        unread.wrote(written(6_000, now, false));
        let late = now + Duration::from_millis(1_200);
        assert_eq!(unread.holds_until(false), Some(late));
        assert_eq!(unread.holds_until(true), Some(late));
    }

    #[test]
    fn nobody_reads_and_the_line_is_asked_ever_more_rarely() {
        let (mut unread, now) = (Unread::default(), Instant::now());
        unread.wrote(written(800, now, true));
        unread.was_read(now);
        let waits = [(); 5].map(|()| {
            unread.wrote(written(800, now, true));
            let until = unread.holds_until(false).unwrap();
            until.duration_since(now).as_millis()
        });
        assert_eq!(waits, [300, 600, 1_200, 2_400, 2_500]);
    }
}
