//! The peer for bytes: the same screens, written by ratatui's own terminal and
//! backend. And a list as it must not be drawn.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use holdline::{app::State, ui};
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::{CrosstermBackend, TestBackend},
    layout::{Constraint, Position, Rect, Size},
    widgets::{Row, Table},
};

use super::floor::Floor;

/// Stock ratatui on a line that counts.
pub struct Stock {
    terminal: Terminal<CrosstermBackend<Counting>>,
    line: Counting,
}

impl Stock {
    /// A screen of this size.
    pub fn new(size: Size) -> io::Result<Self> {
        let line = Counting::default();
        let viewport = Viewport::Fixed(Rect::from((Position::ORIGIN, size)));
        Ok(Self {
            terminal: Terminal::with_options(
                CrosstermBackend::new(line.clone()),
                TerminalOptions { viewport },
            )?,
            line,
        })
    }

    /// Draws; answers what was written.
    pub fn frame(&mut self, state: &State) -> io::Result<Written> {
        self.terminal.draw(|frame| ui::draw(state, frame))?;
        let take = |count: &AtomicUsize| count.swap(0, Ordering::Relaxed);
        Ok(Written {
            bytes: take(&self.line.bytes),
            pieces: take(&self.line.pieces),
        })
    }
}

/// What a frame was written as.
pub struct Written {
    /// How many bytes.
    pub bytes: usize,
    /// In how many pieces: without a buffer, so many write calls.
    pub pieces: usize,
}

/// A frame of a list whose rows are all handed to ratatui.
pub fn draws_all(floor: &mut Floor) {
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("it is memory");
    let waiting = &floor.state.callers.rows;
    let row =
        |row: &holdline::app::callers::Row| Row::new([row.id().to_string(), row.began.to_string()]);
    let table = Table::new(waiting.iter().map(row), [40, 40].map(Constraint::Length));
    let drawn = terminal.draw(|frame| frame.render_widget(table, frame.area()));
    drawn.expect("it is memory");
}

#[derive(Clone, Default)]
struct Counting {
    bytes: Arc<AtomicUsize>,
    pieces: Arc<AtomicUsize>,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        self.pieces.fetch_add(1, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
