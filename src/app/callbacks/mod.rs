//! Pane 3: who is to be called back. Lists are fetched by command and live
//! here; claims, notes and outcomes come from the board.
//!
//! * [`list`]: a site's list as it arrives; * [`rows`]: what of it is shown
//! * [`form`]: the filter form; * [`work`]: what an operator does to a row

pub mod form;
pub mod list;
pub mod rows;
pub mod work;

use std::{collections::BTreeSet, sync::Arc};

use tui_input::Input;

use ratatui::layout::Rect;

use super::{
    cursor::Cursor,
    geometry::{self, ListPlaces},
    keys::Step,
};
use crate::domain::{
    callback::Callback,
    filter::Filters,
    id::SiteName,
    time::At,
    triage::{Subject, Triage},
};
use list::List;
use rows::{Question, Row, Show, Sort};

/// The pane's state.
#[derive(Clone, Debug)]
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
    /// In which order.
    pub sort: Sort,
    /// The words a row must have, and whether they are being typed.
    pub search: Input,
    /// Whether the search is being typed.
    pub searching: bool,
    /// Customers whose requests are shown one by one.
    pub expanded: BTreeSet<Arc<str>>,
    /// What is shown.
    pub rows: Vec<Row>,
    /// The first row in view.
    pub top: usize,
    /// Where the cursor is.
    pub cursor: Cursor<Pick>,
    /// When a claim or a snooze runs out, and with it what is shown changes.
    pub changes: Option<At>,
    /// Counts lists asked for: an answer to an older one is not taken.
    pub generation: u64,
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
            sort: Sort::default(),
            search: Input::default(),
            searching: false,
            expanded: BTreeSet::new(),
            rows: Vec::new(),
            top: 0,
            cursor: Cursor::First,
            changes: None,
            generation: 0,
        }
    }

    /// Derives the rows from the lists and what was done to them.
    pub fn derive(&mut self, triage: &Triage, me: &str, now: At) {
        self.rows = self.ask(triage, me, now, rows::rows);
        self.changes = triage.next_change(now);
    }

    /// The callbacks that are shown, each on its own.
    #[must_use]
    pub fn shown(&self, triage: &Triage, me: &str, now: At) -> Vec<Arc<Callback>> {
        let items = self.ask(triage, me, now, rows::found);
        items.into_iter().map(|item| item.callback).collect()
    }

    fn ask<T>(
        &self,
        triage: &Triage,
        me: &str,
        now: At,
        answer: impl FnOnce(&mut Question<'_>) -> T,
    ) -> T {
        answer(&mut Question {
            items: &mut self.lists.iter().flat_map(|(_, list)| &list.items),
            triage,
            me,
            now,
            show: self.show,
            search: self.search.value(),
            sort: self.sort,
            expanded: &self.expanded,
        })
    }

    /// Where the parts of the pane stand: what is wrong, the head, the rows.
    #[must_use]
    pub fn places(&self, pane: Rect) -> ListPlaces {
        geometry::list(
            pane,
            self.lists
                .iter()
                .any(|(_, list)| list.fault.is_some() || list.note.is_some()),
            self.is_searched(),
        )
    }

    /// Whether a search is typed or stands.
    #[must_use]
    pub fn is_searched(&self) -> bool {
        self.searching || !self.search.value().is_empty()
    }

    /// How many rows there are here, and how many the vendors told of, where
    /// all of them did; `None` where no list was read yet.
    #[must_use]
    pub fn counts(&self) -> Option<(usize, Option<u64>)> {
        let known = self
            .lists
            .iter()
            .any(|(_, l)| l.read.is_some() || !l.items.is_empty());
        let here = |list: &List| list.items.iter().filter(|item| !item.missing).count();
        let have: usize = self.lists.iter().map(|(_, l)| here(l)).sum();
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
        self.rows.get(self.cursor.row(self.rows.len())?)
    }

    /// The selected callback.
    #[must_use]
    pub fn callback(&self) -> Option<&Arc<Callback>> {
        self.selected().map(|row| &row.callback)
    }

    /// Puts the cursor on a living row, and the view around it.
    pub fn settle(&mut self, height: usize) {
        let rows = &self.rows;
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
        self.cursor
            .settle(find, |at| rows.get(at).map(pick), rows.len());
        self.top = self.cursor.view(self.top, rows.len(), height);
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let rows = &self.rows;
        self.cursor
            .step(step, |at| rows.get(at).map(pick), rows.len(), page);
        self.settle(page);
    }

    /// Puts the cursor on a subject, if it is shown.
    pub fn go_to(&mut self, subject: &Subject) {
        if let Some(row) = self.rows.iter().position(|row| row.subject == *subject) {
            self.cursor = Cursor::On {
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

impl PartialEq for CallbacksPane {
    fn eq(&self, other: &Self) -> bool {
        // A text field has no equality of its own.
        let Self {
            lists,
            filters,
            view,
            form,
            show,
            sort,
            search,
            searching,
            expanded,
            rows,
            top,
            cursor,
            changes,
            generation,
        } = self;
        *lists == other.lists
            && *filters == other.filters
            && *view == other.view
            && *form == other.form
            && *show == other.show
            && *sort == other.sort
            && search.value() == other.search.value()
            && *searching == other.searching
            && *expanded == other.expanded
            && *rows == other.rows
            && *top == other.top
            && *cursor == other.cursor
            && *changes == other.changes
            && *generation == other.generation
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
