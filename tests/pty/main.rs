//! The real program in a pseudo-terminal, as people and machines treat it:
//! drawn, resized, ended in every way, cut off, unplugged, started again. Its
//! screen is read by a terminal emulator that answers no query.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bell;
mod clipboard;
mod drawing;
mod endings;
mod frames;
mod hostile;
mod inject;
mod life;
mod moments;
mod program;
mod refusals;
mod remembered;
mod restored;
#[path = "../faults/sizes.rs"]
mod sizes;
mod slow_line;
mod suspend;
mod tty;
