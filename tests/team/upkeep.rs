//! `holdline journal`: check, compact, export; and that retention keeps the
//! journal from growing.

use std::{fs, path::Path};

use holdline::{
    domain::{
        entry::{NewEntry, What},
        time::At,
        triage::{Act, Deed, Outcome, Subject},
    },
    journal::Journal,
    runtime::clock,
};
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    program::{Home, Running},
    pushing,
};

/// A home with a journal of entries that came this long ago, days.
fn home(days: &[i64]) -> Home {
    let home = Home::new();
    home.file(
        "config.toml",
        &pushing("127.0.0.1:0")
            .replace("path = \"journal\"", "path = \"journal\"\nretain = \"30d\""),
    );
    let journal = Journal::open(&home.path().join("journal")).unwrap();
    block_on(journal.append(entries(days)));
    home
}

fn entries(days: &[i64]) -> Vec<NewEntry> {
    let now = clock::system()();
    let entry = |day: &i64| NewEntry {
        at: now.shift(-day * 86_400_000),
        site: "team".into(),
        dedupe: None,
        what: What::Unknown {
            kind: "hologram".into(),
            body: format!("{{\"of\": {day}, \"pad\":\"{}\"}}", "x".repeat(400)).into(),
        },
    };
    days.iter().map(entry).collect()
}

fn block_on<T, E: std::fmt::Debug>(work: impl Future<Output = Result<T, E>>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
        .unwrap()
}

fn size(home: &Home) -> u64 {
    fs::metadata(home.path().join("journal/journal.db"))
        .unwrap()
        .len()
}

fn run(home: &Home, args: &[&str]) -> crate::program::Ran {
    let config = ["--config", "config.toml"];
    home.run(["journal"].iter().chain(args).chain(&config))
}

#[test]
fn a_sound_journal_is_counted_by_kind() {
    let home = home(&[40, 20, 1]);
    let told = run(&home, &["check"]);
    let text = told.fine();
    for part in [
        "3 entries, from 1 to 3",
        "hologram",
        "no board is saved",
        "sound",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let told: Value =
        serde_json::from_str(run(&home, &["check", "--format", "json"]).fine()).unwrap();
    assert_eq!(
        (&told["sound"], &told["entries"]),
        (&true.into(), &3.into())
    );
    assert_eq!(told["kinds"][0]["kind"], "hologram");
}

#[test]
fn who_must_not_be_called_stays_remembered_whatever_is_compacted() {
    let home = Home::new();
    let configured = |country: &str| {
        let sites = format!(
            "country = \"{country}\"\n[[site]]\nname = \"phones\"\nvendor = \"contaqt\"\n\
             country = \"NO\"\nhook = {{ secret = \"new-secret-0123456789\" }}\n"
        );
        let text = pushing("127.0.0.1:0") + &sites;
        let retain = text.replace("path = \"journal\"", "path = \"journal\"\nretain = \"1d\"");
        home.file("config.toml", &retain);
    };
    let journal = || Journal::open(&home.path().join("journal")).unwrap();
    let subject = Subject {
        site: "outbound".into(),
        id: "17".into(),
    };
    let never = NewEntry {
        what: What::Act(Act {
            subject: subject.clone(),
            also: [].into(),
            customer: None,
            who: "anna".into(),
            deed: Deed::Outcome {
                outcome: Outcome::DoNotCall,
            },
        }),
        ..entries(&[40]).remove(0)
    };
    block_on(journal().append([vec![never], entries(&[0])].concat()));
    let fingerprint = || {
        let file = home.path().join("journal/journal.db");
        let db = rusqlite::Connection::open(file).unwrap();
        db.query_row("SELECT fingerprint FROM board", [], |row| {
            row.get::<_, i64>(0)
        })
    };
    let mut before = None;
    for country in ["DK", "SE"] {
        configured(country);
        run(&home, &["compact"]).fine();
        let whole = fingerprint().unwrap();
        assert_ne!(before.replace(whole), Some(whole));
        run(&home, &["compact", "--site", "phones"]).fine();
        assert_eq!(fingerprint(), Ok(whole), "what is read is the same");
        let kept = journal().kept_triage().unwrap().unwrap();
        let outcome = &kept.triage.case(&subject).unwrap().outcome;
        assert_eq!(outcome.as_ref().unwrap().0, Outcome::DoNotCall);
    }
    assert_eq!(journal().read(0, 10).unwrap().len(), 1);
}

#[test]
fn a_check_makes_no_file_and_runs_beside_a_collector() {
    let home = home(&[1]);
    let names = |home: &Home| {
        let each = fs::read_dir(home.path().join("journal")).unwrap();
        let mut names: Vec<_> = each.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names(&home);
    run(&home, &["check"]).fine();
    assert_eq!(names(&home), before);
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    running.tells("collecting into");
    assert!(run(&home, &["check"]).fine().contains("sound"));
    assert_eq!(running.end(Signal::TERM).code, Some(143));
}

#[test]
fn damage_is_told_with_what_to_do() {
    let home = home(&(0..2_000).map(|_| 1).collect::<Vec<_>>());
    let file = home.path().join("journal/journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let ran = run(&home, &["check"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("damaged: "), "{}", ran.out);
    assert!(
        ran.sentence().contains("holdline journal recover"),
        "{}",
        ran.err
    );
    // What can be read is saved, and that it is not all of it is said.
    let ran = run(&home, &["export"]);
    assert!(
        ran.code == Some(1) && ran.err.contains("entries could be read"),
        "{ran:?}"
    );
    assert!(ran.out.lines().count() > 1_900);
}

#[test]
fn compacting_gives_room_back_but_not_while_somebody_collects() {
    let mut days = vec![40; 5_000];
    days.push(1);
    let home = home(&days);
    let before = size(&home);
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    running.tells("collecting into");
    let ran = run(&home, &["compact"]);
    let sentence = ran.refused(1);
    assert!(
        sentence.contains(&format!("process {} collects", running.id.as_raw_nonzero())),
        "{sentence}"
    );
    assert_eq!(running.end(Signal::TERM).code, Some(143));
    let told = run(&home, &["compact"]);
    assert!(told.fine().contains("5000 entries deleted"), "{told:?}");
    assert!(size(&home) * 5 < before, "{} of {before}", size(&home));
    let journal = Journal::open(&home.path().join("journal")).unwrap();
    let left = journal.read(0, 10).unwrap();
    assert_eq!((left.len(), left[0].seq), (1, 5_001), "places stay");
}

#[test]
fn an_export_has_every_entry_as_it_is_on_disk() {
    let home = home(&[2, 1]);
    let ran = run(&home, &["export"]);
    let lines: Vec<Value> = ran
        .fine()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[1]["seq"], &lines[1]["body"]["of"]),
        (&2.into(), &1.into())
    );
    assert!(ran.out.contains("{\"of\": 1, "), "white space as stored");
    let to_file = ["export", "--output", "out.ndjson"];
    let told = run(&home, &to_file);
    assert_eq!(told.code, Some(0), "{told:?}");
    let path = home.path().join("out.ndjson");
    assert_eq!(fs::read_to_string(&path).unwrap(), ran.out);
    assert_eq!(mode(&path), 0o600);
    let again = run(&home, &to_file);
    assert!(again.refused(2).contains("is there already"), "{again:?}");
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn where_there_is_no_journal_each_says_so_and_makes_none() {
    let home = Home::new();
    home.file("config.toml", &pushing("127.0.0.1:0"));
    for args in [&["check"][..], &["compact"], &["export"]] {
        let ran = run(&home, args);
        assert!(ran.refused(1).contains("there is no journal in"), "{ran:?}");
    }
    assert!(!home.path().join("journal").exists());
}

/// Retention alone, as a collector has it, day after day: the file comes to a
/// size and stays there.
#[test]
fn a_journal_that_is_pruned_every_day_comes_to_a_size_and_stays_there() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let mut sizes = Vec::new();
    for day in 0..40_i64 {
        let now = At(day * 86_400_000);
        let entry = |n: i64| NewEntry {
            at: now.shift(n),
            ..entries(&[0]).remove(0)
        };
        block_on(journal.append((0..500).map(entry).collect()));
        let mut board = holdline::domain::board::Board::new(jiff::tz::TimeZone::UTC);
        for entry in journal.read(0, usize::MAX).unwrap() {
            board.apply(&entry);
        }
        block_on(journal.save_checkpoint(&board.checkpoint(), 0));
        block_on(journal.prune(now.shift(-5 * 86_400_000)));
        sizes.push(pages(folder.path()));
    }
    assert!(sizes[39] <= sizes[10], "{sizes:?}");
    assert!(sizes[10] > sizes[0], "it holds something");
}

/// Pages of the database, its log counted in.
fn pages(folder: &Path) -> i64 {
    let db = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    db.query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap()
}
