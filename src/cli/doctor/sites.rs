//! Whether each site answers us: the real client asks one cheap question of
//! each vendor's page. All sites are asked at the same time.

use std::{panic, sync::Arc, time::Duration};

use tokio::task::JoinSet;

use super::{
    super::progress,
    asked::{How, SITE, Told, counted, failed, millis},
    finding::Finding,
    phones,
};
use crate::{
    config::{self, Account, Config, Enswitch, TelecomX, While1, value},
    domain::{
        fault::{Fault, FaultKind},
        feed::{FeedHealth, FeedId},
        filter::Filters,
        site::Queue,
        time::At,
    },
    vendor::{
        enswitch::{self, Window},
        http::Skew,
        telecomx::{self, Callers},
        while1,
    },
};

/// Asks every site; `feeds` tell where our receiver listens. Findings stand in the order of the sites.
pub async fn check(config: &Config, feeds: &[(FeedId, FeedHealth)], how: &How) -> Vec<Finding> {
    let mut asking = JoinSet::new();
    let mut open: Vec<String> = Vec::new();
    for (place, site) in config.sites.iter().enumerate() {
        open.push(site.name.to_string());
        let ours = phones::ours(config, site, feeds, (how.clock)());
        let (site, how) = (site.clone(), how.clone());
        asking.spawn(async move {
            let findings = one(&site, &ours, &how).await;
            (place, site.name.to_string(), findings)
        });
    }
    let mut line = progress::Line::default();
    let mut answers = Vec::new();
    loop {
        if progress::is_seen() && !open.is_empty() {
            line.say(&format!("asking {}", open.join(", ")));
        }
        match asking.join_next().await {
            Some(Ok((place, name, findings))) => {
                open.retain(|site| *site != name);
                answers.push((place, findings));
            }
            Some(Err(error)) => panic::resume_unwind(error.into_panic()),
            None => break,
        }
    }
    line.clear();
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().flat_map(|(_, found)| found).collect()
}

/// All that is found of one site; `ours` are its addresses of our receiver.
async fn one(site: &config::Site, ours: &[String], how: &How) -> Vec<Finding> {
    let (mut findings, skew) = match &site.account {
        Account::TelecomX(account) => ask_telecomx(account, how).await,
        Account::While1(account) => ask_while1(site, account, how).await,
        Account::Enswitch(account) => ask_enswitch(site, account, how).await,
        Account::Telphin(account) => phones::ask(site, account, ours, how).await,
        Account::Contaqt(_) => (vec![pushed(site)], None),
    };
    findings.extend(skew.map(told_skew));
    findings.extend(encryption(site));
    let name = site.name.to_string();
    findings.into_iter().map(|f| f.of(name.clone())).collect()
}

/// A vendor that is never asked.
fn pushed(site: &config::Site) -> Finding {
    let vendor = site.vendor().title();
    Finding::ok(
        SITE,
        format!("{vendor} is asked nothing: it sends its events to the receiver"),
    )
}

/// `GET /pbx/queue/ID/callers` of each queue, at the same time.
async fn ask_telecomx(account: &TelecomX, how: &How) -> Told {
    let client = telecomx::Client::new(account, how.deadline, how.clock.clone());
    let client = match client {
        Ok(client) => Arc::new(client),
        Err(fault) => return (vec![failed("", &fault, how)], None),
    };
    let sent = (how.clock)();
    let mut asking = JoinSet::new();
    for (place, queue) in account.queues.iter().cloned().enumerate() {
        let client = client.clone();
        asking.spawn(async move { (place, client.callers(&queue.id).await, queue) });
    }
    let mut polled = asking.join_all().await;
    polled.sort_by_key(|(place, ..)| *place);
    let skew = polled.iter().find_map(|(_, polled, _)| polled.skew);
    let last = polled.iter().map(|(_, polled, _)| polled.received).max();
    let took = last.unwrap_or(sent).since(sent);
    let (mut queues, mut callers) = (0, 0);
    let mut bad: Vec<(Queue, Fault)> = Vec::new();
    for (_, polled, queue) in polled {
        match polled.outcome {
            Ok(Callers::List(list)) => {
                queues += 1;
                callers += list.len() as u64;
            }
            // A client that has asked once has nothing to compare with.
            Ok(Callers::Unchanged) => queues += 1,
            Err(fault) => bad.push((queue, fault)),
        }
    }
    let mut findings = Vec::new();
    if queues > 0 {
        let wait = if callers == 1 { "waits" } else { "wait" };
        findings.push(Finding::ok(
            SITE,
            format!(
                "TelecomX at {} answered in {}: {} {wait} in {}",
                client.host(),
                millis(took),
                counted(callers, "caller"),
                counted(queues, "queue")
            ),
        ));
    }
    let is_one = |(_, fault): &(Queue, Fault)| fault.what == bad[0].1.what;
    if queues == 0 && bad.iter().all(is_one) {
        findings.extend(bad.first().map(|(_, fault)| failed("", fault, how)));
    } else {
        findings.extend(bad.iter().map(|(queue, fault)| {
            let whom = format!("queue {}: ", queue.name);
            failed(&whom, fault, how)
        }));
    }
    (findings, skew)
}

/// The first page of what the console asks for at its start: all pending.
async fn ask_while1(site: &config::Site, account: &While1, how: &How) -> Told {
    let client = while1::Client::new(site, account, &how.zone, how.deadline, how.clock.clone());
    let sent = (how.clock)();
    let asked = async {
        let client = client?;
        let mut filters = Filters::default();
        // A name and a value of the table of filters.
        let _ = filters.set("status", "pending");
        let page = client.page(&client.question(&filters)?, 1).await?;
        Ok::<_, Fault>((client.host().to_owned(), page))
    };
    let (host, page) = match asked.await {
        Ok(told) => told,
        Err(fault) => return (vec![failed("", &fault, how)], None),
    };
    let took = (how.clock)().since(sent);
    let rows = page.pagination.and_then(|told| told.row_count);
    let rows = rows.unwrap_or(page.rows.len() as u64);
    let is = if rows == 1 { "is" } else { "are" };
    let found = format!(
        "While1 at {host} answered in {}: {} {is} pending",
        millis(took),
        counted(rows, "callback")
    );
    let mut findings = vec![Finding::ok(SITE, found)];
    for message in &page.messages {
        findings.push(Finding::note(
            SITE,
            format!("While1 says: \"{message}\""),
            "",
        ));
    }
    (findings, page.skew)
}

/// The events of a single second long ago, of each queue: whether the login
/// is right and the queues can be seen. Whether events may be created only
/// creating tells.
async fn ask_enswitch(site: &config::Site, account: &Enswitch, how: &How) -> Told {
    let client = enswitch::Client::new(account, how.deadline, how.clock.clone());
    let client = match client {
        Ok(client) => client,
        Err(fault) => return (vec![failed("", &fault, how)], None),
    };
    if account.queues.is_empty() {
        let found = "Enswitch was not asked: no queue is configured";
        let remedy = "list its `queues`, such as [{ id = \"123\", name = \"sales\" }]";
        return (vec![Finding::note(SITE, found, remedy)], None);
    }
    let long_ago = Window {
        from: At(1_000),
        to: At(1_000),
    };
    let sent = (how.clock)();
    let (mut findings, mut seen) = (Vec::new(), 0);
    for queue in &account.queues {
        match client.list(&queue.id, long_ago).await {
            Ok(_) => seen += 1,
            // Of this queue alone.
            Err(fault) if fault.kind == FaultKind::NotFound => {
                findings.push(failed(&format!("queue {}: ", queue.name), &fault, how));
            }
            Err(fault) => {
                findings.push(failed("", &fault, how));
                break;
            }
        }
    }
    if seen > 0 {
        let took = (how.clock)().since(sent);
        let host = client.host();
        let queues = counted(seen, "queue");
        let found = format!("Enswitch at {host} answered in {}: {queues}", millis(took));
        findings.insert(0, Finding::ok(SITE, found));
        if !site.allow.inject {
            findings.push(Finding::note(
                SITE,
                "events cannot be injected here: the configuration does not allow it",
                "set allow = [\"inject\"] for the site if they are to be",
            ));
        }
    }
    (findings, client.skew())
}

/// From how far on another clock matters: waits count from the vendor's.
const MATTERS: Duration = Duration::from_secs(2);

fn told_skew(skew: Skew) -> Finding {
    const CHECK: &str = "clock";
    let off = Duration::from_millis(skew.ms.unsigned_abs());
    if off < MATTERS || off <= skew.tolerance {
        return Finding::ok(CHECK, "its clock agrees with this machine's");
    }
    let way = if skew.ms > 0 { "ahead of" } else { "behind" };
    Finding::note(
        CHECK,
        format!("its clock is {} s {way} this machine's", off.as_secs()),
        "waits are corrected by that; let this machine's clock be set by NTP (`timedatectl`), \
         and if it is right, tell whoever runs that server",
    )
}

/// Whether credentials travel in the open; of vendors without an address
/// nothing.
fn encryption(site: &config::Site) -> Option<Finding> {
    const CHECK: &str = "encryption";
    let url = site.url()?;
    Some(if value::is_plain(url) {
        Finding::note(
            CHECK,
            "it is reached by plain http: its credentials travel unencrypted",
            "write `url` with https:// if the server can",
        )
    } else if url.starts_with("http://") {
        Finding::ok(CHECK, "plain http, which does not leave this machine")
    } else {
        Finding::ok(CHECK, "https")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::doctor::finding::State, domain::fault::FaultKind};

    fn skewed(ms: i64, tolerance: u64) -> Finding {
        told_skew(Skew {
            ms,
            tolerance: Duration::from_millis(tolerance),
        })
    }

    #[test]
    fn a_clock_matters_from_two_seconds_on_where_it_can_be_told() {
        for (ms, tolerance, state) in [
            (0, 1_500, State::Ok),
            (1_999, 1_500, State::Ok),
            (2_000, 1_500, State::Note),
            (-2_000, 1_500, State::Note),
            (2_900, 3_000, State::Ok),
            (i64::MIN, 1_500, State::Note),
        ] {
            assert_eq!(skewed(ms, tolerance).state, state, "{ms} ± {tolerance}");
        }
        assert!(skewed(61_000, 1_500).found.contains("61 s ahead of"));
        assert!(skewed(-61_000, 1_500).found.contains("61 s behind"));
    }

    #[test]
    fn a_fault_is_told_once_with_what_to_do() {
        let how = How {
            clock: Arc::new(|| At(50_000)),
            deadline: Duration::from_secs(1),
            zone: jiff::tz::TimeZone::UTC,
        };
        let until = Some(At(60_000));
        let kind = FaultKind::RateLimited { until };
        let found = failed(
            "queue a: ",
            &Fault::new(kind, "too many; really", "x"),
            &how,
        );
        assert_eq!(found.found, "queue a: too many; really");
        assert_eq!(
            found.remedy.as_deref(),
            Some("try again in 10 s (00:01:00)")
        );
        assert_eq!(found.code, 1);
        let found = failed("", &Fault::new(FaultKind::Timeout, "late", "wait"), &how);
        assert_eq!((found.remedy.as_deref(), found.code), (Some("wait"), 3));
    }
}
