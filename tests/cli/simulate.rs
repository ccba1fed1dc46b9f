//! `holdline simulate`: ready in one line, of use to a script, gone without a
//! trace.

use std::{
    collections::BTreeSet, net::TcpListener, os::unix::fs::PermissionsExt, path::Path,
    time::Duration,
};

use jiff::Timestamp;
use rustix::process::Signal;
use serde_json::Value;

use super::{
    program::{Home, Running},
    stub::{answer, open, post},
};

/// Started, and what its one line says.
fn ready(home: &Home, args: &[&str]) -> (Running, Value) {
    let mut running = Running::start(home.holdline(["simulate"].iter().chain(args)));
    let line = running.line();
    (running, serde_json::from_str(&line).unwrap())
}

fn temporary(home: &Home) -> Vec<String> {
    std::fs::read_dir(home.path().join("tmp"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn it_says_that_it_is_ready_in_one_line_and_serves_what_it_says() {
    let home = Home::new();
    let (running, ready) = ready(&home, &[]);
    let keys: Vec<&String> = ready.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["url", "sites", "config"]);
    let url = ready["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(ready["sites"]["telecomx"], format!("{url}/telecomx"));

    let config = ready["config"].as_str().unwrap();
    assert!(Path::new(config).is_absolute());
    let mode = std::fs::metadata(config).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    home.run(["config", "check", "--config", config]).fine();
    let args = [
        "callers", "--config", config, "--site", "support", "--format", "json",
    ];
    assert!(home.run(args).fine().contains("\"queue_name\""));

    assert_eq!(temporary(&home).len(), 1);
    let ended = running.end(Signal::TERM);
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (Some(143), "", "")
    );
    assert!(
        temporary(&home).is_empty(),
        "it leaves {:?}",
        temporary(&home)
    );
}

#[test]
fn every_signal_ends_it_at_once_and_with_its_number() {
    let home = Home::new();
    for (signal, code) in [
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::TERM, 143),
    ] {
        let (running, ready) = ready(&home, &[]);
        // A client that is being answered slowly does not hold it up.
        let url = ready["url"].as_str().unwrap().to_owned();
        let hang = r#"{"fault":{"kind":"hang"}}"#;
        post(&format!("{url}/_sim/faults"), hang);
        let path = format!("{url}/telecomx/pbx/queue/1/callers");
        let asking = open(&path);
        let ended = running.end(signal);
        assert_eq!(ended.code, Some(code));
        assert!(ended.took < Duration::from_secs(2), "{:?}", ended.took);
        drop(asking);
    }
    assert!(temporary(&home).is_empty());
}

#[test]
fn a_configuration_goes_where_it_is_asked_for_and_only_its_owner_reads_it() {
    let home = Home::new();
    let there = home.file("there.toml", "something longer than any configuration\n");
    std::fs::set_permissions(&there, std::fs::Permissions::from_mode(0o666)).unwrap();
    for name in ["there.toml", "new.toml"] {
        let (running, ready) = ready(&home, &["--config-out", name]);
        let path = home.path().join(name);
        assert_eq!(ready["config"], path.to_str().unwrap());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        home.run(["config", "check", "--config", name]).fine();
        // The journal stays with it, and is made by who uses it.
        let journal = path.with_extension("journal");
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.contains(journal.to_str().unwrap()), "{written}");
        assert!(!journal.exists());
        assert!(temporary(&home).is_empty());
        running.end(Signal::TERM);
        assert!(path.exists(), "what was asked for stays");
    }
}

#[test]
fn what_it_cannot_do_is_one_sentence() {
    let home = Home::new();
    for (args, words) in [
        (["--listen", "0.0.0.0:0"], "listens on this machine only"),
        (["--listen", "192.0.2.7:80"], "listens on this machine only"),
        (["--listen", "[::]:0"], "listens on this machine only"),
        (["--speed", "0"], "give one above 0"),
        (["--speed", "nan"], "give one above 0"),
        (
            ["--config-out", "no/such/folder/c.toml"],
            "give another --config-out",
        ),
        (["--config-out", ""], "--config-out"),
    ] {
        let ran = home.run(["simulate"].iter().chain(&args));
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{args:?}: {ran:?}"
        );
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = home.run(["simulate", "--listen", &address]);
    let sentence = ran.err.strip_prefix("holdline: ").unwrap();
    assert_eq!((ran.code, sentence.lines().count()), (Some(2), 1));
    assert!(sentence.contains("give another port, or 0"), "{sentence}");
    assert!(temporary(&home).is_empty());
}

/// The ids of everybody who waits.
fn ids(args: &[&str]) -> BTreeSet<String> {
    let home = Home::new();
    let (running, ready) = ready(&home, args);
    let config = ready["config"].as_str().unwrap();
    let ran = home.run([
        "callers", "--config", config, "--site", "support", "--format", "json",
    ]);
    let callers: Vec<Value> = serde_json::from_str(ran.fine()).unwrap();
    running.end(Signal::TERM);
    callers
        .iter()
        .map(|c| c["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_same_seed_is_the_same_day() {
    let (one, same, other) = (
        ids(&["--seed", "7"]),
        ids(&["--seed", "7"]),
        ids(&["--seed", "8"]),
    );
    // Both began a moment ago: at most a few have come or gone in between.
    let shared = one.intersection(&same).count();
    assert!(shared * 2 > one.len().max(same.len()), "{one:?}\n{same:?}");
    assert!(one.is_disjoint(&other));
}

#[test]
fn waits_are_right_at_any_speed() {
    let home = Home::new();
    let (running, ready) = ready(&home, &["--speed", "3600"]);
    let config = ready["config"].as_str().unwrap();
    let url = ready["sites"]["telecomx"].as_str().unwrap();
    let clock = || {
        let (head, _) = answer(&format!("{url}/clock"), "x-test: 1");
        let date = head.lines().find_map(|line| line.strip_prefix("date: "));
        jiff::fmt::rfc2822::parse(date.unwrap())
            .unwrap()
            .timestamp()
    };
    let before = clock();
    let ran = home.run([
        "callers", "--config", config, "--site", "support", "--format", "json",
    ]);
    let after = clock();
    let callers: Vec<Value> = serde_json::from_str(ran.fine()).unwrap();
    for caller in callers {
        let entered: Timestamp = caller["entered"].as_str().unwrap().parse().unwrap();
        let wait = caller["wait_s"].as_i64().unwrap();
        // Who entered meanwhile had no wait before.
        let least = before.duration_since(entered).as_secs().max(0) - 2;
        let most = after.duration_since(entered).as_secs() + 2;
        assert!(
            (least..=most).contains(&wait),
            "{wait}, not {least} to {most}"
        );
    }
    running.end(Signal::TERM);
}

#[test]
fn its_office_pushes_to_the_receiver_that_its_configuration_names() {
    let home = Home::new();
    let (_simulator, ready) = ready(&home, &["--config-out", "sim.toml"]);
    let pushed = ready["sites"]["contaqt"].as_str().unwrap();
    let args = ["--config", "sim.toml", "--site", "team"];
    let url = home.run(["hooks", "url"].iter().chain(&args));
    assert_eq!(url.out.trim_end(), pushed);
    let mut collector = Running::start(home.holdline(["collect"].iter().chain(&args)));
    collector.tells("listening for webhooks");
    let rest = ["events", "--follow", "--format", "ndjson"];
    let mut events = Running::start(home.holdline(rest.iter().chain(&args)));
    let mut agents = BTreeSet::new();
    while agents.len() < 8 {
        let event: Value = serde_json::from_str(&events.line()).unwrap();
        agents.extend(event["agent"].as_str().map(str::to_owned));
    }
    let rest = ["agents", "--format", "json"];
    let ran = home.run(rest.iter().chain(&args));
    let listed: Vec<Value> = serde_json::from_str(ran.fine()).unwrap();
    assert_eq!(listed.len(), 12);
    let known = listed.iter().filter(|a| a["state"] != "unknown");
    let known: BTreeSet<_> = known
        .map(|a| a["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(known.is_superset(&agents), "{known:?}");
}
