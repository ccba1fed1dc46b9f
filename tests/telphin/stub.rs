//! Telphin as its page shows it, and clients that ask it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use holdline::{
    config::{Hook, Secret, Telphin},
    domain::{
        dial::Dial,
        extension::{Extension, ExtensionKind},
        subscription::NewSubscription,
    },
    vendor::telphin::Client,
};

use crate::server::{DEADLINE, Hands, Reply, Stub, json, reply};

/// The page's answer to a new subscription.
pub const SUBSCRIBED: &str = r#"{
"url": "https://somehost.com/fordel/show.php?myid=175",
"method": "GET",
"event_type": "dial-out",
"id": 72
}"#;

/// The answer to a call, by the vendor's page of callbacks.
pub const CALLED: &str = r#"{"call_api_id":"3584709739-262077ef-325f-4868-aa49-bf22309229f7",
    "call_id":"262077ef325f4868aa49bf22309229f7"}"#;

/// An error by the vendor's page of errors.
pub fn error(status: u16, message: &str, word: &str) -> Vec<u8> {
    let body = serde_json::json!({ "message": message, "status": word }).to_string();
    reply(&format!("{status} Whatever"), &[], body)
}

/// 201 with this JSON.
pub fn created(body: &str) -> Vec<u8> {
    reply("201 Created", &["content-type: application/json"], body)
}

/// What the page subscribes.
pub fn new() -> NewSubscription {
    NewSubscription {
        event: "dial-out".into(),
        url: "https://somehost.com/fordel/show.php?myid=175".into(),
        method: "GET".into(),
    }
}

/// A call to the page's number, from `200` or from `id:175`.
pub fn dial(from: &str) -> Dial {
    Dial {
        site: "phones".into(),
        from: from.parse().unwrap(),
        to: "+79817654321".into(),
    }
}

pub fn site(url: &str) -> Telphin {
    let extension = |id: &str, number: Option<&str>| Extension {
        id: id.into(),
        name: id.to_owned(),
        kind: ExtensionKind::Phone,
        number: number.map(str::to_owned),
        user: None,
    };
    Telphin {
        url: url.into(),
        client_id: "app-7".into(),
        client_secret: Secret::from("sec-canary".to_owned()),
        hook: Some(Hook {
            secrets: vec![Secret::from("hook-canary".to_owned())],
            allow_from: Vec::new(),
        }),
        queues: Vec::new(),
        extensions: vec![extension("176", Some("201")), extension("175", None)],
    }
}

pub fn client(url: &str, hands: &Hands) -> Client {
    Client::new(&site(url), DEADLINE, hands.clock()).unwrap()
}

/// A vendor that gives tokens `t1`, `t2`, … that live an hour, and answers all
/// else as it is told.
pub async fn vendor(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Stub {
    let logins = AtomicUsize::new(0);
    Stub::serve(move |request| {
        if !request.starts_with("POST /oauth/token ") {
            return answer(request);
        }
        let n = logins.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::Bytes(json(format!(
            r#"{{"access_token":"t{n}","token_type":"Bearer","expires_in":3600,"scope":"all"}}"#
        )))
    })
    .await
}

/// The same answer to all but logins.
pub async fn always(bytes: Vec<u8>) -> Stub {
    vendor(move |_| Reply::Bytes(bytes.clone())).await
}

/// A vendor that takes no token below `t{oldest}`, and answers this to others.
pub async fn strict(oldest: Arc<AtomicUsize>, bytes: Vec<u8>) -> Stub {
    vendor(move |request| {
        let token = request.split("Bearer t").nth(1).unwrap();
        let n: usize = token.lines().next().unwrap().parse().unwrap();
        Reply::Bytes(if n < oldest.load(Ordering::SeqCst) {
            error(401, "The access token is expired", "")
        } else {
            bytes.clone()
        })
    })
    .await
}

/// How many logins and how many other requests there were.
pub fn counts(stub: &Stub) -> (usize, usize) {
    let logins = stub.count("POST /oauth/token ");
    (logins, stub.asked().len() - logins)
}

/// Everything but the logins.
pub fn questions(stub: &Stub) -> Vec<String> {
    let mut asked = stub.asked();
    asked.retain(|request| !request.starts_with("POST /oauth/token "));
    asked
}

/// The JSON that a request carries.
pub fn body(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}
