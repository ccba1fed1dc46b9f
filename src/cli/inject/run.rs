//! `holdline inject run`: a scenario, from a file.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args as ClapArgs;
use tokio::{sync::watch, time::Instant};

use super::{
    super::{
        args::{Format, Global},
        confirm,
        context::Context,
        failure::{self, Failure},
        output, progress,
        who::who,
    },
    outcome::RunRecord,
};
use crate::{
    config::{Config, value},
    domain::{
        board::Board,
        id::SiteName,
        scenario::{
            Mistake, Scenario,
            check::{self, Post, Sites},
            plan::{self, Letter, Load, Plan},
        },
        time::Clock,
    },
    journal::Journal,
    runtime::{
        clock,
        scenario::{
            self, Report, Score,
            carrier::{Carrier, Hands},
            lookout::Lookout,
            nearby::{Nearby, NoCollector},
            tally::Tally,
            volley::Limits,
        },
        signals::{self, Endings},
    },
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
    let mut context = Context::new(context.global.clone());
    // The other sites are collected all the same, and a step may name them.
    let default = context.global.site.take();
    let config = Arc::new(context.config()?);
    if let Some(name) = &default {
        let mut narrowed = (*config).clone();
        let context = Context::new(Global {
            site: Some(name.clone()),
            ..context.global.clone()
        });
        context.narrow(&mut narrowed)?;
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
    let sites = check::check(&plan, &posts, default, args.rate)
        .map_err(|mistakes| wrong(&shown, &mistakes))?;
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
                writeln!(out, "{}", crate::domain::text::clean(&line))?;
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
    job.run(&context, args).await
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
    let length = std::fs::metadata(path).map_err(|e| unreadable(&value::io_reason(&e)))?;
    if length.len() > LONGEST {
        return Err(unreadable("it is longer than 1 MB"));
    }
    let bytes = std::fs::read(path).map_err(|e| unreadable(&value::io_reason(&e)))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text"))?;
    Scenario::read(&text).map_err(|mistakes| wrong(shown, &mistakes))
}

/// All mistakes of a file, a line each.
fn wrong(shown: &str, mistakes: &[Mistake]) -> Failure {
    let told = |mistake: &Mistake| format!("{shown}:{}: {}", mistake.line, mistake.what);
    let (last, others) = match mistakes.split_last() {
        Some(split) => split,
        None => return Failure::usage(format!("{shown} cannot be run; look it over")),
    };
    for mistake in others {
        failure::tell(&told(mistake));
    }
    Failure::usage(told(last))
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
fn names<'s>(plan: &Plan, sites: &'s Sites) -> Vec<&'s str> {
    let mut names: Vec<&str> = plan.sends.iter().map(|s| sites.of(s.line)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn confirmed(plan: &Plan, sites: &Sites, args: &RunArgs) -> Result<(), Failure> {
    let what = match (args.rate, args.span) {
        (Some(rate), Some(span)) => format!(
            "send {} requests, {rate} a second for {},",
            plan::count(rate, span),
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

/// A scenario that may run.
struct Job {
    name: String,
    shown: String,
    seed: u64,
    scenario: Arc<Scenario>,
    plan: Plan,
    sites: Sites,
    posts: Vec<Post>,
    config: Arc<Config>,
    clock: Clock,
}

impl Job {
    async fn run(mut self, context: &Context, args: &RunArgs) -> Result<u8, Failure> {
        let mut endings = Endings::listen().map_err(|e| Failure::signals(&e))?;
        let journal = Journal::open(&self.config.journal.path)?;
        let me = who(context.global.acts_as.as_deref());
        let (stop, stopping) = watch::channel(false);
        let going = tokio::spawn(async move {
            let signal = endings.next().await;
            let _ = stop.send(true);
            signal
        });
        let nearby = self.nearby(context, &journal).await?;
        let listens = match (&nearby, self.own_site()) {
            (Some(nearby), Some(site)) => {
                let found = nearby.listens(&site, context.deadline()).await;
                Some(found.map_err(none)?)
            }
            _ => None,
        };
        // Now is later than when it was looked over.
        let asked = Plan::new(&self.scenario, self.seed, (self.clock)());
        self.plan = match args.rate {
            None => asked,
            Some(_) => Plan {
                watches: Vec::new(),
                ..asked
            },
        };
        let record = args.rate.is_none().then(|| (journal.clone(), me.clone()));
        let hands = Hands {
            config: &self.config,
            sites: self.sites.clone(),
            posts: &self.posts,
            listens,
            deadline: context.deadline(),
            clock: self.clock.clone(),
            record,
        };
        let carrier = Carrier::new(hands, &self.plan).map_err(|fault| Failure {
            code: fault.exit_code(),
            sentence: fault.to_string(),
        })?;
        let lookout = self.lookout(&journal)?;
        let score = match (args.rate, args.span) {
            (Some(rate), Some(span)) => {
                let load = Load::new(self.scenario.clone(), self.seed, (self.clock)(), rate, span);
                Score::Load(load, plan::count(rate, span))
            }
            _ => Score::Plan(self.plan.clone()),
        };
        let intents = self.began(&journal, &me).await?;
        let report = scenario::run(
            score,
            Arc::new(carrier),
            lookout,
            Limits::new(context.deadline()),
            stopping,
            shower(),
        )
        .await?;
        if progress::is_seen() {
            progress::Line::default().clear();
        }
        self.ended(&journal, &intents, &report).await;
        let record = RunRecord::new(
            &self.name,
            &self.shown,
            self.seed,
            args.rate,
            self.plan.dropped,
            &report,
        );
        output::to_stdout(|out| match args.format {
            Format::Table => record.text(out),
            format => output::print(out, format, std::slice::from_ref(&record)),
        })?;
        let code = if report.stopped {
            signals::exit_code(going.await.unwrap_or(2))
        } else {
            self.verdict(&record, &report)
        };
        if let Some(nearby) = nearby {
            nearby.stop().await;
        }
        journal.flush().await?;
        Ok(code)
    }

    /// Says what was not as it should be; answers the exit code.
    fn verdict(&self, record: &RunRecord, report: &Report) -> u8 {
        let tally = &report.tally;
        if tally.sent > 0 && tally.answered == 0 {
            let why = tally.troubles.keys().next().map_or("", String::as_str);
            failure::tell(&format!("{}: no request was answered: {why}", self.shown));
            return 3;
        }
        if tally.never_sent() > 0 {
            failure::tell(&format!(
                "{}: {} requests were never sent: answers were too slow; lower the rate, or raise \
                 --timeout",
                self.shown,
                tally.never_sent()
            ));
            return 1;
        }
        if !record.passed {
            let wrong = record.expectations.iter().filter(|e| !e.passed).count();
            failure::tell(&format!(
                "{}: {wrong} of {} expectations did not hold; they are marked above",
                self.shown,
                record.expectations.len()
            ));
            return 1;
        }
        0
    }

    /// The first site whose webhooks go to our own receiver.
    fn own_site(&self) -> Option<SiteName> {
        let own = self.plan.sends.iter().find(|send| match &send.what {
            Letter::Webhook(webhook) => webhook.to.is_none(),
            Letter::Injection(_) => false,
        });
        own.map(|send| self.sites.of(send.line).into())
    }

    /// A collector, where one is needed: to receive, or to see the board.
    async fn nearby(
        &self,
        context: &Context,
        journal: &Journal,
    ) -> Result<Option<Nearby>, Failure> {
        if self.own_site().is_none() && self.plan.watches.is_empty() {
            return Ok(None);
        }
        let (config, clock) = (self.config.clone(), self.clock.clone());
        let nearby = Nearby::start(config, journal.clone(), clock, context.deadline());
        let nearby = nearby.await.map_err(none)?;
        if nearby.is_own() {
            failure::tell("note: no collector runs; this one collects while it does");
        }
        Ok(Some(nearby))
    }

    fn lookout(&self, journal: &Journal) -> Result<Option<Lookout>, Failure> {
        if self.plan.watches.is_empty() {
            return Ok(None);
        }
        let zone = self.config.console.time_zone.clone();
        let board = match journal.checkpoint()? {
            Some(checkpoint) => Board::from_checkpoint(zone, checkpoint),
            None => Board::new(zone),
        };
        let lookout = Lookout::new(
            journal.clone(),
            board,
            self.config.domain_sites(),
            self.sites.clone(),
            self.plan.watches.clone(),
        );
        Ok(Some(lookout?))
    }

    /// Puts on record that it runs, for each site; the places of that.
    async fn began(&self, journal: &Journal, me: &Arc<str>) -> Result<Vec<(String, u64)>, Failure> {
        let mut intents = Vec::new();
        for site in names(&self.plan, &self.sites) {
            let facts = [
                ("scenario", self.name.clone()),
                ("file", self.shown.clone()),
                ("seed", self.seed.to_string()),
            ];
            let began = scenario::began(journal, &self.clock, site, me, scenario::CALL, &facts);
            intents.push((site.to_owned(), began.await?));
        }
        Ok(intents)
    }

    async fn ended(&self, journal: &Journal, intents: &[(String, u64)], report: &Report) {
        for (site, intent) in intents {
            let (took, how) = (report.took, report.ended());
            let ended = scenario::ended(journal, &self.clock, site, *intent, took, how).await;
            if let Err(error) = ended {
                failure::tell(&format!("what came of it is not on record: {error}"));
            }
        }
    }
}

fn none(why: NoCollector) -> Failure {
    let code = match why {
        NoCollector::Journal(_) => 1,
        NoCollector::Deaf(_) => 3,
    };
    Failure {
        sentence: why.to_string(),
        code,
    }
}

/// Shows how far it is, where somebody sees it.
fn shower() -> impl FnMut(&Tally) {
    const WIDTH: u64 = 24;
    let mut line = progress::is_seen().then(progress::Line::default);
    let since = Instant::now();
    move |tally: &Tally| {
        let Some(line) = &mut line else { return };
        let done = (tally.sent * WIDTH).checked_div(tally.planned).unwrap_or(0);
        let bar: String = (0..WIDTH)
            .map(|n| if n < done { '=' } else { ' ' })
            .collect();
        let without = tally.failed + tally.unknown;
        line.say(&format!(
            "[{bar}] {} of {} sent, {} answered, {without} without answer, {:.0} s",
            tally.sent,
            tally.planned,
            tally.answered,
            since.elapsed().as_secs_f64()
        ));
    }
}
