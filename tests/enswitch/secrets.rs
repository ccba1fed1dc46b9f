//! A canary for a password: nothing that can be printed or kept holds it.

use holdline::{
    config::Method,
    domain::{injection::request::encoded, time::At},
    journal::Journal,
    runtime::inject,
    vendor::enswitch::Window,
};

use crate::{
    log::Log,
    server::{Hands, Stub, json, reply},
    stub::{PASSWORD, asking, event},
};

/// The password as an answer may repeat it: what was sent, and other codings
/// of the same.
fn echoes() -> [String; 6] {
    let sent = encoded(PASSWORD);
    assert_eq!(sent, "canary%3Bpass%26word%2B1%25");
    [
        PASSWORD.to_owned(),
        format!("POST /api?auth_password={sent}&queue=123"),
        sent.replace("%3B", "%3b").replace("%2B", "%2b"),
        sent.replace('%', "%25"),
        PASSWORD.replace('&', "\\u0026"),
        PASSWORD.replace('&', "&amp;"),
    ]
}

/// Answers that repeat what they were sent.
fn answers(echo: &str) -> Vec<Vec<u8>> {
    let refused = serde_json::json!({"responses": [
        {"code": format!("400 {echo}"), "key": echo, "message": format!("bad {echo}")},
        {"code": "204", "key": echo, "message": echo},
    ]})
    .to_string();
    let location = "location: https://elsewhere.invalid/?auth_password=canary";
    vec![
        json(&refused),
        json(format!("<title>{echo}</title>")),
        json(r#"{"responses":[]}"#),
        reply("500 X", &[], echo),
        reply("302 X", &[location], echo),
        reply("401 X", &[], &refused),
        Vec::new(),
    ]
}

#[tokio::test]
async fn no_secret_is_ever_printed_or_kept() {
    let log = Log::default();
    let _guard = log.listen();
    let hands = Hands::default();
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let event = event(&[("event", "X"), ("time", "1700000000")]);
    let window = Window {
        from: At(0),
        to: At(0),
    };
    for method in [Method::Post, Method::Get] {
        for bytes in echoes().iter().flat_map(|echo| answers(echo)) {
            let stub = Stub::always(bytes).await;
            // Another test's thread may have found a log line for the first
            // time just before we began to listen, and then nobody hears it.
            tracing::callsite::rebuild_interest_cache();
            let client = asking(&stub.url, method);
            let me = "anna".into();
            let told = inject::inject(&client, &journal, &hands.clock(), &me, &event).await;
            let told = told.unwrap();
            let list = client.list(&"123".into(), window).await;
            let text = format!("{client:?} {told:?} {} {list:?}", told.sentence());
            assert!(!text.contains("canary"), "{text}");
        }
    }
    let entries = journal.read(0, 1_000).unwrap();
    assert_eq!(entries.len(), answers("").len() * echoes().len() * 4);
    assert!(!format!("{entries:?}").contains("canary"));
    journal.flush().await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|w| w == b"canary"));
    }
    let heard = log.text();
    assert!(heard.contains("queues/events/create"), "{heard}");
    assert!(!heard.contains("canary"), "{heard}");
}
