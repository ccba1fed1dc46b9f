//! The fields of a request gathered into one JSON object, each name once. Pure.

use std::{borrow::Cow, collections::HashMap};

use foldhash::fast::RandomState;

use super::request::Field;

/// So many names are looked through faster than a table of them is made.
const FEW: usize = 16;

/// Names in order, each with its values.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    order: Vec<Named<'a>>,
    /// Whether there are few.
    is_short: bool,
    /// Else: places by name in lower case.
    places: HashMap<Cow<'a, str>, usize, RandomState>,
}

/// A name and its values, of which there is nearly always one.
struct Named<'a> {
    name: Cow<'a, str>,
    value: &'a str,
    more: Vec<&'a str>,
    listed: bool,
}

impl<'a> Gathered<'a> {
    /// For so many fields at the most.
    pub fn of(fields: usize) -> Self {
        Self {
            is_short: fields <= FEW,
            ..Self::default()
        }
    }

    /// Adds a layer of fields. A name that is taken by one before it, and means
    /// something else, stands with a prefix.
    pub fn add(&mut self, fields: &'a [Field<'a>], prefix: &str) {
        let before = self.order.len();
        self.order.reserve(fields.len());
        for field in fields {
            let taken = self.find(&field.name).filter(|at| *at < before);
            let (name, place) = match taken {
                Some(at) if self.order[at].has(&field.value) => continue,
                Some(_) => {
                    let name = format!("{prefix}{}", field.name);
                    let place = self.find(&name);
                    (Cow::Owned(name), place)
                }
                None => (Cow::Borrowed(&*field.name), self.find(&field.name)),
            };
            if let Some(at) = place {
                let named = &mut self.order[at];
                named.more.push(&field.value);
                named.listed = true;
                continue;
            }
            if !self.is_short {
                let key = Cow::Owned(name.to_ascii_lowercase());
                self.places.insert(key, self.order.len());
            }
            self.order.push(Named {
                name,
                value: &field.value,
                more: Vec::new(),
                listed: field.listed,
            });
        }
    }

    /// The place of a name, whatever its case.
    fn find(&self, name: &str) -> Option<usize> {
        if self.is_short {
            let mut names = self.order.iter().map(|named| &named.name);
            return names.position(|known| known.eq_ignore_ascii_case(name));
        }
        self.places.get(&lower(name)).copied()
    }

    /// All of it as a JSON object.
    pub fn json(&self) -> String {
        let mut json = String::with_capacity(self.order.iter().map(Named::length).sum());
        json.push('{');
        for named in &self.order {
            if json.len() > 1 {
                json.push(',');
            }
            quote(&named.name, &mut json);
            json.push(':');
            if named.listed {
                json.push('[');
            }
            json.push_str(named.value);
            for value in &named.more {
                json.push(',');
                json.push_str(value);
            }
            if named.listed {
                json.push(']');
            }
        }
        json.push('}');
        json
    }
}

impl Named<'_> {
    fn has(&self, value: &str) -> bool {
        self.value == value || self.more.contains(&value)
    }

    /// About how long it is, written down.
    fn length(&self) -> usize {
        let more = self.more.iter().map(|value| value.len() + 1);
        self.name.len() + self.value.len() + more.sum::<usize>() + "\"\":[],".len()
    }
}

/// A name in lower case; most are.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// Writes a text as JSON.
pub(super) fn quote(text: &str, json: &mut String) {
    if text.bytes().any(|b| b < b' ' || matches!(b, b'"' | b'\\')) {
        json.push_str(&serde_json::Value::from(text).to_string());
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layer() -> impl Strategy<Value = Vec<Field<'static>>> {
        let field = ("[aAbB]|url.a|Around.B", "[12]", any::<bool>());
        let field = field.prop_map(|(name, value, listed)| Field {
            name: Cow::Owned(name),
            value: Cow::Owned(value),
            listed,
        });
        prop::collection::vec(field, 0..6)
    }

    proptest! {
        #[test]
        fn few_fields_are_gathered_as_many_are(own in layer(), around in layer(), url in layer()) {
            let gathered = |is_short| {
                let mut object = Gathered { is_short, ..Gathered::default() };
                object.add(&own, "");
                object.add(&around, "around.");
                object.add(&url, "url.");
                object.json()
            };
            prop_assert_eq!(gathered(true), gathered(false));
        }
    }
}
