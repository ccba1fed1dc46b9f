//! `holdline inject run`: a scenario, from a file.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args as ClapArgs;

use super::{
    super::{
        confirm,
        context::Context,
        failure::{self, Failure},
        output::{self, Format},
    },
    job::Job,
};
use crate::{
    config::{Config, value},
    domain::{
        scenario::{
            Mistake, Scenario,
            check::{self, Post, Sites},
            load,
            plan::Plan,
        },
        text::clean,
    },
    runtime::clock,
};

/// Of `inject run`.
#[derive(Debug, ClapArgs)]
pub struct RunArgs {
    /// The scenario
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Its requests over and over, N a second; the times in the file do not count
    #[arg(long, value_name = "N", value_parser = rate, requires = "span")]
    pub rate: Option<f64>,
    /// For how long, as 10s or 2m
    #[arg(long = "for", id = "span", value_name = "TIME", value_parser = span, requires = "rate")]
    pub span: Option<Duration>,
    /// The same seed draws the same values [default: the file's, or a new one]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Look it over, print what would be sent, and send nothing
    #[arg(long)]
    pub validate: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: Option<f64> = text.trim().parse().ok();
    rate.filter(|rate| (0.01..=100_000.0).contains(rate))
        .ok_or_else(|| "give a number of requests a second, from 0.01 to 100000".to_owned())
}

fn span(text: &str) -> Result<Duration, String> {
    let span = value::duration(text).ok();
    span.filter(|span| !span.is_zero() && *span <= Duration::from_hours(24))
        .ok_or_else(|| "give a time above 0 and up to a day, as 10s or 2m".to_owned())
}

/// Runs the command.
pub async fn run(context: &Context, args: &RunArgs) -> Result<u8, Failure> {
    let mut everywhere = Context::new(context.global.clone());
    // The other sites are collected all the same, and a step may name them.
    let default = everywhere.global.site.take();
    let config = Arc::new(everywhere.config()?);
    if default.is_some() {
        // There must be one of that name.
        context.narrow(&mut (*config).clone())?;
    }
    let shown = args.file.display().to_string();
    let scenario = Arc::new(read(&args.file, &shown)?);
    let clock = clock::system();
    // Short enough to be typed again.
    let new = || u64::from(fastrand::u32(..));
    let seed = args.seed.or(scenario.seed).unwrap_or_else(new);
    let mut plan = Plan::new(&scenario, seed, clock());
    let posts = posts(&config);
    let default = default.as_deref().or(scenario.site.as_deref());
    let whole = Plan::whole(&scenario, seed, clock());
    let sites = check::check(&whole, &posts, default, args.rate)
        .map_err(|mistakes| wrong(&shown, mistakes))?;
    for note in &scenario.notes {
        failure::tell(&format!("note: {shown}:{}: {}", note.line, note.what));
    }
    if args.rate.is_some() && !plan.watches.is_empty() {
        failure::tell(&format!(
            "note: at a rate the times in the file do not count: {} expectations of the board are \
             left out",
            plan.watches.len()
        ));
        plan.watches.clear();
    }
    if args.validate {
        output::to_stdout(|out| {
            for line in lines(&plan) {
                writeln!(out, "{}", clean(&line))?;
            }
            Ok(())
        })?;
        return Ok(0);
    }
    if !args.yes {
        confirmed(&plan, &sites, args)?;
    }
    let job = Job {
        name: scenario.name.clone().unwrap_or_else(|| stem(&args.file)),
        shown,
        seed,
        scenario,
        plan,
        sites,
        posts,
        config,
        clock,
    };
    job.run(&everywhere, args).await
}

/// Reads the file.
fn read(path: &Path, shown: &str) -> Result<Scenario, Failure> {
    /// No scenario is longer.
    const LONGEST: u64 = 1 << 20;
    let unreadable = |why: &str| {
        Failure::usage(format!(
            "{shown} cannot be read: {why}; name a scenario's file"
        ))
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(|e| unreadable(&value::io_reason(&e)))?;
    if bytes.len() as u64 > LONGEST {
        return Err(unreadable("it is longer than 1 MB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text"))?;
    Scenario::read(&text).map_err(|mistakes| wrong(shown, mistakes))
}

/// All mistakes of a file.
fn wrong(shown: &str, mistakes: Vec<Mistake>) -> Failure {
    let told = |mistake: Mistake| {
        let Mistake { line, what, caret } = mistake;
        (format!("{shown}:{line}: {what}"), caret)
    };
    Failure::file(mistakes.into_iter().map(told).collect())
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// The sites as a scenario meets them.
fn posts(config: &Config) -> Vec<Post> {
    let named = config.sites.iter().zip(config.domain_sites());
    named
        .map(|(site, named)| {
            let outlet = site.outlet.clone();
            Post {
                site: named,
                allowed: site.allow.inject,
                production: site.production,
                max_rate: outlet.max_rate,
                target: site.injects(),
                reaches: Arc::new(move |to: &str| outlet.reaches(to)),
            }
        })
        .collect()
}

/// What would be done, in the order of time.
fn lines(plan: &Plan) -> Vec<String> {
    let sends = plan.sends.iter().map(|send| (send.due, send.to_string()));
    let watches = plan.watches.iter().map(|w| (w.from, w.to_string()));
    let mut lines: Vec<_> = sends.chain(watches).collect();
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The sites that are sent to, each once.
pub(super) fn names<'s>(plan: &Plan, sites: &'s Sites) -> Vec<&'s str> {
    let mut names: Vec<&str> = plan.sends.iter().map(|s| sites.of(s.line)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn confirmed(plan: &Plan, sites: &Sites, args: &RunArgs) -> Result<(), Failure> {
    let what = match (args.rate, args.span) {
        (Some(rate), Some(span)) => format!(
            "send {} requests, {rate} a second for {},",
            load::count(rate, span),
            value::spell(span)
        ),
        _ => format!(
            "send {} requests within {:.1} s",
            plan.sends.len(),
            plan.lasts().as_secs_f64()
        ),
    };
    let confirm = confirm::Plan {
        site: &names(plan, sites).join(", "),
        production: false,
        what: &what,
        shown: &[],
    };
    confirm.confirm()
}
