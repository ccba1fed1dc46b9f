//! `holdline collect`: pollers and journal, no screen; for a service.

use std::{process, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use super::{context::Context, failure::Failure};
use crate::{
    app::Answer,
    journal::Journal,
    runtime::{
        clock,
        collect::{self, Setup},
        log,
        signals::{self, Endings},
    },
};

/// Leaving takes no longer than this, whatever hangs.
const LEAVING: Duration = Duration::from_millis(1_500);

/// Runs until a signal ends it.
pub async fn run(context: &Context) -> Result<u8, Failure> {
    let config = Arc::new(context.config()?);
    context.polled(&config)?;
    log::to_stderr();
    let mut endings = Endings::listen().map_err(|e| Failure::signals(&e))?;
    let journal = Journal::open(&config.journal.path)?;
    let (say, mut said) = mpsc::unbounded_channel();
    // Nobody gives orders here; the sender is kept, or the task would stop.
    let (_order, orders) = mpsc::channel(1);
    let (stop, stopping) = watch::channel(false);
    let setup = Setup {
        config: config.clone(),
        journal: journal.clone(),
        clock: clock::system(),
        deadline: context.deadline(),
    };
    let work = tokio::spawn(collect::run(setup, orders, say, stopping));
    let place = config.journal.path.display().to_string();
    let signal = loop {
        tokio::select! {
            signal = endings.next() => break signal,
            Some(answer) = said.recv() => tell(&answer, &place),
        }
    };
    let code = signals::exit_code(signal);
    let _ = stop.send(true);
    let saved = timeout(LEAVING, async {
        let _ = work.await;
        journal.flush().await
    });
    match saved.await {
        Ok(flushed) => flushed.map(|()| code).map_err(Failure::from),
        // A disk that hangs would hold us at the journal's closing.
        Err(_) => process::exit(i32::from(code)),
    }
}

fn tell(answer: &Answer, place: &str) {
    match answer {
        Answer::Collecting(true) => tracing::info!("collecting into {place}"),
        Answer::Collecting(false) => {
            tracing::info!("another Holdline collects into {place}; waiting to take over");
        }
        Answer::JournalFine => tracing::info!("the journal works again"),
        // Told where it happened.
        Answer::JournalTrouble(_) | Answer::Refreshing(_) | Answer::OthersCollect => {}
    }
}
