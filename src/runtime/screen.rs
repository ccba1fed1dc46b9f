//! What the terminal shows: one write per frame, as one synchronized update,
//! and none when nothing changed.

use std::io;

use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::{Backend, ClearType, WindowSize},
    buffer::{Buffer, Cell},
    layout::{Position, Rect, Size},
};

use super::{outlet::Outlet, pen};
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
        let mut easel = Terminal::with_options(Easel(size), TerminalOptions { viewport })?;
        keep_one_picture(&mut easel);
        Ok(Self {
            easel,
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
            keep_one_picture(&mut self.easel);
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

/// Lets go of what ratatui would compare the next frame with: what is shown is
/// known here. A picture of a large screen takes half a megabyte.
fn keep_one_picture(easel: &mut Terminal<Easel>) {
    easel.swap_buffers();
    *easel.current_buffer_mut() = Buffer::default();
    easel.swap_buffers();
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
