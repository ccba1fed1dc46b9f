//! Everything about Telphin's events that the page does not say: it tells when
//! an event is sent, and its tables of fields are not on it. Each line gives
//! the ground it stands on; to correct one, correct it here.

use std::{sync::Arc, time::Duration};

use super::extensions::Extensions;
use crate::domain::{extension::ExtensionKind, id::ExtensionId, time::At};

/// `EventTime`, in microseconds since 1970 as clients and captures have it;
/// the milliseconds, and the microseconds within the last one. What can only
/// be milliseconds or seconds is read as such: as microseconds it would lie in
/// January 1970.
#[must_use]
pub fn instant(text: &str) -> Option<(At, u16)> {
    let number: i64 = text.trim().parse().ok()?;
    let micros = match number {
        s @ 1_000_000_000..10_000_000_000 => s * 1_000_000,
        ms @ 1_000_000_000_000..10_000_000_000_000 => ms * 1_000,
        us @ 1_000_000_000_000_000..10_000_000_000_000_000 => us,
        // Before 2001 or after 2286 is a clock that was never set.
        _ => return None,
    };
    let within = u16::try_from(micros % 1_000).unwrap_or_default();
    Some((At(micros / 1_000), within))
}

/// `Duration` is in microseconds in captures (`11420018` for eleven seconds);
/// `BridgedDuration` is taken for the same.
#[must_use]
pub fn length(text: &str) -> Option<Duration> {
    let micros: u64 = text.trim().parse().ok()?;
    // A year is no call: such a sum is a mistake, and would outweigh all else.
    let length = Duration::from_micros(micros);
    (length < Duration::from_hours(24 * 365)).then_some(length)
}

/// The extension whose event it is: `SubCallID` begins with its id in every
/// capture (`85219-e6bd7bb2622b424392a012e28473f91a`).
#[must_use]
pub fn owner(leg: &str) -> Option<ExtensionId> {
    let (id, rest) = leg.split_once('-')?;
    let is_id = is_extension(id) && id.bytes().all(|b| b.is_ascii_digit());
    (is_id && !rest.is_empty()).then(|| id.into())
}

/// Whether this can be an extension's id: no capture has `0` as anybody's, and
/// whoever has no id to send may send that.
#[must_use]
pub fn is_extension(id: &str) -> bool {
    id.bytes().any(|b| b != b'0')
}

/// What an extension is that the configuration does not name: most are phones.
pub const UNNAMED: ExtensionKind = ExtensionKind::Phone;

/// The page gives `Transfered: "yes"`, with one r, and clients know `yes` and
/// `no`; the usual other words for them are taken too.
#[must_use]
pub fn yes(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// The phone that a queue calls: `CalledExtensionID`, unless that is the queue
/// itself; then the extension whose short number is called. Captures write
/// numbers as `2566*102` and addresses as `2566*102@host`; which of the two a
/// queue's own events bear was not seen.
#[must_use]
pub fn called_phone(
    queue: &ExtensionId,
    id: Option<&Arc<str>>,
    numbers: [Option<&Arc<str>>; 2],
    extensions: &Extensions,
) -> Option<ExtensionId> {
    let told = id.map(|id| ExtensionId::from(id.clone()));
    let others = told.filter(|id| id != queue);
    let by_number = || {
        let found = numbers.into_iter().flatten();
        found
            .filter_map(|number| short(number, extensions))
            .find(|id| *id != queue)
            .cloned()
    };
    others.or_else(by_number)
}

/// The extension with this number: as the configuration writes it, with or
/// without what stands before the `*` and after the `@`.
#[must_use]
pub fn short<'a>(number: &str, extensions: &'a Extensions) -> Option<&'a ExtensionId> {
    let number = number.trim();
    let number = number.split_once('@').map_or(number, |(user, _)| user);
    let bare = number.rsplit_once('*').map_or(number, |(_, bare)| bare);
    extensions
        .by_number(number)
        .or_else(|| extensions.by_number(bare))
}

/// Whether a number is one inside the PBX: those are written with a `*` in
/// every capture.
#[must_use]
pub fn is_internal(number: &str, extensions: &Extensions) -> bool {
    number.contains('*') || short(number, extensions).is_some()
}

/// A number whose `+` a sender forgot to encode arrives with a blank instead.
#[must_use]
pub fn number(text: Arc<str>) -> Arc<str> {
    match text.strip_prefix(' ') {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("+{digits}").into()
        }
        _ => text,
    }
}
