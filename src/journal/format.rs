//! How `What` is written on disk: a kind and a JSON body, in names of their
//! own, so that renaming a Rust type changes no journal. Readers skip fields
//! they do not know; what they cannot read at all comes back as
//! [`What::Unknown`].

use std::{borrow::Cow, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{actions, acts, hooks};
use crate::domain::{
    caller::{Caller, CallerState, Party, Raw},
    entry::{Change, Departure, What},
    time::At,
};

/// The kind of [`What::Change`].
const CHANGE: &str = "change";

/// Body of the kind `change`. One flat shape for all three changes: a tagged
/// one would be parsed twice.
#[derive(Serialize, Deserialize)]
struct ChangeBody<'a> {
    change: ChangeWord,
    #[serde(borrow)]
    queue: Cow<'a, str>,
    /// `entered` and `updated`.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    caller: Option<CallerBody<'a>>,
    /// `gone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    how: Option<HowWord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waited_ms: Option<u64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum ChangeWord {
    #[serde(rename = "entered")]
    Entered,
    #[serde(rename = "updated")]
    Updated,
    #[serde(rename = "gone")]
    Gone,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum HowWord {
    #[serde(rename = "answered")]
    Answered,
    #[serde(rename = "left")]
    Left,
}

#[derive(Serialize, Deserialize)]
enum StateWord<'a> {
    #[serde(rename = "queued")]
    Queued,
    #[serde(rename = "callback")]
    Callback,
    #[serde(rename = "vip")]
    Vip,
    #[serde(rename = "other")]
    Other(#[serde(borrow)] Cow<'a, str>),
}

#[derive(Serialize, Deserialize)]
struct CallerBody<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    state: StateWord<'a>,
    /// With it, number, name and raw row are never written and never read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    secret: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    /// UTC milliseconds, as is `answered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    entered: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presentation: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by_extension: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by_number: Option<Cow<'a, str>>,
    /// The row as text: exactly as sent, whatever it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Cow<'a, str>>,
}

/// Kind and body of `what`.
pub(super) fn encode(what: &What) -> Result<(Arc<str>, String), serde_json::Error> {
    match what {
        What::Change(change) => Ok((CHANGE.into(), serde_json::to_string(&change_body(change))?)),
        What::Act(act) => acts::encode(act),
        What::Hook(hook) => hooks::encode(hook),
        What::Refused { why, from, count } => hooks::encode_refused(why, from, *count),
        What::Gap { from, to } => hooks::encode_gap(*from, *to),
        What::Intent(intent) => actions::encode_intent(intent),
        What::Outcome(outcome) => actions::encode_outcome(outcome),
        What::Unknown { kind, body } => Ok((kind.clone(), body.as_ref().to_owned())),
    }
}

/// What stands on disk, or [`What::Unknown`] with all of it.
pub(super) fn decode(kind: &str, body: &str) -> What {
    let known = match kind {
        CHANGE => serde_json::from_str(body)
            .ok()
            .and_then(change)
            .map(What::Change),
        _ => hooks::decode(kind, body)
            .or_else(|| acts::decode(kind, body).map(What::Act))
            .or_else(|| actions::decode(kind, body)),
    };
    known.unwrap_or_else(|| What::Unknown {
        kind: kind.into(),
        body: body.into(),
    })
}

fn change_body(change: &Change) -> ChangeBody<'_> {
    let body = |word, caller| ChangeBody {
        change: word,
        queue: change.queue().as_str().into(),
        caller,
        id: None,
        how: None,
        waited_ms: None,
    };
    match change {
        Change::Entered { caller, .. } => body(ChangeWord::Entered, Some(caller_body(caller))),
        Change::Updated { caller, .. } => body(ChangeWord::Updated, Some(caller_body(caller))),
        Change::Gone {
            id, how, waited, ..
        } => ChangeBody {
            id: Some(id.as_str().into()),
            how: Some(match how {
                Departure::Answered => HowWord::Answered,
                Departure::Left => HowWord::Left,
            }),
            waited_ms: waited.map(|d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
            ..body(ChangeWord::Gone, None)
        },
    }
}

fn change(body: ChangeBody<'_>) -> Option<Change> {
    let queue = body.queue.as_ref().into();
    Some(match body.change {
        ChangeWord::Entered => Change::Entered {
            queue,
            caller: caller(body.caller?),
        },
        ChangeWord::Updated => Change::Updated {
            queue,
            caller: caller(body.caller?),
        },
        ChangeWord::Gone => Change::Gone {
            queue,
            id: body.id?.as_ref().into(),
            how: match body.how? {
                HowWord::Answered => Departure::Answered,
                HowWord::Left => Departure::Left,
            },
            waited: body.waited_ms.map(Duration::from_millis),
        },
    })
}

fn caller_body(caller: &Caller) -> CallerBody<'_> {
    let secret = caller.party.is_secret();
    let raw = caller.raw.as_ref().filter(|_| !secret);
    CallerBody {
        id: caller.id.as_str().into(),
        state: match &caller.state {
            CallerState::Queued => StateWord::Queued,
            CallerState::Callback => StateWord::Callback,
            CallerState::Vip => StateWord::Vip,
            CallerState::Other(word) => StateWord::Other(word.as_ref().into()),
        },
        secret,
        number: caller.party.number().map(Cow::Borrowed),
        name: caller.party.name().map(Cow::Borrowed),
        entered: caller.entered.map(|at| at.0),
        answered: caller.answered.map(|at| at.0),
        presentation: caller.presentation.as_deref().map(Cow::Borrowed),
        answered_by_extension: caller.answered_by_extension.as_deref().map(Cow::Borrowed),
        answered_by_number: caller.answered_by_number.as_deref().map(Cow::Borrowed),
        raw: raw.map(|raw| raw.as_str().into()),
    }
}

fn caller(body: CallerBody<'_>) -> Caller {
    let text = |t: Option<Cow<'_, str>>| t.map(|t| Arc::<str>::from(t.as_ref()));
    Caller {
        id: body.id.as_ref().into(),
        state: match body.state {
            StateWord::Queued => CallerState::Queued,
            StateWord::Callback => CallerState::Callback,
            StateWord::Vip => CallerState::Vip,
            StateWord::Other(word) => CallerState::Other(word.as_ref().into()),
        },
        party: if body.secret {
            Party::Secret
        } else {
            Party::Open {
                number: text(body.number),
                name: text(body.name),
            }
        },
        entered: body.entered.map(At),
        answered: body.answered.map(At),
        presentation: text(body.presentation),
        answered_by_extension: text(body.answered_by_extension),
        answered_by_number: text(body.answered_by_number),
        raw: body.raw.filter(|_| !body.secret).map(|raw| Raw::new(&raw)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn anna(party: Party) -> Caller {
        Caller {
            id: "SIP/trunk-0001-pbx-2".into(),
            state: CallerState::Vip,
            party,
            entered: Some(At(1_514_764_800_000)),
            answered: None,
            presentation: Some("+4570203040".into()),
            answered_by_extension: None,
            answered_by_number: None,
            raw: Some(Raw::new(r#"{"number":"+4520304050", "x":1}"#)),
        }
    }

    fn body_of(change: Change) -> String {
        let (kind, body) = encode(&What::Change(change)).unwrap();
        assert_eq!(&*kind, "change");
        body
    }

    // What stands here stands in people's journals. If this test fails, the
    // code is wrong, not the test.
    #[test]
    fn the_names_on_disk_never_change() {
        let open = Party::Open {
            number: Some("+4520304050".into()),
            name: Some("Ærø \"2\"".into()),
        };
        let entered = Change::Entered {
            queue: "123".into(),
            caller: anna(open),
        };
        assert_eq!(
            body_of(entered),
            concat!(
                r#"{"change":"entered","queue":"123","caller":{"id":"SIP/trunk-0001-pbx-2","#,
                r#""state":"vip","number":"+4520304050","name":"Ærø \"2\"","#,
                r#""entered":1514764800000,"presentation":"+4570203040","#,
                r#""raw":"{\"number\":\"+4520304050\", \"x\":1}"}}"#
            )
        );
        let updated = Change::Updated {
            queue: "123".into(),
            caller: Caller {
                state: CallerState::Other("PARKED".into()),
                answered: Some(At(1_514_764_812_500)),
                answered_by_extension: Some("77".into()),
                answered_by_number: Some("200".into()),
                presentation: None,
                raw: None,
                ..anna(Party::Open {
                    number: None,
                    name: None,
                })
            },
        };
        assert_eq!(
            body_of(updated),
            concat!(
                r#"{"change":"updated","queue":"123","caller":{"id":"SIP/trunk-0001-pbx-2","#,
                r#""state":{"other":"PARKED"},"entered":1514764800000,"answered":1514764812500,"#,
                r#""answered_by_extension":"77","answered_by_number":"200"}}"#
            )
        );
        let gone = |how, waited| Change::Gone {
            queue: "123".into(),
            id: "c-1".into(),
            how,
            waited,
        };
        assert_eq!(
            body_of(gone(
                Departure::Answered,
                Some(Duration::from_millis(1_250))
            )),
            r#"{"change":"gone","queue":"123","id":"c-1","how":"answered","waited_ms":1250}"#
        );
        assert_eq!(
            body_of(gone(Departure::Left, None)),
            r#"{"change":"gone","queue":"123","id":"c-1","how":"left"}"#
        );
    }

    #[test]
    fn a_secret_caller_has_neither_number_nor_name_nor_raw_on_disk() {
        let secret = Change::Entered {
            queue: "123".into(),
            caller: anna(Party::Secret),
        };
        assert_eq!(
            body_of(secret),
            concat!(
                r#"{"change":"entered","queue":"123","caller":{"id":"SIP/trunk-0001-pbx-2","#,
                r#""state":"vip","secret":true,"entered":1514764800000,"#,
                r#""presentation":"+4570203040"}}"#
            )
        );
        // Nor is one believed that somebody else wrote.
        let forged = concat!(
            r#"{"change":"entered","queue":"q","caller":{"id":"c","state":"queued","#,
            r#""secret":true,"number":"+45","name":"A","raw":"{}"}}"#
        );
        let What::Change(Change::Entered { caller, .. }) = decode("change", forged) else {
            panic!("not read as a change");
        };
        assert_eq!((caller.party, caller.raw), (Party::Secret, None));
    }

    #[test]
    fn fields_of_later_versions_are_skipped() {
        let later = concat!(
            r#"{"v":2,"change":"gone","queue":"q","id":"c","how":"left","why":["x"],"#,
            r#""waited_ms":null}"#
        );
        let gone = Change::Gone {
            queue: "q".into(),
            id: "c".into(),
            how: Departure::Left,
            waited: None,
        };
        assert_eq!(decode("change", later), What::Change(gone));
    }

    #[test]
    fn what_cannot_be_read_is_kept_whole() {
        for (kind, body) in [
            ("hologram", r#"{"a":1}"#),
            ("change", r#"{"change":"cloned","queue":"q"}"#),
            ("change", r#"{"change":"entered","queue":"q"}"#),
            ("change", r#"{"change":"gone","queue":"q","id":"c"}"#),
            ("change", "not JSON"),
            ("change", ""),
        ] {
            let what = What::Unknown {
                kind: kind.into(),
                body: body.into(),
            };
            assert_eq!(decode(kind, body), what);
            assert_eq!(encode(&what).unwrap(), (kind.into(), body.to_owned()));
        }
    }

    fn word() -> impl Strategy<Value = Arc<str>> {
        any::<String>().prop_map(Arc::from)
    }

    fn callers() -> impl Strategy<Value = Caller> {
        let maybe = || proptest::option::of(word());
        let state = prop_oneof![
            Just(CallerState::Queued),
            Just(CallerState::Callback),
            Just(CallerState::Vip),
            word().prop_map(CallerState::Other),
        ];
        let party = prop_oneof![
            Just(Party::Secret),
            (maybe(), maybe()).prop_map(|(number, name)| Party::Open { number, name }),
        ];
        let times = (any::<Option<i64>>(), any::<Option<i64>>());
        (
            word(),
            state,
            party,
            times,
            (maybe(), maybe(), maybe()),
            maybe(),
        )
            .prop_map(
                |(id, state, party, (entered, answered), (shown, extension, number), raw)| Caller {
                    id: id.into(),
                    state,
                    raw: raw.filter(|_| !party.is_secret()).map(|raw| Raw::new(&raw)),
                    party,
                    entered: entered.map(At),
                    answered: answered.map(At),
                    presentation: shown,
                    answered_by_extension: extension,
                    answered_by_number: number,
                },
            )
    }

    fn changes() -> impl Strategy<Value = Change> {
        let how = prop_oneof![Just(Departure::Answered), Just(Departure::Left)];
        let waited = any::<Option<u64>>().prop_map(|ms| ms.map(Duration::from_millis));
        prop_oneof![
            (word(), callers()).prop_map(|(queue, caller)| Change::Entered {
                queue: queue.into(),
                caller
            }),
            (word(), callers()).prop_map(|(queue, caller)| Change::Updated {
                queue: queue.into(),
                caller
            }),
            (word(), word(), how, waited).prop_map(|(queue, id, how, waited)| Change::Gone {
                queue: queue.into(),
                id: id.into(),
                how,
                waited
            }),
        ]
    }

    proptest! {
        #[test]
        fn every_change_reads_back_as_it_was(change in changes()) {
            let what = What::Change(change);
            let (kind, body) = encode(&what).unwrap();
            prop_assert_eq!(decode(&kind, &body), what);
        }

        #[test]
        fn no_body_makes_a_reader_fail(kind in "change|[a-z]{0,6}", body in any::<String>()) {
            let what = decode(&kind, &body);
            let (again, text) = encode(&what).unwrap();
            prop_assert_eq!(decode(&again, &text), what);
        }
    }
}
