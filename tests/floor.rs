//! What holds for agents, calls and their callers on the board, whatever
//! comes, however often, in whatever order.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "floor/agents.rs"]
mod agents;
#[path = "floor/calls.rs"]
mod calls;
#[path = "floor/histories.rs"]
mod histories;
#[path = "floor/play.rs"]
mod play;
#[path = "floor/records.rs"]
mod records;
#[path = "floor/suspects.rs"]
mod suspects;
