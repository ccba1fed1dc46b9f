//! Pushes what happens in the office, in order and one after the other, with
//! the faults in force. The vendor documents no retry: what is not accepted is
//! lost, and counted. The office opens when the receiver is there for the
//! first time; nothing that happened is ever told again.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use serde_json::Value;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::sleep,
};

use crate::{
    domain::time::At,
    emit::{self, Shape},
};

use super::{
    super::{
        clock::SimClock,
        fault::{Faults, PushPlan, Ruin},
        world::team::{CallNo, MemberNo, News, Team, What},
    },
    Push, SECRET,
    line::{Line, NoAnswer},
    path, truth, voice,
};

/// Between two looks for a receiver.
const LOOK: Duration = Duration::from_millis(100);
/// The longest and the shortest rest between two looks at the clock.
const REST: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));
/// A clock that is set further than this gets a new day.
const LEAP: Duration = Duration::from_hours(24);
/// How far a clock may go back without a new day.
const BACK: Duration = Duration::from_mins(1);

/// How many events there were, and what became of them. Each ends in one of
/// `accepted`, `refused`, `failed`, `dropped` and `garbled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pushes {
    /// Up to when it is told; `None` before the receiver was there.
    #[serde(serialize_with = "as_text")]
    pub upto: Option<At>,
    /// Events so far.
    pub made: u64,
    /// Not settled yet.
    pub pending: u64,
    /// Answered with 2xx.
    pub accepted: u64,
    /// Answered with anything else.
    pub refused: u64,
    /// Nobody answered.
    pub failed: u64,
    /// Never sent: a fault.
    pub dropped: u64,
    /// Sent as garbage: a fault.
    pub garbled: u64,
    /// Sent a second time besides: a fault.
    pub repeated: u64,
}

impl Pushes {
    /// Whether all that happened until `upto` is settled.
    #[must_use]
    pub fn is_settled(&self, upto: At) -> bool {
        self.pending == 0 && self.upto.is_some_and(|told| told >= upto)
    }
}

#[expect(clippy::ref_option, reason = "serde hands it over so")]
fn as_text<S: serde::Serializer>(at: &Option<At>, to: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(to)
}

/// What the pusher and the simulator's other parts share.
pub struct Post {
    seed: u64,
    state: Mutex<State>,
    counts: watch::Sender<Pushes>,
    hurry: Notify,
}

#[derive(Default)]
struct State {
    team: Option<Team>,
    /// How many days came before, the clock having leapt.
    days: u64,
    missed: Missed,
}

/// What events were lost about.
#[derive(Default)]
pub(super) struct Missed {
    /// How many about somebody.
    pub members: BTreeMap<MemberNo, u64>,
    /// Calls with their ids.
    pub calls: BTreeMap<CallNo, String>,
}

impl Missed {
    fn note(&mut self, about: &About) {
        for member in &about.members {
            *self.members.entry(*member).or_default() += 1;
        }
        if let Some((no, id)) = &about.call {
            self.calls.insert(*no, id.clone());
        }
    }
}

/// Whom an event is about.
#[derive(Clone, Debug)]
struct About {
    members: Vec<MemberNo>,
    call: Option<(CallNo, String)>,
}

/// An event on its way.
struct Letter {
    about: About,
    request: emit::Request,
    path: String,
    plan: PushPlan,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered(Result<u16, NoAnswer>),
    Dropped,
    Garbled,
}

impl Post {
    /// Nothing pushed yet.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            state: Mutex::default(),
            counts: watch::Sender::default(),
            hurry: Notify::new(),
        }
    }

    /// Ends the rest between two looks at the clock.
    pub fn hurry(&self) {
        self.hurry.notify_one();
    }

    /// The counts, now and whenever they change.
    pub fn counts(&self) -> watch::Receiver<Pushes> {
        self.counts.subscribe()
    }

    /// The office as it is, and what of it was lost on the way.
    pub fn truth(&self) -> Value {
        let state = locked(&self.state);
        truth::told(state.team.as_ref(), &state.missed, &self.counts.borrow())
    }

    /// Brings the office up to `now`; answers with what happened.
    fn bring_up(&self, now: At, faults: &Faults, shape: Shape) -> Vec<Letter> {
        let mut state = locked(&self.state);
        let State { team, days, missed } = &mut *state;
        if let Some(old) = team
            && (now.since(old.now()) > LEAP || old.now().since(now) > BACK)
        {
            *days += 1;
            // Nobody is told that the old day is over.
            missed.note(&About {
                members: (0..old.members().len()).collect(),
                call: None,
            });
            *team = None;
        }
        let seed = self.seed.wrapping_add(*days);
        let team = team.get_or_insert_with(|| Team::new(seed, now));
        team.advance(now);
        let news = team.news();
        let letters: Vec<Letter> = news
            .iter()
            .map(|news| Letter::new(news, team, faults, shape))
            .collect();
        self.counts.send_if_modified(|counts| {
            counts.made += letters.len() as u64;
            counts.pending += letters.len() as u64;
            counts.upto.replace(now) != Some(now) || !letters.is_empty()
        });
        letters
    }

    /// How long the office has no news, in the real time of `clock`.
    fn rest(&self, clock: &SimClock) -> Duration {
        let next = locked(&self.state).team.as_ref().and_then(Team::next);
        let rest = next.map_or(REST.1, |next| clock.until(next));
        rest.clamp(REST.0, REST.1)
    }

    async fn deliver(&self, line: &mut Line, letter: Letter) {
        let mut answer = line.send(&letter.path, &letter.request).await;
        if letter.plan.twice {
            let again = line.send(&letter.path, &letter.request).await;
            // One of both is enough.
            if !matches!(answer, Ok(200..=299)) {
                answer = again;
            }
            self.counts.send_modify(|counts| counts.repeated += 1);
        }
        let fate = match letter.plan.ruin {
            Some(Ruin::Garbage(_)) => Fate::Garbled,
            _ => Fate::Answered(answer),
        };
        self.settled(fate, &letter.about);
    }

    fn settled(&self, fate: Fate, about: &About) {
        if !matches!(fate, Fate::Answered(Ok(200..=299))) {
            locked(&self.state).missed.note(about);
        }
        self.counts.send_modify(|counts| {
            counts.pending -= 1;
            *match fate {
                Fate::Answered(Ok(200..=299)) => &mut counts.accepted,
                Fate::Answered(Ok(_)) => &mut counts.refused,
                Fate::Answered(Err(NoAnswer)) => &mut counts.failed,
                Fate::Dropped => &mut counts.dropped,
                Fate::Garbled => &mut counts.garbled,
            } += 1;
        });
    }
}

impl Letter {
    fn new(news: &News, team: &Team, faults: &Faults, shape: Shape) -> Self {
        let plan = faults.take_push(voice::event(news, team, 0).name());
        let message = voice::event(news, team, plan.skew_ms).message();
        let mut request = message.request(shape);
        if let Some(Ruin::Garbage(which)) = plan.ruin {
            garbage(&mut request, which);
        }
        let call = match &news.what {
            What::Called(_, call, _) => Some((call.no, voice::uuid(&call.legs[0]))),
            _ => None,
        };
        Self {
            about: About {
                members: voice::members(news),
                call,
            },
            request,
            path: path(match plan.ruin {
                Some(Ruin::WrongSecret) => WRONG,
                _ => SECRET,
            }),
            plan,
        }
    }
}

/// What somebody might try who does not know the secret.
const WRONG: &str = "sim-hook-00000000";

/// Puts something in the place of what was to be sent.
fn garbage(request: &mut emit::Request, which: u64) {
    let spoilt = if request.method == "GET" {
        &mut request.query
    } else {
        &mut request.body
    };
    *spoilt = match which % 5 {
        0 => spoilt.chars().take(spoilt.chars().count() / 2).collect(),
        1 => String::new(),
        2 => "%00%ff%fe&&&==&%".to_owned(),
        3 => "[[[[{\"event\":{\"event\":[null,1e400]}}".to_owned(),
        _ => "\u{1b}]0;call:ring\u{7}".escape_unicode().to_string(),
    };
}

/// Pushes for ever.
pub async fn run(post: Arc<Post>, push: Push, clock: SimClock, faults: Faults) {
    let mut line = Line::new(push.to);
    while !line.reaches().await {
        sleep(LOOK).await;
    }
    let mut late = JoinSet::new();
    let mut held: Vec<Letter> = Vec::new();
    loop {
        let letters = post.bring_up(clock.now(), &faults, push.shape);
        let quiet = letters.is_empty();
        for letter in letters {
            if letter.plan.ruin == Some(Ruin::Dropped) {
                post.settled(Fate::Dropped, &letter.about);
            } else if !letter.plan.delay.is_zero() {
                late.spawn(deliver_late(Arc::clone(&post), push, letter));
            } else if letter.plan.held {
                held.push(letter);
            } else {
                post.deliver(&mut line, letter).await;
                overtaken(&post, &mut line, &mut held).await;
            }
        }
        if quiet {
            // Nothing came that could overtake them.
            overtaken(&post, &mut line, &mut held).await;
        }
        while late.try_join_next().is_some() {}
        tokio::select! {
            () = sleep(post.rest(&clock)) => {}
            () = post.hurry.notified() => {}
        }
    }
}

async fn overtaken(post: &Post, line: &mut Line, held: &mut Vec<Letter>) {
    for letter in held.drain(..) {
        post.deliver(line, letter).await;
    }
}

async fn deliver_late(post: Arc<Post>, push: Push, letter: Letter) {
    sleep(letter.plan.delay).await;
    post.deliver(&mut Line::new(push.to), letter).await;
}

fn locked(mutex: &Mutex<State>) -> MutexGuard<'_, State> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
