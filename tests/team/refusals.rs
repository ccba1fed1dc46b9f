//! What keeps a collector or a console from starting: one sentence with the
//! way out, and the right exit code (R24).

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use rustix::process::{Signal, getuid};

use crate::{
    program::{Home, Ran, Running, ran},
    pushing,
};

fn home() -> Home {
    let home = Home::new();
    home.file("config.toml", &pushing("127.0.0.1:0"));
    home
}

/// As it is started by hand, as a service, and to look at the journal.
const WAYS: [&[&str]; 3] = [&["collect"], &["journal", "compact"], &[]];

fn started(home: &Home, args: &[&str]) -> Ran {
    home.run(args.iter().chain(&["--config", "config.toml"]))
}

#[test]
fn of_two_collectors_one_waits_and_takes_over() {
    for _ in 0..3 {
        let home = home();
        let start = || {
            let command = home.holdline(["collect", "--config", "config.toml"]);
            Running::start(command)
        };
        let mut both = [start(), start()];
        for each in &mut both {
            each.tells("collect");
        }
        let collects = |r: &Running| r.said.iter().any(|line| line.contains("collecting into"));
        let [first, second] = both;
        let (one, mut other) = if collects(&first) {
            (first, second)
        } else {
            (second, first)
        };
        assert!(collects(&one) && !collects(&other));
        assert_eq!(one.end(Signal::TERM).code, Some(143));
        other.tells("collecting into");
        assert_eq!(other.end(Signal::TERM).code, Some(143));
    }
}

#[test]
fn a_path_that_is_a_file_is_one_sentence() {
    let home = home();
    home.file("journal", "not a folder");
    for args in WAYS {
        let ran = started(&home, args);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.sentence().contains("[journal]"), "{ran:?}");
    }
}

/// Whether this machine lets us have a small disk of our own.
fn has_small_disks() -> bool {
    let mount = "mount -t tmpfs -o size=4k none /mnt";
    let tried = Command::new("unshare")
        .args(["-m", "sh", "-c", mount])
        .output();
    let may = tried.is_ok_and(|tried| tried.status.success());
    if !may {
        println!("left out: it takes root and unshare to have a small disk");
    }
    may
}

#[test]
fn a_disk_that_is_full_at_the_start_is_one_sentence_and_leaves_the_journal_as_it_is() {
    if !has_small_disks() {
        return;
    }
    // A new journal, and one that is there, on a disk with room for so many
    // more pages.
    for (existing, pages) in [(false, 0), (false, 2), (false, 8), (true, 0), (true, 1)] {
        let home = home();
        let kept = home.path().join("kept");
        std::fs::create_dir(&kept).unwrap();
        if existing {
            drop(holdline::journal::Journal::open(&kept).unwrap());
        }
        let folder = home.path().join("journal");
        std::fs::create_dir(&folder).unwrap();
        let inner = home.holdline(["collect", "--config", "config.toml"]);
        let script = format!(
            "mount -t tmpfs -o size=1m none journal && cp -p kept/* journal/ 2>/dev/null; \
             head -c 2000000 /dev/zero > journal/filler 2>/dev/null; \
             truncate -s -$(({pages} * 4096)) journal/filler; \
             \"$0\" \"$@\" & wait $!; code=$?; rm journal/filler; cp journal/* kept/; exit $code"
        );
        let mut command = Command::new("unshare");
        command
            .args(["-m", "sh", "-c", &script])
            .arg(inner.get_program())
            .args(inner.get_args())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .current_dir(home.path());
        let ran = ran(command);
        assert_eq!(ran.code, Some(1), "{existing} {pages} {ran:?}");
        let full = ran.sentence().contains("the disk is full");
        assert!(full, "{existing} {pages} {ran:?}");
        // With room it starts, whatever was begun.
        std::fs::remove_dir(&folder).unwrap();
        std::fs::rename(&kept, &folder).unwrap();
        let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
        running.tells("collecting into");
    }
}

#[test]
fn a_folder_for_reading_only_is_one_sentence() {
    let home = Home::new();
    let secret = "\"new-secret-0123456789\"";
    let config = pushing("127.0.0.1:0").replace(secret, "{ env = \"TEAM\" }");
    home.file("config.toml", &config);
    let folder = home.path().join("journal");
    fs::create_dir(&folder).unwrap();
    let mode = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let mut command = home.holdline(["collect", "--config", "config.toml"]);
    command.env("TEAM", "new-secret-0123456789");
    if getuid().is_root() {
        use std::os::unix::process::CommandExt;
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let file = home.path().join("config.toml");
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        command.uid(65_534).gid(65_534);
    }
    let ran = ran(command);
    mode(0o755);
    let sentence = ran.refused(1);
    assert!(
        sentence.contains("with mode 555, and you are"),
        "{sentence}"
    );
    assert!(sentence.contains("chmod 2770"), "{sentence}");
}
