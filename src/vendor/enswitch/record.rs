//! Finds an event that was just created in the list of those on record. The
//! rows have no id, so it is the one that holds most of what was sent. Pure.

use super::assumed;
use crate::domain::injection::{Injection, Recorded};

/// The row of this event: it holds the event's name where one was sent, and
/// the time where one was sent; of several, the one that holds most of the
/// other values, the last of those. `None` where there is no such row.
#[must_use]
pub fn find<'r>(event: &Injection, rows: &'r [Recorded]) -> Option<&'r Recorded> {
    let fits = rows.iter().filter(|row| is_of(event, row));
    fits.max_by_key(|row| alike(event, row))
}

fn is_of(event: &Injection, row: &Recorded) -> bool {
    let time = event.get("time").and_then(|time| time.parse::<i64>().ok());
    let same_time = time.is_none_or(|time| row.at.is_none_or(|at| at.0 == time * 1_000));
    let same_name = event.get("event").is_none_or(|name| holds(row, name));
    same_time && same_name
}

/// How many of the values stand in the row.
fn alike(event: &Injection, row: &Recorded) -> usize {
    event
        .values()
        .filter(|(_, value)| holds(row, value))
        .count()
}

/// Whether a value stands in a row: as one of its parts, or, where it holds
/// what parts them, anywhere.
fn holds(row: &Recorded, value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || value == assumed::NONE {
        return true;
    }
    if value.contains(assumed::BETWEEN) {
        return row.row.contains(value);
    }
    let mut parts = row.row.split(assumed::BETWEEN);
    parts.any(|part| part.trim() == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::At;

    fn rows(texts: &[&str]) -> Vec<Recorded> {
        let row = |text: &&str| Recorded {
            row: (*text).to_owned(),
            at: text
                .split('|')
                .next()
                .and_then(|t| t.parse::<i64>().ok())
                .map(|t| At(t * 1_000)),
        };
        texts.iter().map(row).collect()
    }

    fn found(set: &[(&str, &str)], texts: &[&str]) -> Option<String> {
        let mut event = Injection::new("sales".into(), "123".into());
        for (name, typed) in set {
            event.set(name, typed, At(0)).unwrap();
        }
        find(&event, &rows(texts)).map(|row| row.row.clone())
    }

    #[test]
    fn the_row_that_holds_most_of_what_was_sent_is_the_events() {
        let list = [
            "100|NONE|sales|NONE|TEST EVENT|",
            "101|c-1|sales|NONE|TEST EVENT|200",
            "102|c-2|sales|NONE|TEST EVENT|201",
            "103|c-1|sales|NONE|OTHER|200",
        ];
        let test = ("event", "TEST EVENT");
        let row = |at: usize| Some(list[at].to_owned());
        assert_eq!(found(&[test], &list), row(2));
        assert_eq!(found(&[test, ("callid", "c-1")], &list), row(1));
        assert_eq!(found(&[test, ("time", "100")], &list), row(0));
        assert_eq!(found(&[], &list), row(3));
        assert_eq!(found(&[("event", "TEST")], &list), None);
        assert_eq!(found(&[test, ("time", "99")], &list), None);
        assert_eq!(found(&[test], &[]), None);
    }

    #[test]
    fn a_value_may_hold_what_parts_a_row() {
        let list = ["100|NONE|a|b|"];
        assert!(found(&[("event", "a|b")], &list).is_some());
        assert!(found(&[("event", "a|c")], &list).is_none());
    }
}
