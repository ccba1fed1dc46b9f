//! `holdline hooks check`: what is missing, what the account allows, and
//! whether what is sent to our address arrives in the journal.

use super::super::{
    context::Context,
    doctor::{
        finding::{self, Finding},
        print,
    },
    failure::Failure,
    phones::Ground,
    progress, recorded,
};
use super::{
    flags::CheckArgs,
    found::{self, About},
    url,
};
use crate::{
    config::{Account, Config, Site},
    domain::fault::Fault,
    runtime::{
        clock,
        phones::{budget_words, survey::survey, trial},
    },
};

/// Runs the command.
pub async fn run(context: &Context, args: &CheckArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let site = url::pushed(context, &config)?;
    let mut line = progress::Line::default();
    let say = |line: &mut progress::Line, what: &str| {
        if progress::is_seen() {
            line.say(what);
        }
    };
    let mut findings = Vec::new();
    // Others have no subscriptions: their address is pasted into a page.
    if matches!(site.account, Account::Telphin(_)) {
        say(&mut line, "asking what is subscribed");
        findings
            .extend(subscribed(&Ground::at(context, config.clone(), site.name.as_str())?).await?);
    }
    say(&mut line, "sending a test");
    findings.push(delivered(context, &config, site).await?);
    line.clear();
    let findings: Vec<Finding> = findings
        .into_iter()
        .map(|finding| finding.of(site.name.to_string()))
        .collect();
    print::findings(&findings, args.format)?;
    Ok(finding::exit_code(&findings))
}

async fn subscribed(ground: &Ground) -> Result<Vec<Finding>, Failure> {
    let extensions = ground.extensions(None)?;
    let surveys = survey(&ground.client, extensions, &ground.ours()).await;
    let about = About {
        site: ground.name(),
        may_subscribe: ground.site.allow.subscribe,
    };
    let mut findings = found::of(&surveys, &about, |fault| ground.clause(fault));
    if surveys.iter().all(|survey| survey.have.is_err()) {
        return Ok(findings);
    }
    findings.push(limits(ground.client.limits().await));
    if let Some(budget) = ground.client.budget() {
        let words = budget_words(&budget, &ground.config.console.time_zone);
        findings.push(Finding::ok("requests", words));
    }
    Ok(findings)
}

/// What the account allows, where the vendor tells; never a reason to refuse
/// anything.
fn limits(told: Result<Vec<(String, String)>, Fault>) -> Finding {
    const CHECK: &str = "limits";
    match told {
        Ok(limits) if !limits.is_empty() => {
            let limits: Vec<String> = limits.iter().map(|(n, v)| format!("{n} {v}")).collect();
            Finding::ok(CHECK, limits.join(", "))
        }
        Ok(_) => Finding::ok(CHECK, "—"),
        Err(fault) => Finding::ok(CHECK, format!("— ({})", fault.what)),
    }
}

/// Whether a test arrives.
async fn delivered(context: &Context, config: &Config, site: &Site) -> Result<Finding, Failure> {
    const CHECK: &str = "delivery";
    let Some(journal) = recorded::open(config)? else {
        let remedy = "start `holdline collect`, or open the console: then it can be tried";
        return Ok(Finding::wrong(
            CHECK,
            "nobody has listened for webhooks yet",
            remedy,
            1,
        ));
    };
    let (clock, patience) = (clock::system(), context.deadline());
    Ok(
        match trial::send(config, site, &journal, &clock, patience).await {
            Ok(took) => {
                let found = format!("a test to our address arrived in {} ms", took.as_millis());
                Finding::ok(CHECK, found)
            }
            Err(fault) => Finding::wrong(CHECK, &fault.what, &fault.remedy, fault.exit_code()),
        },
    )
}
