//! By what numbers the team is known, and its calls.

/// Which of the office's people.
pub type MemberNo = usize;

/// A call's number in the office.
pub type CallNo = u64;
