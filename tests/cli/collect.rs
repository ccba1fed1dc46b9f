//! `holdline collect`: what it writes is read back with the journal's own
//! reader, from another process.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use holdline::{
    domain::{
        entry::{Change, Departure, Entry, What},
        feed::FeedHealth,
        time::At,
    },
    journal::{Journal, News},
    sim::{
        Fault,
        telecomx::{QUEUE_IDS, TOKEN},
    },
};
use rustix::process::Signal;
use serde_json::Value;

use super::{
    program::{Home, PATIENCE, Running, is_fit_to_show},
    stub::{Stub, get, reply},
    vendor::{Vendor, site},
};

/// The beginning of a configuration whose journal lies in `journal`.
const JOURNAL: &str = "[journal]\npath = \"journal\"\n";

fn configured(home: &Home, sites: &str) {
    home.file("config.toml", &format!("{JOURNAL}{sites}"));
}

/// A site with one queue.
fn one_queue(stub: &Stub) -> String {
    format!(
        "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"{}\"\ntoken = \"t\"\n\
         poll = \"1s\"\nqueues = [\"1\"]\n",
        stub.url
    )
}

fn collecting(home: &Home) -> Running {
    let mut running = started(home);
    running.tells("collecting into");
    running
}

fn started(home: &Home) -> Running {
    Running::start(home.holdline(["collect", "--config", "config.toml"]))
}

fn journal(home: &Home) -> Journal {
    Journal::open_read_only(&home.path().join("journal")).unwrap()
}

/// Follows the journal until `enough` is content with the entries so far and
/// how often each feed was seen to have answered.
#[track_caller]
fn follow(journal: &Journal, enough: impl Fn(&[Entry], usize) -> bool) -> Vec<Entry> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut entries = Vec::new();
    let mut answers: Vec<BTreeSet<At>> = Vec::new();
    let following = async {
        let mut news = journal.news(0);
        loop {
            match news.next().await.unwrap() {
                News::Entries(more) => entries.extend(more),
                News::Feeds(feeds) => {
                    answers.resize(feeds.len(), BTreeSet::new());
                    for (seen, (_, health)) in answers.iter_mut().zip(feeds) {
                        seen.extend(health.last_ok);
                    }
                }
            }
            let least = answers.iter().map(BTreeSet::len).min();
            if enough(&entries, least.unwrap_or(0)) {
                return;
            }
        }
    };
    let in_time = runtime.block_on(async { tokio::time::timeout(PATIENCE, following).await });
    assert!(in_time.is_ok(), "not in time: {entries:#?}, {answers:?}");
    entries
}

/// Waits until every feed failed so often in a row.
fn failing(journal: &Journal, times: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let following = async {
        let mut news = journal.news(0);
        loop {
            if let News::Feeds(feeds) = news.next().await.unwrap() {
                let count =
                    |(_, health): &(_, FeedHealth)| health.trouble.as_ref().map(|t| t.count);
                if feeds.iter().map(count).min().flatten() >= Some(times) {
                    return;
                }
            }
        }
    };
    let in_time = runtime.block_on(async { tokio::time::timeout(PATIENCE, following).await });
    assert!(
        in_time.is_ok(),
        "the feeds did not fail {times} times in time"
    );
}

/// `entered 1`, `updated 2`, `gone 3 left`.
fn said(entries: &[Entry]) -> Vec<String> {
    let say = |entry: &Entry| match &entry.what {
        What::Change(Change::Entered { caller, .. }) => format!("entered {}", caller.id),
        What::Change(Change::Updated { caller, .. }) => format!("updated {}", caller.id),
        What::Change(Change::Gone { id, how, .. }) => match how {
            Departure::Answered => format!("gone {id} answered"),
            Departure::Left => format!("gone {id} left"),
        },
        other => panic!("nobody did that: {other:?}"),
    };
    entries.iter().map(say).collect()
}

#[test]
fn the_journal_is_filled_once_and_not_again_while_nothing_changes() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &vendor.url(), TOKEN));
    let mut there: Vec<String> = Vec::new();
    for id in QUEUE_IDS {
        let url = format!("{}/pbx/queue/{id}/callers", vendor.url());
        let rows = get(&url, &format!("authorization: Bearer {TOKEN}"));
        let rows: Vec<Value> = serde_json::from_str(&rows).unwrap();
        there.extend(
            rows.iter()
                .map(|row| format!("entered {}", row["_id"].as_str().unwrap())),
        );
    }
    there.sort();
    assert!(!there.is_empty());
    let running = collecting(&home);
    let entries = follow(&journal(&home), |_, answers| answers >= 3);
    let mut written = said(&entries);
    written.sort();
    assert_eq!(written, there);
    assert!(entries.iter().all(|entry| entry.site.as_str() == "north"));
    let ended = running.end(Signal::TERM);
    assert_eq!(ended.code, Some(143), "{ended:?}");
}

#[test]
fn only_what_changed_is_written_however_it_is_spelt() {
    const A: &str = r#"{"_id":"a","state":"QUEUED","number":"1","entered":"2026-01-01T00:00:00Z"}"#;
    const A_ANSWERED: &str = r#"{"_id":"a","state":"QUEUED","number":"1","entered":"2026-01-01T00:00:00Z","answered":"2026-01-01T00:01:00Z"}"#;
    const B: &str = r#"{"_id":"b","state":"VIP","number":"2","entered":"2026-01-01T00:00:05Z"}"#;
    let (home, step, asked) = (
        Home::new(),
        Arc::new(AtomicUsize::new(0)),
        AtomicUsize::new(0),
    );
    let at = step.clone();
    let stub = Stub::serve(move |_| {
        let list = match at.load(Ordering::SeqCst) {
            0 => format!("[{A},{B}]"),
            1 => format!("[{A_ANSWERED}]"),
            _ => "[]".to_owned(),
        };
        // Never the same bytes twice in a row.
        let blanks = " ".repeat(asked.fetch_add(1, Ordering::SeqCst) % 2);
        reply(
            "200 OK",
            &["content-type: application/json"],
            &(blanks + &list),
        )
    });
    configured(&home, &one_queue(&stub));
    let _running = collecting(&home);
    let journal = journal(&home);
    let first = follow(&journal, |_, answers| answers >= 3);
    assert_eq!(said(&first), ["entered a", "entered b"]);
    step.store(1, Ordering::SeqCst);
    let then = follow(&journal, |entries, _| entries.len() >= 4);
    assert_eq!(said(&then[2..]), ["updated a", "gone b left"]);
    step.store(2, Ordering::SeqCst);
    let last = follow(&journal, |entries, _| entries.len() >= 5);
    assert_eq!(said(&last[4..]), ["gone a answered"]);
}

#[test]
fn a_second_one_waits_and_takes_over_when_the_first_is_killed() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &vendor.url(), TOKEN));
    let first = collecting(&home);
    let mut second = started(&home);
    second.tells("another Holdline collects");
    let killed = first.end(Signal::KILL);
    assert_eq!(killed.code, Some(137));
    let since = Instant::now();
    second.tells("collecting into");
    assert!(
        since.elapsed() < Duration::from_secs(5),
        "{:?}",
        since.elapsed()
    );
    // It goes on where the first one was: nobody enters twice.
    let entries = follow(&journal(&home), |_, answers| answers >= 2);
    let written = said(&entries);
    assert_eq!(
        written.iter().collect::<BTreeSet<_>>().len(),
        written.len(),
        "{written:?}"
    );
    assert_eq!(second.end(Signal::TERM).code, Some(143));
}

#[test]
fn every_signal_ends_it_clean_and_the_board_is_saved() {
    for (signal, code) in [
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::TERM, 143),
    ] {
        let (home, vendor) = (Home::new(), Vendor::start());
        configured(&home, &site("north", &vendor.url(), TOKEN));
        let running = collecting(&home);
        let seen = follow(&journal(&home), |entries, answers| {
            answers >= 1 && !entries.is_empty()
        });
        // A question that is not answered does not hold it up.
        vendor.suffers(Fault::Hang);
        let ended = running.end(signal);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert!(ended.took < Duration::from_secs(3), "{:?}", ended.took);
        for word in ["WARN", "ERROR"] {
            assert!(!ended.err.contains(word), "{ended:?}");
        }
        let checkpoint = journal(&home).checkpoint(0).unwrap().unwrap();
        assert!(checkpoint.upto >= seen.last().unwrap().seq);
    }
}

#[test]
fn a_vendor_that_fails_is_told_and_it_goes_on_when_it_is_back() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &vendor.url(), TOKEN));
    vendor.refuses(500, "internal_error", "a\u{1b}[2Jb\u{202e}\r\nc");
    let mut running = started(&home);
    let told = running.tells("500");
    assert!(told.contains("north"), "{told}");
    is_fit_to_show(&told);
    vendor.sim.faults().clear();
    follow(&journal(&home), |entries, answers| {
        answers >= 1 && !entries.is_empty()
    });
    assert_eq!(running.end(Signal::TERM).code, Some(143));
}

#[test]
fn a_fault_that_stays_is_told_once_and_so_is_its_end() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &vendor.url(), TOKEN));
    vendor.refuses(500, "internal_error", "Internal error");
    let running = collecting(&home);
    failing(&journal(&home), 3);
    vendor.sim.faults().clear();
    follow(&journal(&home), |_, answers| answers >= 2);
    let ended = running.end(Signal::TERM);
    for (word, level) in [("500", "WARN"), ("answers again", "INFO")] {
        let told = ended.err.lines().filter(|line| line.contains(word));
        let told: Vec<&str> = told.collect();
        assert_eq!(told.len(), QUEUE_IDS.len(), "{}", ended.err);
        assert!(told.iter().all(|line| line.contains(level)), "{told:?}");
    }
}

#[test]
fn nobody_who_reads_its_words_is_no_reason_to_stop() {
    let (say, asked) = mpsc::channel();
    let refusals = AtomicUsize::new(0);
    let stub = Stub::serve(move |_| {
        let _ = say.send(());
        match refusals.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => reply("500 Internal Server Error", &[], "no"),
            _ => reply("200 OK", &[], r#"[{"_id":"a","state":"QUEUED"}]"#),
        }
    });
    let home = Home::new();
    configured(&home, &one_queue(&stub));
    let mut child = home
        .holdline(["collect", "--config", "config.toml"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    for _ in 0..3 {
        asked.recv_timeout(PATIENCE).unwrap();
    }
    let entries = follow(&journal(&home), |entries, _| !entries.is_empty());
    assert_eq!(said(&entries), ["entered a"]);
    assert_eq!(child.try_wait().unwrap(), None, "it runs on");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_journal_that_cannot_be_written_is_one_sentence() {
    let home = Home::new();
    let file = home.file("file", "not a folder");
    let places: [PathBuf; 3] = [
        file.clone(),
        file.join("below"),
        Path::new("/proc/holdline").to_owned(),
    ];
    for place in places {
        let text = format!("[journal]\npath = \"{}\"\n", place.display());
        home.file(
            "config.toml",
            &(text + &site("north", "http://127.0.0.1:9", "t")),
        );
        let ran = home.run(["collect", "--config", "config.toml"]);
        let sentence = ran.refused(1);
        assert!(sentence.contains(place.to_str().unwrap()), "{sentence}");
        assert!(sentence.contains("under [journal]"), "{sentence}");
    }
}

#[test]
fn standard_output_stays_empty() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &vendor.url(), TOKEN));
    let ended = collecting(&home).end(Signal::TERM);
    assert_eq!(ended.out, "");
}
