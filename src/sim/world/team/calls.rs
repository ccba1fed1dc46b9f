//! Calls of the office: they wait, ring, are answered and end, and their
//! people with them.

use std::time::Duration;

use super::{
    super::{
        draw::{between, chance, exponential, lognormal},
        people::{self, Person},
    },
    Happening, LINES, LineNo, Team, What,
    member::{Doing, MemberNo},
    phone::{Call, CallNo, End, Kind, Leg, Step},
};

/// How far apart callers come, on average, on each line.
const CALLERS_EVERY: [Duration; LINES.len()] = [Duration::from_secs(50), Duration::from_secs(75)];
const PATIENCE: Duration = Duration::from_mins(2);
/// The queue's own limit.
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// How long a caller waits at a line that nobody serves.
const NO_AGENT: Duration = Duration::from_secs(45);
/// How long a phone rings.
const RINGS: Duration = Duration::from_secs(15);
const TALK: Duration = Duration::from_secs(110);
const OTHERS_CALL_EVERY: Duration = Duration::from_secs(150);
const DIALS_EVERY: Duration = Duration::from_secs(90);
const COLLEAGUES_CALL_EVERY: Duration = Duration::from_secs(200);

impl Team {
    /// Puts the first of every kind of call on the agenda. A few callers come
    /// as the lines open.
    pub(super) fn open_lines(&mut self) {
        for line in 0..LINES.len() {
            self.await_caller(line);
        }
        for (line, seconds) in [(0, 5), (1, 6), (0, 8), (0, 9), (1, 10), (1, 12), (0, 14)] {
            let jitter = between(&mut self.rng, 0, 900);
            let after = Duration::from_secs(seconds) + jitter;
            self.put_in(after, Happening::CallsEarly(line));
        }
        self.await_next(OTHERS_CALL_EVERY, Happening::CallsMember);
        self.await_next(DIALS_EVERY, Happening::DialsOut);
        self.await_next(COLLEAGUES_CALL_EVERY, Happening::CallsColleague);
    }

    pub(super) fn await_caller(&mut self, line: LineNo) {
        self.await_next(CALLERS_EVERY[line], Happening::Calls(line));
    }

    fn await_next(&mut self, mean: Duration, happening: Happening) {
        let gap = exponential(&mut self.rng, mean);
        self.put_in(gap, happening);
    }

    // Queue calls.

    pub(super) fn calls_line(&mut self, line: LineNo) {
        let who = people::somebody(&mut self.rng);
        let first = self.leg(None, None, None);
        let no = self.begins(Kind::Queue(line), who, first);
        self.tell_leg(Step::Entered, no, 0);
        let patience = exponential(&mut self.rng, PATIENCE) + Duration::from_secs(6);
        self.put_in(patience, Happening::LosesPatience(no));
        self.put_in(LONGEST_WAIT, Happening::WaitedTooLong(no));
        if chance(&mut self.rng, 3) {
            let after = between(&mut self.rng, 8_000, 30_000);
            self.put_in(after, Happening::PressesKey(no));
        }
        if !self.is_served(line) {
            self.put_in(NO_AGENT, Happening::NobodyThere(no));
        }
        self.rings_somebody(no);
    }

    /// Rings the phones of whoever has been free longest.
    fn rings_somebody(&mut self, no: CallNo) {
        let Some(line) = self.calls.get(&no).and_then(|call| {
            let idle = !call.legs.iter().any(Leg::rings);
            call.waits_in().filter(|_| idle)
        }) else {
            return;
        };
        let mut free: Vec<MemberNo> = (0..self.members.len())
            .filter(|&m| self.members[m].can_take(line))
            .collect();
        free.sort_by_key(|&m| (self.members[m].since, m));
        free.truncate(LINES[line].rings_at_once);
        for member in free {
            let progress = between(&mut self.rng, 40, 300);
            let leg = self.leg(None, Some(member), Some(progress));
            let index = self.adds(no, leg);
            self.turn(member, Doing::Ringing(no));
            self.tell_leg(Step::Rings, no, index);
            if !self.ignores() {
                let answers = between(&mut self.rng, 2_500, 9_000);
                self.put_in(answers, Happening::Answers(no, index));
            }
            self.put_in(RINGS, Happening::RingsOut(no, index, End::NoAnswer));
        }
    }

    /// Rings with the caller who has waited longest at one of the lines that
    /// somebody free has joined.
    pub(super) fn finds_work(&mut self, member: MemberNo) {
        let someone = &self.members[member];
        if someone.doing != Doing::Free {
            return;
        }
        let next = self.calls.values().find(|call| {
            call.waits_in().is_some_and(|line| someone.can_take(line))
                && !call.legs.iter().any(Leg::rings)
        });
        if let Some(no) = next.map(|call| call.no) {
            self.rings_somebody(no);
        }
    }

    /// A caller goes whom nobody has answered.
    pub(super) fn leaves_queue(&mut self, no: CallNo, end: End) {
        if self.calls.get(&no).and_then(Call::waits_in).is_some() {
            self.ends(no, 0, end);
            self.over(no, End::GaveUp);
        }
    }

    pub(super) fn nobody_there(&mut self, no: CallNo) {
        let line = self.calls.get(&no).and_then(Call::waits_in);
        if line.is_some_and(|line| !self.is_served(line)) {
            self.leaves_queue(no, End::NobodyThere);
        }
    }

    /// Callers of lines that nobody serves any more wait only so long.
    pub(super) fn lines_deserted(&mut self) {
        let lost: Vec<CallNo> = self
            .calls
            .values()
            .filter(|call| call.waits_in().is_some_and(|line| !self.is_served(line)))
            .map(|call| call.no)
            .collect();
        for no in lost {
            self.put_in(NO_AGENT, Happening::NobodyThere(no));
        }
    }

    fn is_served(&self, line: LineNo) -> bool {
        self.members.iter().any(|m| m.joined.contains(&line))
    }

    // Other calls.

    pub(super) fn calls_member(&mut self) {
        self.await_next(OTHERS_CALL_EVERY, Happening::CallsMember);
        let Some(member) = self.somebody_free(None) else {
            return;
        };
        let who = people::somebody(&mut self.rng);
        let progress = between(&mut self.rng, 40, 300);
        let leg = self.leg(None, Some(member), Some(progress));
        let no = self.begins(Kind::Inbound, who, leg);
        self.turn(member, Doing::Ringing(no));
        self.tell_leg(Step::Rings, no, 0);
        self.decided(no, (85, 8, 4));
    }

    pub(super) fn dials_out(&mut self) {
        self.await_next(DIALS_EVERY, Happening::DialsOut);
        let Some(member) = self.somebody_free(None) else {
            return;
        };
        let (number, name) = people::reachable(&mut self.rng);
        let who = Person {
            number: Some(number),
            name,
            secret: false,
        };
        let progress = between(&mut self.rng, 400, 2_500);
        let leg = self.leg(Some(member), None, Some(progress));
        let no = self.begins(Kind::Outbound, who, leg);
        self.turn(member, Doing::OnCall(no));
        self.tell_leg(Step::Rings, no, 0);
        self.decided(no, (70, 15, 10));
    }

    pub(super) fn calls_colleague(&mut self) {
        self.await_next(COLLEAGUES_CALL_EVERY, Happening::CallsColleague);
        let Some(caller) = self.somebody_free(None) else {
            return;
        };
        let Some(called) = self.somebody_free(Some(caller)) else {
            return;
        };
        let who = Person {
            number: None,
            name: Some(self.members[caller].name.to_owned()),
            secret: false,
        };
        let progress = between(&mut self.rng, 30, 200);
        let leg = self.leg(Some(caller), Some(called), Some(progress));
        let no = self.begins(Kind::Internal, who, leg);
        self.turn(caller, Doing::OnCall(no));
        self.turn(called, Doing::Ringing(no));
        self.tell_leg(Step::Rings, no, 0);
        self.decided(no, (85, 15, 0));
    }

    fn somebody_free(&mut self, but: Option<MemberNo>) -> Option<MemberNo> {
        let free: Vec<MemberNo> = (0..self.members.len())
            .filter(|&m| self.members[m].doing == Doing::Free && Some(m) != but)
            .collect();
        (!free.is_empty()).then(|| free[self.rng.usize(0..free.len())])
    }

    /// What becomes of a call in one leg: answered, unanswered, busy, each in
    /// so many cases of a hundred, else refused or a number that is none.
    fn decided(&mut self, no: CallNo, (answered, unanswered, busy): (u32, u32, u32)) {
        let roll = self.rng.u32(0..100);
        let soon = between(&mut self.rng, 2_000, 9_000);
        let late = between(&mut self.rng, 12_000, 25_000);
        if roll < answered {
            self.put_in(soon, Happening::Answers(no, 0));
            return;
        }
        let (after, end) = match roll - answered {
            n if n < unanswered && n % 2 == 0 => (late, End::NoAnswer),
            n if n < unanswered => (late, End::GaveUp),
            n if n < unanswered + busy => (soon, End::LineBusy),
            n if n % 2 == 0 => (soon, End::Refused),
            _ => (soon, End::NoSuchNumber),
        };
        self.put_in(after, Happening::RingsOut(no, 0, end));
    }

    // What happens to legs.

    pub(super) fn answers(&mut self, no: CallNo, index: usize) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(&no) else {
            return;
        };
        if !call.legs[index].rings() {
            return;
        }
        call.legs[index].answered = Some(now);
        self.tell_leg(Step::Answered, no, index);
        if let Some(member) = self.calls[&no].legs[index].to {
            self.turn(member, Doing::OnCall(no));
        }
        let others: Vec<usize> = (0..self.calls[&no].legs.len())
            .filter(|&i| self.calls[&no].legs[i].rings())
            .collect();
        for other in others {
            self.ends(no, other, End::Taken);
        }
        let talk = lognormal(&mut self.rng, TALK, 0.7) + Duration::from_secs(8);
        self.put_in(talk, Happening::HangsUp(no));
    }

    pub(super) fn rings_out(&mut self, no: CallNo, index: usize, end: End) {
        if !self
            .calls
            .get(&no)
            .is_some_and(|call| call.legs[index].rings())
        {
            return;
        }
        self.ends(no, index, end);
        if self
            .calls
            .get(&no)
            .is_some_and(|call| call.waits_in().is_some())
        {
            self.rings_somebody(no);
        } else {
            self.over(no, end);
        }
    }

    pub(super) fn hangs_up(&mut self, no: CallNo) {
        self.over(no, End::HungUp);
    }

    /// Ends all legs that have not ended, the newest first, and the call with
    /// them.
    fn over(&mut self, no: CallNo, end: End) {
        let legs = self.calls.get(&no).map_or(0, |call| call.legs.len());
        for index in (0..legs).rev() {
            self.ends(no, index, end);
        }
        self.calls.remove(&no);
    }

    /// Ends a leg, once; its people go on with something else.
    fn ends(&mut self, no: CallNo, index: usize, end: End) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(&no) else {
            return;
        };
        let (kind, leg) = (call.kind, &mut call.legs[index]);
        if leg.ended.is_some() {
            return;
        }
        leg.ended = Some((now, end));
        let people = [leg.from, leg.to];
        self.tell_leg(Step::Ended, no, index);
        for member in people.into_iter().flatten() {
            match self.members[member].doing {
                Doing::OnCall(call) if call == no => self.after_call(member, kind),
                Doing::Ringing(call) if call == no => self.is_free(member),
                _ => {}
            }
        }
    }

    // How they are kept.

    fn leg(
        &mut self,
        from: Option<MemberNo>,
        to: Option<MemberNo>,
        progress: Option<Duration>,
    ) -> Leg {
        Leg {
            salt: self.rng.u128(..),
            from,
            to,
            began: self.now,
            progress,
            answered: None,
            ended: None,
        }
    }

    fn begins(&mut self, kind: Kind, who: Person, first: Leg) -> CallNo {
        let no = self.agenda.number();
        let call = Call {
            no,
            kind,
            who,
            began: self.now,
            legs: vec![first],
        };
        self.calls.insert(no, call);
        no
    }

    fn adds(&mut self, no: CallNo, leg: Leg) -> usize {
        let Some(call) = self.calls.get_mut(&no) else {
            return 0;
        };
        call.legs.push(leg);
        call.legs.len() - 1
    }

    fn tell_leg(&mut self, step: Step, no: CallNo, index: usize) {
        if let Some(call) = self.calls.get(&no) {
            let call = Box::new(call.clone());
            self.tell(What::Called(step, call, index));
        }
    }
}
