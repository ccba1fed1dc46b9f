//! A cursor that stays on who it was put on, not on a row number.

use super::step::Step;

/// Where a list's cursor is: on whatever is first, or on one row's identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cursor<K> {
    /// On the first row, whichever that is.
    #[default]
    First,
    /// On this one; `row` is where it stood last.
    On {
        /// Which.
        key: K,
        /// Where.
        row: usize,
    },
}

impl<K: PartialEq> Cursor<K> {
    /// The row it is on, of `len`.
    #[must_use]
    pub fn row(&self, len: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        Some(match self {
            Self::First => 0,
            Self::On { row, .. } => (*row).min(last),
        })
    }

    /// Follows its key to where it stands now; one that is gone leaves the
    /// cursor on its row.
    pub fn settle(
        &mut self,
        find: impl Fn(&K) -> Option<usize>,
        key: impl Fn(usize) -> Option<K>,
        len: usize,
    ) {
        let Self::On { key: on, row } = self else {
            return;
        };
        // Mostly it has not moved, and a long list need not be searched.
        if key(*row).as_ref() == Some(on) {
            return;
        }
        match find(on) {
            Some(at) => *row = at,
            None => {
                let at = (*row).min(len.saturating_sub(1));
                *self = key(at).map_or(Self::First, |key| Self::On { key, row: at });
            }
        }
    }

    /// The first row in view, so that the cursor is in view and no rows are
    /// left blank below.
    #[must_use]
    pub fn view(&self, top: usize, len: usize, height: usize) -> usize {
        let at = self.row(len).unwrap_or(0);
        let height = height.max(1);
        let lowest = (at + 1).saturating_sub(height);
        let last = len.saturating_sub(height);
        top.clamp(lowest, at.max(lowest)).min(last.max(lowest))
    }

    /// Moves; `page` is how many rows are in view.
    pub fn step(&mut self, step: Step, key: impl Fn(usize) -> Option<K>, len: usize, page: usize) {
        let Some(at) = self.row(len) else { return };
        let last = len - 1;
        let to = match step {
            Step::First => {
                *self = Self::First;
                return;
            }
            Step::Down => at + 1,
            Step::Up => at.saturating_sub(1),
            Step::PageDown => at + page.max(1),
            Step::PageUp => at.saturating_sub(page.max(1)),
            Step::Last => last,
        }
        .min(last);
        *self = key(to).map_or(Self::First, |key| Self::On { key, row: to });
    }
}
