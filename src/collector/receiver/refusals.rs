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
pub(super) struct Refusals(BTreeMap<(Option<SiteName>, Reason), Kind>);

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

    /// What is to be told now.
    pub fn tick(&mut self) -> Vec<(SiteName, What)> {
        let mut told = Vec::new();
        self.0.retain(|(site, _), kind| {
            kind.rests = kind.rests.saturating_sub(1);
            if kind.rests > 0 {
                return true;
            }
            if kind.count == 0 {
                return false;
            }
            kind.rests = TICKS;
            let refused = What::Refused {
                why: kind.why.clone(),
                from: kind.from.clone(),
                count: std::mem::take(&mut kind.count),
            };
            told.push((site.clone().unwrap_or_else(|| NOWHERE.into()), refused));
            true
        });
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(told: &[(SiteName, What)]) -> Vec<(String, u32)> {
        let count = |(site, what): &(SiteName, What)| match what {
            What::Refused { count, .. } => (site.to_string(), *count),
            other => panic!("{other:?}"),
        };
        told.iter().map(count).collect()
    }

    #[test]
    fn the_first_is_told_at_once_and_a_flood_once_in_a_while() {
        let mut refusals = Refusals::default();
        let mut told = Vec::new();
        for _ in 0..20 {
            for _ in 0..100 {
                refusals.add(None, Reason::NoSite, "why", "192.0.2.1");
            }
            told.extend(refusals.tick());
        }
        let flood = |n| ("-".to_owned(), n);
        assert_eq!(
            counts(&told),
            [flood(100), flood(500), flood(500), flood(500)]
        );
        assert_eq!(counts(&refusals.tick()), [flood(400)]);
        for _ in 0..TICKS {
            assert_eq!(refusals.tick(), []);
        }
        assert!(refusals.0.is_empty(), "nothing stays");
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
