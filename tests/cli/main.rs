//! The command line as scripts meet it: the real program against the
//! simulator and against servers that answer byte for byte as they are told.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod agents;
mod call;
mod callbacks;
mod callers;
mod canary;
mod collect;
mod config;
mod doctor;
mod events;
mod exchange;
mod faults;
mod filters;
mod help;
mod hooks;
mod inject;
mod inject_run;
mod inject_webhook;
mod office;
mod pages;
mod pbx;
mod program;
mod refusals;
mod simulate;
mod stub;
mod subscriptions;
mod terminal;
mod usage;
mod vendor;
