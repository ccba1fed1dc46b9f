//! Who answers: fourteen people in shifts, each with the queues they serve.

use crate::domain::time::At;

pub use super::numbers::AgentNo;
use super::{QueueNo, numbers::CallNo};

const SUPPORT: QueueNo = 0;
const SALES: QueueNo = 1;
const BILLING: QueueNo = 2;

/// Somebody who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Their name.
    pub name: &'static str,
    /// The extension of their phone.
    pub extension: u32,
    /// The queues they serve.
    pub queues: &'static [QueueNo],
    /// What they are doing.
    pub presence: Presence,
    /// Since when.
    pub since: At,
    /// First and last minute of their shift, counted from midnight.
    pub(super) shift: (u32, u32),
    /// Whether their shift is over, though they still talk.
    pub(super) going_home: bool,
    /// Whether they have had lunch this shift.
    pub(super) had_lunch: bool,
}

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Not on shift.
    LoggedOut,
    /// Waits for a call.
    Free,
    /// Their phone rings with this call.
    Ringing(CallNo),
    /// Talks.
    OnCall(CallNo),
    /// Work right after a call.
    WrapUp,
    /// On shift, takes no calls.
    Paused(Pause),
}

/// Why an agent takes no calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A coffee.
    Break,
    /// Lunch.
    Lunch,
    /// A meeting.
    Meeting,
}

impl Agent {
    /// Takes up something else at `now`.
    pub(super) fn turn(&mut self, presence: Presence, now: At) {
        self.presence = presence;
        self.since = now;
    }

    /// Whether they wait for a call from this queue.
    pub(super) fn can_take(&self, queue: QueueNo) -> bool {
        self.presence == Presence::Free && self.queues.contains(&queue)
    }

    /// The minutes of the day between which they may go to lunch, if they
    /// have one: some hours into a shift that is long enough.
    pub(super) fn lunch(&self) -> Option<(u32, u32)> {
        let (from, to) = self.shift;
        (from < to && from < 12 * 60).then(|| (from + 230, from + 350))
    }
}

impl Pause {
    /// The shortest and the longest one of its kind.
    pub(super) fn minutes(self) -> (u64, u64) {
        match self {
            Self::Break => (4, 9),
            Self::Lunch => (25, 35),
            Self::Meeting => (12, 25),
        }
    }
}

/// How many people work here.
pub(super) const COUNT: usize = 14;

/// Everybody, logged out.
pub(super) fn roster() -> Vec<Agent> {
    const EARLY: (u32, u32) = (7 * 60, 15 * 60);
    const DAY: (u32, u32) = (8 * 60, 16 * 60);
    const MID: (u32, u32) = (9 * 60, 17 * 60);
    const LATE: (u32, u32) = (13 * 60, 21 * 60);
    const EVENING: (u32, u32) = (15 * 60, 23 * 60);
    const NIGHT: (u32, u32) = (22 * 60 + 30, 7 * 60 + 30);
    const ALL: &[QueueNo] = &[SUPPORT, SALES, BILLING];
    const PEOPLE: [(&str, (u32, u32), &[QueueNo]); COUNT] = [
        ("Anna Holm", EARLY, &[SUPPORT, SALES]),
        ("Jens Vig", EARLY, &[SUPPORT]),
        ("Zoë Ågård", EARLY, &[SALES, BILLING]),
        ("Søren Kjær", DAY, &[SUPPORT]),
        ("Łucja Wójcik", DAY, &[SUPPORT, BILLING]),
        ("Mikkel Østergaard", DAY, &[SALES]),
        ("Ioana Țurcanu", DAY, &[BILLING, SUPPORT]),
        ("Karen Blik", MID, &[SUPPORT, SALES]),
        ("Íñigo Núñez", MID, &[SALES, BILLING]),
        ("Tuğçe Şahin", MID, &[SUPPORT]),
        ("Bjørn Dahl", LATE, &[SUPPORT, SALES]),
        ("Éva Kőszegi", LATE, &[BILLING, SALES]),
        ("Noor de Wit", EVENING, ALL),
        ("Per Nat", NIGHT, ALL),
    ];
    PEOPLE
        .into_iter()
        .zip(201..)
        .map(|((name, shift, queues), extension)| Agent {
            name,
            extension,
            queues,
            presence: Presence::LoggedOut,
            since: At::default(),
            shift,
            going_home: false,
            had_lunch: false,
        })
        .collect()
}
