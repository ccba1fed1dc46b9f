//! What the client sends, and how it takes servers that misbehave.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use holdline::{
    domain::{
        fault::{Fault, FaultKind},
        id::QueueId,
        time::At,
    },
    vendor::telecomx::{Callers, Client},
};
use tokio::net::TcpListener;

use crate::{
    server::{Hands, Reply, Stub, gzip, json, reply},
    stub::{CALLERS, error, with_login, with_token},
};

async fn ask(client: &Client) -> Result<Callers, Fault> {
    client.callers(&QueueId::from("12AB")).await.outcome
}

/// The fault of a client with a token whose server always answers this.
async fn fault(bytes: Vec<u8>) -> Fault {
    let stub = Stub::always(bytes).await;
    ask(&with_token(&stub.url)).await.unwrap_err()
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    reply("200 OK", &["content-encoding: gzip"], body)
}

#[tokio::test]
async fn a_token_is_sent_as_the_documented_header_to_the_documented_path() {
    let stub = Stub::always(json(CALLERS)).await;
    for (base, path) in [
        ("", "/pbx/queue/12AB/callers"),
        ("/", "/pbx/queue/12AB/callers"),
        ("/telecomx", "/telecomx/pbx/queue/12AB/callers"),
        ("/telecomx/", "/telecomx/pbx/queue/12AB/callers"),
    ] {
        let client = with_token(&format!("{}{base}", stub.url));
        let Ok(Callers::List(list)) = ask(&client).await else {
            panic!("no list");
        };
        assert_eq!(list.len(), 1);
        let asked = stub.asked().pop().unwrap();
        let version = env!("CARGO_PKG_VERSION");
        assert!(
            asked.starts_with(&format!("GET {path} HTTP/1.1\r\n")),
            "{asked}"
        );
        for line in [
            "authorization: Bearer tok-canary",
            "accept: application/json",
            "accept-encoding: gzip",
            &format!("user-agent: holdline/{version}"),
        ] {
            assert!(
                asked.lines().any(|l| l == line),
                "{line} is not in: {asked}"
            );
        }
    }
}

#[tokio::test]
async fn a_queues_id_stays_one_segment_of_the_path() {
    let stub = Stub::always(json("[]")).await;
    let client = with_token(&stub.url);
    client
        .callers(&QueueId::from("a/../b?c#d ø"))
        .await
        .outcome
        .unwrap();
    let expected = "GET /pbx/queue/a%2F..%2Fb%3Fc%23d%20%C3%B8/callers ";
    assert_eq!(stub.count(expected), 1, "{:?}", stub.asked());
    let fault = client
        .callers(&QueueId::from(".."))
        .await
        .outcome
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Invalid { field: "id".into() });
    assert_eq!(stub.asked().len(), 1);
}

#[tokio::test]
async fn an_unchanged_answer_is_known_until_it_is_forgotten() {
    let body = Arc::new(Mutex::new(json(CALLERS)));
    let served = body.clone();
    let stub = Stub::serve(move |_| Reply::Bytes(served.lock().unwrap().clone())).await;
    let client = with_token(&stub.url);
    let is_list = |outcome: Result<Callers, Fault>| matches!(outcome, Ok(Callers::List(_)));

    assert!(is_list(ask(&client).await));
    assert_eq!(ask(&client).await, Ok(Callers::Unchanged));
    // Another queue's answer is another's.
    assert!(is_list(
        client.callers(&QueueId::from("other")).await.outcome
    ));
    assert_eq!(ask(&client).await, Ok(Callers::Unchanged));
    // A fault in between changes nothing; the same bytes as an error are one.
    *body.lock().unwrap() = reply("500 Oops", &[], CALLERS);
    assert_eq!(ask(&client).await.unwrap_err().kind, FaultKind::Server);
    *body.lock().unwrap() = json(CALLERS);
    assert_eq!(ask(&client).await, Ok(Callers::Unchanged));
    // One byte makes a difference.
    *body.lock().unwrap() = json(CALLERS.replace("Bamse", "Bamze"));
    assert!(is_list(ask(&client).await));
    client.forget(&QueueId::from("12AB"));
    assert!(is_list(ask(&client).await));
    assert_eq!(ask(&client).await, Ok(Callers::Unchanged));
}

#[tokio::test]
async fn a_hundred_thousand_callers_are_read() {
    let rows: Vec<String> = (0..100_000)
        .map(|i| {
            format!(
                r#"{{"_id":"{i}.1-pbx1","state":"QUEUED","number":"+45{i:08}","privacy":false}}"#
            )
        })
        .collect();
    let body = format!("[{}]", rows.join(","));
    for bytes in [json(&body), gzipped(&gzip(body.as_bytes()))] {
        let stub = Stub::always(bytes).await;
        let client = with_token(&stub.url);
        let Ok(Callers::List(list)) = ask(&client).await else {
            panic!("no list");
        };
        assert_eq!(list.len(), 100_000);
        assert_eq!(list[99_999].party.number(), Some("+4500099999"));
        assert_eq!(ask(&client).await, Ok(Callers::Unchanged));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_other_host_hears_nothing() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let other = Stub::always(json(CALLERS)).await;
        let fault = fault(reply(
            status,
            &[&format!("location: {}/pbx", other.url)],
            "",
        ))
        .await;
        assert_eq!(fault.kind, FaultKind::Redirected);
        assert!(fault.what.contains(&other.url), "{fault}");
        assert_eq!(other.asked(), [""; 0]);
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_timeout_at_the_deadline() {
    let stub = Stub::serve(|_| Reply::Hang).await;
    let client = with_token(&stub.url);
    let asked = ask(&client);
    let fault = asked.await.unwrap_err();
    assert_eq!(
        (fault.kind.clone(), fault.exit_code()),
        (FaultKind::Timeout, 3)
    );
    assert!(
        fault.what.contains("no whole answer within 10 s"),
        "{fault}"
    );
}

#[tokio::test]
async fn the_deadline_counts_for_the_login_and_the_list_together() {
    let stub = Stub::serve(|request| {
        if request.starts_with("POST") {
            return Reply::Bytes(json(r#"{"token":"t"}"#));
        }
        Reply::Hang
    })
    .await;
    let client = with_login(&stub.url, &Hands::default());
    let before = tokio::time::Instant::now();
    assert_eq!(ask(&client).await.unwrap_err().kind, FaultKind::Timeout);
    let took = before.elapsed();
    assert!(took < Duration::from_secs(11), "{took:?}");
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_unreadable() {
    let whole = json(CALLERS);
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[{\r\n";
    let packed = gzip(CALLERS.as_bytes());
    for bytes in [
        whole[..whole.len() - 20].to_vec(),
        chunked.to_vec(),
        gzipped(&packed[..packed.len() / 2]),
        gzipped(b"this is not gzip"),
    ] {
        let fault = fault(bytes).await;
        assert_eq!(
            (fault.kind.clone(), fault.exit_code()),
            (FaultKind::Malformed, 1)
        );
        assert!(fault.what.contains("cut off"), "{fault}");
    }
}

#[tokio::test]
async fn a_list_cut_before_a_clean_end_is_unreadable() {
    let cut = &CALLERS[..CALLERS.len() - 10];
    let fault = fault(json(cut)).await;
    assert!(fault.what.contains("ends in the middle"), "{fault}");
}

#[tokio::test]
async fn no_body_however_packed_fills_the_memory() {
    let zeros = vec![b' '; 65 << 20];
    let endless = [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(),
        &zeros,
    ]
    .concat();
    let claimed = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_vec();
    for bytes in [gzipped(&gzip(&zeros)), endless, claimed] {
        let fault = fault(bytes).await;
        assert_eq!(fault.kind, FaultKind::Malformed);
        assert!(fault.what.contains("longer than 64 MiB"), "{fault}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_or_speaks_something_else_is_told_apart() {
    for (bytes, kind, what) in [
        (
            b"".as_slice(),
            FaultKind::Unreachable,
            "closed the connection",
        ),
        (
            b"HTTP/1.1 200 OK\r\nconte",
            FaultKind::Unreachable,
            "closed the connection",
        ),
        (
            b"SSH-2.0-OpenSSH_9.6\r\n",
            FaultKind::Malformed,
            "does not answer in HTTP",
        ),
    ] {
        let fault = fault(bytes.to_vec()).await;
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.what.contains(what), "{fault}");
    }
    let head = "HTTP/1.1 200 OK\r\n".to_owned();
    let many = (0..10_000).fold(head, |all, i| all + &format!("x-{i}: y\r\n")) + "\r\n";
    assert_eq!(fault(many.into_bytes()).await.kind, FaultKind::Malformed);
}

#[tokio::test]
async fn a_port_nobody_listens_on_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let fault = ask(&with_token(&format!("http://{address}")))
        .await
        .unwrap_err();
    assert_eq!(
        (fault.kind.clone(), fault.exit_code()),
        (FaultKind::Unreachable, 3)
    );
    assert_eq!(fault.what, format!("{address} refused the connection"));
}

#[tokio::test]
async fn a_name_without_address_says_so() {
    // Longer than a name's part may be, so no name server is asked.
    let host = format!("{}.localhost", "x".repeat(64));
    let fault = ask(&with_token(&format!("http://{host}")))
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert_eq!(fault.what, format!("no address is known for {host}"));
}

#[tokio::test]
async fn tls_to_a_port_without_it_says_so() {
    let stub = Stub::always(reply("400 Bad Request", &[], "")).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        while let Ok((mut stream, _)) = listener.accept().await {
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    let fault = ask(&with_token(&format!("https://{address}")))
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert!(fault.what.contains("does not speak TLS"), "{fault}");
    assert!(fault.remedy.contains("http://"), "{fault}");
    assert_eq!(stub.asked(), [""; 0]);
}

#[tokio::test]
async fn web_pages_and_errors_pass_through_whole() {
    let html = ["content-type: text/html"];
    let fault_ = fault(reply("200 OK", &html, "<title>Log in</title>")).await;
    assert!(fault_.what.contains("a web page (\"Log in\")"), "{fault_}");
    let fault_ = fault(reply("503 X", &html, "<title>Sorry</title>")).await;
    assert!(
        fault_
            .what
            .contains("503 Service Unavailable with a web page (\"Sorry\")")
    );
    let fault_ = fault(error(404, "id", "Queue not found")).await;
    assert_eq!(fault_.kind, FaultKind::NotFound);
    let fault_ = fault(reply("429 X", &["retry-after: 30"], "")).await;
    let until = Some(At(30_000));
    assert_eq!(fault_.kind, FaultKind::RateLimited { until });
}

#[tokio::test]
async fn the_vendors_clock_is_measured_from_good_and_bad_answers() {
    let date = "date: Thu, 01 Jan 1970 01:00:00 GMT";
    for bytes in [
        reply("200 OK", &[date], CALLERS),
        reply("500 X", &[date], ""),
    ] {
        let stub = Stub::always(bytes).await;
        let polled = with_token(&stub.url).callers(&QueueId::from("q")).await;
        let skew = polled.skew.unwrap();
        assert_eq!(skew.ms, 3_600_500);
        assert_eq!(skew.tolerance, Duration::from_millis(1_500));
    }
    for headers in [&[][..], &["date: soon"], &[date, "age: 120"]] {
        let stub = Stub::always(reply("200 OK", headers, "[]")).await;
        let polled = with_token(&stub.url).callers(&QueueId::from("q")).await;
        assert_eq!(polled.skew, None, "{headers:?}");
    }
}
