//! `holdline callbacks`: who is to be called back, asked of the vendor itself,
//! with who has claimed them from the journal, where there is one.

use std::{future::ready, num::NonZeroU32, panic, time::Duration};

use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    args::{Args, CallbacksArgs},
    context::Context,
    failure::{self, Failure},
    output::{self, Listed, or_dash},
    progress, views,
};
use crate::{
    collector,
    config::{self, Config, While1},
    domain::{
        callback::{Callback, Status, due_words},
        fault::Fault,
        filter::Filters,
        phone,
        record::{CallbackRecord, Fields},
        time::{At, Clock},
        triage::{Subject, Triage},
    },
    journal::{Journal, JournalError},
    runtime::clock,
    vendor::{
        hook::Reader,
        while1::{Client, Page, Progress, Whole, read_all},
    },
};

/// Runs the command.
pub async fn run(context: &Context, args: &CallbacksArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let accounts = context.listing_callbacks(&config)?;
    let mut filters = match &args.view {
        Some(name) => views::named(&config, name)?,
        None => Filters::default(),
    };
    args.filters.set(&mut filters, Args::is_flag)?;
    let clock = clock::system();
    let ask = Ask {
        filters,
        page: args.page,
        deadline: context.deadline(),
        zone: config.console.time_zone.clone(),
        clock: clock.clone(),
    };
    let (mut worst, mut lists) = (0, Vec::new());
    for (site, outcome) in every(&ask, accounts).await {
        match outcome {
            Ok(list) => {
                worst = worst.max(list.tell(&site));
                lists.push(list);
            }
            Err((page, fault)) => {
                let whom = match page {
                    1 => site,
                    page => format!("{site}, page {page}"),
                };
                let failure = Failure::vendor(&whom, &fault, clock(), &ask.zone);
                failure.tell();
                worst = worst.max(failure.code);
            }
        }
    }
    // Where nobody answered, an empty list would say that nobody is to be
    // called.
    if !lists.is_empty() {
        let (triage, code) = triage(&config);
        let desk = Desk {
            triage,
            now: clock(),
            zone: ask.zone,
        };
        let rows = lists.into_iter().flat_map(|list| list.rows);
        let rows: Vec<Row<'_>> = rows
            .map(|callback| Row {
                callback,
                desk: &desk,
            })
            .collect();
        output::to_stdout(|out| output::print(out, args.format, &rows))?;
        worst = worst.max(code);
    }
    Ok(worst)
}

/// What is asked for, and how.
struct Ask {
    filters: Filters,
    /// `None` for all of them.
    page: Option<NonZeroU32>,
    deadline: Duration,
    zone: TimeZone,
    clock: Clock,
}

/// A site's list.
struct List {
    rows: Vec<Callback>,
    /// What is doubtful about it, and whether we left rows out.
    doubt: Option<(String, bool)>,
    /// What the vendor said beside the rows.
    messages: Vec<String>,
}

/// Which page failed, and how.
type Failed = (u32, Fault);

impl List {
    /// Says what is to be said about it; answers the exit code.
    fn tell(&self, site: &str) -> u8 {
        for message in &self.messages {
            failure::tell(&format!("{site}: While1 says: \"{message}\""));
        }
        if let Some((doubt, _)) = &self.doubt {
            failure::tell(&format!("{site}: {doubt}"));
        }
        u8::from(matches!(self.doubt, Some((_, true))))
    }
}

/// Asks all sites side by side. Answers come in the order of the sites.
async fn every(
    ask: &Ask,
    accounts: Vec<(config::Site, While1)>,
) -> Vec<(String, Result<List, Failed>)> {
    let (say, mut said) = mpsc::unbounded_channel();
    let say = progress::is_seen().then_some(say);
    let mut asking = JoinSet::new();
    for (place, (site, account)) in accounts.into_iter().enumerate() {
        let client = Client::new(&site, &account, &ask.zone, ask.deadline, ask.clock.clone());
        let (filters, page, say) = (ask.filters.clone(), ask.page, say.clone());
        let name = site.name.to_string();
        asking.spawn(async move {
            let tell = |progress| {
                if let Some(say) = &say {
                    let _ = say.send((name.clone(), progress));
                }
            };
            let outcome = match (client, page) {
                (Err(fault), _) => Err((1, fault)),
                (Ok(client), None) => whole(&client, &filters, tell).await,
                (Ok(client), Some(page)) => one(&client, &filters, page.get()).await,
            };
            (place, name, outcome)
        });
    }
    drop(say);
    let (mut line, mut answers) = (progress::Line::default(), Vec::new());
    loop {
        tokio::select! {
            Some((site, progress)) = said.recv() => line.show(&site, progress),
            Some(done) = asking.join_next() => match done {
                Ok(answer) => answers.push(answer),
                Err(error) => panic::resume_unwind(error.into_panic()),
            },
            else => break,
        }
    }
    line.clear();
    answers.sort_by_key(|(place, ..)| *place);
    answers
        .into_iter()
        .map(|(_, site, outcome)| (site, outcome))
        .collect()
}

/// The whole list, page after page.
async fn whole(
    client: &Client,
    filters: &Filters,
    tell: impl Fn(Progress),
) -> Result<List, Failed> {
    let whole = read_all(client, filters, |came| {
        tell(came.progress);
        ready(())
    });
    let Whole {
        rows,
        end,
        messages,
    } = whole.await?;
    // A script gets what there is, and the doubt in words. Only where we cut
    // the list must it not go on as if all were well.
    let doubt = (!end.is_whole()).then(|| (end.to_string(), end.is_cut()));
    Ok(List {
        rows,
        doubt,
        messages,
    })
}

/// One page as it is.
async fn one(client: &Client, filters: &Filters, page: u32) -> Result<List, Failed> {
    let question = client.question(filters).map_err(|fault| (page, fault))?;
    let answer = client.page(&question, page).await;
    let answer = answer.map_err(|fault| (page, fault))?;
    let doubt = beyond(&answer, page).or_else(|| other(&answer, page));
    let doubt = doubt.map(|told| (told, false));
    Ok(List {
        rows: answer.rows,
        doubt,
        messages: answer.messages,
    })
}

/// An empty page behind the last one looks like an empty list.
fn beyond(answer: &Page, page: u32) -> Option<String> {
    let last = answer.pagination?.max_page?.max(1);
    if !answer.rows.is_empty() || u64::from(page) <= last {
        return None;
    }
    let pages = match last {
        1 => "1 page".to_owned(),
        last => format!("{last} pages"),
    };
    Some(format!(
        "there is no page {page}: the list has {pages}; leave --page out for all of it"
    ))
}

/// Some PBXs answer with their first or last page where there is none.
fn other(answer: &Page, page: u32) -> Option<String> {
    let came = answer.pagination?.current_page?;
    (came != u64::from(page)).then(|| {
        format!(
            "While1 answered with page {came} where page {page} was asked for: there may be no \
             such page"
        )
    })
}

/// Who has claimed what, and the exit code where that cannot be read.
fn triage(config: &Config) -> (Triage, u8) {
    let folder = &config.journal.path;
    let reader = Reader::new(&config.all_sites());
    let zone = config.console.time_zone.clone();
    let board = Journal::open_read_only(folder)
        .and_then(|journal| collector::board(&journal, zone, &reader));
    match board {
        Ok(board) => (board.triage, 0),
        // Nobody has claimed anything yet.
        Err(JournalError::Missing { .. }) => (Triage::default(), 0),
        Err(error) => {
            let failure = Failure::from(error);
            failure::tell(&format!(
                "who has claimed what is not known: {}",
                failure.sentence
            ));
            (Triage::default(), failure.code)
        }
    }
}

/// What every row is seen by.
struct Desk {
    triage: Triage,
    now: At,
    zone: TimeZone,
}

/// A row as it is printed.
struct Row<'d> {
    callback: Callback,
    desk: &'d Desk,
}

impl Row<'_> {
    fn claimed_by(&self) -> Option<&str> {
        let Callback { site, id, .. } = &self.callback;
        let subject = Subject {
            site: site.clone(),
            id: id.clone(),
        };
        let Desk { triage, now, .. } = self.desk;
        let claim = triage.holder(&subject, self.callback.customer(), *now)?;
        Some(&claim.who)
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        CallbackRecord::new(&self.callback, self.claimed_by(), self.desk.now).serialize(to)
    }
}

impl Fields for Row<'_> {
    const FIELDS: &'static [&'static str] = CallbackRecord::FIELDS;
}

impl Listed for Row<'_> {
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("SITE", false),
        ("DUE", false),
        ("NUMBER", false),
        ("NAME", false),
        ("CAMPAIGN", false),
        ("TO", false),
        ("TRIES", true),
        ("STATUS", false),
        ("CLAIMED BY", false),
        ("ID", false),
    ];

    fn cells(&self) -> Vec<String> {
        let callback = &self.callback;
        let Desk { now, zone, .. } = self.desk;
        let to = match (&callback.assign_type, &callback.assigned_to) {
            (Some(what), Some(who)) => Some(format!("{what} {who}")),
            (what, who) => who.as_ref().or(what.as_ref()).map(ToString::to_string),
        };
        let tries = match (callback.retries, callback.max_retries) {
            (None, None) => None,
            (Some(tried), None) => Some(tried.to_string()),
            (tried, Some(most)) => {
                let tried = tried.map_or("—".to_owned(), |tried| tried.to_string());
                Some(format!("{tried}/{most}"))
            }
        };
        vec![
            callback.site.to_string(),
            due_words(callback.due(*now), callback.schedule, *now, zone),
            or_dash(callback.number.as_deref().map(phone::shown)),
            or_dash(callback.name.as_deref()),
            or_dash(callback.campaign.as_deref()),
            or_dash(to.as_deref()),
            or_dash(tries.as_deref()),
            or_dash(callback.status.as_ref().map(Status::word)),
            or_dash(self.claimed_by()),
            callback.id.to_string(),
        ]
    }
}
