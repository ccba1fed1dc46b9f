//! A sorted list that is kept sorted: what comes and goes is found by halves,
//! and the rest moves together. Knows no pane.

use std::cmp::Ordering;

/// `None` where the list did not hold what was to go: it is of no more use.
pub(super) type Patched = Option<()>;

/// Takes rows out and puts others in. `by` is the order of the list.
pub(super) fn patch<T>(
    list: &mut Vec<T>,
    gone: Vec<T>,
    come: Vec<T>,
    by: impl Fn(&T, &T) -> Ordering,
) -> Patched {
    take_out(list, gone, &by)?;
    put_in(list, come, &by);
    Some(())
}

/// Takes rows out.
pub(super) fn take_out<T>(
    list: &mut Vec<T>,
    mut gone: Vec<T>,
    by: impl Fn(&T, &T) -> Ordering,
) -> Patched {
    gone.sort_by(&by);
    remove(list, &find(list, &gone, &by)?);
    Some(())
}

/// Puts rows in.
pub(super) fn put_in<T>(list: &mut Vec<T>, mut come: Vec<T>, by: impl Fn(&T, &T) -> Ordering) {
    come.sort_by(&by);
    insert(list, come, &by);
}

/// Where these rows stand; of those that are alike, one behind the other.
fn find<T>(list: &[T], rows: &[T], by: &impl Fn(&T, &T) -> Ordering) -> Option<Vec<usize>> {
    let mut next = 0;
    let mut find = |row| {
        let first = list.partition_point(|other| by(other, row) == Ordering::Less);
        let at = first.max(next);
        next = at + 1;
        let is_it = by(list.get(at)?, row) == Ordering::Equal;
        is_it.then_some(at)
    };
    rows.iter().map(&mut find).collect()
}

/// Removes the rows at these places, which ascend.
fn remove<T>(list: &mut Vec<T>, places: &[usize]) {
    let Some(first) = places.first() else { return };
    let (mut at, mut left) = (*first, places.iter().peekable());
    let is_gone = |_: &mut T| {
        at += 1;
        left.next_if(|place| **place + 1 == at).is_some()
    };
    list.extract_if(*first.., is_gone).for_each(drop);
}

/// Puts in rows that are sorted.
fn insert<T>(list: &mut Vec<T>, come: Vec<T>, by: &impl Fn(&T, &T) -> Ordering) {
    let mut end = list.len();
    let place = |row| list.partition_point(|other| by(other, row) != Ordering::Greater);
    let places: Vec<usize> = come.iter().map(place).collect();
    list.extend(come);
    // Behind the old rows stand the new ones. The last old rows change sides
    // with all of these, the ones before them with all but the last, and so on.
    for (new, place) in places.into_iter().enumerate().rev() {
        list[place..=end + new].rotate_right(new + 1);
        end = place;
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn it_is_what_sorting_anew_gives(
            stay in vec(0..20u8, 0..30),
            gone in vec(0..20u8, 0..10),
            come in vec(0..20u8, 0..10),
        ) {
            let sorted = |mut list: Vec<u8>| {
                list.sort_unstable();
                list
            };
            let mut list = sorted([&*stay, &gone].concat());
            prop_assert_eq!(patch(&mut list, gone, come.clone(), u8::cmp), Some(()));
            prop_assert_eq!(list, sorted([&*stay, &come].concat()));
        }
    }

    #[test]
    fn what_is_not_there_cannot_go() {
        let without = |gone: &[u8]| patch(&mut vec![1, 3, 3], gone.to_vec(), vec![], u8::cmp);
        assert_eq!(without(&[3, 1, 3]), Some(()));
        assert_eq!(without(&[2]), None);
        assert_eq!(without(&[3, 3, 3]), None);
        assert_eq!(without(&[1, 1]), None);
    }
}
