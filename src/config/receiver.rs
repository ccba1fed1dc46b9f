//! `[receiver]`: where vendors' webhooks arrive.

use std::net::{Ipv4Addr, SocketAddr};

use ipnet::IpNet;

use crate::domain::sheet::Table;

use super::value;

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

pub(super) fn read(table: &Table<'_>) -> Receiver {
    let listen = table.get("listen").and_then(|i| i.parse(value::listen));
    let public_url = table.get("public_url").and_then(|item| {
        let url = item.parse(value::url)?;
        if value::is_plain(&url) {
            item.sheet.note(
                item.at,
                "public_url is plain http: hook secrets travel unencrypted; put https before the receiver",
            );
        }
        Some(url)
    });
    Receiver {
        listen: listen.unwrap_or(LISTEN),
        trusted_proxies: networks(table, "trusted_proxies"),
        public_url,
    }
}

/// A list of addresses and networks; empty if it is not given.
pub(super) fn networks(table: &Table<'_>, name: &str) -> Vec<IpNet> {
    let items = table.get(name).and_then(|item| item.list());
    let items = items.unwrap_or_default();
    items
        .iter()
        .filter_map(|i| i.parse(value::network))
        .collect()
}
