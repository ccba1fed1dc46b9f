//! Runs a scenario: sends what is due, counts what comes back, and watches the
//! board for what is expected of it.
//!
//! * [`pacer`]: hands out requests when they are due, from a thread of its own
//! * [`mod@volley`]: sends them without waiting for answers
//! * [`carrier`]: does one of them
//! * [`tally`]: what became of them, in numbers
//! * [`lookout`]: watches the board
//! * [`nearby`]: a collector for it, its own or another's

pub mod carrier;
pub mod lookout;
pub mod nearby;
pub mod pacer;
pub mod tally;
pub mod volley;

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{
    domain::{
        action::{Ended, Intent, Outcome},
        entry::{NewEntry, Seq, What},
        id::SiteName,
        injection::Reply,
        scenario::{
            load::Load,
            plan::{Plan, Send, Watch},
        },
        time::Clock,
    },
    journal::{Journal, JournalError},
};
use carrier::Carrier;
use lookout::{Lookout, Seen};
use pacer::Pacer;
use tally::Tally;
use volley::{Limits, volley};

/// From the order to go until the first request may be due: threads and tasks
/// are up by then.
const RUN_UP: Duration = Duration::from_millis(20);

/// What is to be sent.
pub enum Score {
    /// This, at its times.
    Plan(Plan),
    /// Turn after turn at a rate, so many in all.
    Load(Load, u64),
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// The requests.
    pub tally: Tally,
    /// The expectations of the board that were judged.
    pub seen: Vec<Seen>,
    /// Those that were not, as it was stopped before, or the journal could not
    /// be read.
    pub unseen: Vec<Watch>,
    /// Why the journal could not be read.
    pub blind: Option<JournalError>,
    /// Whether it was stopped.
    pub stopped: bool,
    /// How long it took until the last answer.
    pub took: Duration,
}

/// Runs it until it is done or `stop` is true. What was sent is told whatever
/// happens.
pub async fn run(
    score: Score,
    carrier: Arc<Carrier>,
    lookout: Option<Lookout>,
    limits: Limits,
    stop: watch::Receiver<bool>,
    progress: impl FnMut(&Tally),
) -> Report {
    let (sends, planned, watches): (Sends, u64, Vec<Watch>) = match score {
        Score::Plan(plan) => {
            let count = plan.sends.len() as u64;
            (Box::new(plan.sends.into_iter()), count, plan.watches)
        }
        Score::Load(load, count) => (Box::new(load), count, Vec::new()),
    };
    let start = std::time::Instant::now() + RUN_UP;
    let begin = tokio::time::Instant::from_std(start);
    let pacer = Pacer::start(sends, start);
    let watching = lookout.map(|lookout| tokio::spawn(lookout.watch(begin, stop.clone())));
    let mut tally = Tally::new(planned);
    let carry = move |send| {
        let carrier = carrier.clone();
        async move { carrier.carry(send).await }
    };
    let stopped = volley(pacer, carry, limits, stop.clone(), &mut tally, progress).await;
    let took = begin.elapsed();
    let watched = match watching {
        Some(watching) => watching.await.unwrap_or_else(|_| Ok(Vec::new())),
        None => Ok(Vec::new()),
    };
    let (seen, blind) = match watched {
        Ok(seen) => (seen, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let stopped = stopped || *stop.borrow();
    let is_judged = |watch: &Watch| seen.iter().any(|seen| seen.watch == *watch);
    let unseen = watches.into_iter().filter(|w| !is_judged(w)).collect();
    Report {
        tally,
        seen,
        unseen,
        blind,
        stopped,
        took,
    }
}

type Sends = Box<dyn Iterator<Item = Send> + std::marker::Send>;

/// What the journal calls a run.
pub const CALL: &str = "scenario";

/// Puts on record that `who` is about to do something at a site: `call`, with
/// these facts.
///
/// # Errors
/// It cannot be written, and so nothing should be sent.
pub async fn began(
    journal: &Journal,
    clock: &Clock,
    site: &str,
    who: &Arc<str>,
    call: &str,
    facts: &[(&str, String)],
) -> Result<Seq, JournalError> {
    let params = facts
        .iter()
        .map(|(name, value)| (Arc::from(*name), Arc::from(value.as_str())));
    let intent = Intent::new(who.clone(), call.into(), None, params.collect());
    let places = append(journal, clock, site, What::Intent(intent)).await?;
    Ok(places.into_iter().flatten().next().unwrap_or_default())
}

/// Puts on record what came of it.
///
/// # Errors
/// It cannot be written.
pub async fn ended(
    journal: &Journal,
    clock: &Clock,
    site: &str,
    intent: Seq,
    took: Duration,
    ended: Ended,
) -> Result<(), JournalError> {
    let outcome = What::Outcome(Outcome {
        intent,
        took,
        ended,
    });
    append(journal, clock, site, outcome).await.map(drop)
}

impl Report {
    /// For the record.
    #[must_use]
    pub fn ended(&self) -> Ended {
        let tally = &self.tally;
        let reply = |(code, count): (&String, &u64)| Reply {
            code: code.clone(),
            key: String::new(),
            message: format!("{count} times"),
        };
        if tally.answered > 0 {
            Ended::Answered(tally.codes.iter().map(reply).collect())
        } else if tally.unknown > 0 {
            Ended::Unknown(format!("{} requests were not answered", tally.unknown).into())
        } else {
            Ended::Failed(format!("none of {} requests arrived", tally.planned).into())
        }
    }
}

async fn append(
    journal: &Journal,
    clock: &Clock,
    site: &str,
    what: What,
) -> Result<Vec<Option<Seq>>, JournalError> {
    let entry = NewEntry {
        at: clock(),
        site: SiteName::from(site),
        dedupe: None,
        what,
    };
    journal.append(vec![entry]).await
}
