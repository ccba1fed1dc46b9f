//! A service user collects and a group works on its folder: what is made is
//! the group's whatever the umask, and who may not is told what to run. Needs
//! root, to be somebody else.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use portable_pty::CommandBuilder;
use rustix::process::{Signal, getuid};
use tempfile::TempDir;

use crate::{
    client::{JSON, post, ring, send},
    program::{Ran, Running, ran},
    pushing,
    tty::Tty,
};

/// Who collects, who works on it, who does not, and the group of the first two.
const SERVICE: u32 = 65_010;
const OPERATOR: u32 = 65_011;
const STRANGER: u32 = 65_012;
const TEAM: u32 = 65_100;

/// The program and a configuration where everybody may read them, and a
/// folder for a journal.
struct Shared {
    place: TempDir,
}

impl Shared {
    /// A folder of this owner and group, with this mode; `None` and a word
    /// where nobody can be somebody else.
    fn folder(user: u32, group: u32, mode: u32) -> Option<Self> {
        if !getuid().is_root() || !Path::new("/usr/bin/setpriv").exists() {
            println!("left out: it takes root and setpriv to be somebody else");
            return None;
        }
        let place = tempfile::tempdir().unwrap();
        set_mode(place.path(), 0o755);
        let program = place.path().join("holdline");
        let built = env!("CARGO_BIN_EXE_holdline");
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).unwrap();
        }
        set_mode(&program, 0o755);
        let config = pushing("127.0.0.1:0").replace(
            "\"new-secret-0123456789\"",
            "{ env = \"TEAM_HOOK_SECRET\" }",
        );
        fs::write(place.path().join("config.toml"), config).unwrap();
        set_mode(&place.path().join("config.toml"), 0o644);
        let shared = Self { place };
        fs::create_dir(shared.journal()).unwrap();
        chown(shared.journal(), Some(user), Some(group)).unwrap();
        set_mode(&shared.journal(), mode);
        Some(shared)
    }

    fn journal(&self) -> PathBuf {
        self.place.path().join("journal")
    }

    /// What comes before a command so that this user runs it.
    fn prefix(user: u32, groups: &str) -> Vec<String> {
        let (user, group) = (format!("--reuid={user}"), format!("--regid={user}"));
        let groups = match groups {
            "" => "--clear-groups".to_owned(),
            groups => format!("--groups={groups}"),
        };
        vec!["/usr/bin/setpriv".into(), user, group, groups]
    }

    /// A command of the program's as this user, with a umask that shuts out
    /// everybody else.
    fn by(&self, user: u32, groups: &str, args: &[&str]) -> Command {
        let home = self.place.path().join(format!("home-{user}"));
        fs::create_dir_all(&home).unwrap();
        chown(&home, Some(user), Some(user)).unwrap();
        let prefix = Self::prefix(user, groups);
        let mut command = Command::new(&prefix[0]);
        command
            .args(&prefix[1..])
            .args(["/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\""])
            .arg(self.place.path().join("holdline"))
            .args(args)
            .args(["--config", "config.toml"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &home)
            .env("LANG", "C.UTF-8")
            .env("TEAM_HOOK_SECRET", "new-secret-0123456789")
            .current_dir(self.place.path());
        command
    }

    fn runs(&self, user: u32, groups: &str, args: &[&str]) -> Ran {
        ran(self.by(user, groups, args))
    }

    /// Everything in the journal's folder: name, group, mode.
    fn made(&self) -> Vec<(String, u32, u32)> {
        let mut all = Vec::new();
        let mut folders = vec![self.journal()];
        while let Some(folder) = folders.pop() {
            for found in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let about = found.metadata().unwrap();
                if about.is_dir() {
                    folders.push(found.path());
                }
                let name = found.file_name().into_string().unwrap();
                all.push((name, about.gid(), about.mode() & 0o7777));
            }
        }
        all.sort();
        all
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The command that a sentence says to run.
#[track_caller]
fn command(sentence: &str) -> &str {
    sentence.split('`').nth(1).expect(sentence)
}

#[test]
fn whoever_of_the_group_comes_first_all_may_write() {
    for first in [SERVICE, OPERATOR] {
        let Some(shared) = Shared::folder(SERVICE, TEAM, 0o2770) else {
            return;
        };
        let team = TEAM.to_string();
        let mut collector = Running::start(shared.by(first, &team, &["collect"]));
        let told = collector.tells("listening for webhooks on http://");
        collector.tells("collecting into");
        let (_, address) = told.rsplit_once("http://").unwrap();
        let hook = post(crate::TEAM, JSON, ring("1"));
        assert_eq!(send(address.parse().unwrap(), hook).status, 200);
        let second = SERVICE + OPERATOR - first;
        let mut console = console(&shared, second, &team);
        console.wait_for("the event", |screen| screen.contains("17"));
        console.wait_for("its role", |screen| screen.contains("attached"));
        for (name, group, mode) in shared.made() {
            let expected = if name == "log" { 0o2770 } else { 0o660 };
            assert_eq!((group, mode), (TEAM, expected), "{name}");
        }
        let names: Vec<String> = shared.made().into_iter().map(|(name, ..)| name).collect();
        for name in [
            "collector.lock",
            "journal.db",
            "journal.db-shm",
            "journal.db-wal",
            "log",
        ] {
            assert!(names.contains(&name.to_owned()), "{names:?}");
        }
        assert!(
            names.iter().any(|name| name.starts_with("holdline.2")),
            "{names:?}"
        );
        // The other one collects, and the first is back.
        collector.signal(Signal::KILL);
        console.wait_for("the role", |screen| !screen.contains("attached"));
        let mut back = Running::start(shared.by(first, &team, &["collect"]));
        back.tells("another Holdline collects");
        assert_eq!(back.end(Signal::TERM).code, Some(143));
        let told = shared.runs(first, &team, &["doctor"]);
        assert!(!told.out.contains("group  "), "no flaw: {}", told.out);
    }
}

fn console(shared: &Shared, user: u32, groups: &str) -> Tty {
    let plain = shared.by(user, groups, &[]);
    let mut command = CommandBuilder::new(plain.get_program());
    command.args(plain.get_args());
    command.env_clear();
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap());
    }
    command.env("TERM", "xterm-256color");
    command.cwd(shared.place.path());
    Tty::new(120, 36).run(command)
}

#[test]
fn who_may_not_write_is_told_the_very_command_and_it_helps() {
    // Root's own folder; another group's; one that somebody else began.
    for (user, group, mode) in [(0, 0, 0o755), (SERVICE, SERVICE, 0o2750), (0, TEAM, 0o2750)] {
        let Some(shared) = Shared::folder(user, group, mode) else {
            return;
        };
        let team = TEAM.to_string();
        let args = ["collect"];
        let refused = shared.runs(OPERATOR, &team, &args);
        let sentence = refused.refused(1);
        assert!(sentence.contains("and you are 65011"), "{sentence}");
        let remedy = command(sentence).to_owned();
        assert!(
            remedy.starts_with("chgrp") || remedy.starts_with("chmod"),
            "{remedy}"
        );
        let doctor = shared.runs(OPERATOR, &team, &["doctor"]);
        let words: String = doctor.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains(&remedy),
            "{remedy} is not in\n{}",
            doctor.out
        );
        let done = Command::new("/bin/sh")
            .args(["-c", &remedy])
            .status()
            .unwrap();
        assert!(done.success(), "{remedy}");
        let mut collector = Running::start(shared.by(OPERATOR, &team, &args));
        collector.tells("collecting into");
        assert_eq!(collector.end(Signal::TERM).code, Some(143));
    }
}

#[test]
fn who_is_not_of_the_group_is_told_to_join_it() {
    let Some(shared) = Shared::folder(SERVICE, TEAM, 0o2770) else {
        return;
    };
    let refused = shared.runs(STRANGER, "", &["collect"]);
    assert_eq!(command(refused.refused(1)), "usermod -aG 65100 65012");
}

#[test]
fn files_that_are_somebodys_own_are_given_to_the_group() {
    let Some(shared) = Shared::folder(SERVICE, TEAM, 0o770) else {
        return;
    };
    // Made without the group in mind: by an older version, or copied there.
    let mut collector = Running::start(shared.by(SERVICE, "", &["collect"]));
    collector.tells("collecting into");
    let doctor = shared.runs(SERVICE, "", &["doctor"]);
    assert!(doctor.out.contains("chmod g+s"), "{}", doctor.out);
    let refused = shared.runs(OPERATOR, &TEAM.to_string(), &["collect"]);
    let remedy = command(refused.refused(1)).to_owned();
    let done = Command::new("/bin/sh")
        .args(["-c", &remedy])
        .status()
        .unwrap();
    assert!(done.success(), "{remedy}");
    let mut other = Running::start(shared.by(OPERATOR, &TEAM.to_string(), &["collect"]));
    other.tells("another Holdline collects");
}
