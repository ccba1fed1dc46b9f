//! A journal whose bytes are flipped, zeroed, overwritten and cut (R7):
//! detected, what is not touched is saved as it was, nothing that was altered
//! is taken for true, and the old files are kept. `HOLDLINE_DAMAGE` journals
//! are damaged.

use std::{collections::BTreeMap, fs, path::Path};

use holdline::{
    domain::{
        caller::Raw,
        entry::{NewEntry, What},
        hook::{Hook, Says},
        site::Vendor,
        time::At,
    },
    journal::{self, Journal, Stored},
};
use tempfile::TempDir;

use crate::sizes::{ran, seed, size};

const ENTRIES: usize = 500;
const PAGE: usize = 4096;
/// No page holds more of these entries.
const ON_A_PAGE: usize = 24;

fn entry(number: usize) -> NewEntry {
    // Some are longer than a page, one longer than many.
    let padding = match number % 97 {
        13 => 9_000,
        50 => 40_000,
        n => 60 + n,
    };
    let body = format!(
        r#"{{"event":"call:ring","id":"leg-{number}","text":"{}"}}"#,
        "x".repeat(padding)
    );
    NewEntry {
        at: At(1_772_460_000_000 + i64::try_from(number).unwrap()),
        site: "team".into(),
        dedupe: number.is_multiple_of(3).then(|| format!("leg-{number}")),
        what: What::Hook(Hook {
            vendor: Vendor::Contaqt,
            event: "call:ring".into(),
            body: Raw::new(&body),
            injected: false,
            says: Says::Unread,
        }),
    }
}

/// A journal, and all that is in it.
struct Template {
    folder: TempDir,
    entries: BTreeMap<u64, Stored>,
    /// Where the last transaction begins in the log, if there is a log.
    last: usize,
}

fn all(journal: &Journal) -> BTreeMap<u64, Stored> {
    let stored = journal.stored(0, usize::MAX).unwrap();
    stored.into_iter().map(|entry| (entry.seq, entry)).collect()
}

fn copied(from: &Path, to: &Path) {
    for name in ["journal.db", "journal.db-wal"] {
        if from.join(name).exists() {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

/// A journal that was closed, or one as it lies there when its writer was
/// killed: most of it in the log.
fn template(closed: bool) -> Template {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let live = tempfile::tempdir().unwrap();
    let journal = Journal::open(live.path()).unwrap();
    let log = live.path().join("journal.db-wal");
    let mut last = 0;
    for chunk in (0..ENTRIES).collect::<Vec<_>>().chunks(20) {
        last = fs::metadata(&log).map_or(0, |log| log.len());
        runtime
            .block_on(journal.append(chunk.iter().map(|n| entry(*n)).collect()))
            .unwrap();
    }
    let entries = all(&journal);
    assert_eq!(entries.len(), ENTRIES);
    let folder = tempfile::tempdir().unwrap();
    if closed {
        drop(journal);
    }
    copied(live.path(), folder.path());
    let last = usize::try_from(last).unwrap();
    Template {
        folder,
        entries,
        last,
    }
}

/// Which pages of which file were touched.
#[derive(Debug, Default)]
struct Touched {
    pages: usize,
    /// Whether the log ends sooner, or its last transaction is touched: then
    /// it is a sound log of an earlier moment, and nobody can tell.
    untold: bool,
    what: Vec<String>,
}

/// Damages a copy of a journal in some places.
fn damage(template: &Template, folder: &Path, random: &mut fastrand::Rng) -> Touched {
    copied(template.folder.path(), folder);
    let mut touched = Touched::default();
    for _ in 0..random.usize(1..=4) {
        let (db, log) = (folder.join("journal.db"), folder.join("journal.db-wal"));
        let in_log = log.exists() && random.u8(..3) > 0;
        let path = if in_log { log } else { db };
        let mut bytes = fs::read(&path).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let from = random.usize(..bytes.len());
        let length = |most: usize, random: &mut fastrand::Rng| {
            random.usize(1..=most).min(bytes.len() - from)
        };
        let (what, length) = match random.u8(..9) {
            0..=3 => {
                bytes[from] ^= 1 << random.u8(..8);
                ("flipped", 1)
            }
            4 | 5 => {
                let length = length(2 * PAGE, random);
                bytes[from..from + length].fill(0);
                ("zeroed", length)
            }
            6 | 7 => {
                let length = length(PAGE, random);
                bytes[from..from + length]
                    .iter_mut()
                    .for_each(|byte| *byte = random.u8(..));
                ("overwritten", length)
            }
            _ => {
                // Most of it is left.
                let from = from.max(bytes.len() / 2);
                let length = bytes.len() - from;
                bytes.truncate(from);
                touched.untold |= in_log;
                ("cut", length)
            }
        };
        touched.untold |= in_log && from + length > template.last;
        touched.pages += length / PAGE + 2;
        touched
            .what
            .push(format!("{what} {length} at {from} of {}", path.display()));
        fs::write(&path, bytes).unwrap();
    }
    touched
}

/// What is wrong with what came out of a damaged journal.
fn judge(
    template: &Template,
    touched: &Touched,
    out: &BTreeMap<u64, Stored>,
) -> Result<usize, String> {
    for (seq, entry) in out {
        match template.entries.get(seq) {
            None => return Err(format!("entry {seq} was never written")),
            Some(written) if written != entry => return Err(format!("entry {seq} is another one")),
            Some(_) => {}
        }
    }
    let lost = template.entries.len() - out.len();
    if lost > touched.pages * ON_A_PAGE {
        return Err(format!(
            "{lost} lost where {} pages were touched",
            touched.pages
        ));
    }
    Ok(lost)
}

fn case(template: &Template, seed: u64) -> Result<(), String> {
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let touched = damage(template, folder.path(), &mut random);
    let before = fs::read(folder.path().join("journal.db")).unwrap();
    let told = |what: String| format!("seed {seed}, {:?}: {what}", touched.what);
    let checked = journal::check(folder.path());
    let is_detected = checked.as_ref().map_or(true, |checked| {
        !checked.damage.is_empty() || checked.unreadable > 0
    });
    let salvaged = match journal::recover(folder.path(), At(1_772_460_000_000)) {
        Ok(Some(salvaged)) => salvaged,
        other => return Err(told(format!("{other:?}"))),
    };
    let journal = Journal::open(folder.path()).map_err(|e| told(e.to_string()))?;
    let out = all(&journal);
    if salvaged.saved != out.len() as u64 {
        return Err(told(format!("{} told of {}", salvaged.saved, out.len())));
    }
    let lost = judge(template, &touched, &out).map_err(told)?;
    if lost > 0 && !is_detected && !touched.untold {
        return Err(told(format!("{lost} lost, and nobody told: {checked:?}")));
    }
    drop(journal);
    let checked = journal::check(folder.path()).map_err(|e| told(e.to_string()))?;
    if !checked.damage.is_empty() {
        return Err(told(format!("{:?}", checked.damage)));
    }
    let kept = fs::read(salvaged.aside.join("journal.db")).unwrap();
    if kept != before {
        return Err(told("the old one was not kept".to_owned()));
    }
    Ok(())
}

#[test]
fn what_is_not_touched_is_saved_and_nothing_that_was_altered_is_believed() {
    let cases = size("HOLDLINE_DAMAGE", 60);
    let templates = [template(true), template(false)];
    let found: Vec<String> = (0..cases)
        .filter_map(|n| case(&templates[n % 2], seed() * 1_000_000 + n as u64).err())
        .collect();
    assert!(
        found.is_empty(),
        "{} of {cases}: {:#?}",
        found.len(),
        &found[..found.len().min(9)]
    );
    ran("R7", cases);
}

#[test]
fn a_sound_journal_comes_out_as_it_was() {
    for closed in [true, false] {
        let template = template(closed);
        let folder = tempfile::tempdir().unwrap();
        copied(template.folder.path(), folder.path());
        let salvaged = journal::recover(folder.path(), At(0)).unwrap().unwrap();
        assert_eq!(
            (salvaged.saved, salvaged.unsound, salvaged.empty),
            (ENTRIES as u64, 0, 0)
        );
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(all(&journal), template.entries);
        // Whoever collects is not disturbed.
        let role = journal.collector_role().unwrap();
        assert!(role.is_some());
        assert_eq!(journal::recover(folder.path(), At(0)).unwrap(), None);
    }
}

#[test]
fn what_retention_deleted_does_not_come_back() {
    let template = template(true);
    let folder = tempfile::tempdir().unwrap();
    copied(template.folder.path(), folder.path());
    let db = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    db.execute("DELETE FROM entry WHERE seq <= 300", [])
        .unwrap();
    drop(db);
    let salvaged = journal::recover(folder.path(), At(0)).unwrap().unwrap();
    assert_eq!(salvaged.saved, ENTRIES as u64 - 300);
}

#[test]
fn what_is_no_journal_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    fs::write(&file, vec![7; 20_000]).unwrap();
    let told = journal::recover(folder.path(), At(0))
        .unwrap_err()
        .to_string();
    assert!(told.contains("is not a Holdline journal"), "{told}");
    assert_eq!(fs::read(&file).unwrap(), vec![7; 20_000]);
}

#[test]
fn control_a_plain_reader_is_found_wanting() {
    // It believes what it reads, and ends where the first page is damaged.
    let read = |folder: &Path| -> BTreeMap<u64, Stored> {
        let open = || {
            let db = rusqlite::Connection::open(folder.join("journal.db")).ok()?;
            let mut query = db
                .prepare("SELECT seq, at, site, kind, dedupe, body FROM entry ORDER BY seq")
                .ok()?;
            let rows = query.query_map([], |row| {
                let seq = row.get::<_, i64>(0)?.unsigned_abs();
                let (at, site, kind) = (At(row.get(1)?), row.get(2)?, row.get(3)?);
                let (dedupe, body) = (row.get(4)?, row.get(5)?);
                Ok((
                    seq,
                    Stored {
                        seq,
                        at,
                        site,
                        kind,
                        dedupe,
                        body,
                    },
                ))
            });
            Some(rows.ok()?.map_while(Result::ok).collect())
        };
        open().unwrap_or_default()
    };
    let template = template(true);
    let fails = (0..40).filter(|n| {
        let folder = tempfile::tempdir().unwrap();
        let touched = damage(&template, folder.path(), &mut fastrand::Rng::with_seed(*n));
        judge(&template, &touched, &read(folder.path())).is_err()
    });
    assert!(fails.count() > 5, "the driver finds nothing");
}

#[test]
fn the_command_saves_what_it_can_and_says_what_is_lost() {
    let template = template(true);
    let home = crate::program::Home::new();
    home.file("config.toml", crate::rig::CONFIG);
    let folder = home.path().join("journal");
    fs::create_dir(&folder).unwrap();
    copied(template.folder.path(), &folder);
    let recover = || home.run(["journal", "recover", "--config", "config.toml"]);
    assert!(recover().fine().contains("sound, nothing was changed"));
    // A byte within a text: SQLite finds nothing wrong.
    let file = folder.join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let found = bytes.windows(8).position(|w| w == b"\"leg-123").unwrap();
    bytes[found + 2] = b'!';
    fs::write(&file, bytes).unwrap();
    let ran = home.run(["journal", "check", "--config", "config.toml"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.out.contains("entry 124 is not as it was written"),
        "{ran:?}"
    );
    assert!(ran.sentence().contains("journal recover"), "{ran:?}");
    let ran = recover();
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{ran:?}");
    for part in [
        "499 entries saved",
        "1 entry was found damaged",
        "kept in",
        "damaged-",
    ] {
        assert!(ran.out.contains(part), "{part}: {ran:?}");
    }
    assert!(recover().fine().contains("sound, nothing was changed"));
    // While somebody collects nothing is touched.
    let mut bytes = fs::read(&file).unwrap();
    let found = bytes.windows(8).position(|w| w == b"\"leg-125").unwrap();
    bytes[found + 2] = b'!';
    fs::write(&file, bytes).unwrap();
    let holder = Journal::open(&folder).unwrap();
    let role = holder.collector_role().unwrap();
    assert!(recover().refused(1).contains("end every console"));
    drop(role);
}
