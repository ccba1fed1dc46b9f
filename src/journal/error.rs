//! What can be wrong with the journal: each a sentence that names the file and
//! says what to do. Cloned freely, as everybody in a failed batch gets one.

use std::{io, path::Path, sync::Arc};

use rusqlite::ErrorCode;

use super::rights;

/// The remedy where nothing is found in the way.
const UNEXPLAINED: &str = "make the file and its folder writable for you, or name another folder \
                           as `path` under [journal]";

/// What went wrong with the journal.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder is missing and cannot be made, or is not a folder.
    #[error(
        "cannot make the journal's folder {path}: {why}; {remedy}name another one as `path` under \
         [journal]"
    )]
    Folder {
        /// The folder.
        path: Arc<str>,
        /// What the system said.
        why: Arc<str>,
        /// What to run, and "or"; empty where nothing helps.
        remedy: Arc<str>,
    },
    /// There is no journal to read.
    #[error(
        "there is no journal in {path} yet; run `holdline` or `holdline collect` with this \
         configuration first"
    )]
    Missing {
        /// The folder.
        path: Arc<str>,
    },
    /// Its file was taken away or replaced while it was open: what is written
    /// now would be seen by nobody.
    #[error(
        "the journal {path} was removed or replaced while it was in use, so nothing more is \
         recorded; start holdline again"
    )]
    Gone {
        /// The file.
        path: Arc<str>,
    },
    /// The system refuses to open or write it.
    #[error("cannot write the journal {path}: {why}; {remedy}")]
    NotWritable {
        /// The file.
        path: Arc<str>,
        /// Whose it is and who asks, or what the system said.
        why: Arc<str>,
        /// What to run, and who.
        remedy: Arc<str>,
    },
    /// It was opened for reading only.
    #[error("the journal {path} was opened for reading only and takes no entries")]
    ReadOnly {
        /// The file.
        path: Arc<str>,
    },
    /// No room left.
    #[error(
        "the disk is full: nothing more can be written to the journal {path}; free some space, \
         writing then goes on by itself"
    )]
    Full {
        /// The file.
        path: Arc<str>,
    },
    /// Another program holds the write lock and does not let go.
    #[error(
        "another program has kept the journal {path} locked for more than {seconds} s; end it (a \
         database browser, a backup), writing then goes on by itself"
    )]
    Busy {
        /// The file.
        path: Arc<str>,
        /// How long we waited.
        seconds: u64,
    },
    /// The system did not give a lock back, or not in time: other
    /// connections of this process may wait for it for ever.
    #[error(
        "the system's locks on the journal {path} do not work; if this does not end by itself \
         start Holdline again, and if it comes back name a folder on a disk of this machine as \
         `path` under [journal]"
    )]
    Locks {
        /// The file.
        path: Arc<str>,
    },
    /// Not readable as a journal any more.
    #[error(
        "the journal {path} is damaged ({why}); nothing was changed: `holdline journal recover` \
         saves what can be read, else move the folder aside to begin a new journal, or put back a \
         copy"
    )]
    Damaged {
        /// The file.
        path: Arc<str>,
        /// What SQLite said.
        why: Arc<str>,
    },
    /// A database of some other program.
    #[error(
        "{path} belongs to another program and is not a Holdline journal; nothing was changed: \
         name another folder as `path` under [journal]"
    )]
    Alien {
        /// The file.
        path: Arc<str>,
    },
    /// Written by a newer Holdline.
    #[error(
        "the journal {path} has format {found}, this Holdline knows formats up to {known}; use \
         the newer Holdline that wrote it, or name another folder as `path` under [journal]"
    )]
    Version {
        /// The file.
        path: Arc<str>,
        /// Its format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// The thread behind it has ended.
    #[error("the journal {path} is closed; start Holdline again")]
    Closed {
        /// The file.
        path: Arc<str>,
    },
    /// Anything else the system or SQLite refused.
    #[error("the journal {path} cannot be used: {why}; check the disk it lies on")]
    Io {
        /// The file.
        path: Arc<str>,
        /// What was said.
        why: Arc<str>,
    },
}

impl JournalError {
    /// The folder cannot be made.
    pub(super) fn folder(path: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::PermissionDenied => format!("{}, or ", rights::to_make(path)),
            _ => String::new(),
        };
        Self::Folder {
            path: text(path),
            why: error.to_string().into(),
            remedy: remedy.into(),
        }
    }

    /// The file, or one beside it, cannot be written.
    pub(super) fn not_writable(file: &Path, why: &str) -> Self {
        let barrier = file.parent().and_then(rights::barrier);
        let (why, remedy) = barrier.map_or_else(
            || (why.to_owned(), UNEXPLAINED.to_owned()),
            |barrier| (barrier.found, barrier.remedy),
        );
        Self::NotWritable {
            path: text(file),
            why: why.into(),
            remedy: remedy.into(),
        }
    }

    /// What SQLite's error means for the journal at `path`.
    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let why: Arc<str> = match error {
            rusqlite::Error::SqliteFailure(code, message) => message
                .clone()
                .unwrap_or_else(|| rusqlite::ffi::code_to_str(code.extended_code).to_owned())
                .into(),
            other => other.to_string().into(),
        };
        let (file, path) = (path, text(path));
        // The index of the log cannot grow: the disk is full, in other words.
        let no_room = error
            .sqlite_error()
            .is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE);
        match error.sqlite_error_code() {
            _ if no_room => Self::Full { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy {
                path,
                seconds: super::schema::BUSY.as_secs(),
            },
            Some(ErrorCode::FileLockingProtocolFailed) => Self::Locks { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, why }
            }
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::not_writable(file, &why)
            }
            _ => Self::Io { path, why },
        }
    }

    /// What a refused file operation means for the journal at `path`.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let why: Arc<str> = error.to_string().into();
        let (file, path) = (path, text(path));
        match error.kind() {
            io::ErrorKind::NotADirectory => Self::folder(file.parent().unwrap_or(file), error),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::not_writable(file, &why)
            }
            _ => Self::Io { path, why },
        }
    }
}

/// A path as it stands in a sentence.
pub(super) fn text(path: &Path) -> Arc<str> {
    path.display().to_string().into()
}
