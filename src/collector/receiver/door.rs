//! Who is let in: `/hooks/<site>/<secret>`, and where from. A site that is
//! not there and a secret that is not right look alike from outside, in what
//! is answered and in how long it takes.

use std::{borrow::Cow, net::IpAddr};

use ipnet::IpNet;
use subtle::ConstantTimeEq as _;

use crate::{
    config::{Config, Secret},
    domain::{id::SiteName, site::Vendor},
};

/// A site's door.
#[derive(Debug)]
pub(super) struct Door {
    /// The site.
    pub site: SiteName,
    /// Whose webhooks come through it.
    pub vendor: Vendor,
    /// Whether invented events are kept out.
    pub production: bool,
    secrets: Vec<Secret>,
    allow_from: Vec<IpNet>,
}

/// The doors of all sites that push, in the configuration's order.
pub(super) fn doors(config: &Config) -> Vec<Door> {
    let door = |site: &crate::config::Site| {
        let hook = site.hook()?;
        Some(Door {
            site: site.name.clone(),
            vendor: site.vendor(),
            production: site.production,
            secrets: hook.secrets.clone(),
            allow_from: hook.allow_from.clone(),
        })
    };
    config.sites.iter().filter_map(door).collect()
}

/// What came of a knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knock {
    /// The door of this number opens.
    Open(usize),
    /// There is a door, but the secret is not its.
    WrongSecret(usize),
    /// There is no such door.
    NoDoor,
}

/// Knocks with what follows `/hooks/`; `None` where that is no site and
/// secret at all.
pub(super) fn knock(doors: &[Door], rest: &str) -> Option<Knock> {
    let (site, secret) = rest.split_once('/')?;
    if secret.is_empty() || secret.contains('/') {
        return None;
    }
    let (site, secret) = (decoded(site)?, decoded(secret)?);
    let found = doors
        .iter()
        .position(|door| door.site.as_str().as_bytes() == &*site);
    // Where there is no door, another one's secrets are looked at, for the
    // time that it takes.
    let looked_at = found.or((!doors.is_empty()).then_some(0))?;
    let fits = doors[looked_at].fits(&secret);
    Some(match found {
        Some(number) if fits => Knock::Open(number),
        Some(number) => Knock::WrongSecret(number),
        None => Knock::NoDoor,
    })
}

impl Door {
    /// All secrets are looked at, each byte of them.
    fn fits(&self, tried: &[u8]) -> bool {
        let fits = self.secrets.iter().fold(0_u8, |fits, secret| {
            fits | secret.expose().as_bytes().ct_eq(tried).unwrap_u8()
        });
        fits == 1
    }

    /// Whether requests from there come in; `None` is an address that is not
    /// clear.
    pub fn admits(&self, from: Option<IpAddr>) -> bool {
        self.allow_from.is_empty()
            || from.is_some_and(|from| super::origin::is_in(&self.allow_from, from))
    }
}

/// A path's segment with its `%7E` read; `None` where one is broken.
fn decoded(segment: &str) -> Option<Cow<'_, [u8]>> {
    if !segment.contains('%') {
        return Some(segment.as_bytes().into());
    }
    let mut bytes = segment.bytes();
    let mut read = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        read.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    Some(read.into())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const SITES: &str = r#"
[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = ["old-secret-0123456", "new~secret-0123456"], allow_from = ["192.0.2.0/24"] }
[[site]]
name = "north"
vendor = "contaqt"
hook = { secret = "north-secret-012345" }
[[site]]
name = "polled"
vendor = "telecomx"
url = "http://127.0.0.1:9"
token = "t"
queues = ["1"]
"#;

    fn all() -> Vec<Door> {
        doors(&Config::parse(SITES, Path::new("/"), &|_| None).unwrap())
    }

    #[test]
    fn each_secret_opens_its_own_door_only() {
        let doors = all();
        assert_eq!(doors.len(), 2);
        for (rest, opens) in [
            ("team/old-secret-0123456", Some(Knock::Open(0))),
            ("team/new~secret-0123456", Some(Knock::Open(0))),
            ("team/new%7esecret-0123456", Some(Knock::Open(0))),
            ("%74eam/new%7Esecret-0123456", Some(Knock::Open(0))),
            ("north/north-secret-012345", Some(Knock::Open(1))),
            ("north/old-secret-0123456", Some(Knock::WrongSecret(1))),
            ("team/old-secret-012345", Some(Knock::WrongSecret(0))),
            ("team/OLD-SECRET-0123456", Some(Knock::WrongSecret(0))),
            ("team/old-secret-0123456%", None),
            ("team/%zz", None),
            ("team/%", None),
            ("nobody/old-secret-0123456", Some(Knock::NoDoor)),
            ("polled/t", Some(Knock::NoDoor)),
            ("team/", None),
            ("team", None),
            ("team/old-secret-0123456/", None),
        ] {
            assert_eq!(knock(&doors, rest), opens, "{rest}");
        }
        assert_eq!(knock(&[], "team/old-secret-0123456"), None);
    }

    #[test]
    fn a_list_of_addresses_keeps_all_others_out() {
        let doors = all();
        let at = |text: &str| Some(text.parse().unwrap());
        assert!(doors[0].admits(at("192.0.2.7")));
        assert!(!doors[0].admits(at("192.0.3.7")));
        assert!(!doors[0].admits(None));
        assert!(doors[1].admits(at("203.0.113.1")) && doors[1].admits(None));
    }
}
