//! Calls over the exchange and their legs.

use super::super::people::Person;

/// A call's number at the exchange.
pub type CallNo = u64;

/// Which of the exchange's phones.
pub type PhoneNo = usize;

/// Microseconds since the Unix epoch. No two things happen in the same one.
pub type Micros = i64;

/// An extension of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Station {
    /// The voice menu.
    Menu,
    /// The queue.
    Queue,
    /// A person's phone.
    Phone(PhoneNo),
}

/// Who is at the other end of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// The caller from outside.
    Caller,
    /// A number outside.
    Number(String),
    /// Another extension.
    Station(Station),
}

/// A call, with every leg it ever had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number at the exchange.
    pub no: CallNo,
    /// Random bits: a vendor makes its id from them.
    pub salt: u128,
    /// Who calls from outside.
    pub who: Option<Person>,
    /// The number that was called from outside.
    pub dialled: Option<&'static str>,
    /// What was ordered, where it was.
    pub order: Option<Order>,
    /// Its legs, the first one first.
    pub legs: Vec<Leg>,
}

/// A call that somebody ordered: it rings some, and when one has answered,
/// another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// On whose behalf.
    pub owner: PhoneNo,
    /// Who is called once somebody has answered.
    pub to: Party,
    /// Whether that is so.
    pub placed: bool,
}

/// Somebody whom an order calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// A phone of the exchange.
    Phone(PhoneNo),
    /// A number outside.
    Number(String),
}

/// A leg: what one extension has to do with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Random bits: a vendor makes its id from them.
    pub salt: u128,
    /// Whose leg it is.
    pub station: Station,
    /// Who is at the other end.
    pub other: Other,
    /// What it is.
    pub kind: LegKind,
    /// When it began.
    pub began: Micros,
    /// When it was answered.
    pub answered: Option<Micros>,
    /// When it ended, and how.
    pub ended: Option<(Micros, End)>,
}

/// What a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegKind {
    /// A caller is in the menu or in the queue.
    Held,
    /// The queue calls an agent's phone.
    Agent,
    /// A phone is called.
    Called,
    /// A phone calls.
    Calls,
    /// A phone's caller is sent on to a number outside.
    Forwarded,
    /// A phone rings so that its owner can call with it: nothing is told.
    Silent,
}

/// How a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After a talk.
    HungUp,
    /// Who called hung up before anybody answered.
    GaveUp,
    /// Another phone was answered first.
    Taken,
    /// Nobody answered.
    NoAnswer,
    /// Who was called talks already, or refused.
    Busy,
    /// No way there was free.
    Congestion,
    /// There is no such number.
    Unavailable,
}

/// What can happen to a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It began.
    Began,
    /// It is told once more that it began.
    BeganAgain,
    /// It was answered.
    Answered,
    /// It ended.
    Ended,
    /// The caller left a message, being rid of it.
    Voicemail,
}

impl Leg {
    /// Whether it goes on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether somebody is being called over it.
    #[must_use]
    pub fn rings(&self) -> bool {
        self.is_open() && self.answered.is_none() && self.kind != LegKind::Held
    }

    /// Whether people talk over it.
    #[must_use]
    pub fn talks(&self) -> bool {
        self.is_open() && self.answered.is_some()
    }
}

impl Call {
    /// The leg that lives and dies with this one, at the other end of it: of
    /// the queue that calls a phone, of a phone that calls another.
    #[must_use]
    pub fn partner(&self, leg: usize) -> Option<usize> {
        let before = leg.checked_sub(1)?;
        let (this, partner) = (&self.legs[leg], &self.legs[before]);
        let one = this.kind == LegKind::Called
            && matches!(partner.kind, LegKind::Agent | LegKind::Calls)
            && partner.other == Other::Station(this.station);
        one.then_some(before)
    }

    /// When a person and the other side were first connected.
    #[must_use]
    pub fn bridged(&self) -> Option<Micros> {
        let people = self
            .legs
            .iter()
            .filter(|leg| !matches!(leg.kind, LegKind::Agent | LegKind::Silent));
        people.filter_map(|leg| leg.answered).min()
    }

    /// The leg of the caller in the queue, where there is one.
    #[must_use]
    pub fn queued(&self) -> Option<&Leg> {
        self.legs
            .iter()
            .find(|leg| leg.kind == LegKind::Held && leg.station == Station::Queue)
    }

    /// Whether its caller waits in the queue: nobody has answered yet.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.queued().is_some_and(Leg::is_open) && self.bridged().is_none()
    }

    /// Whether its caller came through the menu or the queue.
    #[must_use]
    pub fn came_in(&self) -> bool {
        self.legs.iter().any(|leg| leg.kind == LegKind::Held)
    }
}
