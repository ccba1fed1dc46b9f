//! How a long journal bears on a start (P8), and a long day on memory (P28).
//! Prints a table; `--quick` takes a tenth of it.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

mod day;

use std::{
    hint::black_box,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use day::Day;
use holdline::{
    collector,
    domain::{
        caller::Raw,
        entry::{NewEntry, What},
        hook::{Hook, Says},
        site::Vendor,
        time::At,
    },
    journal::Journal,
    vendor::hook::Reader,
};
use jiff::tz::TimeZone;

const ROUNDS: usize = 5;
const BATCH: usize = 10_000;
/// Calls an hour: enough that all that is remembered is full after one.
const CALLS: u64 = 15_000;

fn main() {
    let is = |flag: &str| std::env::args().any(|arg| arg == flag);
    if is("--day") {
        return memory_of_a_day(if is("--quick") { 4 } else { 24 });
    }
    println!("| row | what | ours | peer | ratio | must | goal |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    start(if is("--quick") { 100_000 } else { 1_000_000 });
    let mut day = Command::new(std::env::current_exe().unwrap());
    day.arg("--day");
    if is("--quick") {
        day.arg("--quick");
    }
    assert!(day.status().unwrap().success());
}

fn row(name: &str, what: &str, ours: &[f64], peer: &[f64], unit: &str, limits: [&str; 2]) {
    let middle = |of: &[f64]| {
        let mut sorted = of.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    };
    let ratios: Vec<f64> = ours.iter().zip(peer).map(|(a, b)| a / b).collect();
    let low = ratios.iter().copied().fold(f64::MAX, f64::min);
    let high = ratios.iter().copied().fold(0.0, f64::max);
    println!(
        "| {name} | {what} | {:.1} {unit} | {:.1} {unit} | {:.4} ({low:.4}–{high:.4}) | {} | {} |",
        middle(ours),
        middle(peer),
        middle(&ratios),
        limits[0],
        limits[1],
    );
}

/// P8: from nothing to a board, beside parsing the same bytes.
fn start(entries: usize) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let mut bodies = Vec::with_capacity(entries);
    for batch in 0..entries / BATCH {
        let hooks = (0..BATCH).map(|n| hook(batch * BATCH + n));
        let hooks: Vec<NewEntry> = hooks.collect();
        for entry in &hooks {
            if let What::Hook(hook) = &entry.what {
                bodies.push(hook.body.as_str().to_owned());
            }
        }
        runtime.block_on(journal.append(hooks)).unwrap();
    }
    drop(journal);
    let reader = Reader::new(&[]);
    let (mut parsed, mut folded, mut started) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        parsed.push(timed(|| {
            for body in &bodies {
                black_box(serde_json::from_str::<serde_json::Value>(body).unwrap());
            }
        }));
        folded.push(timed(|| drop(opened(folder.path(), &reader))));
    }
    let journal = Journal::open(folder.path()).unwrap();
    let board = collector::board(&journal, TimeZone::UTC, &reader).unwrap();
    let saved = board.checkpoint();
    let saved = journal.save_checkpoint(&saved, reader.fingerprint());
    runtime.block_on(saved).unwrap();
    drop(journal);
    for _ in 0..ROUNDS {
        started.push(timed(|| drop(opened(folder.path(), &reader))));
    }
    let what = format!("start with {entries} entries / parsing them with serde_json");
    row("P8", &what, &started, &parsed, "ms", ["1.5", "0.1"]);
    let what = "the same without a saved board: all are folded, once";
    row("P8", what, &folded, &parsed, "ms", ["—", "—"]);
}

/// What a start reads before its first frame.
fn opened(folder: &Path, reader: &Reader) -> Journal {
    let journal = Journal::open(folder).unwrap();
    black_box(collector::board(&journal, TimeZone::UTC, reader).unwrap());
    black_box(journal.feeds().unwrap());
    journal
}

fn timed(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1_000.0
}

fn hook(n: usize) -> NewEntry {
    let (call, step) = (n / 4, n % 4);
    let event = ["call:start", "call:ring", "call:answer", "call:end"][step];
    let at = At(1_772_460_000_000).plus(Duration::from_millis(n as u64 * 100));
    let body = format!(
        r#"{{"event":"{event}","id":"leg-{call}","call_id":"call-{call}","ts":{},"type":"queue","queue_id":"1","dst_user_id":"{}","cid_num":"+45{:08}","cid_name":"Caller {call}","tenant":"north","direction":"in"}}"#,
        at.0,
        call % 40,
        call % 50_000
    );
    NewEntry {
        at,
        site: "team".into(),
        dedupe: Some(format!("leg-{call}\n{event}\n{}", at.0)),
        what: What::Hook(Hook {
            vendor: Vendor::Contaqt,
            event: event.into(),
            body: Raw::new(&body),
            injected: false,
            says: Says::Unread,
        }),
    }
}

/// P28: what the process holds after so many hours, beside after one.
fn memory_of_a_day(hours: u64) {
    let mut day = Day::begins(true);
    day.hour(CALLS);
    let (first, said) = (resident(), day.held());
    for _ in 1..hours {
        day.hour(CALLS);
    }
    let what = format!("memory after {hours} simulated hours of {CALLS} calls / after one");
    row("P28", &what, &[resident()], &[first], "MB", ["1.02", "—"]);
    let thousand = |n: usize| f64::from(u32::try_from(n).unwrap()) / 1_000.0;
    let (last, first) = ([thousand(day.held())], [thousand(said)]);
    row(
        "P28",
        "the same, the console's state as text",
        &last,
        &first,
        "kB",
        ["1.02", "—"],
    );
}

/// Of this process, MB. What the allocator keeps to itself counts too.
fn resident() -> f64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = told
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kb: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kb / 1_000.0
}
