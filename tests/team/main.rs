//! Many on one folder: eight processes and a collector that is killed, an
//! older and a newer version, another user, a service manager, a proxy. What
//! must be survived has a control that must be found wanting.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../receiver/client.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod client;
mod disk;
mod formats;
mod growth;
mod lease;
mod many;
#[path = "../cli/program.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod program;
mod proxy;
mod refusals;
#[path = "../pty/restored.rs"]
mod restored;
mod rights;
mod service;
#[path = "../pty/tty.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod tty;
mod upkeep;

/// A configuration of one site that pushes to this address, in a folder whose
/// journal is `journal`.
pub fn pushing(listen: &str) -> String {
    format!(
        r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[receiver]
listen = "{listen}"
trusted_proxies = ["127.0.0.0/8"]
[[site]]
name = "team"
vendor = "contaqt"
hook = {{ secret = "new-secret-0123456789" }}
"#
    )
}

/// Where events are sent to.
pub const TEAM: &str = "/hooks/team/new-secret-0123456789";

/// An address of this machine that nobody listens on.
pub(crate) fn free_address() -> std::net::SocketAddr {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap()
}
