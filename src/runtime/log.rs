//! The log: a file while the screen is up, standard error without one. An
//! entry is one line, and whatever got into it, a terminal that shows it obeys
//! nothing. What cannot be written is lost in silence: its own trouble (a full
//! disk, a reader that is gone) must neither reach the screen nor end the
//! program.

mod files;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use tracing::Metadata;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::MakeWriter,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::domain::text::plain;
use files::{Files, LIMITS};

/// What says how much is told, as `holdline=debug`.
const LEVELS: &str = "HOLDLINE_LOG";
/// Logs into daily files in `folder`, 50 MB and a week of them at most; answers
/// where. Each line is written before the program goes on: the last one before
/// a crash is the one wanted.
///
/// # Errors
/// No file can be written there.
pub fn to_files(folder: &Path) -> io::Result<PathBuf> {
    let files = Files::new(folder, LIMITS)?;
    let (filter, trouble) = filter();
    let _ = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(Marked(files))
        .finish()
        .with(filter)
        .try_init();
    tell(trouble);
    Ok(folder.to_owned())
}

/// Logs to standard error, for a process without a screen.
pub fn to_stderr() {
    let (filter, trouble) = filter();
    let _ = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_target(false)
        .log_internal_errors(false)
        .with_writer(Marked(io::stderr))
        .finish()
        .with(filter)
        .try_init();
    tell(trouble);
}

/// How much is told, and what is wrong with the wish.
fn filter() -> (Targets, Option<String>) {
    let usual = Targets::new().with_target("holdline", LevelFilter::INFO);
    let wish = std::env::var(LEVELS).unwrap_or_default();
    if wish.trim().is_empty() {
        return (usual, None);
    }
    match wish.parse() {
        Ok(wished) => (wished, None),
        Err(error) => (usual, Some(error.to_string())),
    }
}

fn tell(trouble: Option<String>) {
    if let Some(why) = trouble {
        tracing::warn!("{LEVELS} is left aside: {why}; write it as holdline=debug");
    }
}

/// Marks what is hostile on its way to a writer, which gets an entry at a
/// time.
struct Marked<W>(W);

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Marked<M> {
    type Writer = Marked<M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        Marked(self.0.make_writer())
    }

    fn make_writer_for(&'w self, meta: &Metadata<'_>) -> Self::Writer {
        Marked(self.0.make_writer_for(meta))
    }
}

impl<W: Write> Write for Marked<W> {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        self.0.write_all(format!("{}\n", plain(line)).as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_entry_is_one_line_that_no_terminal_obeys() {
        let kept = Kept::default();
        let made = kept.clone();
        let log = tracing_subscriber::fmt()
            .with_ansi(false)
            .without_time()
            .with_target(false)
            .with_writer(Marked(move || made.clone()))
            .finish();
        tracing::subscriber::with_default(log, || {
            let name = "Vig\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\n INFO forged";
            tracing::info!(caller = name, ?name, "met {name}");
            tracing::info!("Ærø 山田 👍🏽");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        assert_eq!(lines.len(), 2, "{text:?}");
        let clean = |line: &str| plain(line.trim_end_matches('\n')) == line.trim_end_matches('\n');
        assert!(lines.iter().all(|line| clean(line)), "{text:?}");
        assert_eq!(lines[1], " INFO Ærø 山田 👍🏽\n");
    }
}
