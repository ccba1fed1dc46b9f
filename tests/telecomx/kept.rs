//! What the board keeps of a row is what JSON says of it, and the row comes out
//! again byte for byte.

use holdline::{
    domain::caller::{Kept, Raw},
    vendor::{
        http::Answer,
        telecomx::{refusal::Asker, wire},
    },
};
use proptest::prelude::*;
use serde_json::{Value, value::RawValue};

const TEXTS: [&str; 6] = [
    "_id",
    "number",
    "name",
    "presentation",
    "answeredByExtension",
    "answeredByNumber",
];

/// A value as it may be written, not only as serde_json would.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        2 => any::<u64>().prop_map(|number| number.to_string()),
        1 => prop::sample::select(vec![
            "null", "true", "-0.5", "1e5", r#""""#, r#""\u00e6\/""#, r#""\ud83d\ude00""#, "\"42\"",
            r#"{"a":{"b":["c","\"]",7]}}"#, r#"[ 1 , "2" ]"#, r#""2026-11-22T10:00:07.000Z""#,
        ]).prop_map(str::to_owned),
    ]
}

/// A row of some of the documented fields and others, in any order.
fn row() -> impl Strategy<Value = String> {
    let names = [&TEXTS[..], &["entered", "answered", "æ", "x\\\"y", "z"]].concat();
    let fields = prop::sample::subsequence(names, 0..=11).prop_shuffle();
    let fields = fields.prop_flat_map(|names| {
        let values = prop::collection::vec((value(), " {0,2}"), names.len());
        (Just(names), values)
    });
    fields.prop_map(|(names, values)| {
        let field = |(name, (value, blank)): (&str, (String, String))| {
            format!(r#"{blank}"{name}"{blank}:{value}{blank}"#)
        };
        let fields: Vec<String> = names.into_iter().zip(values).map(field).collect();
        format!("{{{}}}", fields.join(","))
    })
}

/// What serde_json reads: text, or a number as written.
fn says(row: &str, name: &str) -> Option<String> {
    let fields: serde_json::Map<String, Value> = serde_json::from_str(row).unwrap();
    let written: std::collections::HashMap<String, Box<RawValue>> =
        serde_json::from_str(row).unwrap();
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(_) => Some(written[name].get().to_owned()),
        _ => None,
    }
}

proptest! {
    #[test]
    fn what_is_kept_is_what_was_sent(row in row()) {
        let answer = Answer::new(200, format!("[{row}]"));
        let callers = wire::callers(&answer, &Asker::default()).unwrap();
        let kept = Kept::from(&callers[0]);
        let told = kept.told();
        prop_assert_eq!(told.raw.as_ref().map(Raw::as_str), Some(&*row));
        prop_assert_eq!(&told, &callers[0]);
        let fields = [
            Some(kept.id()),
            kept.number(),
            kept.name(),
            kept.presentation(),
            kept.answered_by_extension(),
            kept.answered_by_number(),
        ];
        for (name, kept) in TEXTS.into_iter().zip(fields) {
            let said = says(&row, name);
            if name != "_id" || said.is_some() {
                prop_assert_eq!(kept, said.as_deref(), "{}", name);
            }
        }
    }
}
