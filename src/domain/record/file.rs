//! Lists as files: JSON, a JSON line each, CSV. Hostile text is escaped or
//! marked, and a spreadsheet finds no formula.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use serde::Serialize;
use serde_json::value::RawValue;

use super::safe_json;
use crate::domain::text;

/// What can stand in such a file.
pub trait Fields: Serialize {
    /// The names of all fields, in order.
    const FIELDS: &'static [&'static str];
}

/// The formats a list is exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// For a spreadsheet.
    Csv,
    /// For a program.
    Json,
}

impl FileFormat {
    /// All of them.
    pub const ALL: [FileFormat; 2] = [Self::Csv, Self::Json];

    /// The end of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Csv => "CSV, for a spreadsheet",
            Self::Json => "JSON, for a program",
        }
    }

    /// Writes a list.
    pub fn write<T: Fields>(self, out: &mut dyn Write, list: &[T]) -> io::Result<()> {
        match self {
            Self::Csv => csv(out, list),
            Self::Json => json(out, list),
        }
    }
}

/// Writes one array.
pub fn json<T: Fields>(out: &mut dyn Write, list: &[T]) -> io::Result<()> {
    safe_json::pretty(out, &list)
}

/// Writes an object a line.
pub fn ndjson<T: Fields>(out: &mut dyn Write, list: &[T]) -> io::Result<()> {
    list.iter().try_for_each(|item| safe_json::line(out, item))
}

/// Writes a header row, then a row each.
pub fn csv<T: Fields>(out: &mut dyn Write, list: &[T]) -> io::Result<()> {
    rows(out, list).map_err(cause)
}

fn rows<T: Fields>(out: &mut dyn Write, list: &[T]) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(T::FIELDS)?;
    for item in list {
        let mut json = Vec::new();
        safe_json::line(&mut json, item)?;
        let fields: HashMap<&str, &RawValue> =
            serde_json::from_slice(&json).map_err(io::Error::from)?;
        rows.write_record(T::FIELDS.iter().map(|name| cell(fields.get(name).copied())))?;
    }
    Ok(rows.flush()?)
}

/// A field as its cell: texts as they are, all else as JSON writes it.
fn cell(field: Option<&RawValue>) -> String {
    let json = field.map_or("null", RawValue::get);
    match serde_json::from_str::<Option<String>>(json) {
        Ok(text) => text::csv_cell(&text.unwrap_or_default()).into_owned(),
        Err(_) => text::csv_cell(json).into_owned(),
    }
}

/// What the system said: a closed pipe must be known for what it is.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_safe_whatever_it_holds() {
        for (json, expected) in [
            ("null", ""),
            ("\"=1+1\"", "'=1+1"),
            ("\"a\\u001b[2J\"", "a␛[2J"),
            ("-7", "-7"),
            ("true", "true"),
            ("{\"a\":\"\\u001b=1\"}", "{\"a\":\"\\u001b=1\"}"),
        ] {
            let field: &RawValue = serde_json::from_str(json).unwrap();
            assert_eq!(cell(Some(field)), expected, "{json}");
        }
    }
}
