//! By what numbers the world knows its calls and agents.

/// A call's number in the world, in order of arrival.
pub type CallNo = u64;

/// Which of the world's agents.
pub type AgentNo = usize;
