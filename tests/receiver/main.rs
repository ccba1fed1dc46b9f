//! The webhook receiver as senders meet it, honest and hostile ones, over real
//! sockets. What must be survived has a driver, and every driver a control
//! that it must find wanting.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod client;
#[cfg(target_os = "linux")] // elsewhere no limit can be given back
mod disk;
mod hostile;
mod killed;
mod letters;
mod order;
mod pace;
#[path = "../cli/program.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod program;
mod relay;
mod rig;
mod secrets;
mod standing;
