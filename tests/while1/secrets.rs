//! Canaries in every secret slot: nothing that can be printed holds one.

use holdline::{domain::filter::Filters, vendor::while1::Client};

use crate::{
    log::Log,
    server::{Hands, Reply, Stub, json, reply},
    stub::with_key,
};

/// All that a question leaves behind, as text.
async fn traces(client: &Client) -> String {
    // Another test's thread may have found a log line for the first time just
    // before we began to listen, and then nobody hears it.
    tracing::callsite::rebuild_interest_cache();
    let question = client.question(&Filters::pending()).unwrap();
    let page = client.page(&question, 1).await;
    let told = page.as_ref().err().map(ToString::to_string);
    format!("{client:?} {question:?} {page:?} {told:?}")
}

/// Answers that repeat what they were sent.
fn answers(echo: &str) -> Vec<Vec<u8>> {
    let refused = format!(r#"{{"has_error":true,"messages":["Invalid filter: {echo}","{echo}"]}}"#);
    let location = format!("location: https://evil.example/{echo}?token={echo}");
    vec![
        json(&refused),
        json(refused.replace("Invalid filter", "Bad hash")),
        json(format!(
            r#"{{"has_error":false,"messages":["{echo}"],"results":[]}}"#
        )),
        json(format!(r#"{{"has_error":false,"results":["{echo}"]}}"#)),
        json(format!("<title>{echo}</title>")),
        json(format!("<title>{}{echo}</title>", "x".repeat(75))),
        reply("401 X", &[], &refused),
        reply("500 X", &[], echo),
        reply("500 X", &[], format!("{}{echo}", "x".repeat(115))),
        reply("302 X", &[&location], echo),
        format!("SSH {echo}\r\n\r\n").into_bytes(),
        Vec::new(),
    ]
}

fn with_canary(url: &str) -> Client {
    with_key(url, Some("key-canary"), &Hands::default()).unwrap()
}

#[tokio::test]
async fn no_secret_is_ever_printed() {
    let log = Log::default();
    let _guard = log.listen();
    for url in ["http://u:tok-canary@127.0.0.1:1/", "https://127.0.0.1:1/"] {
        let text = traces(&with_canary(url)).await;
        assert!(!text.contains("canary"), "{text}");
    }
    for bytes in answers("tok-canary key-canary") {
        let text = traces(&with_canary(&Stub::always(bytes).await.url)).await;
        assert!(!text.contains("canary"), "{text}");
    }
    let heard = log.text();
    assert!(
        heard.contains("answered") && heard.contains("no answer"),
        "{heard}"
    );
    assert!(!heard.contains("canary"), "{heard}");
}

/// Whoever has the hash can ask the same again.
#[tokio::test]
async fn the_hash_is_not_printed_either() {
    let hash = "90d8d6a11e2a9c8a3a4c84b2a4a8b7f1";
    let sent = |request: &str| request.rsplit_once("api_hash=").unwrap().1.to_owned();
    for number in 0..answers(hash).len() {
        let stub =
            Stub::serve(move |request| Reply::Bytes(answers(&sent(request))[number].clone()));
        let stub = stub.await;
        let text = traces(&with_canary(&stub.url)).await;
        let hash = sent(&stub.asked()[0]);
        assert_eq!(hash.len(), 32);
        assert!(!text.contains(&hash), "{text}");
    }
}

/// A short secret inside a longer one must not leave half of that standing.
#[tokio::test]
async fn one_secret_inside_another_leaves_no_part_of_it() {
    let body = r#"{"has_error":true,"messages":["say tok-canary"]}"#;
    let stub = Stub::always(json(body)).await;
    let client = with_key(&stub.url, Some("k-"), &Hands::default()).unwrap();
    let text = traces(&client).await;
    assert!(
        text.contains("say ***") && !text.contains("canary"),
        "{text}"
    );
}
