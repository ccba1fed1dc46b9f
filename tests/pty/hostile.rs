//! A vendor whose every field is trouble: the real console shows it on a real
//! terminal, the real commands print it, and nothing of it is obeyed.

#[path = "../cli/stub.rs"]
#[expect(dead_code, reason = "only answers here")]
mod stub;
#[path = "../hostile/terminal.rs"]
#[expect(dead_code, reason = "what is shown is compared to no buffer here")]
mod terminal;
#[path = "../hostile/words.rs"]
#[expect(dead_code, reason = "the known ones are enough here")]
mod words;

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::{HOLDLINE, command},
    tty::Tty,
};
use stub::{Stub, reply};
use terminal::{Obeyed, TURN, foreign};
use words::NASTIES;

/// So many callers at once: they fit the smallest screen.
const AT_ONCE: usize = 8;
const LAST: &str = "+4535203040";
/// The end of a frame.
const END: &[u8] = b"\x1b[?2026l";

fn callers(nasties: &[&str]) -> String {
    let caller = |(at, nasty): (usize, &&str)| {
        json!({
            "_id": format!("{at}{nasty}"), "state": nasty, "number": nasty, "name": nasty,
            "entered": "2026-03-02T14:00:00.000Z", "presentation": nasty,
            "answeredByExtension": nasty, *nasty: nasty,
        })
    };
    let mut all: Vec<Value> = nasties.iter().enumerate().map(caller).collect();
    all.push(
        json!({ "_id": "last", "state": "QUEUED", "number": LAST, "name": "Bamse & Kylling" }),
    );
    serde_json::to_string(&all).unwrap()
}

/// A folder with a configuration of a site that answers so.
fn home(stub: &Stub) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = format!(
        "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"{}\"\ntoken = \"t\"\n\
         queues = [{{ id = \"00AB\", name = \"front desk\" }}]\n",
        stub.url
    );
    let file = folder.path().join("config.toml");
    fs::write(&file, config).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

/// Whether each line that has a frame at its left has it at its right, too.
fn is_framed(tty: &Tty, columns: u16, rows: u16) -> bool {
    let cell = |y, x| tty.screen().cell(y, x).map_or("", |cell| cell.contents());
    let lines = (0..rows).filter(|y| !cell(*y, 0).trim().is_empty());
    let pairs = lines.map(|y| (cell(y, 0), cell(y, columns - 1)));
    let sides: Vec<_> = pairs.collect();
    let is_pair = |pair: &(&str, &str)| matches!(pair, ("│", "│") | ("╭", "╮") | ("╰", "╯"));
    sides.len() > 10 && sides.iter().all(is_pair)
}

/// Whether a terminal that read this did nothing but show it.
fn is_shown_only(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert_eq!(foreign(text), None);
    let mut terminal = vt100::Parser::new_with_callbacks(36, 120, 0, Obeyed::default());
    terminal.process(text.replace('\u{fffd}', "?").as_bytes());
    assert_eq!(terminal.callbacks().0, [] as [String; 0]);
}

/// Whether none of the logs below this folder holds anything hostile; answers
/// how many there are.
fn logs(folder: &Path) -> usize {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let count = |path: std::path::PathBuf| {
        if path.is_dir() {
            return logs(&path);
        }
        let is_log = path.extension().is_some_and(|end| end == "log");
        if is_log {
            is_shown_only(&fs::read(&path).unwrap());
        }
        usize::from(is_log)
    };
    entries.map(count).sum()
}

#[test]
fn the_console_shows_it_and_obeys_none_of_it() {
    for (nasties, (columns, rows)) in NASTIES
        .chunks(AT_ONCE)
        .zip([(80, 24), (120, 36), (200, 50)].into_iter().cycle())
    {
        let stub = Stub::json(&callers(nasties));
        let folder = home(&stub);
        let arguments = ["--config", "config.toml"];
        let command = command(HOLDLINE, &arguments, folder.path());
        let mut tty = Tty::new(columns, rows).run(command);
        tty.wait_for("the callers", |screen| screen.contains(LAST));
        assert!(is_framed(&tty, columns, rows), "{}", tty.text());
        tty.press("\r");
        tty.wait_for("details", |screen| screen.contains("first seen"));
        tty.press("G");
        tty.wait_for("the end of them", |screen| {
            screen.contains("vendor sent it")
        });
        // A frame may be on its way.
        let whole = tty.bytes.windows(END.len()).rposition(|part| part == END);
        is_shown_only(&tty.bytes[..whole.unwrap() + END.len()]);
        tty.press("qq");
        assert_eq!(tty.ends(), 0);
        tty.is_as_before();
        assert!(logs(folder.path()) > 0, "no log");
    }
}

#[test]
fn the_commands_print_it_and_no_terminal_obeys() {
    for nasties in NASTIES.chunks(AT_ONCE) {
        let stub = Stub::json(&callers(nasties));
        let folder = home(&stub);
        for format in ["table", "json", "ndjson", "csv"] {
            let (out, err) = printed(folder.path(), &["callers", "--format", format]);
            assert!(out.contains("Bamse & Kylling"), "{format}: {err}");
            let shapes = |c: char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
            let file = out.replace(shapes, "");
            is_shown_only(if format == "csv" {
                file.as_bytes()
            } else {
                out.as_bytes()
            });
        }
    }
}

#[test]
fn a_vendors_message_is_quoted_and_not_obeyed() {
    for nasties in NASTIES.chunks(AT_ONCE) {
        let message =
            json!({ "code": 500, "error": nasties.concat(), "message": nasties.concat() });
        let answer = reply(
            "500 Internal Server Error",
            &["content-type: application/json"],
            &message.to_string(),
        );
        let stub = Stub::serve(move |_| answer.clone());
        let folder = home(&stub);
        let (_, err) = printed(folder.path(), &["callers"]);
        assert!(err.starts_with("holdline: ") && err.len() > 40, "{err:?}");
        assert_eq!(err.matches('\n').count(), 1, "{err:?}");
        is_shown_only(err.as_bytes());
    }
}

#[test]
fn a_table_turns_text_back_on_a_terminal_only() {
    let stub = Stub::json(&callers(&["שלום עולם"]));
    let folder = home(&stub);
    let (out, _) = printed(folder.path(), &["callers"]);
    assert!(out.contains("שלום") && !out.contains(TURN), "{out}");
    let arguments = ["--config", "config.toml", "callers"];
    let mut tty = Tty::new(200, 24).run(command(HOLDLINE, &arguments, folder.path()));
    tty.wait_until_seen(LAST);
    let shown = String::from_utf8(tty.bytes.clone()).unwrap();
    let rows = shown.lines().filter(|line| line.contains("שלום"));
    assert_eq!(
        rows.map(|row| row.contains(TURN)).collect::<Vec<_>>(),
        [true]
    );
}

fn printed(folder: &Path, arguments: &[&str]) -> (String, String) {
    let ran = Command::new(HOLDLINE)
        .args(["--config", "config.toml"])
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .env("LANG", "C.UTF-8")
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(ran.stdout), text(ran.stderr))
}
