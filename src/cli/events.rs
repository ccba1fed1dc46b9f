//! `holdline events`: the journal as it was written, and as it goes on.

mod print;
mod walk;
mod wanted;

use std::{
    io::{self, Write},
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::time::{MissedTickBehavior, interval};

use self::{
    print::{Print, list},
    walk::{Walk, last},
    wanted::Wanted,
};
use super::{
    args::EventsArgs,
    context::Context,
    failure::{self, Failure},
    output::{self, Format},
    recorded,
};
use crate::{
    domain::{moment::Moment, record::EventRecord},
    journal::{Journal, JournalError, Tail},
    runtime::{
        clock,
        signals::{self, Endings},
    },
    vendor::hook::Reader,
};

/// How often it is looked whether anybody still reads.
const LOOK: Duration = Duration::from_millis(500);

/// Runs the command.
pub async fn run(context: &Context, args: &EventsArgs) -> Result<u8, Failure> {
    if args.follow && args.format == Format::Json {
        return Err(Failure::usage(
            "--follow has no end, and a JSON array has: take --format ndjson",
        ));
    }
    let config = context.config()?;
    let (now, zone) = (clock::system()(), &config.console.time_zone);
    let resolve = |moment: &Option<Moment>| moment.as_ref().map(|m| m.resolve(now, zone));
    let wanted = Wanted {
        reader: Reader::new(&config.domain_sites()),
        site: context.global.site.clone(),
        since: resolve(&args.since),
        until: resolve(&args.until),
    };
    let Some(journal) = recorded::open(&config)? else {
        let folder = config.journal.path.display();
        let words = format!("there is no journal in {folder} yet; start `holdline collect`");
        if args.follow {
            return Err(Failure::here(words));
        }
        output::to_stdout(|out| list(out, args.format, std::iter::empty()))?;
        failure::tell(&words);
        return Ok(0);
    };
    if args.follow {
        return follow(&journal, &wanted, args).await;
    }
    let upto = journal.last_seq().map_err(Failure::from)?;
    let mut trouble = None;
    output::to_stdout(|out| match args.count {
        Some(count) => match last(&journal, &wanted, upto, count) {
            Ok(records) => list(out, args.format, records.into_iter()),
            Err(error) => {
                trouble = Some(error);
                Ok(())
            }
        },
        None => list(
            out,
            args.format,
            Walk::new(&journal, &wanted, upto, &mut trouble),
        ),
    })?;
    trouble.map_or(Ok(0), |error| Err(error.into()))
}

/// Prints what is there and what comes, until a signal or until nobody reads.
async fn follow(journal: &Journal, wanted: &Wanted, args: &EventsArgs) -> Result<u8, Failure> {
    let mut endings = Endings::listen().map_err(|e| Failure::signals(&e))?;
    let mut out = io::stdout();
    let mut after = 0;
    let mut print = match Print::begin(&mut out, args.format) {
        Ok(print) => print,
        Err(error) => return gone(&error),
    };
    if let Some(count) = args.count {
        after = journal.last_seq().map_err(Failure::from)?;
        for record in last(journal, wanted, after, count).map_err(Failure::from)? {
            if let Err(error) = written(&mut print, &mut out, &record) {
                return gone(&error);
            }
        }
    }
    let mut tail: Tail = journal.tail(after);
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let entries = tokio::select! {
            signal = endings.next() => return Ok(signals::exit_code(signal)),
            entries = tail.next() => entries,
            _ = look.tick() => {
                if nobody_reads() {
                    return Ok(0);
                }
                continue;
            }
        };
        match entries {
            Ok(entries) => {
                for mut record in wanted.records(entries) {
                    record.note_later_outcome();
                    if let Err(error) = written(&mut print, &mut out, &record) {
                        return gone(&error);
                    }
                }
            }
            Err(closed @ JournalError::Closed { .. }) => return Err(closed.into()),
            // It goes on when the journal can be read again.
            Err(error) => failure::tell(&error.to_string()),
        }
    }
}

/// A record, at once where it belongs: whoever reads it waits for it.
fn written(print: &mut Print, out: &mut io::Stdout, record: &EventRecord) -> io::Result<()> {
    let mut line = Vec::new();
    print.record(&mut line, record)?;
    out.write_all(&line)?;
    out.flush()
}

/// That its reader has seen enough is no failure.
fn gone(error: &io::Error) -> Result<u8, Failure> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(0),
        _ => Err(Failure::output(error)),
    }
}

/// Whether the other end of standard output is closed.
fn nobody_reads() -> bool {
    let out = io::stdout();
    let mut end = [PollFd::new(&out, PollFlags::empty())];
    let at_once = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    poll(&mut end, Some(&at_once)).is_ok_and(|found| found > 0)
        && end[0]
            .revents()
            .intersects(PollFlags::ERR | PollFlags::NVAL)
}
