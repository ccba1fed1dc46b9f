//! Frames on their way: one write each, as one update; none without a change;
//! a slow line makes them fewer, never late.

use std::{
    io::{self, Write},
    sync::mpsc::{Receiver, Sender, channel},
};

use holdline::{
    app::{Msg, State, update},
    domain::{board::Board, time::At},
    runtime::{outlet::Outlet, screen::Screen, terminal::ENTER},
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// A line on which a write takes until it is let through.
struct SlowLine {
    written: Sender<Vec<u8>>,
    let_through: Receiver<()>,
}

impl Write for SlowLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.send(bytes.to_vec()).ok();
        self.let_through.recv().map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Fixture {
    state: State,
    screen: Screen,
    outlet: Outlet,
    written: Receiver<Vec<u8>>,
    let_through: Sender<()>,
}

impl Fixture {
    fn new() -> Self {
        let size = Size::new(80, 24);
        let start = At(1_772_460_207_000);
        let (tell, written) = channel();
        let (let_through, go) = channel();
        let outlet = Outlet::start(SlowLine {
            written: tell,
            let_through: go,
        })
        .unwrap();
        Self {
            state: State::new(vec![], Board::new(TimeZone::UTC), start, size),
            screen: Screen::new(size, outlet.clone(), ENTER).unwrap(),
            outlet,
            written,
            let_through,
        }
    }

    fn second_passes(&mut self) {
        let later = self.state.now.shift(1_000);
        update(&mut self.state, Msg::Clock(later));
    }

    /// As the loop does: only while the line is free.
    fn draw(&mut self) -> bool {
        let free = self.outlet.is_free();
        if free {
            self.screen.draw(&self.state).unwrap();
        }
        free
    }

    /// The frame that is being written, let through.
    async fn frame(&mut self) -> Vec<u8> {
        let frame = self.written.recv().unwrap();
        self.let_through.send(()).unwrap();
        assert!(self.outlet.free().await);
        frame
    }
}

#[tokio::test]
async fn a_frame_is_one_write_and_one_update() {
    let mut line = Fixture::new();
    for i in 0..5 {
        line.draw();
        let frame = line.frame().await;
        let before = if i == 0 { ENTER } else { b"" };
        assert!(frame.starts_with(&[before, BEGIN].concat()), "{i}");
        assert!(frame.ends_with(END), "{i}");
        let begins = frame.windows(BEGIN.len()).filter(|w| *w == BEGIN).count();
        assert_eq!(begins, 1, "{i}");
        line.second_passes();
    }
    assert!(line.written.try_recv().is_err(), "a frame in two writes");
}

#[tokio::test]
async fn nothing_is_written_when_nothing_changed() {
    let mut line = Fixture::new();
    line.draw();
    line.frame().await;
    for _ in 0..100 {
        assert!(line.draw(), "the line is busy with nothing");
    }
    assert!(line.written.try_recv().is_err());
}

#[tokio::test]
async fn a_resize_there_and_back_draws_everything_again() {
    let mut line = Fixture::new();
    line.draw();
    let first = line.frame().await;
    line.screen.anew();
    line.draw();
    let again = line.frame().await;
    assert_eq!([ENTER, &again].concat(), first);
}

#[tokio::test]
async fn a_slow_line_makes_frames_fewer_not_late() {
    let mut line = Fixture::new();
    let mut emulator = vt100::Parser::new(24, 80, 0);
    assert!(line.draw());
    // An hour in which nothing gets through.
    for _ in 0..3_600 {
        line.second_passes();
        assert!(!line.draw(), "a frame was queued");
    }
    emulator.process(&line.frame().await);
    assert!(emulator.screen().contents().contains("14:03:27"));
    assert!(line.draw());
    emulator.process(&line.frame().await);
    assert!(emulator.screen().contents().contains("15:03:27"));
    assert!(line.written.try_recv().is_err(), "an old frame was queued");
}

#[tokio::test]
async fn a_line_that_breaks_is_told() {
    let mut line = Fixture::new();
    line.draw();
    line.written.recv().unwrap();
    drop(line.let_through);
    assert!(!line.outlet.free().await);
}
