//! What the commands for phones start from: the one site that is meant, its
//! extensions by what people call them, and our receiver's addresses.

use std::sync::Arc;

use super::{
    context::Context,
    failure::{self, Failure},
    recorded,
    who::who,
};
use crate::{
    config::{self, Account, Config, Telphin},
    domain::{
        extension::{Extension, ExtensionKind},
        fault::Fault,
        feed::{FeedHealth, FeedId},
        suggest,
        time::Clock,
    },
    journal::Journal,
    runtime::{
        clock,
        phones::{acts::Desk, addresses::Addresses},
    },
    vendor::telphin::Client,
};

/// A site of phones.
pub struct Ground {
    pub config: Config,
    pub site: config::Site,
    pub account: Telphin,
    pub client: Arc<Client>,
    pub clock: Clock,
}

impl Ground {
    /// The only site of phones, or that of `--site`.
    pub fn of(context: &Context) -> Result<Self, Failure> {
        let config = context.config()?;
        let name = Self::name_of(context, &config)?;
        Self::at(context, config, &name)
    }

    /// The site of phones of this name.
    pub fn at(context: &Context, config: Config, name: &str) -> Result<Self, Failure> {
        let found = config.site(name).and_then(|site| match &site.account {
            Account::Telphin(account) => Some((site.clone(), account.clone())),
            _ => None,
        });
        let (site, account) = found.ok_or_else(|| {
            let vendor = config
                .site(name)
                .map_or("another vendor", |s| s.vendor().title());
            Failure::usage(format!(
                "site \"{name}\" is {vendor}'s: only Telphin has subscriptions and calls for us \
                 to make; name a site with vendor = \"telphin\""
            ))
        })?;
        let clock = clock::system();
        let client = Client::new(&account, context.deadline(), clock.clone());
        let client = client.map_err(|fault| {
            let zone = &config.console.time_zone;
            Failure::vendor(name, &fault, clock(), zone)
        })?;
        Ok(Self {
            config,
            site,
            account,
            client: Arc::new(client),
            clock,
        })
    }

    fn name_of(context: &Context, config: &Config) -> Result<String, Failure> {
        let phones: Vec<&str> = config
            .sites
            .iter()
            .filter(|site| matches!(site.account, Account::Telphin(_)))
            .map(|site| site.name.as_str())
            .collect();
        match (phones.as_slice(), &context.global.site) {
            ([name], _) => Ok((*name).to_owned()),
            // One that has none is told so below.
            ([], Some(name)) => Ok(name.clone()),
            ([], None) => Err(Failure::usage(
                "no site has phones; add one with vendor = \"telphin\" to the configuration",
            )),
            (several, _) => {
                let names = suggest::listed(several.iter().copied(), "or");
                Err(Failure::usage(format!(
                    "several sites have phones; name one with --site: {names}"
                )))
            }
        }
    }

    /// The site's name.
    pub fn name(&self) -> &str {
        self.site.name.as_str()
    }

    /// A vendor's answer, or its absence; `whom` it is about may be empty.
    pub fn failure(&self, whom: &str, fault: &Fault) -> Failure {
        let asked = match whom {
            "" => self.name().to_owned(),
            whom => format!("{}: {whom}", self.name()),
        };
        Failure::vendor(
            &asked,
            fault,
            (self.clock)(),
            &self.config.console.time_zone,
        )
    }

    /// The same without the site's name, for where it stands already.
    pub fn clause(&self, fault: &Fault) -> Failure {
        Failure::clause(fault, (self.clock)(), &self.config.console.time_zone)
    }

    /// Where what is done is put on record, and in whose name.
    pub fn desk(&self, context: &Context) -> Result<Desk, Failure> {
        let journal = Journal::open(&self.config.journal.path)
            .map_err(|e| Failure::here(format!("nothing was sent: {e}")))?;
        Ok(Desk {
            journal,
            clock: self.clock.clone(),
            who: who(context.global.acts_as.as_deref()),
            zone: self.config.console.time_zone.clone(),
        })
    }

    /// How the feeds are; nothing where there is no journal yet.
    pub fn feeds(&self) -> Result<Vec<(FeedId, FeedHealth)>, Failure> {
        match recorded::open(&self.config)? {
            Some(journal) => Ok(journal.feeds()?),
            None => Ok(Vec::new()),
        }
    }

    /// The addresses of our receiver for this site.
    pub fn addresses(&self) -> Result<Addresses, Failure> {
        let feeds = self.feeds()?;
        Addresses::of(&self.config, &self.site, &feeds, (self.clock)())
            .map_err(|why| Failure::usage(format!("site \"{}\": {why}", self.name())))
    }

    /// Those of them that can be known; nothing is ours where none can.
    pub fn ours(&self) -> Vec<String> {
        match self.addresses() {
            Ok(addresses) => addresses.urls,
            Err(failure) => {
                failure::tell(&format!("warning: {}", failure.sentence));
                Vec::new()
            }
        }
    }

    /// The extension that is meant, or all that are configured.
    pub fn extensions(&self, named: Option<&str>) -> Result<Vec<Extension>, Failure> {
        let known = &self.account.extensions;
        match named {
            Some(named) => {
                let found = extension(known, named);
                found.map(|e| vec![e]).map_err(Failure::usage)
            }
            None if known.is_empty() => Err(Failure::usage(format!(
                "site \"{}\" lists no extensions; name one with --extension, or list them as \
                 `extensions`",
                self.name()
            ))),
            None => Ok(known.clone()),
        }
    }
}

/// An extension by its id, its short number or its name; one that is not
/// configured by its id, or `@` and its short number.
fn extension(known: &[Extension], named: &str) -> Result<Extension, String> {
    let named = named.trim();
    let id = named.strip_prefix("id:").unwrap_or(named);
    let number = named.strip_prefix('@').unwrap_or(named);
    let by_id = known.iter().find(|e| e.id.as_str() == id);
    let by_number = || known.iter().find(|e| e.number.as_deref() == Some(number));
    let by_name = || known.iter().find(|e| e.name.eq_ignore_ascii_case(named));
    if let Some(found) = by_id.or_else(by_number).or_else(by_name) {
        return Ok(found.clone());
    }
    let digits = id.strip_prefix('@').unwrap_or(id);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'*') {
        let names = known.iter().map(|e| e.name.as_str());
        return Err(format!(
            "there is no extension \"{named}\" in the configuration; {}",
            suggest::instead_value(named, names)
        ));
    }
    Ok(Extension {
        id: id.into(),
        name: id.to_owned(),
        kind: ExtensionKind::Phone,
        number: None,
        user: None,
    })
}

/// What people call an extension: `Anna (175)`.
pub fn called(extension: &Extension) -> String {
    if extension.name == extension.id.as_str() {
        return extension.name.clone();
    }
    format!("{} ({})", extension.name, extension.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_found_by_what_it_is_called() {
        let anna = Extension {
            id: "175".into(),
            name: "Anna".into(),
            kind: ExtensionKind::Phone,
            number: Some("200".into()),
            user: None,
        };
        let known = [anna.clone()];
        for named in ["175", "id:175", "@200", "200", "anna", " Anna "] {
            assert_eq!(extension(&known, named).as_ref(), Ok(&anna), "{named}");
        }
        let unlisted = extension(&known, "176").unwrap();
        assert_eq!(
            (called(&unlisted).as_str(), called(&anna).as_str()),
            ("176", "Anna (175)")
        );
        assert_eq!(extension(&known, "@201").unwrap().id.as_str(), "@201");
        for named in ["", "@", "Ana", "1/2"] {
            let why = extension(&known, named).unwrap_err();
            assert!(why.contains("no extension"), "{why}");
        }
    }
}
