//! Calls and their legs.

use std::time::Duration;

use crate::domain::time::At;

pub use super::numbers::CallNo;
use super::{super::people::Person, LineNo, numbers::MemberNo};

/// A call, with every leg it ever had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number in the office.
    pub no: CallNo,
    /// What kind it is.
    pub kind: Kind,
    /// Who is outside; a colleague's name in a call within the office.
    pub who: Person,
    /// When it began.
    pub began: At,
    /// Its legs, the first one first.
    pub legs: Vec<Leg>,
}

/// Whom a call connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A caller with a line: the first leg is the caller's, in the queue; each
    /// phone that rings is a leg of its own.
    Queue(LineNo),
    /// Somebody outside with a member, in one leg.
    Inbound,
    /// A member with somebody outside, in one leg.
    Outbound,
    /// Two members, in one leg.
    Internal,
}

/// A leg of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Random bits: a vendor makes its id from them.
    pub salt: u128,
    /// Who calls, of the office.
    pub from: Option<MemberNo>,
    /// Who is called, of the office.
    pub to: Option<MemberNo>,
    /// When it began.
    pub began: At,
    /// How long it took until something rang.
    pub progress: Option<Duration>,
    /// When it was answered.
    pub answered: Option<At>,
    /// When it ended, and how.
    pub ended: Option<(At, End)>,
}

/// What can happen to a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It came into a queue.
    Entered,
    /// It rings.
    Rings,
    /// It was answered.
    Answered,
    /// It ended.
    Ended,
}

/// How a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After a talk.
    HungUp,
    /// Who called hung up before anybody answered.
    GaveUp,
    /// A caller left the queue by a key.
    PressedKey,
    /// A caller waited more than the queue allows.
    WaitedTooLong,
    /// A caller waited in a queue that nobody serves.
    NobodyThere,
    /// Another phone was answered first.
    Taken,
    /// Nobody answered.
    NoAnswer,
    /// Who was called talks already.
    LineBusy,
    /// Who was called refused.
    Refused,
    /// There is no such number.
    NoSuchNumber,
}

impl Leg {
    /// Whether it rings.
    #[must_use]
    pub fn rings(&self) -> bool {
        self.progress.is_some() && self.answered.is_none() && self.ended.is_none()
    }

    /// Whether people talk over it.
    #[must_use]
    pub fn talks(&self) -> bool {
        self.answered.is_some() && self.ended.is_none()
    }
}

impl Call {
    /// When the first of its legs was answered.
    #[must_use]
    pub fn answered(&self) -> Option<At> {
        self.legs.iter().filter_map(|leg| leg.answered).min()
    }

    /// The line that its caller waits in: nobody has answered yet, and the
    /// caller has not gone.
    #[must_use]
    pub fn waits_in(&self) -> Option<LineNo> {
        let Kind::Queue(line) = self.kind else {
            return None;
        };
        let waits = self.answered().is_none() && self.legs[0].ended.is_none();
        waits.then_some(line)
    }
}
