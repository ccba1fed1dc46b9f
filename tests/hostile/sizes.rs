//! Screens of every size, from one cell to more than any has (R10): drawn
//! whole, with nothing beside it, and left as it was found.
//! `HOLDLINE_SIZES` sizes are tried.

use holdline::app::{Msg, update};
use ratatui::layout::Size;

use crate::{
    screens::{Writer, console, drawn, open},
    terminal::foreign,
    words::{NASTIES, asked},
};

/// What is opened, in turn; the sheets and windows among them.
const SCRIPTS: [&str; 16] = [
    "", "1>", "1?", "1y", "1i", "1:", "1/x", "3", "3>", "3n", "3v", "4", "5", "5t", "H", "1 ",
];

#[test]
fn every_size_is_drawn_whole_and_with_nothing_beside_it() {
    let many = asked("HOLDLINE_SIZES", 150);
    let seed = asked("HOLDLINE_HOSTILE_SEED", 1) as u64;
    let mut random = fastrand::Rng::with_seed(seed);
    let strings: Vec<String> = NASTIES.iter().map(|&nasty| nasty.to_owned()).collect();
    for number in 0..many {
        let (width, height) = match number {
            0 => (1, 1),
            1 => (1_000, 500),
            2 => (1_000, 1),
            3 => (1, 500),
            // Small ones more often: there is least room for a mistake.
            n if n % 3 == 0 => (random.u16(1..=40), random.u16(1..=12)),
            n if n % 3 == 1 => (random.u16(1..=200), random.u16(1..=60)),
            _ => (random.u16(1..=1_000), random.u16(1..=500)),
        };
        let script = SCRIPTS[number % SCRIPTS.len()];
        let mut state = console(&strings);
        state.look.ascii = number % 2 == 1;
        // Opened in another size, as a window that is dragged.
        open(&mut state, script, "x");
        update(&mut state, Msg::Resize(Size::new(width, height)));
        let buffer = drawn(&state);
        assert_eq!((buffer.area.width, buffer.area.height), (width, height));
        let frame = Writer::new(Size::new(width, height)).frame(&state);
        let frame = String::from_utf8(frame).unwrap();
        assert_eq!(foreign(&frame), None, "{width}x{height}, {script:?}");
        let beyond = addressed(&frame).find(|(row, column)| *row > height || *column > width);
        assert_eq!(beyond, None, "{width}x{height}, {script:?}");
    }
    println!("R10: {many} cases");
}

/// Where a frame moves the cursor to: row and column, from 1.
fn addressed(frame: &str) -> impl Iterator<Item = (u16, u16)> {
    frame.split("\u{1b}[").skip(1).filter_map(|sequence| {
        let (place, _) = sequence.split_once('H')?;
        let (row, column) = place.split_once(';')?;
        Some((row.parse().ok()?, column.parse().ok()?))
    })
}

#[test]
fn control_one_who_writes_beside_the_screen_is_found_out() {
    let frame = "\u{1b}[1;1Hx\u{1b}[25;80Hy";
    assert!(addressed(frame).any(|(row, _)| row > 24));
}
