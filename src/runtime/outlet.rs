//! Where frames go: a thread that writes one at a time. A slow line makes frames
//! fewer, never late, and keys stay quick: the next frame waits until the last
//! one was read at the line's other end, where that is told ([`Receipts`]), and
//! else until it is thought to be ([`Pace`]).

use std::{
    io::{self, PipeReader, PipeWriter, Read, Write, pipe},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
    time::{ClockId, clock_gettime},
};
use tokio::sync::Notify;

use super::{
    pace::{Pace, Wrote},
    receipts::Receipts,
    unread::{Unread, Written},
};

/// Who hears of nothing until a frame was read was kept from running, at least
/// for so long: the system's and a reader's turn.
const A_READER_TAKES: Duration = Duration::from_micros(10);

/// Where frames go. Clones are the same.
#[derive(Clone)]
pub struct Outlet {
    frames: SyncSender<Vec<u8>>,
    line: Arc<Line>,
    /// Calls the thread from waiting for receipts to the next frame.
    bell: Option<Arc<PipeWriter>>,
}

#[derive(Default)]
struct Line {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    way: Way,
    unread: Unread,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Way {
    #[default]
    Free,
    Busy,
    Gone,
}

impl Outlet {
    /// Starts the thread; nobody tells what was read.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(out: impl Write + Send + 'static) -> io::Result<Self> {
        Self::with(out, None, None)
    }

    /// Starts the thread; what was read is told by `receipts`, those of the
    /// terminal that is written to.
    ///
    /// # Errors
    /// The system has no thread or no pipe left.
    pub fn told_by(receipts: Receipts, out: impl Write + Send + 'static) -> io::Result<Self> {
        let (calls, bell) = pipe()?;
        Self::with(out, Some(Ear { receipts, calls }), Some(Arc::new(bell)))
    }

    fn with(
        out: impl Write + Send + 'static,
        ear: Option<Ear>,
        bell: Option<Arc<PipeWriter>>,
    ) -> io::Result<Self> {
        let (frames, incoming) = sync_channel(1);
        let line = Arc::<Line>::default();
        let mut writer = Writer {
            out,
            incoming,
            line: line.clone(),
            ear,
            pace: Pace::default(),
        };
        thread::Builder::new()
            .name("screen".into())
            .spawn(move || while writer.writes_one() {})?;
        Ok(Self { frames, line, bell })
    }

    /// Whether a frame can be given now: none is being written.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.line.way() == Way::Free
    }

    /// Whether all was read, as far as is told.
    #[must_use]
    pub fn is_read(&self) -> bool {
        !self.line.state().unread.is_any()
    }

    /// Until when no frame should be given, as it would come late: what is
    /// written was not read. `asked`: somebody waits for it.
    #[must_use]
    pub fn holds_until(&self, asked: bool) -> Option<Instant> {
        self.line.state().unread.holds_until(asked)
    }

    /// Waits until a frame can be given, or nobody is there any more: then
    /// `false`.
    pub async fn free(&self) -> bool {
        loop {
            let changed = self.line.changed.notified();
            match self.line.way() {
                Way::Free => return true,
                Way::Gone => return false,
                Way::Busy => changed.await,
            }
        }
    }

    /// Waits until all was read.
    pub async fn read(&self) {
        loop {
            let changed = self.line.changed.notified();
            if self.is_read() {
                return;
            }
            changed.await;
        }
    }

    /// Gives a frame.
    ///
    /// # Errors
    /// The last one is still being written, or nobody is there any more.
    pub(super) fn give(&self, frame: Vec<u8>) -> io::Result<()> {
        self.line.state().way = Way::Busy;
        self.frames
            .try_send(frame)
            .map_err(|refused| match refused {
                TrySendError::Full(_) => {
                    io::Error::other("a frame was drawn before the last was written")
                }
                TrySendError::Disconnected(_) => io::ErrorKind::BrokenPipe.into(),
            })?;
        self.bell
            .as_deref()
            .map_or(Ok(()), |mut bell| bell.write_all(&[0]))
    }
}

/// The thread's side.
struct Writer<W> {
    out: W,
    incoming: Receiver<Vec<u8>>,
    line: Arc<Line>,
    ear: Option<Ear>,
    pace: Pace,
}

impl<W: Write> Writer<W> {
    /// Waits for a frame and writes it; `false` when there will be no more.
    fn writes_one(&mut self) -> bool {
        if let Some(ear) = &mut self.ear {
            ear.listen(&self.line);
        }
        let Ok(frame) = self.incoming.recv() else {
            return false;
        };
        let began = Stopwatch::start();
        let Ok(wrote) = write(&mut self.out, &frame) else {
            self.line.set(Way::Gone);
            return true;
        };
        if let Some(ear) = &self.ear {
            // The writing itself looks like a receipt, and hides a real one.
            let _ = ear.receipts.came();
            self.line.state().unread.wrote(Written {
                bytes: wrote.bytes,
                at: wrote.ended,
                is_sure: began.kept_waiting() < A_READER_TAKES,
            });
        }
        let rest = self.pace.wrote(wrote);
        if !rest.is_zero() {
            thread::sleep(rest);
        }
        self.line.set(Way::Free);
        true
    }
}

/// For how long this thread did not run.
struct Stopwatch {
    wall: Instant,
    ran: Duration,
}

impl Stopwatch {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            ran: ran(),
        }
    }

    fn kept_waiting(&self) -> Duration {
        let ran = ran().saturating_sub(self.ran);
        self.wall.elapsed().saturating_sub(ran)
    }
}

/// For how long this thread has run.
fn ran() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// Hears what was read, and when the next frame is there.
struct Ear {
    receipts: Receipts,
    calls: PipeReader,
}

impl Ear {
    /// Listens for receipts until it is called.
    fn listen(&mut self, line: &Line) {
        loop {
            let mut both = [
                PollFd::new(&self.calls, PollFlags::IN),
                PollFd::new(&self.receipts, PollFlags::IN),
            ];
            // An old receipt is none of the next frame.
            let expected = if line.state().unread.is_any() { 2 } else { 1 };
            match poll(&mut both[..expected], None) {
                Ok(_) | Err(Errno::INTR) => {}
                // Then frames are waited for without receipts.
                Err(_) => return,
            }
            let (called, told) = (!both[0].revents().is_empty(), !both[1].revents().is_empty());
            if told && self.receipts.came() {
                line.state().unread.was_read(Instant::now());
                line.changed.notify_one();
            }
            if called {
                // Nobody calls any more: there will be no frame either.
                let _ = self.calls.read(&mut [0]);
                return;
            }
        }
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
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn way(&self) -> Way {
        self.state().way
    }

    fn set(&self, way: Way) {
        self.state().way = way;
        self.changed.notify_one();
    }
}
