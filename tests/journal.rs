//! The journal as its users see it: order, durability across `kill -9`, many
//! processes on one folder, and what it says when it cannot work. Two handles
//! on one folder share nothing but the files, as two processes do.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "journal/repeats.rs"]
mod repeats;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use futures_util::{FutureExt, future::join_all};
use holdline::{
    domain::{
        board::Board,
        entry::{Change, Departure, NewEntry, Seq, What},
        fault::{Fault, FaultKind},
        feed::{FeedHealth, FeedId, FeedKind},
        time::At,
    },
    journal::{Journal, JournalError, News, Tail},
};
use jiff::tz::TimeZone;
use rusqlite::Connection;
use tempfile::{TempDir, tempdir};

/// An entry that can be told from others: `id` left.
fn left(id: &str) -> NewEntry {
    NewEntry {
        at: At(1_000),
        site: "support".into(),
        dedupe: None,
        what: What::Change(Change::Gone {
            queue: "123".into(),
            id: id.into(),
            how: Departure::Left,
            waited: None,
        }),
    }
}

fn id(what: &What) -> String {
    match what {
        What::Change(Change::Gone { id, .. }) => id.to_string(),
        other => panic!("not one of ours: {other:?}"),
    }
}

fn stored(journal: &Journal) -> Vec<(Seq, String)> {
    let entries = journal.read(0, usize::MAX).unwrap();
    entries.iter().map(|e| (e.seq, id(&e.what))).collect()
}

fn ids(journal: &Journal) -> Vec<String> {
    stored(journal).into_iter().map(|(_, id)| id).collect()
}

/// The next `count` entries of a tail; a tail that hangs fails the test.
async fn take(tail: &mut Tail, count: usize) -> Vec<String> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let entries = soon(tail.next()).await.unwrap();
        assert!(!entries.is_empty());
        seen.extend(entries.iter().map(|e| id(&e.what)));
    }
    seen
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), future)
        .await
        .expect("an answer")
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_time()
        .build()
        .unwrap()
        .block_on(soon(future))
}

fn journal() -> (TempDir, Journal) {
    let folder = tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    (folder, journal)
}

fn refused(folder: &Path) -> String {
    Journal::open(folder).expect_err("a refusal").to_string()
}

// ---- order ----

#[tokio::test]
async fn entries_read_back_whole_in_order_and_after_a_restart() {
    let (folder, journal) = journal();
    assert_eq!((journal.last_seq().unwrap(), stored(&journal)), (0, vec![]));
    let entry = NewEntry {
        at: At(-7),
        site: "Ærø\0\u{202e}".into(),
        dedupe: Some("k".into()),
        what: What::Unknown {
            kind: "hologram".into(),
            body: r#"{"a":1}"#.into(),
        },
    };
    let seqs = journal.append(vec![left("a"), entry.clone()]).await;
    assert_eq!(seqs.unwrap(), [Some(1), Some(2)]);
    assert_eq!(journal.append(vec![left("b")]).await.unwrap(), [Some(3)]);
    drop(journal);
    let journal = Journal::open(folder.path()).unwrap();
    let read = journal.read(1, 1).unwrap();
    assert_eq!((read.len(), read[0].seq), (1, 2));
    assert_eq!(
        (read[0].at, &read[0].site, &read[0].what),
        (entry.at, &entry.site, &entry.what)
    );
    assert_eq!(journal.last_seq().unwrap(), 3);
    assert_eq!(journal.append(vec![left("c")]).await.unwrap(), [Some(4)]);
}

#[tokio::test]
async fn a_tail_gives_what_was_and_then_what_comes() {
    let (_folder, journal) = journal();
    let many: Vec<_> = (0..2_500).map(|n| left(&n.to_string())).collect();
    journal.append(many).await.unwrap();
    let mut tail = journal.tail(100);
    let expected: Vec<_> = (100..2_500).map(|n| n.to_string()).collect();
    assert_eq!(take(&mut tail, 2_400).await, expected);
    // Giving a wait up loses nothing.
    assert!(tail.next().now_or_never().is_none());
    let (seen, appended) = tokio::join!(take(&mut tail, 1), journal.append(vec![left("new")]));
    appended.unwrap();
    assert_eq!(seen, ["new"]);
}

#[tokio::test]
async fn a_tail_hears_of_another_process() {
    let (folder, ours) = journal();
    let theirs = Journal::open(folder.path()).unwrap();
    let mut tail = ours.tail(0);
    assert!(tail.next().now_or_never().is_none());
    theirs.append(vec![left("theirs")]).await.unwrap();
    assert_eq!(take(&mut tail, 1).await, ["theirs"]);
    theirs.append(vec![left("again")]).await.unwrap();
    assert_eq!(take(&mut tail, 1).await, ["again"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_that_append_at_once_are_seen_once_and_in_one_order() {
    const EACH: usize = 300;
    let (folder, one) = journal();
    let two = Journal::open(folder.path()).unwrap();
    let (mut first, mut second) = (one.tail(0), two.tail(0));
    let append = |journal: Journal, name: &'static str| {
        tokio::spawn(async move {
            for n in 0..EACH {
                journal
                    .append(vec![left(&format!("{name}{n}"))])
                    .await
                    .unwrap();
            }
        })
    };
    let writers = [append(one.clone(), "a"), append(two.clone(), "b")];
    let (seen, also) = tokio::join!(take(&mut first, 2 * EACH), take(&mut second, 2 * EACH));
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    assert_eq!(seen, also);
    assert_eq!(seen, ids(&one));
    for name in ["a", "b"] {
        let own: Vec<_> = seen.iter().filter(|id| id.starts_with(name)).collect();
        let expected: Vec<_> = (0..EACH).map(|n| format!("{name}{n}")).collect();
        assert_eq!(own, expected.iter().collect::<Vec<_>>());
    }
}

// ---- groups, repeats ----

#[test]
fn what_waits_while_the_disk_is_busy_shares_one_transaction() {
    const APPENDS: u32 = 4_000;
    let (folder, journal) = journal();
    // A lock stands for the busy disk: the first group waits for it.
    let other = Connection::open(folder.path().join("journal.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for n in 0..APPENDS {
        let append = journal.append(vec![left(&n.to_string())]);
        assert!(append.now_or_never().is_none());
    }
    other.execute_batch("ROLLBACK").unwrap();
    block_on(journal.flush()).unwrap();
    assert_eq!(journal.last_seq().unwrap(), u64::from(APPENDS));
    assert!(journal.commits() <= 2, "{} commits", journal.commits());
}

#[tokio::test]
async fn an_append_of_ten_thousand_is_one_transaction() {
    let (_folder, journal) = journal();
    let many = (0..10_000).map(|n| left(&n.to_string())).collect();
    let seqs = journal.append(many).await.unwrap();
    assert!(seqs.iter().copied().eq((1..=10_000).map(Some)));
    assert_eq!(journal.commits(), 1);
}

#[tokio::test]
async fn a_repeat_is_stored_once_per_site_whoever_brings_it() {
    let (folder, one) = journal();
    let two = Journal::open(folder.path()).unwrap();
    let keyed = |id: &str, site: &str| NewEntry {
        dedupe: Some("call-7".into()),
        site: site.into(),
        ..left(id)
    };
    let batch = vec![
        keyed("first", "support"),
        left("plain"),
        keyed("repeat", "support"),
        keyed("elsewhere", "sales"),
        left("plain"),
    ];
    let seqs = one.append(batch).await.unwrap();
    let stored: Vec<_> = seqs.iter().map(Option::is_some).collect();
    assert_eq!(stored, [true, true, false, true, true]);
    let again = two.append(vec![keyed("repeat", "support")]).await.unwrap();
    assert_eq!(again, [None]);
    assert_eq!(ids(&one), ["first", "plain", "elsewhere", "plain"]);
    // The places told are the places kept.
    let told: Vec<_> = seqs.into_iter().flatten().collect();
    let kept: Vec<_> = one.read(0, 9).unwrap().iter().map(|e| e.seq).collect();
    assert_eq!(told, kept);
}

#[tokio::test]
async fn the_last_handle_writes_what_is_queued_before_it_goes() {
    let (folder, journal) = journal();
    // Polled once: queued, and the answer not waited for.
    for n in 0..50 {
        let append = journal.append(vec![left(&n.to_string())]);
        append.now_or_never();
    }
    drop(journal);
    let journal = Journal::open_read_only(folder.path()).unwrap();
    let expected: Vec<_> = (0..50).map(|n| n.to_string()).collect();
    assert_eq!(ids(&journal), expected);
}

#[tokio::test]
async fn a_flush_waits_for_all_that_was_queued_before_it() {
    let (folder, journal) = journal();
    for n in 0..50 {
        journal.append(vec![left(&n.to_string())]).now_or_never();
    }
    journal.flush().await.unwrap();
    let other = Journal::open_read_only(folder.path()).unwrap();
    assert_eq!(other.last_seq().unwrap(), 50);
}

// ---- feeds, checkpoint, retention ----

fn feed(queue: &str) -> FeedId {
    FeedId {
        site: "support".into(),
        kind: FeedKind::Callers(queue.into()),
    }
}

#[tokio::test]
async fn another_console_sees_feed_health_and_entries() {
    let (folder, collector) = journal();
    let mut health = FeedHealth::new(Duration::from_secs(2));
    health.answered(At(5_000));
    let first = vec![(feed("1"), health.clone()), (feed("2"), health.clone())];
    collector.set_feeds(first.clone()).await.unwrap();

    let console = Journal::open_read_only(folder.path()).unwrap();
    assert_eq!(console.feeds().unwrap(), first);
    let mut news = console.news(0);
    assert_eq!(soon(news.next()).await.unwrap(), News::Feeds(first.clone()));

    let fault = Fault::new(
        FaultKind::RateLimited { until: Some(At(9)) },
        "slow down",
        "",
    );
    health.failed(At(7_000), fault);
    collector
        .set_feeds(vec![(feed("2"), health.clone())])
        .await
        .unwrap();
    let second = vec![first[0].clone(), (feed("2"), health)];
    assert_eq!(soon(news.next()).await.unwrap(), News::Feeds(second));

    collector.append(vec![left("a")]).await.unwrap();
    let News::Entries(entries) = soon(news.next()).await.unwrap() else {
        panic!("the feeds did not change");
    };
    assert_eq!(entries.len(), 1);
    // Health is no entry.
    assert_eq!(collector.last_seq().unwrap(), 1);
    assert_eq!(collector.commits(), 1);
}

#[tokio::test]
async fn a_restart_goes_on_from_the_checkpoint() {
    let (folder, journal) = journal();
    assert_eq!(journal.checkpoint(0).unwrap(), None);
    journal.append(vec![left("a"), left("b")]).await.unwrap();
    let mut board = Board::new(TimeZone::UTC);
    for entry in journal.read(0, 10).unwrap() {
        board.apply(&entry);
    }
    journal
        .save_checkpoint(&board.checkpoint(), 0)
        .await
        .unwrap();
    drop(journal);
    let journal = Journal::open(folder.path()).unwrap();
    let kept = journal.checkpoint(0).unwrap().unwrap();
    assert_eq!(kept.upto, 2);
    assert_eq!(Board::from_checkpoint(TimeZone::UTC, kept), board);
}

#[tokio::test]
async fn retention_deletes_what_is_old_and_in_the_checkpoint() {
    let (_folder, journal) = journal();
    let aged = |n: i64| NewEntry {
        at: At(n),
        ..left(&n.to_string())
    };
    let mut board = Board::new(TimeZone::UTC);
    journal
        .append((1..=5_000).map(aged).collect())
        .await
        .unwrap();
    // Nothing holds them yet, so nothing may go.
    assert_eq!(journal.prune(At(4_000)).await.unwrap(), 0);
    for entry in journal.read(0, 4_500).unwrap() {
        board.apply(&entry);
    }
    journal
        .save_checkpoint(&board.checkpoint(), 0)
        .await
        .unwrap();
    assert_eq!(journal.prune(At(4_000)).await.unwrap(), 3_999);
    assert_eq!(stored(&journal).first(), Some(&(4_000, "4000".into())));
    // What came after the checkpoint stays, however old.
    assert_eq!(journal.prune(At(i64::MAX)).await.unwrap(), 501);
    assert_eq!(stored(&journal).first(), Some(&(4_501, "4501".into())));
    assert_eq!(journal.checkpoint(0).unwrap(), Some(board.checkpoint()));
    // The last entry stays too, and places are not used twice.
    for entry in journal.read(4_500, 1_000).unwrap() {
        board.apply(&entry);
    }
    journal
        .save_checkpoint(&board.checkpoint(), 0)
        .await
        .unwrap();
    assert_eq!(journal.prune(At(i64::MAX)).await.unwrap(), 499);
    assert_eq!(journal.last_seq().unwrap(), 5_000);
    assert!(journal.checkpoint(0).unwrap().is_some());
    assert_eq!(
        journal.append(vec![left("x")]).await.unwrap(),
        [Some(5_001)]
    );
}

// ---- the collector's role ----

#[test]
fn one_holder_has_the_collectors_role_and_gives_it_back() {
    let (folder, one) = journal();
    let two = Journal::open(folder.path()).unwrap();
    let role = one.collector_role().unwrap().unwrap();
    assert!(two.collector_role().unwrap().is_none());
    assert!(one.collector_role().unwrap().is_none());
    drop(role);
    assert!(two.collector_role().unwrap().is_some());
}

#[test]
fn the_role_of_a_killed_process_is_free_at_once() {
    let (folder, journal) = journal();
    let (mut child, mut lines) = child("child_that_collects", folder.path());
    assert_eq!(lines.next(), Some("collecting".into()));
    assert!(journal.collector_role().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(journal.collector_role().unwrap().is_some());
}

// ---- kill -9 ----

/// What is wrong with a journal, given what was acknowledged in the order of
/// the acknowledgements of each writer.
fn audit(acknowledged: &[(Seq, String)], stored: &[(Seq, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut count = BTreeMap::<&str, u32>::new();
    for (_, id) in stored {
        *count.entry(id).or_default() += 1;
    }
    wrong.extend(
        count
            .iter()
            .filter(|(_, n)| **n > 1)
            .map(|(id, n)| format!("{id} is stored {n} times")),
    );
    let places: BTreeMap<Seq, &str> = stored.iter().map(|(seq, id)| (*seq, &**id)).collect();
    for (seq, id) in acknowledged {
        if places.get(seq) != Some(&id.as_str()) {
            wrong.push(format!("{id} was acknowledged as {seq} and is not there"));
        }
    }
    // `<writer>-<n>`: each writer's entries lie in the order it sent them.
    let mut last = BTreeMap::<&str, u64>::new();
    for (seq, id) in stored {
        let (writer, n) = id.rsplit_once('-').unwrap();
        let n = n.parse().unwrap();
        if last.insert(writer, n).is_some_and(|before| before >= n) {
            wrong.push(format!("{id} is out of order at {seq}"));
        }
    }
    wrong
}

/// The control: an audit that finds nothing wrong here would prove nothing.
#[test]
fn the_audit_reports_what_is_lost_doubled_moved_or_out_of_order() {
    let list = |of: &[(Seq, &str)]| -> Vec<(Seq, String)> {
        of.iter()
            .map(|(seq, id)| (*seq, (*id).to_owned()))
            .collect()
    };
    let acknowledged = list(&[(1, "a-1"), (2, "a-2"), (3, "b-1")]);
    let more = list(&[(1, "a-1"), (2, "a-2"), (3, "b-1"), (4, "b-2")]);
    assert_eq!(audit(&acknowledged, &more), Vec::<String>::new());
    for spoilt in [
        list(&[(1, "a-1"), (3, "b-1")]),
        list(&[(1, "a-1"), (2, "a-2")]),
        list(&[(1, "a-1"), (2, "a-2"), (3, "b-1"), (4, "a-1")]),
        list(&[(2, "a-1"), (3, "a-2"), (4, "b-1")]),
        list(&[(1, "a-2"), (2, "a-1"), (3, "b-1")]),
        list(&[]),
    ] {
        assert_ne!(audit(&acknowledged, &spoilt), Vec::<String>::new());
    }
}

// That the disk was synced before each answer, `kill -9` cannot show: what was
// handed to the system outlives the process. This shows that nothing is
// answered before it was handed over, and that what a kill leaves behind
// opens, whole and in order.
#[test]
fn what_was_acknowledged_outlives_kill_9() {
    let folder = tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let mut acknowledged = Vec::new();
    for _ in 0..6 {
        let (mut child, mut lines) = child("child_that_appends", folder.path());
        let ack = |line: String| {
            let (seq, id) = line.trim_end_matches('.').split_once(' ').unwrap();
            (seq.parse().unwrap(), id.to_owned())
        };
        let until = random.usize(1..600);
        acknowledged.extend(lines.by_ref().take(until).map(ack));
        child.kill().unwrap();
        // A last line may have been cut.
        let rest: Vec<_> = lines.collect();
        acknowledged.extend(rest.into_iter().filter(|l| l.ends_with('.')).map(ack));
        child.wait().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(
            audit(&acknowledged, &stored(&journal)),
            Vec::<String>::new()
        );
    }
    assert!(acknowledged.len() > 6);
}

const FOLDER: &str = "HOLDLINE_TEST_JOURNAL";

/// Runs one of the tests below in a process of its own.
fn child(test: &str, folder: &Path) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", test])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = said(child.stdout.take().unwrap());
    (child, lines)
}

/// What the child says, without what the test harness says around it.
fn said(out: ChildStdout) -> impl Iterator<Item = String> {
    BufReader::new(out)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.split_once('>').map(|(_, said)| said.to_owned()))
}

fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, ">{text}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "run as a process of its own by the tests above"]
fn child_that_collects() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let journal = Journal::open(Path::new(&folder)).unwrap();
    let _role = journal.collector_role().unwrap().unwrap();
    say("collecting");
    // Until it is killed.
    std::thread::park();
}

#[test]
#[ignore = "run as a process of its own by the tests above"]
fn child_that_appends() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let journal = Journal::open(Path::new(&folder)).unwrap();
        let writers = (0..8).map(|writer| {
            let journal = journal.clone();
            let name = format!("{}.{writer}", std::process::id());
            async move {
                for n in 0.. {
                    let id = format!("{name}-{n}");
                    let seqs = journal.append(vec![left(&id)]).await.unwrap();
                    say(&format!("{} {id}.", seqs[0].unwrap()));
                }
            }
        });
        join_all(writers).await;
    });
}

// ---- what it says when it cannot work ----

#[test]
fn a_folder_below_a_file_is_refused_in_a_sentence() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let sentence = refused(&file.join("journal"));
    assert!(
        sentence.starts_with("cannot make the journal's folder"),
        "{sentence}"
    );
    assert!(sentence.contains(&*file.to_string_lossy()), "{sentence}");
    assert!(sentence.contains("[journal]"), "{sentence}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_not_touched() {
    let (folder, journal) = journal();
    journal.append(vec![left("a")]).await.unwrap();
    drop(journal);
    let file = folder.path().join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[..16].copy_from_slice(b"SQLite format 2\0");
    fs::write(&file, &bytes).unwrap();
    let sentence = refused(folder.path());
    assert!(sentence.contains("is damaged"), "{sentence}");
    assert!(sentence.contains("move the folder aside"), "{sentence}");
    assert_eq!(fs::read(&file).unwrap(), bytes);
    assert!(Journal::open_read_only(folder.path()).is_err());
}

#[test]
fn an_emptied_file_with_a_log_beside_it_is_refused_and_the_log_kept() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("journal.db"), "").unwrap();
    let log = folder.path().join("journal.db-wal");
    fs::write(&log, "all that is left").unwrap();
    let sentence = refused(folder.path());
    assert!(sentence.contains("there is a log beside it"), "{sentence}");
    assert_eq!(fs::read(&log).unwrap(), b"all that is left");
}

#[test]
fn another_programs_database_is_refused_and_not_touched() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("journal.db");
    let other = Connection::open(&file).unwrap();
    other
        .execute_batch("CREATE TABLE music (title TEXT)")
        .unwrap();
    drop(other);
    let bytes = fs::read(&file).unwrap();
    let sentence = refused(folder.path());
    assert!(
        sentence.contains("belongs to another program"),
        "{sentence}"
    );
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn a_newer_format_is_refused_with_both_numbers() {
    let (folder, journal) = journal();
    drop(journal);
    let other = Connection::open(folder.path().join("journal.db")).unwrap();
    other.pragma_update(None, "user_version", 9).unwrap();
    let sentence = refused(folder.path());
    assert!(
        sentence.contains("has format 9, this Holdline knows formats up to 4"),
        "{sentence}"
    );
}

#[tokio::test]
async fn reading_only_makes_nothing_and_takes_nothing() {
    let folder = tempdir().unwrap();
    let missing = Journal::open_read_only(folder.path()).unwrap_err();
    assert!(matches!(missing, JournalError::Missing { .. }), "{missing}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    let writing = Journal::open(folder.path()).unwrap();
    writing.append(vec![left("a")]).await.unwrap();
    let reading = Journal::open_read_only(folder.path()).unwrap();
    let refused = reading.append(vec![left("b")]).await.unwrap_err();
    assert!(
        matches!(refused, JournalError::ReadOnly { .. }),
        "{refused}"
    );
    assert_eq!(ids(&reading), ["a"]);
}

#[tokio::test]
async fn files_are_as_open_to_the_group_as_the_folder_and_to_nobody_else() {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (folder_mode, file_mode) in [(0o700, 0o600), (0o770, 0o660), (0o777, 0o660)] {
        let folder = tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(folder_mode)).unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal.append(vec![left("a")]).await.unwrap();
        let _role = journal.collector_role().unwrap().unwrap();
        assert_eq!(mode(folder.path()), folder_mode);
        let files: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        assert_eq!(files.len(), 4, "{files:?}");
        for file in files {
            assert_eq!(mode(&file), file_mode, "{}", file.display());
        }
    }
    let parent = tempdir().unwrap();
    let made = parent.path().join("a/b");
    Journal::open(&made).unwrap();
    assert_eq!(mode(&made) & 0o707, 0o700);
}

#[test]
fn two_processes_may_make_the_journal_at_once() {
    let folder = tempdir().unwrap();
    let open = || Journal::open(folder.path()).map(|journal| journal.last_seq().unwrap());
    let opened: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    for journal in opened {
        assert_eq!(journal.unwrap(), 0);
    }
}

#[test]
fn a_journal_that_was_taken_away_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = Journal::open(&path).unwrap();
    block_on(journal.append(vec![left("before")])).unwrap();
    std::fs::remove_dir_all(&path).unwrap();
    let gone = block_on(journal.append(vec![left("after")])).unwrap_err();
    assert!(
        gone.to_string().contains("was removed or replaced"),
        "{gone}"
    );
    // Nor does one that somebody put in its place.
    let other = Journal::open(&path).unwrap();
    assert!(block_on(journal.append(vec![left("after")])).is_err());
    assert_eq!(other.last_seq().unwrap(), 0);
}
