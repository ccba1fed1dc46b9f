//! The hotline: callers in the menu, then in the queue, which rings phones.

use std::time::Duration;

use super::{
    super::{
        draw::{between, chance, exponential},
        people,
    },
    Call, CallNo, Doing, End, Exchange, HOTLINE, Happening, Leg, LegKind, Other, PHONES, PhoneNo,
    Station,
};

const CALLERS_EVERY: Duration = Duration::from_secs(38);
const PATIENCE: Duration = Duration::from_secs(75);
/// The queue's own limit.
const LONGEST_WAIT: Duration = Duration::from_mins(4);
/// How long the queue lets a phone ring.
const RINGS: Duration = Duration::from_secs(15);
/// How many phones ring for one caller.
const AT_ONCE: usize = 3;

impl Exchange {
    /// The first callers of the day.
    pub(super) fn open_hotline(&mut self) {
        self.await_caller();
        for seconds in [1, 2, 4, 7, 9, 11] {
            let jitter = between(&mut self.rng, 0, 900);
            let after = Duration::from_secs(seconds) + jitter;
            self.put_in(after, Happening::CallsEarly);
        }
    }

    pub(super) fn await_caller(&mut self) {
        let gap = exponential(&mut self.rng, CALLERS_EVERY);
        self.put_in(gap, Happening::CallsHotline);
    }

    pub(super) fn calls_hotline(&mut self) {
        let who = people::somebody(&mut self.rng);
        let no = self.begins(Some(who), Some(HOTLINE));
        self.adds(no, Station::Menu, Other::Caller, LegKind::Held);
        let thinks = between(&mut self.rng, 1_500, 9_000);
        self.put_in(thinks, Happening::Chooses(no));
    }

    /// A key is pressed in the menu; or the caller hangs up.
    pub(super) fn chooses(&mut self, no: CallNo) {
        match self.rng.u32(0..100) {
            0..=9 => self.over(no, End::GaveUp),
            10..=14 => {
                let alone: Vec<PhoneNo> = (0..PHONES.len())
                    .filter(|phone| !PHONES[*phone].in_queue)
                    .collect();
                let phone = alone[self.rng.usize(0..alone.len())];
                self.rings_for_caller(no, phone, Other::Station(Station::Menu));
            }
            _ => self.enters_queue(no),
        }
    }

    fn enters_queue(&mut self, no: CallNo) {
        let menu = Other::Station(Station::Menu);
        if self.adds(no, Station::Queue, menu, LegKind::Held).is_none() {
            return;
        }
        let patience = exponential(&mut self.rng, PATIENCE) + Duration::from_secs(6);
        self.put_in(patience, Happening::LosesPatience(no));
        self.put_in(LONGEST_WAIT, Happening::WaitedTooLong(no));
        self.rings_agents(no);
    }

    /// Rings the phones that have been free longest, with the queue's thread
    /// of each.
    pub(super) fn rings_agents(&mut self, no: CallNo) {
        let idle = |call: &Call| call.waits() && !call.legs.iter().any(Leg::rings);
        if !self.calls.get(&no).is_some_and(idle) {
            return;
        }
        let mut free: Vec<PhoneNo> = (0..PHONES.len())
            .filter(|phone| PHONES[*phone].in_queue && self.phones[*phone].0 == Doing::Free)
            .collect();
        free.sort_by_key(|phone| (self.phones[*phone].1, *phone));
        free.truncate(AT_ONCE);
        for phone in free {
            let agent = Other::Station(Station::Phone(phone));
            self.adds(no, Station::Queue, agent, LegKind::Agent);
            let queue = Other::Station(Station::Queue);
            let Some(leg) = self.adds(no, Station::Phone(phone), queue, LegKind::Called) else {
                return;
            };
            self.turn(phone, Doing::Rings(no));
            if chance(&mut self.rng, 10) {
                let later = between(&mut self.rng, 1, 900);
                self.put_in(later, Happening::ToldAgain(no, leg));
            }
            match self.rng.u32(0..100) {
                0..=9 => {}
                // Pressed away.
                10..=13 => {
                    let after = between(&mut self.rng, 1_000, 4_000);
                    self.put_in(after, Happening::RingsOut(no, leg, End::Busy));
                }
                _ => {
                    let after = between(&mut self.rng, 2_500, 9_000);
                    self.put_in(after, Happening::Answers(no, leg));
                }
            }
            self.put_in(RINGS, Happening::RingsOut(no, leg, End::NoAnswer));
        }
    }

    /// Rings with the caller who has waited longest.
    pub(super) fn finds_work(&mut self) {
        let next = self
            .calls
            .values()
            .filter(|call| call.waits() && !call.legs.iter().any(Leg::rings))
            .min_by_key(|call| call.queued().map(|leg| leg.began));
        if let Some(no) = next.map(|call| call.no) {
            self.rings_agents(no);
        }
    }

    /// A caller goes whom nobody has answered.
    pub(super) fn leaves_queue(&mut self, no: CallNo, end: End) {
        if self.calls.get(&no).is_some_and(Call::waits) {
            self.over(no, end);
        }
    }
}
