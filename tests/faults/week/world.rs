//! The vendors, the program's process beside them, who looks on, and a second
//! fold of the journal that no restart interrupts.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use holdline::{
    collector,
    config::Config,
    domain::{
        board::{Board, Checkpoint},
        entry::Seq,
        id::SiteName,
        site::Vendor,
        time::{At, Clock},
    },
    emit::Shape,
    journal::Journal,
    sim::{self, Options, Receipt, Sim, contaqt::Push, telphin::Setup},
    vendor::hook::Reader,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{sync::mpsc, time::timeout};

use super::{
    compare::{self, Acts, Truth},
    ledger::Ledger,
    process::Process,
};
use crate::program::PATIENCE;

/// A call of which nothing more is heard is given up after a day; a clock that
/// was set forward for a while may lengthen that by as much.
const GHOSTS_MOST: i64 = 26 * 3_600_000;

/// What is wrong on purpose, for a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plant {
    /// Nothing.
    #[default]
    Nothing,
    /// The second fold skips one entry in so many.
    Skips(u64),
    /// The program never gives back what it read.
    Leaks,
}

pub struct World {
    pub sim: Sim,
    hands: Arc<AtomicI64>,
    /// How long the world has been going on, ms.
    passed: i64,
    /// By how much the machine's clock is wrong, ms.
    pub wrong_by: i64,
    /// None while it is down.
    pub program: Option<Process>,
    pub watcher: Process,
    journal: Journal,
    config: Config,
    reader: Reader,
    sites: BTreeMap<SiteName, Vendor>,
    receipts: mpsc::UnboundedReceiver<Receipt>,
    pub ledger: Ledger,
    pub acts: Acts,
    /// The second fold, which knows no checkpoint.
    beside: Board,
    /// The last entry that was read.
    upto: Seq,
    pub random: fastrand::Rng,
    plant: Plant,
    folder: TempDir,
}

impl World {
    pub async fn open(seed: u64, plant: Plant) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hands = Arc::new(AtomicI64::new(At::parse("2026-11-21T10:20:00Z").unwrap().0));
        let now = Arc::clone(&hands);
        let clock: Clock = Arc::new(move || At(now.load(Ordering::SeqCst)));
        let address = sim::free_address().unwrap();
        let (say, receipts) = mpsc::unbounded_channel();
        let options = Options {
            seed,
            push: Some(Push {
                shape: Shape::Json,
                ..Push::new(address)
            }),
            phones: Setup::telling(address, "anna"),
            receipts: Some(say),
            ..Options::new(clock)
        };
        let sim = sim::start(options).await.unwrap();
        let text = sim.config_toml(&folder.path().join("journal"), Duration::from_secs(20));
        let text = text.replace("[journal]\n", "[journal]\nretain = \"1d\"\n");
        fs::write(folder.path().join("config.toml"), &text).unwrap();
        let config = Config::parse(&text, folder.path(), &|_| None).unwrap();
        let begin = format!("begin {}", hands.load(Ordering::SeqCst));
        let planted = (plant == Plant::Leaks).then_some("leak");
        let mut program = Process::start(folder.path(), false, planted);
        program.tell(&begin);
        let mut watcher = Process::start(folder.path(), true, planted);
        watcher.tell(&begin);
        let sites = config.domain_sites();
        let mut world = Self {
            journal: Journal::open_read_only(&config.journal.path).unwrap(),
            reader: Reader::new(&config.all_sites()),
            sites: sites.into_iter().map(|s| (s.name, s.vendor)).collect(),
            beside: Board::new(config.console.time_zone.clone()),
            random: fastrand::Rng::with_seed(seed),
            ledger: Ledger::default(),
            acts: Acts::default(),
            program: Some(program),
            passed: 0,
            upto: 0,
            wrong_by: 0,
            sim,
            hands,
            watcher,
            config,
            receipts,
            plant,
            folder,
        };
        world.pass(1_000).await;
        world
    }

    /// What time it truly is.
    pub fn now(&self) -> At {
        At(self.hands.load(Ordering::SeqCst))
    }

    /// Lets time pass, until all that happened was told and asked.
    pub async fn pass(&mut self, ms: i64) {
        let now = At(self.now().0 + ms);
        self.passed += ms;
        let clock = format!("clock {}", now.0 + self.wrong_by);
        if let Some(program) = &mut self.program {
            program.tell(&clock);
        }
        self.hands.store(now.0, Ordering::SeqCst);
        self.sim.hurry();
        for mut pushes in [self.sim.pushes(), self.sim.phone_pushes()] {
            let settled = pushes.wait_for(|pushes| pushes.is_settled(now));
            timeout(PATIENCE, settled).await.unwrap().unwrap();
        }
        let turn = format!("turn {}", self.passed);
        if let Some(program) = &mut self.program {
            program.tell(&turn);
        }
        self.watcher.tell(&clock);
        self.watcher.tell(&turn);
        while let Ok(receipt) = self.receipts.try_recv() {
            self.ledger.acknowledged(&receipt);
        }
        self.fold();
    }

    /// Tells the program something; where it is down, nothing.
    pub fn tell(&mut self, line: &str) {
        if let Some(program) = &mut self.program {
            program.tell(line);
        }
    }

    /// Starts the program on what it left.
    pub fn starts(&mut self) {
        let mut program = Process::start(self.folder.path(), false, None);
        program.tell(&format!("begin {}", self.now().0 + self.wrong_by));
        self.program = Some(program);
    }

    /// Takes into the second fold what came since.
    fn fold(&mut self) {
        loop {
            let mut entries = self.journal.read(self.upto, 500).unwrap();
            let Some(last) = entries.last() else {
                return;
            };
            self.upto = last.seq;
            self.reader.read_all(&mut entries);
            for entry in &entries {
                self.ledger.stored(entry);
                self.acts.apply(entry);
                let skips = matches!(self.plant, Plant::Skips(n) if entry.seq % n == 0);
                if !skips {
                    self.beside.apply(entry);
                }
            }
        }
    }

    /// Where the journal is.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// How many entries there were.
    pub fn entries(&self) -> u64 {
        self.upto
    }

    pub fn on_disk(&self) -> u64 {
        let file = |name: &str| fs::metadata(self.folder().join(name)).map_or(0, |f| f.len());
        file("journal.db") + file("journal.db-wal")
    }

    /// What is wrong, when vendors and program have had their calm: with the
    /// boards, with what was acknowledged, with what was asked. Calls of which
    /// some event was lost on the way are forgiven that, if anything is.
    pub async fn wrong(&mut self, forgiven: bool) -> Vec<String> {
        let truth = Truth::of(&self.sim).await;
        let zone = self.config.console.time_zone.clone();
        let fresh = collector::board(&self.journal, zone.clone(), &self.reader).unwrap();
        let shown = |process: &mut Process| -> Board {
            let told: Checkpoint = serde_json::from_value(process.tell("board")).unwrap();
            Board::from_checkpoint(zone.clone(), told)
        };
        let boards = [
            ("a fresh fold", fresh),
            ("the console", shown(self.program.as_mut().unwrap())),
            ("who looks on", shown(&mut self.watcher)),
        ];
        let mut wrong = self.ledger.settle();
        let json = |board: &Board| serde_json::to_value(board.checkpoint()).unwrap();
        for (whose, board) in &boards {
            if *board != self.beside {
                let place = compare::differs(&json(board), &json(&self.beside), "");
                wrong.push(format!(
                    "{whose} and a fold of all entries differ: {place:?}"
                ));
            }
        }
        let old = self.now().shift(-GHOSTS_MOST);
        wrong.extend(compare::wrong(
            &boards[0].1,
            &truth,
            &self.sites,
            old,
            forgiven,
        ));
        wrong.extend(self.acts.wrong(&truth));
        let program = self.program.as_mut().unwrap();
        let callbacks = program.tell("callbacks");
        if compare::texts(callbacks["is"].as_array().into_iter().flatten()) != truth.callbacks {
            wrong.push(format!("callbacks: {callbacks} but {:?}", truth.callbacks));
        }
        let subscriptions = program.tell("subscriptions");
        if subscriptions["is"].as_array().is_none_or(Vec::is_empty) {
            wrong.push(format!("subscriptions: {subscriptions}"));
        }
        wrong
    }

    /// Everything that it keeps of callers and calls, in a line.
    pub fn floor(&self) -> String {
        let all = [Vendor::TelecomX, Vendor::Contaqt, Vendor::Telphin];
        let (mut callers, mut oldest) = (0, 0);
        for key in self.beside.queues() {
            for waiting in self.beside.queue(key).unwrap().callers() {
                callers += 1;
                let entered = waiting.caller.entered().unwrap_or(self.now());
                oldest = oldest.max(self.now().since(entered).as_secs());
            }
        }
        let floors = || {
            all.iter()
                .flat_map(|v| compare::floors(&self.beside, &self.sites, *v))
        };
        let open = floors()
            .map(|floor| floor.open_calls().count())
            .sum::<usize>();
        let ended = floors()
            .map(|floor| floor.ended_calls().count())
            .sum::<usize>();
        format!("{callers} waiting, the oldest for {oldest} s, {open} calls open, {ended} ended")
    }

    /// How large the board is, written down.
    pub fn board_size(&self) -> usize {
        let told: Value = serde_json::to_value(self.beside.checkpoint()).unwrap();
        told.to_string().len()
    }
}
