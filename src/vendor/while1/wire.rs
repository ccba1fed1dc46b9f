//! An answer becomes a page of callbacks (page 004, "Answer"). Pure: status
//! and bytes in, nouns or a fault out. `has_error` counts whatever the HTTP
//! status; integers are read leniently, and `pagination` may be anything.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    assumed, refusal,
    row::{Rows, Rules},
};
use crate::{
    domain::{
        callback::Callback,
        fault::{Fault, FaultKind},
    },
    vendor::{
        foreign::quote,
        http::{Answer, Skew},
        json::{self, Scalar, complaint, present},
    },
};

/// A page of a list, as told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows in the order sent; several may have one id.
    pub rows: Vec<Callback>,
    /// What was said about pages; `None` where nothing was.
    pub pagination: Option<Pagination>,
    /// Messages that came with the rows, safe to show.
    pub messages: Vec<String>,
    /// The vendor's clock against ours, where the answer told it.
    pub skew: Option<Skew>,
}

/// What an answer says about pages. Nothing of it is certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pagination {
    /// How many rows there are on all pages.
    pub row_count: Option<u64>,
    /// How many rows a page has.
    pub page_size: Option<u64>,
    /// Which page this is, from 1.
    pub current_page: Option<u64>,
    /// The last page.
    pub max_page: Option<u64>,
}

/// Reads a page, or says why it is none; `secrets` stand in no sentence.
pub fn page(answer: &Answer, rules: &Rules, secrets: &[&str]) -> Result<Page, Fault> {
    let body = answer.text();
    if !body.starts_with(b"{") {
        return Err(refusal::foreign(answer, secrets));
    }
    let envelope: Envelope<'_> = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(e) if answer.is_success() => {
            return Err(unreadable(&format!("the answer {}", complaint(&e))));
        }
        Err(_) => return Err(refusal::foreign(answer, secrets)),
    };
    if envelope.is_foreign() {
        return Err(refusal::foreign(answer, secrets));
    }
    let messages = messages(envelope.messages);
    if !answer.is_success() || envelope.says_error() {
        return Err(refusal::told(answer, &messages, secrets));
    }
    let safe = messages.iter().map(|m| quote(m, secrets, 200));
    Ok(Page {
        rows: rows(envelope.results, rules)?,
        pagination: envelope.pagination.and_then(pagination),
        messages: safe.collect(),
        skew: Skew::of(answer),
    })
}

fn unreadable(trouble: &str) -> Fault {
    Fault::new(
        FaultKind::Malformed,
        format!("the list of callbacks cannot be read: {trouble}"),
        "if this goes on, a proxy on the way or the PBX is at fault",
    )
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    has_error: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    messages: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pagination: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    results: Option<&'a RawValue>,
}

impl Envelope<'_> {
    /// Whether it is some other object.
    fn is_foreign(&self) -> bool {
        self.has_error.is_none() && self.messages.is_none() && self.results.is_none()
    }

    fn says_error(&self) -> bool {
        let value = self.has_error.map(|raw| Scalar::read(raw).ok());
        // What no program can read does not say that all is well.
        value.is_some_and(|v| v.is_none() || assumed::says_error(v.as_ref()))
    }
}

/// The messages as sent: a list of texts, or one text.
fn messages(raw: Option<&RawValue>) -> Vec<String> {
    const MOST: usize = 1_000;
    let mut messages = Vec::new();
    let Some(raw) = raw else {
        return messages;
    };
    let mut add = |raw: &RawValue| {
        let text = Scalar::read(raw).ok().and_then(|value| match value {
            Scalar::Nested => Some(raw.get().into()),
            value => value.text(),
        });
        messages.extend(text.map(|t| t.to_string()));
        messages.len() < MOST
    };
    if raw.get().starts_with(['[', '{']) {
        // What comes before a fault in the list is worth showing.
        if json::each_row(raw.get().as_bytes(), &mut add).is_err() && raw.get().starts_with('{') {
            add(raw);
        }
    } else {
        add(raw);
    }
    messages
}

fn rows(results: Option<&RawValue>, rules: &Rules) -> Result<Vec<Callback>, Fault> {
    let Some(results) = results else {
        return Err(unreadable("the answer has no results"));
    };
    let is_nothing = matches!(results.get(), "null" | "\"\"");
    if is_nothing {
        return Ok(Vec::new());
    }
    let (mut rows, mut list, mut trouble) = (Rows::new(rules), Vec::new(), None);
    let read = json::each_row(results.get().as_bytes(), |row| {
        let number = list.len() + 1;
        if number > assumed::MOST_ROWS {
            let most = assumed::MOST_ROWS;
            trouble = Some(format!("a page has more than {most} rows"));
            return false;
        }
        match rows.read(row) {
            Ok(callback) => list.push(callback),
            Err(what) => trouble = Some(format!("row {number} {what}")),
        }
        trouble.is_none()
    });
    match (read, trouble) {
        (Ok(()), _) => Ok(list),
        (Err(_), Some(trouble)) => Err(unreadable(&trouble)),
        (Err(_), None) => Err(unreadable("`results` is not a list")),
    }
}

/// Reads `pagination`; `None` where it holds no number that can be used, as
/// PHP's empty array does not.
fn pagination(raw: &RawValue) -> Option<Pagination> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow)]
        row_count: Option<&'a RawValue>,
        #[serde(borrow)]
        page_size: Option<&'a RawValue>,
        #[serde(borrow)]
        current_page: Option<&'a RawValue>,
        #[serde(borrow)]
        max_page: Option<&'a RawValue>,
    }
    let number = |raw: Option<&RawValue>| {
        let value = Scalar::read(raw?).ok()?;
        u64::try_from(value.integer()?).ok()
    };
    let fields: Fields<'_> = json::object(raw)?;
    let pagination = Pagination {
        row_count: number(fields.row_count),
        page_size: number(fields.page_size),
        current_page: number(fields.current_page),
        max_page: number(fields.max_page),
    };
    (pagination != Pagination::default()).then_some(pagination)
}
