//! The way to the terminal: one write per frame, as one synchronized update,
//! and none when nothing changed. Writing is done on a thread of its own: a
//! slow line makes frames fewer, never late, and keys stay quick.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Rect, Size},
};
use tokio::sync::Notify;

use crate::{app::State, ui};

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// The screen.
pub struct Screen {
    terminal: Terminal<Frames>,
    /// Whether the next frame takes nothing for granted.
    anew: bool,
}

impl Screen {
    /// A screen of this size whose frames go to `out`, the first one behind
    /// `enter`.
    pub fn new(size: Size, out: Outlet, enter: &'static [u8]) -> io::Result<Self> {
        let viewport = Viewport::Fullscreen;
        let frames = Frames::new(size, out, enter);
        Ok(Self {
            terminal: Terminal::with_options(frames, TerminalOptions { viewport })?,
            anew: true,
        })
    }

    /// The next frame draws everything: what the terminal shows is not known.
    /// One that changed its size twice may have its old size, but cut lines.
    pub fn anew(&mut self) {
        self.anew = true;
    }

    /// Draws the state. Call only while the outlet is free.
    pub fn draw(&mut self, state: &State) -> io::Result<()> {
        self.terminal.backend_mut().size = state.size;
        if std::mem::take(&mut self.anew) {
            // Not `clear`, which asks the terminal for its cursor.
            self.terminal
                .resize(Rect::from((Position::ORIGIN, state.size)))?;
        }
        self.terminal.draw(|frame| ui::draw(state, frame))?;
        Ok(())
    }
}

/// Where frames go: a thread that writes one at a time.
#[derive(Clone)]
pub struct Outlet {
    frames: SyncSender<Vec<u8>>,
    line: Arc<Line>,
}

#[derive(Default)]
struct Line {
    state: Mutex<LineState>,
    changed: Notify,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum LineState {
    #[default]
    Free,
    Busy,
    Gone,
}

impl Outlet {
    /// Starts the thread.
    pub fn start(mut out: impl Write + Send + 'static) -> io::Result<Self> {
        let (frames, incoming) = sync_channel::<Vec<u8>>(1);
        let line = Arc::<Line>::default();
        let told = line.clone();
        thread::Builder::new()
            .name("screen".into())
            .spawn(move || {
                for frame in incoming {
                    let wrote = out.write_all(&frame).and_then(|()| out.flush());
                    told.set(if wrote.is_ok() {
                        LineState::Free
                    } else {
                        LineState::Gone
                    });
                }
            })?;
        Ok(Self { frames, line })
    }

    /// Whether a frame can be given now.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.line.get() == LineState::Free
    }

    /// Waits until a frame can be given, or nobody is there any more: then
    /// `false`.
    pub async fn free(&self) -> bool {
        loop {
            let changed = self.line.changed.notified();
            match self.line.get() {
                LineState::Free => return true,
                LineState::Gone => return false,
                LineState::Busy => changed.await,
            }
        }
    }

    fn give(&self, frame: Vec<u8>) -> io::Result<()> {
        self.line.set(LineState::Busy);
        self.frames
            .try_send(frame)
            .map_err(|refused| match refused {
                TrySendError::Full(_) => {
                    io::Error::other("a frame was drawn before the last was written")
                }
                TrySendError::Disconnected(_) => io::ErrorKind::BrokenPipe.into(),
            })
    }
}

impl Line {
    fn get(&self) -> LineState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: LineState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.changed.notify_one();
    }
}

/// Gathers a frame's bytes. The cursor stays hidden and is never asked for: a
/// terminal that answers no query cannot stall us.
struct Frames {
    inner: CrosstermBackend<Gathered>,
    gathered: Gathered,
    size: Size,
    out: Outlet,
    /// What the next frame stands behind.
    before: &'static [u8],
}

#[derive(Clone, Default)]
struct Gathered(Arc<Mutex<Vec<u8>>>);

impl Gathered {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Frames {
    fn new(size: Size, out: Outlet, before: &'static [u8]) -> Self {
        let gathered = Gathered::default();
        Self {
            inner: CrosstermBackend::new(gathered.clone()),
            gathered,
            size,
            out,
            before,
        }
    }
}

impl Backend for Frames {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        // Stock crossterm resets colours even where no cell changed.
        if content.peek().is_none() {
            return Ok(());
        }
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, _: P) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        let drawn = self.gathered.take();
        if drawn.is_empty() {
            return Ok(());
        }
        let before = std::mem::take(&mut self.before);
        self.out
            .give([before, BEGIN_UPDATE, &drawn, END_UPDATE].concat())
    }
}
