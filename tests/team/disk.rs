//! What the program keeps on the disk beside the journal stays bounded: the
//! log of a console that has much to say.

use std::fs;

use crate::program::Home;

/// The log is in files of at most 5 MB, and of 50 MB together, whoever writes
/// it and however much.
#[test]
fn a_log_that_says_everything_stays_below_its_share() {
    let home = Home::new();
    let folder = home.path().join("log");
    let test = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new(test);
    command
        .args([
            "disk::writes_a_flood",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("HOLDLINE_LOG", "trace")
        .env("HOLDLINE_TEST_FOLDER", &folder);
    let ran = crate::program::ran(command);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let files = fs::read_dir(&folder).unwrap().map(Result::unwrap);
    let sizes: Vec<u64> = files.map(|file| file.metadata().unwrap().len()).collect();
    assert!(sizes.iter().all(|size| *size <= 5_000_000), "{sizes:?}");
    let all: u64 = sizes.iter().sum();
    assert!((40_000_000..=50_000_000).contains(&all), "{all}");
}

/// In a process of its own, for the log is a process's.
#[test]
#[ignore = "another test runs it, in a process of its own"]
fn writes_a_flood() {
    let Some(folder) = std::env::var_os("HOLDLINE_TEST_FOLDER") else {
        return;
    };
    holdline::runtime::log::to_files(folder.as_ref()).unwrap();
    let much = "x".repeat(20_000);
    for n in 0..3_500 {
        tracing::debug!(target: "holdline", n, "{much}");
    }
}
