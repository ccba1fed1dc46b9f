//! Every fault, as it comes over the wire, and how it is asked for.

use std::time::Duration;

use holdline::{
    domain::time::At,
    sim::{
        Fault, RetryAfter, Rule, Sim,
        telecomx::{QUEUE_IDS, TOKEN},
    },
};
use serde_json::{Value, json};
use tokio::{
    io::AsyncReadExt,
    time::{Instant, timeout},
};

use super::{Answer, ask, bytes, callers, list, sent, simulator};

/// Longer than any wait of the simulator's; over at once, time being paused.
const LONG: Duration = Duration::from_hours(1);

/// The list while one fault is in force, for that one request.
async fn with(sim: &Sim, fault: Fault) -> Answer {
    sim.faults().set(Rule::from(fault).times(1));
    list(sim).await
}

#[tokio::test]
async fn an_error_status_speaks_the_vendors_words_or_the_proxys() {
    let (sim, _) = simulator().await;
    let status = |code| Fault::Status {
        code,
        retry_after: None,
    };
    for (code, word) in [
        (401, "invalid_token"),
        (403, "access_denied"),
        (404, "id"),
        (500, "internal_error"),
    ] {
        let answer = with(&sim, status(code)).await;
        assert_eq!(answer.status(), code);
        assert_eq!(answer.json()["error"]["code"], word);
    }
    for code in [429, 502, 503] {
        let answer = with(&sim, status(code)).await;
        assert_eq!(answer.status(), code);
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert!(answer.body.starts_with(b"<html>"));
        assert_eq!(answer.header("retry-after"), None);
        assert!(answer.header("date").is_some());
    }
}

#[tokio::test]
async fn a_limit_says_when_to_come_again_in_seconds_or_as_a_date() {
    let (sim, _) = simulator().await;
    let limit = |retry_after| Fault::Status {
        code: 429,
        retry_after: Some(retry_after),
    };
    let answer = with(&sim, limit(RetryAfter::Seconds(7))).await;
    assert_eq!(answer.header("retry-after"), Some("7"));
    let answer = with(&sim, limit(RetryAfter::DateIn(90))).await;
    assert_eq!(
        answer.header("retry-after"),
        Some("Sat, 21 Nov 2026 10:21:30 GMT")
    );
}

#[tokio::test]
async fn bodies_that_are_no_list() {
    let (sim, _) = simulator().await;
    let not_json = with(&sim, Fault::NotJson).await;
    assert_eq!(not_json.status(), 200);
    assert!(serde_json::from_slice::<Value>(&not_json.body).is_err());
    assert!(with(&sim, Fault::WrongShape).await.body.starts_with(b"{"));
    let html = with(&sim, Fault::Html).await;
    assert_eq!(html.status(), 200);
    assert!(
        html.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    let empty = with(&sim, Fault::Empty).await;
    assert_eq!((empty.status(), empty.body.len()), (200, 0));
    let wanted = Fault::Answer {
        status: 418,
        content_type: "text/plain".into(),
        body: "teapot".into(),
    };
    let teapot = with(&sim, wanted).await;
    assert_eq!((teapot.status(), &teapot.body[..]), (418, &b"teapot"[..]));
    assert_eq!(list(&sim).await.status(), 200);
}

#[tokio::test]
async fn a_redirect_leads_elsewhere() {
    let (sim, _) = simulator().await;
    let to = "http://127.0.0.2:9/".to_owned();
    let answer = with(&sim, Fault::Redirect { to: to.clone() }).await;
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.header("location"), Some(to.as_str()));
}

#[tokio::test]
async fn a_cut_off_answer_promises_more_than_comes() {
    let (sim, _) = simulator().await;
    let whole = list(&sim).await;
    let cut = with(&sim, Fault::CutOff).await;
    let promised: usize = cut.header("content-length").unwrap().parse().unwrap();
    assert_eq!(promised, whole.body.len());
    assert_eq!(cut.body, whole.body[..promised / 2]);
    assert_eq!(cut.header("date"), whole.header("date"));
}

#[tokio::test]
async fn connections_break_without_an_answer() {
    let (sim, _) = simulator().await;
    sim.faults().set(Rule::from(Fault::Close).times(1));
    sim.faults().set(Rule::from(Fault::Reset).times(1));
    sim.faults().set(Rule::from(Fault::Garbage).times(1));
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(bytes(sent(&sim, "GET", &callers(), TOKEN, "").await).await);
    }
    assert_eq!(heard[0].as_ref().unwrap(), b"");
    let reset = heard[1].as_ref().unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
    let garbage = heard[2].as_ref().unwrap();
    assert!(!garbage.is_empty() && !garbage.starts_with(b"HTTP"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_hangs_never_comes() {
    let (sim, _) = simulator().await;
    sim.faults().set(Fault::Hang);
    let mut stream = sent(&sim, "GET", &callers(), TOKEN, "").await;
    let heard = timeout(LONG, stream.read_u8()).await;
    assert!(heard.is_err(), "{heard:?}");
    assert_eq!(sim.requests()[&format!("GET {}", callers())], 1);
}

#[tokio::test(start_paused = true)]
async fn latency_delays_and_a_trickle_drips() {
    let (sim, _) = simulator().await;
    let whole = list(&sim).await;
    let asked = Instant::now();
    with(&sim, Fault::Latency { ms: 750 }).await;
    assert!(asked.elapsed() >= Duration::from_millis(750));

    let asked = Instant::now();
    let slow = with(&sim, Fault::Trickle { every_ms: 1_000 }).await;
    let pieces = u64::try_from(whole.body.len().div_ceil(4)).unwrap();
    assert!(asked.elapsed() >= Duration::from_secs(pieces));
    assert_eq!(slow.body, whole.body);
}

#[tokio::test]
async fn lists_can_be_huge_or_ambiguous() {
    let (sim, _) = simulator().await;
    let huge = with(&sim, Fault::Huge { rows: 20_000 }).await;
    assert_eq!(huge.json().as_array().unwrap().len(), 20_000);
    let real = list(&sim).await.json();
    let twice = with(&sim, Fault::DuplicateIds).await.json();
    let real = real.as_array().unwrap().len();
    assert_eq!(twice.as_array().unwrap().len(), 2 * real);
}

#[tokio::test]
async fn a_skewed_clock_moves_the_date_and_every_timestamp() {
    let (sim, _) = simulator().await;
    let straight = list(&sim).await;
    let skewed = with(&sim, Fault::Skew { seconds: -90 }).await;
    assert_eq!(skewed.header("date"), Some("Sat, 21 Nov 2026 10:18:30 GMT"));
    let entered = |answer: &Answer| -> Vec<At> {
        let rows = answer.json();
        let rows = rows.as_array().unwrap();
        rows.iter()
            .map(|row| At::parse(row["entered"].as_str().unwrap()).unwrap())
            .collect()
    };
    let moved: Vec<At> = entered(&straight)
        .into_iter()
        .map(|at| at.shift(-90_000))
        .collect();
    assert_eq!(entered(&skewed), moved);
}

#[tokio::test]
async fn a_bomb_is_small_on_the_wire() {
    let (sim, _) = simulator().await;
    let bomb = with(&sim, Fault::GzipBomb { mib: 64 }).await;
    assert_eq!(bomb.header("content-encoding"), Some("gzip"));
    assert!(bomb.body.starts_with(&[0x1f, 0x8b]));
    assert!(bomb.body.len() < 128 * 1_024);
}

#[tokio::test]
async fn faults_are_set_and_ended_over_http_and_requests_are_counted() {
    let (sim, _) = simulator().await;
    let rule = json!({
        "fault": {"kind": "status", "code": 503, "retry_after": {"seconds": 3}},
        "vendor": "telecomx",
        "path": QUEUE_IDS[0],
    })
    .to_string();
    let set = ask(&sim, "POST", "/_sim/faults", "", &rule).await;
    assert_eq!(set.status(), 204);
    for _ in 0..2 {
        let answer = list(&sim).await;
        assert_eq!(
            (answer.status(), answer.header("retry-after")),
            (503, Some("3"))
        );
    }
    let other = callers().replace(QUEUE_IDS[0], QUEUE_IDS[1]);
    assert_eq!(ask(&sim, "GET", &other, TOKEN, "").await.status(), 200);

    let ended = ask(&sim, "DELETE", "/_sim/faults", "", "").await;
    assert_eq!(ended.status(), 204);
    assert_eq!(list(&sim).await.status(), 200);

    let counted = ask(&sim, "GET", "/_sim/requests", "", "").await.json();
    let mut expected = json!({});
    expected[format!("GET {}", callers())] = json!(3);
    expected[format!("GET {other}")] = json!(1);
    assert_eq!(counted, expected);

    let wrong = ask(&sim, "POST", "/_sim/faults", "", r#"{"fault":"x"}"#).await;
    assert_eq!(wrong.status(), 400);
    let lost = ask(&sim, "GET", "/nobody/here", "", "").await;
    assert_eq!(lost.status(), 404);
}
