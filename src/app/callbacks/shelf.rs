//! Where a list's rows are kept, with a mark for each: a few of a hundred
//! thousand are found by one cheap pass, and without looking at the others.

use std::{collections::HashSet, hash::BuildHasher, sync::Arc};

use foldhash::fast::FixedState;

use super::subject;
use crate::domain::{callback::Callback, text, triage::Subject};

/// A row and the text a search looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The callback.
    pub callback: Arc<Callback>,
    /// All its words in lower case.
    pub words: Arc<str>,
    /// Whether the vendor's list no longer has it, while somebody works on it:
    /// its status has moved under the claim.
    pub missing: bool,
}

impl Item {
    /// A row that the vendor's list has.
    #[must_use]
    pub fn new(callback: Callback) -> Self {
        Self {
            words: words(&callback).into(),
            callback: Arc::new(callback),
            missing: false,
        }
    }
}

/// Rows, each with its mark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    items: Vec<Item>,
    marks: Vec<Mark>,
}

/// What a row is found by. Others may have the same.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    id: u64,
    /// Zero where it is nobody's.
    customer: u64,
}

impl Shelf {
    /// All rows.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Puts a row behind the others.
    pub fn put(&mut self, item: Item) {
        self.marks.push(Mark {
            id: hash(item.callback.id.as_str()),
            customer: item.callback.customer().map_or(0, |c| of_customer(c)),
        });
        self.items.push(item);
    }

    /// Takes a row out, if it is there.
    pub(super) fn take(&mut self, of: &Subject) -> Option<Item> {
        let at = self.items.iter().position(|i| is(&i.callback, of))?;
        self.marks.remove(at);
        Some(self.items.remove(at))
    }

    /// The rows that are sought.
    pub(super) fn sought<'s>(&'s self, sought: &'s Sought) -> impl Iterator<Item = &'s Item> {
        let marked = self.marks.iter().enumerate();
        let marked = marked.filter(move |(_, mark)| {
            sought.customer_marks.contains(&mark.customer) || sought.id_marks.contains(&mark.id)
        });
        let items = marked.map(move |(at, _)| &self.items[at]);
        items.filter(move |item| sought.has(&item.callback))
    }
}

/// Which rows are sought: those of some subjects, and all of some customers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sought {
    subjects: HashSet<Subject>,
    customers: HashSet<Arc<str>>,
    id_marks: HashSet<u64, FixedState>,
    customer_marks: HashSet<u64, FixedState>,
}

impl Sought {
    /// One row.
    pub fn subject(&mut self, subject: Subject) {
        self.id_marks.insert(hash(subject.id.as_str()));
        self.subjects.insert(subject);
    }

    /// All rows of a customer.
    pub fn customer(&mut self, customer: &Arc<str>) {
        if self.customers.insert(customer.clone()) {
            self.customer_marks.insert(of_customer(customer));
        }
    }

    /// A row, and all of its customer.
    pub fn with(&mut self, callback: &Callback) {
        self.subject(subject(callback));
        if let Some(customer) = callback.customer() {
            self.customer(customer);
        }
    }

    fn has(&self, callback: &Callback) -> bool {
        let customer = callback.customer();
        customer.is_some_and(|c| self.customers.contains(c))
            || self.subjects.contains(&subject(callback))
    }
}

/// Whether a callback is this subject.
pub(super) fn is(callback: &Callback, subject: &Subject) -> bool {
    callback.id == subject.id && callback.site == subject.site
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// Never zero.
fn of_customer(customer: &str) -> u64 {
    hash(customer) | 1
}

/// Everything a search may find a callback by.
fn words(callback: &Callback) -> String {
    let Callback {
        name,
        number,
        e164,
        dnid,
        campaign,
        assigned_to,
        external_id,
        project_id,
        assign_type,
        outbound_type,
        attend_type,
        ..
    } = callback;
    let mut words = String::new();
    let status = callback.status.as_ref().map(|s| Arc::from(s.word()));
    let texts = [
        name,
        number,
        e164,
        dnid,
        campaign,
        assigned_to,
        external_id,
        project_id,
        assign_type,
        outbound_type,
        attend_type,
        &status,
    ];
    for text in texts.into_iter().flatten() {
        words.push_str(&text::fold(text));
        words.push(' ');
    }
    words.push_str(&text::fold(callback.id.as_str()));
    for (_, raw) in &callback.extra {
        words.push(' ');
        words.push_str(&text::fold(raw.as_str()));
    }
    words
}
