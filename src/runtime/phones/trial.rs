//! Sends itself a test: one event from this machine to the address that a
//! vendor is told, by way of whatever stands before the receiver. It has
//! arrived when the journal has it. It tells of nothing, and counts nowhere.

use std::time::{Duration, Instant};

use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;

use super::addresses::{self, Addresses};
use crate::{
    config::{Config, Site},
    domain::{
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        hook::CHECK,
        id::SiteName,
        time::Clock,
    },
    journal::{Journal, JournalError, Tail},
    vendor::http::Http,
};

/// What may stand between a vendor and the receiver.
const LOOK: &str = "check `public_url` under [receiver], and the proxy or firewall that stands \
                    before the receiver";
/// Where nothing listens, nothing can arrive.
const START: &str = "start `holdline collect`, or open the console: nobody listens for webhooks";

/// Sends a test to a site's address, and waits for it to come out of the
/// journal, for `patience` in all; answers how long that took.
///
/// # Errors
/// It did not arrive: how far it came, and what to do.
pub async fn send(
    config: &Config,
    site: &Site,
    journal: &Journal,
    clock: &Clock,
    patience: Duration,
) -> Result<Duration, Fault> {
    let unread = |error: JournalError| Fault::new(FaultKind::Unstored, error.to_string(), "");
    let known = journal.aside(|journal| Ok((journal.feeds()?, journal.last_seq()?)));
    let (feeds, last) = known.await.map_err(unread)?;
    let now = clock();
    let is_heard = addresses::heard_of(site, &feeds, now).is_some();
    let invalid = |why| {
        Fault::new(
            FaultKind::Invalid {
                field: "hook".into(),
            },
            why,
            "",
        )
    };
    let to = Addresses::of(config, site, &feeds, now).map_err(invalid)?;
    let tail = journal.tail(last);
    let nonce = format!("{:016x}", fastrand::u64(..));
    let begun = Instant::now();
    let status = knock(to.told(), &nonce, clock, patience).await?;
    if !(200..=299).contains(&status) {
        return Err(turned_away(status, is_heard));
    }
    let left = patience.saturating_sub(begun.elapsed());
    match timeout(left, arrives(tail, &site.name, &nonce)).await {
        Ok(Ok(())) => Ok(begun.elapsed()),
        Ok(Err(error)) => Err(unread(error)),
        Err(_) => Err(Fault::new(
            FaultKind::Timeout,
            format!(
                "the test was answered {status}, but is not in this journal after {} s: somebody \
                 else answers at that address",
                patience.as_secs()
            ),
            format!("{LOOK}; they must lead to the receiver that writes this journal"),
        )),
    }
}

/// Sends it, as any vendor of ours would name its event; answers the status.
async fn knock(to: &str, nonce: &str, clock: &Clock, patience: Duration) -> Result<u16, Fault> {
    let http = Http::new(to, patience, clock.clone())?;
    let request = http
        .post(&[])?
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!("EventType={CHECK}&event={CHECK}&nonce={nonce}"));
    match http.send("a test", request).await {
        Ok(answer) => Ok(answer.status),
        Err(fault) => Err(Fault::new(
            fault.kind,
            format!("the test did not arrive: {}", fault.what),
            format!("{LOOK}; `holdline collect` or a console must run"),
        )),
    }
}

/// Waits until the journal has it.
async fn arrives(mut tail: Tail, site: &SiteName, nonce: &str) -> Result<(), JournalError> {
    loop {
        if tail
            .next()
            .await?
            .iter()
            .any(|entry| is_it(entry, site, nonce))
        {
            return Ok(());
        }
    }
}

fn is_it(entry: &Entry, site: &SiteName, nonce: &str) -> bool {
    match &entry.what {
        What::Hook(hook) => {
            entry.site == *site && &*hook.event == CHECK && hook.body.as_str().contains(nonce)
        }
        _ => false,
    }
}

/// Why something answered, and did not take it.
fn turned_away(status: u16, is_heard: bool) -> Fault {
    let (kind, why, remedy) = match status {
        _ if !is_heard => (FaultKind::Deaf, "no receiver of this journal runs", START),
        403 => (
            FaultKind::Forbidden,
            "it came as far as a door that this machine may not pass",
            "if `allow_from` lists the vendor's addresses alone, that is right, and only the \
             vendor's events can show that they arrive; else look at the proxy before the receiver",
        ),
        404 => (
            FaultKind::NotFound,
            "what answers there knows no such address",
            "the proxy must pass /hooks/… on as it is, to the receiver of this configuration; \
             check `public_url`, and restart a collector that was started before the last change",
        ),
        300..=399 => (
            FaultKind::Redirected,
            "it was sent on elsewhere",
            "write `public_url` as it is in the end: vendors need not follow",
        ),
        503 => (
            FaultKind::Unstored,
            "it could not be stored",
            "look into the log of the collector, and at the disk that the journal lies on",
        ),
        502 | 504 => (
            FaultKind::Unreachable,
            "a proxy answers, and does not reach the receiver",
            "check where the proxy sends /hooks/… to: `listen` under [receiver]",
        ),
        _ => (FaultKind::Malformed, "that is not our receiver", LOOK),
    };
    Fault::new(
        kind,
        format!("the test was answered {status}: {why}"),
        remedy,
    )
}
