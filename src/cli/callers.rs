//! `holdline callers`: who waits now, asked of the vendor itself; a collector
//! need not run.

use std::{
    io::{self, BufWriter, Write},
    sync::Arc,
    time::Duration,
};

use tokio::task::JoinSet;

use super::{
    args::CallersArgs,
    context::Context,
    failure::Failure,
    output::{self, Listed},
};
use crate::{
    config::{Account, Config, Site},
    domain::{
        board::{Asked, Board},
        caller::Caller,
        entry::{Entry, What},
        feed::FeedHealth,
        record::CallerRecord,
        site::{self, QueueKey},
        time::{At, Clock, wait},
    },
    runtime::clock,
    vendor::telecomx::{Callers, Client},
};

/// Runs the command.
pub async fn run(context: &Context, args: &CallersArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let questions = questions(context, &config, args.queue.as_deref())?;
    let clock = clock::system();
    let (lists, failures) = ask(questions, context.deadline(), &clock).await;
    let mut worst = 0;
    for (site, fault) in failures {
        let failure = Failure::vendor(&site, &fault, clock(), &config.console.time_zone);
        failure.tell();
        worst = worst.max(failure.code);
    }
    let records: Vec<CallerRecord> = lists.into_iter().flatten().collect();
    let mut out = BufWriter::new(io::stdout().lock());
    output::print(&mut out, args.format, &records)?;
    out.flush()?;
    Ok(worst)
}

/// A queue to be asked for.
struct Question {
    site: site::Site,
    queue: site::Queue,
    account: crate::config::TelecomX,
}

/// The queues to ask for, as the flags narrow them.
fn questions(
    context: &Context,
    config: &Config,
    queue: Option<&str>,
) -> Result<Vec<Question>, Failure> {
    let domain = config.domain_sites();
    let polled = |site: &Site| match &site.account {
        Account::TelecomX(account) => Some(account.clone()),
        _ => None,
    };
    let sites: Vec<_> = config
        .sites
        .iter()
        .zip(domain)
        .filter_map(|(c, d)| polled(c).map(|account| (d, account)))
        .collect();
    if sites.is_empty() {
        return Err(Failure::usage(match &context.global.site {
            Some(name) => format!("site {name} lists no callers; only telecomx sites do"),
            None => {
                "no site lists callers; add a site with vendor = \"telecomx\" to the configuration"
                    .to_owned()
            }
        }));
    }
    let mut known = Vec::new();
    let mut questions = Vec::new();
    for (site, account) in sites {
        for q in &site.queues {
            known.push(q.name.clone());
            if queue.is_none_or(|wanted| wanted == q.name || wanted == q.id.as_str()) {
                questions.push(Question {
                    site: site.clone(),
                    queue: q.clone(),
                    account: account.clone(),
                });
            }
        }
    }
    match queue {
        Some(wanted) if questions.is_empty() => Err(Failure::usage(format!(
            "there is no queue {wanted:?}; the configuration has {}",
            known.join(", ")
        ))),
        _ => Ok(questions),
    }
}

type Failed = Vec<(String, crate::domain::fault::Fault)>;

/// Asks all of them side by side; one client per site, so that a login serves
/// all of its queues. Lists come in the order of the questions; what several
/// queues of a site fail alike with is told once.
async fn ask(
    questions: Vec<Question>,
    deadline: Duration,
    clock: &Clock,
) -> (Vec<Vec<CallerRecord>>, Failed) {
    let mut clients: Vec<(String, Result<Arc<Client>, _>)> = Vec::new();
    let mut lists: Vec<Vec<CallerRecord>> = questions.iter().map(|_| Vec::new()).collect();
    let mut faults: Vec<Option<(String, _)>> = questions.iter().map(|_| None).collect();
    let mut asking = JoinSet::new();
    for (i, question) in questions.into_iter().enumerate() {
        let name = question.site.name.to_string();
        let known = clients
            .iter()
            .find(|(site, _)| *site == name)
            .map(|(_, client)| client.clone());
        let client = known.unwrap_or_else(|| {
            let made = Client::new(&question.account, deadline, clock.clone()).map(Arc::new);
            clients.push((name.clone(), made.clone()));
            made
        });
        match client {
            Ok(client) => {
                asking.spawn(async move { (i, name, one(&client, &question).await) });
            }
            Err(fault) => faults[i] = Some((name, fault)),
        }
    }
    while let Some(Ok((i, name, answer))) = asking.join_next().await {
        match answer {
            Ok(records) => lists[i] = records,
            Err(fault) => faults[i] = Some((name, fault)),
        }
    }
    let mut failed: Failed = Vec::new();
    for fault in faults.into_iter().flatten() {
        if !failed.contains(&fault) {
            failed.push(fault);
        }
    }
    (lists, failed)
}

async fn one(
    client: &Client,
    question: &Question,
) -> Result<Vec<CallerRecord>, crate::domain::fault::Fault> {
    let polled = client.callers(&question.queue.id).await;
    let mut health = FeedHealth::new(Duration::ZERO);
    if let Some(skew) = polled.skew {
        health.measured(skew.ms, skew.tolerance);
    }
    Ok(match polled.outcome? {
        Callers::List(list) => records(
            &question.site,
            &question.queue,
            &list,
            polled.received,
            health.skew_ms,
        ),
        // A client that has asked once has nothing to compare with.
        Callers::Unchanged => Vec::new(),
    })
}

/// The list as scripts see it, ranked as the board ranks it.
fn records(
    site: &site::Site,
    queue: &site::Queue,
    list: &[Caller],
    now: At,
    skew_ms: i64,
) -> Vec<CallerRecord> {
    let key = QueueKey {
        site: site.name.clone(),
        queue: queue.id.clone(),
    };
    let mut board = Board::new(jiff::tz::TimeZone::UTC);
    let changes = board.reconcile(&key, list, Asked::default());
    for (seq, change) in (1..).zip(changes) {
        board.apply(&Entry {
            seq,
            at: now,
            site: site.name.clone(),
            what: What::Change(change),
        });
    }
    let rows = board
        .queue(&key)
        .map(crate::domain::board::QueueBoard::ranked)
        .unwrap_or_default();
    rows.into_iter()
        .map(|(position, row)| {
            CallerRecord::new(site, queue, &row.caller, position, row.wait(now, skew_ms))
        })
        .collect()
}

impl Listed for CallerRecord {
    const FIELDS: &'static [&'static str] = &CallerRecord::FIELDS;
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("SITE", false),
        ("QUEUE", false),
        ("POS", true),
        ("STATE", false),
        ("WAIT", true),
        ("NUMBER", false),
        ("NAME", false),
        ("CALLED", false),
        ("ID", false),
    ];

    fn cells(&self) -> Vec<String> {
        let or_dash = |text: Option<&str>| text.unwrap_or("—").to_owned();
        vec![
            self.site.clone(),
            self.queue_name.clone(),
            self.position.map_or("—".to_owned(), |p| p.to_string()),
            self.state.clone(),
            self.wait_s
                .map_or("—".to_owned(), |s| wait(Duration::from_secs(s))),
            if self.secret {
                "secret number".to_owned()
            } else {
                or_dash(self.number.as_deref())
            },
            or_dash(self.name.as_deref()),
            or_dash(self.presentation.as_deref()),
            self.id.clone(),
        ]
    }
}
