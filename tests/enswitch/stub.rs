//! Enswitch as its page shows it, clients that ask it, and events for it.

use holdline::{
    config::{Enswitch, Method, Secret},
    domain::{
        injection::{Injection, Told},
        time::At,
    },
    vendor::enswitch::Client,
};

use crate::server::{DEADLINE, Hands};

/// The page's answer.
pub const OK: &str = r#"{ "responses":[ { "code":"204", "key":"", "message":"OK" } ] }"#;

/// What has to be encoded to arrive.
pub const PASSWORD: &str = "canary;pass&word+1%";

/// The settings of a site.
pub fn account(url: &str, method: Method) -> Enswitch {
    Enswitch {
        url: url.into(),
        username: "user".into(),
        password: Secret::from(PASSWORD.to_owned()),
        method,
        queues: Vec::new(),
    }
}

pub fn asking(url: &str, method: Method) -> Client {
    Client::new(&account(url, method), DEADLINE, Hands::default().clock()).unwrap()
}

pub fn client(url: &str) -> Client {
    asking(url, Method::Post)
}

/// An event of queue 123.
pub fn event(typed: &[(&str, &str)]) -> Injection {
    let mut event = Injection::new("sales".into(), "123".into());
    for (name, value) in typed {
        event.set(name, value, At(0)).unwrap();
    }
    event
}

/// What is told of the page's example.
pub async fn told(url: &str) -> Told {
    let event = event(&[("event", "TEST EVENT")]);
    client(url).create(&event).await.told
}

/// Code, key and message of each reply.
pub fn shown(told: &Told) -> Vec<String> {
    match told {
        Told::Answered(replies) => replies.iter().map(ToString::to_string).collect(),
        Told::Failed(fault) => vec![format!("failed: {fault}")],
        Told::Unknown(fault) => vec![format!("unknown: {fault}")],
    }
}
