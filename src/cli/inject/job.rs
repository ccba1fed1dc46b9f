//! A scenario that was looked over and is meant: runs it and tells what came of
//! it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{sync::watch, time::Instant};

use super::{
    super::{
        context::Context,
        failure::{self, Failure},
        output::{self, Format},
        progress,
        who::who,
    },
    outcome::RunRecord,
    run::{RunArgs, names},
};
use crate::{
    config::Config,
    domain::{
        board::Board,
        id::SiteName,
        scenario::{
            Scenario,
            check::{Post, Sites},
            load::{self, Load},
            plan::{Letter, Plan},
        },
        time::Clock,
    },
    journal::Journal,
    runtime::{
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
    vendor::hook::Reader,
};

/// A scenario that may run.
pub struct Job {
    pub name: String,
    pub shown: String,
    pub seed: u64,
    pub scenario: Arc<Scenario>,
    pub plan: Plan,
    pub sites: Sites,
    pub posts: Vec<Post>,
    pub config: Arc<Config>,
    pub clock: Clock,
}

impl Job {
    /// Runs it, and says what came of it.
    pub async fn run(mut self, context: &Context, args: &RunArgs) -> Result<u8, Failure> {
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
        let listens = self.listens(nearby.as_ref(), context).await?;
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
        let carrier = self.carrier(context, listens, record)?;
        let lookout = self.lookout(&journal)?;
        let score = self.score(args);
        let intents = self.began(&journal, &me).await?;
        let mut line = progress::is_seen().then(progress::Line::default);
        let since = Instant::now();
        let report = scenario::run(
            score,
            Arc::new(carrier),
            lookout,
            Limits::new(context.deadline()),
            stopping,
            |tally| show(&mut line, tally, since.elapsed()),
        )
        .await;
        if let Some(line) = &mut line {
            line.clear();
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
        let nearby = nearby.await.map_err(|why| none(&why))?;
        if nearby.is_own() {
            failure::tell("note: no collector runs; this one collects while it does");
        }
        Ok(Some(nearby))
    }

    /// Where it listens, if anything goes to our own receiver.
    async fn listens(
        &self,
        nearby: Option<&Nearby>,
        context: &Context,
    ) -> Result<Option<SocketAddr>, Failure> {
        let (Some(nearby), Some(site)) = (nearby, self.own_site()) else {
            return Ok(None);
        };
        let found = nearby.listens(&site, context.deadline()).await;
        found.map(Some).map_err(|why| none(&why))
    }

    /// Who sends what is to be sent.
    fn carrier(
        &self,
        context: &Context,
        listens: Option<SocketAddr>,
        record: Option<(Journal, Arc<str>)>,
    ) -> Result<Carrier, Failure> {
        let hands = Hands {
            config: &self.config,
            sites: self.sites.clone(),
            posts: &self.posts,
            listens,
            deadline: context.deadline(),
            clock: self.clock.clone(),
            record,
        };
        let whole = Plan::whole(&self.scenario, self.seed, (self.clock)());
        Carrier::new(&hands, &whole)
            .map_err(|fault| Failure::new(fault.to_string(), fault.exit_code()))
    }

    /// The plan as it stands, or at a rate over and over.
    fn score(&self, args: &RunArgs) -> Score {
        match (args.rate, args.span) {
            (Some(rate), Some(span)) => {
                let load = Load::new(self.scenario.clone(), self.seed, (self.clock)(), rate, span);
                Score::Load(load, load::count(rate, span))
            }
            _ => Score::Plan(self.plan.clone()),
        }
    }

    fn lookout(&self, journal: &Journal) -> Result<Option<Lookout>, Failure> {
        if self.plan.watches.is_empty() {
            return Ok(None);
        }
        let zone = self.config.console.time_zone.clone();
        let sites = self.config.domain_sites();
        let board = match journal.checkpoint(Reader::new(&sites).fingerprint())? {
            Some(checkpoint) => Board::from_checkpoint(zone, checkpoint),
            None => Board::new(zone),
        };
        let lookout = Lookout::new(
            journal.clone(),
            board,
            sites,
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

/// Nobody collects.
pub fn none(why: &NoCollector) -> Failure {
    let code = match why {
        NoCollector::Journal(_) => 1,
        NoCollector::Deaf(_) => 3,
    };
    Failure::new(why.to_string(), code)
}

/// Shows how far it is, where somebody sees it.
fn show(line: &mut Option<progress::Line>, tally: &Tally, since: Duration) {
    const WIDTH: u64 = 24;
    let Some(line) = line else { return };
    let done = (tally.sent * WIDTH).checked_div(tally.planned).unwrap_or(0);
    let mark = |n| if n < done { '=' } else { ' ' };
    let bar: String = (0..WIDTH).map(mark).collect();
    let without = tally.failed + tally.unknown;
    line.say(&format!(
        "[{bar}] {} of {} sent, {} answered, {without} without answer, {:.0} s",
        tally.sent,
        tally.planned,
        tally.answered,
        since.as_secs_f64()
    ));
}
