//! Leaving takes no longer than two seconds, whatever hangs.

use std::{process, thread, time::Duration};

use super::terminal;

/// What is left of the two seconds for giving the terminal back.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The program ends with this code before long, even if what should end it
/// hangs. What was not saved by then is folded again at the next start.
pub fn by_all_means(code: u8) {
    let waiting = thread::Builder::new().name("leaving".into());
    // Without a thread to spare, leaving takes as long as it takes.
    let _ = waiting.spawn(move || {
        thread::sleep(PATIENCE);
        terminal::restore();
        process::exit(i32::from(code));
    });
}
