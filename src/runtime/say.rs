//! Says an event as a vendor: the intent into the journal, the request, the
//! outcome into the journal; and, where our own receiver took it, how it stands
//! there. Whoever calls this has asked whether it is meant; whether it is
//! allowed is looked at here once more.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    on_record::{append, conclude},
    scenario::carrier::{self, Outlet},
};
use crate::{
    config::{Config, Site},
    domain::{
        action::Intent,
        entry::{Entry, Seq, What},
        fault::{Fault, FaultKind},
        injection::Told,
        scenario::{
            expect, reach,
            saying::{Arrived, Delivered, MASK, Saying, Speaker},
            speech::{self, Kind},
            webhook::Webhook,
        },
        subscription,
        time::Clock,
    },
    emit::wording,
    journal::{Journal, JournalError},
};

/// Entries that are read at once.
const CHUNK: usize = 500;

/// What saying an event takes.
#[derive(Clone)]
pub struct Voice {
    /// Where intent and outcome go.
    pub journal: Journal,
    /// The clock.
    pub clock: Clock,
    /// How long an answer may take.
    pub deadline: Duration,
    /// In whose name.
    pub who: Arc<str>,
}

/// As whom events can be said here: the sites that push, and that allow it.
#[must_use]
pub fn speakers(config: &Config) -> Vec<Speaker> {
    let can = |site: &&Site| site.allow.inject && speech::VENDORS.contains(&site.vendor());
    let sites = config.sites.iter().filter(can);
    sites
        .map(|site| Speaker {
            site: site.name.clone(),
            vendor: site.vendor(),
            production: site.production,
            targets: site
                .outlet
                .targets
                .iter()
                .map(|to| masked(site, to))
                .collect(),
        })
        .collect()
}

/// An address without the site's secrets.
#[must_use]
pub fn masked(site: &Site, address: &str) -> String {
    let secrets = site.hook().into_iter().flat_map(|hook| &hook.secrets);
    secrets.fold(address.to_owned(), |address, secret| {
        address.replace(secret.expose(), MASK)
    })
}

/// An address as it may be printed and kept: without the site's secrets, and
/// without what may be a key of whoever listens there. On this machine nobody
/// needs one.
#[must_use]
pub fn keyless(site: &Site, address: &str) -> String {
    let ours = masked(site, address);
    if reach::is_loopback(&ours) {
        return ours;
    }
    subscription::masked(&ours)
}

/// Where an event goes, as it is and as it may be shown.
struct Address {
    whole: String,
    shown: String,
}

/// # Errors
/// Why it may not go there.
fn address(site: &Site, saying: &Saying) -> Result<Address, Fault> {
    let refused = |what: String| Fault::new(FaultKind::Forbidden, what, "");
    let name = &site.name;
    if !site.allow.inject || !speech::VENDORS.contains(&site.vendor()) {
        let what = format!("nobody may speak as {name}: add allow = [\"inject\"] to it");
        return Err(refused(what));
    }
    let Some(to) = &saying.webhook.to else {
        if site.production {
            let what = format!("{name} is a production site, whose receiver takes no such events");
            return Err(refused(what));
        }
        let listens = saying.listens.as_deref().and_then(|text| text.parse().ok());
        let listens =
            listens.ok_or_else(|| refused(format!("nobody listens for {name}'s webhooks")))?;
        return Ok(Address {
            whole: carrier::own_address(listens, site),
            shown: wording::own_address(listens, name.as_str(), MASK),
        });
    };
    // What was chosen was shown, or kept, without its secrets.
    let is_meant = |target: &&String| masked(site, target) == **to || keyless(site, target) == **to;
    let mut meant = site.outlet.targets.iter().filter(is_meant);
    let whole = match (meant.next(), meant.next()) {
        (Some(target), None) => target.clone(),
        (None, _) if !to.contains(subscription::MASK) => to.to_string(),
        _ if site.outlet.targets.iter().any(|target| *target == **to) => to.to_string(),
        _ => {
            let what = format!("which address is meant by {to} is not known: write it out");
            return Err(refused(what));
        }
    };
    site.outlet
        .reaches(&whole)
        .map_err(|why| refused(format!("the address {why}")))?;
    Ok(Address {
        shown: keyless(site, &whole),
        whole,
    })
}

/// Says an event once, whatever happens.
///
/// # Errors
/// The intent could not be journaled, and so nothing was sent.
pub async fn say(voice: &Voice, site: &Site, saying: &Saying) -> Result<Delivered, JournalError> {
    let Voice { journal, clock, .. } = voice;
    let outlet = address(site, saying).and_then(|address| {
        let outlet = Outlet::new(&address.whole, voice.deadline, clock.clone())?;
        Ok((address, outlet))
    });
    let (address, outlet) = match outlet {
        Ok(ready) => ready,
        Err(fault) => return Ok(unsent(fault)),
    };
    let intent = What::Intent(Intent::say(voice.who.clone(), saying, &address.shown));
    let intent = append(journal, &site.name, clock(), intent).await?;
    let since = Instant::now();
    let told = outlet.deliver(wording::request(&saying.webhook)).await;
    let took = since.elapsed();
    let unjournaled = conclude(journal, clock, &site.name, intent, &told, took).await;
    let mut delivered = Delivered {
        told,
        took,
        arrived: None,
        unjournaled,
    };
    if saying.webhook.to.is_none() && delivered.is_done() {
        delivered.arrived = Some(arrived(journal, site, &saying.webhook, intent).await);
    }
    Ok(delivered)
}

/// Nothing was sent.
#[must_use]
pub fn unsent(fault: Fault) -> Delivered {
    Delivered {
        told: Told::Failed(fault),
        took: Duration::ZERO,
        arrived: None,
        unjournaled: None,
    }
}

/// How an event that our receiver has acknowledged stands in the journal: it
/// was on disk before that.
async fn arrived(journal: &Journal, site: &Site, webhook: &Webhook, intent: Seq) -> Arrived {
    let mut after = intent;
    loop {
        let entries = match journal.fetch(after, CHUNK).await {
            Ok(entries) => entries,
            Err(error) => return Arrived::Unread(error.to_string()),
        };
        let Some(last) = entries.last() else {
            return Arrived::Repeat;
        };
        after = last.seq;
        if let Some(entry) = entries.iter().find(|entry| is_it(entry, site, webhook)) {
            return Arrived::As(entry.seq);
        }
    }
}

/// Whether an entry is this event: it has all of its fields.
fn is_it(entry: &Entry, site: &Site, webhook: &Webhook) -> bool {
    let What::Hook(hook) = &entry.what else {
        return false;
    };
    // Lists are spelt in several ways.
    let is_list = |name: &str| {
        let variable = webhook.event.variable(name);
        variable.is_some_and(|variable| variable.kind == Kind::List)
    };
    let fields = webhook.fields.iter().filter(|(name, _)| !is_list(name));
    let fields: Vec<(Arc<str>, String)> = fields.cloned().collect();
    hook.injected
        && entry.site == site.name
        && *hook.event == *webhook.event.name
        && expect::has_fields(hook, &fields)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const SITE: &str = r#"
[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = "hook-canary-0123456789" }
allow = ["inject"]
targets = ["https://a.example/in/key-canary", "https://b.example/in/one", "https://b.example/in/two"]
"#;

    fn to(to: &str) -> Result<Address, Fault> {
        let config = Config::parse(SITE, Path::new("/"), &|_| None).unwrap();
        let webhook = Webhook {
            event: speech::event("agent:checkin").unwrap(),
            fields: Vec::new(),
            shape: crate::domain::scenario::Shape::Form,
            to: Some(to.into()),
            cut: false,
        };
        let saying = Saying {
            site: "team".into(),
            webhook,
            listens: None,
        };
        address(&config.sites[0], &saying)
    }

    #[test]
    fn a_key_in_an_address_is_kept_nowhere_and_found_again() {
        const KEYLESS: &str = "https://a.example/in/••••";
        for asked in ["https://a.example/in/key-canary", KEYLESS] {
            let address = to(asked).unwrap();
            assert_eq!(address.whole, "https://a.example/in/key-canary");
            assert_eq!(address.shown, KEYLESS);
        }
        let two = to("https://b.example/in/two").unwrap();
        assert_eq!(two.whole, "https://b.example/in/two");
        assert!(!two.shown.contains("two"), "{}", two.shown);
        // One that is not known must not be guessed, nor sent to as it stands.
        let below = to("https://a.example/in/key-canary/below").unwrap();
        for kept in [&two.shown, &below.shown] {
            let Err(fault) = to(kept) else {
                panic!("{kept}")
            };
            assert!(fault.what.contains("write it out"), "{}", fault.what);
        }
        // This machine's own stay as they are.
        let here = "http://127.0.0.1:9/in?shape=form";
        assert_eq!(to(here).unwrap().shown, here);
    }
}
