//! PHP's `http_build_query` and the hash made of it: `api_hash =
//! md5(http_build_query($params) . key)` (page 004). Pure. What is sent is
//! byte for byte what was hashed, with `api_hash` behind it.

use std::fmt::{self, Write as _};

use md5::{Digest, Md5};

/// A value as PHP holds it. There is no float: no filter sends one, and PHP's
/// way of writing them is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Not sent at all.
    Null,
    /// `1` or `0`.
    Bool(bool),
    /// In decimal.
    Int(i64),
    /// Percent-encoded; an empty one is sent.
    Text(String),
    /// Further parameters, their keys in brackets; an empty one is not sent.
    Array(Array),
}

/// A PHP array: an ordered map. A list is one with the keys 0, 1, 2, …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Array(Vec<(String, Value)>);

impl Array {
    /// A list.
    #[must_use]
    pub fn list(values: impl IntoIterator<Item = Value>) -> Self {
        let numbered = values.into_iter().enumerate();
        Self(numbered.map(|(i, v)| (i.to_string(), v)).collect())
    }

    /// The array with one more entry at its end.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: Value) -> Self {
        self.0.push((key.into(), value));
        self
    }
}

impl FromIterator<(String, Value)> for Array {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(entries: T) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// What `http_build_query` makes of these parameters: pairs in the order of
/// insertion, RFC 1738.
#[must_use]
pub fn query(params: &Array) -> String {
    let mut query = String::new();
    for (key, value) in &params.0 {
        push(&mut query, &encode(key), value);
    }
    query
}

/// `name` is encoded already.
fn push(query: &mut String, name: &str, value: &Value) {
    let text = match value {
        Value::Null => return,
        Value::Array(array) => {
            for (key, value) in &array.0 {
                push(query, &format!("{name}%5B{}%5D", encode(key)), value);
            }
            return;
        }
        Value::Bool(flag) => u8::from(*flag).to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => encode(text),
    };
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.push_str(&text);
}

/// PHP's `urlencode`, byte by byte.
fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else if byte == b' ' {
            encoded.push('+');
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

/// A body ready to be sent. Its `Debug` shows nothing: the hash stands for the
/// key wherever the same parameters are sent again.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The query that was hashed, with `api_hash` behind it.
    pub body: String,
    /// The hash: 32 lower-case hex digits.
    pub hash: String,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({} bytes)", self.body.len())
    }
}

/// Signs parameters with the PBX's `api_key`; without one it is empty, and
/// the bare query is hashed.
#[must_use]
pub fn sign(params: &Array, key: &str) -> Signed {
    let mut body = query(params);
    let digest = Md5::new().chain_update(&body).chain_update(key).finalize();
    let mut hash = String::with_capacity(32);
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    if !body.is_empty() {
        body.push('&');
    }
    body.push_str("api_hash=");
    body.push_str(&hash);
    Signed { body, hash }
}
