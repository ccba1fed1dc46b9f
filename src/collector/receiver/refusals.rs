//! Remembers who was turned away until it is told, each reason of a site at
//! most once in a while: a flood must not fill the journal. Pure; it counts
//! ticks, so that a clock that jumps changes nothing.

use std::{collections::BTreeMap, sync::Arc};

use super::reply::Reason;
use crate::domain::{entry::What, id::SiteName};

/// The same reason is told at most once in so many ticks.
const TICKS: u32 = 5;
/// Where there is no such site.
const NOWHERE: &str = "-";

/// Refusals since they were last told.
#[derive(Debug, Default)]
pub(super) struct Refusals(BTreeMap<Key, Kind>);

/// The site, if there is such a one, and why.
type Key = (Option<SiteName>, Reason);

#[derive(Debug, Default)]
struct Kind {
    count: u32,
    why: Arc<str>,
    from: Arc<str>,
    /// Ticks until it may be told again.
    rests: u32,
}

impl Refusals {
    /// Somebody was turned away, from this address.
    pub fn add(&mut self, site: Option<SiteName>, reason: Reason, why: &str, from: &str) {
        let kind = self.0.entry((site, reason)).or_default();
        kind.count = kind.count.saturating_add(1);
        kind.why = why.into();
        kind.from = from.into();
    }

    /// A tick has passed: what is to be told now.
    pub fn tick(&mut self) -> Vec<Due> {
        let mut due = Vec::new();
        self.0.retain(|key, kind| {
            kind.rests = kind.rests.saturating_sub(1);
            if kind.rests > 0 {
                return true;
            }
            if kind.count > 0 {
                due.push(Due {
                    key: key.clone(),
                    what: What::Refused {
                        why: kind.why.clone(),
                        from: kind.from.clone(),
                        count: kind.count,
                    },
                    count: kind.count,
                });
            }
            kind.count > 0
        });
        due
    }

    /// These are on record; what was not told stays.
    pub fn told(&mut self, due: &[Due]) {
        for Due { key, count, .. } in due {
            if let Some(kind) = self.0.get_mut(key) {
                kind.count = kind.count.saturating_sub(*count);
                kind.rests = TICKS;
            }
        }
    }
}

/// A reason that is to be told, and how often it was met until now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Due {
    key: Key,
    what: What,
    count: u32,
}

impl Due {
    /// The site and what is told of it.
    pub fn entry(&self) -> (SiteName, What) {
        let site = self.key.0.clone();
        (site.unwrap_or_else(|| NOWHERE.into()), self.what.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tick whose news could be put on record, or not.
    fn ticked(refusals: &mut Refusals, can_write: bool) -> Vec<(String, u32)> {
        let due = refusals.tick();
        if can_write {
            refusals.told(&due);
        }
        let count = |due: &Due| (due.entry().0.to_string(), due.count);
        due.iter().map(count).collect()
    }

    #[test]
    fn the_first_is_told_at_once_and_a_flood_once_in_a_while() {
        let mut refusals = Refusals::default();
        let mut told = Vec::new();
        for _ in 0..20 {
            for _ in 0..100 {
                refusals.add(None, Reason::NoSite, "why", "192.0.2.1");
            }
            told.extend(ticked(&mut refusals, true));
        }
        let flood = |n| ("-".to_owned(), n);
        assert_eq!(told, [flood(100), flood(500), flood(500), flood(500)]);
        assert_eq!(ticked(&mut refusals, true), [flood(400)]);
        for _ in 0..TICKS {
            assert_eq!(refusals.tick(), []);
        }
        assert!(refusals.0.is_empty(), "nothing stays");
    }

    #[test]
    fn what_could_not_be_written_is_told_later_with_what_came_since() {
        let mut refusals = Refusals::default();
        let one = |refusals: &mut Refusals| {
            refusals.add(None, Reason::NoSite, "why", "192.0.2.1");
        };
        one(&mut refusals);
        assert_eq!(ticked(&mut refusals, false), [("-".to_owned(), 1)]);
        one(&mut refusals);
        let due = refusals.tick();
        one(&mut refusals);
        refusals.told(&due);
        assert_eq!(due[0].count, 2, "before it was written");
        let later: Vec<_> = (0..TICKS)
            .flat_map(|_| ticked(&mut refusals, true))
            .collect();
        assert_eq!(later, [("-".to_owned(), 1)], "while it was");
    }

    #[test]
    fn one_reason_does_not_hide_another() {
        let mut refusals = Refusals::default();
        refusals.add(Some("a".into()), Reason::Method, "why", "x");
        refusals.add(Some("a".into()), Reason::TooLarge, "why", "x");
        refusals.add(Some("b".into()), Reason::Method, "why", "x");
        assert_eq!(refusals.tick().len(), 3);
    }
}
