//! How triage acts are written on disk: the deed is the entry's kind, the rest
//! its body. Names are independent of Rust's, as in `format`.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::domain::{
    time::At,
    triage::{Act, Added, Deed, Outcome, Subject},
};

const CLAIM: &str = "claim";
const RELEASE: &str = "release";
const NOTE: &str = "note";
const OUTCOME: &str = "outcome";
const SNOOZE: &str = "snooze";
const UNDO: &str = "undo";
const ADD: &str = "add";

/// One flat body for all deeds.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    site: Cow<'a, str>,
    #[serde(borrow)]
    callback: Cow<'a, str>,
    /// Other requests of the customer that it was done to as well.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<Also<'a>>,
    #[serde(borrow)]
    who: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Cow<'a, str>>,
    /// `claim` and `snooze`, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// `claim`.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Cow<'a, str>>,
    /// `note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    /// `outcome`.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeWord>,
    /// `undo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<u64>,
    /// `add`, as are the next three.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<Cow<'a, str>>,
    /// UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Also<'a> {
    #[serde(borrow)]
    site: Cow<'a, str>,
    #[serde(borrow)]
    callback: Cow<'a, str>,
}

impl<'a> From<&'a Subject> for Also<'a> {
    fn from(subject: &'a Subject) -> Self {
        Self {
            site: subject.site.as_str().into(),
            callback: subject.id.as_str().into(),
        }
    }
}

impl From<Also<'_>> for Subject {
    fn from(also: Also<'_>) -> Self {
        Self {
            site: also.site.as_ref().into(),
            id: also.callback.as_ref().into(),
        }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum OutcomeWord {
    #[serde(rename = "reached")]
    Reached,
    #[serde(rename = "no_answer")]
    NoAnswer,
    #[serde(rename = "busy")]
    Busy,
    #[serde(rename = "wrong_number")]
    WrongNumber,
    #[serde(rename = "do_not_call")]
    DoNotCall,
}

/// Kind and body of an act.
pub(super) fn encode(act: &Act) -> Result<(Arc<str>, String), serde_json::Error> {
    let mut body = Body {
        site: act.subject.site.as_str().into(),
        callback: act.subject.id.as_str().into(),
        also: act.also.iter().map(Also::from).collect(),
        who: act.who.as_ref().into(),
        customer: act.customer.as_deref().map(Cow::Borrowed),
        until: None,
        status: None,
        text: None,
        outcome: None,
        act: None,
        number: None,
        name: None,
        queue: None,
        since: None,
    };
    let kind = match &act.deed {
        Deed::Claim { until, status } => {
            body.until = Some(until.0);
            body.status = status.as_deref().map(Cow::Borrowed);
            CLAIM
        }
        Deed::Release => RELEASE,
        Deed::Note { text } => {
            body.text = Some(text.as_ref().into());
            NOTE
        }
        Deed::Outcome { outcome } => {
            body.outcome = Some(word(*outcome));
            OUTCOME
        }
        Deed::Snooze { until } => {
            body.until = Some(until.0);
            SNOOZE
        }
        Deed::Undo { act } => {
            body.act = Some(*act);
            UNDO
        }
        Deed::Add { added } => {
            body.number = Some(added.number.as_ref().into());
            body.name = added.name.as_deref().map(Cow::Borrowed);
            body.queue = Some(added.queue.as_ref().into());
            body.since = Some(added.since.0);
            ADD
        }
    };
    Ok((kind.into(), serde_json::to_string(&body)?))
}

/// The act of this kind and body; `None` where it is none, or unreadable.
pub(super) fn decode(kind: &str, body: &str) -> Option<Act> {
    const KINDS: [&str; 7] = [CLAIM, RELEASE, NOTE, OUTCOME, SNOOZE, UNDO, ADD];
    if !KINDS.contains(&kind) {
        return None;
    }
    let body: Body<'_> = serde_json::from_str(body).ok()?;
    let text = |t: Option<Cow<'_, str>>| t.map(|t| Arc::<str>::from(t.as_ref()));
    let deed = match kind {
        CLAIM => Deed::Claim {
            until: At(body.until?),
            status: text(body.status),
        },
        RELEASE => Deed::Release,
        NOTE => Deed::Note {
            text: text(body.text)?,
        },
        OUTCOME => Deed::Outcome {
            outcome: outcome(body.outcome?),
        },
        SNOOZE => Deed::Snooze {
            until: At(body.until?),
        },
        UNDO => Deed::Undo { act: body.act? },
        _ => Deed::Add {
            added: Added {
                number: text(body.number)?,
                name: text(body.name),
                queue: text(body.queue)?,
                since: At(body.since?),
            },
        },
    };
    Some(Act {
        subject: Subject {
            site: body.site.as_ref().into(),
            id: body.callback.as_ref().into(),
        },
        also: body.also.into_iter().map(Subject::from).collect(),
        customer: text(body.customer),
        who: body.who.as_ref().into(),
        deed,
    })
}

fn word(outcome: Outcome) -> OutcomeWord {
    match outcome {
        Outcome::Reached => OutcomeWord::Reached,
        Outcome::NoAnswer => OutcomeWord::NoAnswer,
        Outcome::Busy => OutcomeWord::Busy,
        Outcome::WrongNumber => OutcomeWord::WrongNumber,
        Outcome::DoNotCall => OutcomeWord::DoNotCall,
    }
}

fn outcome(word: OutcomeWord) -> Outcome {
    match word {
        OutcomeWord::Reached => Outcome::Reached,
        OutcomeWord::NoAnswer => Outcome::NoAnswer,
        OutcomeWord::Busy => Outcome::Busy,
        OutcomeWord::WrongNumber => Outcome::WrongNumber,
        OutcomeWord::DoNotCall => Outcome::DoNotCall,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn also(ids: &[&str]) -> BTreeSet<Subject> {
        let subject = |id: &&str| Subject {
            site: "outbound".into(),
            id: (*id).into(),
        };
        ids.iter().map(subject).collect()
    }

    fn act(deed: Deed) -> Act {
        Act {
            subject: Subject {
                site: "outbound".into(),
                id: "17".into(),
            },
            also: BTreeSet::new(),
            customer: Some("+40212345678".into()),
            who: "anna".into(),
            deed,
        }
    }

    // What stands here stands in people's journals. If this test fails, the
    // code is wrong, not the test.
    #[test]
    fn the_names_on_disk_never_change() {
        let head = r#"{"site":"outbound","callback":"17","who":"anna","customer":"+40212345678""#;
        let added = Added {
            number: "0212345678".into(),
            name: None,
            queue: "support".into(),
            since: At(7),
        };
        for (deed, kind, rest) in [
            (
                Deed::Claim {
                    until: At(9),
                    status: Some("pending".into()),
                },
                "claim",
                r#","until":9,"status":"pending"}"#,
            ),
            (Deed::Release, "release", "}"),
            (
                Deed::Note {
                    text: "rang".into(),
                },
                "note",
                r#","text":"rang"}"#,
            ),
            (
                Deed::Outcome {
                    outcome: Outcome::NoAnswer,
                },
                "outcome",
                r#","outcome":"no_answer"}"#,
            ),
            (Deed::Snooze { until: At(9) }, "snooze", r#","until":9}"#),
            (Deed::Undo { act: 3 }, "undo", r#","act":3}"#),
            (
                Deed::Add { added },
                "add",
                r#","number":"0212345678","queue":"support","since":7}"#,
            ),
        ] {
            let (written, body) = encode(&act(deed)).unwrap();
            assert_eq!((&*written, body), (kind, format!("{head}{rest}")));
        }
        let several = Act {
            also: also(&["18"]),
            ..act(Deed::Release)
        };
        let (_, body) = encode(&several).unwrap();
        let also = r#""callback":"17","also":[{"site":"outbound","callback":"18"}],"#;
        assert_eq!(
            body,
            format!("{head}}}").replace(r#""callback":"17","#, also)
        );
    }

    #[test]
    fn what_cannot_be_read_is_no_act() {
        assert_eq!(
            decode("claim", r#"{"site":"s","callback":"1","who":"a"}"#),
            None
        );
        assert_eq!(decode("claim", "not json"), None);
        assert_eq!(
            decode("shout", r#"{"site":"s","callback":"1","who":"a"}"#),
            None
        );
    }

    fn deed() -> impl Strategy<Value = Deed> {
        let text = "\\PC{0,12}";
        prop_oneof![
            (any::<i64>(), prop::option::of(text)).prop_map(|(until, status)| Deed::Claim {
                until: At(until),
                status: status.map(Into::into)
            }),
            Just(Deed::Release),
            text.prop_map(|t| Deed::Note { text: t.into() }),
            prop::sample::select(&Outcome::ALL[..]).prop_map(|outcome| Deed::Outcome { outcome }),
            any::<i64>().prop_map(|until| Deed::Snooze { until: At(until) }),
            any::<u64>().prop_map(|act| Deed::Undo { act }),
            (text, prop::option::of(text), text, any::<i64>()).prop_map(
                |(number, name, queue, since)| Deed::Add {
                    added: Added {
                        number: number.into(),
                        name: name.map(Into::into),
                        queue: queue.into(),
                        since: At(since)
                    }
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn an_act_comes_back_as_it_was(
            deed in deed(),
            who in "\\PC{0,12}",
            others in prop::collection::vec("\\PC{0,4}", 0..3),
        ) {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            let written = Act { who: who.into(), also: also(&others), ..act(deed) };
            let (kind, body) = encode(&written).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(decode(&kind, &body), Some(written));
        }
    }
}
