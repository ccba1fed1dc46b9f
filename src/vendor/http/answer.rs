//! A whole answer, and what its headers say of time. Not judged here.

use std::{fmt, time::Duration};

use jiff::fmt::rfc2822;
use reqwest::header;

use super::Rate;
use crate::domain::time::At;

/// A whole answer, not judged. Its `Debug` shows no content.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// When to come back (`Retry-After`), by our clock.
    pub retry_after: Option<At>,
    /// What is left of our requests (`X-RateLimit-*`).
    pub rate: Rate,
    /// The `Date` header, by the vendor's clock; `None` if a cache gave the
    /// answer.
    pub date: Option<At>,
    /// When the request was sent, by our clock.
    pub sent: At,
    /// When the answer's head was here, by our clock.
    pub head: At,
    /// When the whole answer was here, by our clock.
    pub received: At,
}

impl Answer {
    /// The answer as far as its head tells it; the body is still to come.
    pub(super) fn head(response: &reqwest::Response, sent: At, head: At) -> Self {
        let text = |name| {
            let value: Option<&header::HeaderValue> = response.headers().get(name);
            value.map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned())
        };
        let is_cached = text(header::AGE).is_some_and(|age| age.trim() != "0");
        let date = text(header::DATE).and_then(|d| http_date(&d));
        Self {
            status: response.status().as_u16(),
            body: Vec::new(),
            content_type: text(header::CONTENT_TYPE),
            location: text(header::LOCATION),
            retry_after: text(header::RETRY_AFTER).and_then(|r| retry_after(&r, date, head)),
            rate: Rate::read(response.headers()),
            date: date.filter(|_| !is_cached),
            sent,
            head,
            received: head,
        }
    }

    /// An answer of this status and body, as if it had come at once.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            ..Self::default()
        }
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body without a byte order mark and leading blanks.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        let body = self.body.as_slice();
        body.strip_prefix("\u{feff}".as_bytes())
            .unwrap_or(body)
            .trim_ascii_start()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<At> {
    let zoned = rfc2822::parse(text.trim()).ok()?;
    Some(At(zoned.timestamp().as_millisecond()))
}

/// When `Retry-After` (seconds, or a date) lets us come back. A date is the
/// vendor's clock, so it counts from the vendor's `Date` where there is one.
fn retry_after(text: &str, vendor_now: Option<At>, now: At) -> Option<At> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = text.parse::<u32>().unwrap_or(u32::MAX);
        return Some(now.plus(Duration::from_secs(seconds.into())));
    }
    let date = http_date(text)?;
    Some(now.plus(date.since(vendor_now.unwrap_or(now))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_of_the_vendors_clock() {
        let now = At(1_000);
        let vendor = http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        let date = "Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(vendor, Some(At(784_111_777_000)));
        for (text, vendor, expected) in [
            ("30", None, Some(At(31_000))),
            (" 0 ", None, Some(At(1_000))),
            (
                "99999999999999999999",
                None,
                Some(At(1_000 + 4_294_967_295_000)),
            ),
            (date, vendor, Some(At(31_000))),
            (date, Some(At(i64::MAX)), Some(At(1_000))),
            ("soon", None, None),
            ("-5", None, None),
            ("", None, None),
        ] {
            assert_eq!(retry_after(text, vendor, now), expected, "{text}");
        }
    }
}
