//! How a console was left, from one start to the next.

use std::{fs, path::PathBuf};

use crate::{
    life::{Office, is_fresh},
    program::Demo,
    tty::Tty,
};

/// Where a console keeps how it was left.
fn file(office: &Office) -> PathBuf {
    let folder = office.folder.path();
    folder.join(".local/state/holdline/console.json")
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
    let kept = fs::read_to_string(file(&office)).unwrap();
    assert!(kept.contains("\"zoom\": true"), "{kept}");
    let mut tty = open(&office);
    tty.wait_for("the same", is_searched_and_sorted);
    // Esc ends the search, the next one the zoom.
    tty.press("\x1b");
    tty.wait_for("all", |s| !s.contains("/ su"));
    tty.press("z");
    leave(tty);
    let kept = fs::read_to_string(file(&office)).unwrap();
    assert!(kept.contains("\"zoom\": false"), "{kept}");
}

#[test]
fn who_is_killed_finds_it_as_it_was_a_moment_ago() {
    let office = Office::new("1");
    let mut tty = open(&office);
    tty.press("ssssS/su\r");
    let file = file(&office);
    tty.wait_until("the file", |_| {
        fs::read_to_string(&file).is_ok_and(|kept| kept.contains("\"su\""))
    });
    tty.signal(rustix::process::Signal::KILL);
    tty.ends();
    let mut tty = open(&office);
    tty.wait_for("the same", is_searched_and_sorted);
    leave(tty);
}

#[test]
fn a_damaged_file_is_no_trouble_and_is_made_anew() {
    let office = Office::new("1");
    let file = file(&office);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "{\"pane\": \"3\", \"zoo").unwrap();
    let mut tty = open(&office);
    tty.press("S");
    leave(tty);
    let kept: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
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
