//! The peer for bytes: the same screens, written by ratatui's own terminal and
//! backend.

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
    backend::CrosstermBackend,
    layout::{Position, Rect, Size},
};

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

    /// Draws; answers bytes and write calls.
    pub fn frame(&mut self, state: &State) -> io::Result<(usize, usize)> {
        self.terminal.draw(|frame| ui::draw(state, frame))?;
        let take = |count: &AtomicUsize| count.swap(0, Ordering::Relaxed);
        Ok((take(&self.line.bytes), take(&self.line.writes)))
    }
}

/// Counts bytes, and how often standard output, which gathers lines, would
/// have been written to by flushing.
#[derive(Clone, Default)]
struct Counting {
    bytes: Arc<AtomicUsize>,
    writes: Arc<AtomicUsize>,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
