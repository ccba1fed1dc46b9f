//! `holdline demo --screenshot`: README's pictures are what the console draws,
//! and the same everywhere. The real program draws them all.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Set to anything, it writes the pictures anew.
const UPDATE: &str = "UPDATE_PICTURES";

fn holdline(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdline"));
    command.current_dir(folder).args(args);
    command
}

/// Runs `holdline demo` with these flags.
fn demo(folder: &Path, args: &[&str]) -> Output {
    holdline(folder, &[&["demo"], args].concat())
        .output()
        .unwrap()
}

/// What a frame has as text.
fn text(args: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let ran = demo(
        folder.path(),
        &[&["--screenshot", "frame.txt"], args].concat(),
    );
    assert!(ran.status.success(), "{ran:?}");
    fs::read_to_string(folder.path().join("frame.txt")).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The words of a command, quoted ones whole.
fn words(command: &str) -> Vec<&str> {
    let quoted = command.split('"').enumerate();
    quoted
        .flat_map(|(i, part)| match i % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}

/// README's pictures and the commands that stand with them.
fn pictures() -> Vec<(String, String)> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let commands = readme.split('`').filter(|code| {
        code.starts_with("holdline demo --screenshot assets/") && !code.contains('\n')
    });
    commands
        .map(|command| (words(command)[3].to_owned(), command.to_owned()))
        .collect()
}

#[test]
fn readmes_pictures_are_what_the_console_draws() {
    let mut stale = Vec::new();
    for (file, command) in pictures() {
        let (folder, words) = (TempDir::new().unwrap(), words(&command));
        let new = folder.path().join("new.svg");
        let args = [&["--screenshot", new.to_str().unwrap()], &words[4..]].concat();
        let ran = demo(folder.path(), &args);
        assert!(ran.status.success(), "{command}: {ran:?}");
        let (new, place) = (fs::read(new).unwrap(), root().join(&file));
        if std::env::var_os(UPDATE).is_some() {
            fs::write(place, new).unwrap();
        } else if fs::read(place).ok() != Some(new) {
            stale.push(file);
        }
    }
    assert!(
        stale.is_empty(),
        "the console draws something else now than {}; bring README's pictures up to date with\n\n    \
         {UPDATE}=1 cargo test --test picture\n",
        stale.join(" and ")
    );
    readme_shows_each_with_words();
}

/// No picture without its command, nor without words for who cannot see it.
fn readme_shows_each_with_words() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut named: Vec<String> = pictures().into_iter().map(|(file, _)| file).collect();
    named.sort();
    let files = fs::read_dir(root().join("assets")).unwrap();
    let mut there: Vec<String> = files
        .map(|file| format!("assets/{}", file.unwrap().file_name().display()))
        .filter(|file| readme.contains(&format!("]({file})")))
        .collect();
    there.sort();
    assert!(!named.is_empty());
    assert_eq!(named, there);
    for file in named {
        let (before, _) = readme.split_once(&format!("]({file})")).unwrap();
        let (_, words) = before.rsplit_once("![").unwrap();
        assert!(words.len() > 40, "{file} tells too little: {words}");
    }
}

#[test]
fn the_same_seed_is_the_same_picture_whatever_the_machine_is_like() {
    let folder = TempDir::new().unwrap();
    let args = ["demo", "--screenshot", "-", "--size", "100x30"];
    let here = holdline(folder.path(), &args).output().unwrap();
    assert!(here.status.success(), "{here:?}");
    let elsewhere = holdline(folder.path(), &args)
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .env("HOLDLINE_USER", "somebody else")
        .env("HOLDLINE_CONFIG", "/nowhere/config.toml")
        .env("http_proxy", "http://127.0.0.1:9")
        .output()
        .unwrap();
    assert!(here.stdout.starts_with(b"<svg "), "{here:?}");
    assert!(here.stdout == elsewhere.stdout, "another environment");
    let seed = demo(folder.path(), &[&args[1..], &["--seed", "2"]].concat());
    assert!(here.stdout != seed.stdout, "another seed");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn there_is_much_to_see() {
    let screen = text(&[]);
    for words in [
        "support",
        "sales",
        "billing",
        "◆ critical",
        "▲ late",
        "VIP",
        "callback",
        "h59 late",
        "free",
        "on call",
        "call:ring",
    ] {
        assert!(screen.contains(words), "no {words} in\n{screen}");
    }
}

#[test]
fn keys_are_pressed_before_the_frame_is_drawn() {
    let own = text(&["--keys", "3 z j c", "--as", "Grethe"]);
    assert!(own.contains("✓ you, "), "{own}");
    let help = text(&["--keys", "?"]);
    assert!(help.contains("all keys that work now"), "{help}");
}

#[test]
fn every_size_and_set_of_signs_can_be_drawn() {
    for (size, rows) in [("1x1", 1), ("80x24", 24), ("200x50", 50)] {
        assert_eq!(text(&["--size", size]).lines().count(), rows, "{size}");
    }
    let ascii = text(&["--ascii", "--theme", "mono"]);
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn a_file_is_replaced_whole_and_can_be_read_by_others() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("frame.svg");
    fs::write(&file, "x".repeat(1 << 20)).unwrap();
    let ran = demo(
        folder.path(),
        &["--screenshot", "frame.svg", "--size", "20x5"],
    );
    assert!(ran.status.success() && ran.stdout.is_empty(), "{ran:?}");
    let svg = fs::read_to_string(&file).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    let fresh = folder.path().join("fresh");
    fs::write(&fresh, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&file), mode(&fresh));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn ended_early_it_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let mut child = holdline(folder.path(), &["demo", "--screenshot", "frame.svg"])
        .env("TMPDIR", folder.path())
        .spawn()
        .unwrap();
    let files = || fs::read_dir(folder.path()).unwrap().count();
    while files() < 2 {
        thread::yield_now();
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
    assert_eq!(files(), 0);
}

#[test]
fn what_cannot_be_drawn_is_refused_in_few_words() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("folder.svg")).unwrap();
    for (args, code, words) in [
        (
            "--screenshot frame.png",
            2,
            "ends in .svg (a picture) or .txt",
        ),
        ("--screenshot frame", 2, "ends in .svg"),
        (
            "--screenshot a.svg --size 0x9",
            2,
            "columns and rows as 120x36",
        ),
        (
            "--screenshot a.svg --size 9",
            2,
            "columns and rows as 120x36",
        ),
        (
            "--screenshot a.svg --keys Return",
            2,
            "there is no key \"Return\"",
        ),
        ("--screenshot a.svg --keys q", 2, "leave the console"),
        ("--screenshot a.svg --speed 2", 2, "--speed"),
        ("--size 80x24", 2, "--screenshot"),
        (
            "--screenshot no/such/a.svg --size 1x1",
            2,
            "no/such/a.svg cannot be written: there is no such folder",
        ),
        (
            "--screenshot folder.svg --size 1x1",
            2,
            "folder.svg cannot be written: it is a folder",
        ),
    ] {
        let ran = demo(folder.path(), &words_of(args));
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(code), "{args}: {said}");
        assert!(said.contains(words), "{args}: {said}");
        assert!(
            ran.stdout.is_empty() && said.lines().count() <= 6,
            "{args}: {said}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{args}");
    }
}

fn words_of(args: &str) -> Vec<&str> {
    args.split(' ').collect()
}
