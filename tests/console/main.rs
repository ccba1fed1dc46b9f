//! The console as a pure fold: key scripts in, states, commands and screens
//! out. No terminal, no clock, no network.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod activity;
mod agents;
mod callbacks;
mod calls;
mod copying;
mod dialling;
mod finding;
mod floor;
mod freezing;
mod health;
mod hearing;
mod inject;
mod looking;
mod news;
mod palette;
mod pushed_callers;
mod remembering;
mod screen;
mod screens;
mod subscribing;
mod update;
mod world;

/// The key that says yes to what goes outside.
const CONFIRM: &str = "y";
