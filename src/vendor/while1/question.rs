//! Filters become the parameters of `action=read` (page 004). Relative times
//! are resolved once, so that all pages of a reading ask for the same rows.
//! Pure.

use jiff::tz::TimeZone;

use super::sign::{Array, Value};
use crate::domain::{
    fault::{Fault, FaultKind},
    filter::{Filters, Param},
    time::At,
};

/// What is asked for, on whichever page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    filters: Array,
}

impl Question {
    /// The filters as they are now. `zone` is the PBX's: the wire has none.
    /// Fails where an interval has only one end, which the page does not know.
    pub fn new(filters: &Filters, now: At, zone: &TimeZone) -> Result<Self, Fault> {
        let invalid = |what| {
            let field = "date_between".into();
            Fault::new(FaultKind::Invalid { field }, what, "give both, or neither")
        };
        filters.check().map_err(invalid)?;
        let params = filters.params(now, zone);
        let entries = params
            .into_iter()
            .map(|(name, param)| (name.to_owned(), value(param)));
        Ok(Self {
            filters: entries.collect(),
        })
    }

    /// The parameters of a page, counted from 1, in the order of the page's
    /// example. A filter that is not set is not sent: PHP drops its null.
    #[must_use]
    pub fn page(&self, page: u32) -> Array {
        Array::default()
            .with("action", Value::Text("read".into()))
            .with("page", Value::Int(page.into()))
            .with("filters", Value::Array(self.filters.clone()))
    }
}

fn value(param: Param) -> Value {
    match param {
        Param::One(text) => Value::Text(text),
        Param::Many(texts) => Value::Array(Array::list(texts.into_iter().map(Value::Text))),
        Param::Flag(flag) => Value::Bool(flag),
    }
}
