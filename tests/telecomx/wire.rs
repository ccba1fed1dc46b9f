//! Answers become callers or faults, by tables.

use std::fmt::Write as _;

use holdline::{
    domain::{
        caller::{Caller, CallerState, Party},
        fault::{Fault, FaultKind},
        time::At,
    },
    vendor::{
        http::Answer,
        telecomx::{refusal::Asker, wire},
    },
};
use proptest::prelude::*;

use crate::stub::CALLERS;

fn read(answer: &Answer) -> Result<Vec<Caller>, Fault> {
    wire::callers(answer, &Asker::default())
}

fn list(json: &str) -> Vec<Caller> {
    read(&Answer::new(200, json)).unwrap()
}

/// The only caller in a list of one row with these fields.
fn row(fields: &str) -> Caller {
    let mut callers = list(&format!("[{{{fields}}}]"));
    assert_eq!(callers.len(), 1, "{fields}");
    callers.remove(0)
}

fn fault(status: u16, body: &str) -> Fault {
    read(&Answer::new(status, body)).unwrap_err()
}

#[test]
fn the_pages_example_is_read_in_full() {
    let callers = list(CALLERS);
    let [caller] = callers.as_slice() else {
        panic!("{callers:?}");
    };
    let midnight = At::parse("2018-01-01T00:00:00.000Z");
    assert_eq!(caller.id.as_str(), "46265y784.234-pbx1.telecomx.dk");
    assert_eq!(caller.state, CallerState::Queued);
    assert_eq!(caller.party.number(), Some("+4535203040"));
    assert_eq!(caller.party.name(), Some("Bamse & Kylling"));
    assert_eq!((caller.entered, caller.answered), (midnight, midnight));
    assert_eq!(caller.presentation.as_deref(), Some("+4570305050"));
    assert_eq!(caller.answered_by_extension, None);
    assert_eq!(caller.answered_by_number, None);
    let raw = caller.raw.as_ref().unwrap();
    assert!(CALLERS.contains(raw.as_str()));
}

#[test]
fn an_empty_list_is_good() {
    for body in ["[]", " [ ]\n", "\u{feff}[]"] {
        assert_eq!(list(body), [], "{body:?}");
    }
}

#[test]
fn a_list_cut_anywhere_is_a_fault_and_never_a_shorter_list() {
    let whole = CALLERS.trim_end();
    for end in 0..whole.len() {
        let fault = fault(200, &whole[..end]);
        assert_eq!(fault.kind, FaultKind::Malformed, "{end}");
        let expected = if end == 0 {
            "nothing"
        } else {
            "ends in the middle"
        };
        assert!(fault.what.contains(expected), "{end}: {fault}");
    }
    assert_eq!(list(whole).len(), 1);
}

#[test]
fn ids_are_text_or_number_as_sent() {
    for (fields, id) in [
        (r#""_id":"a-b-c""#, "a-b-c"),
        (r#""_id":12"#, "12"),
        (r#""_id":123456789012345678901"#, "123456789012345678901"),
        (r#""_id":" x ""#, " x "),
    ] {
        assert_eq!(row(fields).id.as_str(), id, "{fields}");
    }
    let caller = row(r#""_id":1,"answeredByExtension":17,"answeredByNumber":"42""#);
    assert_eq!(caller.answered_by_extension.as_deref(), Some("17"));
    assert_eq!(caller.answered_by_number.as_deref(), Some("42"));
}

#[test]
fn null_empty_and_absent_are_alike() {
    let absent = row(r#""_id":"x""#);
    for value in ["null", r#""""#, r#"" ""#] {
        let fields = [
            "number",
            "name",
            "privacy",
            "entered",
            "answered",
            "presentation",
            "answeredByExtension",
            "answeredByNumber",
            "state",
        ]
        .iter()
        .fold(r#""_id":"x""#.to_owned(), |mut fields, key| {
            let _ = write!(fields, r#","{key}":{value}"#);
            fields
        });
        let caller = Caller {
            raw: absent.raw.clone(),
            ..row(&fields)
        };
        assert_eq!(caller, absent, "{value}");
    }
    assert_eq!(absent.state.word(), "unknown");
}

#[test]
fn states_are_read_without_regard_to_case_and_unknown_ones_kept() {
    for (sent, state) in [
        ("QUEUED", CallerState::Queued),
        ("callback", CallerState::Callback),
        (" Vip ", CallerState::Vip),
        ("ON_HOLD", CallerState::Other("ON_HOLD".into())),
    ] {
        assert_eq!(row(&format!(r#""state":"{sent}""#)).state, state);
    }
}

#[test]
fn dates_come_in_several_ways_and_an_unreadable_one_is_none() {
    let at = At::parse("2018-01-01T12:00:00.250Z");
    for (sent, expected) in [
        (r#""2018-01-01T12:00:00.250Z""#, at),
        (r#""2018-01-01T13:00:00.250+01:00""#, at),
        ("1514808000250", at),
        (r#""1514808000250""#, at),
        (r#""yesterday""#, None),
        ("true", None),
        ("[]", None),
        ("0", None),
        ("-9e300", None),
    ] {
        let caller = row(&format!(r#""entered":{sent},"answered":{sent}"#));
        assert_eq!(
            (caller.entered, caller.answered),
            (expected, expected),
            "{sent}"
        );
    }
}

#[test]
fn a_secret_number_is_dropped_with_name_and_row() {
    for privacy in [
        "true",
        r#""true""#,
        r#""TRUE""#,
        "1",
        r#""1""#,
        r#""yes""#,
        "2.5",
        "{}",
        "[]",
    ] {
        let caller = row(&format!(
            r#""_id":"x","number":"canary","name":"canary","new":"canary","privacy":{privacy}"#
        ));
        assert_eq!(caller.party, Party::Secret, "{privacy}");
        assert_eq!(caller.raw, None);
        assert!(!format!("{caller:?}").contains("canary"));
    }
    for privacy in ["false", r#""false""#, "0", "null", r#""""#] {
        let caller = row(&format!(r#""number":"+45","privacy":{privacy}"#));
        assert_eq!(caller.party.number(), Some("+45"), "{privacy}");
    }
}

#[test]
fn rows_without_id_are_told_apart_by_what_does_not_change() {
    let id = |fields: &str| row(fields).id;
    let base = id(r#""entered":"2018-01-01T00:00:00Z","presentation":"1","number":"2""#);
    assert!(base.as_str().starts_with("no-id-"), "{base}");
    let later = r#""entered":"2018-01-01T00:00:00.000Z","presentation":1,"number":2,"#;
    assert_eq!(
        base,
        id(&format!(r#"{later}"state":"VIP","answered":5,"name":"x""#))
    );
    assert_ne!(
        base,
        id(r#""entered":"2018-01-01T00:00:00Z","presentation":"1","number":"3""#)
    );
    // Of a secret caller neither number nor name goes into it.
    let secret = |number| {
        id(&format!(
            r#""privacy":true,"entered":1,"number":"{number}","name":"x""#
        ))
    };
    assert_eq!(secret("1"), secret("2"));
}

#[test]
fn of_rows_with_one_id_the_first_counts_and_rows_without_are_all_counted() {
    let twice = list(r#"[{"_id":"a","name":"1"},{"_id":"a","name":"2"},{"_id":"b"}]"#);
    let names: Vec<_> = twice.iter().map(|c| c.party.name()).collect();
    assert_eq!(names, [Some("1"), None]);
    let mut ids: Vec<_> = list("[{},{},{}]").into_iter().map(|c| c.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn unknown_fields_are_kept_exactly() {
    let sent = r#""_id":"x", "extra" : {"a":[1.50,"ø\u0000"]},"big":123456789012345678901"#;
    let raw = row(sent).raw.unwrap();
    assert_eq!(raw.as_str(), format!("{{{sent}}}"));
}

#[test]
fn a_name_that_was_cut_inside_an_emoji_does_not_cost_the_list() {
    let caller = row(r#""_id":"x","name":"Bamse \ud83d""#);
    assert!(caller.party.name().unwrap().starts_with("Bamse "));
}

#[test]
fn what_is_no_sound_list_is_malformed_and_its_row_is_named() {
    let deep = |n| format!(r#"[{{"_id":"x","a":{}{}}}]"#, "[".repeat(n), "]".repeat(n));
    for (body, expected) in [
        ("null", "a text"),
        ("{}", "an object"),
        (r#""[]""#, "a text"),
        ("", "nothing"),
        (r#"{"error":null}"#, "an object"),
        (r#"{"callers":[]}"#, "an object"),
        ("[1]", "row 1 is not an object"),
        (r#"[{"_id":"a"},null]"#, "row 2 is not an object"),
        (r#"[{"_id":"a"},[]]"#, "row 2 is not an object"),
        (r#"[{"_id":"a"},"canary"]"#, "row 2 is not an object"),
        (r#"[{"_id":"a","_id":"b"}]"#, "row 1 names a field twice"),
        (
            r#"[{"privacy":true,"privacy":false}]"#,
            "row 1 names a field twice",
        ),
        (r#"[{"x":1,"\u0078":2}]"#, "row 1 names a field twice"),
        ("[{\"number\":NaN}]", "not sound JSON at line 1, column 12"),
        (r#"[{"number":1e400}]"#, "row 1 holds a value"),
        (r#"[{"new":-1e400}]"#, "row 1 holds a value"),
        (r#"[{"new":[1e400]}]"#, "row 1 holds a value"),
        (&deep(10_000), "row 1 holds a value"),
        (&"[".repeat(1_000_000), "ends in the middle"),
        (&deep(1_000_000), "row 1 holds a value"),
        ("[{}] []", "not sound JSON"),
        ("[{},]", "not sound JSON"),
        ("[{'_id':'a'}]", "not sound JSON"),
        ("[{\"name\":\"a\nb\"}]", "not sound JSON"),
    ] {
        let fault = fault(200, body);
        assert_eq!(fault.kind, FaultKind::Malformed, "{fault}");
        assert!(
            fault.what.contains(expected),
            "{expected} is not in: {fault}"
        );
        assert!(!fault.to_string().contains("canary"), "{fault}");
    }
    let not_text = Answer::new(200, b"[{\"_id\":\"\xff\"}]".as_slice());
    assert_eq!(read(&not_text).unwrap_err().kind, FaultKind::Malformed);
}

#[test]
fn a_list_without_end_is_refused() {
    let fault = fault(200, &format!("[{}{{}}]", "{},".repeat(250_000)));
    assert!(fault.what.contains("more than 250000 rows"), "{fault}");
}

#[test]
fn every_printed_error_is_a_sentence_with_a_remedy() {
    let page = [
        (
            include_str!("../fixtures/telecomx/400.json"),
            400,
            FaultKind::Invalid {
                field: "bad_request".into(),
            },
            "TelecomX answered 400 bad_request: \"Id not found in requestURI\"",
            "`id`",
        ),
        (
            include_str!("../fixtures/telecomx/403.json"),
            403,
            FaultKind::Forbidden,
            "TelecomX answered 403 access_denied: \"Insufficient access level\"",
            "PERSONAL if the user has access to the queue; VIEWER, MANAGE or OWNER if the queue \
             belongs to the customer; RESELLER if the customer belongs to the reseller; or ADMIN",
        ),
        (
            include_str!("../fixtures/telecomx/404.json"),
            404,
            FaultKind::NotFound,
            "TelecomX answered 404 id: \"Queue not found\"",
            "the queue's `id` is wrong, or the queue belongs to another customer",
        ),
        (
            include_str!("../fixtures/telecomx/500.json"),
            500,
            FaultKind::Server,
            "TelecomX answered 500 internal_error: \"<Unspecified>\"",
            "vendor's servers",
        ),
    ];
    for (body, status, kind, what, remedy) in page {
        let told = fault(status, body);
        assert_eq!((&told.kind, told.what.as_str()), (&kind, what));
        assert!(told.remedy.contains(remedy), "{told}");
        assert_eq!(told.exit_code(), 1);
        // The envelope counts under HTTP 200 too.
        let under = fault(200, body);
        assert_eq!(under.kind, kind);
        assert!(under.what.contains("(under HTTP 200)"), "{under}");
        assert_eq!(under.remedy, told.remedy);
    }
}

#[test]
fn general_errors_are_told_by_code_and_by_who_asked() {
    let told = |code: &str, logged_in| {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#);
        let asker = Asker {
            logged_in,
            ..Asker::default()
        };
        wire::callers(&Answer::new(401, body), &asker).unwrap_err()
    };
    for (code, logged_in, remedy) in [
        ("expired", false, "`token` has run out"),
        ("expired", true, "a new login did not help"),
        ("credentials_invalid", false, "check `token`"),
        ("invalid_token", false, "another IP address"),
        ("format_error", false, "without the word Bearer"),
    ] {
        let fault = told(code, logged_in);
        assert_eq!(fault.kind, FaultKind::Auth);
        assert!(fault.remedy.contains(remedy), "{fault}");
    }
}

#[test]
fn errors_come_alone_in_arrays_or_as_plain_text() {
    for (status, body, kind, what) in [
        (
            422,
            r#"{"error":{"code":"name","path":"members.0.name","status":422,"message":"Too long","check":"max"}}"#,
            FaultKind::Invalid {
                field: "members.0.name".into(),
            },
            "TelecomX answered 422 name: \"Too long\", field \"members.0.name\", check \"max\"",
        ),
        (
            409,
            r#"{"error":[{"code":"a","message":"one"},{"code":"b","message":"two"},{"code":"c"}]}"#,
            FaultKind::Invalid { field: "a".into() },
            "TelecomX answered 409 a: \"one\", and 2 more",
        ),
        (
            200,
            r#"{"errors":[{"code":"expired","message":"Session has expired, please login"}]}"#,
            FaultKind::Auth,
            "TelecomX answered 401 expired (under HTTP 200): \"Session has expired, please login\"",
        ),
        (
            200,
            r#"{"error":{"code":"id","status":"403"}}"#,
            FaultKind::Forbidden,
            "TelecomX answered 403 id (under HTTP 200)",
        ),
        (
            200,
            r#"{"error":"boom\u001b[2J"}"#,
            FaultKind::Server,
            "TelecomX answered 500 (under HTTP 200): \"boom␛[2J\"",
        ),
        (
            404,
            "",
            FaultKind::NotFound,
            "the server answered 404 Not Found",
        ),
        (
            503,
            "upstream connect error",
            FaultKind::Server,
            "the server answered 503 Service Unavailable: \"upstream connect error\"",
        ),
        (
            502,
            "<html><title>502 Bad\nGateway</title>",
            FaultKind::Server,
            "the server answered 502 Bad Gateway with a web page (\"502 Bad Gateway\")",
        ),
        (
            504,
            "<html>",
            FaultKind::Server,
            "the server answered 504 Gateway Timeout with a web page",
        ),
        (
            200,
            "<!doctype html><title>Log in to Wi-Fi</title>",
            FaultKind::Malformed,
            "the server answered with a web page (\"Log in to Wi-Fi\") where the API's JSON is due",
        ),
        (
            407,
            "",
            FaultKind::Auth,
            "the server answered 407 Proxy Authentication Required",
        ),
        (599, "", FaultKind::Server, "the server answered 599"),
        (
            429,
            "",
            FaultKind::RateLimited { until: None },
            "the server answered 429 Too Many Requests",
        ),
    ] {
        let fault = fault(status, body);
        assert_eq!((&fault.kind, fault.what.as_str()), (&kind, what));
        assert!(!fault.remedy.is_empty(), "{fault}");
    }
}

#[test]
fn a_rate_limit_carries_when_to_come_back() {
    let answer = Answer {
        retry_after: Some(At(31_000)),
        ..Answer::new(429, r#"{"error":{"code":"slow","message":"Slow down"}}"#)
    };
    let fault = read(&answer).unwrap_err();
    assert_eq!(
        fault.kind,
        FaultKind::RateLimited {
            until: Some(At(31_000))
        }
    );
    assert_eq!(fault.what, "TelecomX answered 429 slow: \"Slow down\"");
}

#[test]
fn a_redirect_names_the_host_it_points_to_and_nothing_else_of_it() {
    for (location, expected) in [
        (
            Some("https://evil.example/x?token=canary"),
            "points to https://evil.example",
        ),
        (Some("http://u:canary@h:81/"), "points to http://h:81"),
        (Some("/login?canary"), "another path of the same host"),
        (None, "without saying where"),
    ] {
        let answer = Answer {
            location: location.map(Into::into),
            ..Answer::new(302, "<html>canary")
        };
        let fault = read(&answer).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Redirected);
        assert!(fault.what.contains(expected), "{fault}");
        assert!(fault.remedy.contains("set `url`"), "{fault}");
        assert!(!fault.to_string().contains("canary"), "{fault}");
    }
}

#[test]
fn a_secret_that_the_vendor_repeats_is_not_quoted() {
    let secrets = ["tok-canary", "pass\"canary"];
    let asker = Asker {
        logged_in: true,
        secrets: &secrets,
    };
    let near_the_cut = format!("{}tok-canary", "x".repeat(195));
    for (status, body) in [
        (401, r#"{"error":{"code":"tok-canary","message":"no pass\"canary, tok-canary","path":"tok-canary","check":"tok-canary"}}"#.to_owned()),
        (401, format!(r#"{{"error":{{"message":"{near_the_cut}"}}}}"#)),
        (502, "tok-canary".into()),
        (200, "<title>tok-canary</title>".into()),
    ] {
        let fault = wire::callers(&Answer::new(status, body), &asker).unwrap_err();
        for part in ["canary", "tok-"] {
            assert!(!format!("{fault:?}").contains(part), "{fault:?}");
        }
    }
}

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
