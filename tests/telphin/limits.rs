//! The account's budget: told by every answer, kept by all who share it.

use futures_util::future::join_all;
use holdline::{
    domain::{
        fault::{Fault, FaultKind},
        injection::Told,
        time::At,
    },
    vendor::telphin::{Budget, Client},
};

use crate::{
    server::{Hands, Reply, Stub, json, reply},
    stub::{always, client, counts, dial, error, vendor},
};

fn rated(status: &str, limit: &str, remaining: &str, reset: &str, body: &str) -> Vec<u8> {
    let headers = [
        format!("X-RateLimit-Limit: {limit}"),
        format!("X-RateLimit-Remaining: {remaining}"),
        format!("X-RateLimit-Reset: {reset}"),
    ];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    reply(status, &headers, body)
}

async fn fault(client: &Client) -> Fault {
    client.subscriptions("175").await.unwrap_err()
}

fn until(fault: &Fault) -> Option<i64> {
    match fault.kind {
        FaultKind::RateLimited { until } => until.map(|at| at.0),
        _ => None,
    }
}

#[tokio::test]
async fn what_is_left_is_known_until_the_hour_ends() {
    let stub = always(rated("200 OK", "5000", "4321", "600", "[]")).await;
    let hands = Hands::default();
    let client = client(&stub.url, &hands);
    assert_eq!(client.budget(), None);
    client.subscriptions("175").await.unwrap();
    let budget = Budget {
        limit: Some(5_000),
        remaining: 4_321,
        reset: At(601_000),
    };
    assert_eq!(client.budget(), Some(budget));
    hands.set(600);
    assert_eq!(client.budget(), Some(budget));
    hands.set(601);
    assert_eq!(client.budget(), None);
}

#[tokio::test]
async fn a_budget_that_is_used_up_lets_no_request_leave() {
    let stub = always(rated("200 OK", "5000", "0", "600", "[]")).await;
    let hands = Hands::default();
    let one = client(&stub.url, &hands);
    // Another site of the same account has none left either.
    let two = client(&stub.url, &hands);
    one.subscriptions("175").await.unwrap();
    let asked = stub.asked().len();
    for second in [0, 600] {
        hands.set(second);
        for client in [&one, &two] {
            let fault = fault(client).await;
            assert_eq!(until(&fault), Some(601_000), "{fault}");
            assert!(fault.what.contains("5000 an hour"), "{fault}");
            let placed = client.call(&dial("200")).await;
            assert!(matches!(placed.told, Told::Failed(_)), "{placed:?}");
        }
    }
    assert_eq!(stub.asked().len(), asked);
    hands.set(601);
    two.subscriptions("175").await.unwrap();
    assert_eq!(stub.asked().len(), asked + 1);
}

#[tokio::test]
async fn a_429_holds_the_account_as_long_as_it_says() {
    let word = r#"{"message":"Rate limit exceeded","status":"rate_limit_exceeded"}"#;
    for (bytes, held) in [
        (rated("429 X", "5000", "0", "120", word), 121),
        (rated("429 X", "5000", "17", "120", word), 121),
        (rated("429 X", "", "", "", word), 60),
        (rated("429 X", "x", "x", "1763750000", word), 3_601),
        (error(429, "Rate limit exceeded", "rate_limit_exceeded"), 60),
        (reply("429 X", &[], ""), 60),
        (reply("429 X", &["retry-after: 30"], word), 30),
        (reply("429 X", &["retry-after: 0"], word), 1),
        (reply("429 X", &["retry-after: 9999999"], word), 3_600),
        (reply("429 X", &["content-type: text/html"], "<p>slow"), 60),
    ] {
        let stub = always(bytes).await;
        let hands = Hands::default();
        let client = client(&stub.url, &hands);
        let first = fault(&client).await;
        assert_eq!(until(&first), Some(held * 1_000), "{first}");
        assert!(!first.remedy.is_empty(), "{first}");
        hands.set(held - 1);
        let second = fault(&client).await;
        assert_eq!(until(&second), Some(held * 1_000), "{second}");
        assert_eq!(counts(&stub), (1, 1), "{held}");
        assert_eq!(client.budget().unwrap().remaining, 0);
        hands.set(held);
        fault(&client).await;
        assert_eq!(counts(&stub).1, 2, "{held}");
    }
}

#[tokio::test]
async fn a_429_for_one_request_holds_no_other() {
    let busy = r#"{"message":"Stats request already exists, concurrent request not allowed"}"#;
    let stub = always(rated("429 X", "5000", "4000", "600", busy)).await;
    let client = client(&stub.url, &Hands::default());
    assert_eq!(until(&fault(&client).await), Some(60_000));
    fault(&client).await;
    assert_eq!(counts(&stub).1, 2);
    assert_eq!(client.budget().unwrap().remaining, 4_000);
}

#[tokio::test]
async fn a_refused_token_holds_the_account_too() {
    let stub = Stub::always(rated("429 X", "10", "0", "600", "")).await;
    let client = client(&stub.url, &Hands::default());
    assert_eq!(until(&fault(&client).await), Some(601_000));
    assert_eq!(until(&fault(&client).await), Some(601_000));
    assert_eq!(counts(&stub), (1, 0));
}

#[tokio::test]
async fn of_requests_at_once_no_more_leave_than_are_left() {
    let stub = vendor(|request| {
        Reply::Bytes(if request.contains("/limit/") {
            rated("200 OK", "5000", "3", "600", "{}")
        } else {
            rated("200 OK", "5000", "0", "600", "[]")
        })
    })
    .await;
    let client = client(&stub.url, &Hands::default());
    client.limits().await.unwrap();
    assert_eq!(client.budget().unwrap().remaining, 3);
    let asked = join_all((0..8).map(|_| client.subscriptions("175"))).await;
    assert_eq!(asked.iter().filter(|a| a.is_ok()).count(), 3);
    assert_eq!(counts(&stub).1, 1 + 3);
}

#[tokio::test]
async fn a_clock_that_jumps_holds_nothing_for_ever() {
    let stub = always(rated("200 OK", "5000", "0", "600", "[]")).await;
    let hands = Hands::default();
    hands.set(1_000_000_000);
    let client = client(&stub.url, &hands);
    client.subscriptions("175").await.unwrap();
    fault(&client).await;
    for second in [
        1_000_000_000 - 3_600,
        1_000_000_000 - 315_360_000,
        1_315_360_000,
    ] {
        hands.set(second);
        client.subscriptions("175").await.unwrap();
    }
}

#[tokio::test]
async fn answers_without_numbers_never_close_the_account() {
    let stub = vendor(|request| {
        Reply::Bytes(if request.contains("/limit/") {
            rated("200 OK", "5000", "2", "600", "{}")
        } else {
            json("[]")
        })
    })
    .await;
    let client = client(&stub.url, &Hands::default());
    client.limits().await.unwrap();
    for _ in 0..5 {
        client.subscriptions("175").await.unwrap();
    }
    assert_eq!(client.budget().unwrap().remaining, 1);
}
