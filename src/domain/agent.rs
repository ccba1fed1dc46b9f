//! An agent as events tell of them. What they say of themselves (checked in,
//! paused, at calls) carries no time and counts in the order it came; the
//! calls at their phones carry times and count by those. State, since when,
//! and the timeline are worked out from both. Pure.

mod said;
mod standing;
mod timeline;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    event::AgentNews,
    id::{AgentId, CallId, LegId, QueueId},
    seq::Seq,
    time::At,
};
use said::Said;
use standing::Worked;
pub use standing::{AgentState, Standing};
pub use timeline::Turn;

/// Words of an agent that are remembered, for the timeline.
const SAID_KEPT: usize = 24;
/// Legs at an agent's phone that are remembered.
const SPANS_KEPT: usize = 24;

/// An agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// Their id.
    pub id: AgentId,
    /// The device they checked in with.
    pub device: Option<Arc<str>>,
    /// Its name.
    pub device_name: Option<Arc<str>>,
    /// The queues they have joined, as far as was heard.
    pub queues: BTreeSet<QueueId>,
    /// Whether those are all: nobody tells of queues joined before the first
    /// event.
    pub queues_known: bool,
    /// Since when they are checked in without any queue, if they are.
    pub queueless: Option<At>,
    /// Whether they are a phone of which nothing but calls is told (Telphin):
    /// it is free when it has none, and is never checked in, out or paused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub phone: bool,
    /// When they were last heard of, by our clock.
    pub heard: At,
    /// The last entry that told of them, or of a call of theirs.
    pub touched: Seq,
    said: VecDeque<Said>,
    #[serde(with = "spans")]
    spans: BTreeMap<(CallId, LegId), Span>,
    today: Today,
    /// Worked out from the above when somebody asks.
    #[serde(skip)]
    standing: Worked,
}

/// A leg at an agent's phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// When it began to ring.
    pub rang: Option<At>,
    /// When it was answered.
    pub answered: Option<At>,
    /// When it ended.
    pub ended: Option<At>,
    /// The last entry that told of it.
    pub touched: Seq,
    /// Whether our own injector told of its call.
    #[serde(default)]
    pub injected: bool,
}

/// Calls of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Today {
    day: Option<Date>,
    calls: u32,
}

impl Agent {
    /// An agent of whom nothing is known.
    #[must_use]
    pub fn new(id: AgentId) -> Self {
        Self {
            id,
            device: None,
            device_name: None,
            queues: BTreeSet::new(),
            queues_known: false,
            queueless: None,
            phone: false,
            heard: At::default(),
            touched: 0,
            said: VecDeque::new(),
            spans: BTreeMap::new(),
            today: Today::default(),
            standing: Worked::default(),
        }
    }

    /// Takes news of them in.
    pub(super) fn hear(&mut self, news: &AgentNews, injected: bool, seq: Seq, received: At) {
        self.touch(seq, received);
        let before = self.said.back();
        let said = Said::after(before, news, injected, seq, received);
        if said.leaves_queues(before) {
            self.queues.clear();
            self.queueless = None;
        }
        match self.said.back_mut() {
            // The same again: still so.
            Some(last) if last.agrees(&said) && !said.anew => {
                last.seq = said.seq;
                last.injected &= said.injected;
            }
            _ => self.said.push_back(said),
        }
        if self.said.len() > SAID_KEPT {
            self.said.pop_front();
        }
        self.place(news);
        let is_queueless =
            self.is_in() == Some(true) && self.queues_known && self.queues.is_empty();
        self.queueless = is_queueless.then(|| self.queueless.unwrap_or(received));
        self.settle();
    }

    /// Device and queues.
    fn place(&mut self, news: &AgentNews) {
        match news {
            AgentNews::CheckedIn {
                device,
                device_name,
            } => {
                self.device.clone_from(device);
                self.device_name.clone_from(device_name);
                self.queues_known = true;
            }
            AgentNews::CheckedOut => {
                self.device = None;
                self.device_name = None;
                self.queues.clear();
                self.queues_known = true;
            }
            AgentNews::Joined(queues) => self.queues.extend(queues.iter().cloned()),
            AgentNews::Left(queues) => {
                for queue in queues {
                    self.queues.remove(queue);
                }
            }
            AgentNews::Status { .. } => {}
        }
    }

    /// Takes in how a leg at their phone stands; `None` if it is not theirs
    /// after all.
    pub(super) fn put_span(&mut self, call: &CallId, leg: &LegId, span: Option<Span>) {
        let key = (call.clone(), leg.clone());
        let before = match span {
            Some(span) => self.spans.insert(key, span),
            None => self.spans.remove(&key),
        };
        if before == span {
            return;
        }
        if self.spans.len() > SPANS_KEPT {
            // Of those that have ended the first that did, else the oldest.
            let age = |span: &Span| (span.ended.is_none(), span.ended.max(span.rang));
            let oldest = self
                .spans
                .iter()
                .min_by_key(|(key, span)| (age(span), *key));
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                self.spans.remove(&key);
            }
        }
        self.settle();
    }

    /// Marks that an entry told of them.
    pub(super) fn touch(&mut self, seq: Seq, received: At) {
        self.touched = self.touched.max(seq);
        self.heard = self.heard.max(received);
    }

    /// Counts an answered call on `day`, or takes one back.
    pub(super) fn count(&mut self, day: Date, back: bool) {
        let today = &mut self.today;
        if back {
            if today.day == Some(day) {
                today.calls = today.calls.saturating_sub(1);
            }
        } else if today.day.is_none_or(|kept| kept < day) {
            *today = Today {
                day: Some(day),
                calls: 1,
            };
        } else if today.day == Some(day) {
            today.calls = today.calls.saturating_add(1);
        }
    }

    /// How many calls they have answered, or made that were, on `day`: a call
    /// counts once, whatever its legs. Days but the last are not known.
    #[must_use]
    pub fn calls_on(&self, day: Date) -> Option<u32> {
        match self.today.day {
            Some(kept) if kept == day => Some(self.today.calls),
            Some(kept) if kept > day => None,
            _ => Some(0),
        }
    }

    /// How they stand.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        self.standing.get(self)
    }

    /// Whether they are checked in, as far as that was heard.
    #[must_use]
    pub fn is_in(&self) -> Option<bool> {
        self.said.back()?.login
    }

    /// Whether they say that they are at calls, and when they first said so.
    #[must_use]
    pub fn in_calls(&self) -> Option<(bool, At)> {
        let last = self.said.back()?.in_calls?;
        let first = self
            .said
            .iter()
            .rev()
            .take_while(|s| s.in_calls == Some(last));
        Some((last, first.last()?.at))
    }

    /// The same without what our own injector sent; `None` if nothing else is
    /// known of them. Which queues it had them join or leave is not told apart.
    #[must_use]
    pub fn real(&self) -> Option<Cow<'_, Self>> {
        let said = self.said.iter().map(|said| said.injected);
        let mut made = said.chain(self.spans.values().map(|span| span.injected));
        if !made.any(|injected| injected) {
            return Some(Cow::Borrowed(self));
        }
        let mut real = self.clone();
        real.said.retain(|said| !said.injected);
        real.spans.retain(|_, span| !span.injected);
        if real.said.is_empty() {
            if real.spans.is_empty() {
                return None;
            }
            // Who never spoke is at no device and in no queue.
            (real.device, real.device_name) = (None, None);
            (real.queues, real.queues_known) = (BTreeSet::new(), false);
            real.queueless = None;
        }
        real.settle();
        Some(Cow::Owned(real))
    }

    /// Legs at their phone, the last few, in no useful order.
    pub fn spans(&self) -> impl Iterator<Item = (&CallId, &LegId, &Span)> {
        self.spans
            .iter()
            .map(|((call, leg), span)| (call, leg, span))
    }
}

/// A map whose keys are no text, as a list.
mod spans {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{CallId, LegId, Span};

    type Spans = BTreeMap<(CallId, LegId), Span>;

    pub fn serialize<S: Serializer>(spans: &Spans, to: S) -> Result<S::Ok, S::Error> {
        spans.iter().collect::<Vec<_>>().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Spans, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}
