//! `holdline hooks add`: has events pushed to us, or elsewhere. What is pushed
//! there already is left alone: the vendor would send it twice.

use std::sync::Arc;

use super::super::{
    confirm::Plan,
    context::Context,
    failure::{self, Failure},
    output::{self, Format},
    phones::{Ground, called},
};
use super::{flags::AddArgs, list, row::HookRecord, url::UNREACHABLE};
use crate::{
    config::value,
    domain::{
        extension::Extension,
        injection::Told,
        subscription::{Resubscription, Subscription, SubscriptionChange, Survey, masked, whose},
        told,
    },
    runtime::phones::{acts::Changed, change_all, survey::survey},
};

/// Runs the command.
pub async fn run(context: &Context, args: &AddArgs) -> Result<u8, Failure> {
    let ground = Ground::of(context)?;
    may(&ground)?;
    let extensions = ground.extensions(args.extension.as_deref())?;
    let (ours, to) = addressed(&ground, args)?;
    let surveys = survey(&ground.client, extensions.clone(), &ours).await;
    if let Some(failure) = list::failures(&ground, &surveys).into_iter().next() {
        // What is there is not known, so that it might be added twice.
        return Err(failure);
    }
    let changes = changes(&ground, &surveys, args, &to);
    if changes.is_empty() {
        nothing(&ground, args)?;
        return Ok(0);
    }
    let shown = shown(&extensions, &changes, args, &to);
    confirmed(&ground, args.yes, &counted(changes.len()), &shown)?;
    let desk = ground.desk(context)?;
    let done = change_all(&ground.client, &desk, changes, &to).await;
    let made = |(change, done): &(Resubscription, Changed)| {
        let made = done
            .subscription
            .clone()
            .or_else(|| assumed(change, done, &to))?;
        let extension = extensions.iter().find(|e| e.id == change.extension)?;
        let whose = whose(&made.url, &ours);
        Some(HookRecord::of(
            ground.name(),
            extension,
            &made,
            whose,
            false,
        ))
    };
    let records: Vec<HookRecord> = done.iter().filter_map(made).collect();
    output::to_stdout(|out| output::print(out, args.format, &records))?;
    Ok(tell(&ground, &done))
}

/// Our addresses, and the one that is subscribed.
fn addressed(ground: &Ground, args: &AddArgs) -> Result<(Vec<String>, String), Failure> {
    if let Some(url) = &args.url {
        let ours = ground.addresses().map_or(Vec::new(), |a| a.urls);
        return Ok((ours, url.clone()));
    }
    let addresses = ground.addresses()?;
    // A simulator on this machine does.
    if !addresses.is_reachable && !value::is_loopback(&ground.account.url) {
        failure::tell(UNREACHABLE);
    }
    let to = addresses.told().to_owned();
    Ok((addresses.urls, to))
}

/// What is to be added, extension by extension.
fn changes(ground: &Ground, surveys: &[Survey], args: &AddArgs, to: &str) -> Vec<Resubscription> {
    let mut changes = Vec::new();
    for survey in surveys {
        let events = lacking(survey, args, to).into_iter();
        changes.extend(events.map(|event| Resubscription {
            site: ground.site.name.clone(),
            extension: survey.extension.id.clone(),
            change: SubscriptionChange::Add {
                event: event.into(),
                method: args.method.word().into(),
                url: args.url.as_deref().map(Arc::from),
            },
        }));
    }
    changes
}

/// Says that there is nothing to add. A program gets its empty list, people
/// no head of a table without rows.
fn nothing(ground: &Ground, args: &AddArgs) -> Result<(), Failure> {
    if args.format != Format::Table {
        let records: [HookRecord; 0] = [];
        output::to_stdout(|out| output::print(out, args.format, &records))?;
    }
    let why = if args.missing {
        "nothing is missing, "
    } else {
        ""
    };
    failure::tell(&format!("{}: {why}nothing was sent", ground.name()));
    Ok(())
}

/// Whether the configuration allows it.
pub fn may(ground: &Ground) -> Result<(), Failure> {
    if ground.site.allow.subscribe {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "the configuration does not allow subscribing at {}; allow = [\"subscribe\"] in the \
         site's section does",
        ground.name()
    )))
}

/// Asks, or with `--yes` says what it does.
pub fn confirmed(ground: &Ground, yes: bool, what: &str, shown: &[String]) -> Result<(), Failure> {
    if yes {
        for line in shown {
            failure::tell(&format!("{}: {line}", ground.name()));
        }
        return Ok(());
    }
    let plan = Plan {
        site: ground.name(),
        production: ground.site.production,
        what,
        shown,
    };
    plan.confirm()
}

/// Says what was not done, and what is not on record; the exit code.
pub fn tell(ground: &Ground, done: &[(Resubscription, Changed)]) -> u8 {
    let failed: Vec<_> = done
        .iter()
        .filter(|(_, d)| !told::is_done(&d.told))
        .collect();
    if let Some((change, stopped)) = failed.first() {
        let whom = format!("extension {}", change.extension);
        match &stopped.told {
            Told::Failed(fault) => ground.failure(&whom, fault).tell(),
            told => failure::tell(&format!(
                "{}: {whom}: {}",
                ground.name(),
                told::sentence(told)
            )),
        }
        if failed.len() > 1 {
            let left = failed.len() - 1;
            failure::tell(&format!(
                "{}: {left} more were not asked for",
                ground.name()
            ));
        }
    }
    if let Some(why) = done.iter().find_map(|(_, d)| d.unjournaled.as_ref()) {
        failure::tell(&format!("warning: not all outcomes are on record: {why}"));
    }
    failed.first().map_or(0, |(_, d)| told::exit_code(&d.told))
}

/// The events to be added, of those asked for or all that it lacks.
fn lacking(survey: &Survey, args: &AddArgs, to: &str) -> Vec<&'static str> {
    if args.missing {
        return survey.missing();
    }
    let Ok(have) = &survey.have else {
        return Vec::new();
    };
    let there = |event: &str| {
        have.iter().any(|(s, _)| {
            &*s.event == event && s.url.trim_end_matches('/') == to.trim_end_matches('/')
        })
    };
    let mut wanted = args.event.clone();
    let mut seen = Vec::new();
    wanted.retain(|event| {
        if seen.contains(event) {
            return false;
        }
        seen.push(*event);
        let is_there = there(event);
        if is_there {
            let whom = called(&survey.extension);
            failure::tell(&format!("{whom}: {event} is pushed there already"));
        }
        !is_there
    });
    wanted
}

/// A line for each extension.
fn shown(
    extensions: &[Extension],
    changes: &[Resubscription],
    args: &AddArgs,
    to: &str,
) -> Vec<String> {
    let line = |extension: &Extension| {
        let events: Vec<&str> = changes
            .iter()
            .filter(|change| change.extension == extension.id)
            .filter_map(|change| match &change.change {
                SubscriptionChange::Add { event, .. } => Some(&**event),
                SubscriptionChange::Remove { .. } => None,
            })
            .collect();
        let (whom, method) = (called(extension), args.method.word());
        let events = (!events.is_empty()).then(|| events.join(", "))?;
        Some(format!("{whom}: {events} by {method} to {}", masked(to)))
    };
    extensions.iter().filter_map(line).collect()
}

fn counted(n: usize) -> String {
    match n {
        1 => "add 1 subscription".to_owned(),
        n => format!("add {n} subscriptions"),
    }
}

/// What was added, where the vendor answered without saying it.
fn assumed(change: &Resubscription, done: &Changed, to: &str) -> Option<Subscription> {
    let SubscriptionChange::Add { event, method, .. } = &change.change else {
        return None;
    };
    told::is_done(&done.told).then(|| Subscription {
        id: "".into(),
        event: event.clone(),
        url: to.into(),
        method: method.clone(),
    })
}
