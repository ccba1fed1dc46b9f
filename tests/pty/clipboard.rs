//! What is copied reaches the terminal, or tmux, as it is and once.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use tempfile::TempDir;

use crate::{
    program::{HOLDLINE, command, shows_callers},
    tty::Tty,
};

/// A demo whose rows hold still, with a caller selected whose number is known,
/// and the menu open that offers it.
struct Menu {
    tty: Tty,
    number: String,
    folder: TempDir,
}

impl Menu {
    fn open(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(HOLDLINE, &["demo"], folder.path());
        for (name, value) in variables {
            command.env(name, value);
        }
        let mut tty = Tty::new(120, 36).run(command);
        tty.wait_for("callers", shows_callers);
        tty.press(" ");
        tty.wait_for("a screen held still", |s| s.contains("frozen"));
        for _ in 0..10 {
            tty.press("y");
            tty.wait_for("the menu", |s| s.contains("the row, as JSON"));
            if let Some(number) = offered(&tty.text()) {
                return Self {
                    tty,
                    number,
                    folder,
                };
            }
            // A secret number: on to the next caller.
            tty.press("\x1b");
            tty.wait_for("the panes", |s| !s.contains("the row, as JSON"));
            tty.press("j");
        }
        panic!("nobody has a number:\n{}", tty.text());
    }

    fn choose_and_wait_for(&mut self, sentence: &str) {
        self.tty.press("\r");
        self.tty.wait_for(sentence, |s| s.contains(sentence));
    }

    fn leave(mut self) -> Vec<u8> {
        self.tty.press("q");
        assert_eq!(self.tty.ends(), 0);
        assert!(!self.tty.is_raw(), "the settings are as before");
        let left = self.folder.path().read_dir().unwrap().count();
        assert_eq!(left, 0, "the demo takes its folder along");
        self.tty.bytes
    }
}

fn offered(screen: &str) -> Option<String> {
    let behind = screen.split("the number ").nth(1)?;
    behind.split_whitespace().next().map(str::to_owned)
}

/// What the terminal was asked to put on its clipboard.
fn clipboards(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    // Nothing else is asked of it in this way.
    let parts = text.split("\x1b]").skip(1);
    let whole = parts.filter_map(|part| part.split_once("\x1b\\"));
    let decoded = whole.map(|(sequence, _)| {
        let encoded = sequence.strip_prefix("52;c;").unwrap();
        String::from_utf8(BASE64.decode(encoded).unwrap()).unwrap()
    });
    decoded.collect()
}

/// A folder with a `tmux` that does this.
fn tmux(script: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("tmux");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o700)).unwrap();
    folder
}

/// The variables of a session inside tmux.
fn inside(tmux: &Path) -> [(&'static str, String); 2] {
    let path = std::env::var("PATH").unwrap();
    [
        ("TMUX", "/nowhere/default,1,0".to_owned()),
        ("PATH", format!("{}:{path}", tmux.display())),
    ]
}

fn open_inside(tmux: &Path) -> Menu {
    let variables = inside(tmux);
    let variables = [0, 1].map(|i| (variables[i].0, variables[i].1.as_str()));
    Menu::open(&variables)
}

#[test]
fn a_number_reaches_the_terminals_clipboard_exactly_and_once() {
    let mut menu = Menu::open(&[]);
    let number = menu.number.clone();
    menu.choose_and_wait_for("copied by the terminal");
    menu.tty
        .wait_until("the sequence", |tty| !clipboards(&tty.bytes).is_empty());
    assert_eq!(clipboards(&menu.leave()), [number]);
}

#[test]
fn inside_tmux_it_is_tmux_that_gets_the_text() {
    let folder = tmux("cd \"$(dirname \"$0\")\" && echo \"$*\" > asked && cat > taken");
    let mut menu = open_inside(folder.path());
    let number = menu.number.clone();
    menu.choose_and_wait_for("copied by tmux");
    assert_eq!(clipboards(&menu.leave()), Vec::<String>::new());
    let written = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(written("taken"), number);
    assert_eq!(written("asked"), "load-buffer -w -\n");
}

#[test]
fn a_tmux_that_fails_is_said_and_leaves_the_console_alone() {
    let folder = tmux("echo 'no server' >&2; exit 1");
    let mut menu = open_inside(folder.path());
    menu.choose_and_wait_for("tmux did not take the text; Y shows it to select by hand");
    let number = menu.number.clone();
    menu.tty.press("Y");
    menu.tty.wait_for("the text by hand", |s| {
        s.contains("select with the mouse") && s.contains(&number) && !s.contains('│')
    });
    assert_eq!(clipboards(&menu.leave()), Vec::<String>::new());
}
