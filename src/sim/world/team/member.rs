//! Who works in the office, and what each is doing.

use std::collections::BTreeSet;

use crate::domain::time::At;

pub use super::numbers::MemberNo;
use super::{LineNo, numbers::CallNo};

const RECEPTION: LineNo = 0;
const REPAIRS: LineNo = 1;

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their name.
    pub name: &'static str,
    /// What they talk through.
    pub device: &'static str,
    /// The lines they have joined.
    pub joined: BTreeSet<LineNo>,
    /// What they are doing.
    pub doing: Doing,
    /// Since when.
    pub since: At,
    /// Whether they have ever come in: before, a PBX has told nothing of them.
    pub was_in: bool,
    /// The lines they serve.
    pub(super) lines: &'static [LineNo],
    /// Counts what they took up, so that an end finds its beginning.
    pub(super) turn: u32,
    pub(super) going_home: bool,
    pub(super) had_lunch: bool,
}

/// What somebody is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Not here.
    Away,
    /// Waits for a call.
    Free,
    /// The phone rings with this call.
    Ringing(CallNo),
    /// Talks, or waits for the other side to answer.
    OnCall(CallNo),
    /// Other work.
    Busy(Work),
    /// Takes no calls.
    Paused(Pause),
}

/// Work that is no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// What a call leaves to be done.
    WrapUp,
    /// Mail.
    Mail,
}

/// Why somebody takes no calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A coffee.
    Break,
    /// Lunch.
    Lunch,
    /// Training.
    Training,
}

impl Pause {
    /// The shortest and the longest one of its kind, in seconds.
    pub(super) fn seconds(self) -> (u64, u64) {
        match self {
            Self::Break => (150, 420),
            Self::Lunch => (1_500, 2_400),
            Self::Training => (1_200, 3_000),
        }
    }
}

impl Member {
    /// Whether they are here.
    #[must_use]
    pub fn is_in(&self) -> bool {
        self.doing != Doing::Away
    }

    /// Whether they wait for a call of this line.
    pub(super) fn can_take(&self, line: LineNo) -> bool {
        self.doing == Doing::Free && self.joined.contains(&line)
    }
}

/// Everybody, away.
pub(super) fn roster(now: At) -> Vec<Member> {
    const BOTH: &[LineNo] = &[RECEPTION, REPAIRS];
    const FIRST: &[LineNo] = &[RECEPTION];
    const SECOND: &[LineNo] = &[REPAIRS];
    const PEOPLE: [(&str, &str, &[LineNo]); 12] = [
        ("Astrid Lund", "headset 1", BOTH),
        ("Benoît Lefèvre", "desk phone 2", FIRST),
        ("Chiara Conti", "headset 3", BOTH),
        ("Dylan Byrne", "softphone", FIRST),
        ("Ewa Zając", "headset 5", SECOND),
        ("Filip Ek", "desk phone 6", BOTH),
        ("Gül Aydın", "headset 7", FIRST),
        ("Håkon Vik", "softphone at home", SECOND),
        ("Inês Prado", "headset 9", BOTH),
        ("Jonas Weiß", "desk phone 10", FIRST),
        ("Kata Szőke", "headset 11", SECOND),
        ("Lars Brønd", "desk phone 12", BOTH),
    ];
    PEOPLE
        .into_iter()
        .map(|(name, device, lines)| Member {
            name,
            device,
            joined: BTreeSet::new(),
            doing: Doing::Away,
            since: now,
            was_in: false,
            lines,
            turn: 0,
            going_home: false,
            had_lunch: false,
        })
        .collect()
}
