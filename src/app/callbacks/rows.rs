//! What of the lists is shown: searched, sorted, grouped by customer. Pure:
//! lists and triage in, rows out.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::{
    found::{Found, Part},
    ranks::Order,
    shelf::Item,
    subject,
};
use crate::{
    app::search::Words,
    domain::{
        callback::{Callback, Status},
        text,
        time::At,
        triage::{Added, Case, Deed, Standing, Subject, Triage},
    },
};

/// A row of the pane.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it stands for in triage.
    pub subject: Subject,
    /// The callback.
    pub callback: Arc<Callback>,
    /// Its place among the requests of one customer.
    pub group: Group,
    /// Whether the vendor's list no longer has it.
    pub missing: bool,
    /// Where it stands; of one among others of its customer, where they do.
    pub(super) part: Part,
    /// The customer's other requests, where it heads them.
    pub(super) others: Box<[Found]>,
}

impl Row {
    fn new(found: &Found, group: Group, part: Part) -> Self {
        Self {
            subject: subject(&found.callback),
            callback: found.callback.clone(),
            missing: found.missing,
            group,
            part,
            others: Box::default(),
        }
    }

    /// The customer's requests that stand below it, shown or not.
    pub fn others(&self) -> impl Iterator<Item = &Arc<Callback>> {
        self.others.iter().map(|found| &found.callback)
    }

    /// All requests that it stands for, with where each stands; none of one
    /// that stands below another.
    pub(super) fn requests(&self) -> impl Iterator<Item = (Part, &Callback)> {
        let is_first = self.group != Group::Member;
        let first = is_first.then_some((self.part, &*self.callback));
        let others = self.others.iter();
        first
            .into_iter()
            .chain(others.map(|found| (found.part, &*found.callback)))
    }
}

/// A row's place among the requests of one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The only one.
    Alone,
    /// The most urgent of several; whether the others are shown below.
    Head {
        /// How many in all.
        count: usize,
        /// Whether the others are shown.
        open: bool,
    },
    /// One of the others.
    Member,
}

/// Whose rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Everybody's.
    #[default]
    All,
    /// One's own claims.
    Mine,
    /// What nobody else works on and nobody has closed.
    Free,
}

impl Show {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Free,
            Self::Free => Self::Mine,
            Self::Mine => Self::All,
        }
    }

    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::Free => "free",
        }
    }
}

/// Everything that decides which rows are shown.
pub struct Question<'a> {
    /// Claims and outcomes.
    pub triage: &'a Triage,
    /// Who asks.
    pub me: &'a str,
    /// When.
    pub now: At,
    /// Whose rows.
    pub show: Show,
    /// The words all of which a row must have.
    pub words: &'a Words,
    /// Whether a callback belongs to the queue that is looked at.
    pub in_scope: &'a dyn Fn(&Callback) -> bool,
    /// In which order.
    pub order: Order<'a>,
    /// Customers whose requests are shown one by one.
    pub expanded: &'a BTreeSet<Arc<str>>,
}

impl Question<'_> {
    /// The items that are shown, each on its own, in order.
    pub(super) fn found<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Vec<Found> {
        let asked = items.filter(|item| (self.in_scope)(&item.callback) && self.has_words(item));
        let found = asked.filter_map(|item| self.show(item, &self.standing(item)));
        self.order(found.collect())
    }

    /// The same, and of all items that belong here, asked for or not, whether
    /// they are to be done.
    pub(super) fn weigh<'i>(
        &self,
        items: impl Iterator<Item = &'i Item>,
    ) -> (Vec<Found>, Vec<(&'i Callback, bool)>) {
        let (mut found, mut all) = (Vec::new(), Vec::new());
        for item in items.filter(|item| (self.in_scope)(&item.callback)) {
            let stands = self.standing(item);
            let is_open = Part::of(&stands) == Part::Open;
            all.push((&*item.callback, is_open && is_there(item, &stands)));
            if self.has_words(item) {
                found.extend(self.show(item, &stands));
            }
        }
        (self.order(found), all)
    }

    fn order(&self, found: Vec<Found>) -> Vec<Found> {
        let mut parts = Part::ALL.map(|_| Vec::new());
        for item in found {
            parts[item.part as usize].push(item);
        }
        for part in &mut parts {
            self.order.sort(part);
        }
        let [mut open, snoozed, closed] = parts;
        open.extend(snoozed);
        open.extend(closed);
        open
    }

    fn has_words(&self, item: &Item) -> bool {
        self.words.are_in(&item.words) || self.words.are_in(&with_work(item, self.triage))
    }

    fn standing(&self, item: &Item) -> Standing {
        let callback = &item.callback;
        let customer = callback.customer();
        self.triage
            .standing(&subject(callback), customer, self.me, self.now)
    }

    /// An item as it is shown, if it is.
    fn show(&self, item: &Item, stands: &Standing) -> Option<Found> {
        is_shown(item, stands, self.show).then(|| Found {
            callback: item.callback.clone(),
            missing: item.missing,
            part: Part::of(stands),
        })
    }
}

/// What a search may find an item by, with what was done to it here.
fn with_work(item: &Item, triage: &Triage) -> String {
    let mut words = item.words.to_string();
    let mut add = |text: &str| {
        words.push(' ');
        words.push_str(&text::fold(text));
    };
    if let Some(case) = triage.case(&subject(&item.callback)) {
        for done in case.history() {
            add(&done.act.who);
            match &done.act.deed {
                Deed::Note { text } => add(text),
                Deed::Outcome { outcome } => add(outcome.words()),
                _ => {}
            }
        }
    }
    words
}

/// What the list no longer has is there while somebody works on it; what was
/// put on it by hand leaves it when it is done.
fn is_there(item: &Item, stands: &Standing) -> bool {
    let worked_on = matches!(stands, Standing::Mine(_) | Standing::Held { .. });
    let closed = matches!(stands, Standing::Closed(_));
    (worked_on || !item.missing) && !(closed && is_by_hand(&item.callback))
}

fn is_shown(item: &Item, stands: &Standing, show: Show) -> bool {
    is_there(item, stands)
        && match show {
            Show::All => true,
            Show::Mine => matches!(stands, Standing::Mine(_)),
            // One's own stay: a claim must not move the cursor to another.
            Show::Free => matches!(stands, Standing::Free | Standing::Mine(_)),
        }
}

/// Gathers the requests of one customer below the first of them.
pub(super) fn group(found: &[Found], expanded: &BTreeSet<Arc<str>>) -> Vec<Row> {
    // Of each customer, the first request and the others.
    let mut of: HashMap<&str, (usize, Vec<Found>), RandomState> = HashMap::default();
    for (i, item) in found.iter().enumerate() {
        if let Some(customer) = item.callback.customer() {
            match of.entry(customer) {
                Entry::Vacant(first) => _ = first.insert((i, Vec::new())),
                Entry::Occupied(known) => known.into_mut().1.push(item.clone()),
            }
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    for (i, item) in found.iter().enumerate() {
        let customer = item.callback.customer();
        let requests = customer.and_then(|customer| of.get_mut(&**customer));
        match (requests, customer) {
            (Some((first, _)), _) if *first != i => {}
            (Some((_, others)), Some(customer)) if !others.is_empty() => {
                let (open, others) = (expanded.contains(customer), std::mem::take(others));
                let count = others.len() + 1;
                let below = if open { others.clone() } else { Vec::new() };
                let head = Row::new(item, Group::Head { count, open }, item.part);
                rows.push(Row {
                    others: others.into(),
                    ..head
                });
                let below = below.iter();
                rows.extend(below.map(|other| Row::new(other, Group::Member, item.part)));
            }
            _ => rows.push(Row::new(item, Group::Alone, item.part)),
        }
    }
    rows
}

/// The mark of subjects that were put on the list by hand.
pub const BY_HAND: &str = "caller/";

/// Whether a callback was put on the list by hand.
#[must_use]
pub fn is_by_hand(callback: &Callback) -> bool {
    callback.id.as_str().starts_with(BY_HAND)
}

/// Somebody put on the list by hand, as a callback: due since they called.
pub(super) fn by_hand(subject: &Subject, case: &Case, added: &Added) -> Callback {
    Callback {
        status: Some(Status::Pending),
        number: Some(added.number.clone()),
        // So that other requests of the same customer are found.
        e164: case.customer.clone().filter(|c| c.starts_with('+')),
        name: added.name.clone(),
        assigned_to: Some(added.queue.clone()),
        campaign: Some("put here by hand".into()),
        schedule: Some(added.since),
        created: Some(added.since),
        ..Callback::new(subject.site.clone(), subject.id.clone())
    }
}
