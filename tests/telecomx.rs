//! TelecomX's queue callers: the wire by tables, the client against servers
//! that misbehave one way each.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "telecomx/client.rs"]
mod client;
#[path = "telecomx/login.rs"]
mod login;
#[path = "telecomx/secrets.rs"]
mod secrets;
#[path = "telecomx/stub.rs"]
mod stub;
#[path = "telecomx/wire.rs"]
mod wire;
