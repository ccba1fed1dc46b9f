//! Pane 3: who is to be called back. Lists are fetched by command and live
//! here; claims, notes and outcomes come from the board.
//!
//! * [`list`]: a site's list as it arrives; * [`rows`]: what of it is shown
//! * [`columns`]: the list's columns, as data; * [`form`]: the filter form
//! * [`work`]: what an operator does to a row

pub mod columns;
pub mod form;
pub mod list;
pub mod rows;
pub mod work;

use std::{collections::BTreeSet, sync::Arc};

use ratatui::layout::Rect;

use super::{
    cursor::Cursor,
    geometry::{self, ListPlaces},
    keys::Step,
    listing::Listing,
    scope,
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
use list::List;
use rows::{Question, Row, Show};

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
    pub found: usize,
    /// When those of the queue that is looked at are due, the earliest first;
    /// `None` while all queues are.
    scoped: Option<Vec<At>>,
    /// When a claim or a snooze runs out, and with it what is shown changes.
    pub changes: Option<At>,
    /// Counts lists asked for: an answer to an older one is not taken.
    pub generation: u64,
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
            found: 0,
            scoped: None,
            changes: None,
            generation: 0,
        }
    }

    /// Derives the rows from the lists and what was done to them.
    pub fn derive(&mut self, view: View<'_>) {
        (self.rows, self.found) = self.ask(view, rows::rows);
        self.scoped = view.scope.map(|_| {
            let all = self.lists.iter().flat_map(|(_, list)| &list.items);
            let of_queue = all.map(|item| &*item.callback);
            let of_queue = of_queue.filter(|c| scope::has_callback(view.scope, c, view.sites));
            list::schedules(of_queue)
        });
        self.changes = view.triage.next_change(view.now);
    }

    /// The callbacks that are shown, each on its own.
    #[must_use]
    pub fn shown(&self, view: View<'_>) -> Vec<Arc<Callback>> {
        let items = self.ask(view, rows::found);
        items.into_iter().map(|item| item.callback).collect()
    }

    fn ask<T>(&self, view: View<'_>, answer: impl FnOnce(&mut Question<'_>) -> T) -> T {
        answer(&mut Question {
            items: &mut self.lists.iter().flat_map(|(_, list)| &list.items),
            triage: view.triage,
            me: view.me,
            now: view.now,
            show: self.show,
            words: self.listing.search.words(),
            in_scope: &|callback| scope::has_callback(view.scope, callback, view.sites),
            sort: self.listing.sort,
            expanded: &self.expanded,
        })
    }

    /// How many are late, of the queue that is looked at.
    #[must_use]
    pub fn late(&self, now: At) -> usize {
        match &self.scoped {
            Some(schedules) => list::late(schedules, now),
            None => self.lists.iter().map(|(_, list)| list.late(now)).sum(),
        }
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
            .any(|(_, l)| l.read.is_some() || !l.items.is_empty());
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
        let Self { rows, listing, .. } = self;
        let find = |pick: &Pick| {
            let same = rows.iter().position(|row| row.subject == pick.subject);
            // Behind another request of the same customer: the row that
            // stands for both.
            same.or_else(|| {
                let customer = pick.customer.as_ref()?;
                rows.iter()
                    .position(|row| row.callback.customer() == Some(customer))
            })
        };
        listing.settle(find, |at| rows.get(at).map(pick), rows.len(), height);
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self { rows, listing, .. } = self;
        listing.step(step, |at| rows.get(at).map(pick), rows.len(), page);
    }

    /// Puts the cursor on a subject, if it is shown.
    pub fn go_to(&mut self, subject: &Subject) {
        if let Some(row) = self.rows.iter().position(|row| row.subject == *subject) {
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
