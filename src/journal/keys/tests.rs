//! Whether what is told twice is stored once, beside a set that is told the
//! same; with fewer keys to a file than outside of tests.

use std::{collections::BTreeMap, path::Path};

use tokio::runtime::Runtime;

use super::*;
use crate::{
    domain::{
        entry::{NewEntry, Seq, What},
        time::At,
    },
    journal::{Journal, check},
};

fn entry(at: i64, site: &str, key: Option<&str>) -> NewEntry {
    NewEntry {
        at: At(at),
        site: site.into(),
        dedupe: key.map(str::to_owned),
        what: What::Unknown {
            kind: "noise".into(),
            body: "{}".into(),
        },
    }
}

fn runtime() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

fn count(folder: &Path, sql: &str) -> i64 {
    let db = Connection::open(folder.join("journal.db")).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Keys on file of entries that are not there.
const LEFT_OVER: &str = "SELECT count(*) FROM filed WHERE seq NOT IN (SELECT seq FROM entry)";

#[test]
fn a_slot_is_what_it_was_and_those_of_one_second_lie_side_by_side() {
    // As they stand on disk, for ever.
    assert_eq!(
        [
            slot(b"team", b"1763700000000\nleg-1\ncall:ring"),
            slot(b"team", b"leg-1"),
            slot(b"", b"")
        ],
        [7_575_033_820_875_706_211, 3_199_349_525, 725_019_261]
    );
    let second = |key: &[u8]| slot(b"team", key) >> 32;
    assert_eq!(second(b"1763700000000\nleg-1"), 1_763_700_000);
    assert_eq!(second(b"1763700000999\nleg-2"), 1_763_700_000);
    // Telphin's are microseconds.
    assert_eq!(second(b"1763700001000000\nleg-1"), 1_763_700_001);
    assert_eq!((second(b"176370000"), second(b"leg-1763700000")), (0, 0));
    assert!(slot(b"team", b"9999999999\nleg") >= 0);
    // Where one field ends makes a difference.
    assert_ne!(slot(b"team", b"a"), slot(b"tea", b"ma"));
}

#[test]
fn keys_that_share_a_slot_are_two() {
    let key = |leg: u32| format!("1763700000000\nleg-{leg}\ncall:ring");
    let (one, other) = (key(9_417), key(124_710));
    let slots = [&one, &other].map(|key| slot(b"team", key.as_bytes()));
    assert_eq!(slots[0], slots[1]);
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let tell = |key: &str| {
        let told = journal.append(vec![entry(0, "team", Some(key))]);
        runtime().block_on(told).unwrap()[0].is_some()
    };
    assert!(tell(&one) && tell(&other));
    assert!(!tell(&one) && !tell(&other));
    // So they are once they are on file.
    for n in 0..2 * MANY {
        tell(&format!("leg-{n}"));
    }
    let filed = format!("SELECT count(*) FROM filed WHERE slot = {}", slots[0]);
    assert_eq!(count(folder.path(), &filed), 2);
    assert!(!tell(&one) && !tell(&other));
    assert!(tell(&key(1)));
}

/// What a journal is told, and what it should have made of it.
#[derive(Default)]
struct Model {
    /// All entries that should be there, with their keys.
    stored: BTreeMap<Seq, (i64, Option<(usize, String)>)>,
    keys: BTreeMap<(usize, String), Seq>,
    /// All keys that were ever told.
    told: Vec<(usize, String)>,
    last: Seq,
}

const SITES: [&str; 2] = ["team", "desk"];

impl Model {
    /// Some entries: new ones, repeats of recent ones and of old ones, and of
    /// both within these.
    fn batch(&mut self, at: i64, random: &mut fastrand::Rng) -> Vec<Option<(usize, String)>> {
        (0..random.usize(1..30))
            .map(|_| {
                let key = match random.u8(..10) {
                    0 => return None,
                    1 if !self.told.is_empty() => random.choice(&self.told).unwrap().clone(),
                    2 if !self.told.is_empty() => {
                        let recent = self.told.len().saturating_sub(40);
                        random.choice(&self.told[recent..]).unwrap().clone()
                    }
                    3 => (random.usize(..2), format!("plain-{}", random.u16(..500))),
                    _ => (
                        random.usize(..2),
                        format!("{}000\nleg-{}", 1_763_700_000 + at / 50, random.u16(..)),
                    ),
                };
                self.told.push(key.clone());
                Some(key)
            })
            .collect()
    }

    /// Where each goes.
    fn store(&mut self, at: i64, batch: &[Option<(usize, String)>]) -> Vec<Option<Seq>> {
        let mut places = Vec::new();
        for key in batch {
            if key.as_ref().is_some_and(|key| self.keys.contains_key(key)) {
                places.push(None);
                continue;
            }
            self.last += 1;
            if let Some(key) = key {
                self.keys.insert(key.clone(), self.last);
            }
            self.stored.insert(self.last, (at, key.clone()));
            places.push(Some(self.last));
        }
        places
    }

    fn prune(&mut self, upto: Seq, older_than: i64) -> u64 {
        let upto = upto.min(self.last.saturating_sub(1));
        let gone: Vec<Seq> = self
            .stored
            .range(..=upto)
            .filter(|(_, (at, _))| *at < older_than)
            .map(|(seq, _)| *seq)
            .collect();
        for seq in &gone {
            if let Some((_, Some(key))) = self.stored.remove(seq) {
                self.keys.remove(&key);
            }
        }
        gone.len() as u64
    }
}

/// What happened in the course of it.
#[derive(Default)]
struct Played {
    filed: i64,
    deleted: u64,
    refused: usize,
}

/// Some processes on one folder that come and go, retention, a disk that is
/// full now and then.
fn play(seed: u64) -> Played {
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let open = || Journal::open(folder.path()).unwrap();
    let (runtime, mut model) = (runtime(), Model::default());
    let mut processes = [open(), open(), open()];
    let mut played = Played::default();
    for step in 0..120 {
        let number = random.usize(..processes.len());
        let told = |what: &str| format!("seed {seed}, step {step}, process {number}: {what}");
        match random.u8(..20) {
            0 => processes[number] = open(),
            1 => {
                let (upto, older_than) = (random.u64(..=model.last), random.i64(0..=step));
                let prune = async |journal: &Journal| {
                    let board = move |store: &mut crate::journal::store::Store| {
                        // One that claims less does not replace it.
                        store.set_board(upto, random.u64(..), "{}".to_owned())
                    };
                    journal.writer().unwrap().aside(board).await.unwrap();
                    journal.prune(At(older_than)).await.unwrap()
                };
                let deleted = runtime.block_on(prune(&processes[number]));
                assert_eq!(deleted, model.prune(upto, older_than), "{}", told("prune"));
                played.deleted += deleted;
                random = fastrand::Rng::with_seed(seed * 1_000 + u64::try_from(step).unwrap());
            }
            // Entries without a key, and many of them.
            2 => {
                let many = vec![None; random.usize(1..300)];
                let places = model.store(step, &many);
                let entries = many.iter().map(|_| entry(step, SITES[0], None)).collect();
                let got = runtime.block_on(processes[number].append(entries)).unwrap();
                assert_eq!(got, places, "{}", told("entries without a key"));
            }
            kind => {
                let batch = model.batch(step, &mut random);
                let entries = || {
                    let each = batch.iter().map(|key| match key {
                        Some((site, key)) => entry(step, SITES[*site], Some(key)),
                        None => entry(step, SITES[0], None),
                    });
                    each.collect::<Vec<_>>()
                };
                let journal = &processes[number];
                if kind == 3 {
                    runtime.block_on(limit(journal, 1));
                    let refused = entries().into_iter().chain([large()]).collect();
                    let refused = runtime.block_on(journal.append(refused));
                    runtime.block_on(limit(journal, u32::MAX - 1));
                    assert!(refused.is_err(), "{}", told("it had room"));
                    played.refused += 1;
                }
                let got = runtime.block_on(journal.append(entries())).unwrap();
                assert_eq!(got, model.store(step, &batch), "{}", told("append"));
            }
        }
        let filed = count(folder.path(), "SELECT count(*) FROM filed");
        played.filed = played.filed.max(filed);
        let kept = processes[number].writer().unwrap();
        let kept = kept.aside(|store| Ok(store.keys().recent.len()));
        let kept = runtime.block_on(kept).unwrap();
        assert!(kept < MANY + 300, "{}", told(&format!("{kept} in memory")));
    }
    let stored: Vec<Seq> = model.stored.keys().copied().collect();
    let read = processes[0].read(0, usize::MAX).unwrap();
    let read: Vec<Seq> = read.iter().map(|entry| entry.seq).collect();
    assert_eq!(read, stored, "seed {seed}");
    drop(processes);
    let damage = check(folder.path()).unwrap().damage;
    assert_eq!(damage, Vec::<String>::new(), "seed {seed}");
    assert_eq!(count(folder.path(), LEFT_OVER), 0, "seed {seed}");
    played
}

/// An entry that a full disk has no room for.
fn large() -> NewEntry {
    let what = What::Unknown {
        kind: "noise".into(),
        body: format!("{:?}", "x".repeat(512 << 10)).into(),
    };
    NewEntry {
        what,
        ..entry(0, "team", Some("large"))
    }
}

/// Limits the pages of the database, as a full disk does.
async fn limit(journal: &Journal, pages: u32) {
    let set = move |store: &mut crate::journal::store::Store| {
        let set = format!("PRAGMA max_page_count = {pages}");
        store
            .entries()
            .query_row(&set, [], |row| row.get::<_, i64>(0))
            .unwrap();
        Ok(())
    };
    journal.writer().unwrap().aside(set).await.unwrap();
}

#[test]
fn what_a_set_knows_the_journal_knows() {
    let played: Vec<Played> = (0..12).map(play).collect();
    let filed: i64 = played.iter().map(|one| one.filed).sum();
    let deleted: u64 = played.iter().map(|one| one.deleted).sum();
    let refused: usize = played.iter().map(|one| one.refused).sum();
    assert!(
        filed > 1_000 && deleted > 1_000 && refused > 10,
        "{filed} filed, {deleted} deleted, {refused} refused"
    );
}

#[test]
fn entries_without_a_key_are_not_read_again_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let append = |entries| runtime().block_on(journal.append(entries)).unwrap();
    for _ in 0..10 {
        append(vec![entry(0, "team", None); 50]);
    }
    let upto = count(folder.path(), "SELECT upto FROM filing");
    assert!(upto > 500 - 2 * SPAN, "read again from {upto} on");
    append(vec![entry(0, "team", Some("k"))]);
    let again = append(vec![entry(0, "team", Some("k"))]);
    assert_eq!(again, [None]);
}

#[test]
fn a_key_that_should_be_on_file_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let many = (0..2 * MANY).map(|n| entry(0, "team", Some(&format!("k-{n}"))));
    let append = |entries| runtime().block_on(journal.append(entries)).unwrap();
    append(many.collect());
    // Each commit files some.
    for _ in 0..2 {
        append(vec![entry(0, "team", None)]);
    }
    drop(journal);
    assert_eq!(check(folder.path()).unwrap().damage, Vec::<String>::new());
    let db = Connection::open(folder.path().join("journal.db")).unwrap();
    db.execute("DELETE FROM filed WHERE seq IN (7, 9)", [])
        .unwrap();
    let damage = check(folder.path()).unwrap().damage;
    assert_eq!(
        damage,
        ["a repeat of 2 entries would be stored once more, the first of them 7"]
    );
}
