//! JSON as vendors write it: scalars are read leniently (a number or its
//! text; null, "" and absent alike), structure strictly (no duplicate field,
//! no number out of range, no endless nesting). Pure; may use domain.

mod walk;

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

pub use self::walk::{each_field, each_row, object, present};
use crate::domain::time::At;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digits as sent: an id may be longer than any integer type.
    Number(&'a str),
    /// A string.
    Text(Cow<'a, str>),
    /// An array or an object.
    Nested,
}

impl<'a> Scalar<'a> {
    /// Reads a value. Half a surrogate pair, which JavaScript leaves when it
    /// cuts a string, is replaced; an array or object is checked throughout.
    /// An error is a number out of range or nesting without end.
    pub fn read(raw: &'a RawValue) -> serde_json::Result<Self> {
        let text = raw.get();
        if let Some(plain) = plain(text) {
            return Ok(Self::Text(plain.into()));
        }
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::Text(string(text)?),
            Some(b'n') => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'[' | b'{') => {
                serde_json::from_str::<Sound>(text)?;
                Self::Nested
            }
            _ => {
                // Of so few digits none is out of range.
                if !(text.len() < 300 && text.bytes().all(|b| b.is_ascii_digit())) {
                    serde_json::from_str::<f64>(text)?;
                }
                Self::Number(text)
            }
        })
    }

    /// The text of a string or number as sent; `None` if blank or neither.
    #[must_use]
    pub fn text(&self) -> Option<Arc<str>> {
        let text: &str = match self {
            Self::Number(digits) => digits,
            Self::Text(text) => text,
            _ => return None,
        };
        (!text.trim().is_empty()).then(|| text.into())
    }

    /// The integer, also where it was sent as text or with a fraction.
    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        let text = match self {
            Self::Number(digits) => digits,
            Self::Text(text) => text.trim(),
            _ => return None,
        };
        text.parse().ok().or_else(|| whole(text.parse().ok()?))
    }

    /// The instant of an RFC 3339 text, or of a number of milliseconds since
    /// 1970. Anything else is `None`, and so is zero: no call is that old.
    #[must_use]
    pub fn instant(&self) -> Option<At> {
        if let Self::Text(text) = self
            && let Some(at) = At::parse(text)
        {
            return Some(at);
        }
        // Beyond jiff's year 9999 it is no date.
        self.integer()
            .filter(|ms| (1..=253_402_207_200_000).contains(ms))
            .map(At)
    }
}

/// A whole number of this size; `None` where a float is no longer exact.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    let integer = number as i64;
    (number.abs() < 9_007_199_254_740_992.0).then_some(integer)
}

/// The text of a JSON string in which nothing is escaped, as nearly all are.
#[must_use]
pub fn plain(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    (!text.as_bytes().contains(&b'\\')).then_some(text)
}

/// A JSON string's text. Read as bytes, or half a surrogate pair would be an
/// error.
fn string(json: &str) -> serde_json::Result<Cow<'_, str>> {
    struct Lossy;
    impl<'de> Visitor<'de> for Lossy {
        type Value = Cow<'de, str>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
            Ok(String::from_utf8_lossy(bytes))
        }
        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_bytes(Lossy)
}

/// A key, borrowed where it holds no escape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(KeyVisitor)
    }
}

/// Any value, walked through and found sound: unlike serde's `IgnoredAny`
/// this checks numbers and keeps the nesting limit.
pub struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SoundVisitor)
    }
}

struct SoundVisitor;

impl<'de> Visitor<'de> for SoundVisitor {
    type Value = Sound;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Sound, A::Error> {
        while seq.next_element::<Sound>()?.is_some() {}
        Ok(Sound)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sound, A::Error> {
        while map.next_entry::<IgnoredAny, Sound>()?.is_some() {}
        Ok(Sound)
    }
}

/// Where a text stopped being JSON, in words that quote nothing of it.
#[must_use]
pub fn complaint(error: &serde_json::Error) -> String {
    if error.is_eof() {
        "ends in the middle".into()
    } else {
        format!(
            "is not sound JSON at line {}, column {}",
            error.line(),
            error.column()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(json: &str, then: impl Fn(Scalar<'_>) -> T) -> Option<T> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        Scalar::read(raw).ok().map(then)
    }

    #[test]
    fn text_is_a_string_or_a_number_as_sent() {
        for (json, expected) in [
            (r#""abc""#, Some("abc")),
            (r#"" 1 ""#, Some(" 1 ")),
            (r#""\u00e6\n""#, Some("æ\n")),
            (r#""cut \ud83d""#, Some("cut \u{fffd}\u{fffd}\u{fffd}")),
            ("123456789012345678901234", Some("123456789012345678901234")),
            ("1.50", Some("1.50")),
            (r#""""#, None),
            (r#"" ""#, None),
            ("null", None),
            ("true", None),
            ("[1]", None),
        ] {
            let text = read(json, |s| s.text()).unwrap();
            assert_eq!(text.as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn what_is_taken_as_it_stands_is_what_would_be_read() {
        for json in [
            r#""""#,
            r#""a b""#,
            r#""æ'[{,""#,
            r#""\"""#,
            r#""\\""#,
            "7",
            r#"["a"]"#,
        ] {
            let read = serde_json::from_str::<String>(json);
            let is_escaped = json.contains('\\');
            let expected = read.ok().filter(|_| !is_escaped);
            assert_eq!(plain(json), expected.as_deref(), "{json}");
        }
    }

    #[test]
    fn integers_may_come_as_text_or_with_a_fraction() {
        for (json, expected) in [
            ("15", Some(15)),
            ("-1", Some(-1)),
            (r#"" 15 ""#, Some(15)),
            ("15.9", Some(15)),
            ("1e3", Some(1_000)),
            ("1e300", None),
            (r#""NaN""#, None),
            (r#""inf""#, None),
            (r#""""#, None),
            ("true", None),
        ] {
            assert_eq!(read(json, |s| s.integer()).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn instants_are_rfc_3339_or_milliseconds_and_else_none() {
        let noon = Some(At(1_514_808_000_000));
        for (json, expected) in [
            (r#""2018-01-01T12:00:00.000Z""#, noon),
            (r#""2018-01-01T13:00:00+01:00""#, noon),
            ("1514808000000", noon),
            (r#""1514808000000""#, noon),
            (r#""2018-01-01""#, None),
            (r#""2018-01-01T12:00:00""#, None),
            (r#""2018-13-41T99:00:00Z""#, None),
            (r#""""#, None),
            ("null", None),
            ("0", None),
            ("-5", None),
            ("999999999999999", None),
            ("1e300", None),
            ("true", None),
            ("{}", None),
        ] {
            assert_eq!(read(json, |s| s.instant()).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn what_is_out_of_range_or_nested_without_end_is_an_error() {
        let deep = |n| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert_eq!(read(&deep(100), |s| s == Scalar::Nested), Some(true));
        for json in ["1e400", "-1e400", "[1,{\"a\":1e400}]", &deep(10_000)] {
            assert_eq!(read(json, |s| s.text()), None, "{}", json.len());
        }
    }
}
