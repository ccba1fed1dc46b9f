//! Walks TOML and gathers every mistake with its line: a file is looked at
//! whole before anything of it is done. Knows no setting by name.
//!
//! * `item`: one value; `table`: a table whose keys are known
//! * [`caret`]: the line a mistake stands in, with a sign below the place

pub(crate) mod caret;
mod item;
mod table;

use std::cell::RefCell;

use super::{site::Vendor, text::clean};
use caret::Caret;
pub(crate) use item::{Entry, Item};
pub(crate) use table::Table;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in the file.
    pub name: &'static str,
    /// The vendors whose sites have it; empty if it is not a vendor's.
    pub of: &'static [Vendor],
    /// What it takes, as in "`poll` takes …".
    pub takes: &'static str,
    /// A line that could be added to the file; empty where none is ever asked
    /// for.
    pub sample: &'static str,
}

impl Key {
    /// A setting that is no vendor's.
    #[must_use]
    pub const fn new(name: &'static str, takes: &'static str) -> Self {
        Self {
            name,
            of: &[],
            takes,
            sample: "",
        }
    }

    /// Whether a site of this vendor has the setting.
    #[must_use]
    pub fn fits(&self, vendor: Option<Vendor>) -> bool {
        self.of.is_empty() || vendor.is_none_or(|v| self.of.contains(&v))
    }
}

/// Something wrong in a file, as one sentence: what, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// The place in the line, where one is known.
    pub caret: Option<Caret>,
}

/// The text being read, and what was found wrong.
pub(crate) struct Sheet<'a> {
    text: &'a str,
    /// Where the text may hold secrets: the words of it that may be shown.
    shown: Option<fn(&str) -> bool>,
    mistakes: RefCell<Vec<Found>>,
    notes: RefCell<Vec<Found>>,
}

/// Something that was found at a place in the text.
struct Found {
    at: usize,
    what: String,
}

impl<'a> Sheet<'a> {
    /// Text that may be shown whole.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            shown: None,
            mistakes: RefCell::default(),
            notes: RefCell::default(),
        }
    }

    /// Text that may hold secrets: of its lines only these words are shown.
    pub fn secret(text: &'a str, shown: fn(&str) -> bool) -> Self {
        Self {
            shown: Some(shown),
            ..Self::new(text)
        }
    }

    /// The line, counted from 1, of a place in the text.
    pub fn line(&self, at: usize) -> usize {
        line_of(self.text.as_bytes(), at)
    }

    /// A mistake at a place in the text. `None`, so that it can be returned.
    pub fn wrong<T>(&self, at: usize, what: &str) -> Option<T> {
        self.mistakes.borrow_mut().push(Found::new(at, what));
        None
    }

    /// What works but may not be meant.
    pub fn note(&self, at: usize, what: &str) {
        self.notes.borrow_mut().push(Found::new(at, what));
    }

    /// The text is no TOML. The parser's own words would quote the line, so
    /// only what it expected is told, and what to do.
    pub fn not_toml(&self, error: &toml::de::Error, remedy: &str) {
        let what = error.message().replace('\n', " ");
        let at = error.span().map_or(self.text.len(), |span| span.start);
        self.wrong::<()>(at, &format!("this is not TOML: {what}; {remedy}"));
    }

    /// How many mistakes were found so far.
    pub fn count(&self) -> usize {
        self.mistakes.borrow().len()
    }

    /// Takes away all mistakes but the first so many, in the file's order.
    pub fn take(&self, but: usize) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.borrow_mut();
        let from = but.min(mistakes.len());
        self.told(mistakes.split_off(from))
    }

    /// All mistakes and all notes, in the file's order.
    pub fn end(self) -> (Vec<Mistake>, Vec<Mistake>) {
        let (mistakes, notes) = (self.mistakes.take(), self.notes.take());
        (self.told(mistakes), self.told(notes))
    }

    fn told(&self, mut found: Vec<Found>) -> Vec<Mistake> {
        found.sort_by_key(|found| found.at);
        let told = |found: Found| Mistake {
            line: self.line(found.at),
            what: found.what,
            caret: Caret::below(self.text, found.at, self.shown),
        };
        found.into_iter().map(told).collect()
    }
}

impl Found {
    fn new(at: usize, what: &str) -> Self {
        Self {
            at,
            what: clean(what).into_owned(),
        }
    }
}

/// The line, counted from 1, that the byte at `at` stands in.
#[must_use]
pub(crate) fn line_of(text: &[u8], at: usize) -> usize {
    let before = &text[..at.min(text.len())];
    before.split(|b| *b == b'\n').count().max(1)
}
