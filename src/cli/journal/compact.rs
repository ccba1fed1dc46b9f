//! `holdline journal compact`: deletes what is older than `retain` and gives
//! the room back to the disk. Only while nobody collects: nothing can be
//! written meanwhile, and an event that is pushed then would be lost.

use std::time::Duration;

use crate::{
    cli::{doctor, failure::Failure, output},
    collector,
    config::{Config, find},
    journal::{self, Journal, Role},
    runtime::clock,
    vendor::hook::Reader,
};

/// Runs the command.
pub async fn run(config: &Config) -> Result<u8, Failure> {
    let folder = &config.journal.path;
    // Makes none where there is none.
    drop(Journal::open_read_only(folder)?);
    let before = size(config);
    let free = journal::survey(folder, Duration::ZERO).free;
    // Once for the new database, and once for the log it goes through.
    let needed = before.saturating_mul(2);
    if let Some(free) = free.filter(|free| *free < needed) {
        return Err(Failure::here(format!(
            "{} must be free on the disk to compact the journal, and {} are: free some space first",
            doctor::bytes(needed),
            doctor::bytes(free)
        )));
    }
    let journal = Journal::open(folder)?;
    let Some(role) = journal.collector_role()? else {
        let who = match journal::survey(folder, Duration::ZERO).role {
            Role::Held(Some(process)) => format!("process {process}"),
            _ => "another process".to_owned(),
        };
        return Err(Failure::here(format!(
            "{who} collects into the journal, and nothing could be recorded meanwhile: end every \
             console and `holdline collect` on it first, or leave it; the room of deleted entries \
             is used again"
        )));
    };
    let reader = Reader::new(&config.all_sites());
    let board = collector::board(&journal, config.console.time_zone.clone(), &reader)?;
    journal
        .save_checkpoint(&board, reader.fingerprint())
        .await?;
    let retain = i64::try_from(config.journal.retain.as_millis()).unwrap_or(i64::MAX);
    let deleted = journal.prune(clock::system()().shift(-retain)).await?;
    journal.compact(&role).await?;
    let after = size(config);
    let shown = find::shown(folder, &find::process_env);
    output::to_stdout(|out| {
        writeln!(
            out,
            "{shown}: {deleted} entries deleted, {} before, {} now",
            doctor::bytes(before),
            doctor::bytes(after)
        )
    })?;
    Ok(0)
}

/// The bytes of the database and its log.
fn size(config: &Config) -> u64 {
    let of = |name: &str| {
        let path = config.journal.path.join(name);
        path.metadata().map_or(0, |found| found.len())
    };
    of("journal.db") + of("journal.db-wal")
}
