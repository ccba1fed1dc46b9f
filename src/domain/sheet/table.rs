//! A table whose keys are known.

use toml::de::DeTable;

use super::{Item, Key, Sheet};
use crate::domain::{site::Vendor, suggest, text::clip};

/// A table whose keys are known.
pub(crate) struct Table<'a> {
    pub sheet: &'a Sheet<'a>,
    /// What the sentences call it: `site "support"`.
    pub what: String,
    /// Where it begins.
    pub at: usize,
    keys: &'static [Key],
    entries: Option<&'a DeTable<'a>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(
        sheet: &'a Sheet<'a>,
        entries: Option<&'a DeTable<'a>>,
        at: usize,
        what: &str,
        keys: &'static [Key],
    ) -> Self {
        Self {
            sheet,
            what: what.to_owned(),
            at,
            keys,
            entries,
        }
    }

    /// The file itself; what does not belong there is told.
    pub fn top(
        sheet: &'a Sheet<'a>,
        document: &'a DeTable<'a>,
        what: &str,
        keys: &'static [Key],
    ) -> Self {
        let table = Self::new(sheet, Some(document), 0, what, keys);
        table.check(None);
        table
    }

    /// A table that the file leaves out.
    pub fn none(sheet: &'a Sheet<'a>, what: &str, keys: &'static [Key]) -> Self {
        Self::new(sheet, None, 0, what, keys)
    }

    /// Tells the keys that do not belong here, those of other vendors too.
    pub fn check(&self, vendor: Option<Vendor>) {
        for found in self.entries.iter().flat_map(|table| table.keys()) {
            let name: &str = found.get_ref();
            let known = self.keys.iter().find(|key| key.name == name);
            let sentence = match (known, vendor) {
                (Some(key), _) if key.fits(vendor) => continue,
                (Some(key), Some(vendor)) => self.foreign(key, vendor),
                _ => self.unknown(name, vendor),
            };
            self.sheet.wrong::<()>(found.span().start, &sentence);
        }
    }

    fn foreign(&self, key: &Key, vendor: Vendor) -> String {
        let owners = suggest::listed(key.of.iter().map(|v| v.name()), "and");
        let name = key.name;
        let (what, vendor) = (&self.what, vendor.name());
        format!("`{name}` is a {owners} setting, and {what} is {vendor}; remove it")
    }

    fn unknown(&self, name: &str, vendor: Option<Vendor>) -> String {
        let names = self.keys.iter().filter(|k| k.fits(vendor)).map(|k| k.name);
        let instead = suggest::instead(name, names);
        let (what, name) = (&self.what, clip(name, 40));
        format!("{what} has no setting `{name}`; {instead}")
    }

    /// The keys that this table does not know.
    pub fn strangers(&self) -> impl Iterator<Item = &'a str> {
        let keys = self.keys;
        let present = self.entries.into_iter().flat_map(|table| table.keys());
        present
            .map(|key| &**key.get_ref())
            .filter(move |name| keys.iter().all(|key| key.name != *name))
    }

    /// The value of a key, if the file gives it.
    pub fn get(&self, name: &str) -> Option<Item<'a>> {
        let key = self.keys.iter().find(|key| key.name == name)?;
        let value = self.entries?.get(name)?;
        Some(Item::new(self.sheet, key.name, key.takes, value))
    }

    /// Whether a key that is not known was probably meant to be this one, which
    /// is told where the keys are checked.
    pub fn is_misspelt(&self, name: &str) -> bool {
        let names = || self.keys.iter().map(|key| key.name);
        let mut strangers = self.strangers();
        strangers.any(|typed| suggest::nearest(typed, names()) == Some(name))
    }

    /// The value of a key that must be given.
    pub fn need(&self, name: &str) -> Option<Item<'a>> {
        self.get(name).or_else(|| {
            if self.is_misspelt(name) {
                return None;
            }
            let key = self.keys.iter().find(|key| key.name == name);
            let sample = key.map_or("", |key| key.sample);
            self.wrong(&format!("has no {name}; add {sample}"))
        })
    }

    /// The keys that are there, of these.
    pub fn present(&self, names: &[&'static str]) -> Vec<&'static str> {
        let there = |name: &&&'static str| self.entries.is_some_and(|t| t.contains_key(**name));
        names.iter().filter(there).copied().collect()
    }

    /// A mistake of the table as a whole: "this step …".
    pub fn wrong<T>(&self, what: &str) -> Option<T> {
        self.sheet.wrong(self.at, &format!("{} {what}", self.what))
    }
}
