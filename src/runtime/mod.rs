//! The only place that spawns, sleeps and reads the clock.
//!
//! * [`console`]: the loop: keys, news, ticks and frames
//! * [`collect`]: takes the collector's role and paces its questions
//! * [`terminal`]: the guard: the terminal is left as it was, whatever happens
//! * [`screen`]: one write per frame, none when nothing changed
//! * [`hangup`]: notices a terminal that is gone
//! * [`signals`]: what asks us to stop
//! * [`clock`], [`log`]

pub mod clock;
pub mod collect;
pub mod console;
pub mod hangup;
pub mod log;
pub mod screen;
pub mod signals;
pub mod terminal;
