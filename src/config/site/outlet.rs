//! `max_rate` and `targets`: how fast a scenario may be, and where events that
//! we say as a vendor may go besides our own receiver.

use super::super::value;
use crate::domain::{
    scenario::{check::EVERYDAY_RATE, reach},
    sheet::Table,
};

/// No injector of ours is faster.
const FASTEST: u32 = 100_000;

/// What the settings say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// The most requests a second that a scenario may send.
    pub max_rate: u32,
    /// Applications that may be sent to, beside those on this machine: their
    /// addresses, without a trailing slash.
    pub targets: Vec<String>,
}

impl Default for Outlet {
    fn default() -> Self {
        Self {
            max_rate: EVERYDAY_RATE,
            targets: Vec::new(),
        }
    }
}

impl Outlet {
    /// Whether events may go to this address: one on this machine, or one of
    /// `targets`, or below it.
    ///
    /// # Errors
    /// A clause that completes "`to` …": why not, and what to do.
    pub fn reaches(&self, to: &str) -> Result<(), String> {
        reach::reaches(to, &self.targets)
    }
}

pub(super) fn read(site: &Table<'_>, is_production: bool) -> Outlet {
    let rate = site.get("max_rate").and_then(|item| {
        let typed = item.as_written().and_then(|typed| typed.parse().ok());
        let Some(rate) = typed.filter(|rate| (1..=FASTEST).contains(rate)) else {
            return item.wrong("must be a whole number of requests a second, from 1 to 100000");
        };
        if is_production && rate > EVERYDAY_RATE {
            return item.wrong(
                "is above 10, and this is a production site, which no scenario may hurry; remove it",
            );
        }
        Some(rate)
    });
    let targets = site.get("targets").and_then(|item| item.list());
    let targets = targets.unwrap_or_default();
    Outlet {
        max_rate: rate.unwrap_or(EVERYDAY_RATE),
        targets: targets
            .iter()
            .filter_map(|url| url.parse(value::url))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_leave_this_machine_for_configured_addresses_only() {
        let outlet = Outlet {
            targets: vec!["https://crm.example.com/hooks".to_owned()],
            ..Outlet::default()
        };
        for fine in [
            "http://127.0.0.1:9/x?y=1",
            "http://localhost:8000",
            "http://[::1]:8000/",
            "https://crm.example.com/hooks",
            "https://crm.example.com/hooks/team?myid=175",
            "https://crm.example.com:443/hooks/",
        ] {
            assert_eq!(outlet.reaches(fine), Ok(()), "{fine}");
        }
        for refused in [
            "",
            "crm.example.com/hooks",
            "ftp://127.0.0.1/",
            "http://crm.example.com/hooks",
            "https://crm.example.com/hooks2",
            "https://crm.example.com/hooks/../admin",
            "https://crm.example.com/",
            "https://crm.example.com.evil.test/hooks",
            "https://user@127.0.0.1/",
            "http://127.0.0.1.evil.test/",
        ] {
            assert!(outlet.reaches(refused).is_err(), "{refused}");
        }
    }
}
