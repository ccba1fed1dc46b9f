//! Progress on a terminal: one line, written over, and gone in the end.

use std::{ffi::OsStr, io::Read, sync::mpsc, thread};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::{
    pbx::{Pbx, command, ids, rows},
    program::{Home, PATIENCE},
};

/// Runs the program with standard error on a terminal, standard output in
/// `out`; answers its code, and what was written to the terminal.
pub fn on_a_terminal<S: AsRef<OsStr>>(
    home: &Home,
    columns: u16,
    args: impl IntoIterator<Item = S>,
) -> (u32, String) {
    let size = PtySize {
        rows: 24,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.args([
        "-c",
        "exec \"$@\" > out",
        "sh",
        env!("CARGO_BIN_EXE_holdline"),
    ]);
    shell.args(args);
    shell.env_clear();
    shell.env("PATH", "/usr/bin:/bin");
    shell.env("HOME", home.path());
    shell.cwd(home.path());
    let mut child = pty.slave.spawn_command(shell).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (say, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A terminal whose last program is gone is an error on Linux.
        let _ = reader.read_to_end(&mut bytes);
        let _ = say.send(String::from_utf8(bytes).unwrap());
    });
    let code = child.wait().unwrap().exit_code();
    (code, heard.recv_timeout(PATIENCE).unwrap())
}

/// What `holdline callbacks` writes to a terminal.
fn listing(home: &Home, columns: u16) -> String {
    let (code, written) = on_a_terminal(home, columns, command(&["--format", "json"]));
    assert_eq!(code, 0, "{written}");
    written
}

#[test]
fn a_long_list_shows_how_far_it_is_and_leaves_nothing_behind() {
    let (home, pbx) = (Home::new(), Pbx::listing(rows(450)));
    pbx.config(&home);
    let written = listing(&home, 60);
    assert!(
        written.contains("\routbound: page 1 of 5, 100 of 450 rows"),
        "{written:?}"
    );
    assert!(
        written.contains("\routbound: page 5 of 5, 450 of 450 rows"),
        "{written:?}"
    );
    assert!(
        !written.contains('\n'),
        "one line, written over: {written:?}"
    );
    let mut screen = vt100::Parser::new(24, 60, 0);
    screen.process(written.as_bytes());
    assert_eq!(screen.screen().contents().trim(), "");
    assert_eq!(screen.screen().cursor_position(), (0, 0));
    let out = std::fs::read_to_string(home.path().join("out")).unwrap();
    assert_eq!(ids(&out).len(), 450);
    // Nobody sees it, so it is not written.
    home.run(command(&["--format", "json"])).fine();
}

#[test]
fn it_fits_the_terminal_and_a_short_list_has_none() {
    let (home, pbx) = (Home::new(), Pbx::listing(rows(250)));
    pbx.config(&home);
    let written = listing(&home, 20);
    let widest = written.split('\r').map(|line| line.chars().count()).max();
    assert_eq!(widest, Some(19), "{written:?}");
    let pbx = Pbx::listing(rows(100));
    pbx.config(&home);
    assert_eq!(listing(&home, 80), "");
}
