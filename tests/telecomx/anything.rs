//! Whatever is answered: callers, or a fault.

use holdline::vendor::http::Answer;
use proptest::prelude::*;

use crate::wire::{list, read};

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
        Just("2018-01-01T00:00:00.000Z".into()),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map(field(), inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "_id",
            "state",
            "number",
            "name",
            "privacy",
            "entered",
            "answered",
            "presentation",
            "answeredByExtension",
            "answeredByNumber",
            "error",
            "errors",
            "code",
            "status",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ]
}

proptest! {
    #[test]
    fn no_bytes_and_no_status_upset_it(status in 100_u16..1000, body: Vec<u8>) {
        let bracketed = [b"[".as_slice(), &body, b"]"].concat();
        for body in [body, bracketed] {
            let _ = read(&Answer::new(status, body));
        }
    }

    #[test]
    fn any_json_is_read_or_refused(status in 200_u16..600, value in json_value()) {
        let result = read(&Answer::new(status, value.to_string()));
        if let Err(fault) = result {
            prop_assert!(!fault.what.is_empty() && !fault.remedy.is_empty());
        } else {
            prop_assert!(value.is_array() && status < 300);
        }
    }

    #[test]
    fn any_objects_are_as_many_callers_and_no_secret_gets_in(
        rows in prop::collection::vec(prop::collection::hash_map(field(), json_value(), 0..8), 0..6),
    ) {
        let rows: Vec<serde_json::Value> = rows
            .into_iter()
            .enumerate()
            .map(|(i, mut row)| {
                row.insert("_id".into(), i.into());
                row.insert("number".into(), "canary".into());
                row.into_iter().collect::<serde_json::Map<_, _>>().into()
            })
            .collect();
        let callers = list(&serde_json::Value::from(rows.clone()).to_string());
        prop_assert_eq!(callers.len(), rows.len());
        for (caller, row) in callers.iter().zip(&rows) {
            let open = matches!(row.get("privacy"), None | Some(serde_json::Value::Null))
                || row["privacy"] == false;
            if open {
                prop_assert_eq!(caller.party.number(), Some("canary"));
            }
            if row["privacy"] == true {
                prop_assert!(caller.party.is_secret());
            }
            if caller.party.is_secret() {
                let text = format!("{caller:?}");
                prop_assert!(!text.contains("canary"), "{}", text);
            }
        }
    }
}
