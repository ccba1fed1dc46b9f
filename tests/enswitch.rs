//! Enswitch's queue events: what is sent, byte by byte; what comes back, by
//! tables; what the journal holds of it; against the simulator and against
//! servers that misbehave.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "enswitch/client.rs"]
mod client;
#[path = "enswitch/journaled.rs"]
mod journaled;
#[path = "support/log.rs"]
mod log;
#[path = "enswitch/secrets.rs"]
mod secrets;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
#[path = "enswitch/simulated.rs"]
mod simulated;
#[path = "enswitch/stub.rs"]
mod stub;
#[path = "enswitch/wire.rs"]
mod wire;
