//! The files of a journal and what is in them: makes them, looks whether they
//! are ours, and opens connections with the settings durability rests on.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};
use rustix::fs::{FlockOperation, flock};

use super::{
    error::{JournalError, text},
    keys,
};

/// "HLDJ", which marks a file as a Holdline journal.
const APPLICATION: i32 = 0x484C_444A;
/// The format of the tables below, and the newest that this program knows.
pub(super) const VERSION: i64 = 4;
/// How long a lock held by somebody else is waited for.
pub(super) const BUSY: Duration = Duration::from_secs(5);
/// The write-ahead log is cut back to this after a burst. As long as it may
/// ever be (see `log`): what is written over costs the disk less than what is
/// added to a file.
const LOG_KEPT: i64 = 64 << 20;
/// What a connection beside the entries' keeps of the file in memory; negative
/// are KiB. Whatever others write empties it, so all it serves is the statement
/// that runs; and so little is never allocated page by page, between what a
/// large statement allocates and could otherwise give back.
const SMALL_CACHE: i64 = -64;

/// What each format changes in the one before; a new journal takes all of them.
/// An older program that has the journal open when a step is taken appends
/// nothing more and says why (see `store`), but it still reads, and may save its
/// board and delete what is old: a step leaves what that rests on.
const STEPS: &[&str] = &[FIRST, FINGERPRINT, SUM, FILED];

/// `entry`: the journal itself.
/// `feed`: health, one row a feed; `version` counts up with every write.
/// `board`: the one checkpoint, with the format of its body.
const FIRST: &str = "
    CREATE TABLE entry (
        seq    INTEGER PRIMARY KEY AUTOINCREMENT,
        at     INTEGER NOT NULL,
        site   TEXT NOT NULL,
        kind   TEXT NOT NULL,
        dedupe TEXT,
        body   TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX entry_dedupe ON entry (site, dedupe) WHERE dedupe IS NOT NULL;
    CREATE TABLE feed (
        id      TEXT PRIMARY KEY,
        health  TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE board (
        one    INTEGER PRIMARY KEY CHECK (one = 1),
        format INTEGER NOT NULL,
        upto   INTEGER NOT NULL,
        body   TEXT NOT NULL
    ) STRICT;
";

/// What the checkpoint's reading of entries depended on.
const FINGERPRINT: &str = "ALTER TABLE board ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0;";

/// What tells whether an entry is as it was written; none where an older
/// program wrote it.
const SUM: &str = "ALTER TABLE entry ADD COLUMN sum INTEGER;";

/// From this format on, what is told twice is known by `filed`.
pub(super) const WITH_FILED: i64 = 4;

/// `filed`: where the keys of entries are found, see `keys`; a row may be left
/// of an entry that is deleted.
/// `filing`: up to which entry all of them are filed.
const FILED: &str = "
    CREATE TABLE filed (
        slot INTEGER NOT NULL,
        seq  INTEGER NOT NULL,
        PRIMARY KEY (slot, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE filing (
        one  INTEGER PRIMARY KEY CHECK (one = 1),
        upto INTEGER NOT NULL
    ) STRICT;
    DROP INDEX entry_dedupe;
";

/// Where a journal lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its folder.
    pub folder: PathBuf,
    /// The database in it.
    pub file: PathBuf,
}

/// What a database is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// Nothing yet.
    Empty,
    /// A journal with tables of this format, which we know.
    Ours(i64),
}

/// Device and number of a file: what it is, whatever it is called.
pub(super) type Identity = (u64, u64);

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Entries: on disk when a commit returns.
    Entries,
    /// Health, checkpoints, pruning: ordered after what was committed before,
    /// but the disk is not waited for.
    Aside,
    /// Reading only.
    Read,
}

impl Place {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            file: folder.join("journal.db"),
        }
    }

    /// Which file lies there now.
    pub(super) fn identity(&self) -> Option<Identity> {
        let file = fs::metadata(&self.file).ok()?;
        Some((file.dev(), file.ino()))
    }

    /// Opens a connection; the file must be there.
    pub(super) fn connect(&self, purpose: Use) -> Result<Connection, JournalError> {
        let access = match purpose {
            Use::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Use::Entries | Use::Aside => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let db = Connection::open_with_flags(&self.file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .and_then(|db| settings(&db, purpose).map(|()| db))
            .map_err(|e| self.sqlite(&e))?;
        // SQLite falls back to reading only, in silence.
        if purpose != Use::Read && db.is_readonly("main").map_err(|e| self.sqlite(&e))? {
            return Err(JournalError::not_writable(&self.file, "permission denied"));
        }
        Ok(db)
    }

    /// Looks whether the file is a journal this program can read.
    pub(super) fn check(&self) -> Result<(), JournalError> {
        if !self.file.try_exists().map_err(|e| self.io(&e))? {
            return Err(JournalError::Missing {
                path: text(&self.folder),
            });
        }
        match self.is_ours(&self.connect(Use::Read)?)? {
            Is::Ours(_) => Ok(()),
            Is::Empty => Err(JournalError::Missing {
                path: text(&self.folder),
            }),
        }
    }

    /// Makes folder and file where missing, looks whether the file is a journal
    /// this program can write, and brings an older one up to date. Answers the connection it did that on:
    /// if the only one were closed, SQLite would first move the log into the
    /// database and wait for the disk three times.
    pub(super) fn prepare(&self) -> Result<Connection, JournalError> {
        self.make_folder()?;
        // One process at a time sets up; where folders cannot be locked, the
        // transaction below still keeps two of them apart.
        let lock = File::open(&self.folder).ok();
        if let Some(folder) = &lock {
            flock(folder, FlockOperation::LockExclusive).ok();
        }
        self.make_file()?;
        let mut db = self.connect(Use::Entries)?;
        if self.is_ours(&db)? != Is::Ours(VERSION) {
            let raised = raise(&mut db);
            raised.map_err(|e| self.sqlite(&e))?;
        }
        db.pragma_update(None, "journal_mode", "wal")
            .map_err(|e| self.sqlite(&e))?;
        Ok(db)
    }

    /// A new folder is open to the group as far as the umask allows; one that
    /// is there keeps its mode.
    fn make_folder(&self) -> Result<(), JournalError> {
        if self.folder.is_dir() {
            return Ok(());
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o770)
            .create(&self.folder)
            .map_err(|e| JournalError::folder(&self.folder, &e))?;
        // The folder's own name must survive a power cut; SQLite sees to the
        // names inside it.
        if let Some(parent) = self.folder.parent() {
            File::open(parent).and_then(|p| p.sync_all()).ok();
        }
        Ok(())
    }

    /// Makes a file that we just made as open to the group as the folder, and
    /// its group's, whatever the umask: everybody who shares the folder may
    /// append.
    pub(super) fn share(&self, file: &Path) -> io::Result<()> {
        let folder = fs::metadata(&self.folder)?;
        // Only a member may give it away; else it stays one's own group's.
        let _ = chown(file, None, Some(folder.gid()));
        let mode = 0o600 | (folder.mode() & 0o060);
        fs::set_permissions(file, Permissions::from_mode(mode))
    }

    /// SQLite gives the files beside it the same mode.
    fn make_file(&self) -> Result<(), JournalError> {
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.file);
        match made {
            Ok(_) => self.share(&self.file).map_err(|e| self.io(&e)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => self.refuse_a_stump(),
            Err(e) => Err(self.io(&e)),
        }
    }

    /// SQLite takes an empty database for a new one and deletes the log
    /// beside it, which may hold all that is left.
    fn refuse_a_stump(&self) -> Result<(), JournalError> {
        let size = |path: &Path| fs::metadata(path).map_or(0, |m| m.len());
        let log = self.folder.join("journal.db-wal");
        if size(&self.file) == 0 && size(&log) > 0 {
            return Err(JournalError::Damaged {
                path: text(&self.file),
                why: "it is empty, but there is a log beside it".into(),
            });
        }
        Ok(())
    }

    /// Whether the file is a journal, and of which format.
    pub(super) fn is_ours(&self, db: &Connection) -> Result<Is, JournalError> {
        let (application, version, tables) = (|| {
            let number = |sql| db.query_row(sql, [], |row| row.get::<_, i64>(0));
            Ok((
                number("PRAGMA application_id")?,
                number("PRAGMA user_version")?,
                number("SELECT count(*) FROM sqlite_schema")?,
            ))
        })()
        .map_err(|e| self.sqlite(&e))?;
        match (application, version, tables) {
            (0, 0, 0) => Ok(Is::Empty),
            (id, found @ 1..=VERSION, 1..) if id == i64::from(APPLICATION) => Ok(Is::Ours(found)),
            (id, found, _) if id == i64::from(APPLICATION) && found > VERSION => {
                Err(self.newer(found))
            }
            (id, found, _) if id == i64::from(APPLICATION) => Err(JournalError::Damaged {
                path: text(&self.file),
                why: format!("format {found} never existed").into(),
            }),
            _ => Err(JournalError::Alien {
                path: text(&self.file),
            }),
        }
    }

    /// A newer Holdline wrote it.
    pub(super) fn newer(&self, found: i64) -> JournalError {
        JournalError::Version {
            path: text(&self.file),
            found,
            known: VERSION,
        }
    }

    pub(super) fn sqlite(&self, error: &rusqlite::Error) -> JournalError {
        JournalError::sqlite(&self.file, error)
    }

    pub(super) fn io(&self, error: &io::Error) -> JournalError {
        JournalError::io(&self.file, error)
    }
}

fn settings(db: &Connection, purpose: Use) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY)?;
    // Each statement is planned once: else one that compares a column without
    // an index is planned anew for each value it is given.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    match purpose {
        Use::Read => {
            db.pragma_update(None, "cache_size", SMALL_CACHE)?;
            return db.pragma_update(None, "query_only", true);
        }
        Use::Entries => db.pragma_update(None, "synchronous", "full")?,
        Use::Aside => {
            db.pragma_update(None, "cache_size", SMALL_CACHE)?;
            db.pragma_update(None, "synchronous", "normal")?;
        }
    }
    // macOS: a plain sync leaves the data in the drive's cache.
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    // Checkpoints have a thread of their own.
    db.pragma_update(None, "wal_autocheckpoint", 0)?;
    db.pragma_update(None, "journal_size_limit", LOG_KEPT)
}

/// Which format the tables have now.
pub(super) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA user_version")?
        .query_row([], |row| row.get(0))
}

/// Takes the steps that are missing, all or none, unless another process was
/// faster.
fn raise(db: &mut Connection) -> rusqlite::Result<()> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = version(&tx)?;
    let from = usize::try_from(before).unwrap_or(STEPS.len());
    let missing = STEPS.get(from..).unwrap_or_default();
    for step in missing {
        tx.execute_batch(step)?;
    }
    if before < WITH_FILED {
        keys::file_all(&tx)?;
    }
    if !missing.is_empty() {
        tx.pragma_update(None, "application_id", APPLICATION)?;
        tx.pragma_update(None, "user_version", VERSION)?;
    }
    tx.commit()
}
