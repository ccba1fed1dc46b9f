//! What is told twice: under which keys entries were stored. A key lies
//! anywhere among all that ever were, so to put each in its place at once costs
//! a page of the disk an event. Those of recent entries are known in memory
//! instead, and filed later: many at once, in order, some of them after each of
//! a few commits. May use nothing.
//!
//! What is in memory is only ever what stands on disk: it is read from there
//! at first, where another process has written in between, and again after
//! anything that failed.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use md5::{Digest, Md5};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

/// So many keys are filed at once: of a million before them, each page that is
/// touched takes several.
const MANY: usize = if cfg!(test) { 64 } else { 16_384 };
/// They are also filed when so many entries, most of them without a key, came
/// since: who opens the journal next reads no more than these.
const SPAN: i64 = if cfg!(test) { 200 } else { 32_768 };
/// Filed by one transaction: short enough that nobody who appends meanwhile
/// notices.
const STEP: usize = if cfg!(test) { 10 } else { 2_048 };
/// Commits that are let pass when keys could not be filed.
const REST: u32 = 64;
/// About what a key that is filed takes up in the log, in bytes: some of a
/// page, if keys lie in no order.
pub(super) const WEIGHT: u64 = 256;

/// Where a key is filed. Keys that begin with the same ten digits, as those
/// that begin with the same second do, lie side by side.
type Slot = i64;

/// What a key is filed by: its slot, and the entry that has it.
type Card = (Slot, i64);

/// The slot of a site's key, as it stands on disk, for ever. Several keys may
/// have one: only the entry tells. That nobody finds many of them is all that
/// the digest is for.
fn slot(site: &[u8], key: &[u8]) -> Slot {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let begins = key.get(..10).and_then(|first| {
        let mut digits = first.iter();
        digits.try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
    });
    let digest: [u8; 16] = Md5::new()
        .chain_update((site.len() as u64).to_le_bytes())
        .chain_update(site)
        .chain_update(key)
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    (begins.unwrap_or(0) & 0x7fff_ffff) << 32 | i64::from(u32::from_le_bytes([a, b, c, d]))
}

/// The keys that are known and not yet filed, as one process sees it.
#[derive(Default)]
pub(super) struct Keys {
    /// The keys of entries after `filed`, up to `known`.
    recent: BTreeSet<Card>,
    /// The last entry whose key is known, here or on file.
    known: i64,
    /// Up to here all keys are on file, as far as this process was told.
    filed: i64,
    /// What is being filed.
    filing: Option<Filing>,
    /// Commits that are let pass before the next attempt.
    rest: u32,
}

/// The keys of entries up to one, of which those before `next` are filed.
#[derive(Clone, Copy)]
struct Filing {
    upto: i64,
    next: Card,
}

/// What a step has filed, once its transaction is committed.
pub(super) struct Filed {
    upto: i64,
    /// The first that is left; `None` where all are filed.
    next: Option<Card>,
    /// How many there were.
    pub many: usize,
}

/// What stands in the journal, as a transaction sees it.
pub(super) struct InStore<'c> {
    filed: CachedStatement<'c>,
    has: CachedStatement<'c>,
}

impl<'c> InStore<'c> {
    pub fn of(db: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            filed: db.prepare_cached("SELECT seq FROM filed WHERE slot = ?1")?,
            has: db.prepare_cached(
                "SELECT 1 FROM entry WHERE seq = ?1 AND site = ?2 AND dedupe = ?3",
            )?,
        })
    }

    /// Adds the entries whose keys are filed in this slot.
    fn filed(&mut self, slot: Slot, to: &mut Vec<i64>) -> rusqlite::Result<()> {
        let mut rows = self.filed.query([slot])?;
        while let Some(row) = rows.next()? {
            // It may be damaged.
            to.extend(row.get::<_, i64>(0));
        }
        Ok(())
    }

    /// Whether the entry at this place has this key of this site.
    fn has(&mut self, seq: i64, site: &str, key: &str) -> rusqlite::Result<bool> {
        self.has.exists(params![seq, site, key])
    }
}

impl Keys {
    /// Learns what others have stored since, in a transaction that `last` is
    /// the journal's last place in. Who brings no keys need not know.
    pub fn learn(&mut self, db: &Connection, last: i64, brings: bool) -> rusqlite::Result<()> {
        if self.known == last || self.can_wait(last, brings) {
            return Ok(());
        }
        let filed = filed_upto(db)?.min(last);
        if filed > self.known {
            self.recent.clear();
            self.known = filed;
        } else if filed > self.filed {
            self.recent.retain(|(_, seq)| *seq > filed);
        }
        self.filed = filed;
        if self.can_wait(last, brings) {
            return Ok(());
        }
        self.recent.extend(cards(db, self.known, last, i64::MAX)?);
        self.known = last;
        Ok(())
    }

    fn can_wait(&self, last: i64, brings: bool) -> bool {
        !brings && last - self.filed < SPAN
    }

    /// Takes in the key of an entry that is about to be stored at this place;
    /// `false` where an entry has it. All that is stored must be known.
    pub fn take(
        &mut self,
        stored: &mut InStore<'_>,
        seq: i64,
        site: &str,
        key: &str,
    ) -> rusqlite::Result<bool> {
        let slot = slot(site.as_bytes(), key.as_bytes());
        let recent = self.recent.range((slot, 0)..=(slot, i64::MAX));
        let mut alike: Vec<i64> = recent.map(|(_, seq)| *seq).collect();
        stored.filed(slot, &mut alike)?;
        for known in alike {
            if stored.has(known, site, key)? {
                return Ok(false);
            }
        }
        self.recent.insert((slot, seq));
        Ok(true)
    }

    /// The entries after `before`, up to `last`, are this process's own.
    pub fn stored(&mut self, before: i64, last: i64) {
        if self.known == before {
            self.known = last;
        }
    }

    /// Whether some are to be filed; asked after each commit.
    pub fn is_due(&mut self) -> bool {
        if self.rest > 0 {
            self.rest -= 1;
            return false;
        }
        self.filing.is_some() || self.recent.len() >= MANY || self.known - self.filed >= SPAN
    }

    /// Could not be filed: again after some commits.
    pub fn failed(&mut self) {
        self.rest = REST;
    }

    /// Files the next of them in a transaction: twice as many as were stored
    /// since the last step, lest there be ever more.
    pub fn file(&self, db: &Connection, stored: usize) -> rusqlite::Result<Filed> {
        let Filing { upto, next } = self.filing.unwrap_or(Filing {
            upto: self.known,
            next: (0, 0),
        });
        let most = STEP.max(stored.saturating_mul(2));
        // What others have filed, and what retention has deleted since.
        let from = (filed_upto(db)? + 1).max(first(db)?);
        let mut left = self
            .recent
            .range(next..)
            .filter(|(_, seq)| (from..=upto).contains(seq));
        let mut many = 0;
        for card in left.by_ref().take(most) {
            put(db, *card)?;
            many += 1;
        }
        let next = left.next().copied();
        if next.is_none() {
            all_filed(db, upto)?;
        }
        Ok(Filed { upto, next, many })
    }

    /// The transaction of the step is committed.
    pub fn done(&mut self, step: &Filed) {
        let upto = step.upto;
        self.filing = step.next.map(|next| Filing { upto, next });
        if self.filing.is_none() {
            self.filed = self.filed.max(upto);
            self.recent.retain(|(_, seq)| *seq > upto);
        }
    }
}

/// Files the keys of all entries of a journal that has none on file, in a
/// transaction. Holds them in memory, 16 bytes each.
pub(super) fn file_all(db: &Connection) -> rusqlite::Result<()> {
    let last = db.query_row("SELECT coalesce(max(seq), 0) FROM entry", [], |row| {
        row.get(0)
    })?;
    for card in cards(db, 0, last, i64::MAX)? {
        put(db, card)?;
    }
    all_filed(db, last)
}

/// The keys of entries after one, up to another, that were received before a
/// moment, in the order that they are filed in.
pub(super) fn cards(
    db: &Connection,
    after: i64,
    upto: i64,
    before: i64,
) -> rusqlite::Result<Vec<Card>> {
    let mut query = db.prepare_cached(
        "SELECT seq, site, dedupe FROM entry
         WHERE seq > ?1 AND seq <= ?2 AND at < ?3 AND dedupe IS NOT NULL",
    )?;
    let mut rows = query.query([after, upto, before])?;
    let mut cards = Vec::new();
    while let Some(row) = rows.next()? {
        // What is no text is damaged, and nobody's repeat.
        if let (Ok(site), Ok(key)) = (row.get_ref(1)?.as_bytes(), row.get_ref(2)?.as_bytes()) {
            cards.push((slot(site, key), row.get(0)?));
        }
    }
    cards.sort_unstable();
    Ok(cards)
}

/// Takes keys off the file whose entries are deleted.
pub(super) fn take_off(db: &Connection, cards: &[Card]) -> rusqlite::Result<()> {
    let mut delete = db.prepare_cached("DELETE FROM filed WHERE slot = ?1 AND seq = ?2")?;
    for card in cards {
        delete.execute([card.0, card.1])?;
    }
    Ok(())
}

/// Entries whose keys should be on file and are not: a repeat of them would be
/// stored once more.
pub(super) fn missing(db: &Connection) -> rusqlite::Result<Vec<i64>> {
    let last = db.query_row("SELECT coalesce(max(seq), 0) FROM entry", [], |row| {
        row.get(0)
    })?;
    let (upto, mut after) = (filed_upto(db)?.min(last), first(db)?.max(1) - 1);
    let mut missing = Vec::new();
    while after < upto {
        let next = upto.min(after.saturating_add(SPAN));
        // Retention may go on meanwhile.
        let at_once = db.unchecked_transaction()?;
        let mut is_filed = at_once.prepare("SELECT 1 FROM filed WHERE slot = ?1 AND seq = ?2")?;
        for (slot, seq) in cards(&at_once, after, next, i64::MAX)? {
            if !is_filed.exists([slot, seq])? {
                missing.push(seq);
            }
        }
        after = next;
    }
    missing.sort_unstable();
    Ok(missing)
}

fn put(db: &Connection, card: Card) -> rusqlite::Result<()> {
    // Another process may be filing the same.
    db.prepare_cached("INSERT OR IGNORE INTO filed (slot, seq) VALUES (?1, ?2)")?
        .execute([card.0, card.1])
        .map(drop)
}

fn filed_upto(db: &Connection) -> rusqlite::Result<i64> {
    let upto = db
        .prepare_cached("SELECT upto FROM filing")?
        .query_row([], |row| row.get(0))
        .optional()?;
    // It may be damaged.
    Ok(upto.unwrap_or(0).clamp(0, i64::MAX - 1))
}

fn all_filed(db: &Connection, upto: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO filing (one, upto) VALUES (1, ?1)
         ON CONFLICT (one) DO UPDATE SET upto = max(upto, excluded.upto)",
    )?
    .execute([upto])
    .map(drop)
}

/// The first entry's place; past all of them where there are none.
fn first(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT min(seq) FROM entry")?
        .query_row([], |row| row.get::<_, Option<i64>>(0))
        .map(|first| first.unwrap_or(i64::MAX))
}
