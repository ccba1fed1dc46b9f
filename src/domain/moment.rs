//! A time as people type it: `2024-01-31 10:00:00` by the wall clock of a
//! zone, RFC 3339, or relative to now: `-7d`, `+2h`, `today`, `now`.

use std::{fmt, str::FromStr};

use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::time::At;

/// A time as typed, not yet resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// By the wall clock.
    Wall(DateTime),
    /// The same everywhere.
    Absolute(At),
    /// So much before (negative) or after now.
    FromNow {
        /// How many.
        count: i64,
        /// Of what.
        unit: Unit,
    },
    /// Midnight of a day, counted from today.
    Day(i64),
    /// Now.
    Now,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`: a calendar day, whatever DST makes of it.
    Day,
    /// `w`
    Week,
}

impl Unit {
    const ALL: [(char, Unit); 5] = [
        ('s', Self::Second),
        ('m', Self::Minute),
        ('h', Self::Hour),
        ('d', Self::Day),
        ('w', Self::Week),
    ];

    fn letter(self) -> char {
        Self::ALL
            .iter()
            .find(|(_, u)| *u == self)
            .map_or('s', |(c, _)| *c)
    }

    fn span(self, count: i64) -> Option<Span> {
        match self {
            Self::Second => Span::new().try_seconds(count).ok(),
            Self::Minute => Span::new().try_minutes(count).ok(),
            Self::Hour => Span::new().try_hours(count).ok(),
            Self::Day => Span::new().try_days(count).ok(),
            Self::Week => Span::new().try_weeks(count).ok(),
        }
    }
}

/// What a moment looks like, for sentences.
const SHAPES: &str = "write 2024-01-31 10:00, -7d, +2h, today or now";

impl FromStr for Moment {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        match typed.to_lowercase().as_str() {
            "now" => return Ok(Self::Now),
            "today" => return Ok(Self::Day(0)),
            "yesterday" => return Ok(Self::Day(-1)),
            "tomorrow" => return Ok(Self::Day(1)),
            _ => {}
        }
        if let Some(moment) = relative(typed) {
            return Ok(moment);
        }
        // An offset or a `Z` makes an instant; a time alone is the wall's.
        if let Some(at) = At::parse(typed) {
            return Ok(Self::Absolute(at));
        }
        let wall = typed.parse::<DateTime>().ok();
        let wall = wall.or_else(|| typed.parse::<Date>().ok().map(|d| d.at(0, 0, 0, 0)));
        wall.map(Self::Wall)
            .ok_or_else(|| format!("not a time; {SHAPES}"))
    }
}

/// `-7d`, `+2h`, `30m`.
fn relative(typed: &str) -> Option<Moment> {
    let unit = typed.chars().last()?;
    let unit = Unit::ALL.iter().find(|(c, _)| *c == unit)?.1;
    let count = typed[..typed.len() - 1].parse().ok()?;
    unit.span(count)?;
    Some(Moment::FromNow { count, unit })
}

impl Moment {
    /// The instant. A wall time that a change of the clocks left out counts as
    /// the same distance after it; one that came twice, as the first.
    #[must_use]
    pub fn resolve(&self, now: At, zone: &TimeZone) -> At {
        let here = zone.to_datetime(now.timestamp());
        match self {
            Self::Now => now,
            Self::Absolute(at) => *at,
            Self::Wall(wall) => at_wall(*wall, zone),
            Self::Day(days) => {
                let day = here.date().checked_add(days.days()).unwrap_or(here.date());
                at_wall(day.at(0, 0, 0, 0), zone)
            }
            Self::FromNow { count, unit } => {
                let moved = unit.span(*count).and_then(|span| {
                    now.timestamp()
                        .to_zoned(zone.clone())
                        .checked_add(span)
                        .ok()
                });
                moved.map_or(now, |moved| At(moved.timestamp().as_millisecond()))
            }
        }
    }

    /// `Y-m-d H:i:s` as a clock in `zone` shows it.
    #[must_use]
    pub fn on_the_wall(&self, now: At, zone: &TimeZone) -> String {
        let wall = match self {
            Self::Wall(wall) => *wall,
            other => zone.to_datetime(other.resolve(now, zone).timestamp()),
        };
        wall.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// The instant at which a clock in `zone` shows `wall`; see
/// [`Moment::resolve`] where there is none, or two.
#[must_use]
pub fn at_wall(wall: DateTime, zone: &TimeZone) -> At {
    zone.to_ambiguous_timestamp(wall)
        .compatible()
        .map_or(At(i64::MAX), |t| At(t.as_millisecond()))
}

/// Reads `Y-m-d H:i:s` as a clock in `zone` shows it (While1 writes no zone);
/// RFC 3339 where there is one.
#[must_use]
pub fn read_wall(text: &str, zone: &TimeZone) -> Option<At> {
    if let Some(at) = At::parse(text) {
        return Some(at);
    }
    text.trim()
        .parse::<DateTime>()
        .ok()
        .map(|wall| at_wall(wall, zone))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::Day(0) => f.write_str("today"),
            Self::Day(-1) => f.write_str("yesterday"),
            Self::Day(1) => f.write_str("tomorrow"),
            Self::Day(days) => write!(f, "{days:+}d"),
            Self::FromNow { count, unit } => write!(f, "{count:+}{}", unit.letter()),
            Self::Absolute(at) => at.fmt(f),
            Self::Wall(wall) => f.write_str(&wall.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucharest() -> TimeZone {
        TimeZone::get("Europe/Bucharest").unwrap()
    }

    fn wall(typed: &str, now: &str) -> String {
        typed
            .parse::<Moment>()
            .unwrap()
            .on_the_wall(At::parse(now).unwrap(), &bucharest())
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let now = "2026-11-21T10:30:15Z";
        assert_eq!(wall("now", now), "2026-11-21 12:30:15");
        assert_eq!(wall("today", now), "2026-11-21 00:00:00");
        assert_eq!(wall("-7d", now), "2026-11-14 12:30:15");
        assert_eq!(wall("+90m", now), "2026-11-21 14:00:15");
        assert_eq!(wall("2024-01-31 10:00:00", now), "2024-01-31 10:00:00");
        assert_eq!(wall("2024-01-31 10:00", now), "2024-01-31 10:00:00");
        assert_eq!(wall("2024-01-31", now), "2024-01-31 00:00:00");
        assert_eq!(wall("2024-01-31T10:00:00Z", now), "2024-01-31 12:00:00");
        for bad in [
            "soon",
            "-7",
            "d",
            "2024-13-01",
            "99999999999999999999d",
            "2024-01-31 25:00",
            "",
        ] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_is_a_day_whatever_the_clocks_do() {
        // The clocks went forward in the night to 2026-03-29.
        assert_eq!(wall("-1d", "2026-03-29T09:00:00Z"), "2026-03-28 12:00:00");
        assert_eq!(wall("-24h", "2026-03-29T09:00:00Z"), "2026-03-28 11:00:00");
    }

    #[test]
    fn a_time_left_out_counts_after_the_gap_and_one_that_came_twice_the_first_time() {
        let at = |text: &str| read_wall(text, &bucharest()).unwrap().to_string();
        assert_eq!(at("2026-03-29 03:30:00"), "2026-03-29T01:30:00Z");
        assert_eq!(at("2026-10-25 03:30:00"), "2026-10-25T00:30:00Z");
        assert_eq!(at("2026-10-25 04:30:00"), "2026-10-25T02:30:00Z");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_read_back_or_refused(typed in "\\PC{0,24}") {
            if let Ok(moment) = typed.parse::<Moment>() {
                proptest::prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
            }
        }
    }
}
