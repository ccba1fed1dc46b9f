//! The fields of one event as it was kept, by name. Pure.

use std::{collections::HashMap, sync::Arc};

use serde_json::value::RawValue;

use crate::{domain::caller::Raw, vendor::json::Scalar};

/// An event's fields by name in lower case.
pub struct Members<'a>(HashMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// The members of a JSON object; `None` where it is none.
    #[must_use]
    pub fn of(body: &'a Raw) -> Option<Self> {
        let members: HashMap<String, &RawValue> = serde_json::from_str(body.as_str()).ok()?;
        let named = members
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value));
        Some(Self(named.collect()))
    }

    /// The value of this name, in lower case, as JSON.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied()
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
