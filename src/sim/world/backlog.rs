//! The callbacks that are on the list when the world is first looked at: in
//! every state, late, due now, later today, tomorrow, or with no time set; and
//! some people who are on it more than once, their number written differently.

use std::time::Duration;

use fastrand::Rng;

use crate::domain::time::At;

use super::{
    QUEUES, WARM_UP,
    callback::{Assigned, CAMPAIGNS, Callback, Dialler, Progress, Reason},
    day::millis,
    draw::{chance, pick},
    people, staff,
};

/// When a callback was or is to be made, seen from the first look.
#[derive(Clone, Copy)]
enum When {
    /// Days ago.
    Past,
    /// Some time today.
    Late,
    /// Within a quarter of an hour.
    Now,
    /// Today.
    Later,
    /// Tomorrow.
    Tomorrow,
    /// No time was set.
    Unset,
}

/// How many there are of each kind.
const PLAN: [(usize, Progress, When); 9] = [
    (34, Progress::Completed, When::Past),
    (7, Progress::Cancelled, When::Past),
    (4, Progress::Deleted, When::Past),
    (3, Progress::InProgress, When::Now),
    (9, Progress::Pending, When::Late),
    (7, Progress::Pending, When::Now),
    (10, Progress::Pending, When::Later),
    (9, Progress::Pending, When::Tomorrow),
    (8, Progress::Pending, When::Unset),
];

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// People like times that end in 0 or 5.
const GRID: i64 = 5 * MINUTE;

/// The list, oldest first and numbered from 1.
pub fn backlog(rng: &mut Rng, start: At) -> Vec<Callback> {
    let regulars: Vec<Regular> = (0..8).map(|_| Regular::somebody(rng)).collect();
    let mut list = Vec::new();
    for (count, progress, when) in PLAN {
        for _ in 0..count {
            let due = due(rng, when, start);
            let created = created(rng, due, start);
            let mut callback = drawn(rng, created, due);
            if chance(rng, 30) {
                let regular = &regulars[rng.usize(0..regulars.len())];
                callback.number = regular.spelt(rng);
                callback.name.clone_from(&regular.name);
            }
            settle(rng, &mut callback, progress, start);
            list.push(callback);
        }
    }
    list.sort_by_key(|callback| callback.created);
    for (no, callback) in (1..).zip(&mut list) {
        callback.no = no;
    }
    list
}

/// A callback that waits, for a reason of any kind.
pub fn drawn(rng: &mut Rng, created: At, due: Option<At>) -> Callback {
    let (number, name) = people::reachable(rng);
    let reason = match rng.u32(0..100) {
        0..=44 => Reason::Missed,
        45..=54 => Reason::Asked,
        _ => Reason::Campaign(rng.usize(0..CAMPAIGNS.len())),
    };
    let (dialler, attended) = match reason {
        Reason::Missed => (
            pick(rng, &[Dialler::Pbx, Dialler::Colleague, Dialler::Colleague]),
            true,
        ),
        Reason::Asked => (Dialler::Colleague, true),
        Reason::Campaign(which) => (CAMPAIGNS[which].dialler, CAMPAIGNS[which].attended),
    };
    Callback {
        no: 0,
        salt: rng.u64(..),
        number,
        name,
        queue: rng.usize(0..QUEUES.len()),
        reason,
        dialler,
        attended,
        assigned: match rng.u32(0..100) {
            _ if !attended => Assigned::Nobody,
            0..=74 => Assigned::Queue,
            75..=94 => Assigned::Agent(rng.usize(0..staff::COUNT)),
            _ => Assigned::Nobody,
        },
        created,
        due,
        tries: 0,
        most_tries: pick(rng, &[1, 3, 3, 3, 5]),
        progress: Progress::Pending,
    }
}

/// Brings a callback to where it is at the first look.
fn settle(rng: &mut Rng, callback: &mut Callback, progress: Progress, start: At) {
    callback.progress = progress;
    let most = callback.most_tries;
    callback.tries = match progress {
        Progress::Pending => rng.u32(0..most),
        Progress::InProgress | Progress::Deleted => 0,
        Progress::Completed => rng.u32(1..=most),
        Progress::Cancelled => most,
    };
    if progress == Progress::InProgress {
        callback.due = callback.due.map(|due| due.min(start));
    }
    // What the PBX dials by itself would have been dialled.
    if progress == Progress::Pending && callback.due.is_none_or(|due| due <= start) {
        callback.dialler = Dialler::Colleague;
        callback.attended = true;
    }
}

fn due(rng: &mut Rng, when: When, start: At) -> Option<At> {
    let (from, to) = match when {
        When::Past => (-96 * HOUR, -2 * HOUR),
        When::Late => (-7 * HOUR, -25 * MINUTE),
        When::Now => (-14 * MINUTE, 14 * MINUTE),
        When::Later => (20 * MINUTE, 7 * HOUR),
        When::Tomorrow => (17 * HOUR, 31 * HOUR),
        When::Unset => return None,
    };
    let due = start.shift(rng.i64(from..=to)).0;
    Some(At(due - due.rem_euclid(GRID)))
}

/// Before it was due, and before the world began.
fn created(rng: &mut Rng, due: Option<At>, start: At) -> At {
    let began = start.shift(-millis(WARM_UP) - MINUTE);
    let before = due.map_or(began, |due| due.min(began));
    before.shift(-rng.i64(5 * MINUTE..48 * HOUR))
}

/// Somebody who is on the list more than once.
struct Regular {
    subscriber: String,
    name: Option<String>,
}

impl Regular {
    fn somebody(rng: &mut Rng) -> Self {
        let subscriber = people::danish(rng);
        let (_, name) = people::reachable(rng);
        Self { subscriber, name }
    }

    /// Their number as one person or machine or another would write it.
    fn spelt(&self, rng: &mut Rng) -> String {
        let number = &self.subscriber;
        match rng.u32(0..4) {
            0 => format!("+45{number}"),
            1 => format!("0045{number}"),
            2 => number.clone(),
            _ => {
                let (a, b, c, d) = (&number[..2], &number[2..4], &number[4..6], &number[6..]);
                format!("+45 {a} {b} {c} {d}")
            }
        }
    }
}

/// How long after the first look a callback that is over is forgotten.
pub fn remembered(rng: &mut Rng) -> Duration {
    Duration::from_mins(rng.u64(24 * 60..120 * 60))
}
