//! What must be survived, by what has no home elsewhere: vendors behind every
//! fault there is, a disk whose every call fails, a damaged journal, clocks
//! that jump, decoders fed with anything, a week of all of it. Each driver has
//! a control that it must find wanting. `benches/faults` runs them at release
//! size; the sizes come from the environment.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod canary;
#[path = "../receiver/client.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod client;
mod clients;
mod clocks;
#[path = "../pty/program.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod console;
mod damage;
mod decoders;
mod disk;
mod feeds;
mod order;
mod paging;
#[path = "../cli/program.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod program;
#[path = "../pty/restored.rs"]
mod restored;
#[path = "../receiver/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
mod sizes;
mod stopped;
#[path = "../cli/stub.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod stub;
mod tls;
mod traced;
#[path = "../pty/tty.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod tty;
mod vendors;
mod week;
