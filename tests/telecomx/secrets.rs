//! Canaries in every secret slot: nothing that can be printed holds one.

use holdline::{domain::id::QueueId, vendor::telecomx::Client};

use crate::{
    log::Log,
    server::{Hands, Reply, Stub, json, reply},
    stub::{error, with_login, with_token},
};

/// All that a question leaves behind, as text.
async fn traces(client: &Client) -> String {
    // Another test's thread may have found a log line for the first time just
    // before we began to listen, and then nobody hears it.
    tracing::callsite::rebuild_interest_cache();
    let polled = client.callers(&QueueId::from("q")).await;
    let told = polled.outcome.as_ref().err().map(ToString::to_string);
    format!("{client:?} {polled:?} {told:?}")
}

/// Answers that repeat our secrets, or hold a secret number.
fn answers(echo: &str) -> Vec<Vec<u8>> {
    let row = r#"[{"_id":"x","privacy":true,"number":"num-canary","name":"name-canary"}]"#;
    let location = format!("location: https://evil.example/?token={echo}");
    vec![
        json(row),
        json(format!("{row} {row}")),
        json(&row[..row.len() - 3]),
        json(row.replace("true", "1e400")),
        json(format!("<title>{echo}</title>")),
        json(format!("<title>{}{echo}</title>", "x".repeat(75))),
        error(401, echo, echo),
        error(403, "access_denied", echo),
        reply("500 X", &[], echo),
        reply("500 X", &[], format!("{}{echo}", "x".repeat(115))),
        reply("302 X", &[&location], echo),
        format!("SSH {echo}\r\n\r\n").into_bytes(),
        Vec::new(),
    ]
}

#[tokio::test]
async fn no_secret_is_ever_printed() {
    let log = Log::default();
    let _guard = log.listen();

    for client in [
        with_token("http://u:tok-canary@127.0.0.1:1/"),
        with_token("https://127.0.0.1:1/"),
    ] {
        let text = traces(&client).await;
        assert!(!text.contains("canary"), "{text}");
    }
    for bytes in answers("tok-canary") {
        let text = traces(&with_token(&Stub::always(bytes).await.url)).await;
        assert!(!text.contains("canary"), "{text}");
    }
    for bytes in answers("tok-canary pass-canary") {
        let stub = Stub::serve(move |request| {
            let is_login = request.starts_with("POST");
            let token = json(r#"{"token":"tok-canary"}"#);
            Reply::Bytes(if is_login { token } else { bytes.clone() })
        })
        .await;
        let text = traces(&with_login(&stub.url, &Hands::default())).await;
        assert!(!text.contains("canary"), "{text}");
    }
    for bytes in answers("pass-canary") {
        let stub = Stub::always(bytes).await;
        let text = traces(&with_login(&stub.url, &Hands::default())).await;
        assert!(!text.contains("canary"), "{text}");
    }

    let log = log.text();
    assert!(
        log.contains("answered") && log.contains("no answer"),
        "{log}"
    );
    assert!(!log.contains("canary"), "{log}");
}
