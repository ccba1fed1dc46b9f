//! Puts entries into their table, several by one statement: what a statement
//! costs beside its rows is more than half of what one row costs. Knows no
//! transactions and no keys.

use rusqlite::{CachedStatement, Connection};

use super::{
    store::{Row, number},
    sum::Summed,
};
use crate::domain::entry::Seq;

/// So many by one statement.
const TOGETHER: usize = 8;

/// What puts one entry into the table.
pub(super) struct Insert<'c>(CachedStatement<'c>);

impl<'c> Insert<'c> {
    /// Into this journal's.
    pub(super) fn into(db: &'c Connection) -> rusqlite::Result<Self> {
        Self::of(db, 1)
    }

    fn of(db: &'c Connection, rows: usize) -> rusqlite::Result<Self> {
        let values = vec!["(?, ?, ?, ?, ?, ?, ?)"; rows].join(", ");
        db.prepare_cached(&format!(
            "INSERT INTO entry (seq, at, site, kind, dedupe, body, sum) VALUES {values}"
        ))
        .map(Self)
    }

    /// Stores an entry at a place, with its sum.
    pub(super) fn put(&mut self, seq: Seq, row: &Row) -> rusqlite::Result<()> {
        self.put_all(&[(seq, row)])
    }

    /// As many as it was made for.
    fn put_all(&mut self, entries: &[(Seq, &Row)]) -> rusqlite::Result<()> {
        let Self(statement) = self;
        let mut place = 1..;
        let mut next = || place.next().unwrap_or_default();
        for (seq, row) in entries {
            statement.raw_bind_parameter(next(), number(*seq))?;
            statement.raw_bind_parameter(next(), row.at.0)?;
            statement.raw_bind_parameter(next(), row.site.as_str())?;
            statement.raw_bind_parameter(next(), &*row.kind)?;
            statement.raw_bind_parameter(next(), row.dedupe.as_deref())?;
            statement.raw_bind_parameter(next(), row.body.as_str())?;
            statement.raw_bind_parameter(next(), sum(*seq, row))?;
        }
        statement.raw_execute().map(drop)
    }
}

/// Entries on their way into the table.
pub(super) struct Together<'c, 'r> {
    db: &'c Connection,
    waiting: Vec<(Seq, &'r Row)>,
}

impl<'c, 'r> Together<'c, 'r> {
    pub(super) fn into(db: &'c Connection) -> Self {
        Self {
            db,
            waiting: Vec::with_capacity(TOGETHER),
        }
    }

    /// Whether one that is not in the table yet has the key of this one.
    pub(super) fn has(&self, row: &Row) -> bool {
        let mut waiting = self.waiting.iter();
        row.dedupe.is_some()
            && waiting.any(|(_, other)| other.dedupe == row.dedupe && other.site == row.site)
    }

    /// Stores an entry at a place, now or with those after it.
    pub(super) fn put(&mut self, seq: Seq, row: &'r Row) -> rusqlite::Result<()> {
        self.waiting.push((seq, row));
        if self.waiting.len() == TOGETHER {
            Insert::of(self.db, TOGETHER)?.put_all(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }

    /// Stores those that wait.
    pub(super) fn done(self) -> rusqlite::Result<()> {
        let mut one = Insert::into(self.db)?;
        let mut waiting = self.waiting.into_iter();
        waiting.try_for_each(|(seq, row)| one.put(seq, row))
    }
}

fn sum(seq: Seq, row: &Row) -> u32 {
    let summed = Summed {
        seq,
        at: row.at.0,
        site: row.site.as_str().as_bytes(),
        kind: row.kind.as_bytes(),
        dedupe: row.dedupe.as_ref().map(String::as_bytes),
        body: row.body.as_bytes(),
    };
    summed.sum()
}
