//! The one who carries the letters of all offices: by the time at which things
//! happened, one after the other, so that the same world always tells them in
//! the same order.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{sync::Notify, task::JoinSet, time::sleep};

use super::{
    super::{
        clock::SimClock,
        fault::{Faults, Ruin},
    },
    Begins, Fate, Letter, Outbox,
    line::Line,
};

/// Between two looks for a receiver.
const LOOK: Duration = Duration::from_millis(100);
/// The longest and the shortest rest between two looks at the clock.
const REST: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));

/// A connection to each receiver.
#[derive(Default)]
struct Lines(BTreeMap<SocketAddr, Line>);

impl Lines {
    fn to(&mut self, address: SocketAddr) -> &mut Line {
        self.0.entry(address).or_insert_with(|| Line::new(address))
    }
}

/// An office's letters on the round.
struct Stop {
    post: Arc<dyn Outbox>,
    open: bool,
    /// Whether nothing happened there, the last time.
    quiet: bool,
    /// What the next one is to overtake.
    held: Vec<Letter>,
}

/// Pushes for ever; `wake` ends the rest between two looks at the clock.
pub async fn run(posts: Vec<Arc<dyn Outbox>>, clock: SimClock, faults: Faults, wake: Arc<Notify>) {
    let mut lines = Lines::default();
    let mut late = JoinSet::new();
    let mut stops: Vec<Stop> = posts
        .into_iter()
        .map(|post| Stop {
            post,
            open: false,
            quiet: true,
            held: Vec::new(),
        })
        .collect();
    loop {
        let mut rest = open(&mut stops, &mut lines).await;
        for (index, letter) in news(&mut stops, &clock, &faults) {
            let stop = &mut stops[index];
            if letter.plan.ruin == Some(Ruin::Dropped) {
                stop.post.settled(Fate::Dropped, &letter.about);
            } else if !letter.plan.delay.is_zero() {
                late.spawn(deliver_late(Arc::clone(&stop.post), letter));
            } else if letter.plan.held {
                stop.held.push(letter);
            } else {
                deliver(&*stop.post, &mut lines, letter).await;
                overtaken(stop, &mut lines).await;
            }
        }
        for stop in &mut stops {
            if stop.quiet {
                // Nothing came that could overtake them.
                overtaken(stop, &mut lines).await;
            }
            if stop.open {
                let next = stop.post.next().map_or(REST.1, |next| clock.until(next));
                rest = Some(rest.unwrap_or(REST.1).min(next.clamp(REST.0, REST.1)));
            }
        }
        while late.try_join_next().is_some() {}
        match rest {
            None => wake.notified().await,
            Some(rest) => tokio::select! {
                () = sleep(rest) => {}
                () = wake.notified() => {}
            },
        }
    }
}

/// Opens what may open. Answers when to look again for receivers that are not
/// there.
async fn open(stops: &mut [Stop], lines: &mut Lines) -> Option<Duration> {
    let mut look = None;
    for stop in stops.iter_mut().filter(|stop| !stop.open) {
        stop.open = match stop.post.begins() {
            Begins::Now => true,
            Begins::WhenAsked => false,
            Begins::WithReceiver(address) => {
                let there = lines.to(address).reaches().await;
                if !there {
                    look = Some(LOOK);
                }
                there
            }
        };
    }
    look
}

/// What happened in the open offices, by its time.
fn news(stops: &mut [Stop], clock: &SimClock, faults: &Faults) -> Vec<(usize, Letter)> {
    let now = clock.now();
    let mut all = Vec::new();
    for (index, stop) in stops.iter_mut().enumerate() {
        if stop.open {
            let letters = stop.post.bring_up(now, faults);
            stop.quiet = letters.is_empty();
            all.extend(letters.into_iter().map(|letter| (index, letter)));
        }
    }
    // Stable: each office's own order stays.
    all.sort_by_key(|(_, letter)| letter.at);
    all
}

async fn deliver(post: &dyn Outbox, lines: &mut Lines, letter: Letter) {
    let line = lines.to(letter.to);
    let mut answer = line.send(&letter.path, &letter.request).await;
    if letter.plan.twice {
        let again = line.send(&letter.path, &letter.request).await;
        // One of both is enough.
        if !matches!(answer, Ok(200..=299)) {
            answer = again;
        }
        post.repeated();
    }
    let fate = match letter.plan.ruin {
        Some(Ruin::Garbage(_)) => Fate::Garbled,
        _ => Fate::Answered(answer),
    };
    post.settled(fate, &letter.about);
}

async fn overtaken(stop: &mut Stop, lines: &mut Lines) {
    for letter in stop.held.drain(..) {
        deliver(&*stop.post, lines, letter).await;
    }
}

async fn deliver_late(post: Arc<dyn Outbox>, letter: Letter) {
    sleep(letter.plan.delay).await;
    deliver(&*post, &mut Lines::default(), letter).await;
}
