//! A seeded day of another office: twelve people at two lines. They come in,
//! join lines, pause, write mail; callers queue, several phones ring at once,
//! one is taken; they dial out and call each other. Unlike the rest of the
//! world it is told as it happens: [`Team::news`] is what a PBX would push.
//! Pure, as the world is, and knows no vendor either.

mod calls;
mod member;
mod numbers;
mod phone;
mod shift;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use fastrand::Rng;

use super::agenda::Agenda;
use crate::domain::time::At;

pub use member::{Doing, Member, MemberNo, Pause, Work};
pub use phone::{Call, CallNo, End, Kind, Leg, Step};

/// The lines that people call.
pub const LINES: [Line; 2] = [
    Line {
        name: "reception",
        number: "+4570305080",
        rings_at_once: 3,
    },
    Line {
        name: "repairs",
        number: "+4570305090",
        rings_at_once: 1,
    },
];

/// A line with a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What people call it.
    pub name: &'static str,
    /// The number callers dial.
    pub number: &'static str,
    /// How many phones ring for one caller.
    rings_at_once: usize,
}

/// Which of [`LINES`].
pub type LineNo = usize;

/// Something that a PBX would tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// When it happened.
    pub at: At,
    /// What.
    pub what: What,
}

/// What happened, with all that was so right after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody came in.
    CameIn(MemberNo),
    /// Somebody went home.
    WentHome(MemberNo),
    /// Somebody joined lines.
    Joined(MemberNo, Vec<LineNo>),
    /// Somebody left lines.
    Left(MemberNo, Vec<LineNo>),
    /// Somebody took up something else. That a phone rings is told with its
    /// leg, not here.
    Turned(MemberNo, Doing),
    /// Something happened to a leg of a call, the one with this index.
    Called(Step, Box<Call>, usize),
}

/// The office at one instant.
#[derive(Clone, Debug)]
pub struct Team {
    rng: Rng,
    now: At,
    members: Vec<Member>,
    calls: BTreeMap<CallNo, Call>,
    agenda: Agenda<Happening>,
    news: Vec<News>,
}

/// Something that is due. What has become pointless by then does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happening {
    ComesIn(MemberNo),
    /// The shift is over.
    GoesHome(MemberNo),
    Joins(MemberNo, LineNo),
    /// Somebody leaves a line for a while.
    LeavesOne,
    /// Turns to this, if free.
    Turns(MemberNo, Doing),
    /// What was begun with this turn is over.
    IsBack(MemberNo, u32),
    /// Somebody calls a line; the stream of callers goes on.
    Calls(LineNo),
    /// One of the callers of the first minute.
    CallsEarly(LineNo),
    LosesPatience(CallNo),
    PressesKey(CallNo),
    WaitedTooLong(CallNo),
    NobodyThere(CallNo),
    /// Somebody from outside calls a member.
    CallsMember,
    /// A member calls somebody outside.
    DialsOut,
    /// A member calls another.
    CallsColleague,
    /// The leg is answered, if it still rings.
    Answers(CallNo, usize),
    /// The leg has rung long enough, or the other side will not have it.
    RingsOut(CallNo, usize, End),
    HangsUp(CallNo),
}

impl Team {
    /// The office on the point of opening at `start`: nobody is in, the first
    /// come within seconds. The same arguments always give the same day.
    #[must_use]
    pub fn new(seed: u64, start: At) -> Self {
        let mut team = Self {
            // Another stream than the world's, which has the seed itself.
            rng: Rng::with_seed(seed ^ 0x7ea_0ff1),
            now: start,
            members: member::roster(start),
            calls: BTreeMap::new(),
            agenda: Agenda::new(),
            news: Vec::new(),
        };
        team.open();
        team.open_lines();
        team
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

    /// When something will happen next.
    #[must_use]
    pub fn next(&self) -> Option<At> {
        self.agenda.next()
    }

    /// Everybody, in or not.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The calls that go on, in order of their beginning.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values()
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::ComesIn(member) => self.comes_in(member),
            Happening::GoesHome(member) => self.shift_ends(member),
            Happening::Joins(member, line) => self.joins(member, line),
            Happening::LeavesOne => self.leaves_one(),
            Happening::Turns(member, doing) => self.turns(member, doing),
            Happening::IsBack(member, turn) => self.is_back(member, turn),
            Happening::Calls(line) => {
                self.await_caller(line);
                self.calls_line(line);
            }
            Happening::CallsEarly(line) => self.calls_line(line),
            Happening::LosesPatience(call) => self.leaves_queue(call, End::GaveUp),
            Happening::PressesKey(call) => self.leaves_queue(call, End::PressedKey),
            Happening::WaitedTooLong(call) => self.leaves_queue(call, End::WaitedTooLong),
            Happening::NobodyThere(call) => self.nobody_there(call),
            Happening::CallsMember => self.calls_member(),
            Happening::DialsOut => self.dials_out(),
            Happening::CallsColleague => self.calls_colleague(),
            Happening::Answers(call, leg) => self.answers(call, leg),
            Happening::RingsOut(call, leg, end) => self.rings_out(call, leg, end),
            Happening::HangsUp(call) => self.hangs_up(call),
        }
    }

    fn put_in(&mut self, after: std::time::Duration, happening: Happening) {
        self.agenda.put(self.now.plus(after), happening);
    }

    fn tell(&mut self, what: What) {
        self.news.push(News { at: self.now, what });
    }
}
