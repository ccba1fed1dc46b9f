//! `holdline collect`: pollers and journal, no screen; for a service.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

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
    let _ = stop.send(true);
    let _ = work.await;
    journal.flush().await?;
    Ok(signals::exit_code(signal))
}

fn tell(answer: &Answer, place: &str) {
    match answer {
        Answer::Collecting(true) => tracing::info!("collecting into {place}"),
        Answer::Collecting(false) => {
            tracing::info!("another Holdline collects into {place}; waiting to take over");
        }
        Answer::JournalFine => tracing::info!("the journal works again"),
        // Told where it happened.
        Answer::JournalTrouble(_)
        | Answer::NotRecorded(_)
        | Answer::Exported(_)
        | Answer::Refreshing(_)
        | Answer::OthersCollect => {}
    }
}
