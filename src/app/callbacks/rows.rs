//! What of the lists is shown: searched, grouped by customer, sorted. Pure:
//! lists and triage in, rows out.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{list::Item, subject};
use crate::domain::{
    callback::{Callback, Status},
    time::At,
    triage::{Added, Standing, Subject, Triage},
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
    /// What nobody works on and nobody has closed.
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

/// The callbacks that are shown, each on its own.
#[must_use]
pub fn found(question: &mut Question<'_>) -> Vec<Arc<Callback>> {
    let search = question.search.to_lowercase();
    let words: Vec<&str> = search.split_whitespace().collect();
    let mut found: Vec<Arc<Callback>> = (&mut *question.items)
        .filter(|item| words.iter().all(|word| item.words.contains(word)))
        .map(|item| item.callback.clone())
        .collect();
    let by_hand = question
        .triage
        .added()
        .map(|(subject, added)| Arc::new(by_hand(subject, added)));
    found.extend(by_hand.filter(|c| {
        let text = format!("{:?} {:?} {:?}", c.name, c.number, c.assigned_to).to_lowercase();
        words.iter().all(|word| text.contains(word))
    }));
    let shown = |callback: &Arc<Callback>| {
        let stands = question.triage.standing(
            &subject(callback),
            callback.customer(),
            question.me,
            question.now,
        );
        match question.show {
            // What was put on the list by hand leaves it when it is done.
            Show::All => !(is_by_hand(callback) && matches!(stands, Standing::Closed(_))),
            Show::Mine => matches!(stands, Standing::Mine(_)),
            Show::Free => stands == Standing::Free,
        }
    };
    found.retain(shown);
    found.sort_by(|a, b| {
        let order = compare(a, b, question.sort.by);
        let order = if question.sort.reversed {
            order.reverse()
        } else {
            order
        };
        order
            .then_with(|| compare(a, b, Column::Due))
            .then_with(|| a.id.cmp(&b.id))
    });
    found
}

/// Gathers the requests of one customer below the first of them.
fn group(found: &[Arc<Callback>], expanded: &BTreeSet<Arc<str>>) -> Vec<Row> {
    let mut of: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (i, callback) in found.iter().enumerate() {
        if let Some(customer) = callback.customer() {
            of.entry(customer.clone()).or_default().push(i);
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    let row = |i: usize, group| Row {
        subject: subject(&found[i]),
        callback: found[i].clone(),
        group,
    };
    for (i, callback) in found.iter().enumerate() {
        let requests = callback
            .customer()
            .and_then(|c| of.get(c))
            .filter(|all| all.len() > 1);
        match (requests, callback.customer()) {
            (Some(all), Some(customer)) if all[0] == i => {
                let open = expanded.contains(customer);
                rows.push(row(
                    i,
                    Group::Head {
                        count: all.len(),
                        open,
                    },
                ));
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

fn compare(a: &Callback, b: &Callback, by: Column) -> Ordering {
    // What is not known stands last.
    let text = |t: &Option<Arc<str>>| (t.is_none(), t.as_deref().unwrap_or("").to_lowercase());
    match by {
        Column::Due => urgency(a).cmp(&urgency(b)),
        Column::Number => a.customer().cmp(&b.customer()),
        Column::Name => text(&a.name).cmp(&text(&b.name)),
        Column::Campaign => text(&a.campaign).cmp(&text(&b.campaign)),
        Column::To => text(&a.assigned_to).cmp(&text(&b.assigned_to)),
        Column::Tries => Reverse(a.retries).cmp(&Reverse(b.retries)),
        Column::Status => {
            let word = |c: &Callback| c.status.as_ref().map(|s| s.word().to_owned());
            word(a).cmp(&word(b))
        }
        Column::Created => Reverse(a.created).cmp(&Reverse(b.created)),
    }
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
fn by_hand(subject: &Subject, added: &Added) -> Callback {
    Callback {
        status: Some(Status::Pending),
        number: Some(added.number.clone()),
        name: added.name.clone(),
        assigned_to: Some(added.queue.clone()),
        campaign: Some("put here by hand".into()),
        schedule: Some(added.since),
        created: Some(added.since),
        ..Callback::new(subject.site.clone(), subject.id.clone())
    }
}
