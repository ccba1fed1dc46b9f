//! Tells the service manager how a service does, as systemd's sd_notify(3)
//! has it: datagrams to the socket that the environment names. Without one,
//! and where nobody reads it, nothing happens.

use std::{
    os::unix::net::{SocketAddr, UnixDatagram},
    process,
    time::Duration,
};

use crate::domain::text::clean;

/// The way to the service manager.
#[derive(Debug)]
pub struct Notifier {
    way: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl Notifier {
    /// As the environment says: `NOTIFY_SOCKET`, a path or `@` and an abstract
    /// name; `WATCHDOG_USEC`, microseconds, for the process `WATCHDOG_PID`.
    #[must_use]
    pub fn of(env: impl Fn(&str) -> Option<String>) -> Self {
        let way = env("NOTIFY_SOCKET").and_then(|name| way(&name));
        let is_ours = env("WATCHDOG_PID").is_none_or(|id| id == process::id().to_string());
        let watchdog = env("WATCHDOG_USEC")
            .and_then(|micros| micros.parse().ok())
            .filter(|micros| *micros > 0 && is_ours && way.is_some())
            .map(Duration::from_micros);
        Self { way, watchdog }
    }

    /// How long the service manager waits for a sign of life; `None` where it
    /// wants none.
    #[must_use]
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// The start is over.
    pub fn ready(&self) {
        self.send("READY=1");
    }

    /// A sign of life.
    pub fn alive(&self) {
        self.send("WATCHDOG=1");
    }

    /// It is about to end.
    pub fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// How it does, in a few words, as `systemctl status` shows them.
    pub fn status(&self, words: &str) {
        self.send(&format!("STATUS={}", clean(words)));
    }

    fn send(&self, what: &str) {
        if let Some((socket, manager)) = &self.way {
            let _ = socket.send_to_addr(what.as_bytes(), manager);
        }
    }
}

fn way(name: &str) -> Option<(UnixDatagram, SocketAddr)> {
    let manager = match name.strip_prefix('@') {
        Some(name) => in_the_abstract(name)?,
        None => SocketAddr::from_pathname(name).ok()?,
    };
    let socket = UnixDatagram::unbound().ok()?;
    // A manager that does not read must not hold a service up.
    socket.set_nonblocking(true).ok()?;
    Some((socket, manager))
}

#[cfg(target_os = "linux")]
fn in_the_abstract(name: &str) -> Option<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    SocketAddr::from_abstract_name(name).ok()
}

#[cfg(not(target_os = "linux"))]
fn in_the_abstract(_: &str) -> Option<SocketAddr> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notifier(variables: &[(&str, &str)]) -> Notifier {
        Notifier::of(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn next(manager: &UnixDatagram) -> String {
        let mut datagram = [0; 256];
        let length = manager.recv(&mut datagram).unwrap();
        String::from_utf8(datagram[..length].to_vec()).unwrap()
    }

    #[test]
    fn a_socket_in_a_folder_hears_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        let notifier = notifier(&[("NOTIFY_SOCKET", path.to_str().unwrap())]);
        notifier.ready();
        notifier.status("one\nREADY=1");
        notifier.alive();
        notifier.stopping();
        assert_eq!(next(&manager), "READY=1");
        let status = next(&manager);
        assert!(status.starts_with("STATUS=one"), "{status}");
        assert!(!status.contains('\n'), "one assignment: {status:?}");
        assert_eq!(next(&manager), "WATCHDOG=1");
        assert_eq!(next(&manager), "STOPPING=1");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_abstract_socket_hears_too() {
        use std::os::linux::net::SocketAddrExt;
        let name = format!("holdline-test-{}", process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let manager = UnixDatagram::bind_addr(&address).unwrap();
        notifier(&[("NOTIFY_SOCKET", &format!("@{name}"))]).ready();
        assert_eq!(next(&manager), "READY=1");
    }

    #[test]
    fn nobody_there_is_no_trouble() {
        for name in ["", "/nowhere/notify", "vsock:2:1234", "@"] {
            let notifier = notifier(&[("NOTIFY_SOCKET", name), ("WATCHDOG_USEC", "x")]);
            notifier.ready();
            assert_eq!(notifier.watchdog(), None);
        }
        notifier(&[]).ready();
    }

    #[test]
    fn a_watchdog_is_for_the_process_that_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let _manager = UnixDatagram::bind(&path).unwrap();
        let socket = ("NOTIFY_SOCKET", path.to_str().unwrap());
        let of = |id: &str| {
            let watched = [socket, ("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", id)];
            notifier(&watched).watchdog()
        };
        assert_eq!(
            of(&process::id().to_string()),
            Some(Duration::from_secs(30))
        );
        assert_eq!(of("1"), None);
    }
}
