//! Where what we say as a vendor may go besides our own receiver: to this
//! machine, and to the addresses that the configuration names. Pure: looks at
//! the text of a URL, resolves nothing.

use url::{Host, Url};

use crate::domain::text::clip;

/// Whether a URL stays on this machine.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    match Url::parse(url).as_ref().map(Url::host) {
        Ok(Some(Host::Ipv4(ip))) => ip.is_loopback(),
        Ok(Some(Host::Ipv6(ip))) => ip.is_loopback(),
        Ok(Some(Host::Domain(name))) => name == "localhost" || name.ends_with(".localhost"),
        _ => false,
    }
}

/// Whether events may go to this address: one on this machine, or one of a
/// site's `targets`, or below it.
///
/// # Errors
/// A clause that completes "`to` …": why not, and what to do.
pub fn reaches(to: &str, targets: &[String]) -> Result<(), String> {
    let wrong = "is not a URL; write it as https://host/path";
    let url = Url::parse(to).map_err(|_| wrong.to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a username or password in it; remove them".to_owned());
    }
    if is_loopback(to) || targets.iter().any(|target| is_below(&url, target)) {
        return Ok(());
    }
    Err(format!(
        "leads to {}, which is neither this machine nor among the site's `targets`; add it there",
        clip(url.host_str().unwrap_or_default(), 80)
    ))
}

/// Whether an address is this one, or stands below it.
fn is_below(url: &Url, target: &str) -> bool {
    let Ok(target) = Url::parse(target) else {
        return false;
    };
    let path = target.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(path);
    url.origin() == target.origin()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
