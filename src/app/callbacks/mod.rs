//! Pane 3: who is to be called back. Lists are fetched by command and live
//! here; claims, notes and outcomes come from the board.
//!
//! * [`list`]: a site's list as it arrives; [`shelf`]: where its rows are
//!   kept; [`reread`]: what a later reading changes of it
//! * [`rows`]: what of it is shown; [`ranks`]: in which order
//! * [`todo`](mod@todo): how much of it is to be done, and how much is late
//! * `follow`: that is kept at the cost of what changed; `patch`: so are rows
//! * [`columns`]: the list's columns, as data; [`form`]: the filter form
//! * [`work`]: what an operator does to a row

pub mod columns;
mod follow;
pub mod form;
mod found;
pub mod list;
mod patch;
pub mod ranks;
pub mod reread;
pub mod rows;
pub mod shelf;
pub mod todo;
pub mod work;

use std::{collections::BTreeSet, sync::Arc};

use ratatui::layout::Rect;

use super::{
    cursor::Cursor,
    geometry::{self, ListPlaces},
    listing::{Listing, Sort},
    scope,
    search::Words,
    step::Step,
};
use crate::domain::{
    callback::Callback,
    filter::Filters,
    id::SiteName,
    site::Site,
    time::At,
    triage::{Subject, Triage},
};
use columns::Cell;
pub use follow::News;
use found::Found;
use list::List;
use ranks::Order;
use rows::{Group, Question, Row, Show};
use shelf::{Item, Shelf, Sought};
use todo::{Tally, Todo};

/// The pane's state.
#[derive(Clone, Debug, PartialEq)]
pub struct CallbacksPane {
    /// The lists, in the configuration's order.
    pub lists: Vec<(SiteName, List)>,
    /// What the vendor is asked for.
    pub filters: Filters,
    /// The name of the view it came from, until it is changed.
    pub view: Option<String>,
    /// The form as it was left, so that nothing typed is lost.
    pub form: Option<form::FilterForm>,
    /// Whose rows are shown.
    pub show: Show,
    /// How the rows are found, ordered and looked at.
    pub listing: Listing<Pick, Cell>,
    /// Customers whose requests are shown one by one.
    pub expanded: BTreeSet<Arc<str>>,
    /// What is shown.
    pub rows: Vec<Row>,
    /// How many requests that is.
    pub tally: Tally,
    /// What is to be done of the queue that is looked at, or of all.
    todo: Todo,
    /// When a claim or a snooze runs out, and with it what is shown changes.
    pub changes: Option<At>,
    /// Counts lists asked for: an answer to an older one is not taken.
    pub generation: u64,
    /// Those put here by hand.
    by_hand: Shelf,
    /// How the rows were derived, and the instant that they show.
    derived: Option<(Terms, At)>,
}

/// What rows are derived by: where it is another, all of them may be.
#[derive(Clone, Debug, PartialEq)]
struct Terms {
    words: Words,
    sort: Sort<Cell>,
    show: Show,
    scope: Option<String>,
}

/// What decides how the lists are seen.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Claims and outcomes.
    pub triage: &'a Triage,
    /// Who looks.
    pub me: &'a str,
    /// When.
    pub now: At,
    /// The sites: their queues have names.
    pub sites: &'a [Site],
    /// The only queue that counts, by name; all of them without.
    pub scope: Option<&'a str>,
}

impl CallbacksPane {
    /// An empty pane of these sites, asking for what is pending.
    #[must_use]
    pub fn new(sites: impl IntoIterator<Item = SiteName>) -> Self {
        Self {
            lists: sites
                .into_iter()
                .map(|site| (site, List::default()))
                .collect(),
            filters: Filters::pending(),
            view: None,
            form: None,
            show: Show::default(),
            listing: Listing::default(),
            expanded: BTreeSet::new(),
            rows: Vec::new(),
            tally: Tally::default(),
            todo: Todo::default(),
            changes: None,
            generation: 0,
            by_hand: Shelf::default(),
            derived: None,
        }
    }

    /// Derives the rows from the lists and what was done to them.
    pub fn derive(&mut self, view: View<'_>) {
        self.by_hand = Shelf::default();
        for (subject, case, added) in view.triage.added() {
            self.by_hand
                .put(Item::new(rows::by_hand(subject, case, added)));
        }
        let (found, all) = self.ask(view, |question| question.weigh(self.items()));
        self.todo = Todo::of(all.into_iter());
        self.lay_out(view, &found);
    }

    /// The same, where something else is asked of what is known already.
    pub fn look(&mut self, view: View<'_>) {
        let is_known = |(terms, looked): &(Terms, At)| {
            let changed = self.changes.is_some_and(|at| view.now >= at) || view.now < *looked;
            !changed && terms.scope.as_deref() == view.scope
        };
        if self.derived.as_ref().is_some_and(is_known) {
            let found = self.ask(view, |question| question.found(self.items()));
            self.lay_out(view, &found);
        } else {
            self.derive(view);
        }
    }

    fn lay_out(&mut self, view: View<'_>, found: &[Found]) {
        self.rows = rows::group(found, &self.expanded);
        self.tally = Tally::of(&self.rows);
        self.changes = view.triage.next_change(view.now);
        self.derived = Some((self.terms(view), view.now));
    }

    fn terms(&self, view: View<'_>) -> Terms {
        Terms {
            words: self.listing.search.words(),
            sort: self.listing.sort,
            show: self.show,
            scope: view.scope.map(str::to_owned),
        }
    }

    fn all_sought<'s>(&'s self, sought: &'s Sought) -> impl Iterator<Item = &'s Item> {
        let listed = self
            .lists
            .iter()
            .flat_map(move |(_, list)| list.sought(sought));
        listed.chain(self.by_hand.sought(sought))
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        let listed = self.lists.iter().flat_map(|(_, list)| list.items());
        listed.chain(self.by_hand.items())
    }

    fn sites(&self) -> Vec<SiteName> {
        self.lists.iter().map(|(site, _)| site.clone()).collect()
    }

    /// The callbacks that are shown, each on its own.
    #[must_use]
    pub fn shown(&self, view: View<'_>) -> Vec<Arc<Callback>> {
        let items = self.ask(view, |question| question.found(self.items()));
        items.into_iter().map(|item| item.callback).collect()
    }

    fn ask<T>(&self, view: View<'_>, answer: impl FnOnce(&Question<'_>) -> T) -> T {
        answer(&Question {
            triage: view.triage,
            me: view.me,
            now: view.now,
            show: self.show,
            words: &self.listing.search.words(),
            in_scope: &|callback| scope::has_callback(view.scope, callback, view.sites),
            order: Order {
                sort: self.listing.sort,
                sites: &self.sites(),
            },
            expanded: &self.expanded,
        })
    }

    /// Where a subject's row stands, if it has one.
    #[must_use]
    pub fn find(&self, subject: &Subject) -> Option<usize> {
        let mut sought = Sought::default();
        sought.subject(subject.clone());
        let item = self.all_sought(&sought).next()?;
        let own = self.head(&item.callback);
        own.or_else(|| {
            let head = self.head_of(item.callback.customer()?)?;
            patch::below(&self.rows, head, subject)
        })
    }

    /// Where the row stands that stands for all of a customer's requests.
    fn head_of(&self, customer: &Arc<str>) -> Option<usize> {
        let mut sought = Sought::default();
        sought.customer(customer);
        let mut requests = self.all_sought(&sought);
        requests.find_map(|item| self.head(&item.callback))
    }

    /// The row that stands for a subject: its own, or the one that stands for
    /// all of its customer's requests.
    #[must_use]
    pub fn row_of(&self, subject: &Subject, customer: Option<&Arc<str>>) -> Option<&Row> {
        let at = self.find(subject).or_else(|| self.head_of(customer?))?;
        self.rows.get(at)
    }

    /// The customer's other requests that stand on one row with this one: none
    /// where they are shown one by one.
    #[must_use]
    pub fn with(&self, callback: &Callback) -> Vec<Arc<Callback>> {
        let subject = subject(callback);
        let row = self.row_of(&subject, callback.customer());
        let head = row.filter(|row| matches!(row.group, Group::Head { open: false, .. }));
        let all = head.into_iter().flat_map(|head| {
            let first = std::iter::once(&head.callback);
            first.chain(head.others())
        });
        all.filter(|c| !shelf::is(c, &subject)).cloned().collect()
    }

    fn head(&self, callback: &Callback) -> Option<usize> {
        let (terms, _) = self.derived.as_ref()?;
        let order = Order {
            sort: terms.sort,
            sites: &self.sites(),
        };
        patch::head(&self.rows, order, callback)
    }

    /// How many that are still to be done are late, of the queue that is
    /// looked at, whatever else is asked for.
    #[must_use]
    pub fn late(&self, now: At) -> usize {
        self.todo.late(now)
    }

    /// Where the parts of the pane stand: what is wrong, the head, the rows.
    #[must_use]
    pub fn places(&self, pane: Rect) -> ListPlaces {
        geometry::list(
            pane,
            self.lists
                .iter()
                .any(|(_, list)| list.fault.is_some() || list.note.is_some()),
            self.listing.search.is_shown(),
        )
    }

    /// How many rows there are here, and how many the vendors told of, where
    /// all of them did; `None` where no list was read yet.
    #[must_use]
    pub fn counts(&self) -> Option<(usize, Option<u64>)> {
        if self.lists.is_empty() {
            // Nobody but people puts anything here.
            let here = self.rows.len();
            return Some((here, u64::try_from(here).ok()));
        }
        let known = self
            .lists
            .iter()
            .any(|(_, l)| l.read.is_some() || !l.shelf().is_empty());
        let have: usize = self.lists.iter().map(|(_, l)| l.here()).sum();
        let total = self.lists.iter().map(|(_, l)| l.total).sum();
        known.then_some((have, total))
    }

    /// A site's list.
    #[must_use]
    pub fn list(&self, site: &SiteName) -> Option<&List> {
        self.lists
            .iter()
            .find(|(name, _)| name == site)
            .map(|(_, list)| list)
    }

    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.listing.cursor.row(self.rows.len())?)
    }

    /// The selected callback.
    #[must_use]
    pub fn callback(&self) -> Option<&Arc<Callback>> {
        self.selected().map(|row| &row.callback)
    }

    /// Puts the cursor on a living row, and the view around it.
    pub fn settle(&mut self, height: usize) {
        // Behind another request of the same customer: the row that stands for
        // both.
        let find = |pick: &Pick| {
            let same = self.find(&pick.subject);
            same.or_else(|| self.head_of(pick.customer.as_ref()?))
        };
        let key = |at| self.rows.get(at).map(pick);
        let mut cursor = self.listing.cursor.clone();
        cursor.settle(find, key, self.rows.len());
        let listing = &mut self.listing;
        listing.cursor = cursor;
        listing.top = listing.cursor.view(listing.top, self.rows.len(), height);
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self { rows, listing, .. } = self;
        listing.step(step, |at| rows.get(at).map(pick), rows.len(), page);
    }

    /// Puts the cursor on a subject, if it is shown.
    pub fn go_to(&mut self, subject: &Subject) {
        if let Some(row) = self.find(subject) {
            self.listing.cursor = Cursor::On {
                key: pick(&self.rows[row]),
                row,
            };
        }
    }
}

/// What the cursor is on: a request, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    subject: Subject,
    customer: Option<Arc<str>>,
}

fn pick(row: &Row) -> Pick {
    Pick {
        subject: row.subject.clone(),
        customer: row.callback.customer().cloned(),
    }
}

/// The subject of a callback.
#[must_use]
pub fn subject(callback: &Callback) -> Subject {
    Subject {
        site: callback.site.clone(),
        id: callback.id.clone(),
    }
}

#[cfg(test)]
mod tests;
