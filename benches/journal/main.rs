//! How a long journal bears on a start (P8), and a long day on memory (P28).
//! `journal start ENTRIES ROUNDS` and `journal day HOURS` print one JSON object
//! a line; `benches/speed P8 P28` makes the table of it.

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
use serde_json::{Value, json};

const BATCH: usize = 10_000;
/// Calls an hour: enough that all that is remembered is full after one.
const CALLS: u64 = 15_000;
/// Hours for whom too much is kept.
const CONTROL: u64 = 4;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["start", entries, rounds, ..] => start(entries.parse().unwrap(), rounds.parse().unwrap()),
        ["day", hours, ..] => {
            // Memory that was given back by the one would be the other's.
            let mut control = Command::new(std::env::current_exe().unwrap());
            control.args(["grows", &CONTROL.to_string()]);
            assert!(control.status().unwrap().success());
            memory_of_a_day(hours.parse().unwrap(), false);
        }
        ["grows", hours, ..] => memory_of_a_day(hours.parse().unwrap(), true),
        _ => println!("run by benches/speed P8 P28"),
    }
}

/// Tells one measurement of ours beside the peer's; or of a control, which
/// must be found wanting.
fn tell(what: &str, size: impl Into<Value>, ours: f64, peer: f64, control: bool) {
    let size: Value = size.into();
    let told =
        json!({ "what": what, "size": size, "ours": ours, "peer": peer, "control": control });
    println!("{told}");
}

/// P8: from nothing to a board, beside parsing the same bytes.
fn start(entries: usize, rounds: usize) {
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
    let parse = || {
        for body in &bodies {
            black_box(serde_json::from_str::<Value>(body).unwrap());
        }
    };
    let mut parsed = Vec::new();
    for round in 0..rounds {
        parsed.push(timed(parse));
        let folded = timed(|| drop(opened(folder.path(), &reader)));
        tell("unsaved", entries, folded, parsed[round], false);
    }
    let journal = Journal::open(folder.path()).unwrap();
    let board = collector::board(&journal, TimeZone::UTC, &reader).unwrap();
    let saved = board.checkpoint();
    let saved = journal.save_checkpoint(&saved, reader.fingerprint());
    runtime.block_on(saved).unwrap();
    drop(journal);
    for parsed in &parsed {
        let started = timed(|| drop(opened(folder.path(), &reader)));
        tell("saved", entries, started, *parsed, false);
    }
    let twice = timed(|| {
        drop(opened(folder.path(), &reader));
        parse();
        parse();
    });
    tell("twice", entries, twice, parsed[0], true);
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
        dedupe: Some(format!("{}\nleg-{call}\n{event}", at.0)),
        what: What::Hook(Hook {
            vendor: Vendor::Contaqt,
            event: event.into(),
            body: Raw::new(&body),
            injected: false,
            says: Says::Unread,
        }),
    }
}

/// P28: what the process holds after so many hours, beside after one; and
/// where it keeps all that it heard.
fn memory_of_a_day(hours: u64, keeps: bool) {
    let (mut day, mut kept) = (Day::begins(true), Vec::new());
    day.hour(CALLS);
    let (first, said) = (resident(), day.held());
    for hour in 1..hours {
        day.hour(CALLS);
        if keeps {
            kept.extend((0..CALLS).map(|call| format!("call {call} of hour {hour}")));
        }
    }
    let what = if keeps { "grows" } else { "resident" };
    tell(what, hours, resident(), first, keeps);
    if !keeps {
        let thousand = |n: usize| f64::from(u32::try_from(n).unwrap()) / 1_000.0;
        tell("text", hours, thousand(day.held()), thousand(said), false);
    }
    black_box(kept);
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
