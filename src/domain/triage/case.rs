//! What was done to one callback, and where that leaves it.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    LEASE,
    act::{Act, Added, Deed, Outcome},
};
use crate::domain::{seq::Seq, time::At};

/// What was done to one subject, and where that leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    pub(super) done: Vec<Done>,
    /// The last claim that was won and not given back; may have run out.
    pub claim: Option<Claim>,
    /// Notes, oldest first.
    pub notes: Vec<Note>,
    /// How the last call went.
    pub outcome: Option<(Outcome, Arc<str>, At)>,
    /// How often it was tried without reaching anybody.
    pub tries: u32,
    /// Until when it is left.
    pub snoozed: Option<At>,
    /// Who they are, where they were put on the list by hand.
    pub added: Option<Added>,
    /// The customer, as the last act named them.
    pub customer: Option<Arc<str>>,
}

/// An act on record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Its entry.
    pub seq: Seq,
    /// When.
    pub at: At,
    /// What.
    pub act: Act,
    /// Whether it took effect: a claim that came second did not.
    pub took: bool,
    /// Whether it was taken back.
    pub undone: bool,
}

/// A claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Whose.
    pub who: Arc<str>,
    /// Until when.
    pub until: At,
    /// Its entry.
    pub seq: Seq,
    /// The vendor's status when it was made.
    pub status: Option<Arc<str>>,
}

impl Claim {
    /// Whether it has not run out. One that ends later than a lease from now
    /// was made by a clock that was ahead, or ours was set back: it must not
    /// hold a customer for years.
    #[must_use]
    pub fn holds(&self, now: At) -> bool {
        self.until > now && self.until.since(now) <= LONGEST
    }

    /// When that changes by itself.
    fn turns(&self) -> [At; 2] {
        let longest = i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX);
        [self.until.shift(-longest), self.until]
    }
}

/// No claim lasts longer than this from now.
const LONGEST: Duration = LEASE.saturating_mul(2);

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Who wrote it.
    pub who: Arc<str>,
    /// When.
    pub at: At,
    /// What.
    pub text: Arc<str>,
}

impl Case {
    /// When where it stands changes by itself.
    pub(super) fn turns(&self) -> impl Iterator<Item = At> + use<> {
        let claim = self.claim.as_ref().map(Claim::turns);
        claim.into_iter().flatten().chain(self.snoozed)
    }

    /// All that was done, oldest first.
    #[must_use]
    pub fn history(&self) -> &[Done] {
        &self.done
    }

    /// Derives where the case stands from what was done to it.
    pub(super) fn settle(&mut self) {
        let done = std::mem::take(&mut self.done);
        *self = Self::default();
        for d in done.iter().filter(|d| d.took && !d.undone) {
            let who = &d.act.who;
            self.customer = d.act.customer.clone().or(self.customer.take());
            match &d.act.deed {
                Deed::Claim { until, status } => {
                    let claim = Claim {
                        who: who.clone(),
                        until: *until,
                        seq: d.seq,
                        status: status.clone(),
                    };
                    self.claim = Some(claim);
                    self.snoozed = None;
                }
                Deed::Release => self.give_back(who),
                Deed::Note { text } => {
                    self.notes.push(Note {
                        who: who.clone(),
                        at: d.at,
                        text: text.clone(),
                    });
                }
                Deed::Outcome { outcome } => {
                    self.outcome = Some((*outcome, who.clone(), d.at));
                    self.tries += u32::from(!outcome.closes());
                    self.give_back(who);
                }
                Deed::Snooze { until } => {
                    self.snoozed = Some(*until);
                    self.give_back(who);
                }
                Deed::Add { added } => self.added = Some(added.clone()),
                Deed::Undo { .. } => {}
            }
        }
        self.done = done;
    }

    /// Ends a claim, if it is `who`'s.
    fn give_back(&mut self, who: &Arc<str>) {
        if self.claim.as_ref().is_some_and(|claim| claim.who == *who) {
            self.claim = None;
        }
    }
}
