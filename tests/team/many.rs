//! Eight processes on one folder, and whoever collects is killed, over and
//! over. A release does it a thousand times: `HOLDLINE_KILLS=1000`.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::PathBuf,
    sync::mpsc::{self, Receiver, TryRecvError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use holdline::{
    domain::entry::{Entry, What},
    journal::{Journal, Role, survey},
};
use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    TEAM,
    client::{JSON, Line, post, ring},
    free_address,
    program::{Home, PATIENCE, Running},
    pushing,
    tty::Tty,
};

/// What a sender waits before it tries again where nobody listens.
const BACK_OFF: Duration = Duration::from_millis(10);

/// One of the team.
enum Member {
    Collector(Running),
    Console(Box<Tty>),
}

/// All on one folder.
struct Team {
    home: Home,
    address: SocketAddr,
    members: Vec<(Member, u32)>,
}

impl Team {
    fn new() -> Self {
        let (home, address) = (Home::new(), free_address());
        home.file("config.toml", &pushing(&address.to_string()));
        Self {
            home,
            address,
            members: Vec::new(),
        }
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("journal")
    }

    /// Starts one more: every other one has a screen.
    fn grows(&mut self) {
        let member = if self.members.len().is_multiple_of(2) {
            self.collector()
        } else {
            self.console()
        };
        self.members.push(member);
    }

    fn collector(&self) -> (Member, u32) {
        let command = self.home.holdline(["collect", "--config", "config.toml"]);
        let mut running = Running::start(command);
        running.tells("collect");
        let id = running.id.as_raw_nonzero().get().cast_unsigned();
        (Member::Collector(running), id)
    }

    fn console(&self) -> (Member, u32) {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_holdline"));
        command.args(["--config", "config.toml"]);
        command.env_clear();
        command.env("PATH", "/usr/bin:/bin");
        command.env("HOME", self.home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.cwd(self.home.path());
        let mut tty = Tty::new(120, 36).run(command);
        tty.wait_for("the console", |screen| screen.contains("Agents"));
        let id = tty.pid().as_raw_nonzero().get().cast_unsigned();
        (Member::Console(Box::new(tty)), id)
    }

    /// Who collects. Somebody does as soon as anything was answered since the
    /// last kill.
    fn holder(&self) -> usize {
        let role = survey(&self.folder(), Duration::ZERO).role;
        let Role::Held(Some(id)) = role else {
            panic!("nobody collects: {role:?}");
        };
        let place = self.members.iter().position(|(_, member)| *member == id);
        place.expect("a stranger collects")
    }

    /// Kills whoever collects, and has another one start instead.
    fn kills_the_collector(&mut self) -> Instant {
        let place = self.holder();
        let (member, id) = self.members.remove(place);
        let id = Pid::from_raw(id.cast_signed()).unwrap();
        kill_process(id, Signal::KILL).unwrap();
        let killed = Instant::now();
        match member {
            Member::Collector(running) => drop(running),
            Member::Console(mut tty) => drop(tty.ends()),
        }
        killed
    }

    /// Every screen shows an agent of this number, and who is attached.
    fn all_see(&mut self, agent: &str) {
        let holder = self.members[self.holder()].1;
        for (member, id) in &mut self.members {
            if let Member::Console(tty) = member {
                let attached = *id != holder;
                tty.wait_for("the last event", |screen| screen.contains(agent));
                tty.wait_for("its role", |screen| screen.contains("attached") == attached);
            }
        }
    }
}

/// Sends one event after the other, each until it is answered.
struct Sender {
    /// Closed to stop it.
    stop: mpsc::Sender<()>,
    /// What was acknowledged, and when, as it comes.
    answered: Receiver<(String, Instant)>,
    /// What came of that so far.
    acknowledged: Vec<String>,
    thread: JoinHandle<()>,
}

impl Sender {
    fn start(address: SocketAddr) -> Self {
        let (stop, stopped) = mpsc::channel();
        let (say, answered) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut line = None;
            for n in 0.. {
                if stopped.try_recv() == Err(TryRecvError::Disconnected) {
                    return;
                }
                let leg = format!("leg-{n}");
                sends(address, &mut line, &leg, &stopped);
                let _ = say.send((leg, Instant::now()));
            }
        });
        Self {
            stop,
            answered,
            acknowledged: Vec::new(),
            thread,
        }
    }

    /// Waits until something is acknowledged that was sent after `moment`.
    fn answers_after(&mut self, moment: Instant) -> Duration {
        // The first of them may have been on its way from who is killed: to kill
        // the next one then would be two kills in one gap.
        let mut is_first = true;
        loop {
            let answered = self.answered.recv_timeout(PATIENCE);
            let (leg, at) = answered.expect("nobody took over");
            self.acknowledged.push(leg);
            if at > moment && !std::mem::take(&mut is_first) {
                return at - moment;
            }
        }
    }

    fn stop(self) -> Vec<String> {
        drop(self.stop);
        // It owns the other end, which closes with it.
        self.thread.join().unwrap();
        let mut acknowledged = self.acknowledged;
        acknowledged.extend(self.answered.iter().map(|(leg, _)| leg));
        acknowledged
    }
}

/// Sends until it is answered, with a pause between two tries that ends early
/// where the sender is stopped: as a sender does who can.
fn sends(address: SocketAddr, line: &mut Option<Line>, leg: &str, stopped: &Receiver<()>) {
    loop {
        if line.is_none() {
            *line = Line::try_to(address).ok();
        }
        if let Some(open) = line {
            open.say(post(TEAM, JSON, ring(leg)));
            match open.answer() {
                Some(answer) if answer.status == 200 => return,
                Some(answer) => assert_eq!(answer.status, 503, "{answer:?}"),
                None => *line = None,
            }
        }
        if line.is_none() {
            let _ = stopped.recv_timeout(BACK_OFF);
        }
    }
}

fn legs(entries: &[Entry]) -> Vec<String> {
    let leg = |entry: &Entry| match &entry.what {
        What::Hook(hook) => {
            let fields: serde_json::Value = serde_json::from_str(hook.body.as_str()).unwrap();
            Some(fields["id"].as_str()?.to_owned())
        }
        _ => None,
    };
    entries.iter().filter_map(leg).collect()
}

/// Whether what was acknowledged is stored, once and in its order, and each
/// kill is on record as a gap.
fn judge(acknowledged: &[String], entries: &[Entry], kills: usize) -> Result<(), String> {
    let stored = legs(entries);
    let unique: BTreeSet<&String> = stored.iter().collect();
    if unique.len() != stored.len() {
        return Err("something is stored twice".into());
    }
    let told: BTreeSet<&String> = acknowledged.iter().collect();
    let mut of_them = stored.iter().filter(|leg| told.contains(leg));
    if !acknowledged.iter().all(|leg| of_them.next() == Some(leg)) {
        return Err("something is lost, or out of its order".into());
    }
    let gap = |entry: &&Entry| matches!(entry.what, What::Gap { from, to } if from <= to);
    match entries.iter().filter(gap).count() {
        gaps if gaps == kills => Ok(()),
        gaps => Err(format!("{kills} kills are {gaps} gaps")),
    }
}

#[test]
fn whoever_collects_is_killed_and_another_takes_over() {
    let kills = std::env::var("HOLDLINE_KILLS").map_or(5, |n| n.parse().unwrap());
    let mut team = Team::new();
    team.grows();
    assert_eq!(team.holder(), 0, "the first one, alone");
    for _ in 1..8 {
        team.grows();
    }
    assert_eq!(team.holder(), 0, "and it stays so");
    let mut sender = Sender::start(team.address);
    sender.answers_after(Instant::now());
    let mut took = Vec::new();
    for _ in 0..kills {
        let killed = team.kills_the_collector();
        took.push(sender.answers_after(killed));
        team.grows();
    }
    let acknowledged = sender.stop();
    let agent = "4711";
    let last = ring("last").replace("\"17\"", &format!("\"{agent}\""));
    let mut line = Line::to(team.address);
    line.say(post(TEAM, JSON, last));
    assert_eq!(line.answer().unwrap().status, 200);
    team.all_see(agent);
    // Down to the last one, which does it all.
    let (_goes_on, going) = mpsc::channel();
    for left in (1..8).rev() {
        team.kills_the_collector();
        assert_eq!(team.members.len(), left);
        // Or two kills would be one gap.
        sends(team.address, &mut None, &format!("left-{left}"), &going);
    }
    let journal = Journal::open_read_only(&team.folder()).unwrap();
    let entries = journal.read(0, usize::MAX).unwrap();
    judge(&acknowledged, &entries, kills + 7).unwrap();
    assert!(legs(&entries).contains(&"left-1".to_owned()));
    took.sort();
    println!(
        "{} acknowledged, {kills} kills; taken over within {:?} (median {:?})",
        acknowledged.len(),
        took[took.len() - 1],
        took[took.len() / 2]
    );
    // Two seconds, and as much again for a machine that is busy otherwise.
    let late = took
        .iter()
        .filter(|took| **took > Duration::from_secs(4))
        .count();
    assert_eq!(late, 0, "{took:?}");
    println!("R24 kills: {} cases", kills + 7);
}

/// A team of one that has taken some events, and what it acknowledged.
fn some() -> (Vec<String>, Vec<Entry>) {
    let mut team = Team::new();
    team.grows();
    let acknowledged: Vec<String> = (0..5).map(|n| format!("leg-{n}")).collect();
    let (_goes_on, going) = mpsc::channel();
    for leg in &acknowledged {
        sends(team.address, &mut None, leg, &going);
    }
    let journal = Journal::open_read_only(&team.folder()).unwrap();
    let entries = journal.read(0, usize::MAX).unwrap();
    (acknowledged, entries)
}

#[test]
fn control_what_was_lost_doubled_disordered_or_not_told_is_found_out() {
    let (acknowledged, entries) = some();
    judge(&acknowledged, &entries, 0).unwrap();
    let is_hook = |entry: &Entry| matches!(entry.what, What::Hook(_));
    let one = entries.iter().position(is_hook).unwrap();
    let mistakes: [fn(&mut Vec<Entry>, usize); 3] = [
        |entries, one| drop(entries.remove(one)),
        |entries, one| entries.push(entries[one].clone()),
        |entries, one| entries.swap(one, one + 1),
    ];
    for mistake in mistakes {
        let mut wanting = entries.clone();
        mistake(&mut wanting, one);
        assert!(judge(&acknowledged, &wanting, 0).is_err());
    }
    assert!(judge(&acknowledged, &entries, 1).is_err());
}
