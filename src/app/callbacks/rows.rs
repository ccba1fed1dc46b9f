//! What of the lists is shown: searched, sorted, grouped by customer. Pure:
//! lists and triage in, rows out.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::{ranks::Order, shelf::Item, subject};
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

/// In which part of the rows something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Something can be done about it now.
    Open,
    /// Nothing is to be done about it now: it stands below.
    Rest,
}

/// An item that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The callback.
    pub callback: Arc<Callback>,
    /// Whether the vendor's list no longer has it.
    pub missing: bool,
    /// Where it stands.
    pub(super) part: Part,
}

impl Question<'_> {
    /// The items that are shown, each on its own, in order.
    pub(super) fn found<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Vec<Found> {
        let mut open: Vec<Found> = items.filter_map(|item| self.judge(item)).collect();
        let mut rest: Vec<Found> = open.extract_if(.., |f| f.part == Part::Rest).collect();
        self.order.sort(&mut open);
        self.order.sort(&mut rest);
        open.append(&mut rest);
        open
    }

    /// An item as it is shown, if it is.
    fn judge(&self, item: &Item) -> Option<Found> {
        let Self {
            triage, me, now, ..
        } = self;
        let callback = &item.callback;
        let is_found = (self.in_scope)(callback)
            && (self.words.are_in(&item.words) || self.words.are_in(&with_work(item, triage)));
        if !is_found {
            return None;
        }
        let stands = triage.standing(&subject(callback), callback.customer(), me, *now);
        is_shown(item, &stands, self.show).then(|| Found {
            callback: callback.clone(),
            missing: item.missing,
            part: match stands {
                Standing::Closed(_) | Standing::Snoozed(_) => Part::Rest,
                Standing::Free | Standing::Mine(_) | Standing::Held { .. } => Part::Open,
            },
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

fn is_shown(item: &Item, stands: &Standing, show: Show) -> bool {
    // What the list no longer has is shown while somebody works on it; what
    // was put on it by hand leaves it when it is done.
    let worked_on = matches!(stands, Standing::Mine(_) | Standing::Held { .. });
    let closed = matches!(stands, Standing::Closed(_));
    if (item.missing && !worked_on) || (is_by_hand(&item.callback) && closed) {
        return false;
    }
    match show {
        Show::All => true,
        Show::Mine => matches!(stands, Standing::Mine(_)),
        // One's own stay: a claim must not move the cursor to another.
        Show::Free => matches!(stands, Standing::Free | Standing::Mine(_)),
    }
}

/// Gathers the requests of one customer below the first of them.
pub(super) fn group(found: &[Found], expanded: &BTreeSet<Arc<str>>) -> Vec<Row> {
    let customers: Vec<_> = found.iter().map(|item| item.callback.customer()).collect();
    // Of each customer, the first request and how many there are.
    let mut of: HashMap<&str, (usize, usize), RandomState> = HashMap::default();
    for (i, customer) in customers.iter().enumerate() {
        if let Some(customer) = customer {
            of.entry(customer).or_insert((i, 0)).1 += 1;
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    let row = |i: usize, group, part| Row {
        subject: subject(&found[i].callback),
        callback: found[i].callback.clone(),
        missing: found[i].missing,
        group,
        part,
    };
    for (i, customer) in customers.iter().copied().enumerate() {
        let part = found[i].part;
        let requests = customer.and_then(|c| of.get(&**c));
        match (requests.filter(|(_, count)| *count > 1), customer) {
            (Some((first, count)), Some(customer)) if *first == i => {
                let (open, count) = (expanded.contains(customer), *count);
                rows.push(row(i, Group::Head { count, open }, part));
                if open {
                    let same = |n: &usize| customers[*n] == Some(customer);
                    let others = (i + 1..found.len()).filter(same);
                    rows.extend(others.map(|n| row(n, Group::Member, part)));
                }
            }
            (Some(_), _) => {}
            (None, _) => rows.push(row(i, Group::Alone, part)),
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
