//! The line to the terminal: bytes go out in order, and whoever gives the
//! terminal back has the last word, even while nobody reads at the other end.
//! Knows no frames.

use std::{
    io::{self, Write},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{Arc, Mutex, PoisonError, TryLockError},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags, open},
    io::{Errno, dup},
    stdio::stdout,
    termios::{QueueSelector, tcflush, tcgetsid, ttyname},
};

/// How long the last word may take.
const LAST_WORD: Duration = Duration::from_millis(250);
/// Between two tries while the line is full.
const TRY: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 10_000_000,
};
/// Between two looks whether the line was closed, while it is full.
const WAIT: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// The line. Clones are the same line.
#[derive(Clone, Debug)]
pub struct Line(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    terminal: OwnedFd,
    /// Held for one write call.
    said: Mutex<Said>,
}

#[derive(Debug, Default)]
struct Said {
    anything: bool,
    the_last: bool,
}

impl Line {
    /// A line to standard output's terminal.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn open() -> io::Result<Self> {
        Ok(Self::to(never_waiting().or_else(|_| dup(stdout()))?))
    }

    fn to(terminal: OwnedFd) -> Self {
        Self(Arc::new(Inner {
            terminal,
            said: Mutex::default(),
        }))
    }

    /// Says the last word, if anything was said: nothing is written after it.
    /// What nobody read until then is thrown away if it is in the way, and
    /// `first` said anew, which may have been among it.
    pub fn close(&self, first: &[u8], last: &[u8]) {
        let until = Instant::now() + LAST_WORD;
        let mut said = loop {
            match self.0.said.try_lock() {
                Ok(said) => break said,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                // A write that waits in the system: see `never_waiting`.
                Err(TryLockError::WouldBlock) if Instant::now() >= until => return,
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
            }
        };
        if std::mem::replace(&mut said.the_last, true) || !said.anything {
            return;
        }
        let again = [first, last].concat();
        let mut rest = last;
        while !rest.is_empty() && Instant::now() < until {
            match rustix::io::write(&self.0.terminal, rest) {
                Ok(wrote) => rest = rest.get(wrote..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let _ = tcflush(&self.0.terminal, QueueSelector::OFlush);
                    rest = &again;
                    self.wait_for_room(&TRY);
                }
                Err(_) => return,
            }
        }
    }

    fn wait_for_room(&self, patience: &Timespec) {
        let mut line = [PollFd::new(&self.0.terminal, PollFlags::OUT)];
        let _ = poll(&mut line, Some(patience));
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.terminal.as_fd()
    }
}

impl Write for Line {
    /// Waits while the line is full, until it is closed.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let wrote = {
                let mut said = self.0.said.lock().unwrap_or_else(PoisonError::into_inner);
                if said.the_last {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                let wrote = rustix::io::write(&self.0.terminal, bytes);
                said.anything |= wrote.is_ok();
                wrote
            };
            match wrote {
                Ok(wrote) => return Ok(wrote),
                Err(Errno::AGAIN) => self.wait_for_room(&WAIT),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens the terminal once more, so that writing to it never waits. The open
/// file that standard output is belongs to the shell, too: made non-blocking,
/// it would stay so after a `kill -9`. Where the terminal cannot be opened, a
/// write may wait in the system, and then the last word goes unsaid.
fn never_waiting() -> Result<OwnedFd, Errno> {
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    ttyname(stdout(), Vec::new())
        .and_then(|name| open(&name, flags, Mode::empty()))
        .or_else(|error| {
            // After `su` the name is somebody else's, but this one is ours.
            tcgetsid(stdout()).map_err(|_| error)?;
            open("/dev/tty", flags, Mode::empty())
        })
}
