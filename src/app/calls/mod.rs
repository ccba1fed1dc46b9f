//! The calls of sites that push, in pane 5 beside what comes in: who waits,
//! rings and talks, what was missed and how the others ended. Derived from the
//! board while it is looked at.
//!
//! * [`columns`]: the list's columns, as data; [`rows`]: what a row says

pub mod columns;
pub mod rows;

use std::cmp::Reverse;

use super::{
    listing::{Listing, order},
    step::Step,
};
use crate::domain::{
    board::Board,
    id::{CallId, SiteName},
    site::Site,
    text,
    time::At,
};
use columns::Cell;
use rows::{Row, Stage};

/// The list's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallsPane {
    /// Whether pane 5 shows it.
    pub shown: bool,
    /// Those that are searched for, in the order asked for.
    pub rows: Vec<Row>,
    /// How many there are of each [`Stage`], also those not searched for.
    pub totals: [usize; 5],
    /// How the rows are found, ordered and looked at.
    pub listing: Listing<(SiteName, CallId), Cell>,
}

impl CallsPane {
    /// Derives the rows from the board; none while the list is not looked at.
    pub fn derive(&mut self, sites: &[Site], board: &Board, scope: Option<&str>, now: At) {
        self.rows.clear();
        self.totals = Default::default();
        if !self.shown {
            return;
        }
        let in_scope = |row: &Row| scope.is_none_or(|name| row.queue.as_deref() == Some(name));
        let words = self.listing.search.words();
        for site in sites {
            for row in rows::of_site(site, board, now).filter(in_scope) {
                if !row.injected {
                    self.totals[row.stage as usize] += 1;
                }
                if words.is_empty() || words.are_in(&row.haystack()) {
                    self.rows.push(row);
                }
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        let rows = &mut self.rows;
        rows.sort_by(|a, b| (Reverse(a.began), &a.id).cmp(&(Reverse(b.began), &b.id)));
        let reversed = self.listing.sort.reversed;
        let folded = |text: Option<&str>| text.map(|t| text::fold(t).into_owned());
        match self.listing.sort.by {
            Cell::State => order(rows, reversed, |row| Some(row.stage)),
            Cell::Wait => order(rows, reversed, |row| {
                let lives = row.stage < Stage::Missed;
                (!row.in_menu).then_some((!lives, row.began))
            }),
            Cell::Number => order(rows, reversed, |row| folded(row.number.as_deref())),
            Cell::Name => order(rows, reversed, |row| folded(row.name.as_deref())),
            Cell::To => order(rows, reversed, |row| folded(row.to.as_deref())),
            Cell::Queue => order(rows, reversed, |row| folded(row.queue.as_deref())),
            Cell::Agent => order(rows, reversed, |row| folded(row.agent.as_deref())),
            Cell::Site => order(rows, reversed, |row| folded(Some(row.site.as_str()))),
            Cell::Legs => order(rows, reversed, |row| Some(Reverse(row.legs))),
            Cell::Time | Cell::Why | Cell::Id => {
                if reversed {
                    rows.reverse();
                }
            }
        }
    }

    /// How many there are of a stage.
    #[must_use]
    pub fn count(&self, stage: Stage) -> usize {
        self.totals[stage as usize]
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.totals.iter().sum()
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
        let Self { rows, listing, .. } = self;
        let find = |(site, id): &(SiteName, CallId)| {
            rows.iter().position(|r| r.id == *id && r.site == *site)
        };
        listing.settle(find, |at| key(rows, at), rows.len(), height);
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, page: usize) {
        let Self { rows, listing, .. } = self;
        listing.step(step, |at| key(rows, at), rows.len(), page);
    }
}

fn key(rows: &[Row], at: usize) -> Option<(SiteName, CallId)> {
    rows.get(at).map(|row| (row.site.clone(), row.id.clone()))
}
