//! What of the lists is shown: searched, grouped by customer, sorted. Pure:
//! lists and triage in, rows out.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    list::{self, Item},
    subject,
};
use crate::domain::{
    callback::{Callback, Status},
    time::At,
    triage::{Added, Case, Standing, Subject, Triage},
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

/// A column to sort by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The most urgent first: late, due, later, unscheduled, over.
    #[default]
    Due,
    /// The number.
    Number,
    /// The name.
    Name,
    /// The campaign.
    Campaign,
    /// Where it is assigned.
    To,
    /// How often it was tried.
    Tries,
    /// The status.
    Status,
    /// When it was made.
    Created,
}

impl Column {
    /// All of them, in the order `s` goes through.
    pub const ALL: [Column; 8] = [
        Self::Due,
        Self::Number,
        Self::Name,
        Self::Campaign,
        Self::To,
        Self::Tries,
        Self::Status,
        Self::Created,
    ];

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|c| *c == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: Column,
    /// The other way round.
    pub reversed: bool,
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
    pub search: &'a str,
    /// In which order.
    pub sort: Sort,
    /// Customers whose requests are shown one by one.
    pub expanded: &'a BTreeSet<Arc<str>>,
}

/// The rows that are shown.
#[must_use]
pub fn rows(question: &mut Question<'_>) -> Vec<Row> {
    group(&found(question), question.expanded)
}

/// The items that are shown, each on its own.
#[must_use]
pub fn found(question: &mut Question<'_>) -> Vec<Item> {
    let search = question.search.to_lowercase();
    let words: Vec<&str> = search.split_whitespace().collect();
    let has_all = |item: &Item| words.iter().all(|word| item.words.contains(word));
    let listed = (&mut *question.items).filter(|item| has_all(item)).cloned();
    let by_hand = question.triage.added().map(by_hand).map(list::item);
    let all = listed.chain(by_hand.filter(has_all));
    let Question {
        triage,
        me,
        now,
        show,
        ..
    } = question;
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

/// The most urgent first, then by the column; what is not known stands last.
fn sort(found: &mut [Item], sort: Sort) {
    found.sort_by(|a, b| {
        let due = urgency(&a.callback).cmp(&urgency(&b.callback));
        due.then_with(|| a.callback.id.cmp(&b.callback.id))
    });
    let text = |of: fn(&Callback) -> Option<&str>| {
        move |item: &Item| {
            let text = of(&item.callback).map(str::to_lowercase);
            (text.is_none(), text)
        }
    };
    match sort.by {
        Column::Due => {}
        Column::Number => {
            found.sort_by_cached_key(text(|c| c.e164.as_deref().or(c.number.as_deref())));
        }
        Column::Name => found.sort_by_cached_key(text(|c| c.name.as_deref())),
        Column::Campaign => found.sort_by_cached_key(text(|c| c.campaign.as_deref())),
        Column::To => found.sort_by_cached_key(text(|c| {
            c.assigned_to.as_deref().or(c.assign_type.as_deref())
        })),
        Column::Status => found.sort_by_cached_key(text(|c| c.status.as_ref().map(Status::word))),
        Column::Tries => found.sort_by_key(|item| Reverse(item.callback.retries)),
        Column::Created => found.sort_by_key(|item| Reverse(item.callback.created)),
    }
    if sort.reversed {
        found.reverse();
    }
}

/// Gathers the requests of one customer below the first of them.
fn group(found: &[Item], expanded: &BTreeSet<Arc<str>>) -> Vec<Row> {
    let mut of: HashMap<&Arc<str>, Vec<usize>> = HashMap::new();
    for (i, item) in found.iter().enumerate() {
        if let Some(customer) = item.callback.customer() {
            of.entry(customer).or_default().push(i);
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    let row = |i: usize, group| Row {
        subject: subject(&found[i].callback),
        callback: found[i].callback.clone(),
        missing: found[i].missing,
        group,
    };
    for (i, item) in found.iter().enumerate() {
        let customer = item.callback.customer();
        let requests = customer.and_then(|c| of.get(c)).filter(|all| all.len() > 1);
        match (requests, customer) {
            (Some(all), Some(customer)) if all[0] == i => {
                let open = expanded.contains(customer);
                let count = all.len();
                rows.push(row(i, Group::Head { count, open }));
                if open {
                    rows.extend(all[1..].iter().map(|other| row(*other, Group::Member)));
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
