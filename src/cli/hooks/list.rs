//! `holdline hooks list`: what is subscribed, and whose it is.

use super::super::{
    context::Context,
    failure::Failure,
    output,
    phones::{Ground, called},
};
use super::{flags::ListArgs, row::HookRecord};
use crate::{
    domain::{fault::Fault, subscription::Survey},
    runtime::phones::survey::survey,
};

/// Runs the command.
pub async fn run(context: &Context, args: &ListArgs) -> Result<u8, Failure> {
    let ground = Ground::of(context)?;
    let extensions = ground.extensions(args.extension.as_deref())?;
    let surveys = survey(&ground.client, extensions, &ground.ours()).await;
    let records: Vec<HookRecord> = surveys
        .iter()
        .filter_map(|survey| Some((survey, survey.have.as_ref().ok()?)))
        .flat_map(|(survey, have)| have.iter().map(move |(s, whose)| (survey, s, *whose)))
        .map(|(survey, s, whose)| {
            HookRecord::of(
                ground.name(),
                &survey.extension,
                s,
                whose,
                args.show_secrets,
            )
        })
        .collect();
    let failures = failures(&ground, &surveys);
    // A list without rows would say that nothing is subscribed.
    if surveys.iter().any(|survey| survey.have.is_ok()) {
        output::to_stdout(|out| output::print(out, args.format, &records))?;
    }
    failures.iter().for_each(Failure::tell);
    Ok(failures.iter().map(|f| f.code).max().unwrap_or(0))
}

/// What could not be asked: said once where it is all the same.
pub fn failures(ground: &Ground, surveys: &[Survey]) -> Vec<Failure> {
    let faults: Vec<(&Survey, &Fault)> = surveys
        .iter()
        .filter_map(|survey| Some((survey, survey.have.as_ref().err()?)))
        .collect();
    let Some((_, first)) = faults.first() else {
        return Vec::new();
    };
    if faults.len() == surveys.len() && faults.iter().all(|(_, f)| f.what == first.what) {
        return vec![ground.failure("", first)];
    }
    let of = |(survey, fault): &(&Survey, &Fault)| {
        ground.failure(&format!("extension {}", called(&survey.extension)), fault)
    };
    faults.iter().map(of).collect()
}
