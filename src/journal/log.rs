//! Keeps the write-ahead log short: a thread of its own moves it into the
//! database, so that no append waits for that.

use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::Connection;

use super::{
    error::JournalError,
    schema::{BUSY, Place, Use},
};

/// The log is moved when it has grown by about this many bytes,
const GROWN: u64 = 4 << 20;
/// or when nothing has been written for this long.
const IDLE: Duration = Duration::from_secs(10);
/// A log that stays longer than this (in pages of 4 KiB: 64 MiB), because
/// writing never pauses, is begun anew by the writer itself, between two
/// commits: from here that lock is never had while they are many.
const TOO_LONG: i64 = 16_384;
/// How long the writer is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the writer waits for others then.
const SHORT: Duration = Duration::from_millis(50);
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
    is_too_long: AtomicBool,
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
                        match shorten(&db) {
                            Ok(true) => {}
                            Ok(false) => shared.ask(),
                            Err(error) => {
                                tracing::warn!(
                                    "the journal's log is left as it is for now: {error}"
                                );
                            }
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

    /// Has the writer begin it anew, where it is too long.
    pub(super) fn if_too_long(&self, begin_anew: impl FnOnce()) {
        if self.shared.is_too_long.load(Ordering::Relaxed) {
            begin_anew();
            let _asking = lock(&self.shared.growth);
            self.shared.is_too_long.store(false, Ordering::Relaxed);
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
    /// Asks the writer to begin the log anew, and leaves it to itself until
    /// then: only one at a time may move it.
    fn ask(&self) {
        let growth = lock(&self.growth);
        self.is_too_long.store(true, Ordering::Relaxed);
        drop(self.changed.wait_timeout_while(growth, PATIENCE, |growth| {
            !growth.ended && self.is_too_long.load(Ordering::Relaxed)
        }));
    }

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

/// Moves what can be moved without anybody waiting; `false` if that leaves too
/// much.
fn shorten(db: &Connection) -> rusqlite::Result<bool> {
    let (pages, moved) = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    })?;
    Ok(pages <= TOO_LONG || moved == pages)
}

/// Moves the rest while nobody writes, so that the next commit writes over the
/// log from its beginning. Where somebody else reads or moves it, it is left
/// as it is.
pub(super) fn begin_anew(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(SHORT)?;
    let moved = db.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
    db.busy_timeout(BUSY)?;
    moved
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
            is_too_long: AtomicBool::new(false),
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
        assert!(shorten(&db).unwrap());
        let left: (i64, i64) = db
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok((row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert!(left.0 > 0);
        assert_eq!(left.0, left.1);
    }

    #[test]
    fn a_log_that_is_begun_anew_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path());
        let writer = place.prepare().unwrap();
        let db = place.connect(Use::Aside).unwrap();
        let write = |many: i64| {
            let sql = "INSERT INTO entry (at, site, kind, body) VALUES (0, 's', 'k', ?1)";
            for _ in 0..many {
                writer.execute(sql, ["x".repeat(9_000)]).unwrap();
            }
        };
        // Somebody reads: it is left as it is, and nobody waits for long.
        let reader = place.connect(Use::Read).unwrap();
        let long = || {
            reader
                .query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| {
                    row.get::<_, i64>(1)
                })
                .unwrap()
        };
        write(40);
        let before = long();
        reader.execute_batch("BEGIN").unwrap();
        reader
            .query_row("SELECT count(*) FROM entry", [], |_| Ok(()))
            .unwrap();
        write(1);
        begin_anew(&db).unwrap();
        write(1);
        reader.execute_batch("COMMIT").unwrap();
        assert!(long() > before, "{}", long());
        begin_anew(&db).unwrap();
        write(1);
        assert!(long() < 10, "{} of {before}", long());
    }
}
