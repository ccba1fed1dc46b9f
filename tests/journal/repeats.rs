//! What is told twice is stored once: whoever tells it, and whenever it was
//! killed; as many entries as keys are filed of.

use std::{collections::BTreeSet, path::Path};

use holdline::{
    domain::{
        entry::{NewEntry, Seq},
        time::At,
    },
    journal::{self, Journal},
};
use rusqlite::Connection;

use super::{FOLDER, block_on, child, left, say};

/// So many at once.
const GROUP: usize = 500;
/// A sender goes on for so many groups, some of which it tells again.
const AHEAD: usize = 14;
/// Enough that keys are filed on the way, whoever is killed when.
const EVENTS: usize = 40_000;

/// An event of a vendor, of whom each second has a hundred.
fn event(number: usize) -> NewEntry {
    let second = 1_763_700_000 + number / 100;
    NewEntry {
        dedupe: Some(format!("{second}000\nleg-{number}\ncall:ring")),
        ..left(&format!("leg-{number}"))
    }
}

/// Tells the journal these events; how many of them it had.
fn tell(journal: &Journal, from: usize, upto: usize) -> usize {
    let events = (from..upto).map(event).collect();
    let places: Vec<Option<Seq>> = block_on(journal.append(events)).unwrap();
    places.iter().filter(|place| place.is_none()).count()
}

fn filed(folder: &Path) -> i64 {
    let db = Connection::open(folder.join("journal.db")).unwrap();
    db.query_row("SELECT count(*) FROM filed", [], |row| row.get(0))
        .unwrap()
}

fn sound(folder: &Path) {
    let damage = journal::check(folder).unwrap().damage;
    assert_eq!(damage, Vec::<String>::new());
}

/// Two senders tell the same events, each until it is killed, and after each
/// kill from some way before.
#[test]
fn whoever_is_killed_while_keys_are_filed_nothing_is_stored_twice_or_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(4);
    let (mut acknowledged, mut seen) = (0, BTreeSet::new());
    let mut kills = 0;
    while acknowledged < EVENTS {
        let mut both = [(); 2].map(|()| child("repeats::child_that_repeats", folder.path()));
        // They begin where the first of them says.
        let upto = acknowledged + random.usize(1..8) * GROUP;
        for (_, lines) in &mut both {
            for line in lines.by_ref() {
                let told: usize = line.trim_end_matches('.').parse().unwrap();
                acknowledged = acknowledged.max(told);
                if told >= upto {
                    break;
                }
            }
        }
        for (mut child, lines) in both {
            child.kill().unwrap();
            child.wait().unwrap();
            let rest = lines.filter(|line| line.ends_with('.'));
            let last = rest.filter_map(|line| line.trim_end_matches('.').parse().ok());
            acknowledged = last.fold(acknowledged, usize::max);
            kills += 1;
        }
        seen.insert(filed(folder.path()));
    }
    assert!(kills > 10, "{kills} kills");
    assert!(seen.len() > 2, "filed between kills: {seen:?}");
    let journal = Journal::open(folder.path()).unwrap();
    for from in (0..acknowledged).step_by(GROUP) {
        let upto = from + GROUP;
        assert_eq!(tell(&journal, from, upto), GROUP, "{from} to {upto}");
    }
    let stored = journal.read(0, usize::MAX).unwrap();
    let stored: Vec<String> = stored.iter().map(|entry| super::id(&entry.what)).collect();
    let different: BTreeSet<&String> = stored.iter().collect();
    assert_eq!(different.len(), stored.len(), "stored twice");
    drop(journal);
    sound(folder.path());
}

#[test]
#[ignore = "run as a process of its own by the test above"]
fn child_that_repeats() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let journal = Journal::open(Path::new(&folder)).unwrap();
    let stored = usize::try_from(journal.last_seq().unwrap()).unwrap();
    // Some way before, on the border of a group.
    let begins = stored.saturating_sub(4 * GROUP) / GROUP * GROUP;
    for from in (begins..).step_by(GROUP).take(AHEAD) {
        tell(&journal, from, from + GROUP);
        say(&format!("{}.", from + GROUP));
    }
    // Until it is killed.
    std::thread::park();
}

#[test]
fn what_retention_deleted_may_come_again_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let aged = |number: usize| NewEntry {
        at: At(i64::try_from(number).unwrap()),
        ..event(number)
    };
    for from in (0..40_000).step_by(4_000) {
        block_on(journal.append((from..from + 4_000).map(aged).collect())).unwrap();
    }
    assert!(filed(folder.path()) > 10_000);
    let mut board = holdline::domain::board::Board::new(jiff::tz::TimeZone::UTC);
    for entry in journal.read(0, 30_000).unwrap() {
        board.apply(&entry);
    }
    block_on(journal.save_checkpoint(&board.checkpoint(), 0)).unwrap();
    let deleted = block_on(journal.prune(At(20_000))).unwrap();
    assert_eq!(deleted, 20_000);
    assert_eq!(tell(&journal, 20_000, 40_000), 20_000);
    assert_eq!(tell(&journal, 0, 20_000), 0);
    assert_eq!(tell(&journal, 0, 40_000), 40_000);
    drop(journal);
    sound(folder.path());
}
