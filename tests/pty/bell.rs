//! The bell of the real program: heard where it was asked for, and not
//! otherwise.

use std::fs;

use crate::{
    life::{Office, is_fresh},
    tty::Tty,
};

/// How often the terminal was asked to ring.
fn rings(tty: &Tty) -> usize {
    String::from_utf8_lossy(&tty.bytes).matches('\x07').count()
}

/// The clock in the first line.
fn clock(tty: &Tty) -> String {
    let text = tty.text();
    let head = text.lines().next().unwrap_or_default();
    let last = head.split_whitespace().last();
    last.unwrap_or_default().to_owned()
}

#[test]
fn it_rings_once_when_somebody_grows_late_and_only_where_asked_for() {
    // Somebody grows late every few seconds.
    let office = Office::new("1");
    let silent = fs::read_to_string(office.config()).unwrap();
    let silent = silent.replace("service_level = \"20s\"", "service_level = \"10s\"");
    fs::write(office.config(), &silent).unwrap();
    let mut without = office.console();
    without.wait_for("callers", is_fresh);
    fs::write(
        office.config(),
        format!("[console]\nbell = true\n\n{silent}"),
    )
    .unwrap();
    let mut with = office.console();
    with.wait_for("callers", is_fresh);
    with.wait_until("the bell", |tty| rings(tty) > 0);
    let rung = clock(&with);
    // It rings no second time within five seconds.
    with.press("q");
    assert_eq!(with.ends(), 0);
    assert_eq!(rings(&with), 1);
    without.wait_until("the same moment", |tty| clock(tty) > rung);
    without.press("q");
    assert_eq!(without.ends(), 0);
    assert_eq!(rings(&without), 0);
}
