//! `holdline hooks`: what vendors push to us. `url` prints the address to
//! paste into a vendor's page; the secret in it is what it is for.

use serde::Serialize;

use super::{
    args::{Format, HooksUrlArgs},
    context::Context,
    failure::{self, Failure},
    output::{self, Listed},
};
use crate::{
    config::{Config, Site},
    domain::{
        feed::{FeedId, FeedKind, age_of},
        record::Fields,
        time::At,
    },
    journal::Journal,
    runtime::clock,
};

/// A receiver that was not heard of for longer does not listen any more.
const GONE: std::time::Duration = std::time::Duration::from_secs(10);

/// A site and its address.
#[derive(Serialize)]
struct HookUrl {
    site: String,
    url: String,
}

impl Fields for HookUrl {
    const FIELDS: &'static [&'static str] = &["site", "url"];
}

impl Listed for HookUrl {
    const COLUMNS: &'static [(&'static str, bool)] = &[("SITE", false), ("URL", false)];

    fn cells(&self) -> Vec<String> {
        vec![self.site.clone(), self.url.clone()]
    }
}

/// Prints the address.
pub fn url(context: &Context, args: &HooksUrlArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let site = pushed(context, &config)?;
    let base = match &config.receiver.public_url {
        Some(url) => url.clone(),
        None => format!("http://{}", address(&config, site)?),
    };
    let secret = site.hook().and_then(|hook| hook.secrets.first());
    let secret = secret.map_or("", |secret| secret.expose());
    let name = site.name.to_string();
    let url = format!("{base}/hooks/{name}/{secret}");
    failure::tell(
        "warning: who knows this address can send events; keep it as you would keep a password",
    );
    let listens = config.receiver.listen.ip();
    if config.receiver.public_url.is_none() && (listens.is_loopback() || listens.is_unspecified()) {
        failure::tell(
            "warning: vendors cannot reach this address; set `public_url` under [receiver] to one \
             that they can",
        );
    }
    let url = HookUrl { site: name, url };
    output::to_stdout(|out| match args.format {
        // To be pasted: nothing else, and never cut.
        Format::Table => writeln!(out, "{}", url.url),
        format => output::print(out, format, &[url]),
    })?;
    Ok(0)
}

/// The one site that is meant.
fn pushed<'c>(context: &Context, config: &'c Config) -> Result<&'c Site, Failure> {
    let pushed: Vec<&Site> = config.sites.iter().filter(|s| s.hook().is_some()).collect();
    match (pushed.as_slice(), &context.global.site) {
        ([site], _) => Ok(site),
        ([], Some(name)) => Err(Failure::usage(format!(
            "site \"{name}\" has no hook; set `hook = {{ secret = … }}` for it (vendor contaqt or \
             telphin)"
        ))),
        ([], None) => Err(Failure::usage(
            "no site has a hook; set `hook = { secret = … }` for one with vendor contaqt or telphin",
        )),
        (several, _) => {
            let names: Vec<&str> = several.iter().map(|s| s.name.as_str()).collect();
            Err(Failure::usage(format!(
                "several sites have a hook; name one with --site: {}",
                names.join(", ")
            )))
        }
    }
}

/// Where the receiver listens. With port 0 only the one that runs knows.
fn address(config: &Config, site: &Site) -> Result<String, Failure> {
    let listen = config.receiver.listen;
    if listen.port() != 0 {
        return Ok(listen.to_string());
    }
    let id = FeedId {
        site: site.name.clone(),
        kind: FeedKind::Hooks,
    };
    heard_of(config, &id, clock::system()()).ok_or_else(|| {
        Failure::usage(
            "the receiver takes any free port (port 0) and none runs now; start `holdline collect`, \
             or set a port as `listen` under [receiver]",
        )
    })
}

fn heard_of(config: &Config, id: &FeedId, now: At) -> Option<String> {
    let feeds = Journal::open_read_only(&config.journal.path).ok()?.feeds();
    let health = feeds.ok()?.into_iter().find(|(known, _)| known == id)?.1;
    let heard = health.heard?;
    let recent = age_of(heard.alive?, now).is_some_and(|age| age <= GONE);
    recent.then_some(heard.listens).flatten()
}
