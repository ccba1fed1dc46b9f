//! `holdline journal check`: looks through all of it, and says what to do.

use std::io::{self, Write};

use serde::Serialize;

use super::flags::{CheckFormat, JournalCheckArgs};
use crate::{
    cli::{
        doctor,
        failure::{self, Failure},
        output,
    },
    config::{Config, find},
    journal::{self, Checked},
};

/// Runs the command: exit code 1 where something is damaged.
pub fn run(config: &Config, args: &JournalCheckArgs) -> Result<u8, Failure> {
    let folder = &config.journal.path;
    let checked = journal::check(folder)?;
    let shown = find::shown(folder, &find::process_env);
    output::to_stdout(|out| match args.format {
        CheckFormat::Table => table(out, &shown, &checked, config),
        CheckFormat::Json => json(out, &shown, &checked),
    })?;
    if checked.damage.is_empty() {
        return Ok(0);
    }
    failure::tell(&format!(
        "the journal in {shown} is damaged: end every holdline that uses it, run `holdline journal \
         recover`, which saves what can be read, or put back a copy, and look at the disk"
    ));
    Ok(1)
}

fn table(out: &mut dyn Write, shown: &str, found: &Checked, config: &Config) -> io::Result<()> {
    let entries: u64 = found.kinds.iter().map(|kind| kind.count).sum();
    let places = found.places.map_or_else(String::new, |(first, last)| {
        format!(", from {first} to {last}")
    });
    if found.damage.is_empty() || entries > 0 {
        let format = found.format;
        writeln!(out, "{shown}: format {format}, {entries} entries{places}")?;
    }
    let zone = &config.console.time_zone;
    let widest = found.kinds.iter().map(|kind| kind.kind.len()).max();
    for kind in &found.kinds {
        writeln!(
            out,
            "  {}  {:>9}  {} to {}",
            crate::domain::cells::pad(&kind.kind, widest.unwrap_or(0), false),
            kind.count,
            kind.first.date_time(zone),
            kind.last.date_time(zone),
        )?;
    }
    if found.unreadable > 0 {
        writeln!(
            out,
            "{} entries are no JSON any more: they are kept and skipped",
            found.unreadable
        )?;
    }
    let (bytes, log, free) = (
        doctor::bytes(found.bytes),
        doctor::bytes(found.log),
        doctor::bytes(found.free),
    );
    writeln!(out, "{bytes}, {free} of it free for new entries; log {log}")?;
    // Where less than half is in use, it is worth stopping the collector for.
    if found.free * 2 > found.bytes {
        writeln!(
            out,
            "`holdline journal compact` gives that back to the disk"
        )?;
    }
    match (found.board, found.places) {
        (Some(upto), Some((_, last))) => writeln!(
            out,
            "the saved board holds entries up to {upto}: a start reads the {} after it",
            last.saturating_sub(upto)
        )?,
        (None, Some(_)) => writeln!(out, "no board is saved: the next start reads all entries")?,
        (_, None) => {}
    }
    match found.damage.as_slice() {
        [] => writeln!(out, "sound"),
        damage => damage
            .iter()
            .try_for_each(|line| writeln!(out, "damaged: {}", crate::domain::text::clean(line))),
    }
}

/// One object, for monitoring.
#[derive(Serialize)]
struct Record<'a> {
    folder: &'a str,
    sound: bool,
    damage: &'a [String],
    format: i64,
    entries: u64,
    first_seq: Option<u64>,
    last_seq: Option<u64>,
    kinds: Vec<Kind<'a>>,
    unreadable: u64,
    board_upto: Option<u64>,
    bytes: u64,
    free_bytes: u64,
    log_bytes: u64,
}

#[derive(Serialize)]
struct Kind<'a> {
    #[serde(rename = "kind")]
    name: &'a str,
    count: u64,
    first: String,
    last: String,
}

fn json(out: &mut dyn Write, shown: &str, found: &Checked) -> io::Result<()> {
    let kinds = found.kinds.iter().map(|kind| Kind {
        name: &kind.kind,
        count: kind.count,
        first: kind.first.to_string(),
        last: kind.last.to_string(),
    });
    let record = Record {
        folder: shown,
        sound: found.damage.is_empty(),
        damage: &found.damage,
        format: found.format,
        entries: found.kinds.iter().map(|kind| kind.count).sum(),
        first_seq: found.places.map(|(first, _)| first),
        last_seq: found.places.map(|(_, last)| last),
        kinds: kinds.collect(),
        unreadable: found.unreadable,
        board_upto: found.board,
        bytes: found.bytes,
        free_bytes: found.free,
        log_bytes: found.log,
    };
    serde_json::to_writer_pretty(&mut *out, &record)?;
    writeln!(out)
}
