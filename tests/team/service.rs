//! `holdline collect` as a service: what it tells the service manager, and the
//! unit that it prints.

use std::{
    os::unix::net::UnixDatagram,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use rustix::process::Signal;

use crate::{
    program::{Home, PATIENCE, Running},
    pushing,
};

/// A service manager that wants a sign of life every 0.4 s.
struct Manager {
    home: Home,
    socket: UnixDatagram,
}

impl Manager {
    fn new() -> Self {
        let home = Home::new();
        home.file("config.toml", &pushing("127.0.0.1:0"));
        let socket = UnixDatagram::bind(home.path().join("notify")).unwrap();
        Self { home, socket }
    }

    fn starts(&self) -> Running {
        let mut command = self.home.holdline(["collect", "--config", "config.toml"]);
        command
            .env("NOTIFY_SOCKET", self.home.path().join("notify"))
            .env("WATCHDOG_USEC", "400000");
        Running::start(command)
    }

    /// What is told next, within this.
    fn hears(&self, within: Duration) -> Option<String> {
        self.socket.set_read_timeout(Some(within)).unwrap();
        let mut datagram = [0; 512];
        let length = self.socket.recv(&mut datagram).ok()?;
        Some(String::from_utf8(datagram[..length].to_vec()).unwrap())
    }

    /// Waits until this is told; what was told before it.
    #[track_caller]
    fn waits_for(&self, what: &str) -> Vec<String> {
        let mut before = Vec::new();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match self.hears(PATIENCE) {
                Some(told) if told == what => return before,
                Some(told) => before.push(told),
                None => break,
            }
        }
        panic!("no {what} after {before:?}");
    }
}

#[test]
fn it_is_ready_when_it_collects_and_gives_signs_of_life_only_while_it_can_write() {
    let manager = Manager::new();
    let running = manager.starts();
    let before = manager.waits_for("READY=1");
    assert!(!before.contains(&"WATCHDOG=1".to_owned()), "{before:?}");
    manager.waits_for("WATCHDOG=1");
    manager.waits_for("WATCHDOG=1");
    // A disk that hangs, to it: what it writes is not taken.
    let file = manager.home.path().join("journal/journal.db");
    let held = Connection::open(file).unwrap();
    held.busy_timeout(PATIENCE).unwrap();
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    // What was shown before may still be passed on.
    while manager.hears(Duration::from_millis(1_500)).is_some() {}
    assert_eq!(manager.hears(Duration::from_secs(1)), None);
    drop(held);
    manager.waits_for("WATCHDOG=1");
    let ended = running.end(Signal::TERM);
    assert_eq!(ended.code, Some(143));
    manager.waits_for("STOPPING=1");
}

#[test]
fn one_that_waits_for_the_role_is_ready_and_alive_too() {
    let manager = Manager::new();
    let first = manager.starts();
    manager.waits_for("STATUS=collecting from 1 feed");
    drop(first);
    let mut other = Running::start(
        manager
            .home
            .holdline(["collect", "--config", "config.toml"]),
    );
    other.tells("collecting into");
    while manager.hears(Duration::from_millis(100)).is_some() {}
    let _second = manager.starts();
    manager.waits_for("READY=1");
    manager.waits_for("STATUS=another Holdline collects; waiting to take over");
    manager.waits_for("WATCHDOG=1");
    manager.waits_for("WATCHDOG=1");
    drop(other);
    manager.waits_for("STATUS=collecting from 1 feed");
}

#[test]
fn the_unit_is_one_that_systemd_takes() {
    let home = Home::new();
    home.file("config.toml", &pushing("127.0.0.1:0"));
    let ran = home.run(["collect", "--print-unit", "--config", "config.toml"]);
    let unit = ran.fine();
    let folder = home.path().join("journal");
    for line in [
        format!("ReadWritePaths={}", folder.display()),
        format!(
            "ExecStart={} collect --config {}",
            env!("CARGO_BIN_EXE_holdline"),
            home.path().join("config.toml").display()
        ),
        "Type=notify".to_owned(),
        "WatchdogSec=30".to_owned(),
        "UMask=0007".to_owned(),
    ] {
        assert!(unit.lines().any(|l| l == line), "no {line} in\n{unit}");
    }
    assert!(!folder.exists(), "nothing is made");
    if !Path::new("/usr/bin/systemd-analyze").exists() {
        println!("left out: systemd-analyze is not here to read it");
        return;
    }
    let path = home.file("holdline.service", unit);
    let verify = |path: &Path| {
        let mut command = Command::new("/usr/bin/systemd-analyze");
        let out = command.arg("verify").arg(path).output().unwrap();
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    assert_eq!(verify(&path), "");
    // The control: what is written wrong is told.
    let wrong = home.file("wrong.service", &unit.replace("UMask=", "UMaske="));
    assert!(verify(&wrong).contains("UMaske"), "{}", verify(&wrong));
}
