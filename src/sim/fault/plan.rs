//! What a request, or an event that is pushed, suffers.

use std::time::Duration;

use super::Fault;
use crate::domain::time::At;

/// What one request suffers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How late the answer comes.
    pub latency: Duration,
    /// How far the vendor's clock is ahead, ms.
    pub skew_ms: i64,
    /// What else goes wrong.
    pub fault: Option<Fault>,
}

/// What an event that is pushed suffers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PushPlan {
    /// How far the vendor's clock is ahead, ms.
    pub skew_ms: i64,
    /// How late it comes.
    pub delay: Duration,
    /// The next one overtakes it.
    pub held: bool,
    /// It comes twice.
    pub twice: bool,
    /// What keeps it from being understood.
    pub ruin: Option<Ruin>,
}

/// What keeps an event from being understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruin {
    /// It never comes.
    Dropped,
    /// It comes with another secret.
    WrongSecret,
    /// Garbage comes instead; which, these bits decide.
    Garbage(u64),
}

/// When a request is answered, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The true virtual now.
    pub now: At,
    /// How far this vendor's clock is ahead, ms.
    pub skew_ms: i64,
    /// A fault that concerns what is in the list.
    pub fault: Option<&'a Fault>,
}
