//! Values as they are written in the configuration: durations, addresses,
//! zones, countries. Pure: an error completes the sentence "`poll` …" and
//! says what to write. Nothing here quotes a URL, which may hold a secret.

use std::{env, fs, io, net::IpAddr, net::SocketAddr};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use url::Url;

pub use crate::domain::span::{duration, spell};
use crate::domain::text;

use super::keys;

/// Reads an http or https URL; the answer has no trailing slash.
pub fn url(text: &str) -> Result<String, String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err("must begin with https:// or http://".to_owned());
    }
    if rest.starts_with('/') || text.contains(char::is_whitespace) || text.contains('\\') {
        return Err("is not a URL; write it as https://host or https://host/path".to_owned());
    }
    let url = Url::parse(text).map_err(|e| {
        format!("is not a URL ({e}); write it as https://host or https://host/path")
    })?;
    if !url.username().is_empty() || url.password().is_some() || rest.contains('@') {
        return Err(
            "has a username or password in it; remove them, they have settings of their own"
                .to_owned(),
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or fragment; remove everything from the ? or # on".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Requests to this machine never use a proxy.
pub use crate::domain::scenario::reach::is_loopback;

/// Whether requests to this URL travel in the clear over a network.
#[must_use]
pub fn is_plain(url: &str) -> bool {
    url.starts_with("http://") && !is_loopback(url)
}

/// Reads `127.0.0.1:8642` or `[::1]:0`.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    text.trim().parse().map_err(|_| {
        let text = text::clip(text, 40);
        format!("is not an address and port: \"{text}\"; write it as \"127.0.0.1:8642\" or \"[::1]:8642\"")
    })
}

/// Reads an address or a network: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
pub fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .map(|net| net.trunc())
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| {
            let text = text::clip(text, 60);
            format!(
                "has \"{text}\", which is not an address; write \"192.0.2.7\" or \"192.0.2.0/24\""
            )
        })
}

/// Reads a zone of the tz database.
pub fn zone(text: &str) -> Result<TimeZone, String> {
    if let Some(zone) = known_zone(text) {
        return Ok(zone);
    }
    TimeZone::get(text).map_err(|_| {
        let names: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let shown = text::clip(text, 40);
        match keys::nearest(text, names.iter().map(String::as_str)) {
            Some(near) => format!("is not a time zone: \"{shown}\"; did you mean \"{near}\"?"),
            None => format!("is not a time zone: \"{shown}\"; write one such as \"Europe/Copenhagen\" or \"UTC\""),
        }
    })
}

/// A zone from its own file: to find one by name, whatever its case, all
/// folders of the database are read, which takes longer than all else of the
/// configuration.
fn known_zone(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let is_plain = |part: &str| {
        let mut signs = part.bytes();
        !part.is_empty() && signs.all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b))
    };
    // Who has a database of their own means that one.
    if env::var_os("TZDIR").is_some() || !name.split('/').all(is_plain) {
        return None;
    }
    let file = fs::read(format!("/usr/share/zoneinfo/{name}")).ok()?;
    TimeZone::tzif(name, &file).ok()
}

/// The countries of ISO 3166-1, and Kosovo, whose numbers begin with +383.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI \
    BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY \
    CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN \
    GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH \
    KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL \
    PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV \
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN \
    VU WF WS XK YE YT ZA ZM ZW";

/// Reads a country's two letters, in either case.
pub fn country(text: &str) -> Result<String, String> {
    let upper = text.trim().to_ascii_uppercase();
    if COUNTRIES.split(' ').any(|c| c == upper) {
        return Ok(upper);
    }
    let shown = text::clip(text, 40);
    let hint = match upper.as_str() {
        "UK" => "; did you mean \"GB\"?",
        _ => "; write its two letters, such as \"DK\"",
    };
    Err(format!("is not a country: \"{shown}\"{hint}"))
}

/// Whether a character can stand in a URL's path as it is.
#[must_use]
pub fn in_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~".contains(c)
}

/// Why a file could not be read, in words.
#[must_use]
pub fn io_reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        other => other.to_string(),
    }
}
