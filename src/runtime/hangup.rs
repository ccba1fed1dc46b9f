//! Notices a terminal that is gone. Without this, reading keys from a dead
//! terminal would take a whole core for ever; SIGHUP alone does not come when
//! somebody else leads the session.

use std::{io, thread, time::Duration};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use tokio::sync::oneshot;

/// Between two looks.
const LOOK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 500_000_000,
};

/// Tells once when standard input's terminal is gone.
pub fn watch() -> io::Result<oneshot::Receiver<()>> {
    let (tell, told) = oneshot::channel();
    thread::Builder::new()
        .name("hangup".into())
        .spawn(move || {
            while !tell.is_closed() {
                if is_gone() {
                    let _ = tell.send(());
                    return;
                }
            }
        })?;
    Ok(told)
}

/// Waits a while for the terminal to go.
fn is_gone() -> bool {
    let stdin = rustix::stdio::stdin();
    // No event is asked for: these three are told anyway, and only these.
    let mut fds = [PollFd::from_borrowed_fd(stdin, PollFlags::empty())];
    match poll(&mut fds, Some(&LOOK)) {
        Ok(0) | Err(Errno::INTR) => false,
        Ok(_) => fds[0]
            .revents()
            .intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL),
        Err(_) => {
            // Never a busy loop, whatever the kernel thinks of our question.
            thread::sleep(Duration::from_millis(500));
            false
        }
    }
}
