//! Whether the receiver listens and stores, and since when it did not. Vendors
//! document no second try, so time in which nobody took what they pushed is a
//! gap: on record as soon as something can be. Pure.

use std::{net::SocketAddr, time::Duration};

use crate::domain::{
    fault::{Fault, FaultKind},
    feed::Trouble,
    time::At,
};

/// A receiver that was held no longer than this missed nothing that counts:
/// the system takes connections for it, and senders wait longer for an answer.
/// It beats every second, so that a longer silence is a gap: stopped by Ctrl-Z,
/// asleep, its machine paused.
const BLINK: Duration = Duration::from_secs(10);
/// Where nobody listens, senders are refused at once. One that ended as it was
/// told and is back within this was started again; of one that was killed
/// nobody knows when, so that there is no such grace.
const RESTART: Duration = Duration::from_secs(1);

/// When a receiver before this one last listened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last {
    /// When it was last known to.
    pub alive: At,
    /// Whether it was killed rather than told to end.
    pub killed: bool,
}

/// How the receiver stands.
#[derive(Debug)]
pub(super) struct Standing {
    address: Option<SocketAddr>,
    /// By door.
    doors: Vec<Door>,
    deaf: Option<Trouble>,
    unstored: Option<Trouble>,
}

#[derive(Debug, Default)]
struct Door {
    /// When it was last known to listen.
    alive: Option<At>,
    /// Whether that was one which was killed.
    killed: bool,
    /// Since when events may be missing that nobody was told of yet.
    missing: Option<At>,
}

impl Standing {
    /// One that does not listen yet; `last` is when one did, by door.
    pub fn new(last: Vec<Option<Last>>) -> Self {
        let door = |last: Option<Last>| Door {
            alive: last.map(|last| last.alive),
            killed: last.is_some_and(|last| last.killed),
            missing: None,
        };
        Self {
            address: None,
            doors: last.into_iter().map(door).collect(),
            deaf: None,
            unstored: None,
        }
    }

    /// It listens from now on.
    pub fn listens(&mut self, address: SocketAddr, now: At) {
        self.address = Some(address);
        self.deaf = None;
        self.lives(
            now,
            |door| {
                if door.killed { Duration::ZERO } else { RESTART }
            },
        );
    }

    /// It cannot listen.
    pub fn is_deaf(&mut self, now: At, why: &str, remedy: &str) {
        self.address = None;
        let fault = Fault::new(FaultKind::Deaf, why, remedy);
        if count(&mut self.deaf, now, fault) {
            tracing::error!("{why}; {remedy}");
        }
    }

    /// A second has passed; or more, if this process was held meanwhile.
    pub fn tick(&mut self, now: At) {
        if self.address.is_some() {
            self.lives(now, |_| BLINK);
        }
    }

    /// It is alive; since it last was, events may be missing unless that was no
    /// longer than a door's `grace`. A clock that was set forward looks like
    /// time in which it was held, and counts as that.
    fn lives(&mut self, now: At, grace: impl Fn(&Door) -> Duration) {
        for door in &mut self.doors {
            let grace = grace(door);
            door.killed = false;
            if let Some(alive) = door.alive.replace(now) {
                // A clock that was set back leaves open how long it was.
                let is_back = alive.since(now) > BLINK;
                if is_back || now.since(alive) > grace {
                    door.missing
                        .get_or_insert(if is_back { now } else { alive });
                }
            }
        }
    }

    /// It listens no more, as it was told.
    pub fn ends(&mut self, now: At) {
        self.tick(now);
        self.address = None;
    }

    /// An event of this door could not be stored.
    pub fn missed(&mut self, door: usize, now: At, why: &str) {
        self.doors[door].missing.get_or_insert(now);
        self.fails(now, why);
    }

    /// Nothing can be stored.
    pub fn fails(&mut self, now: At, why: &str) {
        if count(
            &mut self.unstored,
            now,
            Fault::new(FaultKind::Unstored, why, ""),
        ) {
            tracing::error!("webhooks are not taken: {why}");
        }
    }

    /// Something was stored.
    pub fn stores(&mut self) {
        if self.unstored.take().is_some() {
            tracing::info!("webhooks are taken again");
        }
    }

    /// The gaps to be told: door and beginning.
    pub fn gaps(&self) -> Vec<(usize, At)> {
        let gap = |(number, door): (usize, &Door)| Some((number, door.missing?));
        self.doors.iter().enumerate().filter_map(gap).collect()
    }

    /// These are on record.
    pub fn told(&mut self, gaps: &[(usize, At)]) {
        for (door, from) in gaps {
            let missing = &mut self.doors[*door].missing;
            if *missing == Some(*from) {
                *missing = None;
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// When it was last known to listen for this door.
    pub fn alive(&self, door: usize) -> Option<At> {
        self.doors[door].alive
    }

    /// What is wrong.
    pub fn trouble(&self) -> Option<Trouble> {
        self.deaf.as_ref().or(self.unstored.as_ref()).cloned()
    }
}

/// Counts a fault in; whether it is another than the last.
fn count(trouble: &mut Option<Trouble>, now: At, fault: Fault) -> bool {
    let is_new = trouble.as_ref().is_none_or(|known| known.fault != fault);
    let (since, count) = trouble
        .as_ref()
        .map_or((now, 0), |known| (known.since, known.count));
    *trouble = Some(Trouble {
        fault,
        since,
        count: count.saturating_add(1),
    });
    is_new
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "127.0.0.1:8642";

    fn last(alive: i64, killed: bool) -> Last {
        let alive = At(alive);
        Last { alive, killed }
    }

    fn started(last: Option<Last>, now: i64) -> Vec<(usize, At)> {
        let mut standing = Standing::new(vec![last]);
        standing.listens(HERE.parse().unwrap(), At(now));
        standing.gaps()
    }

    #[test]
    fn a_gap_is_time_in_which_nobody_listened() {
        assert_eq!(started(None, 1_000_000), [], "the first start");
        let (told, killed) = (|at| Some(last(at, false)), |at| Some(last(at, true)));
        assert_eq!(started(told(999_000), 1_000_000), [], "started again");
        assert_eq!(started(told(998_999), 1_000_000), [(0, At(998_999))]);
        assert_eq!(started(killed(999_800), 1_000_000), [(0, At(999_800))]);
        assert_eq!(started(told(1_005_000), 1_000_000), [], "set back a little");
        let set_back = started(told(9_000_000), 1_000_000);
        assert_eq!(set_back, [(0, At(1_000_000))]);
    }

    /// Listening since 0, with these beats.
    fn beating(beats: &[i64]) -> Vec<(usize, At)> {
        let mut standing = Standing::new(vec![None]);
        standing.listens(HERE.parse().unwrap(), At(0));
        for beat in beats {
            standing.tick(At(*beat));
        }
        standing.gaps()
    }

    #[test]
    fn a_process_that_was_held_while_it_listened_missed_what_came() {
        assert_eq!(beating(&[1_000, 2_000, 12_000]), [], "a slow machine");
        let asleep = [1_000, 3_601_000, 3_602_000];
        assert_eq!(beating(&asleep), [(0, At(1_000))], "a laptop");
        assert_eq!(beating(&[100_000, 95_000]), [(0, At(0))]);
        assert_eq!(beating(&[9_000, 5_000]), [], "set back a little");
        assert_eq!(beating(&[9_000, -5_000]), [(0, At(-5_000))], "set back");
    }

    #[test]
    fn a_gap_stays_until_it_is_told_and_a_new_one_may_begin_meanwhile() {
        let mut standing = Standing::new(vec![None, None]);
        standing.listens(HERE.parse().unwrap(), At(0));
        standing.missed(1, At(5), "the disk is full");
        standing.missed(1, At(7), "the disk is full");
        let gaps = standing.gaps();
        assert_eq!(gaps, [(1, At(5))]);
        assert_eq!(
            standing.trouble().map(|t| (t.since, t.count)),
            Some((At(5), 2))
        );
        standing.told(&gaps);
        standing.stores();
        assert_eq!((standing.gaps(), standing.trouble()), (vec![], None));
    }

    #[test]
    fn one_that_cannot_listen_is_not_alive() {
        let mut standing = Standing::new(vec![Some(last(0, false))]);
        standing.is_deaf(At(1), "address in use", "end the other program");
        standing.tick(At(60_000));
        assert_eq!((standing.alive(0), standing.address()), (Some(At(0)), None));
        let word = |s: &Standing| s.trouble().map(|t| t.fault.word());
        assert_eq!(word(&standing), Some("cannot listen"));
        standing.listens(HERE.parse().unwrap(), At(60_000));
        assert_eq!(word(&standing), None);
        assert_eq!(standing.gaps(), [(0, At(0))]);
    }
}
