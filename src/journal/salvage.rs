//! What can be saved of a damaged journal: every entry that is as it was
//! written goes into a new one, and the old files are kept aside, whole. Only
//! while nobody collects. May use `domain` only.
//!
//! * `pages`: the entries in the files, whatever the tree above them says

pub(super) mod pages;

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, params};

use super::{
    error::{JournalError, text},
    insert::Insert,
    kept,
    keys::{self, InStore, Keys},
    role::CollectorLock,
    schema::{self, Place},
    store, sum, survey,
    upkeep::WITH_SUM,
};
use crate::domain::{board::KeptTriage, time::At};
use pages::{Pages, Proof, Spot};

/// Where the new journal is made.
const NEW: &str = "recovering";
/// The files of a journal.
const FILES: [&str; 3] = ["journal.db", "journal.db-wal", "journal.db-shm"];

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// Entries in the new journal.
    pub saved: u64,
    /// Entries that were found and are not as they were written: left out.
    pub unsound: u64,
    /// Places between the first entry and the last one that nothing is in:
    /// lost, or never used.
    pub empty: u64,
    /// Where the old files are kept.
    pub aside: PathBuf,
}

/// Saves what can be saved of the journal in `folder`; `now` names the folder
/// that the old files are kept in. `None` where somebody collects into it.
///
/// # Errors
/// There is no journal, nothing of one can be found in it, or the disk does
/// not take the new one: then all is as it was.
pub fn recover(folder: &Path, now: At) -> Result<Option<Salvaged>, JournalError> {
    let place = Place::new(folder);
    if !place.file.try_exists().map_err(|e| place.io(&e))? {
        return Err(JournalError::Missing {
            path: text(&place.folder),
        });
    }
    let Some(_role) = CollectorLock::take(&place)? else {
        return Ok(None);
    };
    let pages = Pages::open(&place.file, &folder.join(FILES[1])).map_err(|e| place.io(&e))?;
    let floor = floor(&place);
    let (spots, unsound) = sound(&pages, floor);
    let (Some((first, _)), Some((last, _))) = (spots.first_key_value(), spots.last_key_value())
    else {
        return Err(JournalError::Alien {
            path: text(&place.file),
        });
    };
    let places = last - first + 1;
    let (fresh, saved) = write(&place, &pages, &spots)?;
    let aside = exchange(&place, &fresh, now).map_err(|e| place.io(&e))?;
    Ok(Some(Salvaged {
        saved,
        unsound,
        empty: places - saved,
        aside,
    }))
}

/// The first place that entries still stand at: what retention deleted may
/// stand on pages that are free now, and stays deleted. A place that was written
/// over is any number: only an entry whose sum fits there tells.
fn floor(place: &Place) -> u64 {
    let looked = || {
        let db = reading(place)?;
        // Older formats have no sums.
        let has_sums = schema::version(&db).ok()? >= WITH_SUM;
        let (covered, sum) = (sum::COLUMNS, if has_sums { "sum" } else { "NULL" });
        let first = format!("SELECT {covered}, {sum} FROM entry ORDER BY seq LIMIT 1");
        let (seq, fits) = db
            .query_row(&first, [], |row| {
                Ok((row.get::<_, i64>(0)?, sum::fits(row)?))
            })
            .ok()?;
        u64::try_from(seq).ok().filter(|_| fits != Some(false))
    };
    looked().unwrap_or(0)
}

/// Where each entry stands that can be saved, the newest version of it; and
/// how many there are of which no version can.
fn sound(pages: &Pages, floor: u64) -> (BTreeMap<u64, Spot>, u64) {
    let (mut proven, mut unproven, mut unsound) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    pages.each(|spot, found| match found.proof {
        Proof::Sound => drop(proven.insert(found.seq, spot)),
        Proof::Unproven => drop(unproven.insert(found.seq, spot)),
        Proof::Unsound => unsound.push(found.seq),
    });
    // A sum that fits beats none.
    unproven.append(&mut proven);
    // Only what is sound itself can say that nothing stands before it.
    if unproven.contains_key(&floor) {
        unproven = unproven.split_off(&floor);
        unsound.retain(|seq| *seq >= floor);
    }
    unsound.sort_unstable();
    unsound.dedup();
    unsound.retain(|seq| !unproven.contains_key(seq));
    (unproven, unsound.len() as u64)
}

/// Writes a new journal beside the old one; answers its folder, and how many
/// entries are in it.
fn write(
    place: &Place,
    pages: &Pages,
    spots: &BTreeMap<u64, Spot>,
) -> Result<(PathBuf, u64), JournalError> {
    let folder = place.folder.join(NEW);
    if folder.exists() {
        // Left by one that was ended in the midst of it.
        fs::remove_dir_all(&folder).map_err(|e| place.io(&e))?;
    }
    let fresh = Place::new(&folder);
    let mut db = fresh.prepare()?;
    let filled = fill(&mut db, pages, spots, place);
    let saved = filled.and_then(|saved| closed(db).map(|()| saved));
    let saved = saved.map_err(|e| fresh.sqlite(&e))?;
    place.share(&fresh.file).map_err(|e| fresh.io(&e))?;
    Ok((folder, saved))
}

fn fill(
    db: &mut Connection,
    pages: &Pages,
    spots: &BTreeMap<u64, Spot>,
    old: &Place,
) -> rusqlite::Result<u64> {
    let tx = db.transaction()?;
    let mut saved = 0;
    {
        let mut insert = Insert::into(&tx)?;
        let (mut stored, mut keys) = (InStore::of(&tx)?, Keys::default());
        for spot in spots.values() {
            // Read a moment ago; what cannot be read now is not there.
            let Some(found) = pages.at(*spot) else {
                continue;
            };
            // A key that two have was one's of an entry that was deleted.
            if store::is_new(&mut stored, &mut keys, found.seq, &found.row)? {
                insert.put(found.seq, &found.row)?;
                saved += 1;
            }
        }
    }
    keys::file_all(&tx)?;
    for (id, health) in feeds(old).unwrap_or_default() {
        tx.execute(
            "INSERT OR IGNORE INTO feed (id, health, version) VALUES (?1, ?2, 1)",
            params![id, health],
        )?;
    }
    if let Some(kept) = triage(old) {
        kept::carry(&tx, &kept)?;
    }
    tx.commit()?;
    Ok(saved)
}

/// Who worked on which callback, where it can be read: acts of which the
/// entries are deleted stand nowhere else.
fn triage(old: &Place) -> Option<KeptTriage> {
    kept::stored(&reading(old)?).ok()?
}

/// The old journal as SQLite sees it, where it still can.
fn reading(old: &Place) -> Option<Connection> {
    let log = fs::metadata(old.folder.join(FILES[1])).map_or(0, |log| log.len());
    survey::open(old, log > 0).ok()
}

/// The health of the feeds, where it can be read: since when nobody listens is
/// to be known.
fn feeds(old: &Place) -> Option<Vec<(String, String)>> {
    let db = reading(old)?;
    let mut query = db.prepare("SELECT id, health FROM feed").ok()?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let rows: Vec<(String, String)> = rows.ok()?.filter_map(Result::ok).collect();
    let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    Some(
        rows.into_iter()
            .filter(|(id, health)| is_json(id) && is_json(health))
            .collect(),
    )
}

/// Leaves one file, and all of it on disk.
fn closed(db: Connection) -> rusqlite::Result<()> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    db.close().map_err(|(_, e)| e)
}

/// Puts the old files aside and the new one in their place. Ended in the midst
/// of it, all of the old ones are in the folder aside.
fn exchange(place: &Place, fresh: &Path, now: At) -> io::Result<PathBuf> {
    let folder = &place.folder;
    let aside = aside(folder, now)?;
    for name in FILES {
        match fs::hard_link(folder.join(name), aside.join(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                fs::copy(folder.join(name), aside.join(name))?;
            }
            _ => {}
        }
    }
    File::open(&aside)?.sync_all()?;
    // A log of the old one must never meet the new one.
    for name in &FILES[1..] {
        match fs::remove_file(folder.join(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    fs::rename(fresh.join(FILES[0]), folder.join(FILES[0]))?;
    File::open(folder)?.sync_all()?;
    fs::remove_dir_all(fresh)?;
    Ok(aside)
}

/// A new folder for the old files: `damaged-20261121-102000`, with a number
/// behind it where there is one of that name.
fn aside(folder: &Path, now: At) -> io::Result<PathBuf> {
    let stamp = now.timestamp().strftime("%Y%m%d-%H%M%S").to_string();
    let mut number = 1;
    loop {
        let end = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let path = folder.join(format!("damaged-{stamp}{end}"));
        match DirBuilder::new().mode(0o770).create(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && number < 1_000 => number += 1,
            made => return made.map(|()| path),
        }
    }
}
