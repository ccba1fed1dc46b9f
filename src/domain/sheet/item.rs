//! One value of a file, under the name of the setting it belongs to. What does
//! not fit is told, and `None` returned.

use std::time::Duration;

use toml::{Spanned, de::DeValue};

use super::{Key, Sheet, Table};
use crate::domain::{scenario::template::Template, span, suggest, text::clip};

/// A value under the name of the setting it belongs to.
#[derive(Clone)]
pub(crate) struct Item<'a> {
    pub sheet: &'a Sheet<'a>,
    /// Where it stands.
    pub at: usize,
    name: String,
    takes: &'static str,
    pub(super) value: &'a DeValue<'a>,
}

/// One entry of a table whose keys are free.
pub(crate) struct Entry<'a> {
    pub key: &'a str,
    /// Where the key stands.
    pub at: usize,
    /// The value, under the key's name.
    pub item: Item<'a>,
}

impl<'a> Item<'a> {
    pub(super) fn new(
        sheet: &'a Sheet<'a>,
        name: &str,
        takes: &'static str,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Self {
        Self {
            sheet,
            at: value.span().start,
            name: clip(name, 60),
            takes,
            value: value.get_ref(),
        }
    }

    /// The setting's name, safe to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same value, told under another name.
    pub fn called(self, name: &str) -> Self {
        Self {
            name: clip(name, 60),
            ..self
        }
    }

    /// A mistake here: "`name` …". `None`, so that it can be returned.
    pub fn wrong<T>(&self, what: &str) -> Option<T> {
        self.sheet
            .wrong(self.at, &format!("`{}` {what}", self.name))
    }

    /// The value is of another type than the setting takes.
    pub fn mistyped<T>(&self) -> Option<T> {
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

    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// Whether it is a list or table with nothing in it.
    pub fn is_empty(&self) -> bool {
        match self.value {
            DeValue::Array(list) => list.is_empty(),
            DeValue::Table(table) => table.is_empty(),
            _ => false,
        }
    }

    /// Text, if it is text; else nothing is told.
    pub fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Text, of any kind.
    pub fn text(&self) -> Option<&'a str> {
        self.as_text().or_else(|| self.mistyped())
    }

    /// Text that is not empty and holds no control characters.
    pub fn word(&self) -> Option<&'a str> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return self.wrong(&format!("is empty; it takes {}", self.takes));
        }
        if text.chars().any(char::is_control) {
            return self.wrong("has a line break or control character in it; remove it");
        }
        Some(text)
    }

    /// Such text, read by `read`, whose error completes "`name` …".
    pub fn parse<T>(&self, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        read(self.word()?).map_or_else(|what| self.wrong(&what), Some)
    }

    /// An id: such text, or a whole number in decimal.
    pub fn id(&self) -> Option<&'a str> {
        match self.value {
            DeValue::Integer(n) if n.radix() == 10 => Some(n.as_str()),
            _ => self.word(),
        }
    }

    pub fn bool(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.mistyped())
    }

    /// Text, a whole number or true and false, as it is written; else nothing
    /// is told.
    pub fn as_written(&self) -> Option<String> {
        match self.value {
            DeValue::Integer(n) if n.radix() == 10 => Some(n.as_str().to_owned()),
            DeValue::Boolean(b) => Some(b.to_string()),
            _ => self.as_text().map(str::to_owned),
        }
    }

    /// The same as a form carries it: 1 and 0 for true and false, and a list
    /// with commas between.
    pub fn scalar(&self) -> Option<String> {
        match self.value {
            DeValue::Boolean(b) => Some(u8::from(*b).to_string()),
            DeValue::Array(_) => {
                let all: Option<Vec<String>> = self.list()?.iter().map(Item::scalar).collect();
                all.map(|all| all.join(","))
            }
            _ => self.as_written().or_else(|| self.mistyped()),
        }
    }

    /// A text with variables in it.
    pub fn template(&self) -> Option<Template> {
        let text = self.scalar()?;
        Template::read(&text).map_or_else(|what| self.wrong(&what), Some)
    }

    pub fn duration(&self) -> Option<Duration> {
        let text = self.text()?;
        span::duration(text).map_or_else(|what| self.wrong(&what), Some)
    }

    /// A whole number within bounds.
    pub fn number(&self, least: i64, most: i64) -> Option<i64> {
        let DeValue::Integer(n) = self.value else {
            return self.mistyped();
        };
        let number = i64::from_str_radix(n.as_str(), n.radix()).ok();
        match number.filter(|n| (least..=most).contains(n)) {
            Some(number) => Some(number),
            None => self.wrong(&format!("must be a whole number from {least} to {most}")),
        }
    }

    /// One of a few names.
    pub fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Option<T> {
        let typed = self.text()?;
        if let Some((_, found)) = choices.iter().find(|(name, _)| *name == typed) {
            return Some(*found);
        }
        let instead = suggest::instead_value(typed, choices.iter().map(|(name, _)| *name));
        let shown = clip(typed, 40);
        self.wrong(&format!("cannot be \"{shown}\"; {instead}"))
    }

    /// The items of a list, each under the setting's own name.
    pub fn list(&self) -> Option<Vec<Item<'a>>> {
        let Some(list) = self.value.as_array() else {
            return self.mistyped();
        };
        let item = |value| Item::new(self.sheet, &self.name, self.takes, value);
        Some(list.iter().map(item).collect())
    }

    /// The entries of a table whose keys are free, in the file's order.
    pub fn entries(&self) -> Option<Vec<Entry<'a>>> {
        let Some(table) = self.value.as_table() else {
            return self.mistyped();
        };
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref(),
                at: key.span().start,
                item: Item::new(self.sheet, key.get_ref(), self.takes, value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.at);
        Some(entries)
    }

    /// A table whose keys are known; what does not belong there is told.
    pub fn table(&self, what: &str, keys: &'static [Key]) -> Option<Table<'a>> {
        let table = self.open(what, keys)?;
        table.check(None);
        Some(table)
    }

    /// A table, its keys not yet looked at.
    pub fn open(&self, what: &str, keys: &'static [Key]) -> Option<Table<'a>> {
        let Some(entries) = self.value.as_table() else {
            return self.mistyped();
        };
        Some(Table::new(self.sheet, Some(entries), self.at, what, keys))
    }
}
