//! Until when a connection may go on as it does: a new one must say what it
//! wants, a head must come to its end, an answer must be read. Shared between
//! the connection's socket, its requests and who watches it.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::Notify,
    time::Instant,
};

use super::limits::Limits;

/// The pulse of one connection.
#[derive(Debug)]
pub struct Pulse {
    limits: Arc<Limits>,
    state: Mutex<State>,
    evicted: Notify,
    /// No deadline is ever set nearer than this.
    shortest: Duration,
}

#[derive(Debug)]
struct State {
    doing: Doing,
    /// Since when.
    since: Instant,
    /// Since when an answer waits to be read.
    stalled: Option<Instant>,
    requests: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// A head is to come, and must.
    Beginning,
    /// A head may come.
    Resting,
    /// A request is under way.
    Working,
}

/// How well a connection could be spared; the greatest first.
pub type Spare = (bool, std::cmp::Reverse<Instant>);

impl Pulse {
    /// A new connection.
    #[must_use]
    pub fn new(limits: Arc<Limits>) -> Self {
        Self {
            shortest: limits.head.min(limits.write).min(limits.idle),
            limits,
            state: Mutex::new(State {
                doing: Doing::Beginning,
                since: Instant::now(),
                stalled: None,
                requests: 0,
            }),
            evicted: Notify::new(),
        }
    }

    /// When to look at it again: its deadline, or before any that is set
    /// meanwhile. So no request need wake who watches.
    #[must_use]
    pub fn look(&self) -> Instant {
        let until = self.state().until(&self.limits);
        until.min(Instant::now() + self.shortest)
    }

    /// Whether it has gone on for too long.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.state().until(&self.limits) <= Instant::now()
    }

    /// How well it could be spared; `None` while a request is under way. Who
    /// never sent one goes first, then who rests the longest.
    #[must_use]
    pub fn spare(&self) -> Option<Spare> {
        let state = self.state();
        (state.doing != Doing::Working)
            .then(|| (state.requests == 0, std::cmp::Reverse(state.since)))
    }

    /// A head has come; whether the connection may go on after it.
    pub fn works(&self) -> bool {
        let mut state = self.state();
        state.requests = state.requests.saturating_add(1);
        state.to(Doing::Working);
        state.requests < self.limits.requests
    }

    /// The request is done.
    pub fn rests(&self) {
        self.state().to(Doing::Resting);
    }

    /// Makes room for others.
    pub fn evict(&self) {
        self.evicted.notify_one();
    }

    /// Waits until it has to make room.
    pub async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn heard(&self) {
        let mut state = self.state();
        if state.doing == Doing::Resting {
            state.to(Doing::Beginning);
        }
    }

    fn wrote(&self, all: bool) {
        let mut state = self.state();
        if all {
            state.stalled = None;
        } else if state.stalled.is_none() {
            state.stalled = Some(Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn until(&self, limits: &Limits) -> Instant {
        let Limits {
            head,
            body,
            store,
            write,
            idle,
            ..
        } = *limits;
        let until = match self.doing {
            Doing::Beginning => self.since + head,
            Doing::Resting => self.since + idle,
            // Each part has its own deadline and an answer; this one only
            // sees to it that nothing is for ever.
            Doing::Working => self.since + body + store + write,
        };
        let read = self.stalled.map(|since| since + write);
        read.map_or(until, |read| read.min(until))
    }

    fn to(&mut self, doing: Doing) {
        self.doing = doing;
        self.since = Instant::now();
    }
}

/// A socket that tells the pulse what goes on.
pub struct Line {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl Line {
    /// The socket of a connection.
    #[must_use]
    pub fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.pulse.heard();
        }
        read
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.pulse.wrote(wrote.is_ready());
        wrote
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
