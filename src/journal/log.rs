//! Keeps the write-ahead log short: a thread of its own moves it into the
//! database, so that no append waits for that.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::Connection;

use super::{
    error::JournalError,
    schema::{Place, Use},
};

/// The log is moved when it has grown by about this many bytes,
const GROWN: u64 = 4 << 20;
/// or when nothing has been written for this long.
const IDLE: Duration = Duration::from_secs(10);
/// A log that stays longer than this (in pages of 4 KiB: 64 MiB), because
/// writing never pauses, is moved while writers wait, or it would grow for
/// ever.
const TOO_LONG: i64 = 16_384;
/// What a commit writes beside its entries: whole pages, of tables and index.
const COMMIT: u64 = 12 << 10;

/// The thread and what it is told. Dropped, it ends; what is left in the log
/// is read from there at the next start.
pub(super) struct LogKeeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    growth: Mutex<Growth>,
    changed: Condvar,
}

#[derive(Default)]
struct Growth {
    bytes: u64,
    commits: u64,
    ended: bool,
}

impl LogKeeper {
    pub(super) fn start(place: &Place) -> Result<Self, JournalError> {
        let db = place.connect(Use::Aside)?;
        let shared = Arc::<Shared>::default();
        let thread = thread::Builder::new()
            .name("journal-log".into())
            .spawn({
                let shared = shared.clone();
                move || {
                    while shared.due() {
                        if let Err(error) = shorten(&db) {
                            tracing::warn!("the journal's log is left as it is for now: {error}");
                        }
                    }
                }
            })
            .map_err(|e| place.io(&e))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Tells it of a commit with this weight.
    pub(super) fn grew(&self, weight: u64) {
        let mut growth = lock(&self.shared.growth);
        growth.bytes += weight + COMMIT;
        growth.commits += 1;
        // The first after a rest starts the wait for the next rest.
        if growth.bytes >= GROWN || growth.commits == 1 {
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for LogKeeper {
    fn drop(&mut self) {
        lock(&self.shared.growth).ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Shared {
    /// Waits until the log should be moved; `false` at the end.
    fn due(&self) -> bool {
        let mut growth = lock(&self.growth);
        loop {
            if growth.ended {
                return false;
            }
            let before = growth.commits;
            if growth.bytes >= GROWN {
                break;
            }
            if before == 0 {
                growth = self
                    .changed
                    .wait(growth)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (again, waited) = self
                .changed
                .wait_timeout(growth, IDLE)
                .unwrap_or_else(PoisonError::into_inner);
            growth = again;
            if waited.timed_out() && growth.commits == before {
                break;
            }
        }
        growth.bytes = 0;
        growth.commits = 0;
        !growth.ended
    }
}

fn lock(growth: &Mutex<Growth>) -> std::sync::MutexGuard<'_, Growth> {
    growth.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Moves what can be moved without anybody waiting, and all if that leaves too
/// much.
fn shorten(db: &Connection) -> rusqlite::Result<()> {
    let checkpoint = |sql| {
        db.query_row(sql, [], |row| {
            Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })
    };
    let (pages, moved) = checkpoint("PRAGMA wal_checkpoint(PASSIVE)")?;
    if pages > TOO_LONG && moved < pages {
        checkpoint("PRAGMA wal_checkpoint(RESTART)")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(bytes: u64, ended: bool) -> Shared {
        Shared {
            growth: Mutex::new(Growth {
                bytes,
                commits: 1,
                ended,
            }),
            changed: Condvar::new(),
        }
    }

    #[test]
    fn a_long_log_is_due_at_once_and_the_end_is_the_end() {
        let long = shared(GROWN, false);
        assert!(long.due());
        assert_eq!(lock(&long.growth).bytes, 0);
        assert!(!shared(GROWN, true).due());
    }

    #[test]
    fn moving_empties_the_log_into_the_database() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path());
        let _first = place.prepare().unwrap();
        let db = place.connect(Use::Aside).unwrap();
        db.execute(
            "INSERT INTO entry (at, site, kind, body) VALUES (0, 's', 'k', '{}')",
            [],
        )
        .unwrap();
        shorten(&db).unwrap();
        let left: (i64, i64) = db
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok((row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert!(left.0 > 0);
        assert_eq!(left.0, left.1);
    }
}
