//! Debug builds only: a mistake on purpose, so that tests can see the terminal
//! survive one.

use std::thread;

/// Panics where `HOLDLINE_PANIC` says: in the `loop`, a `task` or a `thread`.
pub fn if_asked() {
    let oops = || panic!("a mistake on purpose");
    match std::env::var("HOLDLINE_PANIC").as_deref() {
        Ok("loop") => oops(),
        Ok("task") => drop(tokio::spawn(async move { oops() })),
        Ok("thread") => drop(thread::spawn(oops)),
        _ => {}
    }
}
