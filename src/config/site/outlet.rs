//! `max_rate` and `targets`: how fast a scenario may be, and where events that
//! we say as a vendor may go besides our own receiver.

use super::super::{error::ConfigError, read::Section, value};
use crate::domain::scenario::{check::EVERYDAY_RATE, reach};

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

pub(super) fn read(section: &Section<'_>) -> Result<Outlet, ConfigError> {
    let mut outlet = Outlet::default();
    if let Some(item) = section.get("max_rate") {
        let typed = item.scalar().and_then(|typed| typed.parse().ok());
        let rate = typed.filter(|rate| (1..=FASTEST).contains(rate));
        outlet.max_rate = rate.ok_or_else(|| {
            item.wrong("must be a whole number of requests a second, from 1 to 100000")
        })?;
        let production = section.get("production");
        let is_production = production.map_or(Ok(false), |i| i.bool())?;
        if is_production && outlet.max_rate > EVERYDAY_RATE {
            return Err(item.wrong(
                "is above 10, and this is a production site, which no scenario may hurry; remove it",
            ));
        }
    }
    if let Some(item) = section.get("targets") {
        let urls = item.list()?;
        outlet.targets = urls
            .iter()
            .map(|url| url.parse(value::url))
            .collect::<Result<_, _>>()?;
    }
    Ok(outlet)
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
