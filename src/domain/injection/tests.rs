use super::*;

const NOON: &str = "2026-11-21T12:00:00.250Z";

fn noon() -> At {
    At::parse(NOON).unwrap()
}

fn read(name: &str, typed: &str) -> Result<Option<String>, String> {
    Param::named(name).unwrap().read(typed, noon())
}

fn sent(name: &str, typed: &str) -> String {
    read(name, typed).unwrap().unwrap()
}

// The page's table, copied by hand.
#[test]
fn the_table_is_the_pages() {
    use Kind::{Choice, Flag, Integer, Text, Time};
    use Required::{No, Recommended, Yes};
    let page = [
        ("auth_username", Text, Yes, None),
        ("auth_password", Text, Yes, None),
        ("queue", Integer, Yes, None),
        ("event", Text, Recommended, Some("")),
        ("callerid", Text, No, Some("")),
        ("callid", Text, No, Some("")),
        ("channel", Text, No, Some("")),
        ("dtype", Choice, No, Some("")),
        ("dnumber", Text, No, Some("")),
        ("keypress", Text, No, Some("")),
        ("position", Integer, No, Some("0")),
        ("time", Time, No, Some("now")),
        ("validation", Flag, No, Some("0")),
    ];
    let ours = PARAMS.map(|p| (p.name, p.kind, p.required, p.default));
    assert_eq!(ours, page);
    let choices = Param::named("dtype").unwrap().choices;
    assert_eq!(choices, ["forward", "peer", "phone", "sipuri"]);
    assert!(PARAMS.iter().all(|p| !p.doc.is_empty()));
    let form: Vec<&str> = Param::of_form().map(|p| p.name).collect();
    assert_eq!(form.len(), 10);
    assert!(!form.iter().any(|name| name.starts_with("auth")));
}

#[test]
fn nothing_typed_is_nothing_sent() {
    for param in PARAMS {
        for typed in ["", " "] {
            assert_eq!(param.read(typed, noon()), Ok(None), "{}", param.name);
        }
    }
}

#[test]
fn what_is_typed_is_sent_as_the_vendor_takes_it() {
    assert_eq!(sent("event", "TEST EVENT; a&b=+ "), "TEST EVENT; a&b=+ ");
    assert_eq!(sent("keypress", "#"), "#");
    assert_eq!(sent("callerid", "-1"), "-1");
    assert_eq!(sent("position", " 3 "), "3");
    assert_eq!(sent("position", "-1"), "-1");
    assert_eq!(sent("dtype", "SipUri"), "sipuri");
    assert_eq!(sent("validation", "yes"), "1");
    assert_eq!(sent("validation", "0"), "0");
    for (typed, seconds) in [
        ("1700000000", "1700000000"),
        ("0", "0"),
        ("2023-11-14T22:13:20Z", "1700000000"),
        ("2023-11-14T23:13:20.9+01:00", "1700000000"),
        ("now", "1795262400"),
        ("-5m", "1795262100"),
        ("+1h", "1795266000"),
        ("-1d", "1795176000"),
    ] {
        assert_eq!(sent("time", typed), seconds, "{typed}");
    }
}

#[test]
fn a_mistake_is_one_sentence_that_names_the_parameter() {
    for (name, typed, words) in [
        ("position", "three", "position is a whole number"),
        ("position", "1.5", "position is a whole number"),
        ("position", "-", "position is a whole number"),
        ("position", "1234567890123456789", "position is a whole"),
        ("position", "١", "position is a whole number"),
        (
            "dtype",
            "fax",
            "dtype is one of forward, peer, phone, sipuri",
        ),
        ("validation", "maybe", "validation is yes or no"),
        ("event", "a\u{1b}b", "event cannot hold control characters"),
        ("time", "soon", "time is not a time; write"),
        ("time", "1700000000000", "milliseconds"),
        ("time", "99999999999999999999", "too large"),
        ("time", "2024-01-31 10:00", "needs a zone"),
        ("time", "today", "needs a zone"),
        ("time", "1969-12-31T23:59:59Z", "before 1970"),
        ("time", "-5", "not a time"),
    ] {
        let said = read(name, typed).unwrap_err();
        assert!(said.starts_with(name), "{said}");
        assert!(said.contains(words), "{typed}: {said}");
    }
}

#[test]
fn parameters_are_sent_in_the_pages_order_however_they_were_set() {
    let mut event = Injection::new("sales".into(), "123".into());
    for (name, typed) in [
        ("time", "1700000000"),
        ("event", "TEST EVENT"),
        ("position", "2"),
        ("channel", "SIP/1"),
    ] {
        event.set(name, typed, noon()).unwrap();
    }
    event.set("channel", "", noon()).unwrap();
    event.validate = true;
    let pairs = event.pairs();
    let shown: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        shown,
        [
            "queue=123",
            "event=TEST EVENT",
            "position=2",
            "time=1700000000",
            "validation=1"
        ]
    );
    assert_eq!(event.get("event"), Some("TEST EVENT"));
    assert_eq!(event.get("channel"), None);
}

#[test]
fn no_value_can_be_a_credential_or_a_second_queue() {
    let mut event = Injection::new("sales".into(), "123".into());
    for name in [
        "auth_username",
        "auth_password",
        "queue",
        "validation",
        "evnt",
    ] {
        let said = event.set(name, "1", noon()).unwrap_err();
        assert!(said.contains("there are event, callerid"), "{name}: {said}");
        assert_eq!(event.get(name), None);
    }
    assert_eq!(event.pairs().len(), 1);
}
