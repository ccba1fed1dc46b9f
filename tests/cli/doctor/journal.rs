//! The journal: what is in it, whether it is sound, who may write it and who
//! collects.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
};

use holdline::{
    domain::{
        entry::{NewEntry, What},
        time::At,
    },
    journal::Journal,
};
use rustix::process::getuid;

use super::{Told, configured, contents, examined};
use crate::{
    pbx::Pbx,
    program::{Home, ran},
};

fn fill(folder: &Path, count: u64) -> Journal {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let journal = Journal::open(folder).unwrap();
    let entries = (0..count).map(|n| NewEntry {
        at: At(0),
        site: "north".into(),
        dedupe: None,
        what: What::Unknown {
            kind: "noise".into(),
            body: format!("{{\"n\":{n}}}").into(),
        },
    });
    let appended = journal.append(entries.collect());
    runtime.unwrap().block_on(appended).unwrap();
    journal
}

#[test]
fn a_journal_is_looked_into_and_left_as_it_is() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    configured(&home, &pbx.site("outbound"));
    let folder = home.path().join("journal");
    examined(&home, &[]).states("journal", None, "ok", "is not there yet");
    assert!(!folder.exists(), "the doctor makes none");
    drop(fill(&folder, 7));
    let before = contents(&folder);
    let told = examined(&home, &[]);
    told.states("journal", None, "ok", "writable");
    told.states("entries", None, "ok", "7 entries");
    told.states("entries", None, "ok", ", sound");
    told.states("collector", None, "ok", "nobody collects now");
    assert_eq!(contents(&folder), before);

    let journal = Journal::open(&folder).unwrap();
    let role = journal.collector_role().unwrap();
    let told = examined(&home, &[]);
    told.states("collector", None, "ok", "collects into the journal");
    if cfg!(target_os = "linux") {
        let process = format!("process {} ", std::process::id());
        told.states("collector", None, "ok", &process);
    }
    drop(role);
    assert!(journal.collector_role().unwrap().is_some());
}

#[test]
fn a_journal_that_is_damaged_or_no_journal_is_wrong() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    configured(&home, &pbx.site("outbound"));
    let folder = home.path().join("journal");
    drop(fill(&folder, 3_000));
    let file = folder.join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    assert!(
        told.wrong()[0]["found"]
            .as_str()
            .unwrap()
            .contains("damaged")
    );

    fs::write(&file, "not a database, but as long as one".repeat(99)).unwrap();
    let told = examined(&home, &[]);
    assert_eq!((told.code, told.wrong().len()), (1, 1));

    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "").unwrap();
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    told.states("journal", None, "wrong", "cannot be used as a folder");
}

#[test]
fn a_folder_that_may_not_be_written_is_wrong() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    configured(&home, &pbx.site("outbound"));
    let folder = home.path().join("journal");
    drop(fill(&folder, 7));
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&folder, 0o555);
    mode(&folder.join("journal.db"), 0o444);
    let args = ["doctor", "--format", "json", "--config", "config.toml"];
    let mut command = home.holdline(args);
    // Nothing is forbidden to root: somebody else looks.
    if getuid().is_root() {
        mode(home.path(), 0o755);
        mode(&home.path().join("config.toml"), 0o644);
        command.uid(65_534).gid(65_534);
    }
    let told = Told::by(&ran(command));
    mode(&folder, 0o755);
    assert_eq!(told.code, 1);
    told.states("journal", None, "wrong", "you may not write in");
    // It can still be read.
    told.states("entries", None, "ok", "7 entries");
}
