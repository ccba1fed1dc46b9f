//! The program as tests start it, and how its screen is read.

use std::path::{Path, PathBuf};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::tty::Tty;

/// The program.
pub const HOLDLINE: &str = env!("CARGO_BIN_EXE_holdline");

/// A command that knows nothing of this machine's user.
pub fn command(program: &str, arguments: &[&str], folder: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command.env("HOME", folder);
    command.env("TMPDIR", folder);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.cwd(folder);
    command
}

/// A demo, and the folder that it keeps its own folder in.
pub struct Demo {
    pub tty: Tty,
    pub folder: TempDir,
}

impl Demo {
    /// A demo that shows callers.
    pub fn new(columns: u16, rows: u16) -> Self {
        let mut demo = Self::with(columns, rows, &[]);
        demo.tty.wait_for("callers", shows_callers);
        demo
    }

    /// A demo that was just started, with these variables set.
    pub fn with(columns: u16, rows: u16, variables: &[(&str, &str)]) -> Self {
        Self::on(Tty::new(columns, rows), variables)
    }

    /// A demo on this terminal.
    pub fn on(tty: Tty, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(HOLDLINE, &["demo"], folder.path());
        for (name, value) in variables {
            command.env(name, value);
        }
        Self {
            tty: tty.run(command),
            folder,
        }
    }

    /// What the demo keeps: its own folder, while it is there.
    pub fn kept(&self) -> Vec<PathBuf> {
        let entries = self.folder.path().read_dir().unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

/// Whether a whole number of somebody who waits is on the screen.
pub fn shows_callers(screen: &str) -> bool {
    !numbers(screen).is_empty()
}

/// The numbers of those who wait, whole, as they stand in pane 1: what they
/// called stands behind.
pub fn numbers(screen: &str) -> Vec<String> {
    let is_number = |word: &&str| {
        let digits = word.strip_prefix('+').unwrap_or(word);
        digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let in_line = |line: &str| line.split_whitespace().find(is_number).map(str::to_owned);
    let open = screen
        .lines()
        .filter(|line| !line.contains("secret number"));
    open.filter_map(in_line).collect()
}
