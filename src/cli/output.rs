//! Prints a list in each format, and what is printed to standard output.

use std::{
    collections::HashMap,
    io::{self, BufWriter, Write},
};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{args::Format, failure::Failure, safe_json};
use crate::domain::{cells, text};

/// No cell of a table is wider: one long name must not push the rest off the
/// screen. The other formats cut nothing.
const WIDEST: usize = 60;

/// What can be printed as a list.
pub trait Listed: Serialize {
    /// The names of all fields, in order.
    const FIELDS: &'static [&'static str];
    /// The heads of the table for people, and whether each stands at the right.
    const COLUMNS: &'static [(&'static str, bool)];
    /// The cells of the table.
    fn cells(&self) -> Vec<String>;
}

/// Writes to standard output. That its reader has seen enough (`holdline
/// callers | head -1`) is no failure.
pub fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(&e)),
        _ => Ok(()),
    }
}

/// Prints the list.
pub fn print<T: Listed>(out: &mut dyn Write, format: Format, list: &[T]) -> io::Result<()> {
    match format {
        Format::Table => table(out, list),
        Format::Json => safe_json::pretty(out, &list),
        Format::Ndjson => list.iter().try_for_each(|item| safe_json::line(out, item)),
        Format::Csv => csv(out, list).map_err(cause),
    }
}

fn table<T: Listed>(out: &mut dyn Write, list: &[T]) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list.iter().map(T::cells).collect();
    let width = |i: usize, title: &str| {
        rows.iter()
            .map(|row| cells::width(&row[i]))
            .chain([title.len()])
            .max()
            .unwrap_or(0)
            .min(WIDEST)
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

fn csv<T: Listed>(out: &mut dyn Write, list: &[T]) -> csv::Result<()> {
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

    #[derive(Serialize)]
    struct Thing {
        name: String,
        count: Option<u32>,
    }

    impl Listed for Thing {
        const FIELDS: &'static [&'static str] = &["name", "count"];
        const COLUMNS: &'static [(&'static str, bool)] = &[("NAME", false), ("COUNT", true)];

        fn cells(&self) -> Vec<String> {
            let count = self.count.map(|n| n.to_string());
            vec![self.name.clone(), count.unwrap_or("—".into())]
        }
    }

    fn printed(format: Format, list: &[Thing]) -> String {
        let mut out = Vec::new();
        print(&mut out, format, list).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn thing(name: &str, count: Option<u32>) -> Thing {
        let name = name.to_owned();
        Thing { name, count }
    }

    #[test]
    fn an_empty_list_is_a_header_an_array_or_nothing() {
        assert_eq!(printed(Format::Table, &[]), "NAME  COUNT\n");
        assert_eq!(printed(Format::Csv, &[]), "name,count\n");
        assert_eq!(printed(Format::Json, &[]), "[]\n");
        assert_eq!(printed(Format::Ndjson, &[]), "");
    }

    #[test]
    fn a_long_name_is_cut_in_the_table_only() {
        let list = [thing(&"山".repeat(90), Some(7)), thing("x", None)];
        let table = printed(Format::Table, &list);
        assert!(table.lines().all(|line| cells::width(line) <= WIDEST + 7));
        assert!(table.contains("山…"));
        assert!(printed(Format::Csv, &list).contains(&"山".repeat(90)));
    }

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

    #[test]
    fn every_format_tells_a_closed_pipe_from_a_full_disk() {
        struct Shut(io::ErrorKind);
        impl Write for Shut {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(self.0.into())
            }
        }
        let list = [thing("x", None)];
        for format in [Format::Table, Format::Json, Format::Ndjson, Format::Csv] {
            for kind in [io::ErrorKind::BrokenPipe, io::ErrorKind::StorageFull] {
                let error = print(&mut Shut(kind), format, &list).unwrap_err();
                assert_eq!(error.kind(), kind, "{format:?}");
            }
        }
    }
}
