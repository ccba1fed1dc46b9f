//! A disk on which any call may fail (R4), that is full and freed (R5), or
//! takes its time (R6), made by `strace` under the real program: 503 and never
//! a false 2xx, and afterwards the journal holds what was acknowledged.
//!
//! `HOLDLINE_IO_EVENTS` events are sent in each case; of the calls in which
//! they meet the disk every `HOLDLINE_IO_STEP`th fails.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use holdline::journal::Journal;

use crate::{
    client::{JSON, Line, ask, post, ring, send},
    console,
    program::Home,
    rig::{CONFIG, TEAM, legs},
    sizes::{ran, size},
    traced::{Traced, can_inject},
    tty::Tty,
};

/// What senders were told.
#[derive(Debug, Default)]
struct Told {
    acknowledged: Vec<String>,
    refused: BTreeSet<String>,
    /// Turned away because it took too long: it may be stored all the same.
    late: BTreeSet<String>,
    /// Turned away so often in a row that it was left at that.
    is_stuck: bool,
}

/// Refusals in a row after which nothing more is sent: a lock that the system
/// keeps is healed by the next start only.
const STUCK: usize = 30;
/// The same for those that were held until it was too late.
const LATE: usize = 4;

/// Sends so many events, one after the other, each on a line of its own when
/// the last was closed. Whatever fails, each has an answer.
fn sends(address: SocketAddr, many: usize) -> Result<Told, String> {
    let mut told = Told::default();
    let mut line = Line::to(address);
    let mut in_a_row = 0;
    for n in 0..many {
        let leg = format!("leg-{n}");
        let began = Instant::now();
        line.say(post(TEAM, JSON, ring(&leg)));
        let Some(answer) = line.answer() else {
            return Err(format!("{leg} has no answer"));
        };
        match answer.status {
            200 => {
                told.acknowledged.push(leg);
                in_a_row = 0;
            }
            503 => {
                assert!(answer.head.contains("retry-after: "), "{answer:?}");
                in_a_row += 1;
                if began.elapsed() > Duration::from_secs(4) {
                    told.late.insert(leg);
                } else {
                    told.refused.insert(leg);
                }
            }
            other => return Err(format!("{other}: {answer:?}")),
        }
        if in_a_row >= STUCK || told.late.len() >= LATE {
            told.is_stuck = true;
            break;
        }
        if n % 16 == 7 {
            line = Line::try_to(address).map_err(|error| format!("a new line: {error}"))?;
        }
    }
    Ok(told)
}

/// What is wrong with what is stored after this was told.
fn judge(told: &Told, stored: &[String]) -> Result<(), String> {
    let unique: BTreeSet<&String> = stored.iter().collect();
    if unique.len() != stored.len() {
        return Err("something is stored twice".to_owned());
    }
    let lost: Vec<&String> = told
        .acknowledged
        .iter()
        .filter(|leg| !unique.contains(leg))
        .collect();
    if !lost.is_empty() {
        return Err(format!("acknowledged and lost: {lost:?}"));
    }
    let false_503: Vec<&&String> = unique
        .iter()
        .filter(|leg| told.refused.contains(**leg))
        .collect();
    if !false_503.is_empty() {
        return Err(format!("refused and stored: {false_503:?}"));
    }
    let known = stored.iter().filter(|leg| !told.late.contains(*leg));
    if !told.acknowledged.iter().eq(known) {
        return Err("out of order, or never sent".to_owned());
    }
    Ok(())
}

/// What the journal of a home holds.
fn stored(home: &Home) -> Vec<String> {
    let journal = Journal::open_read_only(&home.path().join("journal")).unwrap();
    legs(&journal.read(0, usize::MAX).unwrap())
}

/// How a case came out.
#[derive(Debug, PartialEq)]
enum Came {
    /// It did not start, which it told in a sentence, and starts later.
    Refused,
    /// Nothing failed, or it failed and healed.
    Through { refused: usize },
}

/// Sends through a program whose calls fail so, and judges.
fn case(inject: &[&str], events: usize) -> Result<Came, String> {
    let mut traced = Traced::begin(Home::new(), inject);
    let address = match traced.listens() {
        Ok(address) => address,
        Err(said) => {
            let sentence = said.lines().last().unwrap_or_default();
            let is_told = sentence.starts_with("holdline: ") && sentence.contains("journal");
            if !is_told || said.contains("panicked") {
                return Err(format!("it ended with: {said}"));
            }
            return again(traced.end().0).map(|()| Came::Refused);
        }
    };
    let sent = sends(address, events);
    let (home, code, said) = traced.end();
    let told = sent?;
    if said.contains("panicked") || code != Some(143) {
        return Err(format!("it ended with {code:?}: {said}"));
    }
    judge(&told, &stored(&home))?;
    if told.is_stuck {
        again(home)?;
    }
    Ok(Came::Through {
        refused: told.refused.len() + told.late.len(),
    })
}

/// On the disk as it is now, all is well again.
fn again(home: Home) -> Result<(), String> {
    let mut traced = Traced::begin(home, &[]);
    let address = traced.listens()?;
    let status = send(address, post(TEAM, JSON, ring("again"))).status;
    let (home, ..) = traced.end();
    match (status, stored(&home).last()) {
        (200, Some(leg)) if leg == "again" => Ok(()),
        (status, leg) => Err(format!("afterwards {status} and {leg:?}")),
    }
}

/// The calls by which an event gets to the disk, and how they fail.
const FAILURES: [&str; 14] = [
    "pwrite64:error=EIO",
    "pwrite64:error=ENOSPC",
    "pwrite64:error=EINTR",
    "pwrite64:error=EDQUOT",
    "pread64:error=EIO",
    "pread64:error=EINTR",
    "fsync:error=EIO",
    "fsync:error=ENOSPC",
    "ftruncate:error=EIO",
    "ftruncate:error=EINTR",
    "openat:error=EMFILE",
    "openat:error=EACCES",
    "fcntl:error=ENOLCK",
    "newfstatat:error=EIO",
];

#[test]
fn whichever_call_fails_nothing_is_acknowledged_that_is_not_kept() {
    if !can_inject() {
        return;
    }
    let events = size("HOLDLINE_IO_EVENTS", 4);
    let (step, mut first) = (size("HOLDLINE_IO_STEP", 23), 1_usize);
    let mut rules = Vec::new();
    for failure in FAILURES {
        // So many calls of this kind there are in all, by a thread.
        let most = match failure.split(':').next() {
            Some("pwrite64") => 24 + events * 10,
            Some("fsync") => 6 + events,
            Some("fcntl" | "newfstatat") => 20 + events * 4,
            _ => 14,
        };
        let places = (first..=most).step_by(step);
        rules.extend(places.map(|n| format!("{failure}:when={n}")));
        // Not the same places for each.
        first = 1 + (first + 6) % step.min(most);
    }
    let (refused, found) = all_of(&rules, events);
    assert!(found.is_empty(), "{found:#?}");
    assert!(
        refused > 0,
        "no failure ever met an event: the driver tests nothing"
    );
    ran("R4", rules.len());
}

/// Tries each of these failures; how many met an event, and what was found.
fn all_of(rules: &[String], events: usize) -> (usize, Vec<String>) {
    let refused = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    some_at_once(rules.len(), |number| {
        let rule = &rules[number];
        match case(&[rule], events) {
            Ok(Came::Through { refused: 0 }) => {}
            Ok(_) => drop(refused.fetch_add(1, SeqCst)),
            Err(what) => found.lock().unwrap().push(format!("{rule}: {what}")),
        }
    });
    (refused.into_inner(), found.into_inner().unwrap())
}

/// Tries cases by their number, some at once, as each waits for its disk.
fn some_at_once(many: usize, try_it: impl Fn(usize) + Sync) {
    const AT_ONCE: usize = 4;
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            match next.fetch_add(1, SeqCst) {
                number if number < many => try_it(number),
                _ => return,
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(many) {
            scope.spawn(work);
        }
    });
}

#[test]
fn a_disk_that_is_full_for_a_while_takes_events_again_when_it_is_freed() {
    if !can_inject() {
        return;
    }
    let rounds = size("HOLDLINE_FULL", 2);
    some_at_once(rounds, |round| {
        // Among the calls that so few events make.
        let from = 24 + round * 3 % 90;
        let rule = format!(
            "pwrite64:error=ENOSPC:when={from}..{}",
            from + 9 + round % 7
        );
        let came = case(&[&rule], 24).unwrap_or_else(|what| panic!("{rule}: {what}"));
        let Came::Through { refused } = came else {
            panic!("{rule}: {came:?}");
        };
        assert!((1..24).contains(&refused), "{rule}: {refused} refused");
    });
    ran("R5", rounds);
}

#[test]
fn control_a_disk_that_lies_is_found_out() {
    if !can_inject() {
        return;
    }
    // It says that it has written, and has not.
    let found = case(&["pwrite64:retval=4096:when=24+"], 6);
    assert!(found.is_err(), "{found:?}");
}

/// So many senders at once, each with one event; status and how long it took.
fn crowd(address: SocketAddr, many: usize, round: usize) -> Vec<(String, u16, Duration)> {
    let (say, heard) = mpsc::channel();
    for n in 0..many {
        let say = say.clone();
        thread::spawn(move || {
            let leg = format!("crowd-{round}-{n}");
            let began = Instant::now();
            let answer = send(address, post(TEAM, JSON, ring(&leg)));
            assert!(
                answer.status == 200 || answer.head.contains("retry-after: "),
                "{answer:?}"
            );
            say.send((leg, answer.status, began.elapsed())).unwrap();
        });
    }
    drop(say);
    heard.iter().collect()
}

#[test]
fn where_each_sync_takes_long_senders_are_held_and_no_longer_than_promised() {
    if !can_inject() {
        return;
    }
    let rounds = size("HOLDLINE_SLOW", 1);
    some_at_once(rounds, |round| {
        // Shorter, and longer than a sender is held. The journal is made before,
        // and the first sync of a thread is spared, or it would begin late.
        let delay = Duration::from_millis([500, 6_000][round % 2]);
        let mut quick = Traced::begin(Home::new(), &[]);
        quick.listens().unwrap();
        let (home, ..) = quick.end();
        let rule = format!("fsync:delay_enter={}:when=2..9", delay.as_micros());
        let mut traced = Traced::begin(home, &[&rule]);
        let address = traced.listens().unwrap();
        send(address, post(TEAM, JSON, ring(&format!("spared-{round}"))));
        let answers = crowd(address, 48, round);
        assert_eq!(answers.len(), 48);
        let slowest = answers.iter().map(|(_, _, took)| *took).max().unwrap();
        assert!(
            slowest >= delay.min(Duration::from_secs(5)),
            "nothing was slow"
        );
        assert!(slowest < Duration::from_secs(9), "held for {slowest:?}");
        let acknowledged: Vec<&String> = answers
            .iter()
            .filter(|(_, s, _)| *s == 200)
            .map(|(leg, ..)| leg)
            .collect();
        if delay > Duration::from_secs(5) {
            assert!(
                answers.iter().any(|(_, status, _)| *status == 503),
                "nobody was turned away"
            );
        } else {
            assert_eq!(acknowledged.len(), 48);
        }
        // Its own page is answered all the while.
        let began = Instant::now();
        send(address, ask("GET", "/metrics", ""));
        assert!(
            began.elapsed() < Duration::from_secs(1),
            "{:?}",
            began.elapsed()
        );
        let (home, ..) = traced.end();
        let stored = stored(&home);
        let lost: Vec<&&String> = acknowledged
            .iter()
            .filter(|leg| !stored.contains(leg))
            .collect();
        assert!(lost.is_empty(), "{lost:?}");
        let unique: BTreeSet<&String> = stored.iter().collect();
        assert_eq!(unique.len(), stored.len());
    });
    ran("R6", rounds);
}

#[test]
fn a_consoles_keys_are_answered_while_its_disk_is_slow() {
    if !can_inject() {
        return;
    }
    let home = Home::new();
    home.file("config.toml", CONFIG);
    let folder = home.path().to_owned();
    let journal = folder.join("journal/journal.db-wal");
    let wal = journal.to_string_lossy().into_owned();
    let program = env!("CARGO_BIN_EXE_holdline");
    let trace = folder.join("trace").to_string_lossy().into_owned();
    let arguments = [
        "-f",
        "-qq",
        "-o",
        &trace,
        "-P",
        &wal,
        "-e",
        "inject=fsync:delay_enter=5000000:when=2+",
        program,
        "--config",
        "config.toml",
    ];
    let command = console::command("strace", &arguments, &folder);
    let mut tty = Tty::new(100, 30).run(command);
    tty.wait_for("the console", |screen| screen.contains("1 "));
    let rounds = size("HOLDLINE_SLOW", 1) * 5;
    for _ in 0..rounds {
        let began = Instant::now();
        tty.press("?");
        tty.wait_for("help", |screen| screen.contains("Keys"));
        tty.press("?");
        tty.wait_for("no help", |screen| !screen.contains("Keys"));
        assert!(
            began.elapsed() < Duration::from_secs(3),
            "{:?}",
            began.elapsed()
        );
    }
}
