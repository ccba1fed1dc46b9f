//! How a console was left, from one start to the next.

use std::{fs, path::PathBuf};

use crate::{
    life::{Office, is_fresh},
    program::Demo,
    tty::Tty,
};

/// Where consoles keep how they were left.
fn folder(office: &Office) -> PathBuf {
    office.folder.path().join(".local/state/holdline")
}

/// What the only console there kept; nothing as long as it wrote nothing.
fn kept(office: &Office) -> String {
    let files: Vec<PathBuf> = fs::read_dir(folder(office))
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
        .collect();
    assert!(files.len() <= 1, "{files:?}");
    let text = files.first().map(fs::read_to_string);
    text.transpose().unwrap().unwrap_or_default()
}

fn open(office: &Office) -> Tty {
    let mut tty = office.console();
    tty.wait_for("callers", is_fresh);
    tty
}

fn leave(mut tty: Tty) {
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}

/// The line that is searched with, and the order.
fn is_searched_and_sorted(screen: &str) -> bool {
    screen.contains("/ su") && screen.contains("NAME↑")
}

#[test]
fn search_order_and_zoom_are_there_after_a_restart() {
    let office = Office::new("1");
    let mut tty = open(&office);
    tty.press("ssssS/su\rz");
    tty.wait_for("a search, an order", is_searched_and_sorted);
    leave(tty);
    let left = kept(&office);
    assert!(left.contains("\"zoom\": true"), "{left}");
    let mut tty = open(&office);
    tty.wait_for("the same", is_searched_and_sorted);
    // Esc ends the search, the next one the zoom.
    tty.press("\x1b");
    tty.wait_for("all", |s| !s.contains("/ su"));
    tty.press("z");
    leave(tty);
    let left = kept(&office);
    assert!(left.contains("\"zoom\": false"), "{left}");
}

#[test]
fn who_is_killed_finds_it_as_it_was_a_moment_ago() {
    let office = Office::new("1");
    let mut tty = open(&office);
    tty.press("ssssS/su\r");
    tty.wait_until("the file", |_| kept(&office).contains("\"su\""));
    tty.signal(rustix::process::Signal::KILL);
    tty.ends();
    let mut tty = open(&office);
    tty.wait_for("the same", is_searched_and_sorted);
    leave(tty);
}

#[test]
fn a_damaged_file_is_no_trouble_and_is_made_anew() {
    let office = Office::new("1");
    // By the name that everybody's once had, which is taken over.
    let folder = folder(&office);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("console.json"), "{\"pane\": \"3\", \"zoo").unwrap();
    let mut tty = open(&office);
    tty.press("S");
    leave(tty);
    let kept: serde_json::Value = serde_json::from_str(&kept(&office)).unwrap();
    assert_eq!(kept["callers"]["reversed"], true);
    assert_eq!(kept["pane"], "1");
}

#[test]
fn where_nothing_can_be_kept_the_console_works_all_the_same() {
    let office = Office::new("1");
    // Whoever runs the tests may be root, whom no permission stops.
    let folder = office.folder.path().join(".local");
    fs::write(&folder, "a file where a folder should be").unwrap();
    let mut tty = open(&office);
    tty.press("ssssS/su\r");
    tty.wait_for("a search, an order", is_searched_and_sorted);
    leave(tty);
    let mut tty = open(&office);
    assert!(!is_searched_and_sorted(&tty.text()), "{}", tty.text());
    tty.press("1");
    leave(tty);
}

#[test]
fn a_demo_writes_nothing_down() {
    let mut demo = Demo::new(120, 36);
    demo.tty.press("ssssS/su\r");
    demo.tty.wait_for("a search", |s| s.contains("/ su"));
    demo.tty.press("q");
    assert_eq!(demo.tty.ends(), 0);
    assert_eq!(demo.kept(), Vec::<PathBuf>::new());
}
