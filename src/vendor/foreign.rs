//! Answers that are not in a vendor's own form: redirects, web pages, bare
//! statuses; and how any answer's words are quoted. The remedy is the
//! vendor's to name. Pure; may use domain and `http::Answer`.

mod mask;

use reqwest::{StatusCode, Url};

use super::http::{self, Answer};
use crate::domain::{
    fault::{Fault, FaultKind},
    text,
};

/// Longer errors are none that an API writes; of others no more is read.
pub const LONGEST_ERROR: usize = 256 * 1024;

/// The kind of fault that a status means; `field` is what the vendor named,
/// if it turned a value down.
#[must_use]
pub fn kind(status: u16, field: String, answer: &Answer) -> FaultKind {
    match status {
        401 | 407 => FaultKind::Auth,
        403 => FaultKind::Forbidden,
        404 | 410 => FaultKind::NotFound,
        429 => FaultKind::RateLimited {
            until: answer.retry_after,
        },
        400..=499 => FaultKind::Invalid { field },
        500..=599 => FaultKind::Server,
        _ => FaultKind::Malformed,
    }
}

/// A 3xx. It names the host only: a path or query may hold a secret.
#[must_use]
pub fn redirected(answer: &Answer, secrets: &[&str]) -> Fault {
    let location = answer.location.as_deref().unwrap_or_default();
    let place = match Url::parse(location) {
        Ok(url) if url.has_host() => {
            let origin = url.origin().ascii_serialization();
            // A host is in lower case, whatever was sent.
            let lower: Vec<String> = secrets.iter().map(|s| s.to_lowercase()).collect();
            let secrets: Vec<&str> = lower.iter().map(String::as_str).collect();
            format!("and points to {}", quote(&origin, &secrets, 100))
        }
        _ if location.is_empty() => "without saying where to".into(),
        _ => "and points to another path of the same host".into(),
    };
    Fault::new(
        FaultKind::Redirected,
        format!("the server answered {} {place}", named(answer.status)),
        "credentials are never sent after it: if that is the API, set `url` to it",
    )
}

/// A 2xx that is neither what was asked for nor an error.
#[must_use]
pub fn stranger(answer: &Answer, secrets: &[&str], remedy: &str) -> Fault {
    let got = match answer.text().first() {
        _ if http::is_page(answer) => page(answer, secrets),
        None => "nothing".into(),
        Some(b'{') => "an object".into(),
        Some(b'[') => "a list".into(),
        _ => "a text".into(),
    };
    Fault::new(
        FaultKind::Malformed,
        format!("the server answered with {got} where the API's JSON is due"),
        remedy,
    )
}

/// An error status without the vendor's envelope: a proxy, or another server.
#[must_use]
pub fn bare(answer: &Answer, secrets: &[&str], remedy: &str) -> Fault {
    let body = answer.text();
    let with = if http::is_page(answer) {
        format!(" with {}", page(answer, secrets))
    } else if body.is_empty() {
        String::new()
    } else {
        let start = String::from_utf8_lossy(&body[..body.len().min(LONGEST_ERROR)]);
        format!(": \"{}\"", quote(start.trim(), secrets, 120))
    };
    Fault::new(
        kind(answer.status, String::new(), answer),
        format!("the server answered {}{with}", named(answer.status)),
        remedy,
    )
}

/// `a web page ("502 Bad Gateway")`.
fn page(answer: &Answer, secrets: &[&str]) -> String {
    match http::title(answer.text()) {
        Some(title) => format!("a web page (\"{}\")", quote(&title, secrets, 80)),
        None => "a web page".into(),
    }
}

/// `502 Bad Gateway`.
#[must_use]
pub fn named(status: u16) -> String {
    StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .map_or_else(|| status.to_string(), |name| format!("{status} {name}"))
}

/// The vendor's words, without our secrets in any coding, made safe to show, cut to `max`
/// characters.
#[must_use]
pub fn quote(words: &str, secrets: &[&str], max: usize) -> String {
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|s| !s.is_empty()).collect();
    // The longest first, or a short one would break up a longer around it.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let hidden = secrets
        .iter()
        .fold(words.to_owned(), |words, secret| mask::mask(&words, secret));
    text::clip(&hidden, max)
}
