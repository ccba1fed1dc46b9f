//! Looking after a journal: whether all of it is sound, what is in it, and its
//! entries as they stand on disk. Writes nothing and makes no file.

use std::{fs, path::Path};

use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::{
    error::{JournalError, text},
    keys, read,
    salvage::pages,
    schema::{self, Is, Place, WITH_FILED},
    store::number,
    sum, survey,
};
use crate::domain::{entry::Seq, time::At};

/// So many complaints are enough.
const COMPLAINTS: usize = 20;
/// From this format of the tables on, entries have sums.
pub(super) const WITH_SUM: i64 = 3;

/// What a whole look at a journal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The format of its tables.
    pub format: i64,
    /// What SQLite found wrong, and entries that are not as they were written,
    /// up to 20 complaints of each; empty where all is sound.
    pub damage: Vec<String>,
    /// Entries by kind, the most frequent first.
    pub kinds: Vec<KindCount>,
    /// Entries whose body is no JSON: kept and shown, but nobody can read them.
    pub unreadable: u64,
    /// The first entry's place and the last one's; `None` in an empty journal.
    pub places: Option<(Seq, Seq)>,
    /// The last entry that the saved board holds; `None` without one that this
    /// version can use.
    pub board: Option<Seq>,
    /// Bytes of the database.
    pub bytes: u64,
    /// Bytes of the log beside it.
    pub log: u64,
    /// Bytes of the database that nothing is kept in.
    pub free: u64,
}

/// The entries of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindCount {
    /// The kind, as it is called on disk.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// When the earliest was received or done.
    pub first: At,
    /// When the latest was.
    pub last: At,
}

/// An entry as it stands on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its place.
    pub seq: Seq,
    /// When we received or did it.
    pub at: At,
    /// The site it is about.
    pub site: String,
    /// The kind.
    pub kind: String,
    /// What tells it from repeats.
    pub dedupe: Option<String>,
    /// The body, JSON unless it is damaged.
    pub body: String,
}

/// Looks through all of the journal in `folder`, which takes as long as it
/// takes: all of it is read.
///
/// # Errors
/// There is none, or it cannot be read, or is another program's or a newer
/// Holdline's.
pub fn check(folder: &Path) -> Result<Checked, JournalError> {
    let place = Place::new(folder);
    let missing = || JournalError::Missing {
        path: text(&place.folder),
    };
    if !place.file.try_exists().map_err(|e| place.io(&e))? {
        return Err(missing());
    }
    let (bytes, log) = (size(&place, ""), size(&place, "-wal"));
    // Whoever has it open goes on; without a log nobody needs one.
    let db = survey::open(&place, log > 0 || survey::is_in_use(&place))?;
    let Is::Ours(format) = place.is_ours(&db)? else {
        return Err(missing());
    };
    let mut found = look(&db).map_err(|e| place.sqlite(&e))?;
    let passed_over = pages::passed_over(&place.folder.join("journal.db-wal"));
    match passed_over.map_err(|e| place.io(&e))? {
        0 => {}
        many => found.damage.push(format!(
            "the log beside it is: {many} pages behind the damage are passed over"
        )),
    }
    Ok(Checked {
        format,
        bytes,
        log,
        ..found
    })
}

fn look(db: &Connection) -> rusqlite::Result<Checked> {
    let number = |sql| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let mut damage = damage(db)?;
    let hurt = !damage.is_empty();
    let has_sums = schema::version(db)? >= WITH_SUM;
    if has_sums {
        damage.extend(unless(hurt, altered(db))?);
    }
    if schema::version(db)? >= WITH_FILED {
        damage.extend(unless(hurt, unfiled(db))?);
    }
    let free = number("PRAGMA freelist_count")? * number("PRAGMA page_size")?;
    let unreadable = number("SELECT count(*) FROM entry WHERE NOT json_valid(body)");
    Ok(Checked {
        format: 0,
        bytes: 0,
        log: 0,
        kinds: unless(hurt, kinds(db))?,
        unreadable: unless(hurt, unreadable)?.unsigned_abs(),
        places: unless(hurt, places(db))?,
        board: unless(hurt, board(db))?,
        free: free.unsigned_abs(),
        damage,
    })
}

/// Damage may keep something from being read: what else can be is told.
fn unless<T: Default>(hurt: bool, found: rusqlite::Result<T>) -> rusqlite::Result<T> {
    match found {
        Err(_) if hurt => Ok(T::default()),
        found => found,
    }
}

fn damage(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare(&format!("PRAGMA integrity_check({COMPLAINTS})"))?;
    let told = query.query_map([], |row| row.get::<_, String>(0))?;
    let mut damage = Vec::new();
    for line in told {
        match line {
            Ok(line) if line == "ok" => {}
            Ok(told) => damage.extend(told.lines().map(str::to_owned)),
            // It may be too much to look on.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                damage.push(error.to_string());
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(damage)
}

/// Complaints about entries that are not as they were written.
fn altered(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = format!(
        "SELECT {}, sum FROM entry WHERE sum IS NOT NULL",
        sum::COLUMNS
    );
    let mut query = db.prepare(&query)?;
    let mut rows = query.query([])?;
    let (mut complaints, mut more) = (Vec::new(), 0_u64);
    while let Some(row) = rows.next()? {
        if sum::fits(row)? != Some(false) {
            continue;
        }
        let seq: i64 = row.get(0)?;
        if complaints.len() < COMPLAINTS {
            complaints.push(format!("entry {seq} is not as it was written"));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        complaints.push(format!("so are {more} more entries"));
    }
    Ok(complaints)
}

/// A complaint about entries that would not be known again.
fn unfiled(db: &Connection) -> rusqlite::Result<Option<String>> {
    let missing = keys::missing(db)?;
    let (Some(first), many) = (missing.first(), missing.len()) else {
        return Ok(None);
    };
    Ok(Some(format!(
        "a repeat of {many} {} would be stored once more, the first of them {first}",
        if many == 1 { "entry" } else { "entries" }
    )))
}

fn kinds(db: &Connection) -> rusqlite::Result<Vec<KindCount>> {
    let mut query = db.prepare(
        "SELECT kind, count(*), min(at), max(at) FROM entry GROUP BY kind ORDER BY 2 DESC, 1",
    )?;
    let each = query.query_map([], |row| {
        Ok(KindCount {
            kind: read::lossy(row.get_ref(0)?).into_owned(),
            count: row.get::<_, i64>(1)?.unsigned_abs(),
            first: At(row.get(2)?),
            last: At(row.get(3)?),
        })
    })?;
    each.collect()
}

fn places(db: &Connection) -> rusqlite::Result<Option<(Seq, Seq)>> {
    let seq = |value: Option<i64>| value.map(i64::unsigned_abs);
    db.query_row("SELECT min(seq), max(seq) FROM entry", [], |row| {
        Ok(seq(row.get(0)?).zip(seq(row.get(1)?)))
    })
}

fn board(db: &Connection) -> rusqlite::Result<Option<Seq>> {
    db.query_row(
        "SELECT upto FROM board WHERE format = ?1",
        [read::BOARD_FORMAT],
        |row| row.get::<_, i64>(0).map(i64::unsigned_abs),
    )
    .optional()
}

/// Up to `limit` entries after `after`, in order.
pub(super) fn stored(db: &Connection, after: Seq, limit: usize) -> rusqlite::Result<Vec<Stored>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut query = db.prepare_cached(
        "SELECT seq, at, site, kind, dedupe, body FROM entry WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let each = query.query_map([number(after), limit], |row| {
        let text = |column| {
            row.get_ref(column)
                .map(|value| read::lossy(value).into_owned())
        };
        Ok(Stored {
            seq: row.get::<_, i64>(0)?.unsigned_abs(),
            at: At(row.get(1)?),
            site: text(2)?,
            kind: text(3)?,
            dedupe: row.get(4)?,
            body: text(5)?,
        })
    })?;
    each.collect()
}

fn size(place: &Place, end: &str) -> u64 {
    let path = place.folder.join(format!("journal.db{end}"));
    fs::metadata(path).map_or(0, |found| found.len())
}
