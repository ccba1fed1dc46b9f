//! Whether webhooks can arrive: the receiver's address is free, or held by
//! our own collector.

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use super::finding::Finding;
use crate::config::Config;

const CHECK: &str = "receiver";
/// How long somebody who listens may take to let us in.
const KNOCK: Duration = Duration::from_millis(500);

/// Looks at the address; `collected` says whether somebody collects into this
/// journal now, who would hold it. Nothing where no site sends webhooks.
pub fn check(config: &Config, collected: bool) -> Vec<Finding> {
    if config.sites.iter().all(|site| site.hook().is_none()) {
        return Vec::new();
    }
    vec![told(config.receiver.listen, collected)]
}

fn told(listen: SocketAddr, collected: bool) -> Finding {
    if listen.port() == 0 {
        return Finding::ok(CHECK, format!("{listen}: any free port"));
    }
    match (is_taken(listen), collected) {
        (Ok(true), true) => Finding::ok(CHECK, format!("{listen}: held while somebody collects")),
        (Ok(true), false) => Finding::wrong(
            CHECK,
            format!("another program listens on {listen}"),
            "end it, or name another address as `listen` under [receiver]",
            2,
        ),
        (Ok(false), true) => Finding::note(
            CHECK,
            format!("somebody collects, but nobody listens on {listen}"),
            "the collector may have another configuration: start it again with this one",
        ),
        (Ok(false), false) => Finding::ok(CHECK, format!("{listen}: free")),
        (Err(error), _) => {
            let (why, remedy) = refused(&error);
            Finding::wrong(
                CHECK,
                format!("{listen} cannot be listened on: {why}"),
                remedy,
                2,
            )
        }
    }
}

/// Somebody who listens is found by knocking first: to bind, if only for a
/// moment, could get in the way of a collector that starts.
fn is_taken(listen: SocketAddr) -> io::Result<bool> {
    let mut knock = listen;
    if knock.ip().is_unspecified() {
        knock.set_ip(match knock {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    if TcpStream::connect_timeout(&knock, KNOCK).is_ok() {
        return Ok(true);
    }
    match TcpListener::bind(listen) {
        Ok(_) => Ok(false),
        Err(e) if e.kind() == io::ErrorKind::AddrInUse => Ok(true),
        Err(e) => Err(e),
    }
}

fn refused(error: &io::Error) -> (&'static str, &'static str) {
    match error.kind() {
        io::ErrorKind::PermissionDenied => (
            "you may not",
            "ports below 1024 are the system's: take a higher one as `listen` under [receiver]",
        ),
        io::ErrorKind::AddrNotAvailable => (
            "it is no address of this machine",
            "write one of its own as `listen` under [receiver], or 0.0.0.0 for all of them",
        ),
        _ => (
            "the system refuses",
            "name another address as `listen` under [receiver]",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::State;

    #[test]
    fn an_address_is_free_taken_or_held_by_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listener.local_addr().unwrap();
        assert_eq!(told(taken, true).state, State::Ok);
        let wrong = told(taken, false);
        assert_eq!((wrong.state, wrong.code), (State::Wrong, 2));
        drop(listener);
        assert_eq!(told(taken, false).state, State::Ok);
        assert_eq!(told(taken, true).state, State::Note);
        assert_eq!(told("127.0.0.1:0".parse().unwrap(), false).state, State::Ok);
    }

    #[test]
    fn a_foreign_address_is_told_as_such() {
        // TEST-NET-1: nobody's.
        let found = told("192.0.2.1:8642".parse().unwrap(), false);
        assert_eq!(found.state, State::Wrong, "{found:?}");
        assert!(
            found.found.contains("no address of this machine"),
            "{found:?}"
        );
    }
}
