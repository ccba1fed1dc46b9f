//! Leaving takes no longer than two seconds, whatever hangs; what may not be
//! on record by then is said on the way out.

use std::{
    io::{self, Write},
    process, thread,
    time::Duration,
};

use super::{recorder::Owed, terminal};

/// What is left of the two seconds for giving the terminal back.
const PATIENCE: Duration = Duration::from_millis(1_500);

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
        process::exit(i32::from(code));
    });
}

/// Says what is left to say, once the terminal is the shell's again.
pub fn say(last: Option<&str>) {
    if let Some(last) = last {
        tracing::error!("{last}");
        let _ = writeln!(io::stderr(), "holdline: {last}");
    }
}
