//! Where requests go: below a site's base URL and nowhere else, so that its
//! credentials cannot leave for another host. Pure.

use reqwest::Url;

use crate::{
    config::value,
    domain::fault::{Fault, FaultKind},
};

/// What precedes every path of a site: http or https, with a host, without
/// query and fragment.
pub(super) struct Base(Url);

impl Base {
    /// Reads a configured `url`, with or without a slash behind.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let url = Url::parse(text.trim()).ok();
        let mut url = url
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| {
                Fault::new(
                    FaultKind::Invalid {
                        field: "url".into(),
                    },
                    "the site's `url` is not an address",
                    "write it like \"https://api.example.com\"",
                )
            })?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The address of a path made of these segments; see `Http::get`.
    pub fn below(&self, path: &[&str]) -> Result<Url, Fault> {
        let mut url = self.0.clone();
        let mut full = url.path().trim_end_matches('/').to_owned();
        for (i, part) in path.iter().enumerate() {
            let is_last = i + 1 == path.len();
            if matches!(*part, "." | "..") || (part.is_empty() && !is_last) {
                return Err(Fault::new(
                    FaultKind::Invalid { field: "id".into() },
                    format!("\"{part}\" cannot be an id"),
                    "check the `id`s of this site in the configuration",
                ));
            }
            full.push('/');
            push_encoded(&mut full, part);
        }
        url.set_path(&full);
        Ok(url)
    }

    /// `host` or `host:port`: never user, password, path or query.
    pub fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        value::is_loopback(self.0.as_str())
    }

    /// Whether nothing is encrypted.
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters and `@`, which may
/// stand in a path and has a meaning for Telphin (`/extension/@200/`).
fn push_encoded(path: &mut String, segment: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in segment.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push('%');
            path.push(char::from(HEX[usize::from(byte >> 4)]));
            path.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Base {
        Base::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    fn url(text: &str, path: &[&str]) -> String {
        base(text).below(path).unwrap().to_string()
    }

    #[test]
    fn a_path_stands_below_the_base_and_an_id_stays_one_segment() {
        for base in [
            "http://h/telecomx",
            "http://h/telecomx/",
            " http://h/telecomx?x#y ",
        ] {
            assert_eq!(
                url(base, &["pbx", "queue", "12AB"]),
                "http://h/telecomx/pbx/queue/12AB"
            );
        }
        assert_eq!(url("http://h", &["a", ""]), "http://h/a/");
        assert_eq!(
            url("http://h", &["q", "a/b?c#d%e\\f\n@ø…"]),
            "http://h/q/a%2Fb%3Fc%23d%25e%5Cf%0A@%C3%B8%E2%80%A6"
        );
        for id in ["", ".", ".."] {
            let fault = base("http://h").below(&["q", id, "x"]).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Invalid { field: "id".into() });
        }
    }

    #[test]
    fn loopback_is_known_by_name_and_number() {
        for (text, expected) in [
            ("http://localhost:1", true),
            ("http://sim.localhost", true),
            ("http://127.8.9.1", true),
            ("http://[::1]:9", true),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(base(text).is_loopback(), expected, "{text}");
        }
    }
}
