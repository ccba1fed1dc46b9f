//! The terminal guard. Whatever ends the console, the terminal is left as it
//! was: termios, alternate screen, cursor, paste mode. The way back is
//! prepared before the first change.

use std::{
    io::{self, IsTerminal, Write},
    panic,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use ratatui::layout::Size;
use rustix::{
    process::getpgrp,
    stdio::{stdin, stdout},
    termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr},
};

use super::{leaving, line::Line};
use crate::domain::text::clean;

/// Alternate screen, no cursor, pasted text marked as such. The first frame
/// begins with it.
pub const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// The first of it, which on a screen that is the other one already does no
/// harm; without it, leaving that would put the cursor where it never was.
/// Colours go first: some terminals keep those of this moment for the way back.
const OTHER_SCREEN: &[u8] = b"\x1b[0m\x1b[?1049h";
/// All of it back; ends a frame that was cut off, too.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// The terminal as it was, while it is ours.
static TAKEN: Mutex<Option<Taken>> = Mutex::new(None);
/// Whether the first panic is being told already.
static PANICKING: AtomicBool = AtomicBool::new(false);

/// The exit code of a program that met its own mistake.
pub const PANICKED: u8 = 101;

struct Taken {
    before: Termios,
    line: Line,
}

/// Holds the terminal; gives it back when dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal: keys come raw from now on. What goes to the screen
    /// goes through the line, and begins with [`ENTER`].
    ///
    /// # Errors
    /// Standard input or output is no terminal, or it cannot be set up.
    pub fn take() -> io::Result<(Self, Line)> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other(
                "this needs a terminal on standard input and output",
            ));
        }
        let before = tcgetattr(stdin())?;
        let line = Line::open()?;
        let mut raw = before.clone();
        raw.make_raw();
        *taken() = Some(Taken {
            before,
            line: line.clone(),
        });
        let guard = Self(());
        tcsetattr(stdin(), OptionalActions::Now, &raw)?;
        Ok((guard, line))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back. May be called from any thread, any number of
/// times; whoever comes second waits until the first is done.
pub fn restore() {
    let mut taken = taken();
    let Some(Taken { before, line }) = taken.take() else {
        return;
    };
    // The settings first: they need nobody to read what we write.
    let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
    line.close(OTHER_SCREEN, LEAVE);
}

fn taken() -> MutexGuard<'static, Option<Taken>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The terminal's size; 80×24 where it does not say.
#[must_use]
pub fn size() -> Size {
    match tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size::new(size.ws_col, size.ws_row),
        _ => Size::new(80, 24),
    }
}

/// Whether the terminal would let us have it: a job in the background is
/// stopped when it tries.
///
/// # Errors
/// There is no terminal any more.
pub fn is_in_foreground() -> io::Result<bool> {
    Ok(tcgetpgrp(stdin())? == getpgrp())
}

/// From now on a panic in any thread or task restores the terminal, logs what
/// happened, says so in one sentence, and ends the program: a console that
/// goes on with half of its tasks would show what is no longer true.
pub fn end_on_panic(log: Option<PathBuf>) {
    panic::set_hook(Box::new(move |info| {
        if PANICKING.swap(true, Ordering::SeqCst) {
            return;
        }
        leaving::by_all_means(PANICKED);
        restore();
        tracing::error!("panic: {}", clean(&info.to_string()));
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
        std::process::exit(i32::from(PANICKED));
    }));
}
