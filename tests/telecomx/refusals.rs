//! Answers that are no list become faults: what happened, and what to do.

use holdline::{
    domain::{fault::FaultKind, time::At},
    vendor::{
        http::Answer,
        telecomx::{refusal::Asker, wire},
    },
};

use crate::wire::{fault, read};

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
