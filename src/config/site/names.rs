//! Tables from a vendor's ids to what people call them:
//! `{ 17 = "Anna", 18 = { name = "Jens" } }`.

use std::collections::BTreeMap;

use crate::domain::{
    sheet::{Entry, Item, Key, Table},
    text,
};

use super::super::keys;

/// The value of one id: a plain name, or a table of settings.
pub(super) enum Named<'a> {
    Plain(&'a str),
    Table(Table<'a>),
}

impl<'a> Named<'a> {
    /// The name, in either form.
    pub fn name(&self) -> Option<&'a str> {
        match self {
            Self::Plain(name) => Some(name),
            Self::Table(table) => table.get("name")?.word(),
        }
    }

    /// A setting that only the table form has.
    pub fn get(&self, key: &str) -> Option<Item<'a>> {
        match self {
            Self::Plain(_) => None,
            Self::Table(table) => table.get(key),
        }
    }
}

/// Reads the table `name` of a site, one entry after the other in the file's
/// order; empty if it is not given.
pub(super) fn read<'a, T>(
    site: &Table<'a>,
    name: &str,
    keys: &'static [Key],
    each: impl Fn(&Entry<'a>, &Named<'a>) -> Option<T>,
) -> Vec<(String, T)> {
    let entries = site.get(name).and_then(|item| item.entries());
    let read = |entry: Entry<'a>| {
        let value = named(&entry, site, name, keys)?;
        Some((entry.key.to_owned(), each(&entry, &value)?))
    };
    let entries = entries.unwrap_or_default().into_iter();
    entries.filter_map(read).collect()
}

fn named<'a>(
    entry: &Entry<'a>,
    site: &Table<'a>,
    name: &str,
    keys: &'static [Key],
) -> Option<Named<'a>> {
    if entry.key.trim().is_empty() || entry.key.chars().any(char::is_control) {
        let text = format!("`{name}` has an empty or unreadable id; write the vendor's id");
        return site.sheet.wrong(entry.at, &text);
    }
    let item = entry.item.clone().called(name);
    if item.as_text().is_some() {
        return Some(Named::Plain(item.word()?));
    }
    let id = text::clip(entry.key, 40);
    let what = format!("\"{id}\" in the {name} of {}", site.what);
    Some(Named::Table(item.table(&what, keys)?))
}

/// The same where a name is all there is.
pub(super) fn plain(site: &Table<'_>, name: &str) -> BTreeMap<String, String> {
    let named = read(site, name, keys::NAMED, |entry, value| {
        Some(value.name().unwrap_or(entry.key).to_owned())
    });
    named.into_iter().collect()
}
