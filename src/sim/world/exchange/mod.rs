//! A seeded day of a small company's telephones: one number with a voice menu
//! in front of a queue, and seven people. Callers press a key or give up, wait,
//! several phones ring at once and one is taken; people are called directly,
//! have calls sent on to their mobiles, dial out, call each other, send text
//! messages; a call can be ordered. Told as it happens: [`Exchange::news`].
//! Pure, as the world is, and knows no vendor.

mod call;
mod dialling;
mod queue;
mod ringing;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;

use super::agenda::Agenda;
use crate::domain::time::At;

pub use call::{
    Call, CallNo, End, Leg, LegKind, Micros, Order, Other, Party, PhoneNo, Station, Step,
};

/// The number that leads to the menu.
pub const HOTLINE: &str = "4570305100";

/// The people and their phones.
pub const PHONES: [Phone; 7] = [
    Phone::agent("Anna Holm", "4570305111"),
    Phone::agent("Boris Ek", "4570305112"),
    Phone::agent("Clara Dam", "4570305113"),
    Phone::agent("Deniz Aksoy", "4570305114"),
    Phone::agent("Emil Skov", "4570305115"),
    Phone::alone("Fatima Bæk", "4570305116", Some("+4537100116")),
    Phone::alone("Gorm Lind", "4570305117", None),
];

/// Somebody's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Whose it is.
    pub name: &'static str,
    /// The number that leads there directly.
    pub number: &'static str,
    /// Whether the queue calls it.
    pub in_queue: bool,
    /// Where calls go on to that nobody answers.
    pub mobile: Option<&'static str>,
}

impl Phone {
    const fn agent(name: &'static str, number: &'static str) -> Self {
        Self {
            name,
            number,
            in_queue: true,
            mobile: None,
        }
    }

    const fn alone(name: &'static str, number: &'static str, mobile: Option<&'static str>) -> Self {
        Self {
            name,
            number,
            in_queue: false,
            mobile,
        }
    }
}

/// What a phone is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing.
    Free,
    /// It rings with this call.
    Rings(CallNo),
    /// Somebody talks through it, or waits for the other side.
    Talks(CallNo),
    /// Nothing, and the queue leaves it alone for a while.
    Rests,
}

/// Something that an exchange would tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// When it happened.
    pub at: Micros,
    /// What.
    pub what: What,
}

/// What happened, with all that was so right after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Something happened to a leg of a call, the one with this index.
    Leg(Step, Box<Call>, usize),
    /// A phone got or sent a text message.
    Message(Box<Message>),
}

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Random bits: a vendor makes its id from them.
    pub salt: u128,
    /// At which phone.
    pub phone: PhoneNo,
    /// Whether it was sent from there.
    pub sent: bool,
    /// The number at the other end.
    pub number: String,
}

/// The exchange at one instant.
#[derive(Clone, Debug)]
pub struct Exchange {
    rng: Rng,
    now: At,
    /// When something was told last.
    told: Micros,
    /// What each phone is doing, and since when; counts what it took up, so
    /// that an end finds its beginning.
    phones: Vec<(Doing, At, u32)>,
    calls: BTreeMap<CallNo, Call>,
    /// Calls through the menu or the queue that ended with nobody answering.
    missed: Vec<Call>,
    agenda: Agenda<Happening>,
    news: Vec<News>,
}

/// Something that is due. What has become pointless by then does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happening {
    /// Somebody calls the hotline; the stream of callers goes on.
    CallsHotline,
    /// One of the callers of the first minute.
    CallsEarly,
    /// A caller in the menu has pressed a key, or not.
    Chooses(CallNo),
    LosesPatience(CallNo),
    WaitedTooLong(CallNo),
    /// Somebody outside calls a phone.
    CallsPhone,
    DialsOut,
    CallsColleague,
    SendsMessage,
    /// The leg is answered, if it still rings.
    Answers(CallNo, usize),
    /// The leg has rung long enough, or the other side will not have it.
    RingsOut(CallNo, usize, End),
    /// It is told again that the leg began.
    ToldAgain(CallNo, usize),
    HangsUp(CallNo),
    /// What the phone took up with this count is over.
    IsBack(PhoneNo, u32),
}

/// How many missed calls are remembered.
const MISSED: usize = 500;

impl Exchange {
    /// The exchange at `start`, nobody on the phone yet. The same arguments
    /// always give the same day.
    #[must_use]
    pub fn new(seed: u64, start: At) -> Self {
        let mut exchange = Self {
            // Another stream than the world's and the team's.
            rng: Rng::with_seed(seed ^ 0xe8c_4a96),
            now: start,
            told: 0,
            phones: vec![(Doing::Free, start, 0); PHONES.len()],
            calls: BTreeMap::new(),
            missed: Vec::new(),
            agenda: Agenda::new(),
            news: Vec::new(),
        };
        exchange.open_lines();
        exchange
    }

    /// Lets time pass up to and including `to`; an earlier instant changes
    /// nothing. The steps it is done in make no difference.
    pub fn advance(&mut self, to: At) {
        while let Some((at, happening)) = self.agenda.take(to) {
            self.now = at;
            self.happen(happening);
        }
        self.now = self.now.max(to);
    }

    /// What happened since this was asked last, in order.
    pub fn news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// Now, as far as the day has come.
    #[must_use]
    pub fn now(&self) -> At {
        self.now
    }

    /// When something will happen next; now, where there is news.
    #[must_use]
    pub fn next(&self) -> Option<At> {
        if self.news.is_empty() {
            self.agenda.next()
        } else {
            Some(self.now)
        }
    }

    /// What each phone is doing, in the order of [`PHONES`].
    pub fn doing(&self) -> impl Iterator<Item = Doing> {
        self.phones.iter().map(|(doing, ..)| *doing)
    }

    /// The calls that go on, in order of their beginning.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values()
    }

    /// The latest calls that came through the menu or the queue and ended
    /// with nobody answering.
    #[must_use]
    pub fn missed(&self) -> &[Call] {
        &self.missed
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::CallsHotline => {
                self.await_caller();
                self.calls_hotline();
            }
            Happening::CallsEarly => self.calls_hotline(),
            Happening::Chooses(call) => self.chooses(call),
            Happening::LosesPatience(call) => self.leaves_queue(call, End::GaveUp),
            Happening::WaitedTooLong(call) => self.leaves_queue(call, End::NoAnswer),
            Happening::CallsPhone => self.calls_phone(),
            Happening::DialsOut => self.dials_out(),
            Happening::CallsColleague => self.calls_colleague(),
            Happening::SendsMessage => self.sends_message(),
            Happening::Answers(call, leg) => self.answers(call, leg),
            Happening::RingsOut(call, leg, end) => self.rings_out(call, leg, end),
            Happening::ToldAgain(call, leg) => self.told_again(call, leg),
            Happening::HangsUp(call) => self.over(call, End::HungUp),
            Happening::IsBack(phone, turn) => self.is_back(phone, turn),
        }
    }

    fn put_in(&mut self, after: Duration, happening: Happening) {
        self.agenda.put(self.now.plus(after), happening);
    }

    /// The microsecond of what happens now: later than any before.
    fn instant(&mut self) -> Micros {
        let within = self.rng.i64(0..500);
        let after = self.rng.i64(1..40);
        let now = self.now.0.saturating_mul(1_000).saturating_add(within);
        self.told = now.max(self.told.saturating_add(after));
        self.told
    }

    fn tell(&mut self, at: Micros, what: What) {
        self.news.push(News { at, what });
    }
}
