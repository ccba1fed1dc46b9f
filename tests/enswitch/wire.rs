//! Answers by tables: the envelope whatever the HTTP status, and all that is
//! none.

use holdline::{
    domain::{fault::FaultKind, injection::Reply},
    vendor::{
        enswitch::wire::{replies, rows},
        http::Answer,
    },
};

fn shown(status: u16, body: &str) -> Vec<String> {
    let read = replies(&Answer::new(status, body), &["canary"]);
    match read {
        Ok(replies) => replies.iter().map(Reply::to_string).collect(),
        Err(fault) => vec![format!("{:?}: {fault}", fault.kind)],
    }
}

fn envelope(responses: &str) -> String {
    format!(r#"{{"responses":{responses}}}"#)
}

#[test]
fn the_envelope_counts_whatever_the_http_status() {
    let body = envelope(r#"[{"code":"404","key":"","message":"No"}]"#);
    for status in [200, 204, 302, 400, 401, 404, 500, 503] {
        assert_eq!(shown(status, &body), ["404: \"No\""], "{status}");
    }
}

#[test]
fn replies_are_kept_all_and_read_leniently() {
    for (responses, expected) in [
        (
            r#"[{"code":"400","key":"position","message":"Not a number"},
                {"code":"400","key":"time","message":"Not a number"}]"#,
            &[
                "400 position: \"Not a number\"",
                "400 time: \"Not a number\"",
            ][..],
        ),
        (r#"[{"code":204,"key":null,"message":null}]"#, &["204"]),
        (r#"[{"code":" 204 "}]"#, &["204"]),
        (
            r#"{"0":{"code":"204"},"1":{"code":"400"}}"#,
            &["204", "400"],
        ),
        (
            r#"{"code":"204","key":"","message":"OK"}"#,
            &["204: \"OK\""],
        ),
        (r#"[{"code":"teapot","new":[1]}]"#, &["teapot"]),
        (
            r#"[{"code":"400","key":"k\u001b[2J","message":"see canary\u202e"}]"#,
            &["400 k␛[2J: \"see ***\u{fffd}\""],
        ),
    ] {
        assert_eq!(shown(200, &envelope(responses)), expected, "{responses}");
    }
}

#[test]
fn a_short_password_spoils_neither_codes_nor_names() {
    let body = envelope(r#"[{"code":"404","key":"position","message":"p"}]"#);
    let read = replies(&Answer::new(200, body), &["p", "4", "0"]).unwrap();
    assert_eq!(read[0].to_string(), "404 position: \"***\"");
}

#[test]
fn what_is_no_answer_is_a_fault_in_words() {
    for (body, words) in [
        ("", "answered with nothing"),
        ("[]", "with a list where"),
        ("{}", "with an object where"),
        (
            "<html><title>Hotel canary</title>",
            "a web page (\"Hotel ***\")",
        ),
        ("{\"responses\":[{\"code\":\"2", "ends in the middle"),
        ("{\"responses\":[}", "not sound JSON"),
        (r#"{"responses":[]}"#, "no response in it"),
        (r#"{"responses":null}"#, "`responses` is not a list"),
        (r#"{"responses":"204"}"#, "`responses` is not a list"),
        (r#"{"responses":{}}"#, "no response in it"),
        (r#"{"responses":["204"]}"#, "response without a code"),
        (
            r#"{"responses":[["204","",""]]}"#,
            "response without a code",
        ),
        (r#"{"responses":[{"key":"x"}]}"#, "response without a code"),
        (
            r#"{"responses":[{"code":null}]}"#,
            "response without a code",
        ),
        (
            r#"{"responses":[{"code":["204"]}]}"#,
            "response without a code",
        ),
        (
            r#"{"responses":[{"code":"204","code":"400"}]}"#,
            "response without a code",
        ),
        (
            r#"{"responses":[{"code":"204"},{"code":true}]}"#,
            "response without a code",
        ),
    ] {
        let said = shown(200, body).join("");
        assert!(said.starts_with("Malformed: "), "{body}: {said}");
        assert!(said.contains(words), "{body}: {said}");
        assert!(said.contains(';') && !said.contains("canary"), "{said}");
    }
    let deep = format!("{{\"responses\":{}", "[".repeat(100_000));
    assert!(shown(200, &deep)[0].starts_with("Malformed"));
}

#[test]
fn a_list_may_be_refused_and_its_rows_are_texts() {
    let list = |responses: &str, data: &str| {
        let body = format!(r#"{{"responses":{responses},"data":{data}}}"#);
        rows(&Answer::new(200, body), &["canary"])
    };
    let ok = r#"[{"code":"200","key":"","message":"OK"}]"#;
    let read = list(ok, r#"[{"data":"7|NONE|canary"},{"data":"x"},"9|y"]"#).unwrap();
    let texts: Vec<_> = read
        .iter()
        .map(|r| (r.row.as_str(), r.at.map(|at| at.0)))
        .collect();
    assert_eq!(
        texts,
        [
            ("7|NONE|***", Some(7_000)),
            ("x", None),
            ("9|y", Some(9_000))
        ]
    );
    for empty in ["[]", "null", "{}", "\"\""] {
        assert_eq!(list(ok, empty).unwrap(), [], "{empty}");
    }
    for (code, kind) in [
        (
            "400",
            FaultKind::Invalid {
                field: "start".into(),
            },
        ),
        ("401", FaultKind::Auth),
        ("402", FaultKind::Forbidden),
        ("404", FaultKind::NotFound),
        ("500", FaultKind::Server),
        ("204", FaultKind::Malformed),
    ] {
        let refused = format!(r#"[{{"code":"{code}","key":"start","message":"No"}}]"#);
        let fault = list(&refused, "[]").unwrap_err();
        assert_eq!(fault.kind, kind, "{code}");
    }
    for bad in ["7", "[7,{}]", "[{\"data\":[]}]", "[null]"] {
        let fault = list(ok, bad).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Malformed, "{bad}");
    }
}
