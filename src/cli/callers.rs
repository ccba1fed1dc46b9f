//! `holdline callers`: who waits now, asked of the vendor itself, for which a
//! collector need not run; of sites that push, read from the journal.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use tokio::task::JoinSet;

use super::{
    args::CallersArgs,
    context::Context,
    failure::Failure,
    output::{self, Listed, or_dash, waited},
    recorded::{self, Of, Recorded},
};
use crate::{
    config::{Config, TelecomX},
    domain::{
        board::{Asked, Board, QueueBoard},
        call::Call,
        caller::Caller,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        feed::FeedHealth,
        id::{QueueId, SiteName},
        phone,
        record::CallerRecord,
        site::{Queue, QueueKey, Site},
        time::{At, Clock},
    },
    runtime::clock,
    vendor::telecomx::{Callers, Client},
};

/// Runs the command.
pub async fn run(context: &Context, args: &CallersArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let pushing = recorded::pushing(&config);
    let known = match pushing.as_slice() {
        [] => None,
        _ => Some(Recorded::read(&config)?),
    };
    let told = known.as_ref().map(|known| told(&pushing, known));
    let told = told.unwrap_or_default();
    let (questions, told) = narrowed(context, &config, told, args.queue.as_deref())?;
    let clock = clock::system();
    let answers = ask(questions, context.deadline(), &clock).await;
    let mut worst = 0;
    for (asked, fault) in failures(&answers) {
        let failure = Failure::vendor(&asked, &fault, clock(), &config.console.time_zone);
        failure.tell();
        worst = worst.max(failure.code);
    }
    let asked = answers
        .into_iter()
        .filter_map(|a| Some((a.question.site.name, a.outcome.ok()?)));
    let of_pushing: Vec<Site> = pushing
        .into_iter()
        .filter(|site| told.iter().any(|t| t.site.name == site.name))
        .collect();
    let left_out: usize = told.iter().map(|told| told.left_out).sum();
    let told = told.into_iter().map(|t| (t.site.name, t.records));
    let mut lists: Vec<(SiteName, Vec<CallerRecord>)> = asked.chain(told).collect();
    let place = |name: &SiteName| config.sites.iter().position(|s| s.name == *name);
    lists.sort_by_key(|(name, _)| place(name));
    // Where nobody answered, an empty list would say that nobody waits.
    if !lists.is_empty() {
        let records = lists.into_iter().flat_map(|(_, records)| records);
        let records: Vec<CallerRecord> = records.collect();
        output::to_stdout(|out| output::print(out, args.format, &records))?;
    }
    recorded::tell_left_out(left_out, "caller", "callers");
    if let Some(known) = known {
        known.tell(Of::Callers, &of_pushing, &config);
    }
    Ok(worst)
}

/// A queue of a site that pushes, and who waits in it; how many do so that
/// our own injector made.
struct Told {
    site: Site,
    queue: Queue,
    records: Vec<CallerRecord>,
    left_out: usize,
}

/// Who waits at sites that push: in the queues that the configuration names,
/// then in those that it does not and where somebody waits.
fn told(sites: &[Site], known: &Recorded) -> Vec<Told> {
    let mut all = Vec::new();
    for site in sites {
        let open = known.board.floor(&site.name).into_iter();
        let heard = open.flat_map(|floor| floor.open_calls().filter_map(Call::queue));
        let other: BTreeSet<&QueueId> = heard.filter(|id| site.queue(id).is_none()).collect();
        let other = other.into_iter().map(|id| Queue {
            id: id.clone(),
            name: id.to_string(),
            service_level: Queue::SERVICE_LEVEL,
            critical: Queue::CRITICAL,
        });
        for queue in site.queues.iter().cloned().chain(other) {
            let key = key(site, &queue);
            let callers = known.board.queue(&key).into_iter();
            let callers = callers.flat_map(QueueBoard::callers);
            all.push(Told {
                site: site.clone(),
                records: waiting(site, &queue, &known.board, known.now, 0),
                left_out: callers.filter(|row| row.injected()).count(),
                queue,
            });
        }
    }
    all
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

/// The queues to ask for, and those that are told of, as the flags narrow
/// them; there is at least one.
fn narrowed(
    context: &Context,
    config: &Config,
    told: Vec<Told>,
    queue: Option<&str>,
) -> Result<(Vec<Question>, Vec<Told>), Failure> {
    let polled = match context.polled(config) {
        Ok(sites) => sites,
        Err(_) if !told.is_empty() => Vec::new(),
        Err(none) => return Err(none),
    };
    let every: Vec<Question> = polled
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
        return Ok((every, told));
    };
    let queues = every.iter().map(|q| &q.queue);
    let known: Vec<&str> = queues
        .chain(told.iter().map(|t| &t.queue))
        .map(|queue| queue.name.as_str())
        .collect();
    let unknown = Failure::usage(format!(
        "there is no queue \"{wanted}\" in the configuration; {} {}",
        match &context.global.site {
            Some(site) => format!("site \"{site}\" has"),
            None => "it has".to_owned(),
        },
        known.join(", ")
    ));
    let is_wanted = |queue: &Queue| wanted == queue.name || wanted == queue.id.as_str();
    let asked: Vec<_> = every.into_iter().filter(|q| is_wanted(&q.queue)).collect();
    let told: Vec<_> = told.into_iter().filter(|t| is_wanted(&t.queue)).collect();
    if asked.is_empty() && told.is_empty() {
        Err(unknown)
    } else {
        Ok((asked, told))
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
    let key = key(site, queue);
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
    waiting(site, queue, &board, now, skew_ms)
}

fn key(site: &Site, queue: &Queue) -> QueueKey {
    QueueKey {
        site: site.name.clone(),
        queue: queue.id.clone(),
    }
}

/// Who waits in a queue, as a board has it; not whom our own injector made.
fn waiting(site: &Site, queue: &Queue, board: &Board, now: At, skew_ms: i64) -> Vec<CallerRecord> {
    let rows = board
        .queue(&key(site, queue))
        .map(QueueBoard::ranked)
        .unwrap_or_default();
    rows.into_iter()
        .filter(|(_, row)| !row.injected())
        .map(|(position, row)| {
            CallerRecord::new(
                site,
                queue,
                &row.caller.told(),
                position,
                row.wait(now, skew_ms),
            )
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
        vec![
            self.site.clone(),
            self.queue_name.clone(),
            self.position.map_or("—".to_owned(), |p| p.to_string()),
            self.state.clone(),
            waited(self.wait_s),
            if self.secret {
                phone::SECRET.to_owned()
            } else {
                or_dash(self.number.as_deref().map(phone::shown))
            },
            or_dash(self.name.as_deref()),
            or_dash(self.presentation.as_deref()),
            self.id.clone(),
        ]
    }
}
