//! Puts entries into their table, each with its sum. Knows no transactions and
//! no keys.

use rusqlite::{CachedStatement, Connection, params};

use super::{
    store::{Row, number},
    sum::Summed,
};
use crate::domain::entry::Seq;

/// What puts an entry into the table.
pub(super) struct Insert<'c>(CachedStatement<'c>);

impl<'c> Insert<'c> {
    /// Into this journal's.
    pub(super) fn into(db: &'c Connection) -> rusqlite::Result<Self> {
        db.prepare_cached(
            "INSERT INTO entry (seq, at, site, kind, dedupe, body, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .map(Self)
    }

    /// Stores an entry at a place.
    pub(super) fn put(&mut self, seq: Seq, row: &Row) -> rusqlite::Result<()> {
        let summed = Summed {
            seq,
            at: row.at.0,
            site: row.site.as_str().as_bytes(),
            kind: row.kind.as_bytes(),
            dedupe: row.dedupe.as_ref().map(String::as_bytes),
            body: row.body.as_bytes(),
        };
        self.0
            .execute(params![
                number(seq),
                row.at.0,
                row.site.as_str(),
                row.kind,
                row.dedupe,
                row.body,
                summed.sum()
            ])
            .map(drop)
    }
}
