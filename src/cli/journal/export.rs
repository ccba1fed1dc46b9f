//! `holdline journal export`: every entry as it stands on disk, a JSON object
//! a line. What is pushed and polled is in it as it was sent.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use serde::Serialize;
use serde_json::value::RawValue;

use super::flags::JournalExportArgs;
use crate::{
    cli::{
        failure::{self, Failure},
        output,
        recorded::CHUNK,
    },
    config::Config,
    journal::{Journal, JournalError, Stored},
};

/// Runs the command.
pub fn run(config: &Config, args: &JournalExportArgs) -> Result<u8, Failure> {
    let journal = Journal::open_read_only(&config.journal.path)?;
    let upto = journal.last_seq()?;
    let mut trouble = None;
    let mut write = |out: &mut dyn Write| lines(out, &journal, upto, &mut trouble);
    let count = match &args.output {
        None => {
            let mut count = 0;
            output::to_stdout(|out| {
                count = write(out)?;
                Ok(())
            })?;
            count
        }
        Some(path) => to_file(path, write).map_err(|error| not_written(path, &error))?,
    };
    if let Some(error) = trouble {
        failure::tell(&format!(
            "{count} entries could be read, and that is not all"
        ));
        return Err(error.into());
    }
    if let Some(path) = &args.output {
        failure::tell(&format!("{count} entries are in {}", path.display()));
    }
    Ok(0)
}

/// A new file, for its owner alone: there are numbers and names in it.
fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<u64>) -> io::Result<u64> {
    let mut how = OpenOptions::new();
    let file = how.write(true).create_new(true).mode(0o600).open(path)?;
    let mut out = BufWriter::new(file);
    let count = write(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(count)
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::usage(format!(
            "{path} is there already, and nothing is written over it: name another file"
        )),
        _ => Failure::here(format!(
            "{path} cannot be written whole: {error}; name a file in a folder that you may write, \
             on a disk with room"
        )),
    }
}

/// An entry, its body as it is.
#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    at: String,
    site: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dedupe: Option<&'a str>,
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Json(&'a RawValue),
    /// Damaged: better as text than not at all.
    Text(&'a str),
}

/// Writes the entries up to a place; answers how many. What is damaged is left
/// out, told as trouble, and what stands behind it written.
fn lines(
    out: &mut dyn Write,
    journal: &Journal,
    upto: u64,
    trouble: &mut Option<JournalError>,
) -> io::Result<u64> {
    let (mut after, mut count, mut pace) = (0, 0, Pace::default());
    while after < upto {
        let entries = match journal.stored(after, pace.chunk) {
            Ok(entries) => entries,
            Err(error) => {
                trouble.get_or_insert(error);
                after += pace.slower();
                continue;
            }
        };
        pace.faster();
        for entry in entries.iter().take_while(|entry| entry.seq <= upto) {
            line(out, entry)?;
            count += 1;
        }
        match entries.last() {
            Some(last) => after = last.seq,
            None => break,
        }
    }
    Ok(count)
}

/// How much is read at once: ever less before what cannot be read, then in
/// ever larger leaps over it.
struct Pace {
    chunk: usize,
    leap: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            chunk: CHUNK,
            leap: 1,
        }
    }
}

impl Pace {
    /// It could not be read: how far to leap now.
    fn slower(&mut self) -> u64 {
        if self.chunk > 1 {
            self.chunk /= 2;
            return 0;
        }
        self.leap *= 2;
        self.leap / 2
    }

    fn faster(&mut self) {
        self.chunk = (self.chunk * 2).min(CHUNK);
        self.leap = 1;
    }
}

fn line(out: &mut dyn Write, entry: &Stored) -> io::Result<()> {
    let json = serde_json::from_str::<&RawValue>(&entry.body);
    // A line break would end the line; only white space can have one.
    let json = json.ok().filter(|json| !json.get().contains(['\n', '\r']));
    let line = Line {
        seq: entry.seq,
        at: entry.at.to_string(),
        site: &entry.site,
        kind: &entry.kind,
        dedupe: entry.dedupe.as_deref(),
        body: json.map_or(Body::Text(&entry.body), Body::Json),
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::At;

    #[test]
    fn an_entry_is_one_line_whatever_its_body_is() {
        let stored = |body: &str| Stored {
            seq: 7,
            at: At(0),
            site: "team".into(),
            kind: "hook".into(),
            dedupe: None,
            body: body.into(),
        };
        let mut out = Vec::new();
        for body in [r#"{"a":1.0,"a":2}"#, "not {json", "{\n}"] {
            line(&mut out, &stored(body)).unwrap();
        }
        let text = String::from_utf8(out).unwrap();
        let bodies: Vec<&str> = text
            .lines()
            .map(|line| line.split_once("\"body\":").unwrap().1)
            .collect();
        assert_eq!(
            bodies,
            [r#"{"a":1.0,"a":2}}"#, r#""not {json"}"#, r#""{\n}"}"#]
        );
    }
}
