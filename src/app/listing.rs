//! What all lists have: words that are searched for, an order, a cursor and a
//! view.

use std::cmp::{Ordering, Reverse};

use super::{columns::Column, cursor::Cursor, search::Search, step::Step};

/// A list's state: `K` tells its rows apart, `C` its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<K, C> {
    /// The words that rows must have.
    pub search: Search,
    /// The order.
    pub sort: Sort<C>,
    /// The first row in view.
    pub top: usize,
    /// Where the cursor is.
    pub cursor: Cursor<K>,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort<C> {
    /// By what.
    pub by: C,
    /// The other way round.
    pub reversed: bool,
}

impl<K, C: Default> Default for Listing<K, C> {
    fn default() -> Self {
        Self {
            search: Search::default(),
            sort: Sort::default(),
            top: 0,
            cursor: Cursor::First,
        }
    }
}

impl<C: Copy + PartialEq> Sort<C> {
    /// Goes on to the next of these columns that can be sorted by.
    pub fn turn(&mut self, columns: &[(Column<C>, u16)]) {
        let sortable: Vec<C> = columns
            .iter()
            .filter(|(column, _)| column.sorts)
            .map(|(column, _)| column.kind)
            .collect();
        let next = match sortable.iter().position(|kind| *kind == self.by) {
            Some(at) => sortable.get((at + 1) % sortable.len()),
            None => sortable.first(),
        };
        if let Some(by) = next {
            *self = Self {
                by: *by,
                reversed: false,
            };
        }
    }
}

/// Puts rows in the order of what a column says of them. What is not known
/// stands last either way round, and rows of which the same is said stay as
/// they stood.
pub fn order<T, V: Ord>(rows: &mut [T], reversed: bool, says: impl Fn(&T) -> Option<V>) {
    let unknown = |said: &Option<V>| said.is_none();
    if reversed {
        rows.sort_by_cached_key(|row| {
            let said = says(row);
            (unknown(&said), said.map(Reverse))
        });
    } else {
        rows.sort_by_cached_key(|row| {
            let said = says(row);
            (unknown(&said), said)
        });
    }
}

/// The order of two rows by the same, as far as a column decides it.
pub fn compare<V: Ord>(reversed: bool, a: Option<V>, b: Option<V>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if reversed => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

impl<C> Sort<C> {
    /// Sorts by a column, if there is one.
    pub fn set(&mut self, by: Option<C>) {
        if let Some(by) = by {
            *self = Self {
                by,
                reversed: false,
            };
        }
    }

    /// Turns the order round.
    pub fn reverse(&mut self) {
        self.reversed = !self.reversed;
    }
}

impl<K: PartialEq, C> Listing<K, C> {
    /// Puts the cursor on a living row, and the view around it. `find` tells
    /// where a key stands, `key` whose a row is; `height` is how many rows are
    /// in view.
    pub fn settle(
        &mut self,
        find: impl Fn(&K) -> Option<usize>,
        key: impl Fn(usize) -> Option<K>,
        len: usize,
        height: usize,
    ) {
        self.cursor.settle(find, key, len);
        self.top = self.cursor.view(self.top, len, height);
    }

    /// Moves the cursor; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, key: impl Fn(usize) -> Option<K>, len: usize, page: usize) {
        self.cursor.step(step, key, len, page);
        self.top = self.cursor.view(self.top, len, page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_stands_last_either_way_and_ties_stay_as_they_stood() {
        let ordered = |reversed| {
            let mut rows = [(None, 'a'), (Some(1), 'b'), (Some(2), 'c'), (Some(1), 'd')];
            order(&mut rows, reversed, |row| row.0);
            rows.map(|row| row.1).iter().collect::<String>()
        };
        assert_eq!(ordered(false), "bdca");
        assert_eq!(ordered(true), "cbda");
    }
}
