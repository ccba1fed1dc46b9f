//! The whole way over real HTTP: the simulator's exchange tells, the receiver
//! takes it in, and the board is held against what is truly so.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use holdline::{
    collector::{self, receiver::Receiver},
    config::Config,
    domain::{
        agent::AgentState,
        board::Board,
        floor::Floor,
        id::{ExtensionId, SiteName},
        time::{At, Clock},
    },
    journal::Journal,
    runtime::receive::{Place, Receiving},
    sim::{self, Fault, Options, Rule, Sim, telphin::Setup},
    vendor::hook::Reader,
};
use jiff::tz::TimeZone;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

/// Longer than anything takes: only a hang meets it.
const PATIENCE: Duration = Duration::from_secs(30);

struct World {
    sim: Sim,
    hands: Arc<AtomicI64>,
    journal: Journal,
    reader: Reader,
    site: SiteName,
    _receiving: Receiving,
    _folder: TempDir,
}

impl World {
    async fn open(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start = At::parse("2026-11-21T10:20:00Z").unwrap();
        let hands = Arc::new(AtomicI64::new(start.0));
        let now = Arc::clone(&hands);
        let clock: Clock = Arc::new(move || At(now.load(Ordering::SeqCst)));
        let options = Options {
            seed,
            phones: Setup::telling(sim::free_address().unwrap(), "anna"),
            ..Options::new(Arc::clone(&clock))
        };
        let sim = sim::start(options).await.unwrap();
        let text = sim.config_toml(&folder.path().join("journal"), Duration::from_secs(2));
        let config = Config::parse(&text, folder.path(), &|_| None).unwrap();
        let journal = Journal::open(&config.journal.path).unwrap();
        let receiver = Receiver::open(&config, journal.clone(), clock).unwrap();
        let receiving = Receiving::begin(receiver.unwrap(), Place::of(&config)).await;
        let sites = config.domain_sites();
        let is_ours = |site: &&holdline::domain::site::Site| !site.people.extensions.is_empty();
        Self {
            sim,
            hands,
            journal,
            reader: Reader::new(&sites),
            site: sites.iter().find(is_ours).unwrap().name.clone(),
            _receiving: receiving,
            _folder: folder,
        }
    }

    /// Lets time pass, until all that happened was told.
    async fn pass(&self, seconds: i64) -> Board {
        let ms = seconds * 1_000;
        let now = At(self.hands.fetch_add(ms, Ordering::SeqCst) + ms);
        let mut pushes = self.sim.phone_pushes();
        self.sim.hurry();
        let settled = pushes.wait_for(|pushes| pushes.is_settled(now));
        timeout(PATIENCE, settled).await.unwrap().unwrap();
        collector::board(&self.journal, TimeZone::UTC, &self.reader).unwrap()
    }

    /// What differs between the board and what is so, but for `lost` calls.
    fn differences(&self, board: &Board, lost: &BTreeSet<String>) -> Vec<String> {
        let truth = self.sim.truth()["phones"].clone();
        let empty = Floor::default();
        let floor = board.floor(&self.site).unwrap_or(&empty);
        let mut wrong = calls_wrong(floor, &truth, lost);
        wrong.extend(phones_wrong(floor, &truth, lost));
        let waiting = board
            .queues()
            .filter(|key| key.site == self.site)
            .flat_map(|key| board.queue(key).unwrap().callers())
            .map(|waiting| waiting.caller.id().to_string());
        let sets = [
            ("waiting", waiting.collect::<BTreeSet<_>>()),
            (
                "missed",
                floor
                    .missed()
                    .map(|(call, _)| call.id.to_string())
                    .collect(),
            ),
        ];
        for (name, shown) in sets {
            let truly = texts(&truth[name]);
            let differ = shown.symmetric_difference(&truly);
            let differ: Vec<_> = differ.filter(|id| !lost.contains(*id)).collect();
            if !differ.is_empty() {
                wrong.push(format!("{name}: {differ:?} of {shown:?} and {truly:?}"));
            }
        }
        wrong
    }
}

fn texts(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn calls_wrong(floor: &Floor, truth: &Value, lost: &BTreeSet<String>) -> Vec<String> {
    let shown: BTreeMap<&str, &str> = floor
        .open_calls()
        .map(|call| (call.id.as_str(), call.state().word()))
        .collect();
    let calls = truth["calls"].as_array().unwrap().iter();
    let truly: BTreeMap<&str, &str> = calls
        .map(|call| {
            let state = match call["state"].as_str().unwrap() {
                "menu" => "waiting",
                state => state,
            };
            (call["call_id"].as_str().unwrap(), state)
        })
        .collect();
    let ids: BTreeSet<&str> = shown.keys().chain(truly.keys()).copied().collect();
    ids.into_iter()
        .filter(|id| !lost.contains(*id) && shown.get(id) != truly.get(id))
        .map(|id| format!("{id}: {:?} but {:?}", shown.get(id), truly.get(id)))
        .collect()
}

fn phones_wrong(floor: &Floor, truth: &Value, lost: &BTreeSet<String>) -> Vec<String> {
    let of_lost = |id: &Value| id.as_str().is_some_and(|id| lost.contains(id));
    let mut wrong = Vec::new();
    for phone in truth["phones"].as_array().unwrap() {
        let id = ExtensionId::from(phone["id"].as_str().unwrap());
        let standing = floor
            .agent(&id.as_str().into())
            .map(|a| a.standing().clone());
        let shown = standing.clone().unwrap_or_default();
        let at_lost = shown
            .call
            .as_ref()
            .is_some_and(|call| lost.contains(call.as_str()));
        if phone["told"] == false || of_lost(&phone["call"]) || at_lost {
            continue;
        }
        let is_so = match phone["state"].as_str().unwrap() {
            "ringing" => shown.state == AgentState::Ringing,
            "talking" => shown.state == AgentState::OnCall,
            _ => matches!(shown.state, AgentState::Available | AgentState::Unknown),
        };
        if !is_so {
            wrong.push(format!("{phone} but {shown:?}"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_is_what_is_so_at_the_exchange() {
    let mut met = BTreeSet::new();
    for seed in [1, 2] {
        let world = World::open(seed).await;
        world.pass(1).await;
        for step in 0..40 {
            let board = world.pass([3, 7, 20, 45][step % 4]).await;
            let none = BTreeSet::new();
            assert_eq!(
                world.differences(&board, &none),
                [""; 0],
                "seed {seed}, step {step}"
            );
            let floor = board.floor(&world.site);
            met.extend(
                floor
                    .into_iter()
                    .flat_map(|f| f.agents().map(|a| a.standing().state)),
            );
        }
        assert!(world.journal.last_seq().unwrap() > 200);
        let board = world.pass(1).await;
        assert!(board.floor(&world.site).unwrap().missed().count() > 0);
    }
    for state in [
        AgentState::Available,
        AgentState::Ringing,
        AgentState::OnCall,
    ] {
        assert!(met.contains(&state), "{state:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeats_disorder_and_loss_spoil_nothing_but_what_is_lost() {
    for (seed, rule) in [
        (3, Rule::from(Fault::Duplicate).percent(40)),
        (4, Rule::from(Fault::Reorder).percent(40)),
        (5, Rule::from(Fault::Drop).percent(10)),
    ] {
        let world = World::open(seed).await;
        world.pass(1).await;
        world.sim.faults().set(rule.clone());
        for step in 0..15 {
            let board = world.pass([5, 30, 60][step % 3]).await;
            let lost = texts(&world.sim.truth()["phones"]["missed_calls"]);
            assert_eq!(
                world.differences(&board, &lost),
                [""; 0],
                "{rule:?}, step {step}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_comparison_would_find_a_ghost() {
    let world = World::open(6).await;
    world.pass(1).await;
    world.sim.faults().set(Rule::from(Fault::Drop).on("hangup"));
    let board = world.pass(300).await;
    assert!(!world.differences(&board, &BTreeSet::new()).is_empty());
}
