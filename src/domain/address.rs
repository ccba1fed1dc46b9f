//! Addresses as they may be seen. Pure.

/// What stands for what may be a secret in an address.
pub const MASK: &str = "••••";

/// An address as it may be seen: what may be a secret in it is left out, the
/// last part of a path, all values of a query, and a password.
#[must_use]
pub fn masked(url: &str) -> String {
    let (base, query) = match url.split_once('?') {
        Some((base, query)) => (base, Some(query)),
        None => (url, None),
    };
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let (host, path) = rest.split_once('/').map_or((rest, ""), |(h, p)| (h, p));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let mut shown = if scheme.is_empty() {
        host.to_owned()
    } else {
        format!("{scheme}://{host}")
    };
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        let is_secret = at + 1 == parts.len() && !is_script(part);
        shown.push('/');
        shown.push_str(if is_secret { MASK } else { part });
    }
    for (at, pair) in query.into_iter().flat_map(|q| q.split('&')).enumerate() {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        shown.push(if at == 0 { '?' } else { '&' });
        shown.push_str(name);
        shown.push('=');
        shown.push_str(MASK);
    }
    shown
}

/// Whether the last part of a path is a script's name, which tells whose it is
/// and keeps nothing secret: `show.php`.
fn is_script(part: &str) -> bool {
    const ENDINGS: [&str; 7] = ["php", "asp", "aspx", "cgi", "jsp", "pl", "py"];
    let plain = |name: &str| !name.contains('.') && name.len() <= 24;
    let parts = part.rsplit_once('.');
    parts.is_some_and(|(name, ending)| plain(name) && ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        for (url, shown) in [
            (
                "https://h.example/hooks/phones/c4n4ry",
                "https://h.example/hooks/phones/••••",
            ),
            (
                "https://somehost.com/fordel/show.php?myid=175&k=c4n4ry",
                "https://somehost.com/fordel/show.php?myid=••••&k=••••",
            ),
            (
                "https://h/hooks/phones/c4n4ry.sim-hook",
                "https://h/hooks/phones/••••",
            ),
            ("https://u:c4n4ry@h/", "https://h"),
            ("https://h?c4n=4ry", "https://h?c4n=••••"),
        ] {
            assert_eq!(masked(url), shown);
        }
    }
}
