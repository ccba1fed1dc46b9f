//! TelecomX's queue callers: the wire by tables, the client against servers
//! that misbehave one way each.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod anything;
mod client;
mod kept;
#[path = "../support/log.rs"]
mod log;
mod login;
mod refusals;
mod secrets;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
mod stub;
mod wire;
