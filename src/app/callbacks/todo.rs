//! What is still to do, counted: what was closed here, or is snoozed, is not.
//! Kept at the cost of what changed; how many of it are late is found by a
//! binary search, since that is asked for all the time.

use std::{collections::BTreeSet, sync::Arc};

use super::{found::Part, rows::Row, subject};
use crate::domain::{
    callback::{Callback, DUE_FOR, Due},
    time::At,
    triage::Subject,
};

/// What is to be done of all lists, whatever is searched for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Todo {
    due: Schedules,
    /// Nothing is to be done about these now.
    rest: BTreeSet<Subject>,
}

impl Todo {
    /// Counts these; with each whether it is to be done.
    pub fn of<'c>(all: impl Iterator<Item = (&'c Callback, bool)>) -> Self {
        let mut todo = Self::default();
        for (callback, is_to_do) in all {
            if is_to_do {
                todo.due.0.extend(schedule(callback));
            } else {
                todo.rest.insert(subject(callback));
            }
        }
        todo.due.0.sort_unstable();
        todo
    }

    /// Counts no longer what is `gone`, and what has `come`; `stand` are those
    /// in question, which all that came are, with whether each is to be done.
    pub fn follow<'c>(
        &mut self,
        gone: impl Iterator<Item = &'c Arc<Callback>>,
        come: impl Iterator<Item = &'c Arc<Callback>>,
        stand: impl Iterator<Item = (&'c Callback, bool)>,
    ) {
        let gone = gone.filter(|c| !self.rest.remove(&subject(c)));
        let mut left: Vec<At> = gone.filter_map(|c| schedule(c)).collect();
        let mut more: Vec<At> = come.filter_map(|c| schedule(c)).collect();
        for (callback, is_to_do) in stand {
            if is_to_do {
                if self.rest.remove(&subject(callback)) {
                    more.extend(schedule(callback));
                }
            } else if self.rest.insert(subject(callback)) {
                left.extend(schedule(callback));
            }
        }
        self.due.change(more, left);
    }

    /// How many are late.
    pub fn late(&self, now: At) -> usize {
        self.due.late(now)
    }
}

/// What is shown, counted request by request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many are to be done.
    pub to_do: usize,
    /// How many are left until later.
    pub snoozed: usize,
    /// How many were closed here.
    pub done: usize,
    due: Schedules,
}

impl Tally {
    /// Counts what these rows stand for.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut tally = Self::default();
        tally.follow([].iter(), rows.iter());
        tally
    }

    /// Counts other rows instead of some.
    pub(super) fn follow<'r>(
        &mut self,
        gone: impl Iterator<Item = &'r Row>,
        come: impl Iterator<Item = &'r Row>,
    ) {
        let (mut left, mut more) = (Vec::new(), Vec::new());
        for (part, callback) in gone.flat_map(Row::requests) {
            *self.count(part) -= 1;
            left.extend(schedule(callback).filter(|_| part == Part::Open));
        }
        for (part, callback) in come.flat_map(Row::requests) {
            *self.count(part) += 1;
            more.extend(schedule(callback).filter(|_| part == Part::Open));
        }
        self.due.change(more, left);
    }

    fn count(&mut self, part: Part) -> &mut usize {
        match part {
            Part::Open => &mut self.to_do,
            Part::Snoozed => &mut self.snoozed,
            Part::Closed => &mut self.done,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.to_do + self.snoozed + self.done
    }

    /// How many of those that are to be done are late.
    #[must_use]
    pub fn late(&self, now: At) -> usize {
        self.due.late(now)
    }
}

/// More than this are put in their places at once, not one by one.
const FEW: usize = 8;

/// When callbacks are due, the earliest first.
#[derive(Clone, Debug, Default, PartialEq)]
struct Schedules(Vec<At>);

impl Schedules {
    /// Adds some, then takes some out that are there.
    fn change(&mut self, more: Vec<At>, mut left: Vec<At>) {
        let Self(due) = self;
        if more.len() + left.len() > FEW {
            due.extend(more);
            due.sort();
            left.sort_unstable();
            let mut left = left.into_iter().peekable();
            due.retain(|at| left.next_if_eq(at).is_none());
            return;
        }
        for at in more {
            due.insert(due.partition_point(|known| *known < at), at);
        }
        for at in left {
            if let Ok(place) = due.binary_search(&at) {
                due.remove(place);
            }
        }
    }

    fn late(&self, now: At) -> usize {
        let is_late = |at: &At| *at <= now && now.since(*at) >= DUE_FOR;
        self.0.partition_point(is_late)
    }
}

/// When a callback that is not over at the vendor's is due.
fn schedule(callback: &Callback) -> Option<At> {
    callback
        .schedule
        .filter(|_| callback.due(At(i64::MAX)) != Due::Over)
}
