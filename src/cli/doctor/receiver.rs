//! Whether webhooks can arrive: the receiver's address is free, or our own
//! collector holds it; and what came so far.

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use super::finding::Finding;
use crate::{
    config::{Config, Receiver},
    domain::{
        feed::{FeedHealth, FeedId, FeedKind, Heard, age_of},
        time::{At, age},
    },
};

const CHECK: &str = "receiver";
/// How long somebody who listens may take to let us in.
const KNOCK: Duration = Duration::from_millis(500);

/// What the journal tells of whoever collects into it.
pub struct Collected<'j> {
    /// Whether somebody does now.
    pub now: bool,
    /// The health of the feeds.
    pub feeds: &'j [(FeedId, FeedHealth)],
}

/// All that is found of it; nothing where no site sends webhooks.
pub fn check(config: &Config, collected: &Collected<'_>, now: At) -> Vec<Finding> {
    let sites = config.sites.iter().filter(|site| site.hook().is_some());
    let names: Vec<_> = sites.map(|site| &site.name).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let of = |(id, health): &'_ (FeedId, FeedHealth)| {
        (id.kind == FeedKind::Hooks && names.contains(&&id.site))
            .then(|| (id.site.to_string(), health.clone()))
    };
    let feeds: Vec<(String, FeedHealth)> = collected.feeds.iter().filter_map(of).collect();
    let health = feeds.iter().map(|(_, health)| health);
    let mut findings = vec![standing(&config.receiver, health, collected.now, now)];
    findings.extend(unreachable(&config.receiver));
    if collected.now {
        findings.extend(feeds.iter().filter_map(|(site, health)| {
            let heard = health.heard.as_ref()?;
            Some(came(heard, health.last_ok, now).of(site))
        }));
    }
    findings
}

/// Whether somebody listens, or could.
fn standing<'f>(
    receiver: &Receiver,
    mut feeds: impl Iterator<Item = &'f FeedHealth> + Clone,
    collected: bool,
    now: At,
) -> Finding {
    if !collected {
        return free(receiver.listen, false);
    }
    if let Some(trouble) = feeds.clone().find_map(|health| health.trouble.as_ref()) {
        let fault = &trouble.fault;
        return Finding::wrong(CHECK, &fault.what, &fault.remedy, fault.exit_code());
    }
    let listens = feeds.find_map(|health| {
        let heard = health.heard.as_ref()?;
        heard.listens_now(now)
    });
    match listens {
        Some(address) => Finding::ok(CHECK, format!("the collector listens on {address}")),
        None => free(receiver.listen, true),
    }
}

/// The address, of which no collector says that it is its own.
fn free(listen: SocketAddr, collected: bool) -> Finding {
    match (listen.port() != 0).then(|| is_taken(listen)) {
        None => Finding::ok(CHECK, format!("{listen}: any free port")),
        Some(Ok(true)) => Finding::wrong(
            CHECK,
            format!("another program listens on {listen}"),
            "end it, or name another address as `listen` under [receiver]",
            2,
        ),
        Some(Ok(false)) if collected => Finding::note(
            CHECK,
            format!("somebody collects, but nobody listens on {listen}"),
            "the collector may have another configuration: start it again with this one",
        ),
        Some(Ok(false)) => Finding::ok(CHECK, format!("{listen}: free, nobody listens yet")),
        Some(Err(error)) => {
            let (why, remedy) = refused(&error);
            let found = format!("{listen} cannot be listened on: {why}");
            Finding::wrong(CHECK, found, remedy, 2)
        }
    }
}

/// Vendors are somewhere else.
fn unreachable(receiver: &Receiver) -> Option<Finding> {
    let inside = receiver.listen.ip().is_loopback() && receiver.public_url.is_none();
    inside.then(|| {
        Finding::note(
            CHECK,
            "only programs on this machine can reach it",
            "put a proxy with https before it, and its address as `public_url` under [receiver]",
        )
    })
}

/// What came for a site since its receiver was started.
fn came(heard: &Heard, last: Option<At>, now: At) -> Finding {
    const CHECK: &str = "webhooks";
    let last = last.and_then(|last| age_of(last, now));
    let last = last.map_or(String::new(), |ago| format!(", the last {} ago", age(ago)));
    let found = match heard.accepted {
        0 => "none came yet".to_owned(),
        1 => format!("1 event came{last}"),
        n => format!("{n} events came{last}"),
    };
    match heard.refused {
        0 => Finding::ok(CHECK, found),
        refused => Finding::note(
            CHECK,
            format!("{found}; {refused} requests were turned away"),
            "compare the address on the vendor's page with `holdline hooks url`, and \
             `allow_from` with where they come from",
        ),
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
    use crate::{
        cli::doctor::finding::State,
        domain::{
            fault::{Fault, FaultKind},
            feed::Trouble,
        },
    };

    const NOW: At = At(1_000_000);

    fn receiver(listen: SocketAddr) -> Receiver {
        Receiver {
            listen,
            trusted_proxies: Vec::new(),
            public_url: None,
        }
    }

    fn listening(address: SocketAddr, alive: At) -> FeedHealth {
        let mut health = FeedHealth::pushed();
        health.heard = Some(Heard {
            listens: Some(address.to_string()),
            alive: Some(alive),
            ..Heard::default()
        });
        health
    }

    #[test]
    fn an_address_is_free_taken_or_held_by_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listener.local_addr().unwrap();
        let receiver = receiver(taken);
        let told = |feeds: &[FeedHealth], collected| {
            let found = standing(&receiver, feeds.iter(), collected, NOW);
            (found.state, found.code)
        };
        let ours = [listening(taken, NOW.shift(-1_000))];
        let gone = [listening(taken, NOW.shift(-11_000))];
        assert_eq!(told(&ours, true), (State::Ok, 0));
        assert_eq!(told(&ours, false), (State::Wrong, 2), "it has ended");
        assert_eq!(told(&gone, true), (State::Wrong, 2));
        let mut deaf = ours.clone();
        deaf[0].trouble = Some(Trouble {
            fault: Fault::new(FaultKind::Deaf, "another program listens", "end it"),
            since: NOW,
            count: 1,
        });
        assert_eq!(told(&deaf, true), (State::Wrong, 1));
        drop(listener);
        assert_eq!(told(&[], false), (State::Ok, 0));
        assert_eq!(told(&[], true), (State::Note, 0));
        assert_eq!(free("127.0.0.1:0".parse().unwrap(), false).state, State::Ok);
    }

    #[test]
    fn a_foreign_address_is_told_as_such() {
        // TEST-NET-1: nobody's.
        let found = free("192.0.2.1:8642".parse().unwrap(), false);
        assert_eq!(found.state, State::Wrong, "{found:?}");
        assert!(
            found.found.contains("no address of this machine"),
            "{found:?}"
        );
    }

    #[test]
    fn what_came_is_told_and_what_was_turned_away() {
        let mut heard = Heard::default();
        assert_eq!(came(&heard, None, NOW).found, "none came yet");
        heard.accepted = 7;
        let found = came(&heard, Some(NOW.shift(-41_000)), NOW);
        assert_eq!(found.found, "7 events came, the last 41s ago");
        heard.refused = 3;
        let found = came(&heard, None, NOW);
        assert_eq!(found.state, State::Note);
        assert!(found.found.ends_with("; 3 requests were turned away"));
    }

    #[test]
    fn an_address_that_vendors_cannot_reach_is_noted() {
        let mut receiver = receiver("127.0.0.1:1".parse().unwrap());
        assert!(unreachable(&receiver).is_some());
        receiver.public_url = Some("https://hooks.example.com".into());
        assert!(unreachable(&receiver).is_none());
    }
}
