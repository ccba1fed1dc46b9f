//! Calls that are not the hotline's: to a phone directly, out, to a colleague,
//! by order; and text messages.

use std::time::Duration;

use super::{
    super::{
        draw::{between, chance, exponential},
        people,
    },
    CallNo, Doing, End, Exchange, Happening, LegKind, Message, Order, Other, PHONES, Party,
    PhoneNo, Station, Step, What,
};

const OTHERS_CALL_EVERY: Duration = Duration::from_secs(110);
const DIALS_EVERY: Duration = Duration::from_secs(80);
const COLLEAGUES_CALL_EVERY: Duration = Duration::from_secs(170);
const MESSAGES_EVERY: Duration = Duration::from_secs(140);
/// How long a phone rings that no queue calls.
const RINGS: Duration = Duration::from_secs(20);

impl Exchange {
    /// Puts the first of every kind on the agenda.
    pub(super) fn open_lines(&mut self) {
        self.open_hotline();
        self.await_next(OTHERS_CALL_EVERY, Happening::CallsPhone);
        self.await_next(DIALS_EVERY, Happening::DialsOut);
        self.await_next(COLLEAGUES_CALL_EVERY, Happening::CallsColleague);
        self.await_next(MESSAGES_EVERY, Happening::SendsMessage);
    }

    fn await_next(&mut self, mean: Duration, happening: Happening) {
        let gap = exponential(&mut self.rng, mean);
        self.put_in(gap, happening);
    }

    /// Some phone that is free.
    fn any_free(&mut self, but: Option<PhoneNo>) -> Option<PhoneNo> {
        let free: Vec<PhoneNo> = (0..PHONES.len())
            .filter(|phone| Some(*phone) != but && self.phones[*phone].0 == Doing::Free)
            .collect();
        (!free.is_empty()).then(|| free[self.rng.usize(0..free.len())])
    }

    pub(super) fn calls_phone(&mut self) {
        self.await_next(OTHERS_CALL_EVERY, Happening::CallsPhone);
        // Those whom no queue calls have the more callers of their own.
        let low = if chance(&mut self.rng, 60) { 5 } else { 0 };
        let phone = self.rng.usize(low..PHONES.len());
        let who = people::somebody(&mut self.rng);
        let no = self.begins(Some(who), Some(PHONES[phone].number));
        self.rings_for_caller(no, phone, Other::Caller);
    }

    /// A phone rings for somebody outside.
    pub(super) fn rings_for_caller(&mut self, no: CallNo, phone: PhoneNo, from: Other) {
        let station = Station::Phone(phone);
        let Some(leg) = self.adds(no, station, from, LegKind::Called) else {
            return;
        };
        if !self.is_idle(phone) {
            self.put_in(Duration::ZERO, Happening::RingsOut(no, leg, End::Busy));
            return;
        }
        self.turn(phone, Doing::Rings(no));
        match self.rng.u32(0..100) {
            0..=54 => self.answers_in(no, leg, (2_500, 11_000)),
            55..=64 => {
                // The caller gives up.
                let after = between(&mut self.rng, 4_000, 15_000);
                self.put_in(after, Happening::RingsOut(no, leg, End::GaveUp));
            }
            _ => {}
        }
        self.put_in(RINGS, Happening::RingsOut(no, leg, End::NoAnswer));
    }

    /// Nobody took the caller's call: it goes on to a mobile, or the caller
    /// speaks to a machine.
    pub(super) fn unanswered(&mut self, no: CallNo, leg: usize, phone: PhoneNo) {
        if let Some(mobile) = PHONES[phone].mobile {
            let to = Other::Number(mobile.to_owned());
            let kind = LegKind::Forwarded;
            if let Some(leg) = self.adds(no, Station::Phone(phone), to, kind) {
                self.decided(no, leg, (65, 10));
            }
            return;
        }
        if chance(&mut self.rng, 60) {
            self.tell_leg(Step::Voicemail, no, leg);
        }
        self.over(no, End::NoAnswer);
    }

    pub(super) fn dials_out(&mut self) {
        self.await_next(DIALS_EVERY, Happening::DialsOut);
        let Some(phone) = self.any_free(None) else {
            return;
        };
        let (number, _) = people::reachable(&mut self.rng);
        let no = self.begins(None, None);
        self.turn(phone, Doing::Talks(no));
        self.dials(no, phone, number);
    }

    /// Dials a number from a phone, in a call that goes on.
    fn dials(&mut self, no: CallNo, phone: PhoneNo, number: String) {
        let (station, to) = (Station::Phone(phone), Other::Number(number));
        if let Some(leg) = self.adds(no, station, to, LegKind::Calls) {
            self.decided(no, leg, (68, 14));
        }
    }

    pub(super) fn calls_colleague(&mut self) {
        self.await_next(COLLEAGUES_CALL_EVERY, Happening::CallsColleague);
        let Some(caller) = self.any_free(None) else {
            return;
        };
        let Some(called) = self.any_free(Some(caller)) else {
            return;
        };
        let no = self.begins(None, None);
        self.turn(caller, Doing::Talks(no));
        self.connects(no, caller, called);
    }

    /// One phone calls another, in a call that goes on.
    fn connects(&mut self, no: CallNo, caller: PhoneNo, called: PhoneNo) {
        let to = Other::Station(Station::Phone(called));
        self.adds(no, Station::Phone(caller), to, LegKind::Calls);
        let from = Other::Station(Station::Phone(caller));
        let Some(leg) = self.adds(no, Station::Phone(called), from, LegKind::Called) else {
            return;
        };
        if !self.is_idle(called) {
            self.put_in(Duration::ZERO, Happening::RingsOut(no, leg, End::Busy));
            return;
        }
        self.turn(called, Doing::Rings(no));
        self.decided(no, leg, (80, 8));
    }

    /// Whether a leg that rings is answered, or refused; in so many cases of
    /// a hundred.
    fn decided(&mut self, no: CallNo, leg: usize, (answers, refuses): (u32, u32)) {
        let drawn = self.rng.u32(0..100);
        if drawn < answers {
            self.answers_in(no, leg, (3_000, 12_000));
        } else if drawn < answers + refuses {
            let end = match self.rng.u32(0..10) {
                0 => End::Unavailable,
                1 => End::Congestion,
                _ => End::Busy,
            };
            let after = between(&mut self.rng, 800, 5_000);
            self.put_in(after, Happening::RingsOut(no, leg, end));
        }
        self.put_in(RINGS, Happening::RingsOut(no, leg, End::NoAnswer));
    }

    fn answers_in(&mut self, no: CallNo, leg: usize, (low, high): (u64, u64)) {
        let after = between(&mut self.rng, low, high);
        self.put_in(after, Happening::Answers(no, leg));
    }

    // Calls by order.

    /// Rings the sources, and when one is answered, calls `to` on behalf of
    /// `owner`. An owner's own phone rings untold; who ordered a call sits
    /// beside it and answers. Answers with the call's random bits.
    pub fn orders(&mut self, owner: PhoneNo, sources: &[Party], to: Party) -> u128 {
        let no = self.begins(None, None);
        let mut salt = 0;
        if let Some(call) = self.calls.get_mut(&no) {
            salt = call.salt;
            let placed = false;
            call.order = Some(Order { owner, to, placed });
        }
        for source in sources {
            if *source == Party::Phone(owner) {
                self.rings_owner(no, owner);
            } else {
                self.calls_party(no, owner, source.clone());
            }
        }
        salt
    }

    fn rings_owner(&mut self, no: CallNo, owner: PhoneNo) {
        let own = Station::Phone(owner);
        let Some(leg) = self.adds(no, own, Other::Station(own), LegKind::Silent) else {
            return;
        };
        if self.is_idle(owner) {
            self.turn(owner, Doing::Rings(no));
            self.answers_in(no, leg, (1_500, 4_000));
        } else {
            self.put_in(Duration::ZERO, Happening::RingsOut(no, leg, End::Busy));
        }
    }

    /// Calls somebody on behalf of a phone, in a call that goes on.
    pub(super) fn calls_party(&mut self, no: CallNo, owner: PhoneNo, party: Party) {
        match party {
            Party::Phone(phone) => self.connects(no, owner, phone),
            Party::Number(number) => self.dials(no, owner, number),
        }
    }

    // Messages.

    pub(super) fn sends_message(&mut self) {
        self.await_next(MESSAGES_EVERY, Happening::SendsMessage);
        let phone = self.rng.usize(0..PHONES.len());
        let (number, _) = people::reachable(&mut self.rng);
        let message = Message {
            salt: self.rng.u128(..),
            phone,
            sent: self.rng.bool(),
            number,
        };
        let at = self.instant();
        self.tell(at, What::Message(Box::new(message)));
    }
}
