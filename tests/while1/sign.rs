//! `http_build_query` and `api_hash`, against PHP's own.

use holdline::{
    domain::{filter::Filters, time::At},
    vendor::while1::{
        Question,
        sign::{Array, Value, query, sign},
    },
};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::Value as Json;

/// How many rows of a file were compared, and how many left aside.
#[derive(Debug, PartialEq, Eq)]
pub struct Checked {
    pub equal: usize,
    /// Rows with a number that is not a 64-bit integer, which PHP holds as a
    /// float. No filter sends one.
    pub floats: usize,
}

pub fn check_vectors(lines: &str) -> Checked {
    let mut checked = Checked {
        equal: 0,
        floats: 0,
    };
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let row: Json = serde_json::from_str(line).unwrap();
        let Some(Value::Array(params)) = php(&row["params"]) else {
            checked.floats += 1;
            continue;
        };
        let told = |name: &str| row[name].as_str().unwrap().to_owned();
        let signed = sign(&params, &told("key"));
        assert_eq!(query(&params), told("query"), "{line}");
        assert_eq!(signed.hash, told("hash"), "{line}");
        assert_eq!(signed.body, told("body"), "{line}");
        checked.equal += 1;
    }
    checked
}

/// What `json_decode` makes of it; `None` if a float is in it.
fn php(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(list) => {
            let values: Option<Vec<Value>> = list.iter().map(php).collect();
            Value::Array(Array::list(values?))
        }
        Json::Object(map) => {
            let entries = map.iter().map(|(k, v)| Some((k.clone(), php(v)?)));
            Value::Array(entries.collect::<Option<Array>>()?)
        }
    })
}

fn params(json: &str) -> Array {
    match php(&serde_json::from_str(json).unwrap()) {
        Some(Value::Array(array)) => array,
        other => panic!("{other:?}"),
    }
}

/// The vendor's own examples on two other pages; the hash printed on the page
/// of CallQueue / Read is not that of its parameters, and is no vector.
#[test]
fn the_vendors_own_hashes_come_out() {
    let members = [
        ("john-doe", "sip"),
        ("jane-doe", "fallback"),
        ("+40123456789", "remote"),
    ]
    .map(|(name, kind)| {
        format!(r#""{name}":{{"type":"{kind}","penalty":0,"order":0,"is_active":1}}"#)
    });
    let save = format!(
        r#"{{"action":"save","data":{{"demo-queue":{{"members":{{{}}}}}}}}}"#,
        members.join(",")
    );
    let read = r#"{"action":"read","data":{"get_info":false,"get_db_reports":false},
                   "filters":{"queues":["demo-queue","sales-queue"]}}"#;
    for (json, hash) in [
        (read, "de1b56d49bf027503ef3ecee05b9c59d"),
        (save.as_str(), "d8f317d9c98cfa2b14e5049ca4b1af81"),
    ] {
        let params = params(json);
        assert_eq!(
            sign(&params, "your_api_key").hash,
            hash,
            "{}",
            query(&params)
        );
    }
}

#[test]
fn further_hashes_of_php_come_out() {
    for (json, key, expected, hash) in [
        (
            r#"{"action":"read","filters":{"campaign":"Ștefan ~ a*b+c/d & e=f","schedule_null":false}}"#,
            "your_api_key",
            "action=read&filters%5Bcampaign%5D=%C8%98tefan+%7E+a%2Ab%2Bc%2Fd+%26+e%3Df&filters%5Bschedule_null%5D=0",
            "28c383541ccb2b2e8d4f2ad682154fc1",
        ),
        (
            r#"{"action":"read","page":1,"filters":{"status":null,"dnid":null}}"#,
            "your_api_key",
            "action=read&page=1",
            "185e57f52d121e06ea78806bc71eff61",
        ),
        (
            r#"{"action":"read"}"#,
            "",
            "action=read",
            "bf759c0151f80677a11e09974bce10db",
        ),
    ] {
        let params = params(json);
        assert_eq!(query(&params), expected);
        assert_eq!(sign(&params, key).hash, hash);
    }
}

fn asked(typed: &[(&str, &str)], page: u32) -> String {
    let mut filters = Filters::default();
    for (name, value) in typed {
        filters.set(name, value).unwrap();
    }
    let zone = TimeZone::get("Europe/Bucharest").unwrap();
    let now = At::parse("2024-01-15T10:00:00Z").unwrap();
    query(&Question::new(&filters, now, &zone).unwrap().page(page))
}

#[test]
fn a_question_holds_what_was_set_in_the_pages_order_and_nothing_else() {
    let f = |name: &str| format!("filters%5B{name}%5D");
    assert_eq!(asked(&[], 1), "action=read&page=1");
    assert_eq!(
        asked(&[("status", "in progress, pending")], 7),
        format!(
            "action=read&page=7&{0}%5B0%5D=inprogress&{0}%5B1%5D=pending",
            f("status")
        )
    );
    // All fourteen, set from last to first.
    let all = [
        ("status", "completed"),
        ("campaign", "Winter & Söhne"),
        ("assign_type", "no_queue"),
        ("external_id", "A-1"),
        ("attend_type", "unattended"),
        ("outbound_type", "auto"),
        ("inbound_route_id", "3, 4"),
        ("project_id", "12"),
        ("outbound_number", "0318"),
        ("dnid", "0317"),
        ("caller_id", "+40 21"),
        ("unscheduled", "no"),
        ("due_before", "now"),
        ("to", "2024-01-15 23:59:59"),
        ("from", "-1d"),
    ];
    let expected = [
        "action=read".to_owned(),
        "page=1".to_owned(),
        f("date_between") + "%5B0%5D=2024-01-14+12%3A00%3A00",
        f("date_between") + "%5B1%5D=2024-01-15+23%3A59%3A59",
        f("schedule_lt") + "=2024-01-15+12%3A00%3A00",
        f("schedule_null") + "=0",
        f("caller_id") + "=%2B40+21",
        f("dnid") + "=0317",
        f("outbound_number") + "=0318",
        f("project_id") + "=12",
        f("inbound_route_id") + "%5B0%5D=3",
        f("inbound_route_id") + "%5B1%5D=4",
        f("outbound_type") + "=auto",
        f("attend_type") + "=unattended",
        f("external_id") + "=A-1",
        f("assign_type") + "=no_queue",
        f("campaign") + "=Winter+%26+S%C3%B6hne",
        f("status") + "=completed",
    ];
    assert_eq!(asked(&all, 1), expected.join("&"));
}

#[test]
fn an_interval_with_one_end_is_refused_before_it_is_asked() {
    let mut filters = Filters::default();
    filters.set("from", "today").unwrap();
    let fault = Question::new(&filters, At(0), &TimeZone::UTC).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "created from needs created to: the interval has two ends; give both, or neither"
    );
}

/// A tree, and beside it what a reader of forms should find in it.
fn tree() -> impl Strategy<Value = (Value, Vec<(String, String)>)> {
    let one = |value: Value, text: String| (value, vec![(String::new(), text)]);
    let leaf = prop_oneof![
        Just((Value::Null, Vec::new())),
        any::<bool>().prop_map(move |b| one(Value::Bool(b), u8::from(b).to_string())),
        any::<i64>().prop_map(move |n| one(Value::Int(n), n.to_string())),
        ".{0,8}".prop_map(move |t| one(Value::Text(t.clone()), t)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop::collection::vec((".{0,4}", inner), 0..4).prop_map(|entries| {
            let mut found = Vec::new();
            let array = entries.into_iter().map(|(key, (value, leaves))| {
                for (name, text) in leaves {
                    found.push((format!("[{key}]{name}"), text));
                }
                (key, value)
            });
            let array: Array = array.collect();
            (Value::Array(array), found)
        })
    })
}

proptest! {
    #[test]
    fn a_reader_of_forms_finds_every_value_again((value, leaves) in tree(), key in ".{0,6}") {
        let signed = sign(&Array::default().with("top", value), &key);
        let leaves = leaves.into_iter().map(|(name, text)| (format!("top{name}"), text));
        let hash = [("api_hash".to_owned(), signed.hash.clone())];
        let expected: Vec<(String, String)> = leaves.chain(hash).collect();
        let read: Vec<(String, String)> = url::form_urlencoded::parse(signed.body.as_bytes())
            .into_owned()
            .collect();
        prop_assert_eq!(read, expected);
        prop_assert!(signed.body.is_ascii());
    }
}
