//! `holdline hooks url`: the address to paste into a vendor's page; the secret
//! in it is what it is for.

use serde::Serialize;

use super::super::{
    context::Context,
    failure::{self, Failure},
    output::{self, Format, Listed},
    recorded,
};
use super::flags::UrlArgs;
use crate::{
    config::{Config, Site},
    domain::record::Fields,
    runtime::{clock, phones::addresses::Addresses},
};

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
pub fn run(context: &Context, args: &UrlArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let site = pushed(context, &config)?;
    let feeds = match recorded::open(&config) {
        Ok(Some(journal)) => journal.feeds().unwrap_or_default(),
        // The port may be configured, and then the journal is not needed.
        _ => Vec::new(),
    };
    let addresses = Addresses::of(&config, site, &feeds, clock::system()());
    let addresses = addresses.map_err(Failure::usage)?;
    failure::tell(
        "warning: who knows this address can send events; keep it as you would keep a password",
    );
    if !addresses.is_reachable {
        failure::tell(UNREACHABLE);
    }
    let url = HookUrl {
        site: site.name.to_string(),
        url: addresses.told().to_owned(),
    };
    output::to_stdout(|out| match args.format {
        // To be pasted: nothing else, and never cut.
        Format::Table => writeln!(out, "{}", url.url),
        format => output::print(out, format, &[url]),
    })?;
    Ok(0)
}

/// Said of an address that only this machine knows.
pub const UNREACHABLE: &str = "warning: vendors cannot reach this address; set `public_url` under \
                               [receiver] to one that they can";

/// The one site that is meant.
pub fn pushed<'c>(context: &Context, config: &'c Config) -> Result<&'c Site, Failure> {
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
