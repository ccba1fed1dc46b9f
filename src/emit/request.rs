//! An event's fields as a request: a query, a form or JSON. Pure: bytes, no
//! network. Knows no vendor.

use serde_json::{Map, json};
use url::form_urlencoded;

pub use crate::domain::scenario::Shape;

/// The parameter that holds the event's name, of Contaqt. Assumed: its page
/// tells what comes with each event, not how the event itself is named.
pub const EVENT: &str = "event";

/// The member that holds the fields where they are not beside the event's
/// name. Assumed, as [`EVENT`] is.
pub const DATA: &str = "data";

/// A field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text; ids are text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Several texts.
    List(Vec<String>),
}

/// An event with its fields, in the order they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The event's name.
    pub event: String,
    /// The parameter that holds it.
    pub named: &'static str,
    /// Its fields by the vendor's names.
    pub fields: Vec<(String, Value)>,
}

/// What goes to the receiver's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// To stand behind the URL's `?`, or its `&`; empty for a POST.
    pub query: String,
    /// The `Content-Type` header, where there is a body.
    pub content_type: Option<&'static str>,
    /// The body; empty for a GET.
    pub body: String,
}

impl Request {
    /// The same, cut off in the middle: a sender that broke down.
    #[must_use]
    pub fn cut(self) -> Self {
        let half = |text: String| {
            let middle = text.floor_char_boundary(text.len() / 2);
            text[..middle].to_owned()
        };
        Self {
            query: half(self.query),
            body: half(self.body),
            ..self
        }
    }
}

impl Message {
    /// An event without fields, named by [`EVENT`].
    #[must_use]
    pub fn new(event: impl Into<String>) -> Self {
        Self::named(EVENT, event)
    }

    /// An event without fields, named by this parameter.
    #[must_use]
    pub fn named(parameter: &'static str, event: impl Into<String>) -> Self {
        Self {
            event: event.into(),
            named: parameter,
            fields: Vec::new(),
        }
    }

    /// Sets a field: one of that name is replaced where it stands, a new one
    /// comes last.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    /// The request in this shape.
    #[must_use]
    pub fn request(&self, shape: Shape) -> Request {
        let post = |content_type, body| Request {
            method: "POST",
            query: String::new(),
            content_type: Some(content_type),
            body,
        };
        match shape {
            Shape::Query => Request {
                method: "GET",
                query: self.encoded(),
                content_type: None,
                body: String::new(),
            },
            Shape::Form => post("application/x-www-form-urlencoded", self.encoded()),
            Shape::Json => {
                let mut all = Map::new();
                all.insert(self.named.to_owned(), json!(self.event));
                all.extend(self.members());
                post("application/json", json!(all).to_string())
            }
            Shape::JsonData => {
                let data: Map<_, _> = self.members().collect();
                let all = json!({ self.named: self.event, DATA: data });
                post("application/json", all.to_string())
            }
        }
    }

    fn members(&self) -> impl Iterator<Item = (String, serde_json::Value)> {
        self.fields.iter().map(|(name, value)| {
            let value = match value {
                Value::Text(text) => json!(text),
                Value::Number(number) => json!(number),
                Value::List(list) => json!(list),
            };
            (name.clone(), value)
        })
    }

    fn encoded(&self) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair(self.named, &self.event);
        for (name, value) in &self.fields {
            match value {
                Value::Text(text) => {
                    pairs.append_pair(name, text);
                }
                Value::Number(number) => {
                    pairs.append_pair(name, &number.to_string());
                }
                Value::List(list) => {
                    let name = format!("{name}[]");
                    for one in list {
                        pairs.append_pair(&name, one);
                    }
                }
            }
        }
        pairs.finish()
    }
}
