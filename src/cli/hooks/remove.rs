//! `holdline hooks remove`: ends subscriptions. Somebody else's must be named
//! as such: whoever relies on them would not know.

use std::collections::BTreeSet;

use super::super::{
    context::Context,
    failure::Failure,
    output,
    phones::{Ground, called},
};
use super::{add, flags::RemoveArgs, list, row::HookRecord};
use crate::{
    domain::{
        subscription::{Resubscription, Subscription, SubscriptionChange, Survey, Whose, masked},
        told,
    },
    runtime::phones::{change_all, survey::survey},
};

/// Runs the command.
pub async fn run(context: &Context, args: &RemoveArgs) -> Result<u8, Failure> {
    let ground = Ground::of(context)?;
    add::may(&ground)?;
    let extensions = ground.extensions(Some(&args.extension))?;
    let surveys = survey(&ground.client, extensions, &ground.ours()).await;
    if let Some(failure) = list::failures(&ground, &surveys).into_iter().next() {
        return Err(failure);
    }
    let meant = meant(&ground, &surveys, args)?;
    let shown: Vec<String> = meant
        .iter()
        .map(|(survey, s, whose)| {
            let whom = called(&survey.extension);
            let (id, event, to) = (&s.id, &s.event, masked(&s.url));
            format!("{whom}: {id}, {event} to {to}, {}", whose.words())
        })
        .collect();
    let what = match meant.len() {
        1 => "remove 1 subscription".to_owned(),
        n => format!("remove {n} subscriptions"),
    };
    add::confirmed(&ground, args.yes, &what, &shown)?;
    let desk = ground.desk(context)?;
    let change = |(survey, s, _): &(&Survey, &Subscription, Whose)| Resubscription {
        site: ground.site.name.clone(),
        extension: survey.extension.id.clone(),
        change: SubscriptionChange::Remove { id: s.id.clone() },
    };
    let done = change_all(
        &ground.client,
        &desk,
        meant.iter().map(change).collect(),
        "",
    )
    .await;
    let removed = meant
        .iter()
        .zip(&done)
        .filter(|(_, (_, d))| told::is_done(&d.told));
    let records: Vec<HookRecord> = removed
        .map(|((survey, s, whose), _)| {
            HookRecord::of(ground.name(), &survey.extension, s, *whose, false)
        })
        .collect();
    output::to_stdout(|out| output::print(out, args.format, &records))?;
    Ok(add::tell(&ground, &done))
}

/// The subscriptions that are meant, each once: all of them, or none.
fn meant<'s>(
    ground: &Ground,
    surveys: &'s [Survey],
    args: &RemoveArgs,
) -> Result<Vec<(&'s Survey, &'s Subscription, Whose)>, Failure> {
    let there = surveys
        .iter()
        .filter_map(|s| Some((s, s.have.as_ref().ok()?)));
    let there: Vec<_> = there
        .flat_map(|(survey, have)| have.iter().map(move |(s, whose)| (survey, s, *whose)))
        .collect();
    let ids: BTreeSet<&str> = args.id.iter().map(|id| id.trim()).collect();
    let mut meant = Vec::new();
    for id in ids {
        let Some(found) = there.iter().find(|(_, s, _)| &*s.id == id) else {
            return Err(Failure::here(format!(
                "{}: extension {} has no subscription {id}, nothing was sent; `holdline hooks \
                 list` shows what there is",
                ground.name(),
                args.extension
            )));
        };
        if found.2 == Whose::Others && !args.others {
            return Err(Failure::usage(format!(
                "{}: subscription {id} is somebody else's: {} to {}; --others removes it all the \
                 same, and whoever relies on it hears no more",
                ground.name(),
                found.1.event,
                masked(&found.1.url)
            )));
        }
        meant.push(*found);
    }
    Ok(meant)
}
