//! No 2xx leaves before the sync that covers it has returned (R3), as the
//! system saw it: a trace of `HOLDLINE_TRACE` requests, in the order of their
//! calls.

use std::{collections::BTreeMap, fs, net::SocketAddr, thread};

use crate::{
    client::{JSON, Line, post, ring},
    program::Home,
    rig::TEAM,
    sizes::{ran, size},
    traced::{Traced, can_inject},
};

/// Senders at once.
const SENDERS: usize = 16;

/// What a line of the trace tells, by the number of the file it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    /// A request has come.
    Asked(String),
    /// Something is written into the journal's log.
    Wrote,
    /// A sync of the log begins, by this thread,
    SyncBegins(String),
    /// and has returned well.
    SyncEnds(String),
    /// A 200 is given to the system.
    Answered(String),
}

/// Reads a trace by `strace -f -y`: a call that others interrupt is on two
/// lines, of which the first names the file.
fn read(trace: &str) -> Vec<Seen> {
    let mut open: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut seen = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        let call = call.trim_start();
        let begins = !call.starts_with("<... ");
        let ends = !call.ends_with("<unfinished ...>");
        let (name, file) = match call.split_once('(') {
            Some((name, rest)) if begins => {
                (name, rest.split([',', ')', ' ']).next().unwrap_or_default())
            }
            _ => match open.remove(thread) {
                Some(known) => known,
                None => continue,
            },
        };
        if !ends {
            open.insert(thread, (name, file));
        }
        let is_log = file.contains("journal.db-wal");
        let mut tells = |what| seen.push(what);
        match name {
            "recvfrom" if ends && call.contains("\"POST ") => tells(Seen::Asked(file.to_owned())),
            "pwrite64" if is_log && begins => tells(Seen::Wrote),
            "fsync" | "fdatasync" if is_log => {
                if begins {
                    tells(Seen::SyncBegins(thread.to_owned()));
                }
                if ends && call.trim_end().ends_with("= 0") {
                    tells(Seen::SyncEnds(thread.to_owned()));
                }
            }
            "writev" | "sendto" | "write" if begins && call.contains("HTTP/1.1 200") => {
                tells(Seen::Answered(file.to_owned()));
            }
            _ => {}
        }
    }
    seen
}

/// How many were answered, each after something was written and synced that
/// began after it was asked; or the first that was not.
fn judge(seen: &[Seen]) -> Result<usize, String> {
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut syncing: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    // Where the last write stands that a sync covers which has returned.
    let (mut wrote, mut covered, mut answered) = (None, None, 0);
    for (place, what) in seen.iter().enumerate() {
        match what {
            Seen::Asked(line) => drop(asked.insert(line, place)),
            Seen::Wrote => wrote = Some(place),
            Seen::SyncBegins(thread) => drop(syncing.insert(thread, wrote)),
            Seen::SyncEnds(thread) => covered = syncing.remove(&**thread).flatten().max(covered),
            Seen::Answered(line) => {
                let Some(since) = asked.remove(&**line) else {
                    return Err(format!("nobody asked on {line}"));
                };
                if covered < Some(since) {
                    return Err(format!("{line} was answered before it was kept"));
                }
                answered += 1;
            }
        }
    }
    Ok(answered)
}

/// Sends so many from all senders together; all are acknowledged.
fn sends(address: SocketAddr, many: usize) {
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            scope.spawn(move || {
                let mut line = Line::to(address);
                for n in (sender..many).step_by(SENDERS) {
                    line.say(post(TEAM, JSON, ring(&format!("leg-{n}"))));
                    assert_eq!(line.answer().unwrap().status, 200);
                }
            });
        }
    });
}

#[test]
fn as_the_system_saw_it_each_answer_left_after_its_sync() {
    if !can_inject() {
        return;
    }
    let many = size("HOLDLINE_TRACE", 160);
    let mut traced = Traced::with(
        Home::new(),
        &[
            "-y",
            "-s",
            "16",
            "-e",
            "trace=recvfrom,writev,sendto,write,pwrite64,fsync,fdatasync",
        ],
    );
    let address = traced.listens().unwrap();
    sends(address, many);
    let (home, code, said) = traced.end();
    assert_eq!(code, Some(143), "{said}");
    let trace = fs::read_to_string(home.path().join("trace")).unwrap();
    let seen = read(&trace);
    assert_eq!(judge(&seen), Ok(many));
    // The control: a receiver whose syncs never return, and one that answers
    // before they do.
    let without = |out: fn(&Seen) -> bool| -> Vec<Seen> {
        let kept = seen.iter().filter(|what| !out(what));
        kept.cloned().collect()
    };
    assert!(judge(&without(|what| matches!(what, Seen::SyncEnds(_)))).is_err());
    assert!(judge(&without(|what| matches!(what, Seen::Wrote))).is_err());
    // As soon as it was asked.
    let mut hasty = seen.clone();
    let answer = |what: &Seen| matches!(what, Seen::Answered(_));
    let first = hasty.iter().position(answer).unwrap();
    let early = hasty.remove(first);
    let asked =
        |what: &Seen| matches!((what, &early), (Seen::Asked(a), Seen::Answered(b)) if a == b);
    let since = hasty[..first].iter().rposition(asked).unwrap();
    hasty.insert(since + 1, early);
    assert!(judge(&hasty).is_err());
    ran("R3", many);
}

#[test]
fn control_a_trace_of_one_that_answers_first_is_found_out() {
    let trace = |answer: usize| {
        let mut lines = vec![
            "7 recvfrom(20<socket:[1]>, \"POST /hooks/team\"..., 8192, 0, NULL, NULL) = 243",
            "9 pwrite64(21</j/journal.db-wal>, \"x\"..., 24, 0) = 24",
            "9 fsync(21</j/journal.db-wal> <unfinished ...>",
            "9 <... fsync resumed>) = 0",
        ];
        lines.insert(
            answer,
            "8 writev(20<socket:[1]>, [{iov_base=\"HTTP/1.1 200 OK\"...}], 2) = 9",
        );
        lines.join("\n")
    };
    assert_eq!(judge(&read(&trace(4))), Ok(1));
    for early in 1..4 {
        assert!(judge(&read(&trace(early))).is_err(), "{early}");
    }
}
