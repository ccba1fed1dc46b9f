//! What goes to receivers: the offices' letters, in order and one after the
//! other, with the faults in force. No vendor documents a retry: what is not
//! accepted is lost, and counted. Knows no vendor: an [`Office`] makes the
//! letters.
//!
//! * `line`: one request over one connection
//! * `round`: carries the letters of all offices, for ever

mod line;
mod round;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use tokio::sync::watch;

use crate::{domain::time::At, emit};

use super::fault::{Faults, PushPlan, Ruin};

use line::NoAnswer;
pub use round::run;

/// How many events there were, and what became of them. Each ends in one of
/// `accepted`, `refused`, `failed`, `dropped` and `garbled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pushes {
    /// Up to when it is told; `None` before the receiver was there.
    #[serde(serialize_with = "as_text")]
    pub upto: Option<At>,
    /// Events so far.
    pub made: u64,
    /// Not settled yet.
    pub pending: u64,
    /// Answered with 2xx.
    pub accepted: u64,
    /// Answered with anything else.
    pub refused: u64,
    /// Nobody answered.
    pub failed: u64,
    /// Never sent: a fault.
    pub dropped: u64,
    /// Sent as garbage: a fault.
    pub garbled: u64,
    /// Sent a second time besides: a fault.
    pub repeated: u64,
}

impl Pushes {
    /// Whether all that happened until `upto` is settled.
    #[must_use]
    pub fn is_settled(&self, upto: At) -> bool {
        self.pending == 0 && self.upto.is_some_and(|told| told >= upto)
    }
}

#[expect(clippy::ref_option, reason = "serde hands it over so")]
fn as_text<S: serde::Serializer>(at: &Option<At>, to: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(to)
}

/// Where something happens that is pushed.
pub trait Office: Send {
    /// When the first letter may go.
    fn begins(&self) -> Begins;

    /// Lets time pass up to `now`; answers with what is to be sent, in order.
    fn bring_up(&mut self, now: At, faults: &Faults) -> Vec<Letter>;

    /// When something will happen next.
    fn next(&self) -> Option<At>;

    /// Something about them did not arrive.
    fn lost(&mut self, about: &About);
}

/// When an office begins to tell what happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Now.
    Now,
    /// When somebody listens at this address for the first time.
    WithReceiver(SocketAddr),
    /// When somebody has asked for it.
    WhenAsked,
}

/// Whom or what an event is about, in an office's own numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its people.
    pub members: Vec<usize>,
    /// A call and its id.
    pub call: Option<(u64, String)>,
}

/// What events were lost about.
#[derive(Clone, Debug, Default)]
pub struct Missed {
    /// How many about somebody.
    pub members: BTreeMap<usize, u64>,
    /// Calls with their ids.
    pub calls: BTreeMap<u64, String>,
}

impl Missed {
    /// One more.
    pub fn note(&mut self, about: &About) {
        for member in &about.members {
            *self.members.entry(*member).or_default() += 1;
        }
        if let Some((no, id)) = &about.call {
            self.calls.insert(*no, id.clone());
        }
    }
}

/// An event on its way.
pub struct Letter {
    /// When it happened.
    pub at: At,
    /// Whom it is about.
    pub about: About,
    /// Who gets it.
    pub to: SocketAddr,
    /// The path there, and the query where the address has one.
    pub path: String,
    /// What is sent.
    pub request: emit::Request,
    /// What it suffers.
    pub plan: PushPlan,
}

impl Letter {
    /// The same, with garbage in place of what was to be sent where the plan
    /// says so.
    #[must_use]
    pub fn spoilt(mut self) -> Self {
        if let Some(Ruin::Garbage(which)) = self.plan.ruin {
            garbage(&mut self.request, which);
        }
        self
    }
}

/// Puts something in the place of what was to be sent.
fn garbage(request: &mut emit::Request, which: u64) {
    let spoilt = if request.method == "GET" {
        &mut request.query
    } else {
        &mut request.body
    };
    *spoilt = match which % 5 {
        0 => spoilt.chars().take(spoilt.chars().count() / 2).collect(),
        1 => String::new(),
        2 => "%00%ff%fe&&&==&%".to_owned(),
        3 => "[[[[{\"event\":{\"event\":[null,1e400]}}".to_owned(),
        _ => "\u{1b}]0;call:ring\u{7}".escape_unicode().to_string(),
    };
}

/// A request that the receiver acknowledged: it owes to know of it for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The path it went to, and the query where the address has one.
    pub path: String,
    /// What was sent.
    pub request: emit::Request,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was sent; the status, if any.
    Answered(Result<u16, NoAnswer>),
    /// It was never sent.
    Dropped,
    /// Garbage was sent in its place.
    Garbled,
}

/// An office and the counts of what it pushed, shared by who pushes and who
/// is asked.
pub struct Post<O> {
    office: Mutex<O>,
    counts: watch::Sender<Pushes>,
}

impl<O: Office> Post<O> {
    /// Nothing pushed yet.
    pub fn new(office: O) -> Self {
        Self {
            office: Mutex::new(office),
            counts: watch::Sender::default(),
        }
    }

    /// The office.
    pub fn office(&self) -> MutexGuard<'_, O> {
        self.office.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counts, now and whenever they change.
    pub fn counts(&self) -> watch::Receiver<Pushes> {
        self.counts.subscribe()
    }
}

/// A post as its carrier sees it, whatever the office.
pub trait Outbox: Send + Sync {
    /// As [`Office::begins`].
    fn begins(&self) -> Begins;

    /// As [`Office::bring_up`]; counts what comes.
    fn bring_up(&self, now: At, faults: &Faults) -> Vec<Letter>;

    /// As [`Office::next`].
    fn next(&self) -> Option<At>;

    /// Something went a second time.
    fn repeated(&self);

    /// What became of a letter.
    fn settled(&self, fate: Fate, about: &About);
}

impl<O: Office> Outbox for Post<O> {
    fn begins(&self) -> Begins {
        self.office().begins()
    }

    fn bring_up(&self, now: At, faults: &Faults) -> Vec<Letter> {
        let letters = self.office().bring_up(now, faults);
        self.counts.send_if_modified(|counts| {
            counts.made += letters.len() as u64;
            counts.pending += letters.len() as u64;
            counts.upto.replace(now) != Some(now) || !letters.is_empty()
        });
        letters
    }

    fn next(&self) -> Option<At> {
        self.office().next()
    }

    fn repeated(&self) {
        self.counts.send_modify(|counts| counts.repeated += 1);
    }

    fn settled(&self, fate: Fate, about: &About) {
        if !matches!(fate, Fate::Answered(Ok(200..=299))) {
            self.office().lost(about);
        }
        self.counts.send_modify(|counts| {
            counts.pending -= 1;
            *match fate {
                Fate::Answered(Ok(200..=299)) => &mut counts.accepted,
                Fate::Answered(Ok(_)) => &mut counts.refused,
                Fate::Answered(Err(NoAnswer)) => &mut counts.failed,
                Fate::Dropped => &mut counts.dropped,
                Fate::Garbled => &mut counts.garbled,
            } += 1;
        });
    }
}
