//! Calls told by the strands of extensions (Telphin): a caller in a voice menu
//! or a queue, a queue that calls a phone, and the phone's own word on the
//! same ring. An end that is lost is made up for by what else was told.

use std::time::Duration;

use super::{Call, Leg, Stay};
use crate::domain::{
    departure::Departure,
    event::Strand,
    id::{AgentId, LegId, QueueId},
    time::At,
};

/// How far apart two legs may begin that tell of one ring: what the queue says
/// and what the phone says, or a repeat under another id.
const TOGETHER: Duration = Duration::from_secs(5);

impl Call {
    /// Whether it is told by the strands of extensions.
    #[must_use]
    pub fn has_strands(&self) -> bool {
        self.legs.values().any(|leg| leg.facts.strand.is_some())
    }

    fn legs_of(&self, strand: Strand) -> impl Iterator<Item = (&LegId, &Leg)> {
        self.legs.iter().filter(move |(_, leg)| leg.is(strand))
    }

    /// When a leg ended of whose end nothing was told.
    pub(super) fn silent_end(&self, id: &LegId, leg: &Leg) -> Option<At> {
        let began = leg.began()?;
        let later = |end: &At| *end > began;
        // Its twin's end is its own.
        let twins = self.legs.iter().filter(|(other, twin)| {
            // Of one that only ended nobody knows when it began.
            let near = |at| is_near(at, began) || twin.end() == Some(at);
            *other != id && leg.is_twin(twin) && twin.began().is_some_and(near)
        });
        let twins = twins.filter_map(|(_, twin)| twin.end()).filter(later);
        twins.min().or_else(|| match leg.facts.strand? {
            Strand::Menu => self.left_menu(began),
            Strand::QueueIn => self.talked_out(leg, began),
            Strand::QueueOut | Strand::Phone => {
                let ends = [
                    self.hung_up(leg, began),
                    self.answered_elsewhere(leg, began),
                ];
                ends.into_iter().flatten().min()
            }
        })
    }

    /// Whoever went on from a voice menu has left it at the latest when all
    /// that came after is over.
    fn left_menu(&self, began: At) -> Option<At> {
        let mut last = None;
        let after = self.legs.iter().filter(|(_, leg)| !leg.is(Strand::Menu));
        for (id, leg) in after.filter(|(_, leg)| leg.began() >= Some(began)) {
            last = last.max(Some(self.end_of(id, leg)?));
        }
        last
    }

    /// Whom a queue has connected is gone from it when that talk is over.
    fn talked_out(&self, queue: &Leg, began: At) -> Option<At> {
        let talks = self.legs_of(Strand::QueueOut).filter(|(_, leg)| {
            leg.facts.extension == queue.facts.extension && leg.answer() >= Some(began)
        });
        talks.filter_map(|(_, leg)| leg.end()).max()
    }

    /// A queue stops calling phones when the caller is gone from it.
    fn hung_up(&self, leg: &Leg, began: At) -> Option<At> {
        let queue = leg.facts.queue.as_ref()?;
        let callers = self.legs_of(Strand::QueueIn);
        let callers = callers.filter(|(_, caller)| {
            caller.facts.queue.as_ref() == Some(queue) && caller.began() <= Some(began)
        });
        let ends = callers.filter_map(|(_, caller)| caller.end());
        ends.filter(|end| *end >= began).min()
    }

    /// A phone stops ringing when another one was answered.
    fn answered_elsewhere(&self, leg: &Leg, began: At) -> Option<At> {
        let called = leg.facts.to_agent.as_ref().filter(|_| leg.only_rang())?;
        let here = |other: &Leg| other.facts.to_agent.as_ref() == Some(called);
        // Its own answer is lost, not the race.
        let mut answers = self.legs.values().filter(|leg| leg.answer().is_some());
        if answers.any(|other| here(other) && other.answer() >= Some(began)) {
            return None;
        }
        let others = self.legs.values().filter(|other| !here(other));
        let answers = others.filter_map(Leg::answer);
        answers.filter(|at| *at >= began).min()
    }

    /// Whether it came through a voice menu.
    pub(super) fn was_in_menu(&self) -> bool {
        self.legs_of(Strand::Menu).next().is_some()
    }

    /// Whether it was nowhere else.
    #[must_use]
    pub fn was_only_in_menu(&self) -> bool {
        self.was_in_menu() && self.legs.values().all(|leg| leg.is(Strand::Menu))
    }

    /// How long it waited, or waits: in its last queue, else since anything
    /// but a voice menu told of it; nobody waits in a menu.
    pub(super) fn wait_by_strand(&self, now: At) -> Option<Duration> {
        if let Some(stay) = self.stays().pop() {
            let waits = || stay.entered.map(|entered| now.since(entered));
            return match stay.gone {
                Some(_) => stay.waited,
                None => waits(),
            };
        }
        let rest = self.legs.values().filter(|leg| !leg.is(Strand::Menu));
        let began = rest.filter_map(Leg::began).min()?;
        let until = self.answered().or_else(|| self.ended()).unwrap_or(now);
        Some(until.since(began))
    }

    /// The stays in queues, one after the other: moving on to another queue is
    /// the same stay, coming back after an answer is another.
    pub(super) fn stays_by_strand(&self) -> Vec<Stay> {
        let mut callers: Vec<(&LegId, &Leg)> = self.legs_of(Strand::QueueIn).collect();
        callers.sort_by_key(|(id, leg)| (leg.first(), *id));
        let mut stays: Vec<(At, Stay)> = Vec::new();
        for (id, leg) in callers {
            let (Some(queue), Some(began)) = (&leg.facts.queue, self.came_to_queue(leg)) else {
                continue;
            };
            let ended = self.end_of(id, leg);
            let last = stays.pop();
            let moved = last.as_ref().map(|(since, _)| *since).filter(|since| {
                let answers = self.legs.values().filter_map(Leg::answer);
                let mut between = answers.filter(|at| at >= since && *at <= began);
                let bridged = last.as_ref().is_some_and(|(_, stay)| stay.was_answered());
                between.next().is_none() && !bridged
            });
            if moved.is_none() {
                stays.extend(last);
            }
            let since = moved.unwrap_or(began);
            stays.push((since, self.stay_by_strand(leg, queue, since, ended)));
        }
        if stays.is_empty() {
            return self.unseen_stay().into_iter().collect();
        }
        stays.into_iter().map(|(_, stay)| stay).collect()
    }

    /// When a caller came into a queue; where that was lost, when the queue
    /// first told of them.
    fn came_to_queue(&self, caller: &Leg) -> Option<At> {
        if let Some(start) = caller.start() {
            return Some(start.at);
        }
        let told = self
            .legs
            .values()
            .filter(|leg| leg.facts.queue.is_some() && leg.facts.queue == caller.facts.queue);
        told.filter_map(Leg::began).min()
    }

    /// The stay of a caller of whom no more is known than that a queue called
    /// phones.
    fn unseen_stay(&self) -> Option<Stay> {
        let of_queue = || self.legs.values().filter(|leg| leg.facts.queue.is_some());
        let first = of_queue().min_by_key(|leg| leg.first())?;
        let answered = of_queue().filter_map(Leg::answer).min();
        let left = || Some((Departure::Left, self.ended()?));
        Some(Stay {
            queue: first.facts.queue.clone()?,
            entered: None,
            answered,
            gone: answered.map(|at| (Departure::Answered, at)).or_else(left),
            waited: None,
        })
    }

    fn stay_by_strand(&self, leg: &Leg, queue: &QueueId, since: At, ended: Option<At>) -> Stay {
        let was_bridged = leg.facts.bridged == Some(true);
        let answers = self.legs.values().filter_map(Leg::answer);
        let answered = answers
            .filter(|at| *at >= since)
            .filter(|at| was_bridged || ended.is_none_or(|ended| *at <= ended))
            .min();
        let lost = ended.filter(|_| was_bridged).map(|ended| {
            let talk = leg.facts.talk.unwrap_or_default();
            let talk = i64::try_from(talk.as_millis()).unwrap_or_default();
            (ended.shift(-talk), leg.facts.talk.is_some())
        });
        let gone = match (answered, lost, ended) {
            (Some(at), ..) | (None, Some((at, _)), _) => Some((Departure::Answered, at)),
            (None, None, Some(at)) => Some((Departure::Left, at)),
            (None, None, None) => None,
        };
        // Of an answer that nobody heard, and whose talk was not measured,
        // the time is not known.
        let is_told = leg.start().is_some() && (answered.is_some() || lost.is_none_or(|l| l.1));
        let waited = gone.filter(|_| is_told).map(|(_, at)| at.since(since));
        let is_timed = leg.start().is_some_and(|start| !start.guessed);
        Stay {
            queue: queue.clone(),
            entered: Some(since).filter(|_| is_timed),
            answered,
            gone,
            waited,
        }
    }
}

impl Leg {
    /// Whether it is this agent's phone that calls.
    pub(in crate::domain) fn dials(&self, agent: &AgentId) -> bool {
        let facts = &self.facts;
        facts.strand.is_some()
            && facts.to_agent.is_none()
            && facts.from_agent.as_ref() == Some(agent)
    }

    /// Whether it is one of an extension's strands, and was answered.
    pub(super) fn is_answered_strand(&self) -> bool {
        self.facts.strand.is_some() && self.answer().is_some()
    }

    /// Whether both tell of one ring at a phone, or of one caller at a place.
    fn is_twin(&self, other: &Self) -> bool {
        let (one, two) = (&self.facts, &other.facts);
        let callers = [Strand::Menu, Strand::QueueIn].map(Some);
        if callers.contains(&one.strand) || callers.contains(&two.strand) {
            return one.strand == two.strand && one.extension == two.extension;
        }
        one.to_agent.is_some() && one.to_agent == two.to_agent
    }
}

impl Stay {
    fn was_answered(&self) -> bool {
        matches!(self.gone, Some((Departure::Answered, _)))
    }
}

fn is_near(one: At, other: At) -> bool {
    one.since(other) + other.since(one) <= TOGETHER
}
