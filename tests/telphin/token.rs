//! Tokens: one login for all who wait, renewed in time, never hammered, and
//! one for all sites of an account.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use holdline::{config::Secret, domain::fault::FaultKind, vendor::telphin::Client};

use crate::{
    server::{DEADLINE, Hands, Reply, Stub, json, reply},
    stub::{always, client, counts, error, site, strict},
};

async fn ask_eight_at_once(client: &Client) -> bool {
    let asked = join_all((0..8).map(|_| client.subscriptions("175"))).await;
    asked.iter().all(Result::is_ok)
}

#[tokio::test]
async fn a_login_is_sent_as_a_form_and_its_token_used() {
    let stub = always(json("[]")).await;
    let mut site = site(&stub.url);
    site.client_secret = Secret::from("a&b=c d".to_owned());
    let client = Client::new(&site, DEADLINE, Hands::default().clock()).unwrap();
    client.subscriptions("175").await.unwrap();
    let asked = stub.asked();
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /oauth/token HTTP/1.1"), "{head}");
    let form = "content-type: application/x-www-form-urlencoded";
    assert!(head.contains(form), "{head}");
    assert!(!head.contains("authorization"), "{head}");
    assert_eq!(
        body,
        "grant_type=client_credentials&client_id=app-7&client_secret=a%26b%3Dc+d"
    );
    assert!(
        asked[1].contains("authorization: Bearer t1\r\n"),
        "{}",
        asked[1]
    );
}

#[tokio::test]
async fn eight_waiting_requests_share_one_login_and_one_renewal() {
    let oldest = Arc::new(AtomicUsize::new(1));
    let stub = strict(oldest.clone(), json("[]")).await;
    let client = client(&stub.url, &Hands::default());
    assert!(ask_eight_at_once(&client).await);
    assert_eq!(counts(&stub), (1, 8));
    oldest.store(2, Ordering::SeqCst);
    assert!(ask_eight_at_once(&client).await);
    assert_eq!(counts(&stub), (2, 8 + 16));
}

#[tokio::test]
async fn two_sites_of_one_account_share_one_token() {
    let oldest = Arc::new(AtomicUsize::new(1));
    let stub = strict(oldest.clone(), json("[]")).await;
    let hands = Hands::default();
    let one = client(&stub.url, &hands);
    let two = client(&format!("{}/", stub.url), &hands);
    one.subscriptions("175").await.unwrap();
    two.subscriptions("176").await.unwrap();
    assert_eq!(counts(&stub), (1, 2));
    oldest.store(2, Ordering::SeqCst);
    let both = join_all([one.subscriptions("175"), two.subscriptions("176")]).await;
    assert!(both.iter().all(Result::is_ok));
    assert_eq!(counts(&stub).0, 2);
    // Another application is another account.
    let mut other = site(&stub.url);
    other.client_id = "app-8".into();
    let other = Client::new(&other, DEADLINE, hands.clock()).unwrap();
    other.subscriptions("175").await.unwrap();
    assert_eq!(counts(&stub).0, 3);
}

#[tokio::test]
async fn a_token_is_renewed_at_four_fifths_of_its_life() {
    for (life, renewed_at) in [
        ("", 2_880),
        (r#","expires_in":3600"#, 2_880),
        (r#","expires_in":"600""#, 480),
        (r#","expires_in":60.0"#, 48),
        (r#","expires_in":null"#, 2_880),
        (r#","expires_in":"soon""#, 2_880),
        (r#","expires_in":0"#, 2_880),
        (r#","expires_in":-1"#, 2_880),
        (r#","expires_in":[1]"#, 2_880),
    ] {
        let stub = Stub::serve(move |request| {
            let token = json(format!(r#"{{"access_token":"t"{life}}}"#));
            let is_login = request.starts_with("POST ");
            Reply::Bytes(if is_login { token } else { json("[]") })
        })
        .await;
        let hands = Hands::default();
        let client = client(&stub.url, &hands);
        for (second, logins) in [(0, 1), (renewed_at - 1, 1), (renewed_at, 2)] {
            hands.set(second);
            client.subscriptions("175").await.unwrap();
            assert_eq!(counts(&stub).0, logins, "{life} at {second}");
        }
    }
}

#[tokio::test]
async fn a_life_without_measure_and_a_clock_that_jumps_do_no_harm() {
    let stub = Stub::serve(|request| {
        let token = json(r#"{"access_token":"t","expires_in":9223372036854775807}"#);
        let is_login = request.starts_with("POST ");
        Reply::Bytes(if is_login { token } else { json("[]") })
    })
    .await;
    let hands = Hands::default();
    let client = client(&stub.url, &hands);
    for second in [
        0,
        315_360_000,
        -315_360_000,
        i64::MAX / 1_000,
        i64::MIN / 1_000,
    ] {
        hands.set(second);
        client.subscriptions("175").await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_login_is_not_hammered() {
    let closed = Arc::new(AtomicBool::new(true));
    let is_closed = closed.clone();
    let stub = Stub::serve(move |request| {
        Reply::Bytes(if !request.starts_with("POST ") {
            json("[]")
        } else if is_closed.load(Ordering::SeqCst) {
            let body = r#"{"error":"invalid_client","error_description":"Wrong secret"}"#;
            reply("400 Bad Request", &[], body)
        } else {
            json(r#"{"access_token":"t"}"#)
        })
    })
    .await;
    let hands = Hands::default();
    let client = client(&stub.url, &hands);
    assert!(!ask_eight_at_once(&client).await);
    for second in [0, 29] {
        hands.set(second);
        let fault = client.subscriptions("175").await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Auth);
        assert_eq!(
            fault.what,
            "no token was given: Telphin answered 400 invalid_client: \"Wrong secret\""
        );
        assert!(
            fault.remedy.contains("`client_id` and `client_secret`"),
            "{fault}"
        );
        assert_eq!(counts(&stub), (1, 0), "{second}");
    }
    closed.store(false, Ordering::SeqCst);
    hands.set(30);
    client.subscriptions("175").await.unwrap();
    assert_eq!(counts(&stub), (2, 1));
}

#[tokio::test]
async fn a_token_that_does_not_help_is_renewed_once_and_then_left_alone() {
    let oldest = Arc::new(AtomicUsize::new(1_000));
    let stub = strict(oldest, json("[]")).await;
    let hands = Hands::default();
    let client = client(&stub.url, &hands);
    for (second, seen) in [(0, (2, 2)), (1, (2, 3)), (31, (3, 5))] {
        hands.set(second);
        let fault = client.subscriptions("175").await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Auth);
        assert!(fault.remedy.contains("a new token did not help"), "{fault}");
        assert_eq!(counts(&stub), seen, "{second}");
    }
}

#[tokio::test]
async fn a_login_that_gives_no_token_is_a_sentence() {
    let odd = "without a token that can be used";
    for (bytes, kind, what) in [
        (json("{}"), FaultKind::Malformed, odd),
        (json(r#"{"access_token":""}"#), FaultKind::Malformed, odd),
        (
            json(r#"{"access_token":"a\nb"}"#),
            FaultKind::Malformed,
            odd,
        ),
        (json(r#"["t",3600]"#), FaultKind::Malformed, odd),
        (json("{"), FaultKind::Malformed, odd),
        (
            json("<title>Hi</title>"),
            FaultKind::Malformed,
            "a web page (\"Hi\")",
        ),
        (
            error(401, "Bad client", ""),
            FaultKind::Auth,
            "401: \"Bad client\"",
        ),
        (
            error(403, "", "user_blocked"),
            FaultKind::Forbidden,
            "403 user_blocked",
        ),
        (
            error(404, "Not found", ""),
            FaultKind::NotFound,
            "404: \"Not found\"",
        ),
        (error(500, "Oops", ""), FaultKind::Server, "500: \"Oops\""),
        (reply("302 X", &[], ""), FaultKind::Redirected, "302 Found"),
    ] {
        let stub = Stub::always(bytes).await;
        let asked = client(&stub.url, &Hands::default())
            .subscriptions("175")
            .await;
        let fault = asked.unwrap_err();
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.what.contains(what), "{fault}");
        assert!(!fault.remedy.is_empty(), "{fault}");
        assert_eq!(counts(&stub), (1, 0));
    }
}
