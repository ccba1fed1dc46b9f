//! Prints a list in each format, and what is printed to standard output.

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    time::Duration,
};

use clap::ValueEnum;

use super::failure::Failure;
use crate::domain::{
    cells,
    record::{Fields, file},
    time::wait,
};

/// No cell of a table is wider: one long name must not push the rest off the
/// screen. The other formats cut nothing.
const WIDEST: usize = 60;

/// How a list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// One array
    Json,
    /// One object per line
    Ndjson,
    /// One header row, then rows; safe to open in a spreadsheet
    Csv,
}

/// What can be printed as a list.
pub trait Listed: Fields {
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
        Format::Json => file::json(out, list),
        Format::Ndjson => file::ndjson(out, list),
        Format::Csv => file::csv(out, list),
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
            .map(|((cell, width), (_, right))| column(cell, *width, *right))
            .collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    Ok(())
}

/// What is known, or a dash, in a table for people.
pub fn or_dash(text: Option<&str>) -> String {
    text.unwrap_or("—").to_owned()
}

/// So many seconds, as people read a wait.
pub fn waited(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| or_dash(None), |s| wait(Duration::from_secs(s)))
}

/// A cell of a table: a terminal is told where text from right to left ends, a
/// file or a program gets the text alone.
pub fn column(text: &str, width: usize, right: bool) -> String {
    let mut column = cells::pad(text, width, right);
    if io::stdout().is_terminal() {
        column.extend(cells::turn(&column));
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Thing {
        name: String,
        count: Option<u32>,
    }

    impl Fields for Thing {
        const FIELDS: &'static [&'static str] = &["name", "count"];
    }

    impl Listed for Thing {
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
