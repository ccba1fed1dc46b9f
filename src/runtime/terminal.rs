//! The terminal guard. Whatever ends the console, the terminal is left as it
//! was: termios, alternate screen, cursor, paste mode. The way back is
//! prepared before the first change.

use std::{
    io::{self, IsTerminal, Write},
    panic,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// Alternate screen, no cursor, pasted text marked as such.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// All of it back; ends a frame that was cut off, too.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// The terminal as it was, while it is ours.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);
/// Whether the first panic is being told already.
static PANICKING: AtomicBool = AtomicBool::new(false);

/// The exit code of a program that met its own mistake.
pub const PANICKED: i32 = 101;

/// Holds the terminal; gives it back when dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal: raw, alternate screen, cursor hidden.
    ///
    /// # Errors
    /// Standard input or output is no terminal, or it cannot be set up.
    pub fn take() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other(
                "this needs a terminal on standard input and output",
            ));
        }
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        *saved() = Some(before);
        let guard = Self(());
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw)?;
        write_all(ENTER)?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back. May be called from anywhere, any number of times.
pub fn restore() {
    let Some(before) = saved().take() else { return };
    // The line's settings first: they need nobody to read what we write.
    let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &before);
    let _ = write_all(LEAVE);
}

/// Whether the terminal is ours now.
#[must_use]
pub fn is_taken() -> bool {
    saved().is_some()
}

fn saved() -> MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// From now on a panic in any thread or task restores the terminal, logs what
/// happened, says so in one sentence, and ends the program: a console that
/// goes on with half of its tasks would show what is no longer true.
pub fn end_on_panic(log: Option<std::path::PathBuf>) {
    panic::set_hook(Box::new(move |info| {
        if PANICKING.swap(true, Ordering::SeqCst) {
            return;
        }
        restore();
        tracing::error!("panic: {info}");
        let place = info
            .location()
            .map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        let log = log.as_ref().map_or_else(String::new, |l| {
            format!("; the log {} has the details", l.display())
        });
        let _ = writeln!(
            io::stderr(),
            "holdline met a mistake of its own{place} and stopped; nothing on record is lost{log}"
        );
        std::process::exit(PANICKED);
    }));
}
