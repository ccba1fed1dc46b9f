//! Who works on which callback: claims with a lease, notes, outcomes, snoozes.
//! The journal's order decides: of two who claim at once, the first entry wins
//! on every screen. A claim holds the customer, not only the row: other
//! requests of the same number are held with it.

mod act;
mod case;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{seq::Seq, time::At};
pub use act::{Act, Added, Deed, Outcome, Subject};
pub use case::{Case, Claim, Done, Note};

/// How long a claim lasts unless it is renewed: a call and its note.
pub const LEASE: Duration = Duration::from_mins(15);
/// Cases kept; the longest untouched are forgotten first.
const CASES_KEPT: usize = 20_000;

/// All cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<(Subject, Vec<Done>)>", into = "Vec<(Subject, Vec<Done>)>")]
pub struct Triage {
    cases: BTreeMap<Subject, Case>,
    customers: BTreeMap<Arc<str>, BTreeSet<Subject>>,
}

/// Where a callback stands among those who work on the list.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Nobody has it.
    Free,
    /// One has it oneself, until then.
    Mine(At),
    /// Somebody else has it, or another request of the same customer.
    Held {
        /// Who.
        who: Arc<str>,
        /// Until when.
        until: At,
    },
    /// It is left until then.
    Snoozed(At),
    /// Nothing is left to do.
    Closed(Outcome),
}

impl Triage {
    /// Folds an act in.
    pub fn apply(&mut self, seq: Seq, at: At, act: &Act) {
        let took = match &act.deed {
            Deed::Claim { .. } => self.is_free_for(act, at),
            // What is taken back must not take a customer from somebody else.
            Deed::Undo { act: of } => {
                let case = self.cases.get(&act.subject);
                let own = case.and_then(|c| c.done.iter().find(|d| d.seq == *of));
                own.is_some_and(|d| d.act.who == act.who && !d.undone) && self.is_free_for(act, at)
            }
            _ => true,
        };
        self.take(Done {
            seq,
            at,
            act: act.clone(),
            took,
            undone: false,
        });
        if self.cases.len() > CASES_KEPT {
            self.forget_oldest();
        }
    }

    fn is_free_for(&self, act: &Act, at: At) -> bool {
        let holder = self.holder(&act.subject, act.customer.as_ref(), at);
        holder.is_none_or(|claim| claim.who == act.who)
    }

    /// Puts an act on record with all that it was done to. It names the others
    /// once: with each of them it is only known whose act it was.
    fn take(&mut self, done: Done) {
        let subject = done.act.subject.clone();
        for other in done.act.also.iter().filter(|other| **other != subject) {
            let mut done = done.clone();
            done.act.also.clear();
            self.put(other.clone(), done);
        }
        self.put(subject, done);
    }

    fn put(&mut self, subject: Subject, done: Done) {
        if let Some(customer) = &done.act.customer {
            self.customers
                .entry(customer.clone())
                .or_default()
                .insert(subject.clone());
        }
        let case = self.cases.entry(subject).or_default();
        if let Deed::Undo { act } = done.act.deed
            && done.took
            && let Some(own) = case.done.iter_mut().find(|d| d.seq == act)
        {
            own.undone = true;
        }
        case.done.push(done);
        case.settle();
    }

    /// Forgets what nobody touched since `before`; whether there was anything.
    /// Who must not be called stays remembered.
    pub fn forget(&mut self, before: At) -> bool {
        self.keep(|case| case.done.last().is_some_and(|d| d.at >= before))
    }

    /// A tenth at a time: looking for the oldest costs a look at all.
    fn forget_oldest(&mut self) {
        let touched = |case: &Case| case.done.last().map_or(0, |d| d.seq);
        let mut all: Vec<Seq> = self.cases.values().map(touched).collect();
        all.sort_unstable();
        let cut = all[all.len() / 10];
        self.keep(|case| touched(case) > cut);
    }

    fn keep(&mut self, keep: impl Fn(&Case) -> bool) -> bool {
        let before = self.cases.len();
        self.cases.retain(|_, case| {
            keep(case) || matches!(case.outcome, Some((Outcome::DoNotCall, _, _)))
        });
        let cases = &self.cases;
        self.customers.retain(|_, subjects| {
            subjects.retain(|subject| cases.contains_key(subject));
            !subjects.is_empty()
        });
        cases.len() < before
    }

    /// What was done to a subject.
    #[must_use]
    pub fn case(&self, subject: &Subject) -> Option<&Case> {
        self.cases.get(subject)
    }

    /// What was done to a subject and to all else of its customer, alone: what
    /// decides who has them.
    #[must_use]
    pub fn part(&self, subject: &Subject, customer: Option<&Arc<str>>) -> Self {
        let of_customer = customer.and_then(|c| self.customers.get(c));
        let subjects = of_customer.into_iter().flatten().chain([subject]);
        let cases = subjects.filter_map(|s| Some((s.clone(), self.cases.get(s)?.done.clone())));
        // By subject: one may be named twice.
        let cases: BTreeMap<_, _> = cases.collect();
        Self::from(Vec::from_iter(cases))
    }

    /// Those put on the list by hand.
    pub fn added(&self) -> impl Iterator<Item = (&Subject, &Case, &Added)> {
        self.cases
            .iter()
            .filter_map(|(subject, case)| Some((subject, case, case.added.as_ref()?)))
    }

    /// The claim that holds a subject now: its own, or one on another request
    /// of the same customer. Whoever gave any of them back, or said how the
    /// call went, has given back the customer.
    #[must_use]
    pub fn holder(
        &self,
        subject: &Subject,
        customer: Option<&Arc<str>>,
        now: At,
    ) -> Option<&Claim> {
        let cases = || {
            self.cases
                .get(subject)
                .into_iter()
                .chain(self.of_customer(customer))
        };
        let given_back = |claim: &Claim| {
            cases().flat_map(|case| &case.done).any(|d| {
                d.seq > claim.seq
                    && d.took
                    && !d.undone
                    && d.act.who == claim.who
                    && d.act.deed.gives_back()
            })
        };
        cases()
            .filter_map(|case| case.claim.as_ref())
            .filter(|claim| claim.holds(now) && !given_back(claim))
            .min_by_key(|claim| claim.seq)
    }

    /// How the last call with a customer went, on whichever of their requests.
    #[must_use]
    pub fn last_outcome(&self, customer: Option<&Arc<str>>) -> Option<(Outcome, &Arc<str>, At)> {
        let outcomes = self
            .of_customer(customer)
            .filter_map(|case| case.outcome.as_ref());
        let last = outcomes.max_by_key(|(_, _, at)| *at)?;
        Some((last.0, &last.1, last.2))
    }

    /// All that was done to a subject and to other requests of its customer,
    /// oldest first.
    #[must_use]
    pub fn history(&self, subject: &Subject, customer: Option<&Arc<str>>) -> Vec<&Done> {
        let cases = self.cases.get(subject).into_iter();
        let done = cases.chain(self.of_customer(customer));
        // What was done to several at once is told where all of them are named.
        let done = done.flat_map(|case| &case.done);
        let mut once: BTreeMap<Seq, &Done> = BTreeMap::new();
        for done in done {
            let known = once.entry(done.seq).or_insert(done);
            if known.act.also.len() < done.act.also.len() {
                *known = done;
            }
        }
        once.into_values().collect()
    }

    /// The last note on a customer, on whichever of their requests.
    #[must_use]
    pub fn last_note(&self, subject: &Subject, customer: Option<&Arc<str>>) -> Option<&Note> {
        let cases = self.cases.get(subject).into_iter();
        let notes = cases.chain(self.of_customer(customer));
        let last = notes.filter_map(|case| case.notes.last());
        last.max_by_key(|note| note.at)
    }

    fn of_customer(&self, customer: Option<&Arc<str>>) -> impl Iterator<Item = &Case> {
        let subjects = customer.and_then(|c| self.customers.get(c));
        subjects
            .into_iter()
            .flatten()
            .filter_map(|subject| self.cases.get(subject))
    }

    /// Where a subject stands for `me`.
    #[must_use]
    pub fn standing(
        &self,
        subject: &Subject,
        customer: Option<&Arc<str>>,
        me: &str,
        now: At,
    ) -> Standing {
        if let Some(claim) = self.holder(subject, customer, now) {
            let until = claim.until;
            return if *claim.who == *me {
                Standing::Mine(until)
            } else {
                Standing::Held {
                    who: claim.who.clone(),
                    until,
                }
            };
        }
        if let Some((Outcome::DoNotCall, _, _)) = self.last_outcome(customer) {
            return Standing::Closed(Outcome::DoNotCall);
        }
        let Some(case) = self.cases.get(subject) else {
            return Standing::Free;
        };
        match (&case.outcome, case.snoozed) {
            (Some((outcome, _, _)), _) if outcome.closes() => Standing::Closed(*outcome),
            (_, Some(until)) if until > now => Standing::Snoozed(until),
            _ => Standing::Free,
        }
    }

    /// When the next claim or snooze runs out, or a claim begins to hold.
    #[must_use]
    pub fn next_change(&self, now: At) -> Option<At> {
        let turns = self.cases.values().flat_map(Case::turns);
        turns.filter(|at| *at > now).min()
    }

    /// Subjects of which one did after `since`, and by `now`.
    pub fn turned(&self, since: At, now: At) -> impl Iterator<Item = &Subject> {
        let turned = move |case: &Case| case.turns().any(|at| at > since && at <= now);
        let cases = self.cases.iter().filter(move |(_, case)| turned(case));
        cases.map(|(subject, _)| subject)
    }

    /// How many subjects something was done to, as far as that is remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether nothing was done to any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Whether what this entry did took effect; `None` where it is not known.
    #[must_use]
    pub fn took(&self, subject: &Subject, seq: Seq) -> Option<bool> {
        let done = &self.cases.get(subject)?.done;
        done.iter().find(|d| d.seq == seq).map(|d| d.took)
    }

    /// The last thing `who` did since `since` that can be taken back, to
    /// whichever subject.
    #[must_use]
    pub fn last_of(&self, who: &str, since: At) -> Option<&Done> {
        let can = |d: &&Done| {
            let kind = !matches!(d.act.deed, Deed::Undo { .. });
            kind && d.took && !d.undone && d.at >= since && *d.act.who == *who
        };
        // What was done to several at once is taken back whole.
        let first = |(subject, case)| own_acts(subject, case);
        self.cases
            .iter()
            .flat_map(first)
            .filter(can)
            .max_by_key(|d| d.seq)
    }
}

/// What was done to a subject, but not through another one.
fn own_acts<'c>(subject: &Subject, case: &'c Case) -> impl Iterator<Item = &'c Done> {
    let done = case.done.iter();
    done.filter(move |done| done.act.subject == *subject)
}

impl From<Vec<(Subject, Vec<Done>)>> for Triage {
    fn from(cases: Vec<(Subject, Vec<Done>)>) -> Self {
        let mut triage = Self::default();
        for (subject, done) in cases {
            for done in done {
                triage.put(subject.clone(), done);
            }
        }
        triage
    }
}

impl From<Triage> for Vec<(Subject, Vec<Done>)> {
    fn from(triage: Triage) -> Self {
        triage
            .cases
            .into_iter()
            .map(|(subject, case)| (subject, case.done))
            .collect()
    }
}
