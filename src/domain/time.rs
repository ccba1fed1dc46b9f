//! Instants, and how time is written. Instants are UTC milliseconds; a clock
//! is a value that is handed in, so that tests and the simulator bring theirs.

use std::{fmt, sync::Arc, time::Duration};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// An instant: UTC milliseconds since the Unix epoch.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct At(pub i64);

/// Where "now" comes from.
pub type Clock = Arc<dyn Fn() -> At + Send + Sync>;

impl At {
    /// How long ago `earlier` was; zero if it lies in the future. Vendor
    /// clocks are never trusted, so no wait is ever negative.
    #[must_use]
    pub fn since(self, earlier: At) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This instant moved by `millis`, forwards or backwards.
    #[must_use]
    pub fn shift(self, millis: i64) -> At {
        At(self.0.saturating_add(millis))
    }

    /// This instant plus a duration.
    #[must_use]
    pub fn plus(self, d: Duration) -> At {
        self.shift(i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }

    /// The calendar day in `zone`, the unit of "today" in every count.
    #[must_use]
    pub fn day(self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.timestamp()).date()
    }

    /// `14:03:27` in `zone`.
    #[must_use]
    pub fn clock_time(self, zone: &TimeZone) -> String {
        zone.to_datetime(self.timestamp())
            .strftime("%H:%M:%S")
            .to_string()
    }

    /// `14:03` in `zone`.
    #[must_use]
    pub fn clock_minute(self, zone: &TimeZone) -> String {
        zone.to_datetime(self.timestamp())
            .strftime("%H:%M")
            .to_string()
    }

    /// As short as it is clear from `now`: `14:03` today, `Tue 14:03` within
    /// six days, else `24 Nov 14:03`.
    #[must_use]
    pub fn short(self, now: At, zone: &TimeZone) -> String {
        let wall = zone.to_datetime(self.timestamp());
        let days = (wall.date() - now.day(zone)).get_days();
        let shape = match days {
            0 => "%H:%M",
            1..=6 => "%a %H:%M",
            _ => "%-d %b %H:%M",
        };
        wall.strftime(shape).to_string()
    }

    /// `2026-11-24 14:03:27` in `zone`.
    #[must_use]
    pub fn date_time(self, zone: &TimeZone) -> String {
        zone.to_datetime(self.timestamp())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string()
    }

    /// Reads RFC 3339, as vendors write it (`2018-01-01T00:00:00.000Z`).
    #[must_use]
    pub fn parse(text: &str) -> Option<At> {
        text.trim()
            .parse::<Timestamp>()
            .ok()
            .map(|t| At(t.as_millisecond()))
    }

    /// The same instant as jiff knows it, held inside jiff's range.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

/// RFC 3339 in UTC, with a fraction only if it is not zero.
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// A wait as people read it: `0:07`, `12:30`, `1:02:03`, `4d 03h`.
#[must_use]
pub fn wait(d: Duration) -> String {
    let s = d.as_secs();
    let (hours, minutes, seconds) = (s / 3600, s / 60 % 60, s % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        1..=23 => format!("{hours}:{minutes:02}:{seconds:02}"),
        24..=23_999 => format!("{}d {:02}h", hours / 24, hours % 24),
        _ => ">999d".to_owned(),
    }
}

/// An age as people read it: `0s`, `41s`, `3m`, `1h32`, `15h`, `5d`.
#[must_use]
pub fn age(d: Duration) -> String {
    let s = d.as_secs();
    match s {
        0..=59 => format!("{s}s"),
        60..=3_599 => format!("{}m", s / 60),
        3_600..=35_999 => format!("{}h{:02}", s / 3600, s / 60 % 60),
        36_000..=172_799 => format!("{}h", s / 3600),
        _ => format!("{}d", s / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_read_like_a_clock_and_never_run_backwards() {
        assert_eq!(wait(Duration::from_secs(7)), "0:07");
        assert_eq!(wait(Duration::from_secs(372)), "6:12");
        assert_eq!(wait(Duration::from_secs(3_723)), "1:02:03");
        assert_eq!(wait(Duration::from_hours(51)), "2d 03h");
        assert_eq!(wait(Duration::from_secs(u64::MAX)), ">999d");
        assert_eq!(At(5).since(At(10)), Duration::ZERO);
    }

    #[test]
    fn instants_are_written_with_a_fraction_only_if_there_is_one() {
        let at = At::parse("2018-01-01T00:00:00.000Z").unwrap();
        assert_eq!(at.to_string(), "2018-01-01T00:00:00Z");
        assert_eq!(at.shift(250).to_string(), "2018-01-01T00:00:00.25Z");
        assert_eq!(At::parse("yesterday"), None);
        assert!(!At(i64::MAX).to_string().is_empty());
    }
}
