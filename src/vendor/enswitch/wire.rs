//! An answer becomes the vendor's replies (page 000: `responses`, an array of
//! code, key and message, the code as text), or a list's rows beside them
//! (`data`). Pure. The envelope counts whatever the HTTP status; the vendor's
//! words are kept as written, without our secrets.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{assumed, refusal};
use crate::{
    domain::{
        fault::{Fault, FaultKind},
        injection::{Param, Recorded, Reply},
        time::At,
    },
    vendor::{
        foreign::quote,
        http::Answer,
        json::{self, Scalar, complaint, present},
    },
};

/// More replies than any question has parameters: they are no answer to it.
const MOST: usize = 1_000;
/// More rows than any list of a few minutes has.
const MOST_ROWS: usize = 100_000;
/// Longer words are cut.
const LONGEST: usize = 2_000;

/// All replies, at least one; or why there is none. `secrets` stand in no
/// text.
pub fn replies(answer: &Answer, secrets: &[&str]) -> Result<Vec<Reply>, Fault> {
    Ok(Envelope::read(answer, secrets)?.0)
}

/// The rows of a list (`queues/events/list`), in the order sent; or why there
/// is none.
pub fn rows(answer: &Answer, secrets: &[&str]) -> Result<Vec<Recorded>, Fault> {
    let (replies, data) = Envelope::read(answer, secrets)?;
    if let Some(bad) = replies.iter().find(|r| r.number() != Some(200)) {
        return Err(refusal::told(bad, answer));
    }
    let Some(data) = data else {
        // Without a row, there may be no member either.
        return Ok(Vec::new());
    };
    if matches!(data.get(), "null" | "\"\"") {
        return Ok(Vec::new());
    }
    let (mut rows, mut trouble) = (Vec::new(), None);
    let read = json::each_row(data.get().as_bytes(), |raw| {
        match row(raw) {
            Some(_) if rows.len() >= MOST_ROWS => trouble = Some("has too many rows"),
            Some(text) => rows.push(recorded(&quote(&text, secrets, LONGEST))),
            None => trouble = Some("has a row without `data`"),
        }
        trouble.is_none()
    });
    match (read, trouble) {
        (Ok(()), _) => Ok(rows),
        (Err(_), Some(trouble)) => Err(unreadable(&format!("its list {trouble}"))),
        (Err(_), None) => Err(unreadable("`data` is not a list")),
    }
}

/// `{"data":"1234567890|NONE|…"}`, or the text alone.
fn row(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Row<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    let text = |raw: &RawValue| Some(Scalar::read(raw).ok()?.text()?.to_string());
    if raw.get().starts_with('{') {
        return text(serde_json::from_str::<Row<'_>>(raw.get()).ok()?.data);
    }
    text(raw)
}

fn recorded(row: &str) -> Recorded {
    let first = row.split(assumed::BETWEEN).next();
    let second = first.and_then(|first| first.trim().parse::<i64>().ok());
    // Seconds of any year that a PBX may write.
    let second = second.filter(|s| (1..=253_402_300_799).contains(s));
    Recorded {
        row: row.to_owned(),
        at: second.map(|s| At(s * 1_000)),
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    responses: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    fn read(
        answer: &'a Answer,
        secrets: &[&str],
    ) -> Result<(Vec<Reply>, Option<&'a RawValue>), Fault> {
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
        let Some(responses) = envelope.responses else {
            return Err(refusal::foreign(answer, secrets));
        };
        let replies = read_replies(responses, secrets)?;
        Ok((replies, envelope.data))
    }
}

/// The replies: an array of them, or one that stands alone.
fn read_replies(responses: &RawValue, secrets: &[&str]) -> Result<Vec<Reply>, Fault> {
    let (mut replies, mut trouble) = (Vec::new(), None);
    let mut add = |raw: &RawValue| {
        match reply(raw, secrets) {
            Some(_) if replies.len() >= MOST => trouble = Some("has too many responses"),
            Some(reply) => replies.push(reply),
            None => trouble = Some("has a response without a code"),
        }
        trouble.is_none()
    };
    let is_list = json::each_row(responses.get().as_bytes(), &mut add).is_ok();
    if !is_list && trouble.is_none() {
        if !responses.get().starts_with('{') {
            return Err(unreadable("`responses` is not a list"));
        }
        replies.clear();
        match reply(responses, secrets) {
            Some(reply) => replies.push(reply),
            None => trouble = Some("has a response without a code"),
        }
    }
    match (trouble, replies.is_empty()) {
        (Some(trouble), _) => Err(unreadable(&format!("it {trouble}"))),
        (None, true) => Err(unreadable("it has no response in it")),
        (None, false) => Ok(replies),
    }
}

/// A reply; `None` where it is none. The code is text on the page; a number
/// means the same.
fn reply(raw: &RawValue, secrets: &[&str]) -> Option<Reply> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow)]
        code: &'a RawValue,
        #[serde(borrow, default)]
        key: Option<&'a RawValue>,
        #[serde(borrow, default)]
        message: Option<&'a RawValue>,
    }
    let fields: Fields<'_> = json::object(raw)?;
    let text = |raw: &RawValue| Scalar::read(raw).ok()?.text();
    let quoted = |text: &str| {
        if is_known(text) {
            text.to_owned()
        } else {
            quote(text, secrets, LONGEST)
        }
    };
    let key = fields.key.and_then(text);
    let message = fields.message.and_then(text);
    Some(Reply {
        code: quoted(text(fields.code)?.trim()),
        key: key.map_or(String::new(), |key| quoted(&key)),
        message: message.map_or(String::new(), |text| quote(&text, secrets, LONGEST)),
    })
}

/// Whether it is a code or a parameter of the vendor's: those are nobody's
/// secret, though a short password may be part of one.
fn is_known(text: &str) -> bool {
    let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    is_code || Param::named(text).is_some() || assumed::OF_LIST.contains(&text)
}

fn unreadable(trouble: &str) -> Fault {
    Fault::new(
        FaultKind::Malformed,
        format!("Enswitch's answer cannot be read: {trouble}"),
        "if this goes on, a proxy on the way or the PBX is at fault",
    )
}
