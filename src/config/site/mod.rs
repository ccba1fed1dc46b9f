//! `[[site]]`: one PBX account. What all vendors share is read here, the rest
//! in a file per vendor.

use jiff::tz::TimeZone;

use crate::domain::{
    dial::Dialling,
    id::SiteName,
    injection::{Target, Verb},
    sheet::{Item, Table},
    site::{People, Queue, Vendor},
    text,
};

use super::{keys, secret::Secrets, value};

pub mod contaqt;
pub mod enswitch;
pub mod hook;
mod names;
pub mod outlet;
mod queue;
pub mod telecomx;
pub mod telphin;
pub mod while1;

use contaqt::Contaqt;
use enswitch::{Enswitch, Method};
use hook::Hook;
use outlet::Outlet;
use telecomx::TelecomX;
use telphin::Telphin;
use while1::While1;

/// One PBX account.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its name, unique; it can stand in a URL's path.
    pub name: SiteName,
    /// The vendor and what its API needs.
    pub account: Account,
    /// What may be changed outside.
    pub allow: Allow,
    /// Whether actions ask to type the site's name.
    pub production: bool,
    /// How fast scenarios may be, and where they may send.
    pub outlet: Outlet,
    /// The zone of times that the PBX writes without one.
    pub time_zone: Option<TimeZone>,
    /// The country of national numbers: two upper-case letters.
    pub country: Option<String>,
}

impl Site {
    /// Whose API it speaks.
    #[must_use]
    pub fn vendor(&self) -> Vendor {
        match self.account {
            Account::TelecomX(_) => Vendor::TelecomX,
            Account::While1(_) => Vendor::While1,
            Account::Enswitch(_) => Vendor::Enswitch,
            Account::Telphin(_) => Vendor::Telphin,
            Account::Contaqt(_) => Vendor::Contaqt,
        }
    }

    /// Where its API is; none where there is nothing to ask.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match &self.account {
            Account::TelecomX(account) => Some(&account.url),
            Account::While1(account) => Some(&account.url),
            Account::Enswitch(account) => Some(&account.url),
            Account::Telphin(account) => Some(&account.url),
            Account::Contaqt(_) => None,
        }
    }

    /// The queues that the configuration names, in its order.
    #[must_use]
    pub fn queues(&self) -> Vec<Queue> {
        match &self.account {
            Account::TelecomX(account) => account.queues.clone(),
            Account::While1(_) => Vec::new(),
            Account::Enswitch(account) => account.queues.clone(),
            Account::Telphin(account) => account.queues.clone(),
            Account::Contaqt(account) => account.queues.clone(),
        }
    }

    /// The names of the ids that its events carry.
    #[must_use]
    pub fn people(&self) -> People {
        match &self.account {
            Account::Contaqt(account) => account.people(),
            Account::Telphin(account) => account.people(),
            _ => People::default(),
        }
    }

    /// Whether calls can be made there, and from which extensions.
    #[must_use]
    pub fn dials(&self) -> Option<Dialling> {
        let Account::Telphin(account) = &self.account else {
            return None;
        };
        Some(Dialling {
            site: self.name.clone(),
            extensions: account.extensions.clone(),
            country: self.country.clone(),
            allowed: self.allow.call,
            subscribes: self.allow.subscribe,
            production: self.production,
        })
    }

    /// Where queue events can be created, if it is of a vendor that has them;
    /// whether that is allowed, too.
    #[must_use]
    pub fn injects(&self) -> Option<Target> {
        let Account::Enswitch(account) = &self.account else {
            return None;
        };
        Some(Target {
            site: self.name.clone(),
            base: format!("{}/api/json", account.url),
            verb: match account.method {
                Method::Post => Verb::Post,
                Method::Get => Verb::Get,
            },
            queues: account.queues.clone(),
            allowed: self.allow.inject,
            production: self.production,
        })
    }

    /// How its webhooks are let in, if it has any.
    #[must_use]
    pub fn hook(&self) -> Option<&Hook> {
        match &self.account {
            Account::Telphin(account) => account.hook.as_ref(),
            Account::Contaqt(account) => Some(&account.hook),
            Account::TelecomX(_) | Account::While1(_) | Account::Enswitch(_) => None,
        }
    }
}

/// A vendor's own settings.
#[derive(Clone, Debug)]
pub enum Account {
    /// Live queue callers, polled.
    TelecomX(TelecomX),
    /// Scheduled callbacks.
    While1(While1),
    /// Queue events are injected here.
    Enswitch(Enswitch),
    /// Calls, pushed.
    Telphin(Telphin),
    /// Agents and calls, pushed.
    Contaqt(Contaqt),
}

/// What may be changed outside; nothing unless the file says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Queue events may be injected.
    pub inject: bool,
    /// Calls may be started.
    pub call: bool,
    /// Webhook subscriptions may be changed.
    pub subscribe: bool,
}

/// What the clients add to a site's URL themselves (the vendors' pages).
fn documented_paths(vendor: Vendor) -> &'static [&'static str] {
    match vendor {
        Vendor::TelecomX => &["/pbx", "/auth"],
        Vendor::While1 => &["/api/call-queue", "/api"],
        Vendor::Enswitch => &["/api/json", "/api"],
        Vendor::Telphin => &["/oauth", "/oauth/token", "/api/ver1.0", "/api"],
        Vendor::Contaqt => &[],
    }
}

/// Reads one site; its name, and where that stands, even where the rest is
/// wrong.
pub(super) fn read(
    item: &Item<'_>,
    secrets: &Secrets<'_>,
) -> (Option<Site>, Option<(String, usize)>) {
    let Some(mut table) = item.open("this site", keys::SITE) else {
        return (None, None);
    };
    let item = table.need("name");
    let name = item.and_then(|item| Some((item.parse(site_name)?, item.at)));
    if let Some((name, _)) = &name {
        table.what = format!("site \"{name}\"");
    }
    let site = settings(&table, name.as_ref().map(|(name, _)| &**name), secrets);
    (site, name)
}

/// Everything but the name.
fn settings(table: &Table<'_>, name: Option<&str>, secrets: &Secrets<'_>) -> Option<Site> {
    let vendors = Vendor::ALL.map(|v| (v.name(), v));
    let vendor = table.need("vendor").and_then(|i| i.choice(&vendors));
    table.check(vendor);
    let account = vendor.and_then(|vendor| account(table, vendor, secrets));
    let production = table.get("production").and_then(|i| i.bool());
    let production = production.unwrap_or(false);
    let (allow, outlet) = (allow(table), outlet::read(table, production));
    let zone = table.get("time_zone").and_then(|i| i.parse(value::zone));
    let country = table.get("country").and_then(|i| i.parse(value::country));
    Some(Site {
        name: name?.into(),
        account: account?,
        allow,
        production,
        outlet,
        time_zone: zone,
        country,
    })
}

fn account(table: &Table<'_>, vendor: Vendor, secrets: &Secrets<'_>) -> Option<Account> {
    match vendor {
        Vendor::TelecomX => telecomx::read(table, secrets).map(Account::TelecomX),
        Vendor::While1 => while1::read(table, secrets).map(Account::While1),
        Vendor::Enswitch => enswitch::read(table, secrets).map(Account::Enswitch),
        Vendor::Telphin => telphin::read(table, secrets).map(Account::Telphin),
        Vendor::Contaqt => contaqt::read(table, secrets).map(Account::Contaqt),
    }
}

/// A site's name stands in `/hooks/<site>/<secret>` and on command lines.
fn site_name(typed: &str) -> Result<String, String> {
    let fits =
        typed.len() <= 64 && typed.chars().all(value::in_path) && !typed.starts_with(['-', '.']);
    if fits {
        return Ok(typed.to_owned());
    }
    let shown = text::clip(typed, 40);
    Err(format!(
        "cannot be \"{shown}\", it stands in URLs; use up to 64 letters, digits, - _ . and ~, beginning with a letter or digit"
    ))
}

fn allow(table: &Table<'_>) -> Allow {
    type Set = fn(&mut Allow);
    const ACTIONS: [(&str, Set); 3] = [
        ("inject", |allow| allow.inject = true),
        ("call", |allow| allow.call = true),
        ("subscribe", |allow| allow.subscribe = true),
    ];
    let mut allow = Allow::default();
    let items = table.get("allow").and_then(|item| item.list());
    for set in items.iter().flatten().filter_map(|i| i.choice(&ACTIONS)) {
        set(&mut allow);
    }
    allow
}

/// The site's `url`: what precedes the documented paths.
fn url(table: &Table<'_>, vendor: Vendor) -> Option<String> {
    let item = table.need("url")?;
    let url = item.parse(value::url)?;
    // Past the scheme and the host, which may be called "pbx" too.
    let path = url
        .splitn(4, '/')
        .nth(3)
        .map_or(String::new(), |p| format!("/{p}"));
    let extra = documented_paths(vendor)
        .iter()
        .find(|p| path.ends_with(**p));
    if let Some(extra) = extra {
        return item.wrong(&format!(
            "ends in {extra}, which is added by itself; leave it off"
        ));
    }
    if value::is_plain(&url) {
        item.sheet.note(
            item.at,
            &format!(
                "{} is reached by plain http: its credentials travel unencrypted; use https if it can",
                table.what
            ),
        );
    }
    Some(url)
}
