//! How intents and outcomes of actions are written on disk, in names of their
//! own, as in `format`. The kind `outcome` is that of a callback's outcome
//! too; the two have no field in common that either needs.

use std::{borrow::Cow, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::{
    action::{Ended, Intent, Outcome, Way},
    entry::What,
    injection::Reply,
    scenario::{Shape, speech},
};

const INTENT: &str = "intent";
const OUTCOME: &str = "outcome";

#[derive(Serialize, Deserialize)]
struct IntentBody<'a> {
    #[serde(borrow)]
    who: Cow<'a, str>,
    #[serde(borrow)]
    call: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<Cow<'a, str>>,
    /// What was said as a vendor: where to, how its fields travel.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    to: Option<Cow<'a, str>>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    shape: Option<Cow<'a, str>>,
    /// Texts by the vendor's names.
    params: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct OutcomeBody<'a> {
    /// The intent's place.
    intent: u64,
    ms: u64,
    /// One of these four.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    answers: Option<Vec<ReplyBody<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct ReplyBody<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    message: Cow<'a, str>,
}

/// Kind and body of an intent.
pub(super) fn encode_intent(intent: &Intent) -> Result<(Arc<str>, String), serde_json::Error> {
    let params = intent.params();
    let shape = intent.way.as_ref().and_then(|way| way.shape);
    let body = IntentBody {
        who: intent.who.as_ref().into(),
        call: intent.call.as_ref().into(),
        queue: intent.queue.as_ref().map(|q| q.as_str().into()),
        to: intent.way.as_ref().map(|way| way.to.as_ref().into()),
        shape: shape.map(|shape| shape.word().into()),
        params: params
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
    };
    Ok((INTENT.into(), serde_json::to_string(&body)?))
}

/// Kind and body of an outcome.
pub(super) fn encode_outcome(outcome: &Outcome) -> Result<(Arc<str>, String), serde_json::Error> {
    let mut body = OutcomeBody {
        intent: outcome.intent,
        ms: u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX),
        answers: None,
        failed: None,
        unknown: None,
        record: None,
    };
    match &outcome.ended {
        Ended::Answered(replies) => {
            let replies = replies.iter().map(|reply| ReplyBody {
                code: reply.code.as_str().into(),
                key: reply.key.as_str().into(),
                message: reply.message.as_str().into(),
            });
            body.answers = Some(replies.collect());
        }
        Ended::Failed(why) => body.failed = Some(why.as_ref().into()),
        Ended::Unknown(why) => body.unknown = Some(why.as_ref().into()),
        Ended::OnRecord(what) => body.record = Some(what.as_ref().into()),
    }
    Ok((OUTCOME.into(), serde_json::to_string(&body)?))
}

/// Whether entries of this kind are intents or outcomes.
pub(super) fn is_kind(kind: &str) -> bool {
    matches!(kind, INTENT | OUTCOME)
}

/// What stands on disk, if it is one of these.
pub(super) fn decode(kind: &str, body: &str) -> Option<What> {
    match kind {
        INTENT => {
            let mut read: IntentBody<'_> = serde_json::from_str(body).ok()?;
            let way = way(&mut read);
            let params = read.params.into_iter().map(|(name, value)| match value {
                Value::String(text) => Some((name.into(), text.into())),
                _ => None,
            });
            let intent = Intent::new(
                read.who.into(),
                read.call.into(),
                read.queue.map(|queue| queue.as_ref().into()),
                params.collect::<Option<_>>()?,
            );
            Some(What::Intent(intent.on(way)))
        }
        OUTCOME => {
            let read: OutcomeBody<'_> = serde_json::from_str(body).ok()?;
            let ended = match (read.answers, read.failed, read.unknown, read.record) {
                (Some(replies), None, None, None) => {
                    Ended::Answered(replies.into_iter().map(reply).collect())
                }
                (None, Some(why), None, None) => Ended::Failed(why.into()),
                (None, None, Some(why), None) => Ended::Unknown(why.into()),
                (None, None, None, Some(what)) => Ended::OnRecord(what.into()),
                _ => return None,
            };
            Some(What::Outcome(Outcome {
                intent: read.intent,
                took: Duration::from_millis(read.ms),
                ended,
            }))
        }
        _ => None,
    }
}

/// How what was said as a vendor travelled. At first that stood among the
/// event's fields.
fn way(read: &mut IntentBody<'_>) -> Option<Way> {
    let (to, shape) = match (read.to.take(), read.shape.take()) {
        (Some(to), shape) => (to.into_owned(), shape.map(Cow::into_owned)),
        (None, _) if speech::event(&read.call).is_some() => {
            let mut take = |name: &str| match read.params.shift_remove(name) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            (take("to")?, take("shape"))
        }
        (None, _) => return None,
    };
    let is_it = |known: &Shape| shape.as_deref() == Some(known.word());
    Some(Way {
        to: to.into(),
        shape: Shape::ALL.into_iter().find(is_it),
    })
}

fn reply(body: ReplyBody<'_>) -> Reply {
    Reply {
        code: body.code.into_owned(),
        key: body.key.into_owned(),
        message: body.message.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        injection::Injection,
        scenario::{saying::Saying, webhook::Webhook},
        time::At,
    };

    fn intent() -> Intent {
        let mut event = Injection::new("sales".into(), "123".into());
        event.set("event", "TEST \"EVENT\"", At(0)).unwrap();
        event.set("position", "2", At(0)).unwrap();
        Intent::inject("anna".into(), &event)
    }

    fn outcome(ended: Ended) -> Outcome {
        Outcome {
            intent: 7,
            took: Duration::from_millis(12),
            ended,
        }
    }

    // What stands here stands in people's journals. If this test fails, the
    // code is wrong, not the test.
    #[test]
    fn the_names_on_disk_never_change() {
        let (kind, body) = encode_intent(&intent()).unwrap();
        assert_eq!(
            (&*kind, &*body),
            (
                "intent",
                concat!(
                    r#"{"who":"anna","call":"queues/events/create","queue":"123","#,
                    r#""params":{"queue":"123","event":"TEST \"EVENT\"","position":"2"}}"#
                )
            )
        );
        assert_eq!(decode(&kind, &body), Some(What::Intent(intent())));
        let answered = Ended::Answered(vec![Reply {
            code: "400".into(),
            key: "position".into(),
            message: "Invalid".into(),
        }]);
        for (ended, rest) in [
            (
                answered,
                r#""answers":[{"code":"400","key":"position","message":"Invalid"}]}"#,
            ),
            (Ended::Failed("refused".into()), r#""failed":"refused"}"#),
            (Ended::Unknown("late".into()), r#""unknown":"late"}"#),
            (
                Ended::OnRecord("on record: 1|X".into()),
                r#""record":"on record: 1|X"}"#,
            ),
        ] {
            let (kind, body) = encode_outcome(&outcome(ended.clone())).unwrap();
            assert_eq!(
                (&*kind, body.clone()),
                ("outcome", format!(r#"{{"intent":7,"ms":12,{rest}"#))
            );
            assert_eq!(decode(&kind, &body), Some(What::Outcome(outcome(ended))));
        }
    }

    #[test]
    fn an_event_s_fields_may_be_called_anything() {
        let fields = [
            ("user_id", "17"),
            ("to", "a field"),
            ("shape", "another"),
            ("auth_username", "a third"),
        ];
        let fields = fields.map(|(name, value)| (name.into(), value.to_owned()));
        let webhook = Webhook {
            event: speech::event("agent:checkin").unwrap(),
            fields: fields.into(),
            shape: Shape::Form,
            to: None,
            cut: false,
        };
        let saying = Saying {
            site: "team".into(),
            webhook,
            listens: None,
        };
        let intent = Intent::say("anna".into(), &saying, "http://h/hooks/team/***");
        let (kind, body) = encode_intent(&intent).unwrap();
        assert_eq!(
            body,
            concat!(
                r#"{"who":"anna","call":"agent:checkin","to":"http://h/hooks/team/***","#,
                r#""shape":"form","params":{"user_id":"17","to":"a field","#,
                r#""shape":"another","auth_username":"a third"}}"#
            )
        );
        let Some(What::Intent(read)) = decode(&kind, &body) else {
            panic!("{body}")
        };
        assert_eq!(read, intent);
        assert_eq!(read.said(&"team".into()), Some(saying.webhook));
        // As it was written at first.
        let old = concat!(
            r#"{"who":"anna","call":"agent:checkin","params":{"to":"http://h/hooks/team/***","#,
            r#""shape":"form","user_id":"17"}}"#
        );
        let Some(What::Intent(read)) = decode("intent", old) else {
            panic!("{old}")
        };
        assert_eq!(read.way, intent.way);
        assert_eq!(read.params().collect::<Vec<_>>(), [("user_id", "17")]);
    }

    #[test]
    fn what_cannot_be_read_is_neither() {
        for (kind, body) in [
            ("intent", r#"{"who":"a","call":"c"}"#),
            ("intent", r#"{"who":"a","call":"c","params":{"x":1}}"#),
            ("outcome", r#"{"intent":7,"ms":1}"#),
            (
                "outcome",
                r#"{"intent":7,"ms":1,"failed":"a","unknown":"b"}"#,
            ),
            (
                "outcome",
                r#"{"site":"s","callback":"1","who":"a","outcome":"busy"}"#,
            ),
            ("outcome", "no"),
            ("other", "{}"),
        ] {
            assert_eq!(decode(kind, body), None, "{body}");
        }
    }
}
