//! Sends what is due without waiting for answers, with so many under way at
//! the most, and counts what became of each. Stopped, it stops at once, and
//! what was begun and not answered is counted as unknown.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    pacer::Due,
    tally::{Ended, Tally, Told},
};
use crate::domain::scenario::plan::Send;

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests under way.
    pub under_way: usize,
    /// Requests that are due and wait for a place.
    pub waiting: usize,
    /// How late a request may be begun; later, it is never sent.
    pub patience: Duration,
}

impl Limits {
    /// The limits of everyday, where an answer may take `patience`.
    #[must_use]
    pub fn new(patience: Duration) -> Self {
        Self {
            under_way: 256,
            waiting: 20_000,
            patience,
        }
    }
}

/// Between two looks at how far it is.
const LOOK: Duration = Duration::from_millis(200);
/// Between two looks for requests that have waited too long.
const STALE: Duration = Duration::from_millis(50);

/// Sends all that is due until there is no more, or until `stop` is true.
/// `carry` does one request; `progress` sees the numbers now and then. Answers
/// whether it was stopped.
pub async fn volley<F, Fut>(
    mut dues: impl Dues,
    carry: F,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
    tally: &mut Tally,
    mut progress: impl FnMut(&Tally),
) -> bool
where
    F: Fn(Send) -> Fut + Clone + std::marker::Send + 'static,
    Fut: Future<Output = Told> + std::marker::Send + 'static,
{
    let begun = Arc::new(Begun::default());
    let mut under_way: JoinSet<Ended> = JoinSet::new();
    let mut waiting: VecDeque<Due> = VecDeque::new();
    let mut more = true;
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stopped = loop {
        while under_way.len() < limits.under_way
            && let Some(due) = waiting.pop_front()
        {
            if due.at.elapsed() < limits.patience {
                under_way.spawn(one(due, carry.clone(), begun.clone()));
            }
        }
        if !more && waiting.is_empty() && under_way.is_empty() {
            break false;
        }
        tokio::select! {
            biased;
            () = told(&mut stop) => break true,
            Some(ended) = under_way.join_next() => {
                if let Ok(ended) = ended {
                    tally.ended(&ended);
                }
            }
            due = dues.next(), if more => match due {
                // What finds no place to wait in is never sent.
                Some(due) if waiting.len() < limits.waiting => waiting.push_back(due),
                Some(_) => {}
                None => more = false,
            },
            () = sleep_until(Instant::now() + STALE), if !waiting.is_empty() => {
                waiting.retain(|due| due.at.elapsed() < limits.patience);
            }
            _ = look.tick() => {
                begun.tell(tally);
                progress(tally);
            }
        }
    };
    under_way.abort_all();
    while let Some(ended) = under_way.join_next().await {
        if let Ok(ended) = ended {
            tally.ended(&ended);
        }
    }
    begun.tell(tally);
    tally.close("stopped before there was an answer");
    progress(tally);
    stopped
}

/// Where requests come from.
pub trait Dues {
    /// The next request, once it is due; `None` when there are no more.
    fn next(&mut self) -> impl Future<Output = Option<Due>>;
}

impl Dues for super::pacer::Pacer {
    async fn next(&mut self) -> Option<Due> {
        Self::next(self).await
    }
}

impl Dues for mpsc::UnboundedReceiver<Due> {
    async fn next(&mut self) -> Option<Due> {
        self.recv().await
    }
}

/// How many were begun: counted where it happens, so that what was spawned and
/// never ran is not among them.
#[derive(Default)]
struct Begun {
    count: AtomicU64,
    latest_micros: AtomicU64,
}

impl Begun {
    fn one(&self, late: Duration) {
        self.count.fetch_add(1, SeqCst);
        let micros = u64::try_from(late.as_micros()).unwrap_or(u64::MAX);
        self.latest_micros.fetch_max(micros, SeqCst);
    }

    fn tell(&self, tally: &mut Tally) {
        tally.sent = self.count.load(SeqCst);
        tally.latest = Duration::from_micros(self.latest_micros.load(SeqCst));
    }
}

async fn one<F, Fut>(due: Due, carry: F, begun: Arc<Begun>) -> Ended
where
    F: Fn(Send) -> Fut,
    Fut: Future<Output = Told>,
{
    let Due { at, send } = due;
    let (line, answer) = (send.line, send.answer.clone());
    begun.one(at.elapsed());
    let told = carry(send).await;
    Ended {
        line,
        answer,
        told,
        took: at.elapsed(),
    }
}

async fn told(stop: &mut watch::Receiver<bool>) {
    // Whoever could stop it and is gone does not.
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;
    use crate::domain::scenario::plan::Letter;

    fn send(line: usize, ms: u64) -> Send {
        Send {
            line,
            due: Duration::from_millis(ms),
            site: None,
            what: Letter::Injection(Vec::new()),
            answer: None,
            spoilt: None,
        }
    }

    /// Every 10 ms one, so many; by tokio's clock, which a test can stop.
    fn every_10_ms(count: usize) -> mpsc::UnboundedReceiver<Due> {
        let (give, dues) = mpsc::unbounded_channel();
        let start = Instant::now();
        tokio::spawn(async move {
            for n in 0..count {
                let send = send(n, n as u64 * 10);
                let at = start + send.due;
                sleep_until(at).await;
                if give.send(Due { at, send }).is_err() {
                    return;
                }
            }
        });
        dues
    }

    fn fine() -> Told {
        Told::Answered {
            code: "200".into(),
            key: String::new(),
            message: String::new(),
        }
    }

    fn limits(under_way: usize) -> Limits {
        Limits {
            under_way,
            waiting: 1_000,
            patience: Duration::from_secs(10),
        }
    }

    fn go_on() -> (watch::Sender<bool>, watch::Receiver<bool>) {
        watch::channel(false)
    }

    #[tokio::test(start_paused = true)]
    async fn slow_answers_do_not_slow_the_rate() {
        let (start, (_keep, stop)) = (Instant::now(), go_on());
        let (tell, mut began) = mpsc::unbounded_channel();
        let carry = move |_| {
            let _ = tell.send(start.elapsed());
            async {
                sleep(Duration::from_millis(700)).await;
                fine()
            }
        };
        let mut tally = Tally::new(50);
        let dues = every_10_ms(50);
        assert!(!volley(dues, carry, limits(500), stop, &mut tally, |_| {}).await);
        for n in 0..50 {
            let due = Duration::from_millis(n * 10);
            let late = began.recv().await.unwrap().saturating_sub(due);
            assert!(late <= Duration::from_millis(1), "{n}: {late:?}");
        }
        assert_eq!(
            (tally.sent, tally.answered, tally.never_sent()),
            (50, 50, 0)
        );
        assert!(start.elapsed() < Duration::from_millis(1_300));
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_for_a_place_counts_from_when_it_was_due() {
        let (_keep, stop) = go_on();
        let carry = |_| async {
            sleep(Duration::from_millis(100)).await;
            fine()
        };
        let mut tally = Tally::new(10);
        let dues = every_10_ms(10);
        volley(dues, carry, limits(1), stop, &mut tally, |_| {}).await;
        // One after the other: the last begins at 900 ms and was due at 90.
        assert_eq!(tally.answered, 10);
        let longest = tally.percentile(100.0).unwrap();
        assert!(longest >= Duration::from_millis(908), "{longest:?}");
        assert!(
            tally.latest >= Duration::from_millis(809),
            "{:?}",
            tally.latest
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_too_long_is_never_sent() {
        let (_keep, stop) = go_on();
        let carry = |_| async {
            sleep(Duration::from_secs(2)).await;
            fine()
        };
        let limits = Limits {
            under_way: 2,
            waiting: 5,
            patience: Duration::from_secs(1),
        };
        let mut tally = Tally::new(20);
        volley(every_10_ms(20), carry, limits, stop, &mut tally, |_| {}).await;
        assert_eq!((tally.sent, tally.answered, tally.never_sent()), (2, 2, 18));
    }

    #[tokio::test(start_paused = true)]
    async fn stopped_it_stops_at_once_and_all_that_was_begun_is_accounted_for() {
        let (stop, stopping) = go_on();
        let begun = Arc::new(AtomicU64::new(0));
        let counted = begun.clone();
        let carry = move |send: Send| {
            counted.fetch_add(1, SeqCst);
            async move {
                match send.line % 3 {
                    0 => fine(),
                    1 => Told::Failed("refused".into()),
                    _ => {
                        sleep(Duration::from_mins(1)).await;
                        fine()
                    }
                }
            }
        };
        tokio::spawn(async move {
            sleep(Duration::from_millis(505)).await;
            let _ = stop.send(true);
        });
        let (mut tally, start) = (Tally::new(1_000), Instant::now());
        let dues = every_10_ms(1_000);
        assert!(volley(dues, carry, limits(500), stopping, &mut tally, |_| {}).await);
        assert!(
            start.elapsed() < Duration::from_millis(605),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(tally.sent, begun.load(SeqCst));
        assert_eq!(tally.sent, 51);
        assert_eq!((tally.answered, tally.failed, tally.unknown), (17, 17, 17));
        assert_eq!(tally.never_sent(), 949);
    }
}
