//! Pane 2: who serves. The rows are derived from the board; after that, what
//! is told of an agent costs what it changes of their row, and what looks stuck
//! is looked at again every second.
//!
//! * [`columns`]: the list's columns, as data; [`rows`]: what a row says;
//!   [`free`]: who is free for which queue
//! * `ranks`: the order of rows; [`tiles`]: many agents on little room

pub mod columns;
pub mod free;
mod ranks;
pub mod rows;
pub mod tiles;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;

use crate::domain::{
    agent::AgentState,
    board::Board,
    id::{AgentId, SiteName},
    site::Site,
    time::At,
};

use super::{
    listing::{Listing, Sort},
    pane::PaneId,
    search::Words,
    sorted,
    step::Step,
};
use columns::Cell;
use rows::Row;

/// An agent, of all sites'.
pub type Key = (SiteName, AgentId);

/// News of more agents than this part of them are not worth being folded in
/// one by one.
const NEWS_PART: usize = 4;
const NEWS_LEAST: usize = 8;

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentsPane {
    /// Those that are searched for, in the order asked for.
    pub rows: Vec<Arc<Row>>,
    /// How many there are in each state, also those not searched for, in the
    /// order of [`AgentState::ALL`]; not those whose state our own injector
    /// made.
    pub totals: [usize; AgentState::ALL.len()],
    /// How many those are.
    pub invented: usize,
    /// How many look stuck.
    pub suspects: usize,
    /// How many are paused for longer than they may.
    pub over_pause: usize,
    /// Whether they stand as tiles.
    pub tiled: bool,
    /// How the rows are found, ordered and looked at.
    pub listing: Listing<Key, Cell>,
    /// All that are in scope, also those not searched for.
    everyone: BTreeMap<Key, Arc<Row>>,
    /// How they were when the rows were derived.
    derived: Option<Terms>,
}

/// What the rows are derived from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The sites, in the configuration's order.
    pub sites: &'a [Site],
    /// Who serves.
    pub board: &'a Board,
    /// The only queue that counts, by name; all of them without.
    pub scope: Option<&'a str>,
    /// The instant that is shown.
    pub now: At,
}

impl<'a> Source<'a> {
    /// The sites whose agents are told of.
    fn pushed(self) -> impl Iterator<Item = &'a Site> {
        let vendors = PaneId::Agents.vendors();
        self.sites
            .iter()
            .filter(|site| vendors.contains(&site.vendor))
    }

    /// An agent's row, if there is such a one and they are in scope.
    fn row(self, (site, agent): &Key) -> Option<Arc<Row>> {
        let site = self.pushed().find(|known| known.name == *site)?;
        let row = rows::of_agent(site, agent, self.board, self.now)?;
        self.has(&row).then(|| Arc::new(row))
    }

    fn has(self, row: &Row) -> bool {
        self.scope.is_none_or(|queue| row.may_be_in(queue))
    }
}

/// What rows are derived by: where it is another, all of them may be.
#[derive(Clone, Debug, PartialEq)]
struct Terms {
    words: Words,
    sort: Sort<Cell>,
    scope: Option<String>,
    day: Date,
}

impl Terms {
    fn finds(&self, row: &Row) -> bool {
        self.words.is_empty() || self.words.are_in(&row.haystack())
    }
}

impl AgentsPane {
    /// Derives the rows from the board.
    pub fn derive(&mut self, source: Source<'_>) {
        let terms = self.terms(source);
        self.totals = Default::default();
        (self.invented, self.suspects, self.over_pause) = (0, 0, 0);
        self.everyone.clear();
        self.rows.clear();
        let rows = source
            .pushed()
            .flat_map(|site| rows::of_site(site, source.board, source.now));
        for row in rows.filter(|row| source.has(row)).map(Arc::new) {
            self.count_in(&row);
            if terms.finds(&row) {
                self.rows.push(row.clone());
            }
            self.everyone.insert(key(&row), row);
        }
        ranks::sort(&mut self.rows, terms.sort, source.sites);
        self.derived = Some(terms);
    }

    /// The same, at the cost of those of whom something was told since it was
    /// derived last.
    pub fn follow(&mut self, source: Source<'_>, told: &BTreeSet<Key>) {
        let many = told.len() > self.everyone.len() / NEWS_PART + NEWS_LEAST;
        if many || self.patch(source, told).is_none() {
            self.derive(source);
        }
    }

    /// The same, where nothing was told but time went by: who is stuck.
    pub fn age(&mut self, source: Source<'_>) {
        let mut told = BTreeSet::new();
        for site in source.pushed() {
            let doubts = rows::doubts(site, source.board, source.now);
            for (agent, doubt) in doubts {
                // Who is not stuck, and nobody was.
                if doubt == (None, false) && self.suspects + self.over_pause + self.invented == 0 {
                    continue;
                }
                let key = (site.name.clone(), agent.clone());
                let row = self.everyone.get(&key);
                if row.is_some_and(|row| {
                    (row.doubt.as_ref(), row.over_pause) != (doubt.0.as_ref(), doubt.1)
                }) {
                    told.insert(key);
                }
            }
        }
        self.follow(source, &told);
    }

    fn terms(&self, source: Source<'_>) -> Terms {
        Terms {
            words: self.listing.search.words(),
            sort: self.listing.sort,
            scope: source.scope.map(str::to_owned),
            day: source.now.day(source.board.zone()),
        }
    }

    /// `None` where the rows must be derived anew.
    fn patch(&mut self, source: Source<'_>, told: &BTreeSet<Key>) -> sorted::Patched {
        let terms = self.terms(source);
        if self.derived.as_ref() != Some(&terms) {
            return None;
        }
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for key in told {
            let (was, is) = (self.everyone.remove(key), source.row(key));
            if was == is {
                self.everyone.extend(was.map(|row| (key.clone(), row)));
                continue;
            }
            if let Some(was) = was {
                self.count_out(&was)?;
                gone.extend(terms.finds(&was).then_some(was));
            }
            if let Some(is) = is {
                self.count_in(&is);
                come.extend(terms.finds(&is).then(|| is.clone()));
                self.everyone.insert(key.clone(), is);
            }
        }
        let order = |a: &Arc<Row>, b: &Arc<Row>| ranks::compare(terms.sort, source.sites, a, b);
        sorted::patch(&mut self.rows, gone, come, order)
    }

    fn count_in(&mut self, row: &Row) {
        if row.injected {
            self.invented += 1;
            return;
        }
        self.totals[ranks::of_state(row.state)] += 1;
        self.suspects += usize::from(row.doubt.is_some());
        self.over_pause += usize::from(row.over_pause);
    }

    fn count_out(&mut self, row: &Row) -> Option<()> {
        let one = |from: &mut usize, is: bool| {
            *from = from.checked_sub(usize::from(is))?;
            Some(())
        };
        if row.injected {
            return one(&mut self.invented, true);
        }
        one(&mut self.totals[ranks::of_state(row.state)], true)?;
        one(&mut self.suspects, row.doubt.is_some())?;
        one(&mut self.over_pause, row.over_pause)
    }

    /// How many there are in a state.
    #[must_use]
    pub fn count(&self, state: AgentState) -> usize {
        self.totals[ranks::of_state(state)]
    }

    /// How many there are to search in.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.all() + self.invented
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.totals.iter().sum()
    }

    /// How many are logged in, as far as that is known.
    #[must_use]
    pub fn logged_in(&self) -> usize {
        self.all() - self.count(AgentState::LoggedOut) - self.count(AgentState::Unknown)
    }

    /// The selected row's number.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.listing.cursor.row(self.rows.len())
    }

    /// The selected row.
    #[must_use]
    pub fn row(&self) -> Option<&Arc<Row>> {
        self.rows.get(self.selected()?)
    }

    /// Puts the cursor on a living row, and the view around it.
    pub fn settle(&mut self, height: usize) {
        let Self {
            rows,
            listing,
            tiled,
            ..
        } = self;
        let find = |(site, id): &Key| rows.iter().position(|r| r.id == *id && r.site == *site);
        listing.settle(find, |at| rows.get(at).map(|r| key(r)), rows.len(), height);
        if *tiled {
            // Tiles turn whole pages: a step must not move all of them.
            let at = listing.cursor.row(rows.len()).unwrap_or(0);
            listing.top = at - at % height.max(1);
        }
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self { rows, listing, .. } = self;
        listing.step(step, |at| rows.get(at).map(|r| key(r)), rows.len(), page);
        self.settle(page);
    }
}

fn key(row: &Row) -> Key {
    (row.site.clone(), row.id.clone())
}

#[cfg(test)]
mod tests;
