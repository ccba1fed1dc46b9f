//! What the client sends, and how it takes servers that misbehave.

use holdline::{
    domain::{
        fault::{Fault, FaultKind},
        filter::Filters,
    },
    vendor::while1::{End, Reading, Step},
};

use crate::{
    server::{Hands, Reply, Stub, gzip, json, reply},
    stub::{ERROR, ROWS, SUCCESS, ask, client, with_key, with_token},
};

/// The fault of a client whose server always answers this.
async fn fault(bytes: Vec<u8>) -> Fault {
    let stub = Stub::always(bytes).await;
    ask(&client(&stub.url)).await.unwrap_err()
}

fn filters(typed: &[(&str, &str)]) -> Filters {
    let mut filters = Filters::default();
    for (name, value) in typed {
        filters.set(name, value).unwrap();
    }
    filters
}

/// The page's own example.
fn example() -> Filters {
    filters(&[
        ("from", "2024-01-01 00:00:00"),
        ("to", "2024-01-15 23:59:59"),
        ("unscheduled", "yes"),
        ("status", "pending"),
    ])
}

#[tokio::test]
async fn the_pages_example_is_sent_byte_for_byte() {
    let stub = Stub::always(json(SUCCESS)).await;
    for (base, path) in [
        ("", "/api/call-queue"),
        ("/", "/api/call-queue"),
        ("/pbx/", "/pbx/api/call-queue"),
    ] {
        let client = client(&format!("{}{base}", stub.url));
        let question = client.question(&example()).unwrap();
        client.page(&question, 1).await.unwrap();
        let asked = stub.asked().pop().unwrap();
        let (head, body) = asked.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with(&format!("POST {path} HTTP/1.1\r\n")),
            "{head}"
        );
        for line in [
            "authorization: Bearer tok-canary",
            "content-type: application/x-www-form-urlencoded",
            "accept: application/json",
        ] {
            assert!(head.lines().any(|l| l == line), "{line} is not in: {head}");
        }
        let query = "action=read&page=1&filters%5Bdate_between%5D%5B0%5D=2024-01-01+00%3A00%3A00\
                     &filters%5Bdate_between%5D%5B1%5D=2024-01-15+23%3A59%3A59\
                     &filters%5Bschedule_null%5D=1&filters%5Bstatus%5D=pending";
        assert_eq!(
            body,
            format!("{query}&api_hash=03f0ddb81fdcd0a5a3aec64b36766290")
        );
    }
}

#[tokio::test]
async fn without_a_key_the_bare_query_is_hashed() {
    let stub = Stub::always(json(SUCCESS)).await;
    let keyless = with_key(&stub.url, None, &Hands::default()).unwrap();
    for client in [keyless, client(&stub.url)] {
        let question = client.question(&Filters::default()).unwrap();
        client.page(&question, 1).await.unwrap();
    }
    let bodies: Vec<String> = stub
        .asked()
        .iter()
        .map(|asked| asked.split_once("\r\n\r\n").unwrap().1.to_owned())
        .collect();
    assert_eq!(
        bodies,
        [
            "action=read&page=1&api_hash=07bed85fa51959f6c966fdf57948152d",
            "action=read&page=1&api_hash=185e57f52d121e06ea78806bc71eff61",
        ]
    );
}

#[tokio::test]
async fn all_pages_of_a_question_ask_for_the_same_days() {
    let stub = Stub::always(json(SUCCESS)).await;
    let hands = Hands::default();
    let client = with_key(&stub.url, None, &hands).unwrap();
    let question = client
        .question(&filters(&[("from", "-7d"), ("to", "now")]))
        .unwrap();
    for page in 1..=3 {
        client.page(&question, page).await.unwrap();
        hands.set(i64::from(page) * 3_600);
    }
    let window =
        "5B0%5D=1969-12-25+02%3A00%3A00&filters%5Bdate_between%5D%5B1%5D=1970-01-01+02%3A00%3A00&";
    let asked = stub.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|a| a.contains(window)), "{asked:?}");
}

#[tokio::test]
async fn a_list_is_read_to_its_end_page_by_page() {
    let stub = Stub::serve(|request| {
        let page: u32 = (1..=3)
            .find(|page| request.contains(&format!("&page={page}&")))
            .unwrap();
        let rows: Vec<String> = (0..if page == 3 { 50 } else { 100 })
            .map(|i| {
                format!(
                    r#"{{"id":{},"caller_id":"021234{i:04}"}}"#,
                    page * 1_000 + i
                )
            })
            .collect();
        Reply::Bytes(json(format!(
            r#"{{"has_error":false,"messages":[],"results":[{}],"pagination":
            {{"row_count":250,"page_size":100,"current_page":{page},"max_page":3}}}}"#,
            rows.join(",")
        )))
    })
    .await;
    let client = client(&stub.url);
    let question = client.question(&Filters::pending()).unwrap();
    let mut reading = Reading::default();
    let end = loop {
        match reading.step() {
            Step::Ask(page) => reading.take(client.page(&question, page).await.unwrap()),
            Step::Done(end) => break end,
        }
    };
    assert_eq!(end, End::Whole);
    assert_eq!(reading.rows().len(), 250);
    assert_eq!(stub.count("POST /api/call-queue "), 3);
}

#[tokio::test]
async fn compressed_answers_are_read_and_broken_ones_refused() {
    let zipped = |body: &[u8]| reply("200 OK", &["content-encoding: gzip"], body);
    let stub = Stub::always(zipped(&gzip(ROWS.as_bytes()))).await;
    assert_eq!(ask(&client(&stub.url)).await.unwrap().rows.len(), 2);
    let whole = gzip(ROWS.as_bytes());
    for body in [&whole[..whole.len() / 2], ROWS.as_bytes()] {
        let fault = fault(zipped(body)).await;
        assert_eq!(fault.kind, FaultKind::Malformed, "{fault}");
    }
    let bomb = gzip(&vec![b' '; 65 * 1024 * 1024]);
    let fault = fault(zipped(&bomb)).await;
    assert!(fault.what.contains("longer than 64 MiB"), "{fault}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_other_host_hears_nothing() {
    for status in ["301 X", "302 X", "303 X", "307 X", "308 X"] {
        let other = Stub::always(json(SUCCESS)).await;
        let location = format!("location: {}/login?x=1", other.url);
        let fault = fault(reply(status, &[&location], "")).await;
        assert_eq!(fault.kind, FaultKind::Redirected);
        assert!(fault.what.ends_with(&other.url), "{fault}");
        assert_eq!(other.asked(), [""; 0]);
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_timeout_at_the_deadline() {
    let stub = Stub::serve(|_| Reply::Hang).await;
    let fault = ask(&client(&stub.url)).await.unwrap_err();
    assert_eq!((&fault.kind, fault.exit_code()), (&FaultKind::Timeout, 3));
    assert!(
        fault.what.contains("no whole answer within 10 s"),
        "{fault}"
    );
}

#[tokio::test]
async fn an_answer_cut_short_is_never_a_shorter_list() {
    let whole = json(ROWS);
    let head = whole.len() - ROWS.len();
    for end in (head..whole.len()).step_by(97) {
        let fault = fault(whole[..end].to_vec()).await;
        assert_eq!(fault.kind, FaultKind::Malformed, "{end}: {fault}");
        assert!(fault.what.contains("cut off"), "{end}: {fault}");
    }
}

#[tokio::test]
async fn a_refusal_is_the_vendors_own_whatever_its_status() {
    for status in ["200 OK", "400 Bad Request", "422 X"] {
        let fault = fault(reply(status, &[], ERROR)).await;
        let field = "statusxxx".into();
        assert_eq!(fault.kind, FaultKind::Invalid { field });
        assert!(
            fault.what.ends_with("\"Invalid filter: statusxxx\""),
            "{fault}"
        );
    }
    let limited = reply("429 X", &["retry-after: 30"], "");
    let until = Some(holdline::domain::time::At(30_000));
    assert_eq!(fault(limited).await.kind, FaultKind::RateLimited { until });
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let gone = Stub::always(Vec::new()).await.url;
    let fault = ask(&client(&gone)).await.unwrap_err();
    assert_eq!(
        (&fault.kind, fault.exit_code()),
        (&FaultKind::Unreachable, 3)
    );
}

#[test]
fn what_cannot_be_sent_is_refused_without_being_quoted() {
    for (url, token, what) in [
        ("pbx.example.com", "t", "the site's `url` is not an address"),
        (
            "http://127.0.0.1:1",
            "can\nary",
            "the site's `token` holds a character that no header can carry",
        ),
    ] {
        let fault = with_token(url, token, None, &Hands::default()).unwrap_err();
        assert_eq!(fault.what, what);
    }
}
