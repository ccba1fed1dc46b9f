//! Walks TOML by the tables in `keys`, and turns a place in the text into the
//! sentence that names it. Knows no setting by name.

use std::{cell::RefCell, ops::Deref, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::domain::{site::Vendor, text};

use super::{
    error::ConfigError,
    find::Env,
    keys::{self, Key},
    value,
};

/// The text being read, and what is known of where it stands.
pub(super) struct Reader<'a> {
    shown: &'a str,
    text: &'a str,
    /// The folder that relative paths count from.
    pub base: &'a Path,
    /// The environment that secrets may come from.
    pub env: Env<'a>,
    /// Whether others than the owner may read or write the file.
    pub exposed: bool,
    /// Whether secrets are fetched; if not, only their shape is checked.
    pub resolve: bool,
    warnings: RefCell<Vec<String>>,
}

impl<'a> Reader<'a> {
    pub fn new(
        shown: &'a str,
        text: &'a str,
        base: &'a Path,
        env: Env<'a>,
        exposed: bool,
        resolve: bool,
    ) -> Self {
        Self {
            shown,
            text,
            base,
            env,
            exposed,
            resolve,
            warnings: RefCell::default(),
        }
    }

    /// The line, counted from 1, of a place in the text.
    pub fn line(&self, at: usize) -> usize {
        value::line_of(self.text.as_bytes(), at)
    }

    /// A mistake at a place in the text.
    pub fn error(&self, at: usize, what: &str) -> ConfigError {
        ConfigError::at(self.shown, self.line(at), what)
    }

    /// Something at a place in the text that works but should not stay so.
    pub fn warn(&self, at: usize, what: &str) {
        self.push(&format!("{}:{}: {what}", self.shown, self.line(at)));
    }

    /// The same of the whole file.
    pub fn warn_general(&self, what: &str) {
        self.push(&format!("{}: {what}", self.shown));
    }

    fn push(&self, sentence: &str) {
        let sentence = text::clean(sentence).into_owned();
        self.warnings.borrow_mut().push(sentence);
    }

    pub fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().clone()
    }
}

/// One value of the file, under the name of the setting it belongs to.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub file: &'a Reader<'a>,
    /// Where it stands.
    pub at: usize,
    name: String,
    takes: &'static str,
    value: &'a DeValue<'a>,
}

impl<'a> Item<'a> {
    fn new(
        file: &'a Reader<'a>,
        name: &str,
        takes: &'static str,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Self {
        Self {
            file,
            at: value.span().start,
            name: text::clip(name, 60),
            takes,
            value: value.get_ref(),
        }
    }

    /// The setting's name, safe to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A mistake here: "`name` …".
    pub fn wrong(&self, what: &str) -> ConfigError {
        self.file.error(self.at, &format!("`{}` {what}", self.name))
    }

    /// The value is of another type than the setting takes.
    pub fn mistyped(&self) -> ConfigError {
        let is = match self.value {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(&format!("takes {}, not {is}", self.takes))
    }

    /// Text, if it is text.
    pub fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Text that is not empty and holds no control characters.
    pub fn text(&self) -> Result<&'a str, ConfigError> {
        let text = self.as_text().ok_or_else(|| self.mistyped())?;
        if text.trim().is_empty() {
            return Err(self.wrong(&format!("is empty; it takes {}", self.takes)));
        }
        if text.chars().any(char::is_control) {
            return Err(self.wrong("has a line break or control character in it; remove it"));
        }
        Ok(text)
    }

    /// An id: text, or a whole number in decimal.
    pub fn id(&self) -> Result<&'a str, ConfigError> {
        match self.value {
            DeValue::Integer(n) if n.radix() == 10 => Ok(n.as_str()),
            _ => self.text(),
        }
    }

    pub fn bool(&self) -> Result<bool, ConfigError> {
        self.value.as_bool().ok_or_else(|| self.mistyped())
    }

    /// Text, read by `read`, whose error completes "`name` …".
    pub fn parse<T>(&self, read: impl Fn(&str) -> Result<T, String>) -> Result<T, ConfigError> {
        read(self.text()?).map_err(|what| self.wrong(&what))
    }

    /// One of a few names.
    pub fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Result<T, ConfigError> {
        let typed = self.text()?;
        if let Some((_, found)) = choices.iter().find(|(name, _)| *name == typed) {
            return Ok(*found);
        }
        let names = choices.iter().map(|(name, _)| *name);
        let typed_shown = text::clip(typed, 40);
        let instead = keys::instead_value(typed, names);
        Err(self.wrong(&format!("cannot be \"{typed_shown}\"; {instead}")))
    }

    /// Text, a whole number or a boolean, as it is written.
    pub fn scalar(&self) -> Option<String> {
        match self.value {
            DeValue::Integer(n) if n.radix() == 10 => Some(n.as_str().to_owned()),
            DeValue::Boolean(b) => Some(b.to_string()),
            _ => self.as_text().map(str::to_owned),
        }
    }

    /// The items of a list, each under the setting's own name.
    pub fn list(&self) -> Result<Vec<Item<'a>>, ConfigError> {
        let list = self.value.as_array().ok_or_else(|| self.mistyped())?;
        let items = list.iter();
        Ok(items
            .map(|v| Item::new(self.file, &self.name, self.takes, v))
            .collect())
    }

    /// The entries of a table whose keys are free, in the file's order.
    pub fn entries(&self) -> Result<Vec<Entry<'a>>, ConfigError> {
        let table = self.value.as_table().ok_or_else(|| self.mistyped())?;
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().deref(),
                at: key.span().start,
                item: Item::new(self.file, &self.name, self.takes, value),
            })
            .collect();
        entries.sort_by_key(|e| e.at);
        Ok(entries)
    }
}

/// One entry of a table whose keys are free.
pub(super) struct Entry<'a> {
    pub key: &'a str,
    pub at: usize,
    pub item: Item<'a>,
}

/// A table whose keys are known.
pub(super) struct Section<'a> {
    pub file: &'a Reader<'a>,
    /// What the sentences call it: `site "support"`.
    pub what: String,
    /// Where it begins.
    pub at: usize,
    keys: &'static [Key],
    table: Option<&'a DeTable<'a>>,
}

impl<'a> Section<'a> {
    /// The file itself.
    pub fn top(file: &'a Reader<'a>, table: &'a DeTable<'a>) -> Self {
        Self {
            file,
            what: "the configuration".to_owned(),
            at: 0,
            keys: keys::TOP,
            table: Some(table),
        }
    }

    /// A table that the file leaves out.
    pub fn empty(file: &'a Reader<'a>, what: String, keys: &'static [Key]) -> Self {
        Self {
            file,
            what,
            at: 0,
            keys,
            table: None,
        }
    }

    /// A table, its keys not yet checked.
    pub fn unchecked(
        item: &Item<'a>,
        what: String,
        keys: &'static [Key],
    ) -> Result<Self, ConfigError> {
        let table = item.value.as_table().ok_or_else(|| item.mistyped())?;
        Ok(Self {
            file: item.file,
            what,
            at: item.at,
            keys,
            table: Some(table),
        })
    }

    /// A table that holds known keys only.
    pub fn open(item: &Item<'a>, what: String, keys: &'static [Key]) -> Result<Self, ConfigError> {
        let section = Self::unchecked(item, what, keys)?;
        section.check(None)?;
        Ok(section)
    }

    /// Refuses the first key, in the file's order, that does not belong here.
    pub fn check(&self, vendor: Option<Vendor>) -> Result<(), ConfigError> {
        let mut present: Vec<_> = self.table.iter().flat_map(|t| t.keys()).collect();
        present.sort_by_key(|k| k.span().start);
        for found in present {
            let name: &str = found.get_ref();
            let known = self.keys.iter().find(|k| k.name == name);
            if known.is_some_and(|k| k.fits(vendor)) {
                continue;
            }
            let sentence = match (known, vendor) {
                (Some(key), Some(vendor)) => self.foreign(key, vendor),
                _ => self.unknown(name, vendor),
            };
            return Err(self.file.error(found.span().start, &sentence));
        }
        Ok(())
    }

    /// The keys that this table does not know.
    pub fn strangers(&self) -> impl Iterator<Item = &'a str> {
        let keys = self.keys;
        let present = self.table.into_iter().flat_map(|t| t.keys());
        present
            .map(|k| &**k.get_ref())
            .filter(move |name| keys.iter().all(|k| k.name != *name))
    }

    fn foreign(&self, key: &Key, vendor: Vendor) -> String {
        let owners = keys::listed(key.of.iter().map(|v| v.name()), "and");
        let name = key.name;
        let (what, vendor) = (&self.what, vendor.name());
        format!("`{name}` is a {owners} setting, and {what} is {vendor}; remove it")
    }

    fn unknown(&self, name: &str, vendor: Option<Vendor>) -> String {
        let names = self.keys.iter().filter(|k| k.fits(vendor)).map(|k| k.name);
        let instead = keys::instead(name, names);
        let (what, name) = (&self.what, text::clip(name, 40));
        format!("{what} has no setting `{name}`; {instead}")
    }

    /// The value of a key, if the file gives it.
    pub fn get(&self, name: &str) -> Option<Item<'a>> {
        let key = self.keys.iter().find(|k| k.name == name)?;
        let value = self.table?.get(name)?;
        Some(Item::new(self.file, key.name, key.takes, value))
    }

    /// The value of a key that must be given.
    pub fn need(&self, name: &str) -> Result<Item<'a>, ConfigError> {
        self.get(name).ok_or_else(|| {
            let sample = self.keys.iter().find(|k| k.name == name);
            let sample = sample.map_or("", |k| k.sample);
            self.wrong(&format!("has no {name}; add {sample}"))
        })
    }

    /// A mistake of the table as a whole: "site "support" …".
    pub fn wrong(&self, what: &str) -> ConfigError {
        self.file.error(self.at, &format!("{} {what}", self.what))
    }
}
