//! Canaries in every secret slot: nothing that can be printed holds one.

use holdline::{domain::subscription::NewSubscription, vendor::telphin::Client};

use crate::{
    log::Log,
    server::{Hands, Reply, Stub, json, reply},
    stub::{client, created, dial, error},
};

/// All that questions and changes leave behind, as text, without what was
/// asked for: a subscription's address is what its owner asked to see.
async fn traces(client: &Client) -> String {
    // Another test's thread may have found a log line for the first time just
    // before we began to listen, and then nobody hears it.
    tracing::callsite::rebuild_interest_cache();
    let listed = client.subscriptions("175").await.err();
    let limits = client.limits().await.err();
    let extensions = client.extensions().await.err();
    let new = NewSubscription {
        event: "hangup".into(),
        url: "https://u:url-canary@somehost.com/hooks/phones/path-canary?k=query-canary".into(),
        method: "POST".into(),
    };
    let made = client.subscribe("175", &new).await.told;
    let ended = client.unsubscribe("175", "72").await.told;
    let placed = client.call(&dial("200")).await;
    format!("{client:?} {listed:?} {limits:?} {extensions:?} {made:?} {ended:?} {placed:?}")
}

/// Answers that repeat what is secret.
fn answers(echo: &str) -> Vec<Vec<u8>> {
    let location = format!("location: https://evil.example/?token={echo}");
    let quoted = serde_json::to_string(echo).unwrap();
    vec![
        error(400, echo, echo),
        error(401, echo, "x"),
        error(403, echo, "access_denied"),
        error(404, &format!("{}{echo}", "x".repeat(190)), ""),
        error(429, echo, "rate_limit_exceeded"),
        reply(
            "400 X",
            &[],
            format!(r#"{{"message":{{"url":[{quoted}]}}}}"#),
        ),
        reply(
            "400 X",
            &[],
            format!(r#"{{"error":"x","error_description":{quoted}}}"#),
        ),
        reply("500 X", &[], format!("{}{echo}", "x".repeat(115))),
        reply("302 X", &[&location], echo),
        json(format!("<title>{}{echo}</title>", "x".repeat(75))),
        json(format!("[{quoted}")),
        created(&format!(
            r#"{{"id":{quoted},"event_type":{quoted},"call_id":1}}"#
        )),
        format!("SSH {echo}\r\n\r\n").into_bytes(),
        Vec::new(),
    ]
}

#[tokio::test]
async fn no_secret_is_ever_printed() {
    let log = Log::default();
    let _guard = log.listen();
    let ours = "tok-canary sec-canary hook-canary";
    // An address is known where it is sent.
    let address = "path-canary query-canary url-canary \
                   https://u:url-canary@somehost.com/hooks/phones/path-canary?k=query-canary";
    let both = answers(&format!("{ours} {address}"));
    for (bytes, with_address) in answers(ours).into_iter().zip(both) {
        let stub = Stub::serve(move |request| {
            Reply::Bytes(if request.starts_with("POST /oauth") {
                json(r#"{"access_token":"tok-canary"}"#)
            } else if request.contains("event_type") {
                with_address.clone()
            } else {
                bytes.clone()
            })
        })
        .await;
        let text = traces(&client(&stub.url, &Hands::default())).await;
        assert!(!text.contains("canary"), "{text}");
    }
    for bytes in answers("sec-canary") {
        let stub = Stub::always(bytes).await;
        let text = traces(&client(&stub.url, &Hands::default())).await;
        assert!(!text.contains("canary"), "{text}");
    }
    for url in ["http://u:user-canary@127.0.0.1:1/", "https://127.0.0.1:1/"] {
        let text = traces(&client(url, &Hands::default())).await;
        assert!(!text.contains("canary"), "{text}");
    }
    let log = log.text();
    assert!(
        log.contains("answered") && log.contains("no answer"),
        "{log}"
    );
    assert!(!log.contains("canary"), "{log}");
}
