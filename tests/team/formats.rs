//! An older and a newer version meet on one folder.

use std::path::Path;

use holdline::{
    domain::{
        board::Board,
        entry::{NewEntry, What},
        feed::{FeedHealth, FeedId, FeedKind},
        time::At,
    },
    journal::{Journal, JournalError},
};
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use crate::{
    program::{Home, Running},
    pushing,
};

/// The first format, as its program made it.
const FIRST: &str = "
    CREATE TABLE entry (
        seq    INTEGER PRIMARY KEY AUTOINCREMENT,
        at     INTEGER NOT NULL,
        site   TEXT NOT NULL,
        kind   TEXT NOT NULL,
        dedupe TEXT,
        body   TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX entry_dedupe ON entry (site, dedupe) WHERE dedupe IS NOT NULL;
    CREATE TABLE feed (
        id      TEXT PRIMARY KEY,
        health  TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE board (
        one    INTEGER PRIMARY KEY CHECK (one = 1),
        format INTEGER NOT NULL,
        upto   INTEGER NOT NULL,
        body   TEXT NOT NULL
    ) STRICT;
    PRAGMA application_id = 0x484C444A;
    PRAGMA user_version = 1;
    PRAGMA journal_mode = wal;
";

/// Entries as they were written then: polled, pushed, done, and of a kind that
/// nobody knows.
const ENTRIES: [(&str, Option<&str>, &str); 5] = [
    (
        "change",
        None,
        r#"{"change":"entered","queue":"123","caller":{"id":"a","state":"queued","number":"+4520304050","entered":1000}}"#,
    ),
    (
        "hook",
        Some("17\nagent:status\n1"),
        r#"{"vendor":"contaqt","event":"agent:status","body":{"event":"agent:status","user_id":"17","status_id":1}}"#,
    ),
    ("gap", None, r#"{"from":1000,"to":2000}"#),
    ("hologram", None, r#"{"of":"a later version"}"#),
    (
        "change",
        None,
        r#"{"change":"gone","queue":"123","id":"a","how":"answered","waited_ms":5000}"#,
    ),
];

/// A journal of the first format, in use and with a board saved.
fn first(folder: &Path) -> Connection {
    std::fs::create_dir_all(folder).unwrap();
    let db = Connection::open(folder.join("journal.db")).unwrap();
    db.execute_batch(FIRST).unwrap();
    for (number, (kind, dedupe, body)) in ENTRIES.iter().enumerate() {
        db.execute(
            "INSERT INTO entry (at, site, kind, dedupe, body) VALUES (?1, 'team', ?2, ?3, ?4)",
            params![1_000 * i64::try_from(number).unwrap(), kind, dedupe, body],
        )
        .unwrap();
    }
    db.execute(
        "INSERT INTO board VALUES (1, 3, 5, '{\"upto\":5,\"queues\":[],\"triage\":{}}')",
        [],
    )
    .unwrap();
    let id = FeedId {
        site: "team".into(),
        kind: FeedKind::Hooks,
    };
    db.execute(
        "INSERT INTO feed VALUES (?1, ?2, 1)",
        params![
            serde_json::to_string(&id).unwrap(),
            serde_json::to_string(&FeedHealth::pushed()).unwrap()
        ],
    )
    .unwrap();
    db
}

fn format(folder: &Path) -> i64 {
    let db = Connection::open(folder.join("journal.db")).unwrap();
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

fn note() -> NewEntry {
    NewEntry {
        at: At(9_000),
        site: "team".into(),
        dedupe: None,
        what: What::Unknown {
            kind: "note".into(),
            body: "{}".into(),
        },
    }
}

#[tokio::test]
async fn an_older_journal_is_brought_up_to_date_with_all_that_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let older = first(folder.path());
    // Reading alone changes nothing, and does not mind.
    let reading = Journal::open_read_only(folder.path()).unwrap();
    let before = reading.read(0, 100).unwrap();
    assert_eq!(before.len(), ENTRIES.len());
    assert_eq!(reading.checkpoint(0).unwrap(), None, "of another format");
    assert_eq!(format(folder.path()), 1);
    let journal = Journal::open(folder.path()).unwrap();
    assert!(format(folder.path()) > 1);
    assert_eq!(journal.read(0, 100).unwrap(), before);
    assert_eq!(journal.feeds().unwrap().len(), 1);
    assert!(matches!(before[3].what, What::Unknown { .. }));
    // What was stored once stays so.
    let repeat = NewEntry {
        dedupe: Some("17\nagent:status\n1".to_owned()),
        ..note()
    };
    let places = journal.append(vec![repeat, note()]).await.unwrap();
    assert!(matches!(places[..], [None, Some(6..)]), "{places:?}");
    let mut board = Board::new(TimeZone::UTC);
    for entry in journal.read(0, 100).unwrap() {
        board.apply(&entry);
    }
    journal
        .save_checkpoint(&board.checkpoint(), 5)
        .await
        .unwrap();
    assert_eq!(journal.checkpoint(5).unwrap(), Some(board.checkpoint()));
    assert_eq!(journal.checkpoint(6).unwrap(), None, "it depends on more");
    // An older program that has it open looks at the version before it appends;
    // if it did not, it still could bring no repeat.
    let repeat = older.execute(
        "INSERT INTO entry (at, site, kind, dedupe, body) VALUES (1, 'team', 'note', 'k', '{}')
         ON CONFLICT (site, dedupe) WHERE dedupe IS NOT NULL DO NOTHING",
        [],
    );
    assert!(repeat.is_err());
    let last = journal.last_seq().unwrap();
    let wrote = older.execute(
        "INSERT INTO entry (at, site, kind, body) VALUES (1, 'team', 'note', '{}')",
        [],
    );
    assert_eq!(wrote, Ok(1));
    assert_eq!(journal.last_seq().unwrap(), last + 1);
}

#[tokio::test]
async fn the_keys_of_an_older_journal_are_known_in_the_newer_one() {
    let folder = tempfile::tempdir().unwrap();
    let older = first(folder.path());
    let key = |n: i64| match n % 3 {
        0 => format!("leg-{n}\ncall:ring\n{}", 1_763_700_000_000 + n),
        _ => format!("{}\nleg-{n}\ncall:ring", 1_763_700_000_000 + n),
    };
    older.execute_batch("BEGIN").unwrap();
    for n in 0..2_000 {
        older
            .execute(
                "INSERT INTO entry (at, site, kind, dedupe, body) VALUES (?1, 'team', 'n', ?2, '{}')",
                params![n, key(n)],
            )
            .unwrap();
    }
    older.execute_batch("COMMIT").unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let told = |site: &str, n| NewEntry {
        dedupe: Some(key(n)),
        site: site.into(),
        ..note()
    };
    let repeats = journal.append((0..2_000).map(|n| told("team", n)).collect());
    assert_eq!(repeats.await.unwrap(), vec![None; 2_000]);
    let others = journal.append((0..2_000).map(|n| told("desk", n)).collect());
    assert!(others.await.unwrap().iter().all(Option::is_some));
    drop((journal, older));
    let checked = holdline::journal::check(folder.path()).unwrap();
    assert_eq!(checked.damage, Vec::<String>::new());
}

#[test]
fn eight_bring_an_older_journal_up_to_date_at_once() {
    let folder = tempfile::tempdir().unwrap();
    drop(first(folder.path()));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| drop(Journal::open(folder.path()).unwrap()));
        }
    });
    let journal = Journal::open(folder.path()).unwrap();
    assert_eq!(journal.read(0, 100).unwrap().len(), ENTRIES.len());
}

/// A newer Holdline brings it up to date.
fn newer(folder: &Path) {
    let db = Connection::open(folder.join("journal.db")).unwrap();
    db.execute_batch("ALTER TABLE entry ADD COLUMN mood TEXT; PRAGMA user_version = 99;")
        .unwrap();
}

#[tokio::test]
async fn one_that_a_newer_version_brought_up_to_date_meanwhile_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    journal.append(vec![note()]).await.unwrap();
    newer(folder.path());
    let refused = journal.append(vec![note()]).await.unwrap_err();
    assert!(
        matches!(refused, JournalError::Version { found: 99, .. }),
        "{refused}"
    );
    let feeds = journal.set_feeds(Vec::new()).await.unwrap_err();
    assert_eq!(feeds.to_string(), refused.to_string());
    assert_eq!(
        journal.read(0, 100).unwrap().len(),
        1,
        "what is there can be read"
    );
}

#[tokio::test]
async fn control_who_does_not_look_at_the_version_writes_on_and_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    journal.append(vec![note()]).await.unwrap();
    newer(folder.path());
    let db = Connection::open(folder.path().join("journal.db")).unwrap();
    let wrote = db.execute(
        "INSERT INTO entry (at, site, kind, body) VALUES (1, 'team', 'note', '{}')",
        [],
    );
    assert_eq!(
        wrote,
        Ok(1),
        "nothing but the look at the version is in the way"
    );
    assert_ne!(journal.read(0, 100).unwrap().len(), 1);
}

#[test]
fn an_older_collector_makes_room_for_the_newer_one_in_one_sentence() {
    let home = Home::new();
    home.file("config.toml", &pushing("127.0.0.1:0"));
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    running.tells("collecting into");
    newer(&home.path().join("journal"));
    let told = running.tells("holdline: ");
    assert!(told.contains("has format 99"), "{told}");
    assert!(told.contains("use the newer Holdline"), "{told}");
    assert_eq!(running.ends().code, Some(1));
    for args in [
        vec!["collect"],
        vec!["events"],
        vec!["journal", "check"],
        vec![],
    ] {
        let args = args.into_iter().chain(["--config", "config.toml"]);
        let ran = home.run(args);
        assert!(ran.refused(1).contains("has format 99"), "{ran:?}");
    }
}
