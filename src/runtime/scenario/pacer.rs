//! Keeps a rate: hands out each request when it is due, by absolute deadlines
//! from a thread of its own, so that neither answers nor a busy runtime nor
//! rounding make it slower.

use std::{
    sync::mpsc as std_mpsc,
    thread,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use crate::domain::scenario::plan::Send;

/// A request that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// When it was to be sent, whenever it is.
    pub at: tokio::time::Instant,
    /// The request.
    pub send: Send,
}

/// A pacer at work. Dropped, it hands out no more.
pub struct Pacer {
    dues: mpsc::UnboundedReceiver<Due>,
    /// Its thread rests until this goes.
    _stop: std_mpsc::Sender<()>,
}

impl Pacer {
    /// Hands out what `sends` gives, in its order, each at its time from
    /// `start` on.
    #[must_use]
    pub fn start(
        sends: impl Iterator<Item = Send> + std::marker::Send + 'static,
        start: Instant,
    ) -> Self {
        let (give, dues) = mpsc::unbounded_channel();
        let (stop, stopped) = std_mpsc::channel();
        let paced = move || {
            for send in sends {
                let at = start + send.due;
                if !rest(at.saturating_duration_since(Instant::now()), &stopped) {
                    return;
                }
                let at = tokio::time::Instant::from_std(at);
                if give.send(Due { at, send }).is_err() {
                    return;
                }
            }
        };
        let name = thread::Builder::new().name("pacer".to_owned());
        if name.spawn(paced).is_err() {
            // The sender is gone with it: nothing is due, which is told.
            tracing::error!("this machine gives no thread to pace requests");
        }
        Self { dues, _stop: stop }
    }

    /// The next request, once it is due; `None` when there are no more.
    pub async fn next(&mut self) -> Option<Due> {
        self.dues.recv().await
    }
}

/// Rests so long, unless the pacer is dropped.
fn rest(time: Duration, stopped: &std_mpsc::Receiver<()>) -> bool {
    let waited = if time.is_zero() {
        stopped.try_recv().map_err(|e| match e {
            std_mpsc::TryRecvError::Empty => std_mpsc::RecvTimeoutError::Timeout,
            std_mpsc::TryRecvError::Disconnected => std_mpsc::RecvTimeoutError::Disconnected,
        })
    } else {
        stopped.recv_timeout(time)
    };
    waited == Err(std_mpsc::RecvTimeoutError::Timeout)
}
