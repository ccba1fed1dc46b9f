//! Telphin's subscriptions and click-to-call: the wire by tables, the client
//! against servers that misbehave one way each.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "telphin/changes.rs"]
mod changes;
#[path = "telphin/client.rs"]
mod client;
#[path = "telphin/limits.rs"]
mod limits;
#[path = "support/log.rs"]
mod log;
#[path = "telphin/secrets.rs"]
mod secrets;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
#[path = "telphin/stub.rs"]
mod stub;
#[path = "telphin/token.rs"]
mod token;
#[path = "telphin/wire.rs"]
mod wire;
