//! Takes the collector's role when it is free: pollers and receiver. One task
//! asks, compares and journals; answers are awaited side by side, and what is
//! pushed is received beside it.
//!
//! * `work`: the collector at work
//! * `trouble`: what stands between us and the journal

mod trouble;
mod work;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

use crate::{app::Answer, config::Config, domain::time::Clock, journal::Journal};
use trouble::Trouble;
use work::Work;

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
/// true or its sender goes). Says on `say` what changed about it.
pub async fn run(
    setup: Setup,
    mut orders: mpsc::Receiver<Order>,
    say: mpsc::UnboundedSender<Answer>,
    mut stop: watch::Receiver<bool>,
) {
    let mut trouble = Trouble::new(say.clone());
    let mut told_attached = false;
    loop {
        match setup.journal.collector_role() {
            Ok(Some(_role)) => match Work::begin(&setup).await {
                Ok(mut work) => {
                    trouble.end();
                    let _ = say.send(Answer::Collecting(true));
                    return work.run(&mut orders, &say, &mut trouble, &mut stop).await;
                }
                Err(error) => trouble.tell(&error),
            },
            Ok(None) if !told_attached => {
                told_attached = true;
                let _ = say.send(Answer::Collecting(false));
            }
            Ok(None) => {}
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

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests;
