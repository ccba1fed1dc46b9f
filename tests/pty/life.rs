//! A console against a vendor that goes and comes back, and from one start to
//! the next.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use holdline::{
    domain::{entry::What, triage::Deed},
    journal::Journal,
};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{
    program::{HOLDLINE, command, numbers, shows_callers},
    tty::{LEAVING, Tty},
};

/// `holdline simulate`; ends with its test.
struct Simulator {
    child: Child,
    address: String,
}

impl Simulator {
    fn start(address: &str, speed: &str, config: &Path) -> Self {
        let mut child = Command::new(HOLDLINE)
            .args(["simulate", "--listen", address, "--speed", speed])
            .arg("--config-out")
            .arg(config)
            .env("TMPDIR", config.parent().unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut ready).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
        let url = ready["url"].as_str().unwrap();
        Self {
            child,
            address: url.strip_prefix("http://").unwrap().to_owned(),
        }
    }

    /// Pulls the plug.
    fn unplug(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.unplug();
    }
}

/// A vendor, and a console's folder with a configuration for it.
pub struct Office {
    pub folder: TempDir,
    vendor: Simulator,
}

impl Office {
    pub fn new(speed: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let written = folder.path().join("simulator.toml");
        let vendor = Simulator::start("127.0.0.1:0", speed, &written);
        let office = Self { folder, vendor };
        let text = fs::read_to_string(written).unwrap();
        let lines = text.lines().map(|line| match line.split(' ').next() {
            Some("path") => "path = \"journal\"",
            Some("poll") => "poll = \"1s\"",
            _ => line,
        });
        let lines: Vec<&str> = lines.collect();
        fs::write(office.config(), lines.join("\n")).unwrap();
        office
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// The vendor is back, at the same address.
    fn plug_in(&mut self) {
        let address = self.vendor.address.clone();
        let config = self.folder.path().join("simulator.toml");
        self.vendor = Simulator::start(&address, "1", &config);
    }

    pub fn console(&self) -> Tty {
        let config = self.config();
        let arguments = ["--site", "support", "--config", config.to_str().unwrap()];
        Tty::new(120, 60).run(command(HOLDLINE, &arguments, self.folder.path()))
    }
}

/// The lamp in the first line.
fn lamp(screen: &str) -> &str {
    let head = screen.lines().next().unwrap_or_default();
    let lamp = head.split("support ").nth(1).unwrap_or_default();
    lamp.split("   ").next().unwrap_or_default().trim()
}

pub fn is_fresh(screen: &str) -> bool {
    shows_callers(screen) && lamp(screen).starts_with('●')
}

fn is_bad(screen: &str) -> bool {
    lamp(screen).starts_with("✗ unreachable")
}

/// How many were answered and how many left today, by queue.
fn counts(screen: &str) -> Vec<(String, String, String)> {
    let table = screen.lines().skip_while(|line| !line.contains("ANSWERED"));
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some((words.nth(1)?, words.nth(5)?, words.next()?))
    };
    table.skip(1).take(3).filter_map(row).collect()
}

/// Whether all rows say that they are old, and so are the last there will be.
fn is_stale(screen: &str) -> bool {
    let stale = screen
        .lines()
        .filter(|line| line.contains(" stale "))
        .count();
    stale > 0 && screen.contains(&format!(" {stale} waiting "))
}

#[test]
fn an_unplugged_vendor_is_told_and_recovered_from() {
    let mut office = Office::new("1");
    let mut tty = office.console();
    tty.wait_for("callers", is_fresh);
    let queue = numbers(&tty.text());
    office.vendor.unplug();
    tty.wait_for("the lamp, the sentence, and rows that stay", |s| {
        is_bad(s)
            && s.contains(" refused the connection; check `url`")
            && queue.iter().all(|number| s.contains(number))
            && is_stale(s)
    });
    office.plug_in();
    tty.wait_for("the vendor again", |s| {
        is_fresh(s) && !s.contains(" stale ") && !s.contains("refused the connection")
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}

#[test]
fn a_restart_shows_the_queue_as_it_was_and_keeps_the_counts() {
    // A minute a second, so that calls end soon.
    let mut office = Office::new("60");
    let mut tty = office.console();
    tty.wait_for("calls that ended", |s| {
        let some = |count: &str| count.parse::<u32>().is_ok_and(|count| count > 0);
        let ended = counts(s).iter().any(|(_, a, l)| some(a) || some(l));
        ended && shows_callers(s)
    });
    office.vendor.unplug();
    tty.wait_for("the last of it", |s| is_bad(s) && is_stale(s));
    let (queue, today) = (numbers(&tty.text()), counts(&tty.text()));
    assert_eq!(today.len(), 3, "{}", tty.text());
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    let mut tty = office.console();
    tty.wait_for("the same queue, and that it is old", |s| {
        is_bad(s) && is_stale(s) && numbers(s) == queue && counts(s) == today
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn after_kill_9_the_board_is_there_and_somebody_collects() {
    let office = Office::new("1");
    let mut tty = office.console();
    tty.wait_for("callers", is_fresh);
    let first = numbers(&tty.text())[0].clone();
    // A second console only watches, and takes over when the first is gone.
    let mut heir = office.console();
    heir.wait_for("the heir", |s| s.contains("attached") && is_fresh(s));
    tty.signal(Signal::KILL);
    tty.ends();
    heir.wait_for("the heir in the role", |s| {
        !s.contains("attached") && is_fresh(s)
    });
    heir.signal(Signal::KILL);
    heir.ends();
    let mut next = office.console();
    next.wait_for("the board, and news", |s| {
        s.contains(&first) && is_fresh(s) && !s.contains("attached")
    });
    next.press("q");
    assert_eq!(next.ends(), 0);
    next.is_as_before();
}

#[test]
fn what_was_done_in_the_last_moment_is_on_record() {
    let office = Office::new("1");
    let config = office.config();
    let arguments = ["--as", "anna", "--config", config.to_str().unwrap()];
    let folder = office.folder.path();
    let mut tty = Tty::new(160, 60).run(command(HOLDLINE, &arguments, folder));
    tty.wait_for("callers", is_fresh);
    tty.press("3");
    tty.wait_for("callbacks to work on", |s| s.contains("outcome"));
    tty.press("d\rq");
    assert_eq!(tty.ends(), 0);
    let journal = Journal::open_read_only(&folder.join("journal")).unwrap();
    let entries = journal.read(0, 10_000).unwrap();
    let acts = entries.iter().filter_map(|entry| match &entry.what {
        What::Act(act) => Some(act),
        _ => None,
    });
    let acts: Vec<_> = acts.collect();
    assert!(
        matches!(acts[..], [act] if &*act.who == "anna" && matches!(act.deed, Deed::Outcome { .. })),
        "{acts:?}"
    );
}

#[test]
fn in_a_demo_one_may_be_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["demo", "--as", "Anna Holm"];
    let mut tty = Tty::new(160, 60).run(command(HOLDLINE, &arguments, folder.path()));
    tty.wait_for("callers", shows_callers);
    tty.press("3");
    tty.wait_for("callbacks to work on", |s| s.contains("outcome"));
    tty.press("c");
    let mut kept = folder.path().read_dir().unwrap();
    let journal = kept.next().unwrap().unwrap().path().join("journal");
    let journal = Journal::open_read_only(&journal).unwrap();
    tty.wait_until("the claim on record", |_| {
        let entries = journal.read(0, 10_000).unwrap();
        entries
            .iter()
            .any(|entry| matches!(&entry.what, What::Act(act) if &*act.who == "Anna Holm"))
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn collecting_without_a_screen_ends_by_signals_and_frees_the_role() {
    let office = Office::new("1");
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let mut child = Command::new(HOLDLINE)
            .args(["collect", "--config"])
            .arg(office.config())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut words = BufReader::new(child.stderr.take().unwrap()).lines();
        let started = words.find(|line| line.as_ref().unwrap().contains("collecting into"));
        assert!(started.is_some(), "the role was not free");
        kill_process(Pid::from_child(&child), signal).unwrap();
        let since = Instant::now();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal:?}");
        assert!(since.elapsed() < LEAVING, "{:?}", since.elapsed());
    }
}
