//! Runs the real program in an environment that holds nothing else, and waits
//! for its lines and its end, never for time to pass.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use std::os::unix::process::ExitStatusExt;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Longer than anything takes on a busy machine: only a hang meets it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A home of its own for every test: no configuration, no data, no rights to
/// anybody else's.
pub struct Home(TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file that only its owner reads.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The program with these arguments, not started yet.
    pub fn holdline<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let temporary = self.path().join("tmp");
        std::fs::create_dir_all(&temporary).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdline"));
        command
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.path())
            .env("TMPDIR", temporary)
            .env("LANG", "C.UTF-8")
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        ran(self.holdline(args))
    }
}

/// What a program that ended said.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Refused: this code, nothing on standard output, and one sentence.
    #[track_caller]
    pub fn refused(&self, code: i32) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{self:?}");
        self.sentence()
    }

    /// The one sentence on standard error: a line that says what and what to
    /// do, fit to be shown.
    #[track_caller]
    pub fn sentence(&self) -> &str {
        let line = self.err.strip_suffix('\n').expect(&self.err);
        assert!(!line.contains('\n'), "more than one line: {line}");
        let sentence = line.strip_prefix("holdline: ").expect(line);
        is_fit_to_show(sentence);
        assert!(sentence.contains([';', ':']), "no remedy: {sentence}");
        sentence
    }

    /// Done: code 0 and no word.
    #[track_caller]
    pub fn fine(&self) -> &str {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        &self.out
    }
}

/// Holds no colour, no control character, nothing that only programmers read.
#[track_caller]
pub fn is_fit_to_show(text: &str) {
    let is_plain = |c: char| !holdline::domain::text::is_hostile(c) || c == '\n';
    assert!(text.chars().all(is_plain), "{text:?}");
    for raw in ["Error {", "Err(", "Some(", "panicked", "kind:"] {
        assert!(!text.contains(raw), "{raw} in: {text}");
    }
}

/// Runs a command to its end.
pub fn ran(mut command: Command) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = whole(child.stdout.take().unwrap());
    let err = whole(child.stderr.take().unwrap());
    let status = ended(child);
    Ran {
        code: code(status),
        out: out.recv_timeout(PATIENCE).unwrap(),
        err: err.recv_timeout(PATIENCE).unwrap(),
    }
}

/// The exit code, as a shell has it.
fn code(status: ExitStatus) -> Option<i32> {
    status.code().or(status.signal().map(|s| 128 + s))
}

/// Everything until the other side closes.
fn whole(mut from: impl Read + Send + 'static) -> Receiver<String> {
    let (say, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        from.read_to_end(&mut text).unwrap();
        let _ = say.send(String::from_utf8(text).unwrap());
    });
    heard
}

/// Waits for the end; a program that hangs is killed and fails the test.
fn ended(mut child: Child) -> ExitStatus {
    let id = Pid::from_child(&child);
    let (say, heard) = mpsc::channel();
    thread::spawn(move || say.send(child.wait().unwrap()));
    heard.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let _ = kill_process(id, Signal::KILL);
        panic!("the program hangs");
    })
}

/// A program that runs until it is stopped. Dropped, it is killed.
pub struct Running {
    child: Option<Child>,
    /// Its process.
    pub id: Pid,
    out: Receiver<String>,
    err: Receiver<String>,
    /// The lines taken from either so far.
    pub said: Vec<String>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            id: Pid::from_child(&child),
            out: lines(child.stdout.take().unwrap()),
            err: lines(child.stderr.take().unwrap()),
            child: Some(child),
            said: Vec::new(),
        }
    }

    /// Its next line on standard output.
    #[track_caller]
    pub fn line(&mut self) -> String {
        let line = self.out.recv_timeout(PATIENCE).unwrap();
        self.said.push(line.clone());
        line
    }

    /// Waits for a line on standard error that contains this.
    #[track_caller]
    pub fn tells(&mut self, part: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let left = || until.saturating_duration_since(Instant::now());
        while let Ok(line) = self.err.recv_timeout(left()) {
            self.said.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
        panic!("nothing of {part:?} was told, but {:#?}", self.said);
    }

    /// Waits for its end, which nobody asked for.
    pub fn ends(mut self) -> Ended {
        let child = self.child.take().unwrap();
        self.ended(child, Instant::now())
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.id, signal).unwrap();
    }

    /// Sends a signal and waits for the end: code, how long it took, and the
    /// lines that were not taken.
    pub fn end(mut self, signal: Signal) -> Ended {
        let child = self.child.take().unwrap();
        let since = Instant::now();
        self.signal(signal);
        self.ended(child, since)
    }

    fn ended(&self, child: Child, since: Instant) -> Ended {
        let status = ended(child);
        let took = since.elapsed();
        let rest = |from: &Receiver<String>| from.iter().collect::<Vec<_>>().join("\n");
        Ended {
            code: code(status),
            took,
            out: rest(&self.out),
            err: rest(&self.err),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// How a program that was stopped ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub took: Duration,
    pub out: String,
    pub err: String,
}

fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (say, heard) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if say.send(line).is_err() {
                return;
            }
        }
    });
    heard
}
