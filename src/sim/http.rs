//! A request and a reply as plain data, so that each vendor is a pure function
//! from one to the other. How they travel is `server`'s business.

use axum::{
    body::Bytes,
    extract::Query,
    http::{HeaderMap, Method, Uri},
};
use serde::Serialize;

use crate::domain::time::At;

/// A request that has been read whole.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its method.
    pub method: Method,
    /// Address, of which only path and query matter.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Asked {
    /// The query's value of this name, decoded; the first if there are more.
    pub fn query(&self, name: &str) -> Option<String> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&self.uri).ok()?;
        pairs
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, v)| v)
    }

    /// A header's value, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// An answer that has not been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Headers, without length and connection.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// An answer with a body of some type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    /// An answer in JSON.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        // Nothing the simulator says holds a map with keys that are not text,
        // the one thing that cannot be written.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::new(status, "application/json; charset=utf-8", body)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A form's text as PHP's `urldecode` reads it: a `%` that leads nowhere stays.
pub fn decoded(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, behind)) = rest.split_first() {
        let hex = |at: usize| char::from(*rest.get(at)?).to_digit(16);
        let (byte, behind) = match (byte, hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                (u8::try_from(high * 16 + low).unwrap_or(b'?'), &rest[3..])
            }
            (b'+', ..) => (b' ', behind),
            _ => (*byte, behind),
        };
        bytes.push(byte);
        rest = behind;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An instant as HTTP writes it: `Sat, 21 Nov 2026 10:20:00 GMT`.
pub fn date(at: At) -> String {
    at.timestamp()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        let at = At::parse("2026-11-21T03:04:05.678Z").unwrap();
        assert_eq!(date(at), "Sat, 21 Nov 2026 03:04:05 GMT");
    }
}
