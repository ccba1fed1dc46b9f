//! Keys, read on a thread of their own. crossterm waits inside a sequence
//! that is cut off, and spins on a terminal that is gone; here neither holds a
//! frame or a signal up.

use std::{
    io::{self, PipeReader, PipeWriter, pipe},
    thread,
    time::Duration,
};

use ratatui::crossterm::event::{self, Event};
use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
    stdio::stdin,
};
use tokio::sync::mpsc;

/// Keys that wait; the terminal keeps what comes beyond.
const WAITING: usize = 64;
/// For asking crossterm what there is: at 0 it does not look at all, and below
/// a millisecond it looks again and again until that time is over.
const AT_ONCE: Duration = Duration::from_micros(50);

/// What is typed. Dropping it ends the reading.
pub struct Keys {
    events: mpsc::Receiver<Event>,
    /// Its end tells the thread to stop.
    _stop: PipeWriter,
}

impl Keys {
    /// Starts reading from standard input.
    pub fn read() -> io::Result<Self> {
        let (tell, events) = mpsc::channel(WAITING);
        let (stopped, stop) = pipe()?;
        thread::Builder::new()
            .name("keys".into())
            .spawn(move || while has_input(&stopped) && pass_on(&tell) {})?;
        Ok(Self {
            events,
            _stop: stop,
        })
    }

    /// Waits for the next event; `None` when there will be no more. Nothing is
    /// lost if the wait is given up.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }
}

/// Waits until there is something to read; `false` if there will not be.
fn has_input(stopped: &PipeReader) -> bool {
    let stdin = stdin();
    let mut both = [
        PollFd::new(&stdin, PollFlags::IN),
        PollFd::new(stopped, PollFlags::IN),
    ];
    loop {
        match poll(&mut both, None) {
            // Anything but input means that the terminal is gone.
            Ok(_) => return both[1].revents().is_empty() && both[0].revents() == PollFlags::IN,
            Err(Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Passes on what can be read now; `false` if nobody listens any more.
fn pass_on(tell: &mpsc::Sender<Event>) -> bool {
    while has_event() {
        let passed = event::read().is_ok_and(|event| tell.blocking_send(event).is_ok());
        if !passed {
            return false;
        }
    }
    true
}

/// Whether crossterm has an event, or can read one now. It is asked twice: one
/// that it has read already shows itself to nobody else, and a thread that had
/// to wait for the processor meanwhile was not answered.
fn has_event() -> bool {
    (0..2).any(|_| event::poll(AT_ONCE).unwrap_or(false))
}
