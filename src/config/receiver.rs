//! `[receiver]`: where vendors' webhooks arrive.

use std::net::{Ipv4Addr, SocketAddr};

use ipnet::IpNet;

use super::{error::ConfigError, read::Section, value};

/// Where webhooks arrive: `/hooks/<site>/<secret>`.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// The address to listen on; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Proxies whose word on where a request came from is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// What vendors are told to send to, without a trailing slash.
    pub public_url: Option<String>,
}

/// Where the receiver listens without a setting.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8642);

pub(super) fn read(section: &Section<'_>) -> Result<Receiver, ConfigError> {
    let listen = match section.get("listen") {
        Some(item) => item.parse(value::listen)?,
        None => LISTEN,
    };
    let trusted_proxies = networks(section, "trusted_proxies")?;
    let public_url = match section.get("public_url") {
        Some(item) => {
            let url = item.parse(value::url)?;
            if value::is_plain(&url) {
                item.file.warn(
                    item.at,
                    "public_url is plain http: hook secrets travel unencrypted; put https before the receiver",
                );
            }
            Some(url)
        }
        None => None,
    };
    Ok(Receiver {
        listen,
        trusted_proxies,
        public_url,
    })
}

/// A list of addresses and networks; empty if it is not given.
pub(super) fn networks(section: &Section<'_>, name: &str) -> Result<Vec<IpNet>, ConfigError> {
    match section.get(name) {
        None => Ok(Vec::new()),
        Some(item) => item
            .list()?
            .iter()
            .map(|i| i.parse(value::network))
            .collect(),
    }
}
