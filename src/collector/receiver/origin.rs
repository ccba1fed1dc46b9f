//! Where a request came from: the other end of the connection, or, where that
//! is a proxy of ours, whom the proxy names. Pure.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use axum::http::{HeaderMap, HeaderName, header::FORWARDED};
use ipnet::IpNet;

/// The header that proxies usually write.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From here.
    From(IpAddr),
    /// A trusted proxy passed it on, but what it wrote about where from
    /// cannot be read, or says two things.
    Unclear,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From(address) => address.fmt(f),
            Self::Unclear => f.write_str("unclear"),
        }
    }
}

/// Whether one of the networks holds the address.
pub(super) fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// Whether somebody passed the request on.
pub(super) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED)
}

/// Where a request came from. Only what a trusted proxy wrote is believed:
/// the nearest address, from the right, that is not such a proxy itself.
pub(super) fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Origin {
    let peer = peer.to_canonical();
    if !is_in(trusted, peer) {
        return Origin::From(peer);
    }
    let listed = named(headers, &X_FORWARDED_FOR, Some);
    let forwarded = named(headers, &FORWARDED, forwarded_for);
    let of = |hops: Vec<Option<IpAddr>>| nearest(peer, &hops, trusted);
    match (listed, forwarded) {
        (None, None) => Origin::From(peer),
        (Some(hops), None) | (None, Some(hops)) => of(hops),
        // A proxy writes one and passes the other on as it came: what the
        // sender wrote must not win.
        (Some(listed), Some(forwarded)) => match (of(listed), of(forwarded)) {
            (one, other) if one == other => one,
            _ => Origin::Unclear,
        },
    }
}

/// The hops that a header lists, from the left; `None` where it is not there.
fn named<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
    address: impl Fn(&'h str) -> Option<&'h str>,
) -> Option<Vec<Option<IpAddr>>> {
    if !headers.contains_key(name) {
        return None;
    }
    let mut hops = Vec::new();
    for value in headers.get_all(name) {
        match value.to_str() {
            Ok(text) => hops.extend(
                text.split(',')
                    .map(|hop| address(hop.trim()).and_then(host)),
            ),
            Err(_) => hops.push(None),
        }
    }
    Some(hops)
}

/// `for=…` of one hop (RFC 7239).
fn forwarded_for(hop: &str) -> Option<&str> {
    hop.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| value.trim().trim_matches('"'))
    })
}

/// An address with or without a port and brackets.
fn host(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    bare.unwrap_or(text)
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

fn nearest(peer: IpAddr, hops: &[Option<IpAddr>], trusted: &[IpNet]) -> Origin {
    let mut last = peer;
    for hop in hops.iter().rev() {
        match hop {
            None => return Origin::Unclear,
            Some(address) if is_in(trusted, *address) => last = *address,
            Some(address) => return Origin::From(*address),
        }
    }
    Origin::From(last)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn from(peer: &str, lines: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        origin(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    const XFF: &str = "x-forwarded-for";

    #[test]
    fn what_a_stranger_claims_is_not_believed() {
        assert_eq!(from("192.0.2.9", &[(XFF, "10.0.0.1")]), "192.0.2.9");
        assert_eq!(from("192.0.2.9", &[]), "192.0.2.9");
        assert_eq!(from("::ffff:192.0.2.9", &[]), "192.0.2.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_from_the_right() {
        for (lines, is) in [
            (vec![], "10.1.1.1"),
            (vec![(XFF, "198.51.100.7")], "198.51.100.7"),
            (vec![(XFF, "1.1.1.1, 198.51.100.7")], "198.51.100.7"),
            (
                vec![(XFF, "1.1.1.1, 198.51.100.7,10.9.9.9")],
                "198.51.100.7",
            ),
            (
                vec![(XFF, "1.1.1.1"), (XFF, "198.51.100.7")],
                "198.51.100.7",
            ),
            (vec![(XFF, "198.51.100.7:4711")], "198.51.100.7"),
            (vec![(XFF, "[2001:db8::1]:4711")], "2001:db8::1"),
            (vec![(XFF, "[2001:db8::1]")], "2001:db8::1"),
            (vec![(XFF, "2001:db8::1")], "2001:db8::1"),
            (vec![(XFF, "10.2.2.2, 10.3.3.3")], "10.2.2.2"),
            (
                vec![(
                    "forwarded",
                    "for=1.1.1.1, For=\"[2001:db8::2]:1\";proto=https",
                )],
                "2001:db8::2",
            ),
        ] {
            assert_eq!(from("10.1.1.1", &lines), is, "{lines:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_says_two_things_is_unclear() {
        for lines in [
            vec![(XFF, "198.51.100.7, nonsense")],
            vec![(XFF, "")],
            vec![(XFF, "198.51.100.7,")],
            vec![("forwarded", "for=unknown")],
            vec![("forwarded", "proto=https")],
            vec![(XFF, "198.51.100.7"), ("forwarded", "for=198.51.100.8")],
            vec![(XFF, "198.51.100.\u{fc}")],
        ] {
            assert_eq!(from("10.1.1.1", &lines), "unclear", "{lines:?}");
        }
        let agree = [(XFF, "198.51.100.7"), ("forwarded", "for=198.51.100.7")];
        assert_eq!(from("10.1.1.1", &agree), "198.51.100.7");
    }
}
