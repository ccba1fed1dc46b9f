//! Answers as nouns and faults, by tables.

use holdline::{
    domain::fault::{Fault, FaultKind},
    vendor::{
        http::Answer,
        telphin::{
            refusal::{self, About, Asker},
            wire,
        },
    },
};

const ASKER: Asker<'_> = Asker {
    about: About::Extension,
    secrets: &[],
};

fn subscriptions(json: &str) -> Result<String, Fault> {
    let list = wire::subscriptions(&Answer::new(200, json), &ASKER)?;
    let rows = list
        .iter()
        .map(|s| format!("{}|{}|{}|{}", s.id, s.event, s.url, s.method));
    Ok(rows.collect::<Vec<_>>().join(" "))
}

#[test]
fn rows_are_read_leniently_and_unknown_words_kept() {
    for (json, expected) in [
        ("[]", ""),
        ("{}", ""),
        ("\u{feff} [ ]", ""),
        (
            r#"[{"url":"u","method":"GET","event_type":"dial-out","id":72}]"#,
            "72|dial-out|u|GET",
        ),
        (
            r#"[{"url":"u","method":"POST","event_type":"hangup","id":" 72 ","new":{"x":[1]}}]"#,
            "72|hangup|u|POST",
        ),
        (
            r#"[{"id":123456789012345678901234,"event_type":"fax-in"}]"#,
            "123456789012345678901234|fax-in||",
        ),
        (
            r#"{"0":{"id":1,"event_type":"a","url":null},"2":{"id":2,"event_type":"b","method":""}}"#,
            "1|a|| 2|b||",
        ),
    ] {
        assert_eq!(subscriptions(json).as_deref(), Ok(expected), "{json}");
    }
}

#[test]
fn what_is_no_list_of_subscriptions_is_unreadable() {
    let deep = format!("[{}", "[".repeat(10_000));
    for json in [
        "",
        "null",
        "7",
        "\"x\"",
        "[7]",
        "[null]",
        "[[]]",
        "[{}]",
        "{",
        "[",
        "[{]",
        r#"[{"id":1}]"#,
        r#"[{"id":"","event_type":"a"}]"#,
        r#"[{"id":{},"event_type":"a"}]"#,
        r#"[{"id":true,"event_type":"a"}]"#,
        r#"[{"id":1e400,"event_type":"a"}]"#,
        r#"[{"id":1,"id":2,"event_type":"a"}]"#,
        r#"[[1,"a","u","GET"]]"#,
        "[] []",
        r#"{"message":"no"}"#,
        r#"{"events":[]}"#,
        "<html>",
        deep.as_str(),
    ] {
        let fault = subscriptions(json).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Malformed, "{json}: {fault}");
        assert!(!fault.remedy.is_empty(), "{json}");
    }
    let many = vec![r#"{"id":1,"event_type":"a"}"#; 10_001].join(",");
    let fault = subscriptions(&format!("[{many}]")).unwrap_err();
    assert!(fault.what.contains("too many rows"), "{fault}");
}

#[test]
fn extensions_tell_their_short_number_and_kind() {
    let page = wire::extensions(
        &Answer::new(
            200,
            r#"[{"id":175,"name":"000*099","type":"phone","status":"blocked","label":null},
                {"id":"176","name":"reception","type":"Gateway"},
                {"id":177}]"#,
        ),
        &ASKER,
    )
    .unwrap();
    let rows = page.iter().map(|e| {
        format!(
            "{} {} {:?} {:?} {}",
            e.id,
            e.name,
            e.number.as_deref(),
            e.kind()
                .map(holdline::domain::extension::ExtensionKind::word),
            e.status
        )
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            "175 000*099 Some(\"099\") Some(\"phone\") blocked",
            "176 reception None None ",
            "177  None None ",
        ]
    );
    assert_eq!(&*page[1].word, "Gateway");
}

#[test]
fn an_errors_words_are_found_in_any_shape() {
    for (status, body, what) in [
        (404, r#"{"message":"Not found"}"#, "404: \"Not found\""),
        (
            403,
            r#"{"message":"Access denied","status":"access_denied"}"#,
            "403 access_denied: \"Access denied\"",
        ),
        (403, r#"{"status":"access_denied"}"#, "403 access_denied"),
        (
            400,
            r#"{"message":{"url":["Not a URL"],"method":"Required"}}"#,
            "400: \"url: Not a URL; method: Required\"",
        ),
        (
            400,
            r#"{"message":["a",null,{"message":"b"}],"status":400}"#,
            "400: \"a; b\"",
        ),
        (
            400,
            r#"{"errors":[{"field":"url"}]}"#,
            "400: \"field: url\"",
        ),
        (401, r#"{"error":"invalid_token"}"#, "401 invalid_token"),
        (
            401,
            r#"{"error":"invalid_token","error_description":"Gone"}"#,
            "401 invalid_token: \"Gone\"",
        ),
        (400, r#"{"message":"a\u001b[31mb\u202e"}"#, "400: \"a"),
    ] {
        let fault = refusal::fault(&Answer::new(status, body), &ASKER);
        let whole = format!("Telphin answered {what}");
        assert!(fault.what.starts_with(&whole), "{body}: {fault}");
        assert!(!fault.what.contains(['\u{1b}', '\u{202e}']), "{fault:?}");
    }
    for (status, body, what) in [
        (404, "", "the server answered 404 Not Found"),
        (400, "{}", "the server answered 400 Bad Request: \"{}\""),
        (
            400,
            r#"{"message":null}"#,
            "the server answered 400 Bad Request",
        ),
        (
            503,
            "busy",
            "the server answered 503 Service Unavailable: \"busy\"",
        ),
        (418, "[]", "the server answered 418 I'm a teapot"),
    ] {
        let fault = refusal::fault(&Answer::new(status, body), &ASKER);
        assert!(fault.what.starts_with(what), "{body}: {fault}");
        assert!(!fault.remedy.is_empty(), "{fault}");
    }
}
