//! The order of callbacks: by a column, and the most urgent first where it
//! says the same; what is not known stands last.

use std::cmp::{Ordering, Reverse};

use super::{columns::Cell, found::Found};
use crate::{
    app::listing::{self, Sort},
    domain::{
        callback::{Callback, Status},
        id::SiteName,
        text,
        time::At,
    },
};

/// An order of callbacks.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// By what.
    pub sort: Sort<Cell>,
    /// The sites in the configuration's order, for those of one id.
    pub sites: &'a [SiteName],
}

/// What a column says of a callback, to be sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Text(String),
    Tries(Reverse<i64>),
    Created(Reverse<At>),
}

impl Order<'_> {
    /// Puts these in order.
    pub(super) fn sort(self, found: &mut [Found]) {
        // Cached: rows lie all over the memory.
        found.sort_by_cached_key(|item| {
            let callback = &item.callback;
            let place = self.place(callback);
            (urgency(callback), callback.id.clone(), place)
        });
        if self.is_by_urgency() {
            if self.sort.reversed {
                found.reverse();
            }
        } else {
            listing::order(found, self.sort.reversed, |item| self.says(&item.callback));
        }
    }

    /// The same order, of two callbacks.
    pub(super) fn compare(self, a: &Callback, b: &Callback) -> Ordering {
        let by_urgency = || {
            let first = urgency(a).cmp(&urgency(b));
            let then = first.then_with(|| a.id.cmp(&b.id));
            then.then_with(|| self.place(a).cmp(&self.place(b)))
        };
        if self.is_by_urgency() {
            let order = by_urgency();
            if self.sort.reversed {
                order.reverse()
            } else {
                order
            }
        } else {
            listing::compare(self.sort.reversed, self.says(a), self.says(b)).then_with(by_urgency)
        }
    }

    fn is_by_urgency(self) -> bool {
        matches!(
            self.sort.by,
            Cell::Due
                | Cell::Count
                | Cell::Dials
                | Cell::Work
                | Cell::Note
                | Cell::Dialled
                | Cell::Id
        )
    }

    fn says(self, callback: &Callback) -> Option<Said> {
        let text = |text: Option<&str>| text.map(|t| Said::Text(text::fold(t).into_owned()));
        let c = callback;
        match self.sort.by {
            Cell::Number => text(c.e164.as_deref().or(c.number.as_deref())),
            Cell::Name => text(c.name.as_deref()),
            Cell::Campaign => text(c.campaign.as_deref()),
            Cell::To => text(c.assigned_to.as_deref().or(c.assign_type.as_deref())),
            Cell::Status => text(c.status.as_ref().map(Status::word)),
            Cell::Tries => c.retries.map(|tries| Said::Tries(Reverse(tries))),
            Cell::Created => c.created.map(|at| Said::Created(Reverse(at))),
            Cell::Due
            | Cell::Count
            | Cell::Dials
            | Cell::Work
            | Cell::Note
            | Cell::Dialled
            | Cell::Id => None,
        }
    }

    /// Those that no list has, but people put here, stand last.
    fn place(&self, callback: &Callback) -> (usize, Option<SiteName>) {
        let site = &callback.site;
        match self.sites.iter().position(|name| name == site) {
            Some(place) => (place, None),
            None => (self.sites.len(), Some(site.clone())),
        }
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
