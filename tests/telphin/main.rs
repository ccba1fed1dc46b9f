//! Telphin's subscriptions and click-to-call: the wire by tables, the client
//! against servers that misbehave one way each.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod changes;
mod client;
mod limits;
#[path = "../support/log.rs"]
mod log;
mod secrets;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
mod stub;
mod token;
mod wire;
