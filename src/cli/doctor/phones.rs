//! Whether a site of phones (Telphin) answers us: a login, what is subscribed
//! of each extension, and how many requests are left.

use std::sync::Arc;

use super::{
    super::{
        failure::Failure,
        hooks::found::{self, About},
    },
    asked::{How, SITE, Told, counted, failed, millis},
    finding::Finding,
};
use crate::{
    config::{Config, Site, Telphin},
    domain::{
        fault::Fault,
        feed::{FeedHealth, FeedId},
        subscription::Survey,
        time::At,
    },
    runtime::phones::{addresses::Addresses, budget_words, survey::survey},
    vendor::telphin::Client,
};

/// The addresses of our receiver for a site, as far as they can be known.
pub fn ours(config: &Config, site: &Site, feeds: &[(FeedId, FeedHealth)], now: At) -> Vec<String> {
    let addresses = Addresses::of(config, site, feeds, now);
    addresses.map_or(Vec::new(), |addresses| addresses.urls)
}

/// Asks `GET /extension/{id}/event/` of each extension.
pub async fn ask(site: &Site, account: &Telphin, ours: &[String], how: &How) -> Told {
    let client = Client::new(account, how.deadline, how.clock.clone());
    let client = match client {
        Ok(client) => Arc::new(client),
        Err(fault) => return (vec![failed("", &fault, how)], None),
    };
    if account.extensions.is_empty() {
        return (vec![listed(&client, how).await], client.skew());
    }
    let sent = (how.clock)();
    let surveys = survey(&client, account.extensions.clone(), ours).await;
    let took = (how.clock)().since(sent);
    let good = surveys.iter().filter(|survey| survey.have.is_ok()).count() as u64;
    let mut findings = Vec::new();
    if good > 0 {
        let found = format!(
            "Telphin at {} answered in {}: {}",
            client.host(),
            millis(took),
            counted(good, "extension")
        );
        findings.push(Finding::ok(SITE, found));
    }
    findings.extend(subscribed(site, &surveys, how));
    findings.extend(requests(&client, how));
    (findings, client.skew())
}

/// Without a list of extensions, whether the login is right at least.
async fn listed(client: &Client, how: &How) -> Finding {
    let sent = (how.clock)();
    match client.extensions().await {
        Ok(all) => Finding::note(
            SITE,
            format!(
                "Telphin at {} answered in {}: it has {}, and none of them is configured",
                client.host(),
                millis((how.clock)().since(sent)),
                counted(all.len() as u64, "extension")
            ),
            "list those to be shown as `extensions`, such as { 175 = { name = \"Anna\" } }",
        ),
        Err(fault) => failed("", &fault, how),
    }
}

fn subscribed(site: &Site, surveys: &[Survey], how: &How) -> Vec<Finding> {
    const CHECK: &str = "subscriptions";
    let words = |fault: &Fault| Failure::clause(fault, (how.clock)(), &how.zone);
    let about = About {
        site: site.name.as_str(),
        may_subscribe: site.allow.subscribe,
    };
    let can_be_heard = site.hook().is_some();
    let mut findings = if can_be_heard || surveys.iter().all(|s| s.have.is_err()) {
        found::of(surveys, &about, words)
    } else {
        vec![Finding::note(
            CHECK,
            "nothing is pushed to us: the site has no hook",
            "set `hook = { secret = … }` if calls are to be shown",
        )]
    };
    if can_be_heard && findings.iter().all(|finding| finding.code == 0) {
        let name = &site.name;
        findings.push(Finding::ok(
            "delivery",
            format!("not tried here: `holdline hooks check --site {name}` sends itself a test"),
        ));
    }
    findings
}

/// How many requests the account has left, where the vendor told.
fn requests(client: &Client, how: &How) -> Option<Finding> {
    const CHECK: &str = "requests";
    let budget = client.budget()?;
    let words = budget_words(&budget, &how.zone);
    // All users and applications of an account share them.
    let is_short = budget
        .limit
        .is_some_and(|limit| budget.remaining < limit / 10);
    Some(if is_short {
        let remedy = "all users and applications of the account share them: ask less often";
        Finding::note(CHECK, words, remedy)
    } else {
        Finding::ok(CHECK, words)
    })
}
