//! What the client sends, and how it takes servers that misbehave.

use std::time::Duration;

use holdline::{
    config::Method,
    domain::{
        fault::FaultKind,
        injection::{OnRecord, Recorded, Told},
        time::At,
    },
    vendor::enswitch::{Client, Window},
};

use crate::{
    server::{Hands, Reply, Stub, gzip, json, reply},
    stub::{OK, account, asking, client, event, shown, told},
};

const SENT: &str = "auth_username=user&auth_password=canary%3Bpass%26word%2B1%25\
                    &queue=123&event=TEST+EVENT";

#[tokio::test]
async fn the_pages_example_is_a_form_and_no_secret_stands_in_the_address() {
    let stub = Stub::always(json(OK)).await;
    for (base, path) in [
        ("", "/api/json/queues/events/create/"),
        ("/", "/api/json/queues/events/create/"),
        ("/pbx/", "/pbx/api/json/queues/events/create/"),
    ] {
        let told = told(&format!("{}{base}", stub.url)).await;
        assert_eq!(shown(&told), ["204: \"OK\""]);
        let asked = stub.asked().pop().unwrap();
        let (head, body) = asked.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with(&format!("POST {path} HTTP/1.1\r\n")),
            "{head}"
        );
        for line in [
            "content-type: application/x-www-form-urlencoded",
            "accept: application/json",
        ] {
            assert!(head.lines().any(|l| l == line), "{line} is not in: {head}");
        }
        assert!(!head.contains("canary"), "{head}");
        assert_eq!(body, SENT);
    }
}

#[tokio::test]
async fn a_site_that_takes_no_post_is_asked_by_get() {
    let stub = Stub::always(json(OK)).await;
    let event = event(&[("event", "TEST EVENT")]);
    asking(&stub.url, Method::Get).create(&event).await;
    let asked = stub.asked().pop().unwrap();
    let line = format!("GET /api/json/queues/events/create/?{SENT} HTTP/1.1\r\n");
    assert!(asked.starts_with(&line), "{asked}");
    assert!(asked.ends_with("\r\n\r\n"), "{asked}");
}

#[tokio::test]
async fn every_parameter_is_sent_in_the_pages_order_and_what_is_not_set_is_not() {
    let stub = Stub::always(json(OK)).await;
    let full = event(&[
        ("time", "1700000000"),
        ("position", "2"),
        ("keypress", "#"),
        ("dnumber", "+45 20"),
        ("dtype", "sipuri"),
        ("channel", "SIP/trunk;1"),
        ("callid", "a=b&c"),
        ("callerid", "Bamse <+4520>"),
        ("event", "ø|%"),
    ]);
    client(&stub.url).create(&full.validating(true)).await;
    let asked = stub.asked().pop().unwrap();
    let (_, body) = asked.split_once("&queue=").unwrap();
    assert_eq!(
        body,
        "123&event=%C3%B8%7C%25&callerid=Bamse+%3C%2B4520%3E&callid=a%3Db%26c\
         &channel=SIP%2Ftrunk%3B1&dtype=sipuri&dnumber=%2B45+20&keypress=%23&position=2\
         &time=1700000000&validation=1"
    );
}

/// Ways to give no answer, and whether the event may have been recorded.
fn silent() -> Vec<(Vec<u8>, bool)> {
    let html = |status| reply(status, &["content-type: text/html"], "<title>No</title>");
    let mut cut = json(OK);
    cut.truncate(cut.len() - 20);
    vec![
        (Vec::new(), true),
        (b"SSH-2.0\r\n\r\n".to_vec(), true),
        (cut, true),
        (json("<html><title>Hotel</title>"), true),
        (json(""), true),
        (json(r#"{"responses":[]}"#), true),
        (json(r#"{"responses":[{"code":"204""#), true),
        (html("500 X"), true),
        (html("502 X"), true),
        (html("504 X"), true),
        (html("400 X"), false),
        (html("404 X"), false),
        (html("405 X"), false),
        (html("408 X"), true),
        (html("409 X"), true),
        (html("413 X"), false),
        (reply("429 X", &["retry-after: 5"], ""), false),
        (
            reply("302 X", &["location: http://elsewhere.invalid/"], ""),
            true,
        ),
        (reply("307 X", &["location: /elsewhere"], ""), true),
    ]
}

#[tokio::test]
async fn it_is_sent_once_whatever_happens_and_said_whether_it_may_have_arrived() {
    for (bytes, may_be_recorded) in silent() {
        let stub = Stub::always(bytes.clone()).await;
        let told = told(&stub.url).await;
        let is_unknown = matches!(told, Told::Unknown(_));
        let what = String::from_utf8_lossy(&bytes);
        assert_eq!(is_unknown, may_be_recorded, "{what}: {told:?}");
        assert!(!matches!(told, Told::Answered(_)), "{what}");
        assert_eq!(stub.count("POST "), 1, "{what}");
    }
}

#[tokio::test]
async fn no_answer_in_time_may_be_recorded_and_no_connection_is_not() {
    let stub = Stub::serve(|_| Reply::Hang).await;
    match told(&stub.url).await {
        Told::Unknown(fault) => assert_eq!(fault.kind, FaultKind::Timeout),
        other => panic!("{other:?}"),
    }
    assert_eq!(stub.asked().len(), 1);
    match told("http://127.0.0.1:1").await {
        Told::Failed(fault) => {
            assert_eq!(fault.kind, FaultKind::Unreachable);
            assert_eq!(fault.exit_code(), 3);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_may_be_compressed() {
    let headers = ["content-encoding: gzip", "content-type: application/json"];
    let stub = Stub::always(reply("200 OK", &headers, gzip(OK.as_bytes()))).await;
    assert_eq!(shown(&told(&stub.url).await), ["204: \"OK\""]);
}

#[tokio::test]
async fn a_function_that_is_not_there_names_the_version_that_has_it() {
    let unknown = r#"{"responses":[{"code":"404","key":"","message":"Unknown function"}]}"#;
    for bytes in [
        json(unknown),
        reply("404 Not Found", &["content-type: text/html"], "<h1>No</h1>"),
    ] {
        let stub = Stub::always(bytes).await;
        match told(&stub.url).await {
            Told::Failed(fault) => {
                assert_eq!(fault.kind, FaultKind::NotFound);
                assert!(fault.remedy.contains("3.13"), "{fault}");
                assert!(fault.remedy.contains("/api/json"), "{fault}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_list_is_asked_for_with_both_its_ends() {
    let rows = r#"{"responses":[{"code":"200","key":"","message":"OK"}],
                   "data":[{"data":"1234567890|NONE|a"},{"data":"1234567891|NONE|b"}]}"#;
    let stub = Stub::always(json(rows)).await;
    let window = Window {
        from: At(1_234_567_889_500),
        to: At(1_234_567_895_000),
    };
    let rows = client(&stub.url).list(&"123".into(), window).await.unwrap();
    assert_eq!(
        rows[1],
        Recorded {
            row: "1234567891|NONE|b".into(),
            at: Some(At(1_234_567_891_000)),
        }
    );
    let asked = stub.asked().pop().unwrap();
    assert!(
        asked.starts_with("POST /api/json/queues/events/list/ "),
        "{asked}"
    );
    assert!(
        asked.ends_with("&queue=123&start=1234567889&end=1234567895"),
        "{asked}"
    );
}

#[tokio::test]
async fn the_event_is_looked_for_by_the_vendors_clock() {
    // Ours says a minute past midnight, the vendor's an hour later.
    let list = r#"{"responses":[{"code":"200"}],"data":[{"data":"3660|NONE|123|NONE|X"}]}"#;
    let dated = |body: &str| {
        let date = "date: Thu, 01 Jan 1970 01:01:00 GMT";
        reply("200 OK", &["content-type: application/json", date], body)
    };
    let stub = Stub::serve(move |request| {
        let is_list = request.contains("/events/list/");
        Reply::Bytes(dated(if is_list { list } else { OK }))
    })
    .await;
    let hands = Hands::default();
    hands.set(60);
    let site = account(&stub.url, Method::Post);
    let client = Client::new(&site, Duration::from_secs(5), hands.clock()).unwrap();
    let event = event(&[("event", "X")]);
    let created = client.create(&event).await;
    let record = client.look_up(&event, created.window).await;
    assert!(matches!(&record, OnRecord::Found(row) if row.at == Some(At(3_660_000))));
    let asked = stub.asked().pop().unwrap();
    assert!(asked.ends_with("&start=3655&end=3665"), "{asked}");
}
