//! The one who carries the letters of all offices: by the time at which things
//! happened, one after the other, so that the same world always tells them in
//! the same order.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, mpsc::UnboundedSender},
    task::JoinSet,
    time::sleep,
};

use super::{
    super::{
        clock::SimClock,
        fault::{Faults, Ruin},
    },
    Begins, Fate, Letter, Outbox, Receipt,
    line::{Line, NoAnswer},
};

/// Between two looks for a receiver.
const LOOK: Duration = Duration::from_millis(100);
/// The longest and the shortest rest between two looks at the clock.
const REST: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));

/// A connection to each receiver, and who is told what they acknowledged.
struct Lines {
    open: BTreeMap<SocketAddr, Line>,
    receipts: Option<UnboundedSender<Receipt>>,
}

impl Lines {
    fn new(receipts: Option<UnboundedSender<Receipt>>) -> Self {
        Self {
            open: BTreeMap::new(),
            receipts,
        }
    }

    fn to(&mut self, address: SocketAddr) -> &mut Line {
        self.open
            .entry(address)
            .or_insert_with(|| Line::new(address))
    }

    /// Sends a letter once; the status, if anybody answered.
    async fn send(&mut self, letter: &Letter) -> Result<u16, NoAnswer> {
        let line = self.to(letter.to);
        let answer = line.send(&letter.path, &letter.request).await;
        if let (Ok(200..=299), Some(receipts)) = (answer, &self.receipts)
            && !matches!(letter.plan.ruin, Some(Ruin::Garbage(_)))
        {
            // Who does not want them any more does not get them.
            let _ = receipts.send(Receipt {
                path: letter.path.clone(),
                request: letter.request.clone(),
            });
        }
        answer
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

/// Pushes for ever; `wake` ends the rest between two looks at the clock, and
/// who wakes does not want to wait for what is held either. What receivers
/// acknowledge is told on `receipts`.
pub async fn run(
    posts: Vec<Arc<dyn Outbox>>,
    clock: SimClock,
    faults: Faults,
    wake: Arc<Notify>,
    receipts: Option<UnboundedSender<Receipt>>,
) {
    let mut lines = Lines::new(receipts);
    let (mut late, mut hurried) = (JoinSet::new(), false);
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
                let lines = Lines::new(lines.receipts.clone());
                late.spawn(deliver_late(Arc::clone(&stop.post), lines, letter));
            } else if letter.plan.held {
                stop.held.push(letter);
            } else {
                deliver(&*stop.post, &mut lines, letter).await;
                overtaken(stop, &mut lines).await;
            }
        }
        for stop in &mut stops {
            if stop.quiet || hurried {
                // Nothing came that could overtake them, or nobody waits for it.
                overtaken(stop, &mut lines).await;
            }
            if stop.open {
                let next = stop.post.next().map_or(REST.1, |next| clock.until(next));
                rest = Some(rest.unwrap_or(REST.1).min(next.clamp(REST.0, REST.1)));
            }
        }
        while late.try_join_next().is_some() {}
        hurried = match rest {
            None => {
                wake.notified().await;
                true
            }
            Some(rest) => tokio::select! {
                () = sleep(rest) => false,
                () = wake.notified() => true,
            },
        };
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
    let mut answer = lines.send(&letter).await;
    if letter.plan.twice {
        let again = lines.send(&letter).await;
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

async fn deliver_late(post: Arc<dyn Outbox>, mut lines: Lines, letter: Letter) {
    sleep(letter.plan.delay).await;
    deliver(&*post, &mut lines, letter).await;
}
