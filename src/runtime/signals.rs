//! What is said from outside: SIGTERM, SIGHUP, SIGINT and SIGQUIT end us;
//! SIGTSTP, SIGCONT and SIGWINCH are about the terminal.

use std::io;

use rustix::process::{Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process};
use tokio::{
    signal::unix::{self, SignalKind, signal},
    sync::mpsc,
};

use super::leaving;

/// The signals that end us, listened to from the start. From the first one on
/// the program has two seconds, even if nobody waits for it here.
pub struct Endings(mpsc::Receiver<i32>);

impl Endings {
    /// Starts listening, on the current tokio runtime.
    pub fn listen() -> io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut quit = signal(SignalKind::quit())?;
        let (tell, told) = mpsc::channel(1);
        tokio::spawn(async move {
            let kind = tokio::select! {
                _ = terminate.recv() => SignalKind::terminate(),
                _ = hangup.recv() => SignalKind::hangup(),
                _ = interrupt.recv() => SignalKind::interrupt(),
                _ = quit.recv() => SignalKind::quit(),
            };
            leaving::by_all_means(exit_code(kind.as_raw_value()));
            let _ = tell.send(kind.as_raw_value()).await;
        });
        Ok(Self(told))
    }

    /// Waits for one; answers its number.
    pub async fn next(&mut self) -> i32 {
        match self.0.recv().await {
            Some(signal) => signal,
            // It was told before: leaving is under way.
            None => std::future::pending().await,
        }
    }
}

/// The exit code of a process ended by a signal: 128 and its number.
#[must_use]
pub fn exit_code(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(255)
}

/// What the shell and the terminal say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The terminal has another size.
    Resized,
    /// We are to stop until told to go on.
    Stop,
    /// We go on.
    GoOn,
}

/// Signals about the terminal, listened to from the start.
pub struct Shell {
    resized: unix::Signal,
    stop: unix::Signal,
    go_on: unix::Signal,
}

impl Shell {
    /// Starts listening.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            stop: signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
        })
    }

    /// Waits for the next.
    pub async fn next(&mut self) -> Said {
        tokio::select! {
            biased;
            _ = self.stop.recv() => Said::Stop,
            _ = self.go_on.recv() => Said::GoOn,
            _ = self.resized.recv() => Said::Resized,
        }
    }
}

/// Whether a shell started us as a job, which it can make go on: it gives each
/// job a group of its own. As in the kernel, nobody stops the group of the
/// session's leader.
#[must_use]
pub fn is_job() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops this process, as SIGTSTP would if nobody listened to it. Returns when
/// it goes on.
pub fn stop() {
    let _ = kill_process(getpid(), Signal::STOP);
}

/// Does what Ctrl-Z does in a terminal that is not raw: asks the whole job to
/// stop, the shell's other end of a pipe included.
pub fn ask_to_stop() {
    let _ = kill_current_process_group(Signal::TSTP);
}
