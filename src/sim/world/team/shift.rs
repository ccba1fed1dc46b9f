//! People of the office come, join lines, turn to this and that, and go.

use std::time::Duration;

use super::{
    super::draw::{between, chance, exponential, lognormal, pick},
    Happening, LINES, LineNo, Team, What,
    member::{Doing, MemberNo, Pause, Work},
    phone::Kind,
};

/// How many come as the office opens; the others one by one.
const EARLY: usize = 9;
const WRAP_UP: Duration = Duration::from_secs(18);
/// How far apart somebody leaves a line for a while, on average.
const LEAVES_EVERY: Duration = Duration::from_mins(5);

impl Team {
    /// Puts who comes when on the agenda. The first seconds are arranged, so
    /// that a first look finds somebody in every state.
    pub(super) fn open(&mut self) {
        let mut after = Duration::ZERO;
        for member in 0..EARLY {
            after += between(&mut self.rng, 150, 450);
            self.put_in(after, Happening::ComesIn(member));
        }
        for (member, (low, high)) in (EARLY..self.members.len()).zip([
            (90, 150),
            (300, 480),
            // Has the day off, more or less.
            (3_000, 4_000),
        ]) {
            let after = between(&mut self.rng, low * 1_000, high * 1_000);
            self.put_in(after, Happening::ComesIn(member));
        }
        for (member, seconds, doing) in [
            (2, 2, Doing::Paused(Pause::Break)),
            (5, 3, Doing::Busy(Work::Mail)),
            (6, 4, Doing::Paused(Pause::Training)),
        ] {
            let jitter = between(&mut self.rng, 0, 900);
            let after = Duration::from_secs(seconds) + jitter;
            self.put_in(after, Happening::Turns(member, doing));
        }
        self.await_leaver();
    }

    pub(super) fn comes_in(&mut self, member: MemberNo) {
        if self.members[member].is_in() {
            return;
        }
        let now = self.now;
        let someone = &mut self.members[member];
        someone.doing = Doing::Free;
        someone.since = now;
        someone.turn += 1;
        someone.going_home = false;
        someone.had_lunch = false;
        // One forgets to join anything the first time.
        let forgets = member == EARLY - 1 && !someone.was_in;
        someone.was_in = true;
        let lines = someone.lines;
        self.tell(What::CameIn(member));
        if forgets {
            let late = between(&mut self.rng, 100_000, 160_000);
            for line in lines {
                self.put_in(late, Happening::Joins(member, *line));
            }
        } else {
            self.members[member].joined.extend(lines);
            self.tell(What::Joined(member, lines.to_vec()));
        }
        self.tell(What::Turned(member, Doing::Free));
        let shift = between(&mut self.rng, 7_200_000, 18_000_000);
        self.put_in(shift, Happening::GoesHome(member));
        self.finds_work(member);
    }

    pub(super) fn shift_ends(&mut self, member: MemberNo) {
        match self.members[member].doing {
            Doing::Away => {}
            Doing::Free | Doing::Paused(_) | Doing::Busy(_) => self.leaves(member),
            Doing::Ringing(_) | Doing::OnCall(_) => self.members[member].going_home = true,
        }
    }

    fn leaves(&mut self, member: MemberNo) {
        let lines: Vec<LineNo> = std::mem::take(&mut self.members[member].joined)
            .into_iter()
            .collect();
        if !lines.is_empty() {
            self.tell(What::Left(member, lines));
        }
        let now = self.now;
        let someone = &mut self.members[member];
        someone.doing = Doing::Away;
        someone.since = now;
        someone.turn += 1;
        self.tell(What::WentHome(member));
        let later = between(&mut self.rng, 1_200_000, 3_600_000);
        self.put_in(later, Happening::ComesIn(member));
        self.lines_deserted();
    }

    pub(super) fn joins(&mut self, member: MemberNo, line: LineNo) {
        let someone = &mut self.members[member];
        if someone.is_in() && someone.joined.insert(line) {
            self.tell(What::Joined(member, vec![line]));
            self.finds_work(member);
        }
    }

    fn await_leaver(&mut self) {
        let gap = exponential(&mut self.rng, LEAVES_EVERY);
        self.put_in(gap, Happening::LeavesOne);
    }

    /// Somebody who serves several lines leaves one for some minutes.
    pub(super) fn leaves_one(&mut self) {
        self.await_leaver();
        let several: Vec<MemberNo> = (0..self.members.len())
            .filter(|&m| self.members[m].doing == Doing::Free && self.members[m].joined.len() > 1)
            .collect();
        if several.is_empty() {
            return;
        }
        let member = pick(&mut self.rng, &several);
        let line = self.rng.usize(0..LINES.len());
        if self.members[member].joined.remove(&line) {
            self.tell(What::Left(member, vec![line]));
            let later = between(&mut self.rng, 180_000, 420_000);
            self.put_in(later, Happening::Joins(member, line));
            self.lines_deserted();
        }
    }

    /// Takes up something else. A phone that rings is no news of its own.
    pub(super) fn turn(&mut self, member: MemberNo, doing: Doing) {
        let silent = |doing| matches!(doing, Doing::Free | Doing::Ringing(_));
        let now = self.now;
        let someone = &mut self.members[member];
        let before = std::mem::replace(&mut someone.doing, doing);
        someone.since = now;
        someone.turn += 1;
        if before != doing && !(silent(before) && silent(doing)) {
            self.tell(What::Turned(member, doing));
        }
    }

    pub(super) fn turns(&mut self, member: MemberNo, doing: Doing) {
        if self.members[member].doing != Doing::Free {
            return;
        }
        let length = match doing {
            Doing::Paused(pause) => {
                let (low, high) = pause.seconds();
                between(&mut self.rng, low * 1_000, high * 1_000)
            }
            _ => between(&mut self.rng, 60_000, 360_000),
        };
        self.turn(member, doing);
        self.back_in(member, length);
    }

    fn back_in(&mut self, member: MemberNo, after: Duration) {
        let turn = self.members[member].turn;
        self.put_in(after, Happening::IsBack(member, turn));
    }

    /// Puts a receiver down: something is left to be done after most calls.
    pub(super) fn after_call(&mut self, member: MemberNo, kind: Kind) {
        if kind == Kind::Internal {
            self.is_free(member);
            return;
        }
        self.turn(member, Doing::Busy(Work::WrapUp));
        let length = lognormal(&mut self.rng, WRAP_UP, 0.5);
        self.back_in(member, length);
    }

    pub(super) fn is_back(&mut self, member: MemberNo, turn: u32) {
        let someone = &self.members[member];
        if someone.turn != turn || someone.going_home {
            if someone.turn == turn {
                self.leaves(member);
            }
            return;
        }
        let wrapped_up = someone.doing == Doing::Busy(Work::WrapUp);
        let hungry = !someone.had_lunch;
        self.is_free(member);
        if !wrapped_up || self.members[member].doing != Doing::Free {
            return;
        }
        let next = match self.rng.u32(0..100) {
            0..=5 => Doing::Paused(Pause::Break),
            6..=7 if hungry => Doing::Paused(Pause::Lunch),
            8..=13 => Doing::Busy(Work::Mail),
            _ => return,
        };
        self.members[member].had_lunch |= next == Doing::Paused(Pause::Lunch);
        self.turns(member, next);
    }

    /// Takes the next call, or goes home where the shift is over.
    pub(super) fn is_free(&mut self, member: MemberNo) {
        if self.members[member].going_home {
            self.leaves(member);
        } else {
            self.turn(member, Doing::Free);
            self.finds_work(member);
        }
    }

    /// Whether the phone of somebody who could answer stays unanswered.
    pub(super) fn ignores(&mut self) -> bool {
        chance(&mut self.rng, 9)
    }
}
