//! Durations as people write them in files and flags. Pure.

use std::time::Duration;

use super::text;

/// No duration is longer: what is longer is a slip, and sums stay in range.
const LONGEST: Duration = Duration::from_hours(24 * 36_525);

/// Reads `500ms`, `20s`, `45m`, `2h`, `90d`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = |why: &str| {
        let text = text::clip(text, 40);
        format!("{why}: \"{text}\"; write a whole number with ms, s, m, h or d, such as \"20s\"")
    };
    let text = text.trim();
    if text.starts_with('-') {
        return Err(wrong("cannot be negative"));
    }
    let digits = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let millis: u64 = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wrong("is not a duration")),
    };
    if number.is_empty() {
        return Err(wrong("is not a duration"));
    }
    number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(millis))
        .map(Duration::from_millis)
        .filter(|d| *d <= LONGEST)
        .ok_or_else(|| wrong("is longer than a century"))
}

/// A duration as [`duration`] reads it, in the largest unit that is whole.
#[must_use]
pub fn spell(d: Duration) -> String {
    let millis = d.as_millis();
    let units = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1_000, "s"),
    ];
    let unit = units
        .iter()
        .find(|(size, _)| millis > 0 && millis.is_multiple_of(*size));
    match unit {
        Some((60_000, _)) if millis < 120_000 => format!("{}s", millis / 1_000),
        Some((size, name)) => format!("{}{name}", millis / size),
        None if millis == 0 => "0s".to_owned(),
        None => format!("{millis}ms"),
    }
}
