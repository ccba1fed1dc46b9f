//! What holds for agents, calls and their callers on the board, whatever
//! comes, however often, in whatever order.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod agents;
mod calls;
mod histories;
mod play;
mod records;
mod suspects;
