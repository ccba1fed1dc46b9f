//! Leaving takes no longer than two seconds, whatever hangs; what may not be
//! on record by then is said on the way out.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use super::{recorder::Owed, terminal};

/// What is left of the two seconds for giving the terminal back.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// So long throwing things away may take, out of the rest.
const TIDYING: Duration = Duration::from_millis(300);

/// What goes with the program even where its owner has no time for it.
static THROWAWAY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// This folder goes with the program, even if what should remove it hangs. It
/// stays after a panic: its log has the story.
pub fn takes_along(folder: &Path) {
    *THROWAWAY.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder.to_owned());
}

/// The program ends with this code before long, even if what should end it
/// hangs.
pub fn by_all_means(code: u8) {
    owing(code, Owed::default());
}

/// The same where something may not be on record by then. A board that was not
/// saved is folded again at the next start; acts would be missed, and are told.
pub fn owing(code: u8, owed: Owed) {
    let waiting = thread::Builder::new().name("leaving".into());
    // Without a thread to spare, leaving takes as long as it takes.
    let _ = waiting.spawn(move || {
        thread::sleep(PATIENCE);
        terminal::restore();
        say(owed.words().as_deref());
        if code != terminal::PANICKED {
            tidy();
        }
        process::exit(i32::from(code));
    });
}

/// Removes what goes with the program. A disk may be what hangs: nobody waits
/// for it longer than there is time. Of two who leave, the other one waits too.
fn tidy() {
    let mut throwaway = THROWAWAY.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(folder) = throwaway.take() else {
        return;
    };
    let (removed, wait) = mpsc::channel::<()>();
    let removing = thread::Builder::new().name("tidying".into());
    let _ = removing.spawn(move || {
        let _ = fs::remove_dir_all(folder);
        drop(removed);
    });
    let _ = wait.recv_timeout(TIDYING);
}

/// Says what is left to say, once the terminal is the shell's again.
pub fn say(last: Option<&str>) {
    if let Some(last) = last {
        tracing::error!("{last}");
        let _ = writeln!(io::stderr(), "holdline: {last}");
    }
}
