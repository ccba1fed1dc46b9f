//! An answer becomes subscriptions, extensions, limits, or what a call is
//! known by. Pure. Ids may be numbers or text, unknown fields are passed over,
//! unknown words are kept.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{
    assumed,
    listing::Listed,
    refusal::{self, Asker},
};
use crate::{
    domain::{
        fault::{Fault, FaultKind},
        id::CallId,
        subscription::Subscription,
        text,
    },
    vendor::{
        http::{self, Answer},
        json::{self, Scalar, complaint},
    },
};

/// Longer words are cut: names and values that are shown.
const LONGEST: usize = 200;

/// What a call is known by (`call_id`, `call_api_id`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// `CallID` of its events.
    pub call: Option<CallId>,
    /// `CallAPIID` of its events, for call control.
    pub call_api: Option<Arc<str>>,
}

/// Whether a good answer may hold what was asked for: not a web page.
#[must_use]
pub fn is_good(answer: &Answer) -> bool {
    answer.is_success() && !http::is_page(answer)
}

/// An extension's subscriptions, in the order sent.
pub fn subscriptions(answer: &Answer, asker: &Asker<'_>) -> Result<Vec<Subscription>, Fault> {
    let what = "a subscription without an `id` or an `event_type`";
    rows(
        answer,
        asker,
        assumed::MOST_SUBSCRIPTIONS,
        what,
        subscription,
    )
}

/// A page of extensions, in the order sent.
pub fn extensions(answer: &Answer, asker: &Asker<'_>) -> Result<Vec<Listed>, Fault> {
    let what = "an extension without an `id`";
    // A vendor may give more on a page than was asked for.
    rows(answer, asker, assumed::PER_PAGE * 100, what, extension)
}

/// The subscription that was made, where the answer tells it.
#[must_use]
pub fn created(answer: &Answer) -> Option<Subscription> {
    subscription(object(answer)?)
}

/// What the call is known by, where the answer tells it.
#[must_use]
pub fn called(answer: &Answer) -> Option<Called> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default)]
        call_id: Option<&'a RawValue>,
        #[serde(borrow, default)]
        call_api_id: Option<&'a RawValue>,
    }
    let fields: Fields<'_> = serde_json::from_str(object(answer)?.get()).ok()?;
    let called = Called {
        call: scalar(fields.call_id).map(CallId::from),
        call_api: scalar(fields.call_api_id),
    };
    (called != Called::default()).then_some(called)
}

/// The account's limits as names and values, whatever shape they have: members
/// of members by `a.b`, those of lists by their number. Safe to show.
pub fn limits(answer: &Answer, asker: &Asker<'_>) -> Result<Vec<(String, String)>, Fault> {
    if !is_good(answer) {
        return Err(refusal::fault(answer, asker));
    }
    let body = answer.text();
    if body.is_empty() {
        return Err(refusal::fault(answer, asker));
    }
    let value: Value =
        serde_json::from_slice(body).map_err(|e| unreadable(&format!("it {}", complaint(&e))))?;
    let mut pairs = Vec::new();
    flatten("", &value, &mut pairs);
    Ok(pairs)
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    let below = |part: &str| match name {
        "" => part.to_owned(),
        name => format!("{name}.{part}"),
    };
    match value {
        _ if pairs.len() >= assumed::MOST_LIMITS => {}
        Value::Object(members) => {
            for (part, value) in members {
                flatten(&below(part), value, pairs);
            }
        }
        Value::Array(many) => {
            for (at, value) in many.iter().enumerate() {
                flatten(&below(&(at + 1).to_string()), value, pairs);
            }
        }
        Value::String(said) => {
            pairs.push((text::clip(name, LONGEST), text::clip(said, LONGEST)));
        }
        other => pairs.push((text::clip(name, LONGEST), other.to_string())),
    }
}

/// The rows of a list, each of which `read` must understand.
fn rows<T>(
    answer: &Answer,
    asker: &Asker<'_>,
    most: usize,
    unread: &str,
    read: impl Fn(&RawValue) -> Option<T>,
) -> Result<Vec<T>, Fault> {
    let body = answer.text();
    // An object may be a list too (PHP), but not one with an error's words.
    let is_list = body.starts_with(b"[") || body.starts_with(b"{");
    if !is_good(answer) || !is_list {
        return Err(refusal::fault(answer, asker));
    }
    let (mut rows, mut trouble) = (Vec::new(), None);
    let walked = json::each_row(body, |raw| {
        match read(raw) {
            Some(_) if rows.len() >= most => trouble = Some("too many rows"),
            Some(row) => rows.push(row),
            None => trouble = Some(unread),
        }
        trouble.is_none()
    });
    match (walked, trouble) {
        (Ok(()), _) => Ok(rows),
        (Err(_), Some(trouble)) => Err(unreadable(&format!("its list has {trouble}"))),
        (Err(e), None) if body.starts_with(b"[") || e.is_eof() => {
            Err(unreadable(&format!("it {}", complaint(&e))))
        }
        (Err(_), None) => Err(refusal::fault(answer, asker)),
    }
}

/// `{"id":72,"event_type":"dial-out","url":"…","method":"GET"}`.
fn subscription(raw: &RawValue) -> Option<Subscription> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default)]
        id: Option<&'a RawValue>,
        #[serde(borrow, default)]
        event_type: Option<&'a RawValue>,
        #[serde(borrow, default)]
        url: Option<&'a RawValue>,
        #[serde(borrow, default)]
        method: Option<&'a RawValue>,
    }
    let fields: Fields<'_> = json::object(raw)?;
    Some(Subscription {
        id: scalar(fields.id)?,
        event: scalar(fields.event_type)?,
        url: scalar(fields.url).unwrap_or_default(),
        method: scalar(fields.method).unwrap_or_default(),
    })
}

/// `{"id":175,"name":"000*099","type":"phone","status":"active","label":"…"}`.
fn extension(raw: &RawValue) -> Option<Listed> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default)]
        id: Option<&'a RawValue>,
        #[serde(borrow, default)]
        name: Option<&'a RawValue>,
        #[serde(borrow, default)]
        r#type: Option<&'a RawValue>,
        #[serde(borrow, default)]
        status: Option<&'a RawValue>,
        #[serde(borrow, default)]
        label: Option<&'a RawValue>,
    }
    let fields: Fields<'_> = json::object(raw)?;
    let name = scalar(fields.name).unwrap_or_default();
    Some(Listed {
        id: scalar(fields.id)?.into(),
        number: assumed::short_number(&name).map(Into::into),
        name,
        word: scalar(fields.r#type).unwrap_or_default(),
        status: scalar(fields.status).unwrap_or_default(),
        label: scalar(fields.label),
    })
}

/// The object that the answer is, if it is one.
fn object(answer: &Answer) -> Option<&RawValue> {
    let raw: &RawValue = serde_json::from_slice(answer.text()).ok()?;
    raw.get().starts_with('{').then_some(raw)
}

/// Text or a number as text, without blanks around it.
fn scalar(raw: Option<&RawValue>) -> Option<Arc<str>> {
    let text = Scalar::read(raw?).ok()?.text()?;
    Some(text.trim().into())
}

fn unreadable(trouble: &str) -> Fault {
    Fault::new(
        FaultKind::Malformed,
        format!("Telphin's answer cannot be read: {trouble}"),
        "if this goes on, a proxy on the way or Telphin's server is at fault",
    )
}
