//! A collector for a scenario: the one that runs, or one in this process while
//! the scenario does; and where its receiver listens.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::{
    app::Answer,
    config::Config,
    domain::{
        feed::{FeedId, FeedKind},
        id::SiteName,
        time::{At, Clock},
    },
    journal::{Journal, JournalError},
    runtime::collect::{self, Order, Setup},
};

/// Between two looks for a receiver.
const LOOK: Duration = Duration::from_millis(20);

/// A collector.
pub struct Nearby {
    journal: Journal,
    clock: Clock,
    /// Since when it is in this process; `None` if another's is used.
    own: Option<At>,
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
    _orders: mpsc::Sender<Order>,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum NoCollector {
    /// The journal stands in the way.
    #[error("{0}")]
    Journal(String),
    /// Nothing listens for a site.
    #[error("{0}")]
    Deaf(String),
}

impl Nearby {
    /// Takes the collector's role, or finds that another has it.
    ///
    /// # Errors
    /// The journal cannot be used.
    pub async fn start(
        config: Arc<Config>,
        journal: Journal,
        clock: Clock,
        deadline: Duration,
    ) -> Result<Self, NoCollector> {
        let began = clock();
        let (say, mut said) = mpsc::unbounded_channel();
        let (keep, orders) = mpsc::channel(1);
        let (stop, stopping) = watch::channel(false);
        let setup = Setup {
            config,
            journal: journal.clone(),
            clock: clock.clone(),
            deadline,
        };
        let work = tokio::spawn(collect::run(setup, orders, say, stopping));
        let own = loop {
            match said.recv().await {
                Some(Answer::Collecting(true)) => break Some(began),
                Some(Answer::Collecting(false)) => break None,
                Some(Answer::JournalTrouble(why)) => {
                    work.abort();
                    return Err(NoCollector::Journal(why));
                }
                Some(_) => {}
                None => return Err(NoCollector::Journal("the collector ended".to_owned())),
            }
        };
        Ok(Self {
            journal,
            clock,
            own,
            stop,
            work,
            _orders: keep,
        })
    }

    /// Whether it is in this process.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// Where webhooks of a site are received, once they are.
    ///
    /// # Errors
    /// They are not, within `patience`.
    pub async fn listens(
        &self,
        site: &SiteName,
        patience: Duration,
    ) -> Result<SocketAddr, NoCollector> {
        find(&self.journal, site, &self.clock, self.own, patience).await
    }

    /// Ends it, if it is in this process.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.work.await;
    }
}

/// Where webhooks of a site are received, once that is told: not before
/// `not_before`, or it is another's that has gone.
///
/// # Errors
/// The journal cannot be read, or nobody listens within `patience`.
pub async fn find(
    journal: &Journal,
    site: &SiteName,
    clock: &Clock,
    not_before: Option<At>,
    patience: Duration,
) -> Result<SocketAddr, NoCollector> {
    let since = Instant::now();
    loop {
        let why = match look(journal, site, clock(), not_before) {
            Ok(Ok(address)) => return Ok(address),
            Ok(Err(why)) => why,
            Err(error) => return Err(NoCollector::Journal(error.to_string())),
        };
        if since.elapsed() >= patience {
            return Err(NoCollector::Deaf(why));
        }
        sleep(LOOK).await;
    }
}

/// The same by the health that the receiver writes, as it is.
///
/// # Errors
/// The journal cannot be read; or, inside, why nobody listens.
fn look(
    journal: &Journal,
    site: &SiteName,
    now: At,
    not_before: Option<At>,
) -> Result<Result<SocketAddr, String>, JournalError> {
    let id = FeedId {
        site: site.clone(),
        kind: FeedKind::Hooks,
    };
    let nobody = || {
        format!(
            "nobody listens for {site}'s webhooks; start `holdline collect` with this configuration"
        )
    };
    let feeds = journal.feeds()?;
    let Some((_, health)) = feeds.into_iter().find(|(known, _)| *known == id) else {
        return Ok(Err(nobody()));
    };
    let heard = health.heard.as_ref();
    let address = heard.and_then(|heard| heard.listens_now(now));
    let fresh = heard
        .and_then(|heard| heard.alive)
        .filter(|alive| not_before.is_none_or(|since| *alive >= since));
    match (fresh, address.and_then(|text| text.parse().ok())) {
        (Some(_), Some(address)) => Ok(Ok(address)),
        _ => Ok(Err(match &health.trouble {
            Some(trouble) => trouble.fault.to_string(),
            None => nobody(),
        })),
    }
}
