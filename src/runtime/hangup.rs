//! Notices a terminal that is gone. Without this, reading keys from a dead
//! terminal would take a whole core for ever; SIGHUP alone does not come when
//! somebody else leads the session.

use std::{
    io::{self, PipeReader, PipeWriter, pipe},
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    stdio::stdin,
};
use tokio::sync::oneshot;

/// Between two looks. Linux tells at once when the other end was closed, which
/// is how terminals go; of one that is taken away otherwise it may not.
const LOOK: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};

/// Watches standard input's terminal until it is dropped.
pub struct Hangup {
    told: oneshot::Receiver<()>,
    /// Its end tells the thread to stop.
    _stop: PipeWriter,
}

impl Hangup {
    /// Begins to watch.
    ///
    /// # Errors
    /// The system has no thread or no pipe left.
    pub fn watch() -> io::Result<Self> {
        let (tell, told) = oneshot::channel();
        let (stopped, stop) = pipe()?;
        thread::Builder::new()
            .name("hangup".into())
            .spawn(move || {
                if comes(&stopped) {
                    let _ = tell.send(());
                }
            })?;
        Ok(Self { told, _stop: stop })
    }

    /// Waits until the terminal is gone; call it no more after that.
    pub async fn come(&mut self) {
        let _ = (&mut self.told).await;
    }
}

/// Waits for the terminal to go; `false` where it is watched no more.
fn comes(stopped: &PipeReader) -> bool {
    let stdin = stdin();
    loop {
        // No event of the terminal is asked for: these three are told anyway,
        // and only these.
        let mut both = [
            PollFd::new(&stdin, PollFlags::empty()),
            PollFd::new(stopped, PollFlags::IN),
        ];
        match poll(&mut both, Some(&LOOK)) {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) if !both[1].revents().is_empty() => return false,
            Ok(_) => {
                let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
                if both[0].revents().intersects(gone) {
                    return true;
                }
            }
            // Never a busy loop, whatever the kernel thinks of our question.
            Err(_) => thread::sleep(Duration::from_millis(500)),
        }
    }
}
