//! Ways to the terminal that no program should take.

use std::{
    io::{self, Write},
    mem,
    sync::mpsc::{Sender, channel},
    thread,
};

/// Each piece is written by itself.
pub struct Unbuffered;

impl Write for Unbuffered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(rustix::stdio::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Frames are kept until the line has room for them, however many.
pub struct Queued {
    piece: Vec<u8>,
    frames: Sender<Vec<u8>>,
}

impl Queued {
    /// Starts the thread that writes.
    pub fn start() -> Self {
        let (frames, incoming) = channel::<Vec<u8>>();
        thread::spawn(move || {
            let mut out = io::stdout();
            for frame in incoming {
                if out.write_all(&frame).and_then(|()| out.flush()).is_err() {
                    return;
                }
            }
        });
        Self {
            piece: Vec::new(),
            frames,
        }
    }
}

impl Write for Queued {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = mem::take(&mut self.piece);
        self.frames.send(piece).map_err(io::Error::other)
    }
}
