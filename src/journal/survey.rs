//! How a journal stands, looked at from outside: for a doctor. Makes no file,
//! writes nothing, and takes the collector's role from nobody. It finds and
//! judges not: what a finding means is the asker's to say.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use rustix::{
    fs::{Access, FlockOperation, access, flock, statvfs},
    io::Errno,
};

use super::{
    error::{JournalError, text},
    read,
    rights::{self, Barrier},
    role,
    schema::{Is, Place, Use},
};
use crate::domain::feed::{FeedHealth, FeedId};

/// What there is of a journal.
#[derive(Debug)]
pub struct Survey {
    /// Its folder.
    pub folder: Folder,
    /// What is in it, or why it cannot be read; `None` where there is no
    /// journal yet.
    pub contents: Option<Result<Contents, JournalError>>,
    /// Who collects.
    pub role: Role,
    /// The bytes free for us on its disk; `None` where the system would not
    /// say.
    pub free: Option<u64>,
    /// What keeps us from writing there, as far as it is there.
    pub barrier: Option<Barrier>,
    /// What will keep those from it who share it with us.
    pub flaw: Option<Barrier>,
}

/// The folder of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    /// It is there, and whether we may write in it.
    There {
        /// Whether we may.
        writable: bool,
    },
    /// It is not there yet.
    Missing {
        /// The nearest folder above it that is there.
        above: PathBuf,
        /// Whether it can be made there.
        makeable: bool,
    },
    /// Something else has its name, or it cannot be looked at.
    Unfit {
        /// What the system says.
        why: String,
    },
}

/// What is in a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The bytes of its files together.
    pub bytes: u64,
    /// The format of its tables.
    pub format: i64,
    /// How many entries it holds; `None` where counting took too long.
    pub entries: Option<u64>,
    /// What is wrong inside, in SQLite's words; empty where it is sound.
    /// `None` where looking took too long.
    pub damage: Option<String>,
    /// The health of the feeds, as the collector last wrote it; empty where it
    /// cannot be read.
    pub feeds: Vec<(FeedId, FeedHealth)>,
    /// Whether we may write its file.
    pub writable: bool,
}

/// Who has the collector's role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nobody.
    Free,
    /// A process, with its id where the system tells it.
    Held(Option<u32>),
    /// It cannot be told, for what the system says.
    Unknown(String),
}

/// Looks at the journal in `folder`; `within` limits how long its contents
/// are looked through. Blocks on the disk.
#[must_use]
pub fn survey(folder: &Path, within: Duration) -> Survey {
    let place = Place::new(folder);
    let there = look_at(folder);
    let is_there = matches!(there, Folder::There { .. });
    Survey {
        contents: is_there.then(|| contents(&place, within)).flatten(),
        role: if is_there { holder(&place) } else { Role::Free },
        free: free(folder),
        barrier: is_there.then(|| rights::barrier(folder)).flatten(),
        flaw: is_there.then(|| rights::flaw(folder)).flatten(),
        folder: there,
    }
}

fn look_at(folder: &Path) -> Folder {
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => Folder::There {
            writable: may_write_in(folder),
        },
        Ok(_) => Folder::Unfit {
            why: "it is a file".to_owned(),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => match above(folder) {
            Some(above) => Folder::Missing {
                makeable: above.is_dir() && may_write_in(&above),
                above,
            },
            None => Folder::Unfit { why: e.to_string() },
        },
        Err(e) => Folder::Unfit { why: e.to_string() },
    }
}

/// The nearest thing above it that is there.
fn above(folder: &Path) -> Option<PathBuf> {
    let mut each = folder.ancestors().skip(1);
    each.find(|path| path.symlink_metadata().is_ok())
        .map(Path::to_owned)
}

fn may_write_in(folder: &Path) -> bool {
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// `None` where there is no journal.
fn contents(place: &Place, within: Duration) -> Option<Result<Contents, JournalError>> {
    match looked_through(place, within) {
        Err(JournalError::Missing { .. }) => None,
        found => Some(found),
    }
}

fn looked_through(place: &Place, within: Duration) -> Result<Contents, JournalError> {
    let missing = || JournalError::Missing {
        path: text(&place.folder),
    };
    match fs::metadata(&place.file) {
        Ok(_) => {}
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(missing()),
        Err(e) => return Err(place.io(&e)),
    }
    let was_in_use = is_in_use(place);
    let found = look_into(&open(place, was_in_use)?, place, within);
    // Somebody began to write while it was taken for unchangeable.
    let found = if !was_in_use && is_in_use(place) {
        look_into(&open(place, true)?, place, within)
    } else {
        found
    };
    found?.ok_or_else(missing)
}

/// `None` where it is still empty.
fn look_into(
    db: &Connection,
    place: &Place,
    within: Duration,
) -> Result<Option<Contents>, JournalError> {
    let Is::Ours(format) = place.is_ours(db)? else {
        return Ok(None);
    };
    let (entries, told) = timed(db, within, || {
        let entries = db.query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0));
        let told = db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        (entries, told)
    });
    let (entries, told) = (in_time(entries), in_time(told));
    let told = told.map_err(|e| place.sqlite(&e))?;
    let files = ["", "-wal", "-shm"].map(|end| size(place, end));
    Ok(Some(Contents {
        bytes: files.iter().sum(),
        format,
        entries: entries.ok().flatten().map(i64::unsigned_abs),
        damage: told.map(|told| if told == "ok" { String::new() } else { told }),
        feeds: read::feeds(db).unwrap_or_default(),
        writable: access(&place.file, Access::WRITE_OK).is_ok(),
    }))
}

/// Whether somebody has it open, or had until they were killed.
pub(super) fn is_in_use(place: &Place) -> bool {
    beside(place, "-shm").exists()
}

/// A connection that makes no file. Reading alone would make SQLite put an
/// index of the log beside the journal, unless it takes it for unchangeable:
/// which it is where there is no log.
pub(super) fn open(place: &Place, in_use: bool) -> Result<Connection, JournalError> {
    if in_use {
        return place.connect(Use::Read);
    }
    if size(place, "-wal") > 0 {
        return Err(JournalError::Io {
            path: text(&place.file),
            why: "there is a log beside it that nobody has open, and looking inside would \
                  change it; the next start of holdline takes it in"
                .into(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(unchangeable(&place.file), flags);
    db.map_err(|e| place.sqlite(&e))
}

/// As SQLite writes addresses.
fn unchangeable(file: &Path) -> String {
    let path = file.display().to_string();
    let path = path
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    format!("file:{path}?immutable=1")
}

/// Does the work, and stops the database in it when the time is over.
fn timed<T>(db: &Connection, within: Duration, work: impl FnOnce() -> T) -> T {
    let stop = db.get_interrupt_handle();
    let (done, watched) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let mut wait = within;
        // Each of the queries is to be stopped, the next one too.
        while watched.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            stop.interrupt();
            wait = Duration::from_millis(5);
        }
    });
    let result = work();
    drop(done);
    let _ = watch.join();
    result
}

/// `None` where the time was over.
fn in_time<T>(result: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match result {
        Err(e) if e.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(None),
        other => other.map(Some),
    }
}

fn beside(place: &Place, end: &str) -> PathBuf {
    place.folder.join(format!("journal.db{end}"))
}

fn size(place: &Place, end: &str) -> u64 {
    fs::metadata(beside(place, end)).map_or(0, |found| found.len())
}

/// Whoever holds the lock keeps it. Where nobody does, it is shared with us
/// for as long as two system calls take; a collector that wants it in that
/// very moment takes it a second later.
fn holder(place: &Place) -> Role {
    let file = match File::open(role::file(place)) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Role::Free,
        Err(e) => return Role::Unknown(e.to_string()),
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => {
            flock(&file, FlockOperation::Unlock).ok();
            Role::Free
        }
        Err(Errno::WOULDBLOCK) => Role::Held(process(&file)),
        Err(e) => Role::Unknown(io::Error::from(e).to_string()),
    }
}

/// How often the list of locks is read: it is given out in pieces, and one of
/// them slips through where others are taken and given back meanwhile.
const LISTED: usize = 5;

/// The process that has locked the file, as Linux lists it; none where it
/// lists it not (another container, another system).
fn process(file: &File) -> Option<u32> {
    let number = file.metadata().ok()?.ino().to_string();
    (0..LISTED).find_map(|_| locker(&fs::read_to_string("/proc/locks").ok()?, &number))
}

/// The process that has the file of this number locked, of a list of locks.
fn locker(locks: &str, number: &str) -> Option<u32> {
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, "WRITE", process, place, ..] = words[..] else {
            return None;
        };
        (place.rsplit(':').next() == Some(number))
            .then(|| process.parse().ok().filter(|id| *id > 0))
            .flatten()
    })
}

/// Also of a folder that is not there yet.
fn free(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|path| path.exists())?;
    let disk = statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            entry::{NewEntry, What},
            time::At,
        },
        journal::Journal,
    };

    const WITHIN: Duration = Duration::from_secs(30);

    fn write(journal: &Journal, count: u64) {
        let entries = (0..count).map(|n| NewEntry {
            at: At(0),
            site: "s".into(),
            dedupe: None,
            what: What::Unknown {
                kind: "noise".into(),
                body: format!("{{\"n\":{n}}}").into(),
            },
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let appended = journal.append(entries.collect());
        runtime.unwrap().block_on(appended).unwrap();
    }

    fn files(folder: &Path) -> Vec<String> {
        let each = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = each
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn one_that_nobody_has_open_is_read_and_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        write(&Journal::open(folder.path()).unwrap(), 7);
        let before = files(folder.path());
        let found = survey(folder.path(), WITHIN);
        let contents = found.contents.unwrap().unwrap();
        assert_eq!(
            (contents.entries, contents.damage),
            (Some(7), Some(String::new()))
        );
        assert_eq!(found.folder, Folder::There { writable: true });
        assert_eq!(found.role, Role::Free);
        assert!(found.free.is_some());
        assert_eq!(files(folder.path()), before, "nothing was made");
    }

    #[test]
    fn one_in_use_is_read_with_what_is_still_in_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        write(&journal, 3);
        let role = journal.collector_role().unwrap();
        let found = survey(folder.path(), WITHIN);
        assert_eq!(found.contents.unwrap().unwrap().entries, Some(3));
        assert!(matches!(found.role, Role::Held(_)), "{:?}", found.role);
        drop(role);
        assert_eq!(survey(folder.path(), WITHIN).role, Role::Free);
        let role = journal.collector_role().unwrap();
        assert!(role.is_some(), "the survey took it from nobody");
    }

    #[test]
    fn what_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        let found = survey(&deep, WITHIN);
        let expected = Folder::Missing {
            above: folder.path().to_owned(),
            makeable: true,
        };
        assert_eq!(found.folder, expected);
        assert!(found.contents.is_none() && found.free.is_some());
        assert!(files(folder.path()).is_empty());
        fs::write(folder.path().join("a"), "").unwrap();
        let found = survey(&deep, WITHIN);
        assert!(matches!(found.folder, Folder::Unfit { .. }), "{found:?}");
    }

    #[test]
    fn damage_is_told() {
        let folder = tempfile::tempdir().unwrap();
        write(&Journal::open(folder.path()).unwrap(), 5_000);
        let file = folder.path().join("journal.db");
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8_192].fill(0xff);
        fs::write(&file, bytes).unwrap();
        match survey(folder.path(), WITHIN).contents.unwrap() {
            Ok(contents) => assert_ne!(contents.damage.unwrap(), ""),
            Err(error) => assert!(matches!(error, JournalError::Damaged { .. }), "{error}"),
        }
    }

    #[test]
    fn looking_ends_when_the_time_is_over() {
        const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                               SELECT count(*) FROM n";
        let db = Connection::open_in_memory().unwrap();
        let count = || db.query_row(ENDLESS, [], |row| row.get::<_, i64>(0));
        let told = timed(&db, Duration::from_millis(1), || [count(), count()]);
        assert_eq!(told.map(|told| in_time(told).unwrap()), [None, None]);
    }

    #[test]
    fn a_path_stands_in_an_address() {
        let path = Path::new("/a b/50%?#/journal.db");
        assert_eq!(
            unchangeable(path),
            "file:/a b/50%25%3f%23/journal.db?immutable=1"
        );
    }
}
