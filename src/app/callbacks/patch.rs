//! Rows that are kept as they would be laid out anew, at the cost of what
//! changed: the rows of the customers in question go, and are put in again.

use std::{cmp::Ordering, collections::BTreeSet, ops::Range, sync::Arc};

use super::{
    found::{Found, Part},
    ranks::Order,
    rows::{Group, Row, group},
    shelf::is,
    todo::Tally,
};
use crate::domain::{callback::Callback, triage::Subject};

/// Changes rows. `old` are all callbacks that rows may stand for which are in
/// question, as they stood; `found` are those of them that are shown now, in
/// order: with each of them all others of its customer. `tally` counts what the
/// rows stand for.
pub(super) fn patch<'c>(
    rows: &mut Vec<Row>,
    order: Order<'_>,
    expanded: &BTreeSet<Arc<str>>,
    old: impl Iterator<Item = &'c Arc<Callback>>,
    found: &[Found],
    tally: &mut Tally,
) {
    let go = taken(rows, order, old);
    let came = group(found, expanded);
    tally.follow(go.iter().map(|at| &rows[at.start]), came.iter());
    if !replace(rows, order, &go, &came) {
        take_out(rows, &go);
        put_in(rows, order, came);
    }
}

/// The row of a subject, of which this is the callback, if it has one of its
/// own or heads others.
pub(super) fn head(rows: &[Row], order: Order<'_>, callback: &Callback) -> Option<usize> {
    Part::ALL.into_iter().find_map(|part| {
        let at = place(rows, order, part, callback);
        let row = rows.get(at)?;
        let is_it = row.callback.id == callback.id && row.callback.site == callback.site;
        is_it.then_some(at)
    })
}

/// The row of a subject among those below a head.
pub(super) fn below(rows: &[Row], head: usize, subject: &Subject) -> Option<usize> {
    whole(rows, head).find(|at| is(&rows[*at].callback, subject))
}

/// A head with all that stands below it.
fn whole(rows: &[Row], head: usize) -> Range<usize> {
    let below = rows[head + 1..].iter();
    head..head + 1 + below.take_while(|row| row.group == Group::Member).count()
}

/// The first row that stands not before this, as if it were in this part. What
/// is below a head stands where its head does.
fn place(rows: &[Row], order: Order<'_>, part: Part, callback: &Callback) -> usize {
    let (mut from, mut to) = (0, rows.len());
    while from < to {
        let middle = from.midpoint(to);
        let mut head = middle;
        while rows[head].group == Group::Member && head > from {
            head -= 1;
        }
        let row = &rows[head];
        let by_part = row.part.cmp(&part);
        if by_part.then_with(|| order.compare(&row.callback, callback)) == Ordering::Less {
            from = whole(rows, head).end;
        } else {
            to = head;
        }
    }
    from
}

/// Where the rows stand that these are, or head; in order, each once.
fn taken<'c>(
    rows: &[Row],
    order: Order<'_>,
    old: impl Iterator<Item = &'c Arc<Callback>>,
) -> Vec<Range<usize>> {
    let heads: BTreeSet<usize> = old.filter_map(|c| head(rows, order, c)).collect();
    heads.into_iter().map(|at| whole(rows, at)).collect()
}

/// Puts a single group where it stood: then nothing moves. `false` where it
/// does not stand there.
fn replace(rows: &mut [Row], order: Order<'_>, go: &[Range<usize>], came: &[Row]) -> bool {
    let [at] = go else { return false };
    let Some(first) = came.first().filter(|_| at.len() == came.len()) else {
        return false;
    };
    if whole(came, 0).len() != came.len() {
        return false;
    }
    let is_before = |row: &Row| {
        let by_part = row.part.cmp(&first.part);
        by_part.then_with(|| order.compare(&row.callback, &first.callback)) == Ordering::Less
    };
    let before = rows[..at.start].iter().rfind(|r| r.group != Group::Member);
    let stands = before.is_none_or(is_before) && !rows.get(at.end).is_some_and(is_before);
    if stands {
        rows[at.clone()].clone_from_slice(came);
    }
    stands
}

/// Takes these rows out, which ascend.
fn take_out(rows: &mut Vec<Row>, go: &[Range<usize>]) {
    let Some(first) = go.first() else { return };
    let (mut at, mut left) = (first.start, go.iter().peekable());
    let is_gone = |_: &mut Row| {
        while left.next_if(|range| range.end <= at).is_some() {}
        at += 1;
        left.peek().is_some_and(|range| range.contains(&(at - 1)))
    };
    rows.extract_if(first.start.., is_gone).for_each(drop);
}

/// Puts rows in that are in order.
fn put_in(rows: &mut Vec<Row>, order: Order<'_>, came: Vec<Row>) {
    let heads = came.iter().filter(|row| row.group != Group::Member);
    let places: Vec<usize> = heads
        .map(|row| place(rows, order, row.part, &row.callback))
        .collect();
    let mut lengths = Vec::with_capacity(places.len());
    let mut next = 0;
    while next < came.len() {
        let end = whole(&came, next).end;
        lengths.push(end - next);
        next = end;
    }
    let (mut end, mut left) = (rows.len(), came.len());
    rows.extend(came);
    // Behind the old rows stand the new ones. The last old rows change sides
    // with all of these, the ones before them with all but the last group, and
    // so on.
    for (place, length) in places.into_iter().zip(lengths).rev() {
        rows[place..end + left].rotate_right(left);
        (end, left) = (place, left - length);
    }
}
