//! What is written, on the writer's own two connections: entries with the disk
//! waited for, all else without. Knows no threads; see `writer`.

use std::fs;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{
    error::{JournalError, text},
    insert::Insert,
    keys::{self, Filed, InStore, Keys},
    log,
    read::{BOARD_FORMAT, last_place},
    schema::{self, Identity, Place, Use, VERSION},
};
use crate::domain::{entry::Seq, id::SiteName, time::At};

/// An entry in the disk's words.
pub(super) struct Row {
    pub at: At,
    pub site: SiteName,
    pub kind: std::sync::Arc<str>,
    pub dedupe: Option<String>,
    pub body: String,
}

impl Row {
    /// About what it takes up in the log.
    fn weight(&self) -> u64 {
        const OVERHEAD: u64 = 64;
        OVERHEAD + self.body.len() as u64 + self.dedupe.as_ref().map_or(0, |key| key.len() as u64)
    }
}

/// A health row: the feed's id and its health, both JSON.
pub(super) type FeedRow = (String, String);

/// Where each entry of a batch's appends went, and the batch's weight.
pub(super) struct Stored {
    pub seqs: Vec<Vec<Option<Seq>>>,
    pub weight: u64,
}

/// Entries looked at by one step of pruning: short enough that nobody who
/// appends meanwhile notices.
const PRUNE_STEP: i64 = 2_000;

/// About what an entry that is deleted takes up in the log: a page of those
/// that keys are filed on, if they lie in no order.
const PRUNED: u64 = 4 << 10;

/// How far a step of pruning came.
pub(super) struct Pruned {
    /// Entries deleted.
    pub deleted: u64,
    /// Where the next step goes on; `None` at the end.
    pub next: Option<Seq>,
}

/// The writer's connections.
pub(super) struct Store {
    place: Place,
    opened: Option<Identity>,
    entries: Connection,
    aside: Connection,
    /// Under which keys entries were stored, where that is not on file.
    keys: Keys,
    /// About what was written aside and is not accounted for yet, in bytes.
    aside_weight: u64,
}

impl Store {
    /// Entries are stored on the connection given, all else on another.
    pub(super) fn open(place: Place, entries: Connection) -> Result<Self, JournalError> {
        let aside = place.connect(Use::Aside)?;
        // What retention takes away is overwritten where that costs no
        // further page.
        aside
            .pragma_update(None, "secure_delete", "fast")
            .map_err(|e| place.sqlite(&e))?;
        Ok(Self {
            entries,
            aside,
            keys: Keys::default(),
            aside_weight: 0,
            opened: place.identity(),
            place,
        })
    }

    /// A file that was deleted is still written to without complaint, and
    /// seen by nobody: two teams would believe in two journals.
    fn is_there(&self) -> Result<(), JournalError> {
        if self.place.identity() == self.opened {
            return Ok(());
        }
        Err(JournalError::Gone {
            path: text(&self.place.file),
        })
    }

    /// Stores the appends in one transaction, all or none; they are on disk
    /// when this returns.
    pub(super) fn append(&mut self, batch: &[Vec<Row>]) -> Result<Stored, JournalError> {
        self.is_there()?;
        let stored = insert(&mut self.entries, &mut self.keys, batch);
        if !matches!(stored, Ok(Ok(_))) {
            // Keys of what was not stored are among them.
            self.keys = Keys::default();
        }
        let stored = stored.map_err(|e| self.place.sqlite(&e))?;
        stored.map_err(|newer| self.place.newer(newer))
    }

    /// Files some of the keys that wait for it, where enough of them do; of an
    /// append of so many entries before it.
    pub(super) fn file_keys(&mut self, stored: usize) -> Result<(), JournalError> {
        if !self.keys.is_due() {
            return Ok(());
        }
        let filed = file(&mut self.aside, &self.keys, stored);
        if !matches!(filed, Ok(Ok(_))) {
            self.keys.failed();
        }
        let filed = filed.map_err(|e| self.place.sqlite(&e))?;
        let filed = filed.map_err(|newer| self.place.newer(newer))?;
        self.keys.done(&filed);
        self.aside_weight += filed.many as u64 * keys::WEIGHT;
        Ok(())
    }

    /// Begins the log anew, if nobody reads it just now.
    pub(super) fn begin_log(&self) -> Result<(), JournalError> {
        log::begin_anew(&self.aside).map_err(|e| self.place.sqlite(&e))
    }

    /// Replaces the health of the feeds named.
    pub(super) fn set_feeds(&mut self, feeds: &[FeedRow]) -> Result<(), JournalError> {
        self.is_there()?;
        let db = &mut self.aside;
        let stored = upsert_feeds(db, feeds).map_err(|e| self.place.sqlite(&e))?;
        stored.map_err(|newer| self.place.newer(newer))
    }

    /// Replaces the checkpoint, unless the one stored is newer and like it.
    pub(super) fn set_board(
        &mut self,
        upto: Seq,
        fingerprint: u64,
        body: String,
    ) -> Result<(), JournalError> {
        let weight = body.len() as u64;
        let db = &self.aside;
        replace_board(db, upto, fingerprint, body).map_err(|e| self.place.sqlite(&e))?;
        self.aside_weight += weight;
        Ok(())
    }

    /// Deletes entries received before `older_than`, looking only at the next
    /// few after `after`.
    pub(super) fn prune(&mut self, after: Seq, older_than: At) -> Result<Pruned, JournalError> {
        let pruned = prune(&mut self.aside, number(after), older_than);
        let pruned = pruned.map_err(|e| self.place.sqlite(&e))?;
        let pruned = pruned.map_err(|newer| self.place.newer(newer))?;
        self.aside_weight += pruned.deleted * PRUNED;
        Ok(pruned)
    }

    /// Writes the database anew without what was deleted, and empties the log.
    pub(super) fn compact(&mut self) -> Result<(), JournalError> {
        self.is_there()?;
        self.aside
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(|e| self.place.sqlite(&e))?;
        // All of it went through the log, which is not emptied while somebody
        // reads.
        self.aside_weight += fs::metadata(&self.place.file).map_or(0, |file| file.len());
        Ok(())
    }

    /// About what was written aside since this was asked last, in bytes.
    pub(super) fn wrote_aside(&mut self) -> u64 {
        std::mem::take(&mut self.aside_weight)
    }

    #[cfg(test)]
    pub(super) fn entries(&self) -> &Connection {
        &self.entries
    }

    #[cfg(test)]
    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }
}

/// SQLite's integers have a sign.
pub(super) fn number(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// The format of the tables if it is one that we do not know: a newer Holdline
/// has brought the journal up to date while we had it open.
type Newer = i64;

/// A transaction on tables that we know.
fn begin(db: &mut Connection) -> rusqlite::Result<Result<Transaction<'_>, Newer>> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = schema::version(&tx)?;
    Ok(if found > VERSION { Err(found) } else { Ok(tx) })
}

fn insert(
    db: &mut Connection,
    keys: &mut Keys,
    batch: &[Vec<Row>],
) -> rusqlite::Result<Result<Stored, Newer>> {
    let tx = match begin(db)? {
        Ok(tx) => tx,
        Err(newer) => return Ok(Err(newer)),
    };
    let (mut seqs, mut weight) = (Vec::with_capacity(batch.len()), 0);
    {
        // The writer gives places itself, as an entry's sum covers its place.
        let last = last_place(&tx)?;
        let brings = batch.iter().flatten().any(|row| row.dedupe.is_some());
        keys.learn(&tx, number(last), brings)?;
        let mut next = last + 1;
        let mut stored = InStore::of(&tx)?;
        let mut insert = Insert::into(&tx)?;
        for rows in batch {
            let mut places = Vec::with_capacity(rows.len());
            for row in rows {
                let is_new = is_new(&mut stored, keys, next, row)?;
                if is_new {
                    insert.put(next, row)?;
                }
                places.push(is_new.then_some(next));
                next += u64::from(is_new);
                weight += row.weight();
            }
            seqs.push(places);
        }
        keys.stored(number(last), number(next - 1));
    }
    tx.commit()?;
    Ok(Ok(Stored { seqs, weight }))
}

/// Whether no entry has the key of this one, if it has any; then it is known
/// from now on, at this place.
pub(super) fn is_new(
    stored: &mut InStore<'_>,
    keys: &mut Keys,
    seq: Seq,
    row: &Row,
) -> rusqlite::Result<bool> {
    match &row.dedupe {
        Some(key) => keys.take(stored, number(seq), row.site.as_str(), key),
        None => Ok(true),
    }
}

fn file(db: &mut Connection, keys: &Keys, stored: usize) -> rusqlite::Result<Result<Filed, Newer>> {
    let tx = match begin(db)? {
        Ok(tx) => tx,
        Err(newer) => return Ok(Err(newer)),
    };
    let filed = keys.file(&tx, stored)?;
    tx.commit()?;
    Ok(Ok(filed))
}

fn upsert_feeds(db: &mut Connection, feeds: &[FeedRow]) -> rusqlite::Result<Result<(), Newer>> {
    let tx = match begin(db)? {
        Ok(tx) => tx,
        Err(newer) => return Ok(Err(newer)),
    };
    {
        let version: i64 = tx
            .prepare_cached("SELECT coalesce(max(version), 0) + 1 FROM feed")?
            .query_row([], |row| row.get(0))?;
        let mut upsert = tx.prepare_cached(
            "INSERT INTO feed (id, health, version) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE
             SET health = excluded.health, version = excluded.version",
        )?;
        for (id, health) in feeds {
            upsert.execute(params![id, health, version])?;
        }
    }
    tx.commit()?;
    Ok(Ok(()))
}

/// A board's text may be long: ours is let go of as soon as `SQLite` has its own.
fn replace_board(
    db: &Connection,
    upto: Seq,
    fingerprint: u64,
    body: String,
) -> rusqlite::Result<()> {
    let mut upsert = db.prepare(
        "INSERT INTO board (one, format, fingerprint, upto, body)
         VALUES (1, ?1, ?2, ?3, ?4)
         ON CONFLICT (one) DO UPDATE
         SET format = excluded.format, fingerprint = excluded.fingerprint,
             upto = excluded.upto, body = excluded.body
         WHERE board.format <> excluded.format
             OR board.fingerprint <> excluded.fingerprint
             OR board.upto <= excluded.upto",
    )?;
    upsert.raw_bind_parameter(1, BOARD_FORMAT)?;
    upsert.raw_bind_parameter(2, fingerprint.cast_signed())?;
    upsert.raw_bind_parameter(3, number(upto))?;
    upsert.raw_bind_parameter(4, &body)?;
    drop(body);
    upsert.raw_execute().map(drop)
}

/// Never deletes what the checkpoint does not hold, so the board can always be
/// rebuilt; without a checkpoint that can be read, deletes nothing. The log is
/// ordered: whatever of this survives a power cut, the checkpoint before it
/// does too. The last entry stays, so that the journal always knows how far it
/// has come.
fn prune(
    db: &mut Connection,
    after: i64,
    older_than: At,
) -> rusqlite::Result<Result<Pruned, Newer>> {
    let tx = match begin(db)? {
        Ok(tx) => tx,
        Err(newer) => return Ok(Err(newer)),
    };
    let last: Option<i64> = tx
        .query_row(
            "SELECT min(upto, (SELECT max(seq) FROM entry) - 1) FROM board WHERE format = ?1",
            [BOARD_FORMAT],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    let first: Option<i64> = tx.query_row(
        "SELECT min(seq) FROM entry WHERE seq > ?1",
        [after],
        |row| row.get(0),
    )?;
    let (Some(last), Some(first)) = (last, first) else {
        return Ok(Ok(Pruned {
            deleted: 0,
            next: None,
        }));
    };
    let upto = last.min(first.saturating_add(PRUNE_STEP - 1));
    keys::take_off(&tx, &keys::cards(&tx, first - 1, upto, older_than.0)?)?;
    let deleted = tx.execute(
        "DELETE FROM entry WHERE seq BETWEEN ?1 AND ?2 AND at < ?3",
        [first, upto, older_than.0],
    )?;
    tx.commit()?;
    Ok(Ok(Pruned {
        deleted: deleted as u64,
        next: (upto < last).then(|| upto.unsigned_abs()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_aside_counts_for_the_logs_length() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path());
        let entries = place.prepare().unwrap();
        let mut store = Store::open(place, entries).unwrap();
        let body = format!("{{\"queues\":[],\"filler\":\"{}\"}}", "x".repeat(100_000));
        let weight = body.len() as u64;
        store.set_board(2_000, 0, body).unwrap();
        assert_eq!(store.wrote_aside(), weight);
        assert_eq!(store.wrote_aside(), 0, "told once");

        let row = || Row {
            at: At(1),
            site: "s".into(),
            kind: "k".into(),
            dedupe: None,
            body: "{}".into(),
        };
        store.append(&[vec![row(), row(), row()]]).unwrap();
        assert_eq!(store.prune(0, At(2)).unwrap().deleted, 2, "the last stays");
        assert_eq!(store.wrote_aside(), 2 * PRUNED);

        store.compact().unwrap();
        assert!(store.wrote_aside() > 100_000);
    }
}
