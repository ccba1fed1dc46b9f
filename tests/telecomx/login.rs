//! Logins: one for all who wait, renewed in time, never hammered.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use holdline::{
    domain::{
        fault::{Fault, FaultKind},
        id::QueueId,
    },
    vendor::telecomx::{Callers, Client},
};

use crate::{
    server::{Hands, Reply, Stub, json, reply},
    stub::{error, with_login, with_token},
};

/// A vendor whose logins give `t1`, `t2`, … and whose lists want `good`.
struct Vendor {
    stub: Stub,
    /// The number of the oldest token that is still taken.
    oldest: Arc<AtomicUsize>,
    /// Whether logins are refused.
    closed: Arc<AtomicBool>,
}

impl Vendor {
    async fn open(minutes: &'static str) -> Self {
        let (oldest, closed) = (
            Arc::new(AtomicUsize::new(1)),
            Arc::new(AtomicBool::new(false)),
        );
        let (logins, lowest, shut) = (AtomicUsize::new(0), oldest.clone(), closed.clone());
        let stub = Stub::serve(move |request| {
            Reply::Bytes(if request.starts_with("POST /auth/login ") {
                if shut.load(Ordering::SeqCst) {
                    error(
                        401,
                        "credentials_invalid",
                        "Authorization required, please login",
                    )
                } else {
                    let n = logins.fetch_add(1, Ordering::SeqCst) + 1;
                    json(format!(
                        r#"{{"token":"t{n}"{minutes},"accessLevel":"OWNER"}}"#
                    ))
                }
            } else {
                let token = request.split("Bearer t").nth(1).unwrap();
                let n: usize = token.lines().next().unwrap().parse().unwrap();
                if n < lowest.load(Ordering::SeqCst) {
                    error(401, "expired", "Session has expired, please login")
                } else {
                    json("[]")
                }
            })
        })
        .await;
        Self {
            stub,
            oldest,
            closed,
        }
    }

    fn expire_below(&self, n: usize) {
        self.oldest.store(n, Ordering::SeqCst);
    }

    fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }

    /// How many logins and how many lists were asked for.
    fn counts(&self) -> (usize, usize) {
        (
            self.stub.count("POST /auth/login "),
            self.stub.count("GET "),
        )
    }
}

async fn ask(client: &Client) -> Result<Callers, Fault> {
    client.callers(&QueueId::from("q")).await.outcome
}

async fn ask_eight_at_once(client: &Client) -> Vec<Result<Callers, Fault>> {
    let queues: Vec<QueueId> = (0..8).map(|i| QueueId::from(format!("q{i}"))).collect();
    let polled = join_all(queues.iter().map(|queue| client.callers(queue))).await;
    polled.into_iter().map(|p| p.outcome).collect()
}

#[tokio::test]
async fn a_login_is_sent_as_json_and_its_token_used() {
    let vendor = Vendor::open("").await;
    ask(&with_login(&vendor.stub.url, &Hands::default()))
        .await
        .unwrap();
    let asked = vendor.stub.asked();
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /auth/login HTTP/1.1"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(!head.contains("authorization"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let expected = serde_json::json!({"username": "anna@example.com", "password": "pass-canary"});
    assert_eq!(body, expected);
    assert!(
        asked[1].contains("authorization: Bearer t1\r\n"),
        "{}",
        asked[1]
    );
}

#[tokio::test]
async fn eight_waiting_requests_share_one_login_and_one_renewal() {
    let vendor = Vendor::open("").await;
    let client = with_login(&vendor.stub.url, &Hands::default());
    assert!(ask_eight_at_once(&client).await.iter().all(Result::is_ok));
    assert_eq!(vendor.counts(), (1, 8));
    vendor.expire_below(2);
    assert!(ask_eight_at_once(&client).await.iter().all(Result::is_ok));
    assert_eq!(vendor.counts(), (2, 8 + 16));
}

#[tokio::test]
async fn an_expired_session_is_renewed_once_and_then_fails() {
    let vendor = Vendor::open("").await;
    let hands = Hands::default();
    let client = with_login(&vendor.stub.url, &hands);
    ask(&client).await.unwrap();
    vendor.expire_below(2);
    ask(&client).await.unwrap();
    assert_eq!(vendor.counts(), (2, 3));

    vendor.expire_below(1_000);
    let fault = ask(&client).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Auth);
    assert!(
        fault.what.contains("\"Session has expired, please login\""),
        "{fault}"
    );
    assert!(fault.remedy.contains("a new login did not help"), "{fault}");
    assert_eq!(vendor.counts(), (3, 5));
    // That it did not help is remembered for a while: no login per poll.
    ask(&client).await.unwrap_err();
    assert_eq!(vendor.counts(), (3, 6));
    hands.set(31);
    ask(&client).await.unwrap_err();
    assert_eq!(vendor.counts(), (4, 8));
}

#[tokio::test]
async fn a_login_is_renewed_at_four_fifths_of_its_life() {
    for (minutes, renewed_at) in [
        ("", Some(12 * 60)),
        (r#","expiresInMinutes":15"#, Some(12 * 60)),
        (r#","expiresInMinutes":"60""#, Some(48 * 60)),
        (r#","expiresInMinutes":null"#, Some(12 * 60)),
        (r#","expiresInMinutes":0"#, Some(12 * 60)),
        (r#","expiresInMinutes":-1"#, None),
    ] {
        let vendor = Vendor::open(minutes).await;
        let hands = Hands::default();
        let client = with_login(&vendor.stub.url, &hands);
        ask(&client).await.unwrap();
        hands.set(renewed_at.unwrap_or(1_000_000_000) - 1);
        ask(&client).await.unwrap();
        assert_eq!(vendor.counts().0, 1, "{minutes}");
        hands.set(renewed_at.unwrap_or(1_000_000_000));
        ask(&client).await.unwrap();
        let logins = if renewed_at.is_some() { 2 } else { 1 };
        assert_eq!(vendor.counts().0, logins, "{minutes}");
    }
}

#[tokio::test]
async fn while_no_new_login_can_be_had_the_old_token_serves_to_its_end() {
    let vendor = Vendor::open("").await;
    let hands = Hands::default();
    let client = with_login(&vendor.stub.url, &hands);
    ask(&client).await.unwrap();
    vendor.close(true);
    for (second, logins, is_good) in [
        (12 * 60, 2, true),
        (12 * 60 + 2, 2, true),
        (12 * 60 + 30, 3, true),
        (15 * 60, 4, false),
        (15 * 60 + 2, 4, false),
    ] {
        hands.set(second);
        assert_eq!(ask(&client).await.is_ok(), is_good, "{second}");
        assert_eq!(vendor.counts().0, logins, "{second}");
    }
    vendor.close(false);
    hands.set(15 * 60 + 30);
    ask(&client).await.unwrap();
}

#[tokio::test]
async fn a_refused_login_is_not_hammered() {
    let vendor = Vendor::open("").await;
    vendor.close(true);
    let hands = Hands::default();
    let client = with_login(&vendor.stub.url, &hands);
    for outcome in ask_eight_at_once(&client).await {
        let fault = outcome.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Auth);
        assert!(
            fault
                .what
                .contains("\"Authorization required, please login\""),
            "{fault}"
        );
        assert!(
            fault.remedy.contains("`username` and `password`"),
            "{fault}"
        );
    }
    hands.set(29);
    ask(&client).await.unwrap_err();
    assert_eq!(vendor.counts(), (1, 0));
    hands.set(30);
    ask(&client).await.unwrap_err();
    assert_eq!(vendor.counts(), (2, 0));
    // A clock set back does not lock us out for years.
    hands.set(-1_000_000);
    vendor.close(false);
    ask(&client).await.unwrap();
}

#[tokio::test]
async fn a_login_that_fails_on_the_way_fails_all_who_wait_and_is_tried_by_the_next() {
    let stub = Stub::always(reply("502 X", &[], "")).await;
    let client = with_login(&stub.url, &Hands::default());
    for outcome in ask_eight_at_once(&client).await {
        assert_eq!(outcome.unwrap_err().kind, FaultKind::Server);
    }
    assert_eq!(stub.asked().len(), 1);
    ask(&client).await.unwrap_err();
    assert_eq!(stub.asked().len(), 2);
}

#[tokio::test]
async fn every_answer_to_a_login_is_a_sentence() {
    for (bytes, kind, what) in [
        (
            error(400, "smsKey", "SMS key required"),
            FaultKind::Auth,
            "\"SMS key required\"",
        ),
        (
            error(403, "locked", "Locked"),
            FaultKind::Auth,
            "\"Locked\"",
        ),
        (
            error(422, "username", "Not an e-mail"),
            FaultKind::Auth,
            "\"Not an e-mail\"",
        ),
        (
            reply("404 X", &[], ""),
            FaultKind::NotFound,
            "404 Not Found",
        ),
        (
            json("<title>Wi-Fi</title>"),
            FaultKind::Malformed,
            "a web page (\"Wi-Fi\")",
        ),
        (reply("407 X", &[], ""), FaultKind::Auth, "407 Proxy"),
        (json("{}"), FaultKind::Malformed, "without a token"),
        (json("[]"), FaultKind::Malformed, "without a token"),
        (
            json(r#"{"token":""}"#),
            FaultKind::Malformed,
            "without a token",
        ),
        (
            json(r#"{"token":"a\nb"}"#),
            FaultKind::Malformed,
            "without a token",
        ),
        (
            json(r#"{"token":{}}"#),
            FaultKind::Malformed,
            "without a token",
        ),
        (
            reply("302 X", &["location: https://h/"], ""),
            FaultKind::Redirected,
            "https://h",
        ),
        (
            reply("429 X", &[], ""),
            FaultKind::RateLimited { until: None },
            "429",
        ),
    ] {
        let stub = Stub::always(bytes).await;
        let fault = ask(&with_login(&stub.url, &Hands::default()))
            .await
            .unwrap_err();
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(
            fault.to_string().contains("login") && fault.what.contains(what),
            "{fault}"
        );
        assert!(!fault.remedy.is_empty(), "{fault}");
    }
}

#[tokio::test]
async fn a_fixed_token_that_is_refused_is_not_tried_again() {
    let stub = Stub::always(error(401, "invalid_token", "Undecipherable")).await;
    let fault = ask(&with_token(&stub.url)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Auth);
    assert!(fault.remedy.contains("check `token`"), "{fault}");
    assert_eq!(stub.asked().len(), 1);
}

#[tokio::test]
async fn a_malformed_header_is_not_cured_by_logging_in() {
    let stub = Stub::serve(|request| {
        Reply::Bytes(if request.starts_with("POST") {
            json(r#"{"token":"t"}"#)
        } else {
            error(401, "format_error", "Authorization header format is …")
        })
    })
    .await;
    ask(&with_login(&stub.url, &Hands::default()))
        .await
        .unwrap_err();
    assert_eq!(stub.asked().len(), 2);
}
