//! Answers that are no page become faults: the PBX's words, and what to do.

use holdline::{
    domain::{fault::FaultKind, time::At},
    vendor::{http::Answer, while1::Page},
};

use crate::{
    stub::{ERROR, SUCCESS},
    wire::{fault, invalid, page, read, refused},
};

#[test]
fn an_error_counts_whatever_the_status_and_however_it_is_written() {
    for status in [200, 201, 400, 401, 403, 404, 422] {
        let kind = fault(status, ERROR).kind;
        assert_eq!(kind, invalid("statusxxx"), "{status}");
    }
    for yes in ["true", "1", "\"1\"", "\"true\"", "{}", "1e999"] {
        let body = ERROR.replace("true", yes);
        assert_eq!(fault(200, &body).kind, invalid("statusxxx"), "{yes}");
    }
    for no in ["false", "0", "\"0\"", "\"\"", "null"] {
        let body = SUCCESS.replace("false", no);
        assert_eq!(page(&body).rows, [], "{no}");
    }
    assert_eq!(page(r#"{"results":[]}"#), Page::default());
    assert_eq!(page("\u{feff} {\"results\":[]} \n"), Page::default());
}

#[test]
fn messages_are_shown_as_written() {
    let long = format!("[\"{}\"]", "x".repeat(300));
    let cut = format!("While1 answered: \"{}…\"", "x".repeat(199));
    for (messages, expected) in [
        (r#"["Nu există"]"#, r#"While1 answered: "Nu există""#),
        (r#"["a","b"]"#, r#"While1 answered: "a", "b""#),
        (
            r#"["a","b","c","d",5]"#,
            r#"While1 answered: "a", "b", "c", and 2 more"#,
        ),
        (r#""only text""#, r#"While1 answered: "only text""#),
        (r#"{"0":"a","2":"b"}"#, r#"While1 answered: "a", "b""#),
        (
            r#"{"page":["bad"]}"#,
            r#"While1 answered: "{"page":["bad"]}""#,
        ),
        (r#"[["deep"]]"#, r#"While1 answered: "["deep"]""#),
        (r#"["say tok-canary"]"#, r#"While1 answered: "say ***""#),
        (
            r#"["\u001b[2J\u202e!"]"#,
            "While1 answered: \"␛[2J\u{fffd}!\"",
        ),
        ("[]", "While1 answered with an error and no message"),
        ("null", "While1 answered with an error and no message"),
        (
            "[null,\"\"]",
            "While1 answered with an error and no message",
        ),
        (&long, &cut),
    ] {
        let fault = fault(200, &refused(messages));
        assert_eq!(fault.what, expected, "{messages}");
        assert_eq!(fault.kind, invalid(""), "{messages}");
    }
    // Some come with rows.
    let body = SUCCESS.replace("\"messages\": [ ]", "\"messages\": [\"slow\\n\"]");
    assert_eq!(page(&body).messages, ["slow␊"]);
}

#[test]
fn a_message_says_what_to_do() {
    for (message, kind, remedy) in [
        ("Invalid filter: foo", invalid("foo"), "leave it out"),
        ("INVALID FILTER:", invalid(""), "leave it out"),
        ("Invalid filter: \\u0007", invalid(""), "leave it out"),
        ("Invalid api_hash", FaultKind::Auth, "check `key`"),
        ("Hash mismatch", FaultKind::Auth, "check `key`"),
        ("Invalid api key", FaultKind::Auth, "check `key`"),
        ("Invalid token", FaultKind::Auth, "check `token`"),
        ("Unauthorized", FaultKind::Auth, "check `token`"),
        ("Wrong page", invalid(""), "ask whoever runs it"),
    ] {
        for status in [200, 401] {
            let fault = fault(status, &refused(&format!("[\"{message}\"]")));
            if status == 401 && message == "Wrong page" {
                assert_eq!(fault.kind, FaultKind::Auth);
                continue;
            }
            let field = match &fault.kind {
                FaultKind::Invalid { field } => invalid(field.trim_matches('␇')),
                kind => kind.clone(),
            };
            assert_eq!(field, kind, "{message}");
            assert!(fault.remedy.contains(remedy), "{message}: {fault}");
        }
    }
    // The first that is known decides.
    let fault = fault(200, &refused(r#"["Oops","Invalid filter: a","Bad hash"]"#));
    assert_eq!(fault.kind, invalid("a"));
}

#[test]
fn every_status_reads_as_a_sentence() {
    let hash = refused(r#"["Bad hash"]"#);
    for (status, body, kind, what, remedy) in [
        (
            401,
            "{\"error\":\"x\"}",
            FaultKind::Auth,
            "the server answered 401 Unauthorized: \"{\"error\":\"x\"}\"",
            "check `token`",
        ),
        (
            401,
            "{\"messages\":[\"Who?\"]}",
            FaultKind::Auth,
            "While1 answered 401 Unauthorized: \"Who?\"",
            "check `token`",
        ),
        (
            403,
            "no, tok-canary",
            FaultKind::Forbidden,
            "the server answered 403 Forbidden: \"no, ***\"",
            "what the token may do",
        ),
        (
            404,
            "<html><title>Not here</title>",
            FaultKind::NotFound,
            "the server answered 404 Not Found with a web page (\"Not here\")",
            "it is what precedes /api/call-queue",
        ),
        (
            405,
            "",
            invalid(""),
            "the server answered 405 Method Not Allowed",
            "it is what precedes /api/call-queue",
        ),
        (
            407,
            "",
            FaultKind::Auth,
            "the server answered 407 Proxy Authentication Required",
            "proxy settings",
        ),
        (
            429,
            &hash,
            FaultKind::RateLimited { until: None },
            "While1 answered 429 Too Many Requests: \"Bad hash\"",
            "wait before it is asked again",
        ),
        (
            500,
            &hash,
            FaultKind::Server,
            "While1 answered 500 Internal Server Error: \"Bad hash\"",
            "the fault lies with the PBX",
        ),
        (
            502,
            "{\"has_error\":false,\"results\":[]}",
            FaultKind::Server,
            "While1 answered 502 Bad Gateway and no message",
            "the fault lies with the PBX",
        ),
        (
            503,
            "{\"has_err",
            FaultKind::Server,
            "the server answered 503 Service Unavailable: \"{\"has_err\"",
            "the fault lies with the PBX",
        ),
        (302, SUCCESS, FaultKind::Malformed, "", ""),
    ] {
        let fault = fault(status, body);
        if status == 302 {
            // Whatever came with it: nothing is read that was not asked for.
            assert_eq!(fault.kind, FaultKind::Redirected);
            continue;
        }
        assert_eq!((&fault.kind, fault.what.as_str()), (&kind, what));
        assert!(fault.remedy.contains(remedy), "{fault}");
    }
    let limited = Answer {
        retry_after: Some(At(5_000)),
        ..Answer::new(429, "")
    };
    let until = Some(At(5_000));
    assert_eq!(
        read(&limited).unwrap_err().kind,
        FaultKind::RateLimited { until }
    );
}

#[test]
fn an_answer_of_somebody_else_is_told() {
    for (body, got) in [
        ("", "nothing"),
        ("[]", "a list"),
        ("{}", "an object"),
        (r#"{"error":"x"}"#, "an object"),
        ("OK", "a text"),
        ("\u{1f}\u{8b}\u{8}", "a text"),
        (
            "<!doctype html><title>Log in</title>",
            "a web page (\"Log in\")",
        ),
    ] {
        let fault = fault(200, body);
        assert_eq!(fault.kind, FaultKind::Malformed);
        let expected = format!("the server answered with {got} where the API's JSON is due");
        assert_eq!(fault.what, expected, "{body}");
        assert!(fault.remedy.contains("/api/call-queue"), "{fault}");
    }
}
