//! Pane 2: who serves. The rows are derived from the board when the board
//! changes; what looks stuck is looked at again every second.
//!
//! * [`columns`]: the list's columns, as data; [`rows`]: what a row says
//! * [`tiles`]: many agents on little room

pub mod columns;
pub mod rows;
pub mod tiles;

use std::cmp::Reverse;

use crate::domain::{
    agent::AgentState,
    board::Board,
    id::{AgentId, SiteName},
    site::Site,
    text,
    time::At,
};

use super::{
    keys::Step,
    listing::{Listing, order},
    pane::PaneId,
};
use columns::Cell;
use rows::Row;

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentsPane {
    /// Those that are searched for, in the order asked for.
    pub rows: Vec<Row>,
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
    pub listing: Listing<(SiteName, AgentId), Cell>,
}

impl AgentsPane {
    /// Derives the rows from the board.
    pub fn derive(&mut self, sites: &[Site], board: &Board, scope: Option<&str>, now: At) {
        let pushed = sites
            .iter()
            .filter(|site| PaneId::Agents.vendors().contains(&site.vendor));
        let mut rows: Vec<Row> = pushed
            .flat_map(|site| rows::of_site(site, board, now))
            .filter(|row| scope.is_none_or(|queue| row.may_be_in(queue)))
            .collect();
        self.totals = Default::default();
        (self.suspects, self.over_pause) = (0, 0);
        self.invented = rows.iter().filter(|row| row.injected).count();
        for row in rows.iter().filter(|row| !row.injected) {
            let at = AgentState::ALL.iter().position(|s| *s == row.state);
            self.totals[at.unwrap_or(0)] += 1;
            self.suspects += usize::from(row.doubt.is_some());
            self.over_pause += usize::from(row.over_pause);
        }
        let words = self.listing.search.words();
        rows.retain(|row| words.is_empty() || words.are_in(&row.haystack()));
        self.rows = rows;
        self.sort();
    }

    fn sort(&mut self) {
        let name = |row: &Row| (text::fold(&row.name).into_owned(), row.id.clone());
        let rows = &mut self.rows;
        rows.sort_by_cached_key(name);
        let reversed = self.listing.sort.reversed;
        let folded = |text: &str| text::fold(text).into_owned();
        match self.listing.sort.by {
            Cell::Agent | Cell::Reason | Cell::With | Cell::Queues => {
                order(rows, reversed, |row| Some(name(row)));
            }
            Cell::State => order(rows, reversed, |row| {
                let rank = AgentState::ALL.iter().position(|s| *s == row.state);
                row.since.map(|since| (rank, since))
            }),
            Cell::For => order(rows, reversed, |row| row.since),
            Cell::Calls => order(rows, reversed, |row| row.calls.map(Reverse)),
            Cell::Device => order(rows, reversed, |row| row.device.as_deref().map(folded)),
            Cell::Site => order(rows, reversed, |row| Some(folded(row.site.as_str()))),
            Cell::Id => order(rows, reversed, |row| Some(row.id.clone())),
        }
    }

    /// How many there are in a state.
    #[must_use]
    pub fn count(&self, state: AgentState) -> usize {
        let at = AgentState::ALL.iter().position(|s| *s == state);
        at.map_or(0, |at| self.totals[at])
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
    pub fn row(&self) -> Option<&Row> {
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
        let find = |(site, id): &(SiteName, AgentId)| {
            rows.iter().position(|r| r.id == *id && r.site == *site)
        };
        listing.settle(find, |at| key(rows, at), rows.len(), height);
        if *tiled {
            // Tiles turn whole pages: a step must not move all of them.
            let at = listing.cursor.row(rows.len()).unwrap_or(0);
            listing.top = at - at % height.max(1);
        }
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self { rows, listing, .. } = self;
        listing.step(step, |at| key(rows, at), rows.len(), page);
        self.settle(page);
    }
}

fn key(rows: &[Row], at: usize) -> Option<(SiteName, AgentId)> {
    rows.get(at).map(|row| (row.site.clone(), row.id.clone()))
}
