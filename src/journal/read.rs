//! What is read, on a connection of the reader's own. Each answer is one
//! statement, so no reader holds the log back for long.

use rusqlite::{Connection, OptionalExtension, types::ValueRef};

use super::{actions, format, kept, schema, store::number};
use crate::domain::{
    board::{Checkpoint, KeptTriage},
    entry::{Entry, Seq},
    feed::{FeedHealth, FeedId},
    time::At,
};

/// The format of a checkpoint's body. Another number makes every stored
/// checkpoint unreadable but for its triage, and the board is folded from the
/// entries once.
pub(super) const BOARD_FORMAT: i64 = 7;

/// Before this format of the tables, checkpoints did not say what they
/// depended on.
const WITH_FINGERPRINT: i64 = 2;

/// Up to `limit` entries after `after`, in order.
pub(super) fn entries(db: &Connection, after: Seq, limit: usize) -> rusqlite::Result<Vec<Entry>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.prepare_cached(
        "SELECT seq, at, site, kind, body FROM entry WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?
    .query_map([number(after), limit], |row| {
        let text = |column| row.get_ref(column).map(lossy);
        Ok(Entry {
            seq: row.get::<_, i64>(0)?.unsigned_abs(),
            at: At(row.get(1)?),
            site: text(2)?.as_ref().into(),
            what: format::decode(&text(3)?, &text(4)?),
        })
    })?
    .collect()
}

/// The intents and outcomes of actions received since `since`, in order; found
/// from the end, so that an old journal costs nothing.
pub(super) fn actions(db: &Connection, since: At) -> rusqlite::Result<Vec<Entry>> {
    let mut query =
        db.prepare_cached("SELECT seq, at, site, kind, body FROM entry ORDER BY seq DESC")?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let at = At(row.get(1)?);
        if at < since {
            break;
        }
        let kind = lossy(row.get_ref(3)?);
        if !actions::is_kind(&kind) {
            continue;
        }
        found.push(Entry {
            seq: row.get::<_, i64>(0)?.unsigned_abs(),
            at,
            site: lossy(row.get_ref(2)?).as_ref().into(),
            what: format::decode(&kind, &lossy(row.get_ref(4)?)),
        });
    }
    found.reverse();
    Ok(found)
}

/// A damaged text must not keep a reader from all that stands behind it.
pub(super) fn lossy(value: ValueRef<'_>) -> std::borrow::Cow<'_, str> {
    match value.as_str() {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(value.as_bytes().unwrap_or_default()),
    }
}

/// The last entry's place; 0 in an empty journal.
pub(super) fn last_seq(db: &Connection) -> rusqlite::Result<Seq> {
    db.prepare_cached("SELECT coalesce(max(seq), 0) FROM entry")?
        .query_row([], |row| row.get::<_, i64>(0))
        .map(i64::unsigned_abs)
}

/// The last place that was ever given, be its entry deleted.
pub(super) fn last_place(db: &Connection) -> rusqlite::Result<Seq> {
    db.prepare_cached(
        "SELECT max(
            coalesce((SELECT max(seq) FROM entry), 0),
            coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entry'), 0))",
    )?
    .query_row([], |row| row.get::<_, i64>(0))
    .map(i64::unsigned_abs)
}

/// All feeds' health. Rows that another version wrote and this one cannot
/// read are left out: the collector writes them anew within an interval.
pub(super) fn feeds(db: &Connection) -> rusqlite::Result<Vec<(FeedId, FeedHealth)>> {
    let mut query = db.prepare_cached("SELECT id, health FROM feed ORDER BY id")?;
    let rows = query.query_map([], |row| {
        let id = serde_json::from_str(&lossy(row.get_ref(0)?)).ok();
        let health = serde_json::from_str(&lossy(row.get_ref(1)?)).ok();
        Ok(id.zip(health))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// A number that is another one whenever a feed's health was written.
pub(super) fn feeds_version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT coalesce(max(version), 0) FROM feed")?
        .query_row([], |row| row.get(0))
}

/// A number that is another one whenever another connection has written.
pub(super) fn data_version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
}

/// The checkpoint, if there is one that can be read and used.
pub(super) fn checkpoint(
    db: &Connection,
    fingerprint: u64,
) -> rusqlite::Result<Option<Checkpoint>> {
    if schema::version(db)? < WITH_FINGERPRINT {
        return Ok(None);
    }
    let row = db
        .prepare_cached("SELECT upto, body FROM board WHERE format = ?1 AND fingerprint = ?2")?
        .query_row((BOARD_FORMAT, fingerprint.cast_signed()), |row| {
            let body = serde_json::from_str::<Checkpoint>(&lossy(row.get_ref(1)?)).ok();
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), body))
        })
        .optional()?;
    let last = last_seq(db)?;
    // One that claims entries that are not there would hide those to come.
    Ok(row.and_then(|(upto, body)| body.filter(|board| board.upto == upto && upto <= last)))
}

/// The triage of the stored checkpoint, whatever its format and fingerprint.
pub(super) fn triage(db: &Connection) -> rusqlite::Result<Option<KeptTriage>> {
    let kept = kept::stored(db)?;
    // That of other entries would hide the acts to come.
    let last = last_place(db)?;
    Ok(kept.filter(|kept| kept.upto <= last))
}
