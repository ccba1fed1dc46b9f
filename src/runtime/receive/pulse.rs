//! Until when a connection may go on as it does: a new one must say what it
//! wants, a head must come to its end, an answer must be read. Shared between
//! the connection's socket, its requests and who watches it.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
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
    /// The deadline moved nearer: who sleeps until the old one must know.
    hastened: Notify,
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
            limits,
            state: Mutex::new(State {
                doing: Doing::Beginning,
                since: Instant::now(),
                stalled: None,
                requests: 0,
            }),
            evicted: Notify::new(),
            hastened: Notify::new(),
        }
    }

    /// When it has gone on for too long.
    #[must_use]
    pub fn until(&self) -> Instant {
        self.state().until(&self.limits)
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
        self.change(|state| {
            state.requests = state.requests.saturating_add(1);
            state.to(Doing::Working);
            state.requests < self.limits.requests
        })
    }

    /// The request is done.
    pub fn rests(&self) {
        self.change(|state| state.to(Doing::Resting));
    }

    /// Makes room for others.
    pub fn evict(&self) {
        self.evicted.notify_one();
    }

    /// Waits until it has to make room.
    pub async fn evicted(&self) {
        self.evicted.notified().await;
    }

    /// Waits until the deadline is nearer than it was.
    pub async fn hastened(&self) {
        self.hastened.notified().await;
    }

    fn heard(&self) {
        self.change(|state| {
            if state.doing == Doing::Resting {
                state.to(Doing::Beginning);
            }
        });
    }

    fn wrote(&self, all: bool) {
        self.change(|state| {
            if all {
                state.stalled = None;
            } else if state.stalled.is_none() {
                state.stalled = Some(Instant::now());
            }
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let before = state.until(&self.limits);
        let made = change(&mut state);
        if state.until(&self.limits) < before {
            self.hastened.notify_one();
        }
        made
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

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.pulse.wrote(wrote.is_ready());
        wrote
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
