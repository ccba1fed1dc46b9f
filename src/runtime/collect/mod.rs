//! Takes the collector's role when it is free: pollers and receiver. One task
//! asks, compares and journals; answers are awaited side by side, and what is
//! pushed is received beside it.
//!
//! * `work`: the collector at work
//! * `condition`: how it does, for who watches over it
//! * `trouble`: what stands between us and the journal

mod condition;
mod trouble;
mod work;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

use crate::{
    app::Answer,
    config::Config,
    domain::time::Clock,
    journal::{Journal, JournalError},
};
pub use condition::Condition;
use trouble::Trouble;
use work::{Work, receive};

/// Between two tries to take the role.
const TRY_ROLE: Duration = Duration::from_secs(1);

/// What the console asks of the collecting task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Ask all feeds now.
    Refresh,
}

/// Everything the task needs.
pub struct Setup {
    /// The configuration.
    pub config: Arc<Config>,
    /// The journal to fill.
    pub journal: Journal,
    /// The clock.
    pub clock: Clock,
    /// How long an answer may take.
    pub deadline: Duration,
}

/// Collects whenever the role is free, until told to stop (`stop` becomes
/// true or its sender goes), or until the journal is no longer one that this
/// process can write: a newer Holdline's, or taken away. Says on `say` what
/// changed about it.
pub async fn run(
    setup: Setup,
    orders: mpsc::Receiver<Order>,
    say: mpsc::UnboundedSender<Answer>,
    stop: watch::Receiver<bool>,
) {
    let (nobody, _) = watch::channel(Condition::default());
    run_watched(setup, orders, say, stop, nobody).await;
}

/// The same, and shows on `watched` how it does.
pub async fn run_watched(
    setup: Setup,
    mut orders: mpsc::Receiver<Order>,
    say: mpsc::UnboundedSender<Answer>,
    mut stop: watch::Receiver<bool>,
    watched: watch::Sender<Condition>,
) {
    let mut trouble = Trouble::new(say.clone());
    let mut told_attached = false;
    loop {
        match setup.journal.collector_role() {
            Ok(Some(_role)) => match begin(&setup, &watched, &mut trouble, &mut stop).await {
                Ok(Some(mut work)) => {
                    trouble.end();
                    let _ = say.send(Answer::Collecting(true));
                    return work.run(&mut orders, &say, &mut trouble, &mut stop).await;
                }
                Ok(None) => return,
                Err(error) => {
                    trouble.tell(&error);
                    if is_final(&error) {
                        return;
                    }
                }
            },
            Ok(None) => {
                if !told_attached {
                    told_attached = true;
                    let _ = say.send(Answer::Collecting(false));
                }
                watched.send_modify(|condition| condition.beats += 1);
            }
            Err(error) => trouble.tell(&error),
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sleep(TRY_ROLE) => {}
            Some(Order::Refresh) = orders.recv() => {
                let _ = say.send(Answer::OthersCollect);
            }
        }
    }
}

/// Begins to collect; `None` where it was told to stop before. Once it
/// receives it goes on with that, whatever the journal does: a sender has an
/// answer, if only that nothing can be stored now. Until then the role goes to
/// whoever can do better.
async fn begin(
    setup: &Setup,
    watched: &watch::Sender<Condition>,
    trouble: &mut Trouble,
    stop: &mut watch::Receiver<bool>,
) -> Result<Option<Work>, JournalError> {
    // First, or what is sent while a long journal is read would be lost.
    let mut receiving = receive(&setup.config, &setup.journal, &setup.clock).await?;
    loop {
        let begun = tokio::select! {
            biased;
            () = stopped(stop) => break,
            begun = Work::begin(setup, watched.clone(), &mut receiving) => begun,
        };
        match begun {
            Ok(work) => return Ok(Some(work)),
            Err(error) if receiving.is_none() || is_final(&error) => return Err(error),
            Err(error) => trouble.tell(&error),
        }
        tokio::select! {
            () = stopped(stop) => break,
            () = sleep(TRY_ROLE) => {}
        }
    }
    if let Some(receiving) = receiving {
        let receiver = receiving.stop().await;
        if let Err(error) = setup.journal.set_feeds(receiver.health()).await {
            tracing::warn!(%error, "until when webhooks were taken is not on record");
        }
    }
    Ok(None)
}

/// Whether no time heals it: who can write the journal shall have the role.
fn is_final(error: &JournalError) -> bool {
    matches!(
        error,
        JournalError::Version { .. } | JournalError::Gone { .. }
    )
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests;
