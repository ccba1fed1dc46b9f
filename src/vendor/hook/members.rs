//! The fields of one event as it was kept, by name. Pure.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{domain::caller::Raw, vendor::json::Scalar};

/// An event's fields by name, in the order sent. There are few: to look
/// through them is quicker than a table.
pub struct Members<'a> {
    list: Vec<(Name<'a>, &'a RawValue)>,
    /// The signs of their names: most names that are asked for are not there.
    signs: u64,
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Members<'a> {
    /// The members of a JSON object; `None` where it is none.
    #[must_use]
    pub fn of(body: &'a Raw) -> Option<Self> {
        serde_json::from_str(body.as_str()).ok()
    }

    /// The value of this name, whatever its case, as JSON; of several, the
    /// last.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        if self.signs & sign(name) == 0 {
            return None;
        }
        let mut last_first = self.list.iter().rev();
        let found = last_first.find(|(known, _)| known.0.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    /// Its scalar; of several, the last.
    #[must_use]
    pub fn scalar(&self, name: &str) -> Option<Scalar<'a>> {
        let raw = self.raw(name)?;
        let value = Scalar::read(raw).ok()?;
        if value != Scalar::Nested {
            return Some(value);
        }
        let list: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
        Scalar::read(list.last()?).ok()
    }

    /// Its text or number as sent; `None` if blank.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Arc<str>> {
        self.scalar(name)?.text()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Gather;
        impl<'de> Visitor<'de> for Gather {
            type Value = Vec<(Name<'de>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::with_capacity(16);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        let list = from.deserialize_map(Gather)?;
        let signs = list.iter().fold(0, |all, (name, _)| all | sign(&name.0));
        Ok(Self { list, signs })
    }
}

/// One bit, by a name's length and its first letter in any case: names whose
/// signs differ do too.
fn sign(name: &str) -> u64 {
    let first = name.bytes().next().unwrap_or_default();
    let place = name.len().wrapping_mul(7) + usize::from(first.to_ascii_lowercase());
    1 << (place % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_any_case_and_the_last_of_several_counts() {
        let body = Raw::new(r#"{"ID":"1","qu\u0065ue":"a b","id":2,"list":["x","y"]}"#);
        let members = Members::of(&body).unwrap();
        let text = |name| members.text(name).map(|text| text.to_string());
        assert_eq!(text("id").as_deref(), Some("2"));
        assert_eq!(text("queue").as_deref(), Some("a b"));
        assert_eq!(text("list").as_deref(), Some("y"));
        assert_eq!(text("none"), None);
        assert_eq!(text("LIST").as_deref(), Some("y"));
        assert_eq!(text(""), None);
        for no_object in ["[]", "1", "{", ""] {
            assert!(Members::of(&Raw::new(no_object)).is_none(), "{no_object}");
        }
    }
}
