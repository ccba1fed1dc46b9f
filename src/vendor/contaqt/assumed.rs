//! Everything about Contaqt's events that the page does not say: it names the
//! events and their variables, and neither method, nor envelope, nor how
//! values are written. Each line gives the ground it stands on; to correct
//! one, correct it here.

use std::sync::Arc;

use crate::domain::time::At;

/// The fields that may hold the event's name, the likeliest first. The page
/// gives names and no field for them. `type` is documented as the call's type
/// and `name` is anybody's, so these two count only with a colon in them, as
/// all documented names have one.
pub const EVENT_KEYS: [&str; 3] = ["event", "name", "type"];

/// Whether a value of the key at this place in [`EVENT_KEYS`] is a name.
#[must_use]
pub fn is_event_name(place: usize, value: &str) -> bool {
    place == 0 || value.contains(':')
}

/// Names are documented in lower case; case is taken as meaning nothing.
#[must_use]
pub fn event_name(sent: &str) -> String {
    sent.trim().to_ascii_lowercase()
}

/// `ts` is "epoch (unix timestamp)": seconds, of which no unit is printed.
/// Fractions count; what can only be milliseconds or microseconds is read as
/// such: as seconds it would lie beyond the year 5000.
#[must_use]
pub fn instant(text: &str) -> Option<At> {
    let text = text.trim();
    let seconds: f64 = text.parse().ok()?;
    let millis = match seconds {
        s if s < 1e11 => s * 1e3,
        ms if ms < 1e14 => ms,
        us => us / 1e3,
    };
    #[expect(clippy::cast_possible_truncation, reason = "within range by the check")]
    // From 2001 to 2286: anything else is a clock that was never set.
    (1e12..1e13)
        .contains(&millis)
        .then(|| At(millis.round() as i64))
}

/// A user, device, queue or other thing that there is: an absent id, an empty
/// one and 0 all say that there is none.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !matches!(text.trim(), "" | "0" | "null")
}

/// The pause or activity of an agent who has none: 0 is what the vendor's
/// REST API sets for "available"; a field that is there and empty says the
/// same.
pub const NONE: &str = "0";

/// A number whose `+` a sender forgot to encode arrives with a blank instead.
#[must_use]
pub fn number(text: &Arc<str>) -> Arc<str> {
    match text.strip_prefix(' ') {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("+{digits}").into()
        }
        _ => text.clone(),
    }
}
