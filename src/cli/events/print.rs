//! Records of events as they are printed: a whole list, or one by one where no
//! end is known.

use std::{
    cell::RefCell,
    io::{self, Write},
};

use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{
    cli::output::{self, Format, or_dash},
    domain::record::{EventRecord, file, safe_json},
};

/// Prints a list, one after the other.
pub(super) fn list(
    out: &mut dyn Write,
    format: Format,
    records: impl Iterator<Item = EventRecord>,
) -> io::Result<()> {
    if format == Format::Json {
        return safe_json::pretty(out, &Stream(RefCell::new(records)));
    }
    let mut print = Print::begin(out, format)?;
    for record in records {
        print.record(out, &record)?;
    }
    Ok(())
}

/// What an iterator gives, as one JSON array.
struct Stream<I>(RefCell<I>);

impl<I: Iterator<Item = EventRecord>> Serialize for Stream<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut array = to.serialize_seq(None)?;
        for record in &mut *self.0.borrow_mut() {
            array.serialize_element(&record)?;
        }
        array.end()
    }
}

/// Prints record by record in a format that needs no end.
pub(super) struct Print(Format);

/// The table's columns, and how wide each is: nobody knows what is to come.
const COLUMNS: [(&str, usize, bool); 9] = [
    ("SEQ", 7, true),
    ("AT", 24, false),
    ("SITE", 10, false),
    ("SOURCE", 8, false),
    ("EVENT", 14, false),
    ("AGENT", 6, false),
    ("QUEUE", 6, false),
    ("CALL", 36, false),
    ("BODY", 60, false),
];

impl Print {
    pub(super) fn begin(out: &mut dyn Write, format: Format) -> io::Result<Self> {
        match format {
            Format::Table => row(out, COLUMNS.map(|(head, ..)| head))?,
            Format::Csv => file::csv::<EventRecord>(out, &[])?,
            Format::Json | Format::Ndjson => {}
        }
        Ok(Self(format))
    }

    pub(super) fn record(&mut self, out: &mut dyn Write, record: &EventRecord) -> io::Result<()> {
        match self.0 {
            Format::Table => {
                let cells = [
                    record.seq.to_string(),
                    record.at.clone(),
                    record.site.clone(),
                    record.source.clone(),
                    record.event.clone(),
                    or_dash(record.agent.as_deref()),
                    or_dash(record.queue.as_deref()),
                    or_dash(record.call_id.as_deref()),
                    record.body.json().to_owned(),
                ];
                row(out, cells.each_ref().map(String::as_str))
            }
            Format::Csv => {
                let mut rows = Vec::new();
                file::csv(&mut rows, std::slice::from_ref(record))?;
                // The header stands there already; it holds no line break.
                let header = rows.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1);
                out.write_all(&rows[header..])
            }
            Format::Json | Format::Ndjson => safe_json::line(out, record),
        }
    }
}

fn row(out: &mut dyn Write, cells: [&str; COLUMNS.len()]) -> io::Result<()> {
    let cells = cells.iter().zip(COLUMNS);
    let line: Vec<String> = cells
        .map(|(cell, (_, width, right))| output::column(cell, width, right))
        .collect();
    writeln!(out, "{}", line.join("  ").trim_end())
}
