//! TelecomX's queue callers: the wire by tables, the client against servers
//! that misbehave one way each.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "telecomx/client.rs"]
mod client;
#[path = "telecomx/kept.rs"]
mod kept;
#[path = "support/log.rs"]
mod log;
#[path = "telecomx/login.rs"]
mod login;
#[path = "telecomx/secrets.rs"]
mod secrets;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
#[path = "telecomx/stub.rs"]
mod stub;
#[path = "telecomx/wire.rs"]
mod wire;
