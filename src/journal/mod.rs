//! The journal: the durable, ordered log of all that happened, with the health
//! of the feeds and a checkpoint of the board beside it. It knows how things
//! are written, not what they mean. May use `domain` only.
//!
//! ```text
//!  append ─► writer (one thread: group commit) ─► store ─┐
//!                    │ bell                              ├─► journal.db
//!  Tail, Watch ◄── tail (a thread each) ◄── read ────────┤
//!                                       log (checkpoints) ┘
//! ```
//!
//! * `schema`: the files, the tables, the settings durability rests on
//! * `format`: how entries are written on disk; `acts`: those of triage,
//!   `actions`: intents and outcomes, `hooks`: what vendors pushed
//! * `insert`: entries into their table
//! * `keys`: what is told twice
//! * `ripples`: whether anything is written, as far as the system tells
//! * `role`: who collects
//! * `rights`: who may write it, and what to run where somebody may not
//! * `survey`: how a journal stands, looked at from outside
//! * `upkeep`: checked, exported and made smaller
//! * `kept`: what of a checkpoint outlives it
//! * `sum`: whether an entry is as it was written; `salvage`: what can be saved
//!   of a journal that is damaged

#[cfg(test)]
mod tests;

mod actions;
mod acts;
mod bell;
mod error;
mod format;
mod hooks;
mod insert;
mod kept;
mod keys;
mod log;
mod read;
mod rights;
mod ripples;
mod role;
mod salvage;
mod schema;
mod store;
mod sum;
mod survey;
mod tail;
mod upkeep;
mod writer;

use std::{
    fmt,
    path::Path,
    string::FromUtf8Error,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;
use tokio::task::spawn_blocking;

use crate::domain::{
    board::{Checkpoint, KeptTriage, Snapshot},
    entry::{Entry, NewEntry, Seq},
    feed::{FeedHealth, FeedId},
    time::At,
};
use bell::Bell;
pub use error::JournalError;
pub use rights::{Barrier, owner};
pub use role::CollectorLock;
pub use salvage::{Salvaged, recover};
use schema::{Place, Use};
use store::Row;
pub use survey::{Contents, Folder, Role, Survey, survey};
pub use tail::{News, Tail, Watch};
pub use upkeep::{Checked, KindCount, Stored, check};
use writer::Writer;

/// A journal. Clones share one writer and one reader; when the last is
/// dropped, what is queued is written first, which that drop waits for.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    place: Place,
    /// Before the writer, so that the writer's connections close last: they
    /// may tidy the log away, a reader may not.
    reader: Mutex<Connection>,
    /// `None` where the journal was opened for reading only.
    writer: Option<Writer>,
    bell: Arc<Bell>,
    /// What the board took up when it was saved last, in bytes.
    board: AtomicUsize,
}

impl Journal {
    /// Opens the journal in `folder`, makes both where missing. A new folder
    /// is open to the group as far as the umask allows; the files are as open
    /// to the group as the folder.
    ///
    /// # Errors
    /// The folder cannot be made or written, or what lies there is damaged,
    /// another program's or a newer Holdline's; it is not touched then.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let place = Place::new(folder);
        let entries = place.prepare()?;
        let bell = Arc::<Bell>::default();
        let writer = Writer::start(&place, entries, bell.clone())?;
        Self::with(place, Some(writer), bell)
    }

    /// Opens the journal in `folder` for reading; makes nothing.
    ///
    /// # Errors
    /// [`JournalError::Missing`] where there is none, else as
    /// [`Journal::open`].
    pub fn open_read_only(folder: &Path) -> Result<Self, JournalError> {
        let place = Place::new(folder);
        place.check()?;
        Self::with(place, None, Arc::default())
    }

    fn with(place: Place, writer: Option<Writer>, bell: Arc<Bell>) -> Result<Self, JournalError> {
        let reader = Mutex::new(place.connect(Use::Read)?);
        Ok(Self(Arc::new(Inner {
            place,
            reader,
            writer,
            bell,
            board: AtomicUsize::new(0),
        })))
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.place.folder
    }

    /// Stores the entries, all or none, next to each other and in this order.
    /// Returns once they are on disk; gives each its place, or `None` where
    /// its dedupe key was there before. Places grow, but may have gaps.
    ///
    /// Waits while the queue is full. Given up before that, nothing is stored;
    /// given up later, everything is.
    ///
    /// # Errors
    /// Nothing was stored: disk full, locked by another program, damaged. The
    /// next append tries anew.
    pub async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Option<Seq>>, JournalError> {
        let writer = self.writer()?;
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let row = |entry: NewEntry| {
            let (kind, body) = format::encode(&entry.what)?;
            Ok(Row {
                at: entry.at,
                site: entry.site,
                kind,
                dedupe: entry.dedupe,
                body,
            })
        };
        let rows: Result<Vec<Row>, serde_json::Error> = entries.into_iter().map(row).collect();
        writer.append(rows.map_err(|e| self.json(&e))?).await
    }

    /// Up to `limit` entries after `after`, in order. Short, but blocks on the
    /// disk.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self, after: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        self.look(|db| read::entries(db, after, limit))
    }

    /// What was asked of vendors since `since`, and what came of it, in order.
    /// Short, but blocks on the disk.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn actions_since(&self, since: At) -> Result<Vec<Entry>, JournalError> {
        self.look(|db| read::actions(db, since))
    }

    /// As [`Journal::read`], for who must not block: the disk is waited for on
    /// another thread.
    ///
    /// # Errors
    /// As [`Journal::read`].
    pub async fn fetch(&self, after: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        self.aside(move |journal| journal.read(after, limit)).await
    }

    /// Looks at the journal on another thread, for who must not block.
    ///
    /// # Errors
    /// As `look`.
    pub async fn aside<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Self) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let journal = self.clone();
        let looked = spawn_blocking(move || look(&journal)).await;
        looked.unwrap_or_else(|_| {
            Err(JournalError::Closed {
                path: error::text(&self.0.place.file),
            })
        })
    }

    /// The last entry's place; 0 in an empty journal.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn last_seq(&self) -> Result<Seq, JournalError> {
        self.look(read::last_seq)
    }

    /// The entries after `after` and all that will come, whichever process
    /// appends them: this one's at once, others' within 0.2 s; within 2 s where
    /// the disk takes longer than half a second, or its file system tells nothing.
    #[must_use]
    pub fn tail(&self, after: Seq) -> Tail {
        Tail::start(&self.0.place, &self.0.bell, after)
    }

    /// As [`Journal::tail`], with the health of the feeds whenever any process
    /// writes it.
    #[must_use]
    pub fn news(&self, after: Seq) -> Watch {
        Watch::start(&self.0.place, &self.0.bell, after)
    }

    /// Replaces the health of these feeds; others stay as they are. Seen by
    /// all processes, but not waited for: a power cut may lose it.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn set_feeds(&self, health: Vec<(FeedId, FeedHealth)>) -> Result<(), JournalError> {
        let writer = self.writer()?;
        let row = |(id, health): &(FeedId, FeedHealth)| {
            Ok((serde_json::to_string(id)?, serde_json::to_string(health)?))
        };
        let rows: Result<Vec<_>, serde_json::Error> = health.iter().map(row).collect();
        let rows = rows.map_err(|e| self.json(&e))?;
        writer.aside(move |store| store.set_feeds(&rows)).await
    }

    /// The health of all feeds that ever wrote any, by id.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn feeds(&self) -> Result<Vec<(FeedId, FeedHealth)>, JournalError> {
        self.look(read::feeds)
    }

    /// Replaces the checkpoint, unless the stored one holds more entries.
    /// `fingerprint` stands for all that reading the entries depended on beside
    /// themselves (what the configuration says an event means): one that was
    /// saved with another is not read back. Answers how many bytes it takes up.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn save_checkpoint(
        &self,
        board: impl Into<Snapshot<'_>>,
        fingerprint: u64,
    ) -> Result<usize, JournalError> {
        let writer = self.writer()?;
        let (upto, body) = {
            let board = board.into();
            // In one piece: what grows by doubling lies there three times over.
            let before = self.0.board.load(Ordering::Relaxed);
            let mut body = Vec::with_capacity(before + before / 8);
            serde_json::to_writer(&mut body, &board).map_err(|e| self.json(&e))?;
            let body = String::from_utf8(body);
            let lossy = |e: FromUtf8Error| String::from_utf8_lossy(e.as_bytes()).into_owned();
            (board.upto, body.unwrap_or_else(lossy))
        };
        let bytes = body.len();
        self.0.board.store(bytes, Ordering::Relaxed);
        writer
            .aside(move |store| store.set_board(upto, fingerprint, body))
            .await?;
        Ok(bytes)
    }

    /// The checkpoint; `None` where there is none, or another version wrote
    /// it, or it was saved with another fingerprint, or it does not belong to
    /// these entries. Then the board is folded from the entries, and goes on
    /// from [`Journal::kept_triage`].
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn checkpoint(&self, fingerprint: u64) -> Result<Option<Checkpoint>, JournalError> {
        self.look(|db| read::checkpoint(db, fingerprint))
    }

    /// What the stored checkpoint knows of callbacks, whichever version wrote
    /// it and under whichever fingerprint: who must not be called outlives
    /// the entries that say so. `None` where there is none, or it does not
    /// belong to these entries.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn kept_triage(&self) -> Result<Option<KeptTriage>, JournalError> {
        self.look(read::triage)
    }

    /// Deletes entries received before `older_than`, a few at a time between
    /// other writing, and returns how many. What the checkpoint does not hold
    /// yet stays, and so does the last entry; without a checkpoint, all stay.
    ///
    /// # Errors
    /// As [`Journal::append`]; what was deleted until then is gone.
    pub async fn prune(&self, older_than: At) -> Result<u64, JournalError> {
        let writer = self.writer()?;
        let (mut deleted, mut after) = (0, Some(0));
        while let Some(place) = after {
            let step = writer
                .aside(move |store| store.prune(place, older_than))
                .await?;
            deleted += step.deleted;
            after = step.next;
        }
        Ok(deleted)
    }

    /// Up to `limit` entries after `after` as they stand on disk, in order.
    /// Blocks on the disk.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn stored(&self, after: Seq, limit: usize) -> Result<Vec<Stored>, JournalError> {
        self.look(|db| upkeep::stored(db, after, limit))
    }

    /// Gives the room of deleted entries back to the disk. Nothing can be
    /// appended meanwhile, by no process, and as much room as the journal takes
    /// must be free twice over: for who has the collector's role.
    ///
    /// # Errors
    /// As [`Journal::append`]; the journal is then as it was.
    pub async fn compact(&self, _role: &CollectorLock) -> Result<(), JournalError> {
        self.writer()?.aside(store::Store::compact).await
    }

    /// Takes the collector's role, if nobody has it: no other process, and no
    /// other holder in this one.
    ///
    /// # Errors
    /// The lock's file cannot be made.
    pub fn collector_role(&self) -> Result<Option<CollectorLock>, JournalError> {
        CollectorLock::take(&self.0.place)
    }

    /// Waits until all that was queued before is written, and entries are on
    /// disk. Whether they were, each append has told its caller.
    ///
    /// # Errors
    /// [`JournalError::Closed`] if the writer has ended.
    pub async fn flush(&self) -> Result<(), JournalError> {
        match &self.0.writer {
            Some(writer) => writer.aside(|_| Ok(())).await,
            None => Ok(()),
        }
    }

    /// How many transactions with entries in them this handle and its clones
    /// have committed: how well appends are grouped.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.0.writer.as_ref().map_or(0, Writer::commits)
    }

    fn writer(&self) -> Result<&Writer, JournalError> {
        self.0
            .writer
            .as_ref()
            .ok_or_else(|| JournalError::ReadOnly {
                path: error::text(&self.0.place.file),
            })
    }

    fn look<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let db = self.0.reader.lock();
        read(&db.unwrap_or_else(PoisonError::into_inner)).map_err(|e| self.0.place.sqlite(&e))
    }

    fn json(&self, error: &serde_json::Error) -> JournalError {
        JournalError::Io {
            path: error::text(&self.0.place.file),
            why: error.to_string().into(),
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal")
            .field(&self.0.place.folder)
            .finish()
    }
}
