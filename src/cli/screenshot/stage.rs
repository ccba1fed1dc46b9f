//! The demo's parts, stopped at an instant. All of them are the real ones
//! (simulator, HTTP both ways, clients, journal, state, drawing) but for this:
//! time moves when told to, and one thing ends before the next begins.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::civil::time;
use ratatui::{
    Terminal, backend::TestBackend, buffer::Buffer, crossterm::event::KeyEvent, layout::Size,
};
use tempfile::TempDir;
use tokio::{sync::mpsc, time::timeout};

use crate::{
    app::{
        Answer, Command, Msg, State,
        callbacks::list::{ListNews, Progress},
        state::Look,
        update,
    },
    cli::{failure::Failure, pushing, throwaway},
    collector::{self, Collector, receiver::Receiver},
    config::{self, Config},
    domain::{
        entry::{NewEntry, What},
        feed::{FeedHealth, FeedId},
        preset,
        time::{At, Clock},
    },
    journal::Journal,
    runtime::{
        lists::Lists,
        receive::{Place, Receiving},
        say,
    },
    sim::{self, Sim, while1::TIME_ZONE},
    ui,
    vendor::hook::Reader,
};

/// When the day is first looked at: Monday, 2 March 2026, 9:32 in the zone
/// of the simulated PBX, as in the world itself.
pub const BEGIN: At = At(1_772_440_320_000);
/// How often the configuration wants the queues to be asked.
const POLL: Duration = Duration::from_secs(2);
/// How long an answer may take; it comes from this machine.
const DEADLINE: Duration = Duration::from_secs(10);
/// Entries read from the journal at once: more than a step can make.
const CHUNK: usize = 5_000;
/// The rate of what is pushed is that of so long.
const MINUTE: Duration = Duration::from_mins(1);

/// What is to be seen.
pub struct Scene<'a> {
    /// Another seed is another day.
    pub seed: u64,
    /// The frame's size.
    pub size: Size,
    /// Keys pressed at the end.
    pub keys: &'a [KeyEvent],
    /// How it is drawn.
    pub look: Look,
    /// Whether the console may change anything.
    pub read_only: bool,
    /// Who presses the keys.
    pub me: &'a str,
}

/// The demo at an instant.
pub struct Stage {
    reader: Reader,
    state: State,
    collector: Collector,
    receiving: Option<Receiving>,
    /// How many events of each feed there were in all, at each look of the
    /// last minute.
    heard: BTreeMap<FeedId, VecDeque<(At, u64)>>,
    journal: Journal,
    lists: Lists,
    told: mpsc::Receiver<ListNews>,
    time: Arc<AtomicI64>,
    clock: Clock,
    sim: Sim,
    /// Goes last.
    _folder: TempDir,
}

impl Stage {
    /// Everything in its place, at [`BEGIN`].
    pub async fn set(scene: &Scene<'_>) -> Result<Self, Failure> {
        let folder = throwaway::folder("screenshot")?;
        let time_now = Arc::new(AtomicI64::new(BEGIN.0));
        let shown = Arc::clone(&time_now);
        let clock: Clock = Arc::new(move || At(shown.load(Ordering::SeqCst)));
        let push = pushing::to_free_port()?;
        let options = sim::Options {
            seed: scene.seed,
            opens_at: Some(time(9, 32, 0, 0)),
            push: Some(push),
            phones: sim::telphin::Setup::telling(push.to, scene.me),
            ..sim::Options::new(Arc::clone(&clock))
        };
        let sim = sim::start(options)
            .await
            .map_err(|e| Failure::usage(e.to_string()))?;
        // The zone is the one thing that the system would decide.
        let text = format!(
            "[console]\ntime_zone = \"{TIME_ZONE}\"\n\n{}",
            sim.config_toml(&folder.path().join("journal"), POLL)
        );
        let config = Config::parse(&text, folder.path(), &|_| None)?;
        let journal = Journal::open(&config.journal.path)?;
        let sites = config.domain_sites();
        let reader = Reader::new(&sites);
        let board = collector::board(&journal, config.console.time_zone.clone(), &reader)?;
        let mut state = State::new(sites, board, BEGIN, scene.size);
        state.look = scene.look;
        state.read_only = scene.read_only;
        state.me = scene.me.into();
        let targets = config.sites.iter().filter_map(config::Site::injects);
        state.inject.aim(targets.collect(), say::speakers(&config));
        state.inject.presets = preset::shipped();
        state.dialling = config
            .sites
            .iter()
            .filter_map(config::Site::dials)
            .collect();
        update(&mut state, Msg::Answer(Answer::Collecting(true)));
        let receiving = match Receiver::open(&config, journal.clone(), Arc::clone(&clock))? {
            Some(receiver) => Some(Receiving::begin(receiver, Place::of(&config)).await),
            None => None,
        };
        let (tell, told) = mpsc::channel(1);
        Ok(Self {
            reader,
            state,
            collector: Collector::open(&config, journal.clone(), DEADLINE, &clock).await?,
            receiving,
            heard: BTreeMap::new(),
            lists: Lists::new(&config, DEADLINE, &clock, tell),
            journal,
            told,
            time: time_now,
            clock,
            sim,
            _folder: folder,
        })
    }

    /// The console.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// It is this late, and nothing else is new.
    pub async fn tick(&mut self, now: At) -> Result<(), Failure> {
        self.time.store(now.0, Ordering::SeqCst);
        self.fold(Msg::Clock(now)).await
    }

    /// What the collector's task and the vendors do, in order: what was to be
    /// pushed by now is, then the queues are asked, and the console hears of
    /// all of it.
    pub async fn look_at_all(&mut self, now: At) -> Result<(), Failure> {
        self.time.store(now.0, Ordering::SeqCst);
        self.take_what_is_pushed(now).await?;
        for feed in self.collector.feeds() {
            if let Some(question) = self.collector.question(&feed, &self.clock) {
                let told = question.ask().await;
                self.collector.hear(told, 0.0).await?;
            }
        }
        let mut health = self.collector.health();
        health.extend(self.pushed(now).await);
        let mut faults = health.iter().filter_map(|(_, h)| h.trouble.as_ref());
        if let Some(trouble) = faults.next() {
            return Err(no_answer(&trouble.fault.what));
        }
        self.hear_journal().await?;
        self.fold(Msg::Feeds(health)).await?;
        self.fold(Msg::Clock(now)).await
    }

    async fn take_what_is_pushed(&mut self, now: At) -> Result<(), Failure> {
        self.sim.hurry();
        for mut pushes in [self.sim.pushes(), self.sim.phone_pushes()] {
            let settled = timeout(DEADLINE, pushes.wait_for(|p| p.is_settled(now))).await;
            match settled {
                Ok(Ok(pushes)) if pushes.accepted == pushes.made => {}
                _ => return Err(no_answer("not all of its webhooks arrived")),
            }
        }
        Ok(())
    }

    /// The health of what is pushed, without what this machine decides: the
    /// port, and how long a minute takes here.
    async fn pushed(&mut self, now: At) -> Vec<(FeedId, FeedHealth)> {
        let Some(receiving) = &self.receiving else {
            return Vec::new();
        };
        receiving.receiver().tick().await;
        let mut health = receiving.receiver().health();
        for (feed, health) in &mut health {
            let Some(heard) = &mut health.heard else {
                continue;
            };
            let looks = self.heard.entry(feed.clone()).or_default();
            looks.push_back((now, heard.accepted));
            looks.retain(|(at, _)| now.since(*at) <= MINUTE);
            let before = looks.front().map_or(0, |(_, accepted)| *accepted);
            heard.per_minute = u32::try_from(heard.accepted - before).unwrap_or(u32::MAX);
            heard.listens = "127.0.0.1:8642".parse().ok();
        }
        health
    }

    /// What the journal has that the console does not know.
    pub async fn hear_journal(&mut self) -> Result<(), Failure> {
        let mut entries = self.journal.read(self.state.board.upto(), CHUNK)?;
        if entries.is_empty() {
            return Ok(());
        }
        self.reader.read_all(&mut entries);
        self.fold(Msg::Entries(entries)).await
    }

    /// Folds a message in and does what the console asks for, as far as it
    /// stays in the demo: no file is written, nothing is copied.
    pub async fn fold(&mut self, msg: Msg) -> Result<(), Failure> {
        let mut coming = VecDeque::from([msg]);
        while let Some(msg) = coming.pop_front() {
            for command in update(&mut self.state, msg) {
                match command {
                    Command::Quit => {
                        return Err(Failure::usage(
                            "these --keys leave the console, so there is nothing to draw; leave \
                             the last of them out",
                        ));
                    }
                    Command::List {
                        site,
                        filters,
                        generation,
                    } => {
                        self.lists.read(site, filters, generation);
                        coming.extend(self.whole_list().await?);
                    }
                    Command::Act(act) => {
                        let entry = NewEntry {
                            at: (self.clock)(),
                            site: act.subject.site.clone(),
                            dedupe: None,
                            what: What::Act(act),
                        };
                        self.journal.append(vec![entry]).await?;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// All that is told of a list that is being read.
    async fn whole_list(&mut self) -> Result<Vec<Msg>, Failure> {
        let mut heard = Vec::new();
        loop {
            let Ok(Some(news)) = timeout(DEADLINE, self.told.recv()).await else {
                return Err(no_answer("a list did not come to its end"));
            };
            let over = match &news.what {
                Progress::Failed(fault) => return Err(no_answer(&fault.what)),
                Progress::Done { .. } | Progress::Whole { .. } => true,
                Progress::Page { .. } => false,
            };
            heard.push(Msg::List(news));
            if over {
                return Ok(heard);
            }
        }
    }

    /// The frame as it is now.
    pub fn draw(&self) -> Buffer {
        let size = self.state.size;
        // A terminal that is memory alone takes everything.
        let Ok(mut terminal) = Terminal::new(TestBackend::new(size.width, size.height));
        let Ok(drawn) = terminal.draw(|frame| ui::draw(&self.state, frame));
        drawn.buffer.clone()
    }

    /// Ends everything.
    pub async fn strike(self) {
        self.sim.stop().await;
        if let Some(receiving) = self.receiving {
            receiving.stop().await;
        }
    }
}

/// A picture of a demo that failed would be another one each time.
fn no_answer(what: &str) -> Failure {
    Failure::here(format!(
        "the simulated call center did not answer as it should: {what}; try again"
    ))
}
