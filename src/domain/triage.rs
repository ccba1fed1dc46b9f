//! Who works on which callback: claims with a lease, notes, outcomes, snoozes.
//! The journal's order decides: of two who claim at once, the first entry wins
//! on every screen. A claim holds the customer, not only the row: other
//! requests of the same number are held with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    entry::Seq,
    id::{CallbackId, SiteName},
    time::At,
};

/// How long a claim lasts unless it is renewed: a call and its note.
pub const LEASE: Duration = Duration::from_mins(15);
/// Cases kept; the longest untouched are forgotten first.
const CASES_KEPT: usize = 20_000;

/// What is worked on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The site.
    pub site: SiteName,
    /// The callback there.
    pub id: CallbackId,
}

/// Something somebody did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// To what.
    pub subject: Subject,
    /// The customer: the number in E.164, or as sent where it cannot be told.
    pub customer: Option<Arc<str>>,
    /// Who: the system's user, or who they said they are.
    pub who: Arc<str>,
    /// What.
    pub deed: Deed,
}

/// What can be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Take it, so that nobody else dials it; also renews.
    Claim {
        /// When the lease ends.
        until: At,
        /// The vendor's status then: one that moves meanwhile is a clash.
        status: Option<Arc<str>>,
    },
    /// Give it back.
    Release,
    /// Write something down.
    Note {
        /// What.
        text: Arc<str>,
    },
    /// Say how the call went; gives it back.
    Outcome {
        /// How.
        outcome: Outcome,
    },
    /// Leave it until then; gives it back.
    Snooze {
        /// Until when.
        until: At,
    },
    /// Take back something one did oneself.
    Undo {
        /// Which entry.
        act: Seq,
    },
    /// Put somebody on the list who is on no vendor's.
    Add {
        /// Who and why.
        added: Added,
    },
}

/// Somebody put on the list by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Added {
    /// The number, as the vendor sent it.
    pub number: Arc<str>,
    /// The name.
    pub name: Option<Arc<str>>,
    /// The queue they waited in.
    pub queue: Arc<str>,
    /// Since when they waited.
    pub since: At,
}

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Spoke with them.
    Reached,
    /// Nobody answered.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Somebody else's number.
    WrongNumber,
    /// They do not want to be called, on any of their requests.
    DoNotCall,
}

impl Deed {
    /// Whether it ends a claim of who does it.
    #[must_use]
    pub fn gives_back(&self) -> bool {
        matches!(
            self,
            Self::Release | Self::Outcome { .. } | Self::Snooze { .. }
        )
    }
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 5] = [
        Self::Reached,
        Self::NoAnswer,
        Self::Busy,
        Self::WrongNumber,
        Self::DoNotCall,
    ];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NoAnswer => "no answer",
            Self::Busy => "busy",
            Self::WrongNumber => "wrong number",
            Self::DoNotCall => "do not call",
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn closes(self) -> bool {
        matches!(self, Self::Reached | Self::WrongNumber | Self::DoNotCall)
    }
}

/// All cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<(Subject, Vec<Done>)>", into = "Vec<(Subject, Vec<Done>)>")]
pub struct Triage {
    cases: BTreeMap<Subject, Case>,
    customers: BTreeMap<Arc<str>, BTreeSet<Subject>>,
}

/// What was done to one subject, and where that leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    done: Vec<Done>,
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

    fn take(&mut self, done: Done) {
        if let Some(customer) = &done.act.customer {
            self.customers
                .entry(customer.clone())
                .or_default()
                .insert(done.act.subject.clone());
        }
        let case = self.cases.entry(done.act.subject.clone()).or_default();
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
            .filter(|claim| claim.until > now && !given_back(claim))
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

    /// When the next claim or snooze runs out.
    #[must_use]
    pub fn next_change(&self, now: At) -> Option<At> {
        let ends = |case: &Case| [case.claim.as_ref().map(|c| c.until), case.snoozed];
        let ends = self.cases.values().flat_map(ends).flatten();
        ends.filter(|at| *at > now).min()
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
        self.cases
            .values()
            .flat_map(|case| &case.done)
            .filter(can)
            .max_by_key(|d| d.seq)
    }
}

impl Case {
    /// All that was done, oldest first.
    #[must_use]
    pub fn history(&self) -> &[Done] {
        &self.done
    }

    /// Derives where the case stands from what was done to it.
    fn settle(&mut self) {
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

impl From<Vec<(Subject, Vec<Done>)>> for Triage {
    fn from(cases: Vec<(Subject, Vec<Done>)>) -> Self {
        let mut triage = Self::default();
        for done in cases.into_iter().flat_map(|(_, done)| done) {
            triage.take(done);
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

#[cfg(test)]
mod tests {
    use super::*;

    const CUSTOMER: &str = "+4520123456";

    fn subject(id: &str) -> Subject {
        Subject {
            site: "outbound".into(),
            id: id.into(),
        }
    }

    struct Desk {
        triage: Triage,
        seq: Seq,
        now: At,
    }

    impl Desk {
        fn new() -> Self {
            Self {
                triage: Triage::default(),
                seq: 0,
                now: At(1_000_000),
            }
        }

        fn does(&mut self, who: &str, id: &str, deed: Deed) -> Seq {
            self.seq += 1;
            let act = Act {
                subject: subject(id),
                customer: Some(CUSTOMER.into()),
                who: who.into(),
                deed,
            };
            self.triage.apply(self.seq, self.now, &act);
            self.seq
        }

        fn claims(&mut self, who: &str, id: &str) -> bool {
            let until = self.now.plus(LEASE);
            let seq = self.does(
                who,
                id,
                Deed::Claim {
                    until,
                    status: None,
                },
            );
            self.triage.took(&subject(id), seq).unwrap()
        }

        fn stands(&self, id: &str, me: &str) -> Standing {
            self.triage
                .standing(&subject(id), Some(&CUSTOMER.into()), me, self.now)
        }
    }

    #[test]
    fn of_two_who_claim_at_once_the_first_entry_wins() {
        let mut desk = Desk::new();
        assert!(desk.claims("anna", "1"));
        assert!(!desk.claims("jens", "1"));
        let until = desk.now.plus(LEASE);
        assert_eq!(desk.stands("1", "anna"), Standing::Mine(until));
        assert_eq!(
            desk.stands("1", "jens"),
            Standing::Held {
                who: "anna".into(),
                until
            }
        );
        // The same customer's other request is held with it.
        assert!(!desk.claims("jens", "2"));
        assert_eq!(
            desk.stands("2", "jens"),
            Standing::Held {
                who: "anna".into(),
                until
            }
        );
    }

    #[test]
    fn a_claim_runs_out_is_renewed_and_given_back() {
        let mut desk = Desk::new();
        desk.claims("anna", "1");
        desk.now = desk.now.plus(LEASE / 2);
        assert!(desk.claims("anna", "1"), "renewed");
        desk.now = desk.now.plus(LEASE);
        assert_eq!(desk.stands("1", "jens"), Standing::Free);
        assert!(desk.claims("jens", "1"));
        desk.does("anna", "1", Deed::Release);
        assert!(
            matches!(desk.stands("1", "jens"), Standing::Mine(_)),
            "not anna's to give back"
        );
        desk.does("jens", "1", Deed::Release);
        assert_eq!(desk.stands("1", "anna"), Standing::Free);
    }

    #[test]
    fn outcomes_close_or_count_and_do_not_call_holds_for_the_customer() {
        let mut desk = Desk::new();
        desk.claims("anna", "1");
        desk.does(
            "anna",
            "1",
            Deed::Outcome {
                outcome: Outcome::NoAnswer,
            },
        );
        assert_eq!(desk.stands("1", "anna"), Standing::Free);
        desk.does(
            "anna",
            "1",
            Deed::Outcome {
                outcome: Outcome::Busy,
            },
        );
        assert_eq!(desk.triage.case(&subject("1")).unwrap().tries, 2);
        desk.does(
            "anna",
            "1",
            Deed::Outcome {
                outcome: Outcome::Reached,
            },
        );
        assert_eq!(desk.stands("1", "anna"), Standing::Closed(Outcome::Reached));
        assert_eq!(desk.stands("2", "anna"), Standing::Free);
        desk.does(
            "anna",
            "1",
            Deed::Outcome {
                outcome: Outcome::DoNotCall,
            },
        );
        assert_eq!(
            desk.stands("2", "jens"),
            Standing::Closed(Outcome::DoNotCall)
        );
    }

    #[test]
    fn what_one_did_oneself_can_be_taken_back() {
        let mut desk = Desk::new();
        desk.claims("anna", "1");
        desk.does(
            "anna",
            "1",
            Deed::Outcome {
                outcome: Outcome::Reached,
            },
        );
        assert!(desk.triage.last_of("jens", At(0)).is_none());
        let last = desk.triage.last_of("anna", At(0)).unwrap().seq;
        assert!(
            desk.triage.last_of("anna", desk.now.shift(1)).is_none(),
            "long ago"
        );
        // Nobody else can.
        desk.does("jens", "1", Deed::Undo { act: last });
        assert_eq!(desk.stands("1", "anna"), Standing::Closed(Outcome::Reached));
        desk.does("anna", "1", Deed::Undo { act: last });
        assert!(
            matches!(desk.stands("1", "anna"), Standing::Mine(_)),
            "the claim before it holds again"
        );
        let last = desk.triage.last_of("anna", At(0)).unwrap().seq;
        desk.does("anna", "1", Deed::Undo { act: last });
        assert_eq!(desk.stands("1", "anna"), Standing::Free);
        assert!(desk.triage.last_of("anna", At(0)).is_none());
    }

    #[test]
    fn a_snooze_hides_until_its_time_and_a_claim_ends_it() {
        let mut desk = Desk::new();
        let until = desk.now.shift(60_000);
        desk.does("anna", "1", Deed::Snooze { until });
        assert_eq!(desk.stands("1", "jens"), Standing::Snoozed(until));
        assert!(desk.claims("jens", "1"));
        desk.does("jens", "1", Deed::Release);
        assert_eq!(desk.stands("1", "anna"), Standing::Free);
    }

    #[test]
    fn what_is_taken_back_takes_no_customer_from_somebody_else() {
        let mut desk = Desk::new();
        desk.claims("anna", "1");
        let busy = desk.does(
            "anna",
            "1",
            Deed::Outcome {
                outcome: Outcome::Busy,
            },
        );
        assert!(desk.claims("jens", "2"));
        desk.does("anna", "1", Deed::Undo { act: busy });
        assert!(
            matches!(desk.stands("2", "jens"), Standing::Mine(_)),
            "jens is on the phone"
        );
        assert!(matches!(desk.stands("1", "anna"), Standing::Held { .. }));
    }

    #[test]
    fn giving_back_one_request_gives_back_the_customer() {
        let mut desk = Desk::new();
        desk.claims("anna", "1");
        desk.does(
            "anna",
            "2",
            Deed::Outcome {
                outcome: Outcome::Reached,
            },
        );
        assert_eq!(desk.stands("1", "jens"), Standing::Free);
        let last = desk.triage.last_outcome(Some(&CUSTOMER.into())).unwrap();
        assert_eq!((last.0, &**last.1), (Outcome::Reached, "anna"));
        // Whoever learns better than "do not call" says so.
        desk.does(
            "anna",
            "2",
            Deed::Outcome {
                outcome: Outcome::DoNotCall,
            },
        );
        assert_eq!(
            desk.stands("1", "jens"),
            Standing::Closed(Outcome::DoNotCall)
        );
        desk.now = desk.now.shift(1);
        desk.does(
            "jens",
            "1",
            Deed::Outcome {
                outcome: Outcome::NoAnswer,
            },
        );
        assert_eq!(desk.stands("1", "jens"), Standing::Free);
    }

    #[test]
    fn what_is_old_is_forgotten_but_not_who_must_not_be_called() {
        let mut desk = Desk::new();
        desk.does("anna", "1", Deed::Note { text: "old".into() });
        desk.does(
            "anna",
            "2",
            Deed::Outcome {
                outcome: Outcome::DoNotCall,
            },
        );
        desk.now = desk.now.shift(1_000);
        desk.does("anna", "3", Deed::Note { text: "new".into() });
        assert!(desk.triage.forget(desk.now));
        assert!(!desk.triage.forget(desk.now), "nothing more");
        let known = |id: &str| desk.triage.case(&subject(id)).is_some();
        assert_eq!([known("1"), known("2"), known("3")], [false, true, true]);
        assert_eq!(
            desk.stands("3", "jens"),
            Standing::Closed(Outcome::DoNotCall)
        );
    }

    #[test]
    fn more_cases_than_are_kept_forget_the_oldest() {
        let mut triage = Triage::default();
        for i in 0..=CASES_KEPT as u64 {
            let subject = Subject {
                site: "outbound".into(),
                id: format!("{i}").into(),
            };
            let deed = Deed::Note { text: "x".into() };
            triage.apply(
                i + 1,
                At(0),
                &Act {
                    subject,
                    customer: None,
                    who: "anna".into(),
                    deed,
                },
            );
        }
        assert!(triage.case(&subject("0")).is_none());
        assert!(triage.case(&subject(&CASES_KEPT.to_string())).is_some());
        assert!(triage.cases.len() > CASES_KEPT * 8 / 10);
    }

    #[test]
    fn a_checkpoint_brings_all_of_it_back() {
        let mut desk = Desk::new();
        desk.claims("anna", "1");
        desk.claims("jens", "2");
        desk.does(
            "jens",
            "2",
            Deed::Note {
                text: "rang twice".into(),
            },
        );
        let note = desk.seq;
        desk.does("jens", "2", Deed::Undo { act: note });
        let text = serde_json::to_string(&desk.triage).unwrap();
        assert_eq!(serde_json::from_str::<Triage>(&text).unwrap(), desk.triage);
    }
}
