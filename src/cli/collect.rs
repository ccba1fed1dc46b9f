//! `holdline collect`: pollers, receiver and journal, no screen; for a service.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::{context::Context, failure::Failure};
use crate::{
    app::Answer,
    config::Config,
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
    is_any_collected(&config, context)?;
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

/// Whether there is a site that is polled, or one that pushes.
fn is_any_collected(config: &Config, context: &Context) -> Result<(), Failure> {
    if config.sites.iter().any(|site| site.hook().is_some()) {
        return Ok(());
    }
    context.polled(config).map(drop).map_err(|_| {
        Failure::usage(match &context.global.site {
            Some(name) => format!(
                "nothing is collected from site \"{name}\"; name one with vendor = \"telecomx\", or \
                 one with a hook"
            ),
            None => "there is nothing to collect; add a site with vendor = \"telecomx\", or one with \
                     a hook, to the configuration"
                .to_owned(),
        })
    })
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
        | Answer::Copied(_)
        | Answer::Injected(_)
        | Answer::Surveyed { .. }
        | Answer::Resubscribed { .. }
        | Answer::Dialled(_)
        | Answer::Refreshing(_)
        | Answer::OthersCollect => {}
    }
}
