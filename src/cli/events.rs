//! `holdline events`: the journal as it was written, and as it goes on.

use std::{
    cell::RefCell,
    collections::{HashSet, VecDeque},
    io::{self, Write},
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::{Serialize, Serializer, ser::SerializeSeq};
use tokio::time::{MissedTickBehavior, interval};

use super::{
    args::{EventsArgs, Format},
    context::Context,
    failure::{self, Failure},
    output,
    recorded::{self, CHUNK},
};
use crate::{
    domain::{
        entry::{Entry, Seq, What},
        moment::Moment,
        record::{EventRecord, file, safe_json},
        time::At,
    },
    journal::{Journal, JournalError, Tail},
    runtime::{
        clock,
        signals::{self, Endings},
    },
    vendor::hook::Reader,
};

/// How often it is looked whether anybody still reads.
const LOOK: Duration = Duration::from_millis(500);
/// The least that `-n` looks back at once.
const LEAST_BACK: u64 = 500;

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

/// Which entries are wanted.
struct Wanted {
    reader: Reader,
    site: Option<String>,
    since: Option<At>,
    until: Option<At>,
}

impl Wanted {
    fn has(&self, entry: &Entry) -> bool {
        self.site
            .as_deref()
            .is_none_or(|s| s == entry.site.as_str())
            && self.since.is_none_or(|since| entry.at >= since)
            && self.until.is_none_or(|until| entry.at <= until)
    }

    /// Those of these entries that are wanted, as they are printed.
    fn records(&self, mut entries: Vec<Entry>) -> Vec<EventRecord> {
        entries.retain(|entry| self.has(entry));
        self.reader.read_all(&mut entries);
        entries.iter().map(EventRecord::new).collect()
    }
}

/// Which intents have an outcome on record. Outcomes follow soon, so that
/// looking ahead costs little; an intent without one costs one look at all the
/// rest, and the next such intent nothing more.
#[derive(Default)]
struct Outcomes {
    of: HashSet<Seq>,
    /// Up to where they are known.
    known: Seq,
}

impl Outcomes {
    fn hear(&mut self, entries: &[Entry]) {
        for entry in entries {
            if let What::Outcome(outcome) = &entry.what {
                self.of.insert(outcome.intent);
            }
            self.known = self.known.max(entry.seq);
        }
    }

    /// Whether this intent, of the entries heard last, has one up to `upto`.
    fn has(&mut self, journal: &Journal, intent: Seq, upto: Seq) -> Result<bool, JournalError> {
        while !self.of.contains(&intent) && self.known < upto {
            let entries = journal.read(self.known, CHUNK)?;
            if entries.is_empty() {
                self.known = upto;
            }
            self.hear(&entries);
        }
        Ok(self.of.contains(&intent))
    }
}

/// The wanted entries up to a place, one after the other: a journal is not
/// held in memory.
struct Walk<'a> {
    journal: &'a Journal,
    wanted: &'a Wanted,
    after: Seq,
    upto: Seq,
    read: std::vec::IntoIter<EventRecord>,
    outcomes: Outcomes,
    trouble: &'a mut Option<JournalError>,
}

impl<'a> Walk<'a> {
    fn new(
        journal: &'a Journal,
        wanted: &'a Wanted,
        upto: Seq,
        trouble: &'a mut Option<JournalError>,
    ) -> Self {
        Self {
            journal,
            wanted,
            after: 0,
            upto,
            read: Vec::new().into_iter(),
            outcomes: Outcomes::default(),
            trouble,
        }
    }

    /// The wanted of these entries; an intent that nothing came of says so.
    fn told(&mut self, entries: Vec<Entry>) -> Result<Vec<EventRecord>, JournalError> {
        self.outcomes.hear(&entries);
        let mut records = self.wanted.records(entries);
        for record in records.iter_mut().filter(|record| record.is_intent()) {
            if !self.outcomes.has(self.journal, record.seq, self.upto)? {
                record.note_unknown_outcome();
            }
        }
        Ok(records)
    }
}

impl Iterator for Walk<'_> {
    type Item = EventRecord;

    fn next(&mut self) -> Option<EventRecord> {
        loop {
            if let Some(record) = self.read.next() {
                return Some(record);
            }
            if self.after >= self.upto {
                return None;
            }
            let told = self
                .journal
                .read(self.after, CHUNK)
                .and_then(|mut entries| {
                    entries.retain(|entry| entry.seq <= self.upto);
                    self.after = entries.last().map_or(self.upto, |entry| entry.seq);
                    self.told(entries)
                });
            match told {
                Ok(records) => self.read = records.into_iter(),
                Err(error) => {
                    *self.trouble = Some(error);
                    return None;
                }
            }
        }
    }
}

/// The last `count` wanted entries up to a place: looks back further and
/// further until there are so many.
fn last(
    journal: &Journal,
    wanted: &Wanted,
    upto: Seq,
    count: usize,
) -> Result<VecDeque<EventRecord>, JournalError> {
    let mut back = LEAST_BACK.max(count as u64);
    loop {
        let mut trouble = None;
        let mut walk = Walk::new(journal, wanted, upto, &mut trouble);
        walk.after = upto.saturating_sub(back);
        let all = walk.after == 0;
        let mut found = VecDeque::new();
        for record in walk {
            found.push_back(record);
            if found.len() > count {
                found.pop_front();
            }
        }
        match trouble {
            Some(error) => return Err(error),
            None if all || found.len() == count => return Ok(found),
            None => back = back.saturating_mul(4),
        }
    }
}

/// Prints a list, one after the other.
fn list(
    out: &mut dyn Write,
    format: Format,
    records: impl Iterator<Item = EventRecord>,
) -> io::Result<()> {
    if format == Format::Json {
        return safe_json::pretty(out, &Stream(RefCell::new(records)));
    }
    let mut print = Print::begin(out, format)?;
    for record in records {
        print.record(out, &record)?;
    }
    Ok(())
}

/// What an iterator gives, as one JSON array.
struct Stream<I>(RefCell<I>);

impl<I: Iterator<Item = EventRecord>> Serialize for Stream<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut array = to.serialize_seq(None)?;
        for record in &mut *self.0.borrow_mut() {
            array.serialize_element(&record)?;
        }
        array.end()
    }
}

/// Prints record by record in a format that needs no end.
struct Print(Format);

/// The table's columns, and how wide each is: nobody knows what is to come.
const COLUMNS: [(&str, usize, bool); 9] = [
    ("SEQ", 7, true),
    ("AT", 24, false),
    ("SITE", 10, false),
    ("SOURCE", 8, false),
    ("EVENT", 14, false),
    ("AGENT", 6, false),
    ("QUEUE", 6, false),
    ("CALL", 36, false),
    ("BODY", 60, false),
];

impl Print {
    fn begin(out: &mut dyn Write, format: Format) -> io::Result<Self> {
        match format {
            Format::Table => row(out, COLUMNS.map(|(head, ..)| head))?,
            Format::Csv => file::csv::<EventRecord>(out, &[])?,
            Format::Json | Format::Ndjson => {}
        }
        Ok(Self(format))
    }

    fn record(&mut self, out: &mut dyn Write, record: &EventRecord) -> io::Result<()> {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        match self.0 {
            Format::Table => {
                let cells = [
                    record.seq.to_string(),
                    record.at.clone(),
                    record.site.clone(),
                    record.source.clone(),
                    record.event.clone(),
                    or_dash(&record.agent),
                    or_dash(&record.queue),
                    or_dash(&record.call_id),
                    record.body.json().to_owned(),
                ];
                row(out, cells.each_ref().map(String::as_str))
            }
            Format::Csv => {
                let mut rows = Vec::new();
                file::csv(&mut rows, std::slice::from_ref(record))?;
                // The header stands there already; it holds no line break.
                let header = rows.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1);
                out.write_all(&rows[header..])
            }
            Format::Json | Format::Ndjson => safe_json::line(out, record),
        }
    }
}

fn row(out: &mut dyn Write, cells: [&str; COLUMNS.len()]) -> io::Result<()> {
    let cells = cells.iter().zip(COLUMNS);
    let line: Vec<String> = cells
        .map(|(cell, (_, width, right))| output::column(cell, width, right))
        .collect();
    writeln!(out, "{}", line.join("  ").trim_end())
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
