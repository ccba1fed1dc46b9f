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
    time::Instant,
};

use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::{Backend, ClearType, WindowSize},
    buffer::{Buffer, Cell},
    layout::{Position, Rect, Size},
};
use tokio::sync::Notify;

use super::{
    pace::{Pace, Wrote},
    pen,
};
use crate::{app::State, ui};

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// The screen.
pub struct Screen {
    /// What a frame is drawn on.
    easel: Terminal<Easel>,
    /// What the terminal shows once it has read all that was written.
    shown: Buffer,
    /// Whether the next frame takes nothing for granted.
    anew: bool,
    out: Outlet,
    /// What the next frame stands behind.
    before: Vec<u8>,
}

impl Screen {
    /// A screen of this size whose frames go to `out`, the first one behind
    /// `enter`.
    pub fn new(size: Size, out: Outlet, enter: &'static [u8]) -> io::Result<Self> {
        let area = Rect::from((Position::ORIGIN, size));
        let viewport = Viewport::Fixed(area);
        Ok(Self {
            easel: Terminal::with_options(Easel(size), TerminalOptions { viewport })?,
            shown: Buffer::empty(area),
            anew: true,
            out,
            before: enter.to_vec(),
        })
    }

    /// The next frame draws everything: what the terminal shows is not known.
    /// One that changed its size twice may have its old size, but cut lines.
    pub fn anew(&mut self) {
        self.anew = true;
    }

    /// What is no picture goes before the next frame: the bell, a text for
    /// the clipboard.
    pub fn say(&mut self, bytes: &[u8]) {
        self.before.extend_from_slice(bytes);
    }

    /// Draws the state. Call only while the outlet is free.
    pub fn draw(&mut self, state: &State) -> io::Result<()> {
        let area = Rect::from((Position::ORIGIN, state.size));
        if self.shown.area != area {
            self.easel.backend_mut().0 = state.size;
            self.easel.resize(area)?;
            self.shown.resize(area);
            self.anew = true;
        }
        ui::draw(state, &mut self.easel.get_frame());
        let next = self.easel.current_buffer_mut();
        let mut frame = Vec::new();
        if std::mem::take(&mut self.anew) {
            self.shown.reset();
            frame.extend(pen::CLEAR);
        }
        frame.extend(pen::paint(&mut self.shown, next));
        std::mem::swap(&mut self.shown, next);
        next.reset();
        let mut bytes = std::mem::take(&mut self.before);
        if !frame.is_empty() {
            bytes.extend([BEGIN_UPDATE, &frame, END_UPDATE].concat());
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.give(bytes)
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
                let mut pace = Pace::default();
                for frame in incoming {
                    let Ok(wrote) = write(&mut out, &frame) else {
                        told.set(LineState::Gone);
                        continue;
                    };
                    let rest = pace.wrote(wrote);
                    if !rest.is_zero() {
                        thread::sleep(rest);
                    }
                    told.set(LineState::Free);
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

/// Writes a frame. A write that takes a part of it has met a full line; where
/// writes wait in the system, none is ever told to be full.
fn write(out: &mut impl Write, frame: &[u8]) -> io::Result<Wrote> {
    let (mut rest, mut full) = (frame, None);
    while !rest.is_empty() {
        match out.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(wrote) => rest = &rest[wrote..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if !rest.is_empty() && full.is_none() {
            full = Some((Instant::now(), rest.len()));
        }
    }
    out.flush()?;
    Ok(Wrote {
        bytes: frame.len(),
        full,
        ended: Instant::now(),
    })
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

/// A terminal that is only drawn for: ratatui gives frames to nobody else. It
/// is never asked for its cursor: a real one that answers no query would stall
/// us.
struct Easel(Size);

impl Backend for Easel {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, _: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        Ok(())
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
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.0)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.0,
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
