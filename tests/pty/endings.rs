//! Every way it ends: the exit code, two seconds, the terminal as it was.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::{
    program::{Demo, HOLDLINE, command, shows_callers},
    tty::Tty,
};

/// The control: a terminal whose keys come raw is not as it was.
#[test]
fn other_settings_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let raw = ["-c", "stty raw -echo; echo ready; read -r x"];
    let tty = Tty::new(80, 24);
    assert!(!tty.is_raw());
    let mut tty = tty.run(command("sh", &raw, folder.path()));
    tty.wait_for("stty", |s| s.contains("ready"));
    assert!(tty.is_raw());
}

#[test]
fn keys_end_it() {
    for key in ["q", "\x03"] {
        let mut demo = Demo::new(80, 24);
        assert!(demo.tty.is_raw());
        demo.tty.press(key);
        assert_eq!(demo.tty.ends(), 0, "{key:?}");
        demo.tty.is_as_before();
        assert!(demo.kept().is_empty(), "{:?} is left", demo.kept());
    }
}

const SIGNALS: [(Signal, u32); 4] = [
    (Signal::TERM, 143),
    (Signal::HUP, 129),
    (Signal::INT, 130),
    (Signal::QUIT, 131),
];

#[test]
fn signals_end_it() {
    for (signal, code) in SIGNALS {
        let mut demo = Demo::new(120, 36);
        demo.tty.signal(signal);
        assert_eq!(demo.tty.ends(), code, "{signal:?}");
        demo.tty.is_as_before();
        assert!(demo.kept().is_empty(), "{:?} is left", demo.kept());
    }
}

#[test]
fn more_signals_than_one_make_no_difference() {
    let mut demo = Demo::new(80, 24);
    for (signal, _) in SIGNALS {
        demo.tty.signal(signal);
    }
    let code = demo.tty.ends();
    let known: Vec<u32> = SIGNALS.iter().map(|(_, code)| *code).collect();
    assert!(known.contains(&code), "{code}");
    demo.tty.is_as_before();
}

/// Wherever the mistake is: one sentence, the whole story in the log.
#[cfg(debug_assertions)]
#[test]
fn a_panic_ends_it() {
    for place in ["loop", "task", "thread"] {
        let mut demo = Demo::with(120, 36, &[("HOLDLINE_PANIC", place)]);
        assert_eq!(demo.tty.ends(), 101, "{place}");
        demo.tty.is_as_before();
        demo.tty
            .wait_until_seen("holdline met a mistake of its own at");
        assert!(
            !demo.tty.text().contains("on purpose"),
            "{}",
            demo.tty.text()
        );
        assert!(
            logged(&demo).contains("panicked at"),
            "{place}: {}",
            logged(&demo)
        );
    }
}

#[cfg(debug_assertions)]
fn logged(demo: &Demo) -> String {
    let logs = demo.kept()[0].join("journal/log").read_dir().unwrap();
    logs.map(|log| std::fs::read_to_string(log.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn a_terminal_that_vanishes_ends_it() {
    let mut demo = Demo::new(80, 24);
    demo.tty.vanish();
    assert_eq!(demo.tty.ends(), 129);
    assert!(demo.kept().is_empty(), "{:?} is left", demo.kept());
}

/// No signal comes when somebody else leads the session and keeps it to
/// himself; reading from a terminal that is gone must not go on for ever.
#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"trap "" HUP; "$@"; echo $? > code"#;
    let arguments = ["-c", script, "sh", HOLDLINE, "demo"];
    let mut tty = Tty::new(80, 24).run(command("sh", &arguments, folder.path()));
    tty.wait_for("callers", shows_callers);
    tty.vanish();
    tty.ends();
    let code = std::fs::read_to_string(folder.path().join("code")).unwrap();
    assert_eq!(code.trim(), "129");
}

#[test]
fn it_is_left_while_nobody_reads() {
    let ways = [
        (None, 0),
        (Some(Signal::TERM), 143),
        (Some(Signal::HUP), 129),
    ];
    for (signal, code) in ways {
        let mut demo = Demo::new(80, 24);
        let tty = &mut demo.tty;
        tty.block();
        // A frame that has no room.
        tty.press("?");
        assert!(!tty.has_room());
        match signal {
            None => tty.press("qq"),
            Some(signal) => tty.signal(signal),
        }
        assert_eq!(tty.ends(), code, "{signal:?}");
        tty.unblock();
        tty.is_as_before();
    }
}

/// Whoever writes to the journal all the time keeps us from it.
#[test]
fn it_leaves_nothing_behind_though_what_should_end_it_hangs() {
    let mut demo = Demo::new(80, 24);
    let journal = demo.kept()[0].join("journal").join("journal.db");
    let other = rusqlite::Connection::open(journal).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    demo.tty.press("q");
    assert_eq!(demo.tty.ends(), 0);
    assert!(began.elapsed() >= Duration::from_secs(1), "nothing hung");
    demo.tty.is_as_before();
    assert!(demo.kept().is_empty(), "{:?} is left", demo.kept());
}

#[test]
fn it_is_left_when_nobody_ever_read() {
    let mut tty = Tty::new(80, 24);
    tty.block();
    let mut demo = Demo::on(tty, &[]);
    demo.tty.wait_until("raw keys", Tty::is_raw);
    demo.tty.signal(Signal::TERM);
    assert_eq!(demo.tty.ends(), 143);
    demo.tty.unblock();
    demo.tty.is_as_before();
}

#[test]
fn whoever_reads_again_sees_the_last_state() {
    let mut demo = Demo::new(80, 24);
    let tty = &mut demo.tty;
    tty.block();
    tty.press("?");
    tty.press("j");
    tty.unblock();
    tty.resize(120, 36);
    tty.wait_for("the help", |s| s.contains("Keys that work now"));
    tty.press("qq");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}
