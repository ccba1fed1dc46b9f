//! Lists row by row, and rows field by field: nothing is read into a tree.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{Key, Scalar};

/// Hands the rows of a list to `take`, one by one, until it says no: then, as
/// where the text is no list, the rest is an error. A list is an array, or
/// what PHP makes of one whose numbers have gaps: an object with numbers for
/// keys.
pub fn each_row<'a>(
    json: &'a [u8],
    take: impl FnMut(&'a RawValue) -> bool,
) -> serde_json::Result<()> {
    let mut from = serde_json::Deserializer::from_slice(json);
    from.deserialize_any(Rows(take))?;
    from.end()
}

struct Rows<F>(F);

impl<F> Rows<F> {
    fn hand<'de, E: Error>(&mut self, row: &'de RawValue) -> Result<(), E>
    where
        F: FnMut(&'de RawValue) -> bool,
    {
        let goes_on = (self.0)(row);
        goes_on.then_some(()).ok_or_else(|| E::custom("no more"))
    }
}

impl<'de, F: FnMut(&'de RawValue) -> bool> Visitor<'de> for Rows<F> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(row) = seq.next_element()? {
            self.hand(row)?;
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key<'de>>()? {
            let is_number = !key.0.is_empty() && key.0.bytes().all(|b| b.is_ascii_digit());
            if !is_number {
                return Err(A::Error::custom("a key that is no number"));
            }
            self.hand(map.next_value()?)?;
        }
        Ok(())
    }
}

/// Hands a row's fields to `take`, in the order sent: name, value as sent and
/// as read. `take` answers whether it is a new name. An error completes the
/// sentence "row 3 …" and quotes nothing.
pub fn each_field<'a>(
    row: &'a RawValue,
    take: impl FnMut(Key<'a>, &'a RawValue, Scalar<'a>) -> bool,
) -> Result<(), &'static str> {
    if !row.get().starts_with('{') {
        return Err("is not an object");
    }
    let mut is_twice = false;
    let mut from = serde_json::Deserializer::from_str(row.get());
    let fields = Fields {
        take,
        is_twice: &mut is_twice,
    };
    match from.deserialize_map(fields) {
        Ok(()) => Ok(()),
        Err(_) if is_twice => Err("names a field twice"),
        Err(_) => Err("holds a value that no program can read"),
    }
}

struct Fields<'t, F> {
    take: F,
    is_twice: &'t mut bool,
}

impl<'de, F> Visitor<'de> for Fields<'_, F>
where
    F: FnMut(Key<'de>, &'de RawValue, Scalar<'de>) -> bool,
{
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key<'de>>()? {
            let raw: &'de RawValue = map.next_value()?;
            let value = Scalar::read(raw).map_err(A::Error::custom)?;
            if !(self.take)(key, raw, value) {
                *self.is_twice = true;
                return Err(A::Error::custom("no more"));
            }
        }
        Ok(())
    }
}

/// An object by its fields; `None` where it is none. An array would be read as
/// its fields in their order.
pub fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    let object = raw.get().starts_with('{').then(|| raw.get())?;
    serde_json::from_str(object).ok()
}

/// For a field of which `null` is there, unlike what is missing.
pub fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}
