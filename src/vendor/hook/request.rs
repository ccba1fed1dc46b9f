//! A request as fields, whatever shape it came in: the URL's query, a form,
//! JSON that is flat or under `data`, one object or an array of them. The
//! content type is a hint and no more: senders leave it out and get it wrong.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use url::form_urlencoded;

use super::{
    Received, Refusal,
    gathered::{Gathered, quote},
};
use crate::{
    domain::caller::Raw,
    vendor::json::{Key, Scalar, complaint, plain},
};

/// The longest body, in bytes.
pub const LONGEST_BODY: usize = 64 << 10;
/// The longest query string, in bytes: it is kept with each event of the body.
pub const LONGEST_QUERY: usize = 8 << 10;
/// The longest names and values around a list of events, in bytes: they are
/// kept with each of its events, as the query is.
pub const LONGEST_AROUND: usize = 8 << 10;
/// The most that is kept of one request, in bytes, all its events together:
/// what stands around them counts with each.
pub const MOST_KEPT: usize = 256 << 10;
/// The most events in one request.
pub const MOST_EVENTS: usize = 500;
/// The deepest nesting of JSON.
pub const DEEPEST: usize = 32;

/// How the type of a form of parts begins.
const MULTIPART: &[u8] = b"multipart/";

/// Where the events stand in JSON that has more around them.
const DATA: &str = "data";

/// The fields of one event. Where the same name is given in several places,
/// the event's own field counts, then what stood around it, then the URL.
pub struct Fields<'a> {
    own: Vec<Field<'a>>,
    around: &'a [Field<'a>],
    url: &'a [Field<'a>],
}

/// A name and its value, JSON.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub name: Cow<'a, str>,
    pub value: Cow<'a, str>,
    /// Whether it is one of a list: `queues[]=1`.
    pub listed: bool,
}

/// Splits a request into its events and makes something of each, out of its
/// fields and their [`Fields::body`].
pub fn split<T>(
    received: &Received<'_>,
    mut each: impl FnMut(&Fields<'_>, Raw) -> T,
) -> Result<Vec<T>, Refusal> {
    let body = check(received)?;
    let url = form(received.query.as_bytes());
    let (mut made, mut kept) = (Vec::new(), 0);
    let mut take = |own: Vec<Field<'_>>, around: &[Field<'_>]| {
        if made.len() == MOST_EVENTS {
            let why = format!("the request holds more than {MOST_EVENTS} events; send fewer");
            return Err(Refusal::new(413, &why));
        }
        let fields = Fields {
            own,
            around,
            url: &url,
        };
        let body = fields.body();
        kept += body.as_str().len();
        if kept > MOST_KEPT {
            let why = "the events are longer than 256 KiB, each with what stands around it and in the URL; send fewer at once";
            return Err(Refusal::new(413, why));
        }
        made.push(each(&fields, body));
        Ok(())
    };
    let body = body.trim_start_matches('\u{feff}').trim();
    if body.is_empty() {
        if url.is_empty() {
            let why =
                "the request is empty; send an event's fields as JSON, as a form or in the URL";
            return Err(Refusal::new(400, why));
        }
        take(Vec::new(), &[])?;
    } else if body.starts_with(['{', '[']) {
        json(body, &mut take)?;
    } else {
        let fields = form(body.as_bytes());
        match fields.as_slice() {
            // A form whose one name is JSON: a content type that is wrong.
            [one] if one.value == r#""""# && one.name.starts_with(['{', '[']) => {
                json(&one.name, &mut take)?;
            }
            _ if body.starts_with('<') || !body.contains('=') => {
                let why = "the body is neither JSON nor a form; send JSON or application/x-www-form-urlencoded";
                return Err(Refusal::new(415, why));
            }
            _ => unwrap_data(fields, &mut take)?,
        }
    }
    Ok(made)
}

/// Method, sizes and content type; the body as text.
fn check<'a>(received: &Received<'a>) -> Result<Cow<'a, str>, Refusal> {
    if !matches!(received.method, "GET" | "POST") {
        return Err(Refusal::new(405, "events come by GET or POST"));
    }
    if received.query.len() > LONGEST_QUERY {
        let why = "the URL's query is longer than 8 KiB; send the fields in a POST";
        return Err(Refusal::new(414, why));
    }
    if received.body.len() > LONGEST_BODY {
        let why = "the body is longer than 64 KiB; send fewer events at once";
        return Err(Refusal::new(413, why));
    }
    let kind = received.content_type.unwrap_or_default().trim_start();
    let family = kind.as_bytes().get(..MULTIPART.len());
    let is_parts = family.is_some_and(|family| family.eq_ignore_ascii_case(MULTIPART));
    let body = match str::from_utf8(received.body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(received.body),
    };
    let parts = body.trim_start().starts_with("--") && body.contains("form-data");
    if is_parts || parts {
        let why =
            "a multipart form is not read here; send JSON or application/x-www-form-urlencoded";
        return Err(Refusal::new(415, why));
    }
    Ok(body)
}

type Take<'t> = dyn FnMut(Vec<Field<'_>>, &[Field<'_>]) -> Result<(), Refusal> + 't;

/// JSON: an object or an array of objects.
fn json(text: &str, take: &mut Take<'_>) -> Result<(), Refusal> {
    if is_deep(text) {
        let why = format!("the JSON is nested deeper than {DEEPEST} levels; send it flat");
        return Err(Refusal::new(400, &why));
    }
    let unsound = |e: &serde_json::Error| {
        Refusal::new(400, &format!("the body {}; send sound JSON", complaint(e)))
    };
    if text.starts_with('{') {
        let object: Object<'_> = serde_json::from_str(text).map_err(|e| unsound(&e))?;
        return unwrap_data(object.0, take);
    }
    let list: Vec<&RawValue> = serde_json::from_str(text).map_err(|e| unsound(&e))?;
    for item in list {
        match serde_json::from_str::<Object<'_>>(item.get()) {
            Ok(object) => unwrap_data(object.0, take)?,
            Err(_) => take(vec![Field::new(DATA, item.get())], &[])?,
        }
    }
    Ok(())
}

/// Hands over the events under `data`, with what stands around them; the
/// fields themselves where there is nothing under it.
fn unwrap_data(mut fields: Vec<Field<'_>>, take: &mut Take<'_>) -> Result<(), Refusal> {
    let at = fields
        .iter()
        .rposition(|f| f.name.eq_ignore_ascii_case(DATA) && !f.listed);
    let Some(at) = at else {
        return take(fields, &[]);
    };
    // A form holds it as text.
    let text = fields[at].value.clone();
    let inner = match serde_json::from_str::<String>(&text) {
        Ok(inner) if !is_deep(&inner) => Cow::Owned(inner),
        _ => text,
    };
    if let Ok(object) = serde_json::from_str::<Object<'_>>(&inner) {
        fields.remove(at);
        return take(object.0, &fields);
    }
    let list = serde_json::from_str::<Vec<Object<'_>>>(&inner).unwrap_or_default();
    if list.is_empty() {
        return take(fields, &[]);
    }
    fields.remove(at);
    let around: usize = fields.iter().map(|f| f.name.len() + f.value.len()).sum();
    if around > LONGEST_AROUND {
        let why =
            "what stands around the events is longer than 8 KiB; send fewer fields beside `data`";
        return Err(Refusal::new(413, why));
    }
    list.into_iter().try_for_each(|o| take(o.0, &fields))
}

/// Whether brackets nest deeper than [`DEEPEST`], in text that may be JSON.
fn is_deep(json: &str) -> bool {
    // Most have not so many brackets, which is counted in no time.
    let opening = |byte: &u8| matches!(byte, b'[' | b'{');
    if json.as_bytes().iter().filter(|byte| opening(byte)).count() <= DEEPEST {
        return false;
    }
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// `a=1&b=2`, percent-encoded; bytes that are no UTF-8 become marks (U+FFFD).
/// PHP's brackets are undone: `queues[]=1`, `queues[0]=1`, `data[event]=…`.
fn form(text: &[u8]) -> Vec<Field<'_>> {
    text.split(|byte| *byte == b'&')
        .map(pair)
        .filter(|(name, value)| !(name.is_empty() && value.is_empty()))
        .map(|(name, value)| {
            let (name, listed) = if name.contains('[') {
                let (name, listed) = unbracket(&name);
                (Cow::Owned(name.to_owned()), listed)
            } else {
                (name, false)
            };
            let mut json = String::with_capacity(value.len() + 2);
            quote(&value, &mut json);
            Field {
                name,
                value: Cow::Owned(json),
                listed,
            }
        })
        .collect()
}

/// `a=1`, decoded; in most nothing is encoded.
fn pair(text: &[u8]) -> (Cow<'_, str>, Cow<'_, str>) {
    let is_plain = !text.iter().any(|byte| matches!(byte, b'%' | b'+'));
    match str::from_utf8(text) {
        Ok(text) if is_plain => {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            (name.into(), value.into())
        }
        _ => form_urlencoded::parse(text).next().unwrap_or_default(),
    }
}

/// A form's name without brackets, and whether it is one of a list.
fn unbracket(name: &str) -> (&str, bool) {
    let under_data = name.split_once('[').and_then(|(base, rest)| {
        let (key, more) = rest.split_once(']')?;
        let is_key = !key.is_empty() && !key.bytes().all(|b| b.is_ascii_digit());
        (base.eq_ignore_ascii_case(DATA) && is_key).then_some((key, more))
    });
    let (name, index) = match under_data {
        Some((key, more)) => (key, more.strip_prefix('[').unwrap_or(more)),
        None => name.split_once('[').unwrap_or((name, "")),
    };
    let is_index = index
        .strip_suffix(']')
        .is_some_and(|i| i.bytes().all(|b| b.is_ascii_digit()));
    (name, is_index)
}

impl<'a> Field<'a> {
    fn new(name: &'a str, value: &'a str) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            listed: false,
        }
    }
}

impl Fields<'_> {
    /// The text or number in the field of this name, whatever its case; the
    /// last where it was given several times. `None` if blank.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Arc<str>> {
        self.texts(name).next()
    }

    /// All of them, those that count more first.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = Arc<str>> {
        let layers = [self.own.as_slice(), self.around, self.url];
        layers
            .into_iter()
            .flat_map(|layer| layer.iter().rev())
            .filter(move |f| f.name.eq_ignore_ascii_case(name))
            .filter_map(|f| {
                if let Some(plain) = plain(&f.value) {
                    return (!plain.trim().is_empty()).then(|| plain.into());
                }
                let raw: &RawValue = serde_json::from_str(&f.value).ok()?;
                Scalar::read(raw).ok()?.text()
            })
    }

    /// All fields as one JSON object. A name that was given several times
    /// stands once, with a list; one that means something else outside the
    /// event's own fields stands as `around.name` or `url.name`.
    #[must_use]
    pub fn body(&self) -> Raw {
        let fields = self.own.len() + self.around.len() + self.url.len();
        let mut object = Gathered::of(fields);
        object.add(&self.own, "");
        object.add(self.around, "around.");
        object.add(self.url, "url.");
        Raw::new(&object.json())
    }
}

/// The members of a JSON object in their order, those with the same name too.
struct Object<'a>(Vec<Field<'a>>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = map.next_entry::<Key<'de>, &RawValue>()? {
                    fields.push(Field {
                        name: name.0,
                        value: value.get().into(),
                        listed: false,
                    });
                }
                Ok(Object(fields))
            }
        }
        from.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_pair_is_decoded_as_all_of_them_are(
            text in prop::collection::vec(
                prop_oneof![Just(b'='), Just(b'&'), Just(b'%'), Just(b'+'), b'0'..b':', any::<u8>()],
                0..40,
            ),
        ) {
            let named = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
                !(name.is_empty() && value.is_empty())
            };
            let one_by_one: Vec<_> = text.split(|b| *b == b'&').map(pair).filter(named).collect();
            let at_once: Vec<_> = form_urlencoded::parse(&text).filter(named).collect();
            prop_assert_eq!(one_by_one, at_once);
        }

        #[test]
        fn few_brackets_are_counted_as_many_are_followed(deep in 0..40_usize, wide in 0..40_usize) {
            let json = format!("{}{}[]", "[".repeat(deep) + &"]".repeat(deep), "{}".repeat(wide));
            prop_assert_eq!(is_deep(&json), deep > DEEPEST);
        }
    }
}
