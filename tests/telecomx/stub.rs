//! TelecomX as its pages show it, and clients that ask it.

use std::time::Duration;

use holdline::{
    config::{Secret, TelecomX, TelecomXAuth},
    vendor::telecomx::Client,
};

use crate::server::{DEADLINE, Hands, reply};

/// The page's example, as JSON.
pub const CALLERS: &str = include_str!("../fixtures/telecomx/callers.json");

/// TelecomX's error envelope under its status.
pub fn error(status: u16, code: &str, message: &str) -> Vec<u8> {
    let body =
        format!(r#"{{"error":{{"code":"{code}","status":{status},"message":"{message}"}}}}"#);
    reply(&format!("{status} Whatever"), &[], body)
}

fn site(url: &str, auth: TelecomXAuth) -> TelecomX {
    TelecomX {
        url: url.into(),
        auth,
        queues: Vec::new(),
        poll: Duration::from_secs(2),
    }
}

/// A client with the token `tok-canary`.
pub fn with_token(url: &str) -> Client {
    let auth = TelecomXAuth::Token(Secret::from("tok-canary".to_owned()));
    Client::new(&site(url, auth), DEADLINE, Hands::default().clock()).unwrap()
}

/// A client that logs in with the password `pass-canary`.
pub fn with_login(url: &str, hands: &Hands) -> Client {
    let auth = TelecomXAuth::Login {
        username: "anna@example.com".into(),
        password: Secret::from("pass-canary".to_owned()),
    };
    Client::new(&site(url, auth), DEADLINE, hands.clock()).unwrap()
}
