//! The simulator's office in this process, its clock moved by hand, and the
//! real collector that it pushes to: what the program prints is held against
//! what is truly so.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use holdline::{
    domain::{
        entry::{NewEntry, What},
        time::At,
    },
    emit::Shape,
    journal::Journal,
    sim::{
        self, Options, Rule, Sim,
        contaqt::{Push, Pushes},
    },
};
use rustix::process::Signal;
use serde_json::Value;
use tokio::{runtime::Runtime, time::timeout};

use super::program::{Home, PATIENCE, Running};

pub struct Office {
    pub sim: Sim,
    pub home: Home,
    hands: Arc<AtomicI64>,
    collector: Option<Running>,
    runtime: Runtime,
}

impl Office {
    /// The office two hours ago, about to open, and a collector.
    pub fn open(shape: Shape, seed: u64) -> Self {
        let mut office = Self::closed(shape, seed);
        office.collect();
        office.let_pass(Duration::from_secs(1));
        office
    }

    /// The same without a collector: it does not open.
    pub fn closed(shape: Shape, seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = i64::try_from(now.unwrap().as_millis()).unwrap();
        let hands = Arc::new(AtomicI64::new(now - 2 * 3_600_000));
        let clock = Arc::clone(&hands);
        let push = Push {
            shape,
            ..Push::new(sim::free_address().unwrap())
        };
        let options = Options {
            seed,
            push: Some(push),
            ..Options::new(Arc::new(move || At(clock.load(Ordering::SeqCst))))
        };
        let sim = runtime.block_on(sim::start(options)).unwrap();
        let home = Home::new();
        let config = sim.config_toml(&home.path().join("journal"), Duration::from_secs(2));
        home.file("config.toml", &config);
        Self {
            sim,
            home,
            hands,
            collector: None,
            runtime,
        }
    }

    /// Starts a collector for the site, and waits until it listens.
    pub fn collect(&mut self) {
        let args = ["collect", "--config", "config.toml", "--site", "team"];
        let mut running = Running::start(self.home.holdline(args));
        running.tells("listening for webhooks");
        self.collector = Some(running);
    }

    /// Ends the collector.
    pub fn stop_collecting(&mut self) {
        let ended = self.collector.take().unwrap().end(Signal::TERM);
        assert_eq!(ended.code, Some(143), "{ended:?}");
    }

    /// Puts on record that nobody listened for a minute.
    pub fn records_a_gap(&self) {
        let journal = Journal::open(&self.home.path().join("journal")).unwrap();
        let last = journal.last_seq().unwrap();
        let to = journal.read(last - 1, 1).unwrap()[0].at;
        let gap = NewEntry {
            at: to,
            site: "team".into(),
            dedupe: None,
            what: What::Gap {
                from: to.shift(-60_000),
                to,
            },
        };
        self.runtime.block_on(journal.append(vec![gap])).unwrap();
    }

    /// Puts a fault in force.
    pub fn suffers(&self, rule: impl Into<Rule>) {
        self.sim.faults().set(rule);
    }

    /// Lets time pass, and waits until all that happened was told.
    pub fn let_pass(&self, time: Duration) -> Pushes {
        let ms = i64::try_from(time.as_millis()).unwrap();
        let now = At(self.hands.fetch_add(ms, Ordering::SeqCst) + ms);
        let mut pushes = self.sim.pushes();
        let settled = self.runtime.block_on(async {
            let all = pushes.wait_for(|pushes| pushes.is_settled(now));
            timeout(PATIENCE * 4, all).await.map(|p| p.unwrap().clone())
        });
        settled.unwrap_or_else(|_| panic!("it does not settle: {:?}", *pushes.borrow()))
    }

    /// What the program lists; whatever it says besides must be nothing.
    #[track_caller]
    pub fn lists(&self, args: &[&str]) -> Vec<Value> {
        let rest = [
            "--site",
            "team",
            "--config",
            "config.toml",
            "--format",
            "json",
        ];
        let ran = self.home.run(args.iter().chain(&rest));
        serde_json::from_str(ran.fine()).unwrap()
    }

    /// What differs between what the program prints and what is so; of whom
    /// or what some event was lost, nothing is said unless `strict`.
    #[track_caller]
    pub fn differences(&self, strict: bool) -> Vec<String> {
        let truth = self.sim.truth();
        let mut wrong = self.agents_wrong(&truth, strict);
        wrong.extend(self.calls_wrong(&truth, strict));
        wrong
    }

    fn agents_wrong(&self, truth: &Value, strict: bool) -> Vec<String> {
        let printed = by(&self.lists(&["agents"]), "id");
        let all = truth["agents"].as_array().unwrap();
        assert_eq!(printed.len(), all.len(), "every configured agent is listed");
        let mut wrong = Vec::new();
        for agent in all.iter().filter(|a| strict || a["missed"] == 0) {
            let shown = &printed[agent["id"].as_str().unwrap()];
            if agent["told"] == false {
                if shown["state"] != "unknown" || !shown["since"].is_null() {
                    wrong.push(format!("unheard of: {shown}"));
                }
                continue;
            }
            for field in ["name", "device", "state", "queues", "call"] {
                if shown[field] != agent[field] {
                    wrong.push(format!("{field}: {shown} but {agent}"));
                }
            }
        }
        wrong
    }

    fn calls_wrong(&self, truth: &Value, strict: bool) -> Vec<String> {
        let printed = by(&self.lists(&["calls"]), "call_id");
        let waiting = by(&self.lists(&["callers"]), "id");
        let truly = by(truth["calls"].as_array().unwrap(), "call_id");
        let missed: BTreeSet<&str> = truth["missed_calls"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .filter(|_| !strict)
            .collect();
        let mut wrong = Vec::new();
        let ids: BTreeSet<&String> = printed
            .keys()
            .chain(truly.keys())
            .chain(waiting.keys())
            .collect();
        for id in ids.into_iter().filter(|id| !missed.contains(id.as_str())) {
            let (Some(shown), Some(call)) = (printed.get(id), truly.get(id)) else {
                wrong.push(format!("{:?} but {:?}", printed.get(id), truly.get(id)));
                continue;
            };
            for field in ["type", "queue", "state", "legs"] {
                if shown[field] != call[field] {
                    wrong.push(format!("{field}: {shown} but {call}"));
                }
            }
            if waiting.contains_key(id) != (call["waits"] == true) {
                wrong.push(format!("waits {}: {call}", waiting.contains_key(id)));
            }
        }
        wrong
    }
}

fn by(list: &[Value], key: &str) -> BTreeMap<String, Value> {
    let pairs = list
        .iter()
        .map(|v| (v[key].as_str().unwrap().to_owned(), v.clone()));
    pairs.collect()
}
