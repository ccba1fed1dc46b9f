//! The real program under `strace`, which makes calls fail or wait, or writes
//! them down.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    program::{Home, PATIENCE},
    rig::CONFIG,
};

/// Where calls can be made to fail; says so where they cannot.
pub fn can_inject() -> bool {
    let tried = Command::new("strace")
        .args([
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "inject=getppid:error=EIO",
            "true",
        ])
        .status();
    let can = tried.is_ok_and(|status| status.success());
    if !can {
        println!("skipped: strace is not there, or may not trace");
    }
    can
}

/// The program, on whose journal these calls fail or wait.
pub struct Traced {
    home: Home,
    child: Option<Child>,
    told: Receiver<String>,
    said: Vec<String>,
}

impl Traced {
    pub fn begin(home: Home, inject: &[&str]) -> Self {
        let journal = home.path().join("journal");
        let file = |name| journal.join(name).to_string_lossy().into_owned();
        let files = ["journal.db", "journal.db-wal", "journal.db-shm"].map(file);
        let rules: Vec<String> = inject.iter().map(|rule| format!("inject={rule}")).collect();
        let paths = files.iter().flat_map(|file| ["-P", file]);
        let rules = rules.iter().flat_map(|rule| ["-e", rule]);
        let how: Vec<&str> = paths.chain(rules).collect();
        Self::with(home, &how)
    }

    /// A collector under strace with these arguments, which writes to `trace`.
    pub fn with(home: Home, how: &[&str]) -> Self {
        home.file("config.toml", CONFIG);
        let inner = home.holdline(["collect", "--config", "config.toml"]);
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "trace"]).args(how);
        // The traced one is who gets the signals.
        command
            .args(["/bin/sh", "-c", "echo $$ > pid; exec \"$0\" \"$@\""])
            .arg(inner.get_program())
            .args(inner.get_args())
            .env_clear()
            .env("HOME", home.path())
            .env("TMPDIR", home.path().join("tmp"))
            .env("PATH", "/usr/bin:/bin")
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let (say, told) = mpsc::channel();
        thread::spawn(move || {
            for line in err.lines().map_while(Result::ok) {
                let _ = say.send(line);
            }
        });
        Self {
            home,
            child: Some(child),
            told,
            said: Vec::new(),
        }
    }

    /// Where it listens, or what it told when it ended instead.
    pub fn listens(&mut self) -> Result<SocketAddr, String> {
        while let Ok(line) = self.told.recv_timeout(PATIENCE) {
            if let Some((_, address)) = line.split_once("listening for webhooks on http://") {
                return Ok(address.parse().unwrap());
            }
            self.said.push(line);
        }
        Err(self.said.join("\n"))
    }

    fn signal(&self, signal: Signal) {
        let pid = fs::read_to_string(self.home.path().join("pid")).unwrap();
        let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        // It may have ended by itself.
        let _ = kill_process(pid, signal);
    }

    /// Ends it: its home, its exit code, and all that it told.
    pub fn end(mut self) -> (Home, Option<i32>, String) {
        self.signal(Signal::TERM);
        let status = self.child.take().unwrap().wait().unwrap();
        let mut said = std::mem::take(&mut self.said);
        said.extend(self.told.iter());
        let home = std::mem::replace(&mut self.home, Home::new());
        (
            home,
            status.code().or(status.signal().map(|s| 128 + s)),
            said.join("\n"),
        )
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            self.signal(Signal::KILL);
            let _ = child.wait();
        }
    }
}
