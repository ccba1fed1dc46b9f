//! What came of a call: whom it missed, and which numbers it reached.

use std::{sync::Arc, time::Duration};

use super::{Call, Leg};
use crate::domain::{
    departure::Departure,
    event::Strand,
    id::{ExtensionId, QueueId},
    time::At,
};

/// A call that nobody answered, and whose caller is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Where the caller gave up.
    pub place: MissedAt,
    /// When.
    pub at: At,
    /// How long they waited there; `None` where that was not told.
    pub waited: Option<Duration>,
    /// Their number, as sent.
    pub number: Option<Arc<str>>,
}

/// Where a call was missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissedAt {
    /// In a queue.
    Queue(QueueId),
    /// In a voice menu.
    Menu(ExtensionId),
}

impl Call {
    /// Whether and where it was missed: a queue call whose caller left, or a
    /// hang-up with `Bridged=no` in a voice menu (Telphin), that nobody
    /// answered. Invented calls too: who counts leaves them out.
    #[must_use]
    pub fn missed(&self) -> Option<Missed> {
        let ended = self.ended()?;
        let was_bridged = |leg: &Leg| leg.facts.bridged == Some(true);
        if self.answered().is_some() || self.legs.values().any(was_bridged) {
            return None;
        }
        let number = self.fact(|f| f.number.as_ref()).cloned();
        if let Some(stay) = self.stay() {
            let (how, at) = stay.gone?;
            return (how == Departure::Left).then_some(Missed {
                place: MissedAt::Queue(stay.queue),
                at,
                waited: stay.waited,
                number,
            });
        }
        let menus = self.legs.values().filter(|leg| leg.is(Strand::Menu));
        let menu = menus
            .filter(|leg| leg.facts.bridged == Some(false))
            .max_by_key(|leg| leg.first())?;
        Some(Missed {
            place: MissedAt::Menu(menu.facts.extension.clone()?),
            at: ended,
            waited: menu.began().map(|began| ended.since(began)),
            number,
        })
    }

    /// The customers' numbers, as sent, that somebody talked with, and when
    /// each last answered or was answered.
    pub(in crate::domain) fn reached(&self) -> Vec<(&Arc<str>, At)> {
        let mut reached: Vec<(&Arc<str>, At)> = Vec::new();
        for leg in self.legs.values() {
            let Some((number, at)) = self.customer(leg).zip(leg.answer()) else {
                continue;
            };
            match reached.iter_mut().find(|(known, _)| *known == number) {
                Some((_, last)) => *last = at.max(*last),
                None => reached.push((number, at)),
            }
        }
        reached
    }

    /// The customer's number on a leg that was answered: who is called on the
    /// way out, who calls on the way in. A leg that is at nobody's phone was
    /// answered by a machine.
    fn customer<'a>(&'a self, leg: &'a Leg) -> Option<&'a Arc<str>> {
        let facts = &leg.facts;
        let kind = match facts.strand {
            Some(_) => facts.kind.as_deref(),
            None => self.kind(),
        };
        if facts.forwarded == Some(true) {
            return self.fact(|f| f.number.as_ref());
        }
        let is_at_phone = facts.to_agent.is_some() || facts.to_device.is_some();
        match kind?.to_ascii_lowercase().as_str() {
            "inbound" | "queue" if is_at_phone => {
                let own = facts.number.as_ref().filter(|_| facts.strand.is_some());
                own.or_else(|| self.fact(|f| f.number.as_ref()))
            }
            "outbound" if !is_at_phone => {
                let own = facts.to.as_ref();
                own.or_else(|| self.fact(|f| f.to.as_ref()))
            }
            _ => None,
        }
    }
}
