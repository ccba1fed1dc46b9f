//! The disk is full and freed, the journal is taken away: nothing is
//! acknowledged that is not there, and what can heal does (R4, R5).

use std::{fs, net::SocketAddr};

use holdline::{
    domain::entry::{Entry, What},
    journal::Journal,
};
use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};

use crate::{
    client::{JSON, Line, ask, post, ring, send},
    program::{Home, Running},
    rig::{CONFIG, Rig, TEAM, legs},
};

/// An event that takes up some room.
fn large(leg: &str) -> String {
    let small = ring(leg);
    let padding = "x".repeat(16 * 1024);
    format!(r#"{},"padding":"{padding}"}}"#, small.trim_end_matches('}'))
}

/// The program, with files of no more than this until it is given more: to it
/// a disk that is full.
fn in_little_room(home: &Home, kib: usize) -> (Running, SocketAddr) {
    let inner = home.holdline(["collect", "--config", "config.toml"]);
    // Without the signal that ends it, a write beyond fails, as on a disk.
    let script = format!(
        "echo $$ > pid; trap '' XFSZ; ulimit -S -f {}; exec \"$0\" \"$@\"",
        kib * 2
    );
    let mut command = std::process::Command::new("/bin/sh");
    command
        .args(["-c", &script])
        .arg(inner.get_program())
        .args(inner.get_args())
        .env_clear()
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .env("PATH", "/usr/bin:/bin")
        .current_dir(home.path());
    let mut running = Running::start(command);
    let told = running.tells("listening for webhooks on http://");
    let (_, address) = told.rsplit_once("http://").unwrap();
    let address = address.parse().unwrap();
    (running, address)
}

/// Sends until one is not stored; what was acknowledged before, and the
/// status of that one.
fn until_full(address: SocketAddr, name: &str, most: usize) -> (Vec<String>, Option<u16>) {
    let mut line = Line::to(address);
    let mut acknowledged = Vec::new();
    for n in 0..most {
        let leg = format!("{name}-{n}");
        line.say(post(TEAM, JSON, large(&leg)));
        match line.answer().unwrap() {
            answer if answer.status == 200 => acknowledged.push(leg),
            answer => {
                assert!(answer.head.contains("retry-after: "), "{answer:?}");
                return (acknowledged, Some(answer.status));
            }
        }
    }
    (acknowledged, None)
}

/// Takes the limit away.
fn give_room(home: &Home) {
    let pid = fs::read_to_string(home.path().join("pid")).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap());
    let unlimited = Rlimit {
        current: None,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, unlimited).unwrap();
}

#[test]
fn a_full_disk_is_503_and_ends_by_itself_when_there_is_room() {
    let home = Home::new();
    home.file("config.toml", CONFIG);
    let (mut running, address) = in_little_room(&home, 1_500);
    let (mut acknowledged, status) = until_full(address, "before", 2_000);
    assert_eq!(status, Some(503));
    assert!(acknowledged.len() > 10, "it was never in order");
    // Nor is one later taken that is not kept.
    for n in 0..20 {
        let leg = format!("full-{n}");
        let answer = send(address, post(TEAM, JSON, large(&leg)));
        match answer.status {
            200 => acknowledged.push(leg),
            status => assert_eq!(status, 503),
        }
    }
    running.tells("webhooks are not taken");
    assert_eq!(send(address, ask("GET", "/healthz", "")).status, 503);
    give_room(&home);
    running.tells("webhooks are taken again");
    let (after, status) = until_full(address, "after", 20);
    assert_eq!((after.len(), status), (20, None));
    acknowledged.extend(after);
    assert_eq!(send(address, ask("GET", "/healthz", "")).status, 200);
    assert_eq!(running.end(Signal::TERM).code, Some(143));
    let journal = Journal::open_read_only(&home.path().join("journal")).unwrap();
    let entries = journal.read(0, usize::MAX).unwrap();
    let stored = legs(&entries);
    let kept: Vec<&String> = stored
        .iter()
        .filter(|leg| acknowledged.contains(leg))
        .collect();
    assert!(
        kept.into_iter().eq(acknowledged.iter()),
        "lost or out of order"
    );
    // That something may be missing is on record.
    assert!(entries.iter().any(is_gap));
}

fn is_gap(entry: &Entry) -> bool {
    matches!(entry.what, What::Gap { .. })
}

#[test]
fn control_with_room_enough_nothing_is_refused() {
    let home = Home::new();
    home.file("config.toml", CONFIG);
    let (_running, address) = in_little_room(&home, 1 << 20);
    let (acknowledged, status) = until_full(address, "before", 200);
    assert_eq!((acknowledged.len(), status), (200, None));
}

#[test]
fn a_journal_that_was_taken_away_takes_nothing_and_says_so() {
    let rig = Rig::start();
    assert_eq!(send(rig.address, post(TEAM, JSON, ring("a"))).status, 200);
    let journal = rig.folder.path().join("journal");
    fs::rename(&journal, rig.folder.path().join("elsewhere")).unwrap();
    for n in 0..3 {
        let answer = send(rig.address, post(TEAM, JSON, ring(&n.to_string())));
        assert_eq!(answer.status, 503);
    }
    let trouble = rig.health(0).trouble.unwrap();
    assert!(
        trouble.fault.what.contains("start holdline again"),
        "{trouble:?}"
    );
    // Put back, it goes on.
    fs::rename(rig.folder.path().join("elsewhere"), &journal).unwrap();
    assert_eq!(send(rig.address, post(TEAM, JSON, ring("b"))).status, 200);
    assert_eq!(rig.legs(), ["a", "b"]);
}

#[test]
fn a_folder_that_may_only_be_read_ends_the_start_with_a_sentence() {
    let home = Home::new();
    home.file(
        "config.toml",
        &CONFIG.replace("\"journal\"", "\"/proc/holdline\""),
    );
    let ran = home.run(["collect", "--config", "config.toml"]);
    assert!(ran.refused(1).contains("/proc/holdline"));
}
