//! What a client sent: a query, a form or both; parameters are parted by `&`
//! or by `;` (the page's example). Written for the simulator alone, so that
//! what is encoded wrongly in the client shows.

use std::collections::BTreeMap;

use crate::sim::http::{Asked, decoded};

/// Parameters by name; of several of a name the last, the form's before the
/// query's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// Those of a request.
    pub fn received(asked: &Asked) -> Self {
        let query = asked.uri.query().unwrap_or("").as_bytes();
        let mut params = BTreeMap::new();
        for part in [query, &asked.body] {
            for pair in part.split(|b| matches!(b, b'&' | b';')) {
                let mut halves = pair.splitn(2, |b| *b == b'=');
                let mut half = || decoded(halves.next().unwrap_or(&[]));
                let (name, value) = (half(), half());
                params.insert(name, value);
            }
        }
        Self(params)
    }

    /// A parameter; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A whole number; 0 where none was sent, `None` where it is none.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            "" => Some(0),
            text => text.parse().ok(),
        }
    }
}
