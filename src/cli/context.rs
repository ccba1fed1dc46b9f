//! What every command starts from: the global flags and the configuration.

use std::time::Duration;

use super::{
    failure::{self, Failure},
    global::Global,
};
use crate::config::{self, Account, Config, Source, TelecomX, While1};
use crate::domain::site;

/// How long an answer may take where `--timeout` does not say.
const DEADLINE: Duration = Duration::from_secs(10);

/// The global flags.
pub struct Context {
    pub global: Global,
}

impl Context {
    pub fn new(global: Global) -> Self {
        Self { global }
    }

    /// How long one answer may take.
    pub fn deadline(&self) -> Duration {
        self.global.timeout.unwrap_or(DEADLINE)
    }

    /// Where the configuration comes from.
    pub fn source(&self) -> Source<'_> {
        Source::process(self.global.config.as_deref())
    }

    /// The configuration, with its warnings told; narrowed to `--site` where
    /// one is given.
    pub fn config(&self) -> Result<Config, Failure> {
        let mut config = Config::load(&self.source())?;
        for warning in &config.warnings {
            failure::tell(&format!("warning: {warning}"));
        }
        self.narrow(&mut config)?;
        Ok(config)
    }

    /// Leaves only the site of `--site` in it, where one is given.
    pub fn narrow(&self, config: &mut Config) -> Result<(), Failure> {
        let Some(name) = &self.global.site else {
            return Ok(());
        };
        if config.site(name).is_none() {
            let names: Vec<&str> = config.sites.iter().map(|s| s.name.as_str()).collect();
            let known = if names.is_empty() {
                "no sites yet".into()
            } else {
                names.join(", ")
            };
            return Err(Failure::usage(format!(
                "there is no site \"{name}\" in the configuration; it has {known}"
            )));
        }
        config.narrow(name);
        Ok(())
    }

    /// None of the sites is of the vendor that lists these.
    fn no_site_lists(&self, what: &str, vendor: site::Vendor) -> Failure {
        let vendor = vendor.name();
        Failure::usage(match &self.global.site {
            Some(name) => {
                let hook = if what == "callers" {
                    ", or one with a hook"
                } else {
                    ""
                };
                format!(
                    "site \"{name}\" lists no {what}; name one with vendor = \"{vendor}\"{hook}"
                )
            }
            None => format!(
                "no site lists {what}; add one with vendor = \"{vendor}\" to the configuration"
            ),
        })
    }

    /// The sites of `config` that list callbacks; there is at least one.
    pub fn listing_callbacks(
        &self,
        config: &Config,
    ) -> Result<Vec<(config::Site, While1)>, Failure> {
        let sites: Vec<_> = config
            .sites
            .iter()
            .filter_map(|site| match &site.account {
                Account::While1(account) => Some((site.clone(), account.clone())),
                _ => None,
            })
            .collect();
        if sites.is_empty() {
            return Err(self.no_site_lists("callbacks", site::Vendor::While1));
        }
        Ok(sites)
    }

    /// The sites of `config` whose callers are polled; there is at least one.
    pub fn polled(&self, config: &Config) -> Result<Vec<(site::Site, TelecomX)>, Failure> {
        let sites: Vec<_> = config
            .sites
            .iter()
            .zip(config.domain_sites())
            .filter_map(|(site, named)| match &site.account {
                Account::TelecomX(account) => Some((named, account.clone())),
                _ => None,
            })
            .collect();
        if sites.is_empty() {
            return Err(self.no_site_lists("callers", site::Vendor::TelecomX));
        }
        Ok(sites)
    }
}
