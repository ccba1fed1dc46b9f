//! Tables from a vendor's ids to what people call them:
//! `{ 17 = "Anna", 18 = { name = "Jens" } }`.

use std::collections::BTreeMap;

use crate::domain::text;

use super::super::{
    error::ConfigError,
    keys::{self, Key},
    read::{Entry, Item, Section},
};

/// The value of one id: a plain name, or a table of settings.
pub(super) enum Named<'a> {
    Plain(&'a str),
    Table(Section<'a>),
}

impl<'a> Named<'a> {
    /// The name, in either form.
    pub fn name(&self) -> Result<Option<&'a str>, ConfigError> {
        match self {
            Self::Plain(name) => Ok(Some(name)),
            Self::Table(section) => section.get("name").map(|i| i.text()).transpose(),
        }
    }

    /// A setting that only the table form has.
    pub fn get(&self, key: &str) -> Option<Item<'a>> {
        match self {
            Self::Plain(_) => None,
            Self::Table(section) => section.get(key),
        }
    }
}

/// Reads the table `name` of a site, one entry after the other in the file's
/// order; empty if it is not given.
pub(super) fn read<'a, T>(
    section: &Section<'a>,
    name: &str,
    keys: &'static [Key],
    each: impl Fn(&Entry<'a>, &Named<'a>) -> Result<T, ConfigError>,
) -> Result<Vec<(String, T)>, ConfigError> {
    let Some(item) = section.get(name) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in item.entries()? {
        if entry.key.trim().is_empty() || entry.key.chars().any(char::is_control) {
            let text = format!("`{name}` has an empty or unreadable id; write the vendor's id");
            return Err(item.file.error(entry.at, &text));
        }
        let value = match entry.item.as_text() {
            Some(_) => Named::Plain(entry.item.text()?),
            None => {
                let id = text::clip(entry.key, 40);
                let what = format!("\"{id}\" in the {name} of {}", section.what);
                Named::Table(Section::open(&entry.item, what, keys)?)
            }
        };
        found.push((entry.key.to_owned(), each(&entry, &value)?));
    }
    Ok(found)
}

/// The same where a name is all there is.
pub(super) fn plain(
    section: &Section<'_>,
    name: &str,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let named = read(section, name, keys::NAMED, |entry, value| {
        Ok(value.name()?.unwrap_or(entry.key).to_owned())
    })?;
    Ok(named.into_iter().collect())
}
