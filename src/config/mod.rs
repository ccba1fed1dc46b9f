//! File and environment become one validated [`Config`]. Says which line is
//! wrong and what to write instead; secrets are a type that never prints.
//! Knows no vendor's HTTP and asks nobody over the network. May use domain.
//!
//! * [`mod@find`]: where the file is
//! * [`keys`]: every setting, as data: parsing, suggestions and the example
//!   file are held to it
//! * `read`: the text becomes a [`Config`], or all its mistakes
//! * [`value`]: durations, addresses, zones as they are written
//! * [`secret`]: secrets, and where they come from
//! * [`site`]: `[[site]]`, one file per vendor
//! * [`console`], [`receiver`], [`journal`]: the other tables

use std::{fs::File, io::Read as _, os::unix::fs::PermissionsExt as _, path::Path, path::PathBuf};

use crate::domain::{self, sheet};

pub mod console;
pub mod error;
pub mod find;
pub mod journal;
pub mod keys;
mod read;
pub mod receiver;
pub mod secret;
pub mod site;
pub mod value;

pub use console::{Console, Theme, View};
pub use error::{ConfigError, Mistake};
pub use find::{Env, Source, find};
pub use journal::Journal;
pub use receiver::Receiver;
pub use secret::Secret;
pub use site::{
    Account, Allow, Site,
    contaqt::{Contaqt, Pause},
    enswitch::{Enswitch, Method},
    hook::Hook,
    outlet::Outlet,
    telecomx::{TelecomX, TelecomXAuth},
    telphin::Telphin,
    while1::While1,
};

/// The complete, commented example that `holdline config example` prints.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// No configuration is longer: keeps `--config /dev/zero` from filling memory.
const LONGEST: u64 = 1 << 20;

/// The configuration, validated as a whole.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from; none if it was text.
    pub path: Option<PathBuf>,
    /// What the screen looks like.
    pub console: Console,
    /// Where webhooks arrive.
    pub receiver: Receiver,
    /// Where events are kept, and how long.
    pub journal: Journal,
    /// The PBX accounts, in the order of the file.
    pub sites: Vec<Site>,
    /// Sites that [`Config::narrow`] has put aside.
    aside: Vec<Site>,
    /// What works but should not stay so: one sentence each, with file and
    /// line. They hold no secrets.
    pub warnings: Vec<String>,
}

impl Config {
    /// Finds, reads and validates the configuration file.
    ///
    /// # Errors
    /// Every mistake, each with file, line and remedy; of a file that is not
    /// TOML the first. [`ConfigError::is_missing`] tells a file that does not exist.
    pub fn load(from: &Source<'_>) -> Result<Config, ConfigError> {
        load(from, read::whole)
    }

    /// As [`Config::load`], but a site that cannot be read, or a secret of it,
    /// is left out and stands among the mistakes: the others can still be
    /// looked at. For a doctor; what works with a configuration takes it whole.
    ///
    /// # Errors
    /// As [`Config::load`], of what is not about one site.
    pub fn load_in_part(from: &Source<'_>) -> Result<(Config, Vec<Mistake>), ConfigError> {
        let mut mistakes = Vec::new();
        let config = load(from, |text, around| {
            let (config, of_sites) = read::in_part(text, around)?;
            mistakes = of_sites;
            Ok(config)
        })?;
        Ok((config, mistakes))
    }

    /// Validates configuration text. Relative paths count from `base`;
    /// sentences call the text `config.toml`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, base: &Path, env: Env<'_>) -> Result<Config, ConfigError> {
        let around = Around {
            shown: "config.toml",
            base,
            env,
            exposed: false,
        };
        read::whole(text, &around)
    }

    /// The sites as the rest of the program knows them, without addresses
    /// and secrets.
    #[must_use]
    pub fn domain_sites(&self) -> Vec<domain::site::Site> {
        self.sites.iter().map(known).collect()
    }

    /// As [`Config::domain_sites`], with those that were put aside: what stands
    /// in the journal means the same, whichever sites are looked at.
    #[must_use]
    pub fn all_sites(&self) -> Vec<domain::site::Site> {
        let all = self.sites.iter().chain(&self.aside);
        all.map(known).collect()
    }

    /// Leaves only the site of this name in [`Config::sites`].
    pub fn narrow(&mut self, name: &str) {
        let others = self.sites.extract_if(.., |site| site.name.as_str() != name);
        self.aside.extend(others);
    }

    /// The site of this name.
    #[must_use]
    pub fn site(&self, name: &str) -> Option<&Site> {
        self.sites.iter().find(|s| s.name.as_str() == name)
    }
}

/// The site as the rest of the program knows it.
fn known(site: &Site) -> domain::site::Site {
    domain::site::Site {
        name: site.name.clone(),
        vendor: site.vendor(),
        queues: site.queues(),
        country: site.country.clone(),
        people: site.people(),
    }
}

/// What is known of the text beside what stands in it.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// What sentences call it.
    shown: &'a str,
    /// The folder that relative paths count from.
    base: &'a Path,
    /// The environment that secrets may come from.
    env: Env<'a>,
    /// Whether others than the owner may read or write the file.
    exposed: bool,
}

/// Finds and reads the file, and has its text validated by `parse`.
fn load(
    from: &Source<'_>,
    parse: impl FnOnce(&str, &Around<'_>) -> Result<Config, ConfigError>,
) -> Result<Config, ConfigError> {
    let path = find(from)?;
    let shown = find::shown(&path, from.env);
    let (text, mode) = read_file(&path, &shown, from.env)?;
    let around = Around {
        shown: &shown,
        base: path.parent().unwrap_or(Path::new("/")),
        env: from.env,
        exposed: secret::is_open(mode),
    };
    let mut config = parse(&text, &around)?;
    config.path = Some(path);
    Ok(config)
}

/// The file's text and its mode bits.
fn read_file(path: &Path, shown: &str, env: Env<'_>) -> Result<(String, u32), ConfigError> {
    let unreadable = |e: std::io::Error| {
        if e.kind() == std::io::ErrorKind::NotFound {
            return find::missing(path, env);
        }
        let why = value::io_reason(&e);
        ConfigError::general(&format!(
            "{shown} cannot be read: {why}; make it a file that you may read, or name another with --config"
        ))
    };
    let file = File::open(path).map_err(unreadable)?;
    let mode = file.metadata().map_err(unreadable)?.permissions().mode();
    let mut bytes = Vec::new();
    file.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(ConfigError::general(&format!(
            "{shown} is longer than 1 MB; is it the right file?"
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, mode)),
        Err(e) => {
            let good = e.utf8_error().valid_up_to();
            let line = sheet::line_of(e.as_bytes(), good);
            let text = "this line is not UTF-8 text; save the file as UTF-8";
            Err(ConfigError::at(shown, line, text))
        }
    }
}
