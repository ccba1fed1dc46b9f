//! How legs begin, are answered and end, and what their phones do meanwhile.

use std::time::Duration;

use super::{
    super::{
        draw::{between, lognormal},
        people::Person,
    },
    Call, CallNo, Doing, End, Exchange, Happening, Leg, LegKind, MISSED, Other, PHONES, PhoneNo,
    Station, Step, What,
};

const TALK: Duration = Duration::from_secs(85);

impl Exchange {
    /// A new call, without legs.
    pub(super) fn begins(&mut self, who: Option<Person>, dialled: Option<&'static str>) -> CallNo {
        let no = self.agenda.number();
        let call = Call {
            no,
            salt: self.rng.u128(..),
            who,
            dialled,
            order: None,
            legs: Vec::new(),
        };
        self.calls.insert(no, call);
        no
    }

    /// One more leg of a call that goes on; answers with its index.
    pub(super) fn adds(
        &mut self,
        no: CallNo,
        station: Station,
        other: Other,
        kind: LegKind,
    ) -> Option<usize> {
        let (began, salt) = (self.instant(), self.rng.u128(..));
        let call = self.calls.get_mut(&no)?;
        let leg = Leg {
            // The first leg of a call from here has the call's own bits.
            salt: if call.legs.is_empty() && kind == LegKind::Calls {
                call.salt
            } else {
                salt
            },
            station,
            other,
            kind,
            began,
            answered: None,
            ended: None,
        };
        call.legs.push(leg);
        let index = call.legs.len() - 1;
        self.tell_leg(Step::Began, no, index);
        Some(index)
    }

    fn open_leg(&self, no: CallNo, index: usize) -> Option<&Leg> {
        let leg = self.calls.get(&no)?.legs.get(index)?;
        leg.rings().then_some(leg)
    }

    pub(super) fn told_again(&mut self, no: CallNo, index: usize) {
        if self.open_leg(no, index).is_some() {
            self.tell_leg(Step::BeganAgain, no, index);
        }
    }

    pub(super) fn answers(&mut self, no: CallNo, index: usize) {
        let Some(leg) = self.open_leg(no, index) else {
            return;
        };
        let (station, kind) = (leg.station, leg.kind);
        let partner = self.calls[&no].partner(index);
        for leg in [Some(index), partner].into_iter().flatten() {
            let at = self.instant();
            if let Some(call) = self.calls.get_mut(&no) {
                call.legs[leg].answered = Some(at);
            }
            self.tell_leg(Step::Answered, no, leg);
        }
        if let (Station::Phone(phone), LegKind::Called | LegKind::Silent) = (station, kind) {
            self.turn(phone, Doing::Talks(no));
        }
        for other in self.ringing(no) {
            self.ends(no, other, End::Taken);
        }
        let order = self.calls.get_mut(&no).and_then(|call| call.order.as_mut());
        match order {
            Some(order) if !order.placed => {
                order.placed = true;
                let (owner, to) = (order.owner, order.to.clone());
                self.calls_party(no, owner, to);
            }
            _ => {
                let talk = lognormal(&mut self.rng, TALK, 0.7) + Duration::from_secs(6);
                self.put_in(talk, Happening::HangsUp(no));
            }
        }
    }

    /// The legs of a call that ring, the newest first.
    fn ringing(&self, no: CallNo) -> Vec<usize> {
        let Some(call) = self.calls.get(&no) else {
            return Vec::new();
        };
        let all = 0..call.legs.len();
        all.rev().filter(|leg| call.legs[*leg].rings()).collect()
    }

    pub(super) fn rings_out(&mut self, no: CallNo, index: usize, end: End) {
        let Some(leg) = self.open_leg(no, index) else {
            return;
        };
        let (station, kind, other) = (leg.station, leg.kind, leg.other.clone());
        if end == End::GaveUp {
            self.over(no, end);
            return;
        }
        let partner = self.calls[&no].partner(index);
        self.ends(no, index, end);
        if let Some(partner) = partner {
            self.ends(no, partner, end);
        }
        match (kind, station, other) {
            (LegKind::Called, _, Other::Station(Station::Queue)) => self.rings_agents(no),
            (
                LegKind::Called,
                Station::Phone(phone),
                Other::Caller | Other::Station(Station::Menu),
            ) => self.unanswered(no, index, phone),
            _ if self.ringing(no).is_empty() => self.over(no, end),
            _ => {}
        }
    }

    /// Ends all legs that have not ended, the newest first, and the call with
    /// them.
    pub(super) fn over(&mut self, no: CallNo, end: End) {
        let legs = self.calls.get(&no).map_or(0, |call| call.legs.len());
        for index in (0..legs).rev() {
            let call = &self.calls[&no];
            let leg = &call.legs[index];
            let talked =
                leg.answered.is_some() || (leg.kind == LegKind::Held && call.bridged().is_some());
            let end = match end {
                _ if talked => End::HungUp,
                End::HungUp => End::GaveUp,
                end => end,
            };
            self.ends(no, index, end);
        }
        let Some(call) = self.calls.remove(&no) else {
            return;
        };
        if call.came_in() && call.bridged().is_none() {
            if self.missed.len() == MISSED {
                self.missed.remove(0);
            }
            self.missed.push(call);
        }
    }

    /// Ends a leg, once; its phone goes on with something else.
    fn ends(&mut self, no: CallNo, index: usize, end: End) {
        if !self
            .calls
            .get(&no)
            .is_some_and(|call| call.legs[index].is_open())
        {
            return;
        }
        let at = self.instant();
        if let Some(call) = self.calls.get_mut(&no) {
            call.legs[index].ended = Some((at, end));
        }
        self.tell_leg(Step::Ended, no, index);
        let call = &self.calls[&no];
        let Station::Phone(phone) = call.legs[index].station else {
            return;
        };
        let holds = |leg: &Leg| {
            let elsewhere = matches!(leg.kind, LegKind::Forwarded);
            leg.is_open() && leg.station == Station::Phone(phone) && !elsewhere
        };
        if call.legs.iter().any(holds) {
            return;
        }
        let rest = match (self.phones[phone].0, end) {
            (Doing::Talks(with), _) if with == no => (4_000, 20_000),
            (Doing::Rings(with), End::NoAnswer | End::Busy) if with == no => (8_000, 12_000),
            (Doing::Rings(with), _) if with == no => (200, 1_500),
            _ => return,
        };
        self.turn(phone, Doing::Rests);
        let (_, _, turn) = self.phones[phone];
        let rest = between(&mut self.rng, rest.0, rest.1);
        self.put_in(rest, Happening::IsBack(phone, turn));
    }

    // The phones.

    /// Whether a phone does nothing.
    pub(super) fn is_idle(&self, phone: PhoneNo) -> bool {
        matches!(self.phones[phone].0, Doing::Free | Doing::Rests)
    }

    /// Takes up something else.
    pub(super) fn turn(&mut self, phone: PhoneNo, doing: Doing) {
        let (_, _, turn) = self.phones[phone];
        self.phones[phone] = (doing, self.now, turn + 1);
    }

    pub(super) fn is_back(&mut self, phone: PhoneNo, turn: u32) {
        if self.phones[phone].2 == turn {
            self.turn(phone, Doing::Free);
            if PHONES[phone].in_queue {
                self.finds_work();
            }
        }
    }

    /// Tells what happened to a leg; of a silent one nothing is.
    pub(super) fn tell_leg(&mut self, step: Step, no: CallNo, index: usize) {
        let Some(call) = self.calls.get(&no) else {
            return;
        };
        let leg = &call.legs[index];
        if leg.kind == LegKind::Silent {
            return;
        }
        let call = Box::new(call.clone());
        let at = match step {
            Step::Began => leg.began,
            Step::Answered => leg.answered.unwrap_or(leg.began),
            Step::Ended => leg.ended.map_or(leg.began, |(at, _)| at),
            Step::BeganAgain | Step::Voicemail => self.instant(),
        };
        self.tell(at, What::Leg(step, call, index));
    }
}
