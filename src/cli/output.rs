//! Prints a list in each format.

use std::io::{self, Write};

use serde::Serialize;

use super::{args::Format, safe_json};
use crate::domain::{cells, text};

/// What can be printed as a list.
pub trait Listed: Serialize {
    /// The names of all fields, in order.
    const FIELDS: &'static [&'static str];
    /// The heads of the table for people, and whether each stands at the right.
    const COLUMNS: &'static [(&'static str, bool)];
    /// The cells of the table.
    fn cells(&self) -> Vec<String>;
}

/// Prints the list.
pub fn print<T: Listed>(out: &mut impl Write, format: Format, list: &[T]) -> io::Result<()> {
    match format {
        Format::Table => table(out, list),
        Format::Json => safe_json::pretty(out, &list),
        Format::Ndjson => list.iter().try_for_each(|item| safe_json::line(out, item)),
        Format::Csv => csv(out, list),
    }
}

fn table<T: Listed>(out: &mut impl Write, list: &[T]) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list.iter().map(T::cells).collect();
    let width = |i: usize, title: &str| {
        rows.iter()
            .map(|row| cells::width(&row[i]))
            .chain([title.len()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = T::COLUMNS
        .iter()
        .enumerate()
        .map(|(i, (title, _))| width(i, title))
        .collect();
    let heads = T::COLUMNS
        .iter()
        .map(|(title, _)| (*title).to_owned())
        .collect();
    for row in std::iter::once(heads).chain(rows) {
        let cells = row.iter().zip(&widths).zip(T::COLUMNS);
        let line: Vec<String> = cells
            .map(|((cell, width), (_, right))| cells::pad(cell, *width, *right))
            .collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    Ok(())
}

fn csv<T: Listed>(out: &mut impl Write, list: &[T]) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(&mut *out);
    rows.write_record(T::FIELDS)?;
    for item in list {
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(item) else {
            continue;
        };
        rows.write_record(T::FIELDS.iter().map(|name| match fields.get(*name) {
            None | Some(serde_json::Value::Null) => String::new(),
            Some(serde_json::Value::String(value)) => text::csv_cell(value).into_owned(),
            Some(other) => other.to_string(),
        }))?;
    }
    rows.flush()
}
