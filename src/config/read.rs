//! The text becomes a [`Config`], or all its mistakes in the file's order.
//! Knows the tables by name, and no setting of them.

use toml::de::DeTable;

use crate::domain::sheet::{Item, Sheet, Table};

use super::{
    Around, Config, ConfigError, Mistake, console, journal, keys, receiver, secret::Secrets, site,
};

/// Reads the whole text, twice: first for its shape alone, so that a mistake
/// anywhere is told before any secret's command is run.
pub(super) fn whole(text: &str, around: &Around<'_>) -> Result<Config, ConfigError> {
    read(text, around, false)?.whole()?;
    read(text, around, true)?.whole()
}

/// What is right of the text, and the mistakes of the sites that are left out.
pub(super) fn in_part(
    text: &str,
    around: &Around<'_>,
) -> Result<(Config, Vec<Mistake>), ConfigError> {
    let shape = read(text, around, false)?;
    // What ends it runs no secret's command first.
    let read = if shape.general.is_empty() {
        read(text, around, true)?
    } else {
        shape
    };
    match read.config.filter(|_| read.general.is_empty()) {
        Some(config) => Ok((config, read.of_sites)),
        None => Err(ConfigError::of(in_order(read.general, read.of_sites))),
    }
}

/// What was read, and what is wrong with it.
struct Read {
    /// As much of it as is right.
    config: Option<Config>,
    general: Vec<Mistake>,
    of_sites: Vec<Mistake>,
}

impl Read {
    fn whole(self) -> Result<Config, ConfigError> {
        let mistakes = in_order(self.general, self.of_sites);
        let config = self.config.filter(|_| mistakes.is_empty());
        config.ok_or_else(|| ConfigError::of(mistakes))
    }
}

fn in_order(mut general: Vec<Mistake>, of_sites: Vec<Mistake>) -> Vec<Mistake> {
    general.extend(of_sites);
    general.sort_by_key(|mistake| mistake.line);
    general
}

/// Reads the text; with `resolve` secrets are fetched, else only their shape
/// is looked at.
fn read(text: &str, around: &Around<'_>, resolve: bool) -> Result<Read, ConfigError> {
    let sheet = Sheet::secret(text, keys::is_known);
    let told = |found| Mistake::found(around.shown, found);
    let doc = match DeTable::parse(text) {
        Ok(doc) => doc,
        Err(e) => {
            sheet.not_toml(
                &e,
                "`holdline config example` shows how settings are written",
            );
            let (mistakes, _) = sheet.end();
            return Err(ConfigError::of(mistakes.into_iter().map(told).collect()));
        }
    };
    let secrets = Secrets::new(around, resolve);
    let mut of_sites = Vec::new();
    let config = document(&sheet, doc.get_ref(), &secrets, &mut of_sites);
    secrets.note_exposed(&sheet);
    let (mistakes, notes) = sheet.end();
    let mut warnings: Vec<String> = Vec::new();
    warnings.extend(notes.into_iter().map(|note| told(note).sentence));
    let config = config.map(|mut config| {
        if config.sites.is_empty() && of_sites.is_empty() {
            let what = "there is no site in it; add a [[site]] with a name and a vendor";
            let note = Mistake::general(&format!("{}: {what}", around.shown));
            warnings.push(note.sentence);
        }
        config.warnings = warnings;
        config
    });
    Ok(Read {
        config,
        general: mistakes.into_iter().map(told).collect(),
        of_sites,
    })
}

/// The whole of it.
fn document<'a>(
    sheet: &'a Sheet<'a>,
    doc: &'a DeTable<'a>,
    secrets: &Secrets<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Config> {
    let top = Table::top(sheet, doc, "the configuration", keys::TOP);
    let table = |name: &str, keys| {
        let what = format!("[{name}]");
        match top.get(name) {
            None => Some(Table::none(sheet, &what, keys)),
            Some(item) => item.table(&what, keys),
        }
    };
    let around = secrets.around;
    let console = table("console", keys::CONSOLE).map(|t| console::read(&t, around.env));
    let receiver = table("receiver", keys::RECEIVER).map(|t| receiver::read(&t));
    let journal = table("journal", keys::JOURNAL).and_then(|t| journal::read(&t, around));
    let items = top.get("site").and_then(|item| item.list());
    let sites = sites(&items.unwrap_or_default(), secrets, mistakes);
    Some(Config {
        path: None,
        console: console?,
        receiver: receiver?,
        journal: journal?,
        sites,
        aside: Vec::new(),
        warnings: Vec::new(),
    })
}

/// The sites that are right; what is wrong with the others is put aside.
fn sites(
    items: &[Item<'_>],
    secrets: &Secrets<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<site::Site> {
    let mut names: Vec<(String, usize)> = Vec::new();
    let mut right = Vec::new();
    for item in items {
        let (sheet, before) = (item.sheet, item.sheet.count());
        let (site, named) = site::read(item, secrets);
        if let Some((name, at)) = &named {
            match names.iter().find(|(before, _)| before == name) {
                None => names.push((name.clone(), *at)),
                Some((_, first)) => {
                    sheet.wrong::<()>(*at, &twins(name, sheet.line(*first)));
                }
            }
        }
        let found = sheet.take(before).into_iter();
        let found: Vec<Mistake> = found
            .map(|found| Mistake {
                site: named.as_ref().map(|(name, _)| name.clone()),
                ..Mistake::found(secrets.around.shown, found)
            })
            .collect();
        right.extend(site.filter(|_| found.is_empty()));
        mistakes.extend(found);
    }
    right
}

fn twins(name: &str, first: usize) -> String {
    format!(
        "there are two sites named \"{name}\", the first at line {first}; give this one another name"
    )
}
