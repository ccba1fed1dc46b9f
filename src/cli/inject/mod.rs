//! `holdline inject`: events for queues, sent from the command line.
//!
//! * `flags`: one flag per parameter, made from the one table of them
//! * `one`: a single event, and what the vendor says to it

pub mod flags;
mod one;

pub use one::run;
