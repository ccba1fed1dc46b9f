//! Walks TOML and gathers every mistake with its line: a scenario or a preset is
//! looked at whole before anything of it is sent. Knows no setting by name. (The
//! configuration stops at the first mistake, as it may hold secrets whose
//! commands must not run; nothing here is secret.)

use std::{cell::RefCell, time::Duration};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    scenario::{Mistake, template::Template},
    span, suggest,
    text::{clean, clip},
};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its name in the file.
    pub name: &'static str,
    /// What it takes, as in "`at` takes …".
    pub takes: &'static str,
}

/// The text being read, and what was found wrong.
pub(super) struct Sheet<'a> {
    text: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
    notes: RefCell<Vec<Mistake>>,
}

impl<'a> Sheet<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            mistakes: RefCell::default(),
            notes: RefCell::default(),
        }
    }

    /// The line, counted from 1, of a place in the text.
    pub fn line(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.split(|b| *b == b'\n').count().max(1)
    }

    /// A mistake at a place in the text.
    pub fn wrong(&self, at: usize, what: &str) {
        self.mistakes.borrow_mut().push(self.told(at, what));
    }

    /// What works but may not be meant.
    pub fn note(&self, at: usize, what: &str) {
        self.notes.borrow_mut().push(self.told(at, what));
    }

    fn told(&self, at: usize, what: &str) -> Mistake {
        Mistake {
            line: self.line(at),
            what: clean(what).into_owned(),
        }
    }

    /// The text is no TOML.
    pub fn not_toml(&self, error: &toml::de::Error) {
        let what = error.message().replace('\n', " ");
        let at = error.span().map_or(self.text.len(), |span| span.start);
        self.wrong(at, &format!("this is not TOML: {what}; correct it"));
    }

    /// All mistakes and all notes, in the file's order.
    pub fn end(self) -> (Vec<Mistake>, Vec<Mistake>) {
        let sorted = |mut told: Vec<Mistake>| {
            told.sort_by_key(|mistake| mistake.line);
            told
        };
        let (mistakes, notes) = (self.mistakes.into_inner(), self.notes.into_inner());
        (sorted(mistakes), sorted(notes))
    }
}

/// A value under the name of the setting it belongs to.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub sheet: &'a Sheet<'a>,
    /// Where it stands.
    pub at: usize,
    name: String,
    takes: &'static str,
    value: &'a DeValue<'a>,
}

impl<'a> Item<'a> {
    fn new(
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

    /// A mistake here: "`name` …". `None`, so that it can be returned.
    pub fn wrong<T>(&self, what: &str) -> Option<T> {
        self.sheet
            .wrong(self.at, &format!("`{}` {what}", self.name));
        None
    }

    fn mistyped<T>(&self) -> Option<T> {
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

    pub fn text(&self) -> Option<&'a str> {
        self.value.as_str().or_else(|| self.mistyped())
    }

    /// Text that is not empty.
    pub fn word(&self) -> Option<&'a str> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return self.wrong(&format!("is empty; it takes {}", self.takes));
        }
        Some(text)
    }

    /// Text, a whole number or true and false, as it is written; a list of
    /// them with commas between.
    pub fn scalar(&self) -> Option<String> {
        match self.value {
            DeValue::Integer(n) if n.radix() == 10 => Some(n.as_str().to_owned()),
            DeValue::Boolean(b) => Some(u8::from(*b).to_string()),
            DeValue::Array(_) => {
                let all: Option<Vec<String>> = self.list()?.iter().map(Item::scalar).collect();
                all.map(|all| all.join(","))
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => self.mistyped(),
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
        let Some(table) = self.value.as_table() else {
            return self.mistyped();
        };
        Some(Table::new(self.sheet, table, self.at, what, keys))
    }
}

/// One entry of a table whose keys are free.
pub(super) struct Entry<'a> {
    pub key: &'a str,
    pub at: usize,
    pub item: Item<'a>,
}

/// A table whose keys are known.
pub(super) struct Table<'a> {
    pub sheet: &'a Sheet<'a>,
    /// Where it begins.
    pub at: usize,
    what: String,
    keys: &'static [Key],
    entries: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    pub fn new(
        sheet: &'a Sheet<'a>,
        table: &'a DeTable<'a>,
        at: usize,
        what: &str,
        keys: &'static [Key],
    ) -> Self {
        for name in table.keys() {
            let typed: &str = name.get_ref();
            if keys.iter().all(|key| key.name != typed) {
                let instead = suggest::instead(typed, keys.iter().map(|key| key.name));
                let typed = clip(typed, 40);
                let sentence = format!("{what} has no setting `{typed}`; {instead}");
                sheet.wrong(name.span().start, &sentence);
            }
        }
        Self {
            sheet,
            at,
            what: what.to_owned(),
            keys,
            entries: table,
        }
    }

    /// The value of a key, if the file gives it.
    pub fn get(&self, name: &str) -> Option<Item<'a>> {
        let key = self.keys.iter().find(|key| key.name == name)?;
        let value = self.entries.get(name)?;
        Some(Item::new(self.sheet, key.name, key.takes, value))
    }

    /// The keys that are there, of these.
    pub fn present(&self, names: &[&'static str]) -> Vec<&'static str> {
        let there = |name: &&&'static str| self.entries.contains_key(**name);
        names.iter().filter(there).copied().collect()
    }

    /// A mistake of the table as a whole: "this step …".
    pub fn wrong<T>(&self, what: &str) -> Option<T> {
        self.sheet.wrong(self.at, &format!("{} {what}", self.what));
        None
    }
}
