//! The other half's hand on a program: a process that is told a line and
//! answers with one, that can be killed, and whose disk can be taken away.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;

use super::program::{FOLDER, MARK, NAME, PLANT, WATCHES};
use crate::program::PATIENCE;

pub struct Process {
    child: Child,
    /// None once it was told to end.
    stdin: Option<ChildStdin>,
    answers: Receiver<Value>,
}

impl Process {
    /// Starts one in `folder`; `plant` is what is wrong with it.
    pub fn start(folder: &Path, watches: bool, plant: Option<&str>) -> Self {
        // Without the signal that ends it, a write beyond the limit fails, as
        // on a disk that is full.
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if watches {
            command.env(WATCHES, "1");
        }
        if let Some(plant) = plant {
            command.env(PLANT, plant);
        }
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (say, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if let Some(answer) = line.strip_prefix(MARK) {
                    let _ = say.send(serde_json::from_str(answer).unwrap());
                }
            }
        });
        Self {
            stdin: child.stdin.take(),
            child,
            answers,
        }
    }

    /// Tells it a line; its answer.
    #[track_caller]
    pub fn tell(&mut self, line: &str) -> Value {
        writeln!(self.stdin.as_ref().unwrap(), "{line}").unwrap();
        let answer = self.answers.recv_timeout(2 * PATIENCE);
        answer.unwrap_or_else(|_| panic!("no answer to {line}"))
    }

    fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Takes the disk away: nothing more can be written.
    pub fn has_no_disk(&self) {
        self.limit(Some(0));
    }

    /// Gives it back.
    pub fn has_a_disk(&self) {
        self.limit(None);
    }

    fn limit(&self, current: Option<u64>) {
        let maximum = None;
        let limit = Rlimit { current, maximum };
        prlimit(Some(self.id()), Resource::Fsize, limit).unwrap();
    }

    /// What it keeps in memory, bytes.
    pub fn resident(&self) -> u64 {
        let status = format!("/proc/{}/status", self.id().as_raw_nonzero());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        kib.unwrap().parse::<u64>().unwrap() * 1_024
    }

    /// `kill -9`.
    pub fn kill(self) {
        drop(self);
    }

    /// Lets it end as it does when it is told to.
    pub fn end(mut self) {
        self.tell("end");
        drop(self.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
