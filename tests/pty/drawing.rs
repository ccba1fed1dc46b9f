//! It starts, draws and follows the terminal's size.

use crate::{
    program::{Demo, shows_callers},
    tty::Tty,
};

/// Whether the console fills a screen of this size, edges and corners.
fn fills(tty: &Tty, columns: u16, rows: u16) -> bool {
    let lines: Vec<String> = tty.screen().rows(0, columns).collect();
    let cell = |row: u16, column: u16| tty.screen().cell(row, column).map_or("", |c| c.contents());
    let whole = lines[0].starts_with(" holdline ")
        && lines[usize::from(rows) - 1].starts_with(" ? help")
        && lines.iter().any(|l| l.contains("1 Callers"))
        && shows_callers(&tty.text());
    let frame = (0..rows).any(|y| cell(y, 0) == "╭" && cell(y, columns - 1) == "╮")
        && (0..rows).any(|y| cell(y, 0) == "╰" && cell(y, columns - 1) == "╯");
    whole && frame
}

fn wait_to_fill(tty: &mut Tty, columns: u16, rows: u16) {
    tty.wait_until(&format!("a whole screen, {columns}x{rows}"), |tty| {
        fills(tty, columns, rows)
    });
}

#[test]
fn it_draws_whole_screens_of_all_usual_sizes() {
    for (columns, rows) in [(80, 24), (120, 36), (200, 50)] {
        let mut demo = Demo::new(columns, rows);
        wait_to_fill(&mut demo.tty, columns, rows);
        demo.tty.press("q");
        assert_eq!(demo.tty.ends(), 0);
        demo.tty.is_as_before();
        let text = String::from_utf8_lossy(&demo.tty.bytes).into_owned();
        assert!(!text.contains("panicked"), "{text}");
    }
}

#[test]
fn it_follows_every_resize() {
    let mut demo = Demo::new(80, 24);
    let tty = &mut demo.tty;
    for (columns, rows) in [
        (120, 36),
        (300, 100),
        (60, 15),
        (1_000, 500),
        (200, 50),
        (80, 24),
    ] {
        tty.resize(columns, rows);
        wait_to_fill(tty, columns, rows);
    }
    tty.resize(40, 8);
    tty.wait_for("the plain screen", |s| {
        s.starts_with("holdline\n") && s.contains("\ntoo small: 40x8, 60x15 needed")
    });
    tty.resize(1, 1);
    tty.wait_for("one cell", |s| s == "h");
    // There and back between two frames: the terminal cut what it showed.
    tty.resize(80, 24);
    wait_to_fill(tty, 80, 24);
    tty.resize(3, 3);
    tty.resize(80, 24);
    wait_to_fill(tty, 80, 24);
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}

#[test]
fn a_storm_of_resizes_ends_with_the_right_screen() {
    let mut demo = Demo::new(80, 24);
    let mut any = fastrand::Rng::with_seed(9);
    for _ in 0..300 {
        demo.tty.resize(any.u16(1..250), any.u16(1..80));
    }
    demo.tty.resize(100, 30);
    wait_to_fill(&mut demo.tty, 100, 30);
    demo.tty.press("q");
    assert_eq!(demo.tty.ends(), 0);
    demo.tty.is_as_before();
}

#[test]
fn a_terminal_that_tells_no_size_is_taken_for_80_by_24() {
    let mut demo = Demo::new(120, 36);
    demo.tty.resize(0, 0);
    wait_to_fill(&mut demo.tty, 80, 24);
}

#[test]
fn a_dumb_terminal_gets_the_same_console() {
    // Most that say so are not: it is what scripts and services leave set.
    let mut demo = Demo::with(80, 24, &[("TERM", "dumb")]);
    wait_to_fill(&mut demo.tty, 80, 24);
    demo.tty.press("q");
    assert_eq!(demo.tty.ends(), 0);
    demo.tty.is_as_before();
}

#[test]
fn without_unicode_it_keeps_to_ascii() {
    let mut demo = Demo::with(80, 24, &[("LANG", "C"), ("LC_ALL", "POSIX")]);
    demo.tty.wait_for("callers", shows_callers);
    let drawn: String = demo.tty.text();
    let beyond: String = drawn
        .chars()
        .filter(|c| "╭╮╰╯─│●▲◆…—".contains(*c))
        .collect();
    assert_eq!(beyond, "");
    demo.tty.press("q");
    assert_eq!(demo.tty.ends(), 0);
}

#[test]
fn a_key_cut_off_in_the_middle_stops_nothing() {
    let mut demo = Demo::new(80, 24);
    let tty = &mut demo.tty;
    tty.press("\x1b[");
    for _ in 0..2 {
        let before = tty.text();
        tty.wait_for("the next second", |s| s != before);
    }
    tty.signal(rustix::process::Signal::TERM);
    assert_eq!(tty.ends(), 143);
    tty.is_as_before();
}

#[test]
fn no_key_is_lost_however_fast_they_come() {
    let mut demo = Demo::new(80, 24);
    demo.tty.press(&"j".repeat(3_000));
    demo.tty.press("?");
    demo.tty
        .wait_for("the help", |s| s.contains("Keys that work now"));
    demo.tty.press("qq");
    assert_eq!(demo.tty.ends(), 0);
}
