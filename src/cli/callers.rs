//! `holdline callers`: who waits now, asked of the vendor itself; a collector
//! need not run.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;

use super::{
    args::CallersArgs,
    context::Context,
    failure::Failure,
    output::{self, Listed},
};
use crate::{
    config::{Config, TelecomX},
    domain::{
        board::{Asked, Board, QueueBoard},
        caller::Caller,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        feed::FeedHealth,
        record::CallerRecord,
        site::{Queue, QueueKey, Site},
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
    let answers = ask(questions, context.deadline(), &clock).await;
    let mut worst = 0;
    for (asked, fault) in failures(&answers) {
        let failure = Failure::vendor(&asked, &fault, clock(), &config.console.time_zone);
        failure.tell();
        worst = worst.max(failure.code);
    }
    let lists: Vec<_> = answers.into_iter().filter_map(|a| a.outcome.ok()).collect();
    // Where nobody answered, an empty list would say that nobody waits.
    if !lists.is_empty() {
        let records: Vec<CallerRecord> = lists.into_iter().flatten().collect();
        output::to_stdout(|out| output::print(out, args.format, &records))?;
    }
    Ok(worst)
}

/// A queue to be asked for.
#[derive(Clone)]
struct Question {
    site: Site,
    queue: Queue,
    account: TelecomX,
}

/// What became of a question.
struct Answer {
    question: Question,
    outcome: Result<Vec<CallerRecord>, Fault>,
}

/// The queues to ask for, as the flags narrow them.
fn questions(
    context: &Context,
    config: &Config,
    queue: Option<&str>,
) -> Result<Vec<Question>, Failure> {
    let every: Vec<Question> = context
        .polled(config)?
        .into_iter()
        .flat_map(|(site, account)| {
            let of_site = site.clone();
            site.queues.into_iter().map(move |queue| Question {
                site: of_site.clone(),
                queue,
                account: account.clone(),
            })
        })
        .collect();
    let Some(wanted) = queue else {
        return Ok(every);
    };
    let known: Vec<&str> = every.iter().map(|q| q.queue.name.as_str()).collect();
    let unknown = Failure::usage(format!(
        "there is no queue \"{wanted}\" in the configuration; {} {}",
        match &context.global.site {
            Some(site) => format!("site \"{site}\" has"),
            None => "it has".to_owned(),
        },
        known.join(", ")
    ));
    let named: Vec<Question> = every
        .into_iter()
        .filter(|q| wanted == q.queue.name || wanted == q.queue.id.as_str())
        .collect();
    if named.is_empty() {
        Err(unknown)
    } else {
        Ok(named)
    }
}

/// Asks all of them side by side; one client per site, so that a login serves
/// all of its queues. Answers come in the order of the questions.
async fn ask(questions: Vec<Question>, deadline: Duration, clock: &Clock) -> Vec<Answer> {
    let mut clients: Vec<(Site, Result<Arc<Client>, Fault>)> = Vec::new();
    let mut asking = JoinSet::new();
    for (place, question) in questions.into_iter().enumerate() {
        let known = clients
            .iter()
            .find(|(site, _)| site.name == question.site.name)
            .map(|(_, client)| client.clone());
        let client = known.unwrap_or_else(|| {
            let made = Client::new(&question.account, deadline, clock.clone()).map(Arc::new);
            clients.push((question.site.clone(), made.clone()));
            made
        });
        asking.spawn(async move {
            let outcome = match client {
                Ok(client) => one(&client, &question).await,
                Err(fault) => Err(fault),
            };
            (place, Answer { question, outcome })
        });
    }
    let mut answers = asking.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// What went wrong, each thing once for a site, with whom it concerns: the
/// site, and the queues too where others of the site were answered otherwise.
fn failures(answers: &[Answer]) -> Vec<(String, Fault)> {
    let mut alike: Vec<(&Site, Vec<&str>, Fault)> = Vec::new();
    for Answer { question, outcome } in answers {
        let Err(fault) = outcome else { continue };
        let (site, queue) = (&question.site, question.queue.name.as_str());
        match alike
            .iter_mut()
            .find(|(s, _, f)| s.name == site.name && is_alike(f, fault))
        {
            Some((_, queues, first)) => {
                queues.push(queue);
                if is_later(fault, first) {
                    *first = fault.clone();
                }
            }
            None => alike.push((site, vec![queue], fault.clone())),
        }
    }
    alike
        .into_iter()
        .map(|(site, queues, fault)| {
            let asked = answers
                .iter()
                .filter(|a| a.question.site.name == site.name)
                .count();
            let whom = match queues.as_slice() {
                all if all.len() == asked => site.name.to_string(),
                [one] => format!("{}, queue {one}", site.name),
                some => format!("{}, queues {}", site.name, some.join(", ")),
            };
            (whom, fault)
        })
        .collect()
}

/// Whether two faults tell the same; when to come back differs by moments.
fn is_alike(one: &Fault, other: &Fault) -> bool {
    one.what == other.what && one.remedy == other.remedy
}

fn is_later(one: &Fault, than: &Fault) -> bool {
    match (&one.kind, &than.kind) {
        (FaultKind::RateLimited { until: one }, FaultKind::RateLimited { until: than }) => {
            one > than
        }
        _ => false,
    }
}

async fn one(client: &Client, question: &Question) -> Result<Vec<CallerRecord>, Fault> {
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
    site: &Site,
    queue: &Queue,
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
        .map(QueueBoard::ranked)
        .unwrap_or_default();
    rows.into_iter()
        .map(|(position, row)| {
            CallerRecord::new(site, queue, &row.caller, position, row.wait(now, skew_ms))
        })
        .collect()
}

impl Listed for CallerRecord {
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
