//! `kill -9` under load: all that was acknowledged is there, in order, once
//! (R1). A release runs it a thousand times: `HOLDLINE_KILLS=1000`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use holdline::{
    domain::{
        caller::Raw,
        entry::{NewEntry, What},
        hook::{Hook, Says},
        site::Vendor,
        time::At,
    },
    journal::Journal,
};
use rustix::process::Signal;

use crate::{
    client::{JSON, Line, post, ring},
    program::{Home, Running},
    rig::{CONFIG, TEAM, legs},
};

/// Senders at once.
const SENDERS: usize = 8;

/// What can be sent to and killed.
trait Target {
    /// Starts it, or starts it again.
    fn start(&mut self) -> SocketAddr;
    /// Ends it in the midst of its work.
    fn kill(&mut self);
}

/// An event that was acknowledged: when it was first sent and when its answer
/// had come, on a clock that all senders share.
struct Acknowledged {
    leg: String,
    sent: u64,
    answered: u64,
}

/// Sends under load and kills so often; answers what was acknowledged.
fn kills(target: &mut dyn Target, times: usize, seed: u64) -> Vec<Acknowledged> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let clock = Arc::new(AtomicU64::new(0));
    let all = Arc::new(Mutex::new(Vec::new()));
    // What was sent and not answered is sent again, as a sender does who can.
    let mut again: Vec<Option<(String, u64)>> = vec![None; SENDERS];
    for round in 0..times {
        let address = target.start();
        let (say, answered) = mpsc::channel();
        let senders: Vec<_> = again
            .drain(..)
            .enumerate()
            .map(|(sender, again)| {
                let (clock, all, say) = (clock.clone(), all.clone(), say.clone());
                thread::spawn(move || {
                    let name = format!("{round}-{sender}");
                    sends(address, &name, again, &clock, &all, &say)
                })
            })
            .collect();
        for _ in 0..chance.usize(50..400) {
            answered.recv_timeout(crate::program::PATIENCE).unwrap();
        }
        target.kill();
        again = senders.into_iter().map(|s| s.join().unwrap()).collect();
    }
    drop(again);
    Arc::into_inner(all).unwrap().into_inner().unwrap()
}

/// Sends one event after another until the connection is lost; answers the
/// one whose fate is open.
fn sends(
    address: SocketAddr,
    name: &str,
    again: Option<(String, u64)>,
    clock: &AtomicU64,
    all: &Mutex<Vec<Acknowledged>>,
    say: &mpsc::Sender<()>,
) -> Option<(String, u64)> {
    let Ok(mut line) = Line::try_to(address) else {
        return again;
    };
    let fresh = (0..).map(|n| (format!("{name}-{n}"), None));
    let all_of_them = again
        .into_iter()
        .map(|(leg, sent)| (leg, Some(sent)))
        .chain(fresh);
    for (leg, sent) in all_of_them {
        let sent = sent.unwrap_or_else(|| clock.fetch_add(1, SeqCst));
        line.say(post(TEAM, JSON, ring(&leg)));
        match line.answer() {
            Some(answer) if answer.status == 200 => {
                let answered = clock.fetch_add(1, SeqCst);
                all.lock().unwrap().push(Acknowledged {
                    leg,
                    sent,
                    answered,
                });
                let _ = say.send(());
            }
            Some(answer) => panic!("{answer:?}"),
            None => return Some((leg, sent)),
        }
    }
    None
}

/// Whether all that was acknowledged is stored, once, and none before another
/// that had been answered when it was sent.
fn judge(acknowledged: &[Acknowledged], stored: &[String]) -> Result<(), String> {
    let unique: BTreeSet<&String> = stored.iter().collect();
    if unique.len() != stored.len() {
        return Err("something is stored twice".to_owned());
    }
    let known: BTreeMap<&str, &Acknowledged> =
        acknowledged.iter().map(|a| (a.leg.as_str(), a)).collect();
    let lost = known
        .keys()
        .filter(|leg| !unique.contains(&(**leg).to_owned()));
    let lost: Vec<&&str> = lost.collect();
    if !lost.is_empty() {
        return Err(format!("{} acknowledged events are lost", lost.len()));
    }
    let mut latest_sent = 0;
    for leg in stored {
        let Some(event) = known.get(leg.as_str()) else {
            continue;
        };
        if event.answered < latest_sent {
            return Err(format!("{leg} stands after what was sent later"));
        }
        latest_sent = latest_sent.max(event.sent);
    }
    Ok(())
}

/// The real program.
struct Program {
    home: Home,
    running: Option<Running>,
    slowest: Duration,
}

impl Target for Program {
    fn start(&mut self) -> SocketAddr {
        let began = Instant::now();
        let mut running =
            Running::start(self.home.holdline(["collect", "--config", "config.toml"]));
        let told = running.tells("listening for webhooks on http://");
        self.slowest = self.slowest.max(began.elapsed());
        self.running = Some(running);
        let (_, address) = told.rsplit_once("http://").unwrap();
        address.parse().unwrap()
    }

    fn kill(&mut self) {
        let ended = self.running.take().unwrap().end(Signal::KILL);
        assert_eq!(ended.code, Some(137));
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let times = std::env::var("HOLDLINE_KILLS").map_or(6, |n| n.parse().unwrap());
    let home = Home::new();
    home.file("config.toml", CONFIG);
    let mut program = Program {
        home,
        running: None,
        slowest: Duration::ZERO,
    };
    let acknowledged = kills(&mut program, times, 1);
    assert!(acknowledged.len() >= times * 50);
    let journal = Journal::open_read_only(&program.home.path().join("journal")).unwrap();
    let stored = legs(&journal.read(0, usize::MAX).unwrap());
    judge(&acknowledged, &stored).unwrap();
    assert!(
        program.slowest < Duration::from_secs(5),
        "ready after {:?}",
        program.slowest
    );
    println!(
        "{} acknowledged, {} stored, {times} kills, ready within {:?}",
        acknowledged.len(),
        stored.len(),
        program.slowest
    );
}

/// Answers first and stores in heaps, as many receivers do.
struct Hasty {
    journal: Journal,
    alive: Option<Arc<AtomicBool>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Target for Hasty {
    fn start(&mut self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let alive = Arc::new(AtomicBool::new(true));
        let (journal, open) = (self.journal.clone(), self.open.clone());
        let heap = Arc::new(Mutex::new(Vec::new()));
        self.alive = Some(alive.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                open.lock().unwrap().push(stream.try_clone().unwrap());
                let (alive, heap, journal) = (alive.clone(), heap.clone(), journal.clone());
                thread::spawn(move || hastily(stream, &alive, &heap, &journal));
            }
        });
        address
    }

    fn kill(&mut self) {
        self.alive.take().unwrap().store(false, SeqCst);
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn hastily(
    mut stream: TcpStream,
    alive: &AtomicBool,
    heap: &Mutex<Vec<NewEntry>>,
    journal: &Journal,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut some = [0; 4096];
    while let Ok(n) = stream.read(&mut some) {
        let text = String::from_utf8_lossy(&some[..n]);
        let Some((_, body)) = text.split_once("\r\n\r\n") else {
            return;
        };
        let entry = NewEntry {
            at: At(0),
            site: "team".into(),
            dedupe: None,
            what: What::Hook(Hook {
                vendor: Vendor::Contaqt,
                event: "call:ring".into(),
                body: Raw::new(body),
                injected: false,
                says: Says::Unread,
            }),
        };
        let mut heap = heap.lock().unwrap();
        heap.push(entry);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        if heap.len() >= 64 && alive.load(SeqCst) {
            let full = std::mem::take(&mut *heap);
            runtime.block_on(journal.append(full)).unwrap();
        }
    }
}

#[test]
fn control_one_that_answers_before_it_stores_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let mut hasty = Hasty {
        journal: journal.clone(),
        alive: None,
        open: Arc::default(),
    };
    let acknowledged = kills(&mut hasty, 3, 1);
    let stored = legs(&journal.read(0, usize::MAX).unwrap());
    let judged = judge(&acknowledged, &stored);
    assert!(judged.is_err_and(|why| why.contains("lost")));
}

#[test]
fn control_the_judge_sees_what_is_twice_or_out_of_order() {
    let event = |leg: &str, sent, answered| Acknowledged {
        leg: leg.to_owned(),
        sent,
        answered,
    };
    let both = [event("a", 0, 1), event("b", 2, 3)];
    let stored = |legs: &[&str]| legs.iter().map(|leg| (*leg).to_owned()).collect::<Vec<_>>();
    assert_eq!(judge(&both, &stored(&["a", "x", "b"])), Ok(()));
    for wrong in [&["b", "a"][..], &["a", "b", "a"], &["a"]] {
        assert!(judge(&both, &stored(wrong)).is_err(), "{wrong:?}");
    }
}
