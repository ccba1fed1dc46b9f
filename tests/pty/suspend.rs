//! Stopped by the shell and back, as Ctrl-Z does it.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    program::{HOLDLINE, command, shows_callers},
    tty::Tty,
};

/// A shell with jobs: runs the program, says when it stopped, and brings it
/// back at Enter.
const SHELL: &str =
    r#"set -m; "$@"; echo "stopped: $?"; read -r enter; fg > fg.out; echo "left: $?""#;

fn job_of(shell: Pid) -> Pid {
    let shell = shell.as_raw_nonzero();
    let children = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

#[test]
fn the_shell_gets_the_terminal_as_it_was_and_gives_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["-c", SHELL, "sh", HOLDLINE, "demo"];
    let mut tty = Tty::new(80, 24).run(command("sh", &arguments, folder.path()));
    tty.wait_for("callers", shows_callers);
    // Ctrl-Z: in raw mode a key like any other.
    tty.press("\x1a");
    tty.wait_for("the shell", |s| s.contains("stopped: "));
    tty.is_as_before();
    tty.resize(120, 36);
    tty.press("\n");
    tty.wait_for("the console again", |s| {
        s.starts_with(" holdline") && shows_callers(s) && s.lines().count() == 36
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    tty.wait_until_seen("left: 0");
    tty.is_as_before();
}

#[test]
fn a_stop_that_nobody_asked_about_is_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["-c", SHELL, "sh", HOLDLINE, "demo"];
    let mut tty = Tty::new(80, 24).run(command("sh", &arguments, folder.path()));
    tty.wait_for("callers", shows_callers);
    kill_process(job_of(tty.pid()), Signal::STOP).unwrap();
    // Over the console, which could not leave the screen first.
    tty.wait_for("the shell", |s| s.contains("stopped: "));
    tty.press("\n");
    tty.wait_for("the console again", |s| {
        s.starts_with(" holdline") && shows_callers(s) && !s.contains("stopped: ")
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn it_does_not_stop_where_nobody_could_make_it_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut tty = Tty::new(80, 24).run(command(HOLDLINE, &["demo"], folder.path()));
    tty.wait_for("callers", shows_callers);
    tty.signal(Signal::TSTP);
    tty.press("?");
    tty.wait_for("the help", |s| s.contains("Keys that work now"));
    tty.press("qq");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}
