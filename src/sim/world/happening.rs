//! What can happen in the world, and what follows from it. Everything draws
//! from the one generator in the order of the agenda, so the day is the same
//! however it is stepped through.

use std::time::Duration;

use crate::domain::time::At;

use super::{
    QUEUES, QueueNo, World,
    call::{Call, CallNo, Mood, Stage},
    day::millis,
    draw::{between, chance, exponential, lognormal, pick},
    people,
    staff::{AgentNo, Pause, Presence},
};

/// Something that is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happening {
    /// Somebody may call; whether they do depends on the hour.
    MayArrive(QueueNo),
    /// Many call at once for a while.
    RushBegins(QueueNo),
    RushEnds(QueueNo),
    LosesPatience(CallNo),
    AsksForCallback(CallNo),
    /// An agent lifts the receiver, if it still rings with this call.
    Answers(AgentNo, CallNo),
    HangsUp(AgentNo),
    /// Wrap-up or a pause is over.
    IsBack(AgentNo),
    ShiftBegins(AgentNo),
    ShiftEnds(AgentNo),
}

const HOUR: Duration = Duration::from_hours(1);
/// The most that a rush multiplies arrivals by.
const WORST_RUSH: f64 = 3.0;
/// How far apart a queue's rushes are, on average.
const RUSH_EVERY: Duration = Duration::from_mins(150);
/// How long people wait before they hang up, on average.
const PATIENCE: Duration = Duration::from_mins(9);
const TALK: Duration = Duration::from_secs(150);
const WRAP_UP: Duration = Duration::from_secs(18);

impl World {
    /// Puts the first of everything on the agenda. A small rush is timed for
    /// `start`, so that the first look finds people waiting.
    pub(super) fn begin(&mut self, start: At) {
        for queue in 0..QUEUES.len() {
            self.await_arrival(queue);
        }
        for queue in 1..QUEUES.len() {
            self.await_rush(queue);
        }
        let early = millis(between(&mut self.rng, 120_000, 200_000));
        self.put(start.shift(-early), Happening::RushBegins(0));
        for agent in 0..self.agents.len() {
            let (from, to) = self.agents[agent].shift;
            self.agents[agent].since = self.now;
            if self.day.is_between(self.now, from, to) {
                self.come_in(agent);
            }
            self.put(self.day.next(self.now, from), Happening::ShiftBegins(agent));
            self.put(self.day.next(self.now, to), Happening::ShiftEnds(agent));
        }
    }

    pub(super) fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::MayArrive(queue) => self.may_arrive(queue),
            Happening::RushBegins(queue) => self.rush_begins(queue),
            Happening::RushEnds(queue) => {
                self.lines[queue].rush = None;
                self.await_rush(queue);
            }
            Happening::LosesPatience(call) => self.loses_patience(call),
            Happening::AsksForCallback(call) => self.asks_for_callback(call),
            Happening::Answers(agent, call) => self.answers(agent, call),
            Happening::HangsUp(agent) => self.hangs_up(agent),
            Happening::IsBack(agent) => self.is_back(agent),
            Happening::ShiftBegins(agent) => {
                let shift = self.agents[agent].shift.0;
                self.put(
                    self.day.next(self.now, shift),
                    Happening::ShiftBegins(agent),
                );
                if self.agents[agent].presence == Presence::LoggedOut {
                    self.come_in(agent);
                    self.find_work(agent);
                }
            }
            Happening::ShiftEnds(agent) => {
                let shift = self.agents[agent].shift.1;
                self.put(self.day.next(self.now, shift), Happening::ShiftEnds(agent));
                self.shift_ends(agent);
            }
        }
    }

    fn put(&mut self, at: At, happening: Happening) {
        self.agenda.put(at, happening);
    }

    fn put_in(&mut self, after: Duration, happening: Happening) {
        self.put(self.now.plus(after), happening);
    }

    // Callers.

    /// The next moment at which somebody may call: as if it were the busiest
    /// hour of the worst rush; [`World::may_arrive`] thins that out.
    fn await_arrival(&mut self, queue: QueueNo) {
        let most = QUEUES[queue].calls_per_hour * WORST_RUSH;
        let gap = exponential(&mut self.rng, HOUR.div_f64(most));
        self.put_in(gap, Happening::MayArrive(queue));
    }

    fn may_arrive(&mut self, queue: QueueNo) {
        let rush = self.lines[queue].rush.unwrap_or(1.0);
        if self.rng.f64() < self.day.busy(self.now) * rush / WORST_RUSH {
            self.arrives(queue);
        }
        self.await_arrival(queue);
    }

    fn arrives(&mut self, queue: QueueNo) {
        self.lines[queue].tally.arrived += 1;
        let no = self.agenda.number();
        let vip = chance(&mut self.rng, 5);
        let call = Call {
            no,
            salt: self.rng.u64(..),
            queue,
            who: people::somebody(&mut self.rng),
            mood: if vip { Mood::Vip } else { Mood::Waiting },
            stage: Stage::InQueue,
            entered: self.now,
        };
        let patience = exponential(&mut self.rng, PATIENCE) + Duration::from_secs(4);
        self.put_in(patience, Happening::LosesPatience(no));
        if !vip && chance(&mut self.rng, 25) {
            // The announcement offers it after a while.
            let after = between(&mut self.rng, 45_000, 120_000);
            self.put_in(after, Happening::AsksForCallback(no));
        }
        self.calls.insert(no, call);
        self.find_agent(queue, no);
    }

    fn loses_patience(&mut self, no: CallNo) {
        let Some(call) = self.calls.get(&no) else {
            return;
        };
        // Who wants to be called back has hung up already.
        if call.mood == Mood::WantsCallback || call.answered().is_some() {
            return;
        }
        let (queue, stage) = (call.queue, call.stage);
        self.lines[queue].tally.abandoned += 1;
        self.book.missed(call, self.now);
        self.calls.remove(&no);
        if let Stage::Ringing { agent } = stage {
            self.is_free(agent);
        }
    }

    fn asks_for_callback(&mut self, no: CallNo) {
        if let Some(call) = self.calls.get_mut(&no)
            && call.stage == Stage::InQueue
        {
            call.mood = Mood::WantsCallback;
            self.lines[call.queue].tally.asked_callback += 1;
            self.book.asked(call, self.now);
        }
    }

    fn await_rush(&mut self, queue: QueueNo) {
        let gap = exponential(&mut self.rng, RUSH_EVERY);
        self.put_in(gap, Happening::RushBegins(queue));
    }

    fn rush_begins(&mut self, queue: QueueNo) {
        let line = &mut self.lines[queue];
        if line.rush.is_some() {
            return;
        }
        line.rush = Some(1.8 + self.rng.f64() * (WORST_RUSH - 1.8));
        let length = between(&mut self.rng, 180_000, 420_000);
        self.put_in(length, Happening::RushEnds(queue));
    }

    // Agents.

    /// Rings the agent who has been free longest, if one is.
    fn find_agent(&mut self, queue: QueueNo, call: CallNo) {
        let free = (0..self.agents.len())
            .filter(|&agent| self.agents[agent].can_take(queue))
            .min_by_key(|&agent| (self.agents[agent].since, agent));
        if let Some(agent) = free {
            self.ring(agent, call);
        }
    }

    /// Rings a free agent with the caller who is next: VIP callers first, then
    /// whoever has waited longest in the agent's queues.
    fn find_work(&mut self, agent: AgentNo) {
        let queues = self.agents[agent].queues;
        let next = self
            .calls
            .values()
            .filter(|call| call.stage == Stage::InQueue && queues.contains(&call.queue))
            .min_by_key(|call| (call.mood != Mood::Vip, call.entered, call.no))
            .map(|call| call.no);
        if let Some(call) = next {
            self.ring(agent, call);
        }
    }

    fn ring(&mut self, agent: AgentNo, no: CallNo) {
        if let Some(call) = self.calls.get_mut(&no) {
            call.stage = Stage::Ringing { agent };
        }
        self.agents[agent].turn(Presence::Ringing(no), self.now);
        let rings = between(&mut self.rng, 2_000, 8_000);
        self.put_in(rings, Happening::Answers(agent, no));
    }

    fn answers(&mut self, agent: AgentNo, no: CallNo) {
        if self.agents[agent].presence != Presence::Ringing(no) {
            return;
        }
        let Some(call) = self.calls.get_mut(&no) else {
            return;
        };
        call.stage = Stage::Answered {
            agent,
            at: self.now,
            listed_until: self.now.plus(between(&mut self.rng, 1_500, 4_000)),
        };
        self.lines[call.queue].tally.answered += 1;
        self.book.answered(no, self.now);
        self.agents[agent].turn(Presence::OnCall(no), self.now);
        let talk = lognormal(&mut self.rng, TALK, 0.7) + Duration::from_secs(10);
        self.put_in(talk, Happening::HangsUp(agent));
    }

    fn hangs_up(&mut self, agent: AgentNo) {
        if let Presence::OnCall(no) = self.agents[agent].presence {
            self.calls.remove(&no);
            self.book.hung_up(no, self.now);
            self.agents[agent].turn(Presence::WrapUp, self.now);
            let work = lognormal(&mut self.rng, WRAP_UP, 0.5);
            self.put_in(work, Happening::IsBack(agent));
        }
    }

    /// After wrap-up or a pause: to lunch, to a break, or on.
    fn is_back(&mut self, agent: AgentNo) {
        let presence = self.agents[agent].presence;
        if !matches!(presence, Presence::WrapUp | Presence::Paused(_)) {
            return;
        }
        if let Some(pause) = self.wants_pause(agent, presence) {
            self.agents[agent].had_lunch |= pause == Pause::Lunch;
            self.agents[agent].turn(Presence::Paused(pause), self.now);
            let (low, high) = pause.minutes();
            let length = between(&mut self.rng, low * 60_000, high * 60_000);
            self.put_in(length, Happening::IsBack(agent));
        } else {
            self.is_free(agent);
        }
    }

    /// Takes the next call, or goes home where the shift is over.
    fn is_free(&mut self, agent: AgentNo) {
        if self.agents[agent].going_home {
            self.agents[agent].turn(Presence::LoggedOut, self.now);
        } else {
            self.agents[agent].turn(Presence::Free, self.now);
            self.find_work(agent);
        }
    }

    fn wants_pause(&mut self, agent: AgentNo, from: Presence) -> Option<Pause> {
        if from != Presence::WrapUp || self.agents[agent].going_home {
            return None;
        }
        let someone = &self.agents[agent];
        let lunch_time = someone
            .lunch()
            .is_some_and(|(from, to)| self.day.is_between(self.now, from, to));
        if lunch_time && !someone.had_lunch && chance(&mut self.rng, 25) {
            return Some(Pause::Lunch);
        }
        let why = [Pause::Break, Pause::Break, Pause::Meeting];
        chance(&mut self.rng, 4).then(|| pick(&mut self.rng, &why))
    }

    fn come_in(&mut self, agent: AgentNo) {
        let someone = &mut self.agents[agent];
        someone.going_home = false;
        someone.had_lunch = false;
        someone.turn(Presence::Free, self.now);
    }

    fn shift_ends(&mut self, agent: AgentNo) {
        match self.agents[agent].presence {
            Presence::Free | Presence::Paused(_) => {
                self.agents[agent].turn(Presence::LoggedOut, self.now);
            }
            Presence::LoggedOut => {}
            Presence::Ringing(_) | Presence::OnCall(_) | Presence::WrapUp => {
                self.agents[agent].going_home = true;
            }
        }
    }
}
