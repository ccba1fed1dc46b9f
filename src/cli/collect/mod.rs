//! `holdline collect`: pollers, receiver and journal, no screen; for a service.
//!
//! * `unit`: the unit to run it by, for systemd
//! * `watchdog`: signs of life for who runs it

mod unit;
mod watchdog;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::{args::CollectArgs, context::Context, failure::Failure};
use crate::{
    app::Answer,
    config::Config,
    journal::Journal,
    runtime::{
        clock,
        collect::{self, Condition, Setup},
        log,
        notify::Notifier,
        signals::{self, Endings},
    },
};
use watchdog::Watchdog;

/// Runs until a signal ends it.
pub async fn run(context: &Context, args: &CollectArgs) -> Result<u8, Failure> {
    let config = Arc::new(context.config()?);
    is_any_collected(&config, context)?;
    if args.print_unit {
        return unit::print(context, &config);
    }
    log::to_stderr();
    let notifier = Notifier::of(|name| std::env::var(name).ok());
    let mut endings = Endings::listen().map_err(|e| Failure::signals(&e))?;
    let journal = Journal::open(&config.journal.path)?;
    let (say, mut said) = mpsc::unbounded_channel();
    // Nobody gives orders here; the sender is kept, or the task would stop.
    let (_order, orders) = mpsc::channel(1);
    let (stop, stopping) = watch::channel(false);
    let (watched, mut condition) = watch::channel(Condition::default());
    let setup = Setup {
        config: config.clone(),
        journal: journal.clone(),
        clock: clock::system(),
        deadline: context.deadline(),
    };
    let mut work = tokio::spawn(collect::run_watched(setup, orders, say, stopping, watched));
    let place = config.journal.path.display().to_string();
    let mut watchdog = Watchdog::new(&notifier);
    let mut trouble = None;
    let signal = loop {
        tokio::select! {
            biased;
            signal = endings.next() => break Some(signal),
            Some(answer) = said.recv() => {
                tell(&answer, &place);
                match answer {
                    Answer::Collecting(_) => notifier.ready(),
                    Answer::JournalTrouble(why) => trouble = Some(why),
                    _ => {}
                }
            }
            Ok(()) = condition.changed() => watchdog.sees(&condition.borrow_and_update()),
            () = watchdog.due() => watchdog.barks(),
            _ = &mut work => break None,
        }
    };
    notifier.stopping();
    let _ = stop.send(true);
    let Some(signal) = signal else {
        let why = trouble.unwrap_or_else(|| "the collector ended; start it again".to_owned());
        return Err(Failure::here(why));
    };
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
        | Answer::Delivered(_)
        | Answer::PresetSaved(_)
        | Answer::Surveyed { .. }
        | Answer::Resubscribed { .. }
        | Answer::Dialled(_)
        | Answer::Refreshing(_)
        | Answer::OthersCollect => {}
    }
}
