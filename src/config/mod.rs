//! File and environment become one validated [`Config`]. Says which line is
//! wrong and what to write instead; secrets are a type that never prints.
//! Knows no vendor's HTTP and asks nobody over the network. May use domain.
//!
//! * [`mod@find`]: where the file is
//! * [`keys`]: every setting, as data: parsing, suggestions and the example
//!   file are held to it
//! * `read`: walks the TOML by those tables
//! * [`value`]: durations, addresses, zones as they are written
//! * [`secret`]: secrets, and where they come from
//! * [`site`]: `[[site]]`, one file per vendor
//! * [`console`], [`receiver`], [`journal`]: the other tables

use std::{fs::File, io::Read as _, os::unix::fs::PermissionsExt as _, path::Path, path::PathBuf};

use toml::de::DeTable;

use crate::domain;

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
pub use error::ConfigError;
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

use read::{Item, Reader, Section};

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
    /// One sentence: the first mistake, with file, line and remedy.
    /// [`ConfigError::is_missing`] tells a file that does not exist.
    pub fn load(from: &Source<'_>) -> Result<Config, ConfigError> {
        load(from, parse_as)
    }

    /// As [`Config::load`], but a site that cannot be read, or a secret of it,
    /// is left out and stands among the mistakes: the others can still be
    /// looked at. For a doctor; what works with a configuration takes it whole.
    ///
    /// # Errors
    /// As [`Config::load`], of what is not about one site.
    pub fn load_in_part(from: &Source<'_>) -> Result<(Config, Vec<Mistake>), ConfigError> {
        let mut mistakes = Vec::new();
        let config = load(from, |shown, text, base, env, exposed| {
            let doc = DeTable::parse(text).map_err(|e| not_toml(shown, text, &e))?;
            let reader = Reader::new(shown, text, base, env, exposed, true);
            document(&reader, doc.get_ref(), Some(&mut mistakes))
        })?;
        Ok((config, mistakes))
    }

    /// Validates configuration text. Relative paths count from `base`;
    /// sentences call the text `config.toml`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, base: &Path, env: Env<'_>) -> Result<Config, ConfigError> {
        parse_as("config.toml", text, base, env, false)
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

/// A site that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its name, as far as it has one.
    pub site: Option<String>,
    /// Why.
    pub error: ConfigError,
}

/// Finds and reads the file, and has its text validated by `parse`: what it is
/// called in sentences, the text, the folder that paths count from, the
/// environment, and whether others may read the file.
fn load(
    from: &Source<'_>,
    parse: impl FnOnce(&str, &str, &Path, Env<'_>, bool) -> Result<Config, ConfigError>,
) -> Result<Config, ConfigError> {
    let path = find(from)?;
    let shown = find::shown(&path, from.env);
    let (text, mode) = read_file(&path, &shown, from.env)?;
    let base = path.parent().unwrap_or(Path::new("/"));
    let mut config = parse(&shown, &text, base, from.env, secret::is_open(mode))?;
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
            let line = value::line_of(e.as_bytes(), good);
            let text = "this line is not UTF-8 text; save the file as UTF-8";
            Err(ConfigError::at(shown, line, text))
        }
    }
}

/// Walks the text twice: first for its shape alone, so that a mistake
/// anywhere is reported before any secret's command is run.
fn parse_as(
    shown: &str,
    text: &str,
    base: &Path,
    env: Env<'_>,
    exposed: bool,
) -> Result<Config, ConfigError> {
    let doc = DeTable::parse(text).map_err(|e| not_toml(shown, text, &e))?;
    let reader = |resolve| Reader::new(shown, text, base, env, exposed, resolve);
    document(&reader(false), doc.get_ref(), None)?;
    document(&reader(true), doc.get_ref(), None)
}

/// A syntax error. Its own `Display` would quote the line, which may hold a
/// secret, so only what it expected is told, and where.
fn not_toml(shown: &str, text: &str, e: &toml::de::Error) -> ConfigError {
    let at = e.span().map_or(text.len(), |s| s.start);
    let line = value::line_of(text.as_bytes(), at);
    let what = e.message().replace('\n', " ");
    let hint = "`holdline config example` shows how settings are written";
    ConfigError::at(shown, line, &format!("this is not TOML: {what}; {hint}"))
}

/// The whole of it. Sites that cannot be read end it, unless there is a place
/// for their mistakes.
fn document<'a>(
    reader: &'a Reader<'a>,
    doc: &'a DeTable<'a>,
    mistakes: Option<&mut Vec<Mistake>>,
) -> Result<Config, ConfigError> {
    let top = Section::top(reader, doc);
    top.check(None)?;
    let table = |name: &str, keys| -> Result<Section<'a>, ConfigError> {
        match top.get(name) {
            None => Ok(Section::empty(reader, format!("[{name}]"), keys)),
            Some(item) => Section::open(&item, format!("[{name}]"), keys),
        }
    };
    let console = console::read(&table("console", keys::CONSOLE)?)?;
    let receiver = receiver::read(&table("receiver", keys::RECEIVER)?)?;
    let journal = journal::read(&table("journal", keys::JOURNAL)?)?;
    let items = top.get("site").map_or(Ok(Vec::new()), |i| i.list())?;
    let sites = read_sites(&items, mistakes)?;
    if items.is_empty() {
        reader.warn_general("there is no site in it; add a [[site]] with a name and a vendor");
    }
    Ok(Config {
        path: None,
        console,
        receiver,
        journal,
        sites,
        aside: Vec::new(),
        warnings: reader.warnings(),
    })
}

fn read_sites(
    items: &[Item<'_>],
    mut mistakes: Option<&mut Vec<Mistake>>,
) -> Result<Vec<Site>, ConfigError> {
    let mut sites: Vec<(Site, usize)> = Vec::new();
    for item in items {
        match (site_beside(item, &sites), &mut mistakes) {
            (Ok(site), _) => sites.push(site),
            (Err(error), None) => return Err(error),
            (Err(error), Some(mistakes)) => mistakes.push(Mistake {
                site: site::name_of(item),
                error,
            }),
        }
    }
    Ok(sites.into_iter().map(|(site, _)| site).collect())
}

/// One site, which must not have the name of one before it.
fn site_beside(item: &Item<'_>, before: &[(Site, usize)]) -> Result<(Site, usize), ConfigError> {
    let (site, name_at) = site::read(item)?;
    let Some((_, first)) = before.iter().find(|(s, _)| s.name == site.name) else {
        return Ok((site, name_at));
    };
    Err(item.file.error(
        name_at,
        &format!(
            "there are two sites named \"{}\", the first at line {}; give this one another name",
            site.name,
            item.file.line(*first)
        ),
    ))
}
