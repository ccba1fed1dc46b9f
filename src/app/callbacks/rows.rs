//! What of the lists is shown: searched, grouped by customer, sorted. Pure:
//! lists and triage in, rows out.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::{
    columns::Cell,
    list::{self, Item},
    subject,
};
use crate::{
    app::{
        listing::{Sort, order},
        search::Words,
    },
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
    /// The items of all lists.
    pub items: &'a mut dyn Iterator<Item = &'a Item>,
    /// Claims and outcomes.
    pub triage: &'a Triage,
    /// Who asks.
    pub me: &'a str,
    /// When.
    pub now: At,
    /// Whose rows.
    pub show: Show,
    /// The words all of which a row must have.
    pub words: Words,
    /// Whether a callback belongs to the queue that is looked at.
    pub in_scope: &'a dyn Fn(&Callback) -> bool,
    /// In which order.
    pub sort: Sort<Cell>,
    /// Customers whose requests are shown one by one.
    pub expanded: &'a BTreeSet<Arc<str>>,
}

/// The rows that are shown, and how many items they stand for.
#[must_use]
pub fn rows(question: &mut Question<'_>) -> (Vec<Row>, usize) {
    let found = found(question);
    (group(&found, question.expanded), found.len())
}

/// An item that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The callback.
    pub callback: Arc<Callback>,
    /// Whether the vendor's list no longer has it.
    pub missing: bool,
}

impl From<&Item> for Found {
    fn from(item: &Item) -> Self {
        Self {
            callback: item.callback.clone(),
            missing: item.missing,
        }
    }
}

/// The items that are shown, each on its own.
#[must_use]
pub fn found(question: &mut Question<'_>) -> Vec<Found> {
    let Question {
        items,
        triage,
        me,
        now,
        show,
        words,
        in_scope,
        ..
    } = question;
    let has_all = |item: &Item| {
        in_scope(&item.callback)
            && (words.are_in(&item.words) || words.are_in(&with_work(item, triage)))
    };
    let listed = items.filter(|item| has_all(item)).map(Found::from);
    let by_hand = triage.added().map(by_hand).map(list::item);
    let by_hand = by_hand.filter(has_all).map(|item| Found::from(&item));
    let all = listed.chain(by_hand);
    // What nothing is to be done about now stands below what is.
    let (mut open, mut rest) = (Vec::new(), Vec::new());
    for item in all {
        let callback = &item.callback;
        let stands = triage.standing(&subject(callback), callback.customer(), me, *now);
        if is_shown(&item, &stands, *show) {
            match stands {
                Standing::Closed(_) | Standing::Snoozed(_) => rest.push(item),
                Standing::Free | Standing::Mine(_) | Standing::Held { .. } => open.push(item),
            }
        }
    }
    sort(&mut open, question.sort);
    sort(&mut rest, question.sort);
    open.append(&mut rest);
    open
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

fn is_shown(item: &Found, stands: &Standing, show: Show) -> bool {
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

/// By the column, and the most urgent first of which it says the same; what
/// is not known stands last.
fn sort(found: &mut [Found], sort: Sort<Cell>) {
    // Cached: rows lie all over the memory.
    found.sort_by_cached_key(|item| (urgency(&item.callback), item.callback.id.clone()));
    let reversed = sort.reversed;
    let mut by = |of: fn(&Callback) -> Option<&str>| {
        order(found, reversed, |item| {
            Some(text::fold(of(&item.callback)?).into_owned())
        });
    };
    match sort.by {
        Cell::Number => by(|c| c.e164.as_deref().or(c.number.as_deref())),
        Cell::Name => by(|c| c.name.as_deref()),
        Cell::Campaign => by(|c| c.campaign.as_deref()),
        Cell::To => by(|c| c.assigned_to.as_deref().or(c.assign_type.as_deref())),
        Cell::Status => by(|c| c.status.as_ref().map(Status::word)),
        Cell::Tries => order(found, reversed, |i| i.callback.retries.map(Reverse)),
        Cell::Created => order(found, reversed, |i| i.callback.created.map(Reverse)),
        Cell::Due | Cell::Count | Cell::Dials | Cell::Work | Cell::Dialled | Cell::Id => {
            if reversed {
                found.reverse();
            }
        }
    }
}

/// Gathers the requests of one customer below the first of them.
fn group(found: &[Found], expanded: &BTreeSet<Arc<str>>) -> Vec<Row> {
    let customers: Vec<_> = found.iter().map(|item| item.callback.customer()).collect();
    // Of each customer, the first request and how many there are.
    let mut of: HashMap<&str, (usize, usize), RandomState> = HashMap::default();
    for (i, customer) in customers.iter().enumerate() {
        if let Some(customer) = customer {
            of.entry(customer).or_insert((i, 0)).1 += 1;
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    let row = |i: usize, group| Row {
        subject: subject(&found[i].callback),
        callback: found[i].callback.clone(),
        missing: found[i].missing,
        group,
    };
    for (i, customer) in customers.iter().copied().enumerate() {
        let requests = customer.and_then(|c| of.get(&**c));
        match (requests.filter(|(_, count)| *count > 1), customer) {
            (Some((first, count)), Some(customer)) if *first == i => {
                let (open, count) = (expanded.contains(customer), *count);
                rows.push(row(i, Group::Head { count, open }));
                if open {
                    let same = |n: &usize| customers[*n] == Some(customer);
                    let others = (i + 1..found.len()).filter(same);
                    rows.extend(others.map(|n| row(n, Group::Member)));
                }
            }
            (Some(_), _) => {}
            (None, _) => rows.push(row(i, Group::Alone)),
        }
    }
    rows
}

/// The longest due first, then those without a time, then what is over. The
/// order does not change while time goes by.
fn urgency(callback: &Callback) -> (bool, bool, Option<At>) {
    let over = matches!(
        callback.status,
        Some(Status::Completed | Status::Cancelled | Status::Deleted)
    );
    (over, callback.schedule.is_none(), callback.schedule)
}

/// The mark of subjects that were put on the list by hand.
pub const BY_HAND: &str = "caller/";

/// Whether a callback was put on the list by hand.
#[must_use]
pub fn is_by_hand(callback: &Callback) -> bool {
    callback.id.as_str().starts_with(BY_HAND)
}

/// Somebody put on the list by hand, as a callback: due since they called.
fn by_hand((subject, case, added): (&Subject, &Case, &Added)) -> Callback {
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
