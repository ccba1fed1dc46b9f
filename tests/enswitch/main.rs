//! Enswitch's queue events: what is sent, byte by byte; what comes back, by
//! tables; what the journal holds of it; against the simulator and against
//! servers that misbehave.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod client;
mod journaled;
#[path = "../support/log.rs"]
mod log;
mod secrets;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
mod simulated;
mod stub;
mod wire;
