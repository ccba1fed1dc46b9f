//! A webhook to be sent: an event with its values, and how they travel.

use std::sync::Arc;

use super::spoken::Spoken;

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The event.
    pub event: &'static Spoken,
    /// Its variables in order.
    pub fields: Vec<(Arc<str>, String)>,
    /// How they travel.
    pub shape: Shape,
    /// Where to; our own receiver where it is not said.
    pub to: Option<Arc<str>>,
    /// Whether it is cut off in the middle.
    pub cut: bool,
}

/// How a webhook carries its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// GET, in the query; a list as `queues[]=1&queues[]=2`.
    Query,
    /// POST of a form, written as the query is.
    Form,
    /// POST of a flat JSON object.
    #[default]
    Json,
    /// POST of JSON with the fields under `data`.
    JsonData,
}

impl Shape {
    /// All of them.
    pub const ALL: [Shape; 4] = [Self::Query, Self::Form, Self::Json, Self::JsonData];

    /// The word in files and flags.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "get",
            Self::Form => "form",
            Self::Json => "json",
            Self::JsonData => "json-data",
        }
    }
}
