//! `holdline events`: the journal for scripts.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::Stdio,
    time::Duration,
};

use holdline::{
    emit::Shape,
    sim::{Fault, Rule},
};
use rustix::process::Signal;
use serde_json::Value;

use super::{
    office::Office,
    program::{Home, Running, is_fit_to_show},
    stub::post,
};

const CONFIG: [&str; 2] = ["--config", "config.toml"];

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn names(events: &[Value]) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for event in events {
        *names
            .entry(event["event"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    names
}

fn hooks(office: &Office) -> Vec<Value> {
    let mut all = office.lists(&["events"]);
    all.retain(|event| event["source"] == "hook");
    all
}

#[test]
fn everything_that_was_accepted_is_there_once_and_in_order() {
    let office = Office::open(Shape::Form, 1);
    office.suffers(Rule::from(Fault::Duplicate).percent(50).on("call:"));
    let pushes = office.let_pass(seconds(400));
    assert!(pushes.repeated > 20, "{pushes:?}");
    let events = hooks(&office);
    assert_eq!(events.len() as u64, pushes.accepted);
    assert_eq!(
        names(&events).len(),
        8,
        "all nine but checkout: {:?}",
        names(&events)
    );
    let seqs: Vec<u64> = events.iter().map(|e| e["seq"].as_u64().unwrap()).collect();
    assert!(seqs.is_sorted());
    let fields: Vec<&String> = events[0].as_object().unwrap().keys().collect();
    let expected = "seq at site source event call_id leg_id agent queue body";
    assert_eq!(fields, expected.split(' ').collect::<Vec<_>>());
    let ring = events.iter().find(|e| e["event"] == "call:ring").unwrap();
    assert_eq!(ring["leg_id"], ring["body"]["id"]);
    assert_eq!(ring["call_id"], ring["body"]["call_id"]);
    assert_eq!(ring["agent"], ring["body"]["dst_user_id"]);
}

#[test]
fn who_does_not_know_the_secret_leaves_a_refusal_and_nothing_else() {
    let office = Office::open(Shape::Query, 2);
    office.suffers(Rule::from(Fault::WrongSecret).percent(30));
    let pushes = office.let_pass(seconds(60));
    assert!(pushes.refused > 5, "{pushes:?}");
    assert_eq!(hooks(&office).len() as u64, pushes.accepted);
}

#[test]
fn it_is_narrowed_by_number_time_and_site() {
    let office = Office::open(Shape::Json, 1);
    office.let_pass(seconds(60));
    let all = office.lists(&["events"]);
    let last = office.lists(&["events", "-n", "3"]);
    assert_eq!(last, all[all.len() - 3..]);
    assert_eq!(office.lists(&["events", "-n", "1000000"]), all);
    assert_eq!(office.lists(&["events", "--since", "-15m"]), all);
    assert_eq!(
        office.lists(&["events", "--since", "+1h"]),
        [] as [Value; 0]
    );
    assert_eq!(
        office.lists(&["events", "--until", "-1h"]),
        [] as [Value; 0]
    );
    let at = all[4]["at"].as_str().unwrap();
    let since = office.lists(&["events", "--since", at]);
    assert!(since.len() >= all.len() - 4 && since.len() < all.len());
    let args = ["events", "--site", "support", "--format", "csv"];
    let ran = office.home.run(args.iter().chain(&CONFIG));
    assert_eq!(ran.fine().lines().count(), 1, "a header alone: {}", ran.out);
}

#[test]
fn every_format_holds_every_event() {
    let office = Office::open(Shape::Json, 1);
    office.let_pass(seconds(30));
    let all = office.lists(&["events"]);
    let print = |format: &str| {
        let args = ["events", "--site", "team", "--format", format];
        office
            .home
            .run(args.iter().chain(&CONFIG))
            .fine()
            .to_owned()
    };
    let lines = print("ndjson");
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines, all);
    let csv = print("csv");
    assert!(csv.starts_with("seq,at,site,source,event,call_id,leg_id,agent,queue,body\n"));
    assert_eq!(csv.lines().count(), all.len() + 1);
    let table = print("table");
    assert_eq!(table.lines().count(), all.len() + 1);
    assert!(table.contains("agent:checkin"));
}

#[test]
fn following_it_tells_each_event_as_it_comes_until_a_signal() {
    let office = Office::open(Shape::Json, 1);
    let args = [
        "events", "--site", "team", "-n", "0", "--follow", "--format", "ndjson",
    ];
    let mut follower = Running::start(office.home.holdline(args.iter().chain(&CONFIG)));
    let mut plain = Running::start(
        office
            .home
            .holdline(["events", "--follow"].iter().chain(&CONFIG)),
    );
    assert!(plain.line().contains("SEQ"));
    let before = hooks(&office).len();
    // All that there was, then what comes.
    for _ in 0..before {
        assert!(plain.line().contains("team"));
    }
    office.let_pass(seconds(5));
    let first: Value = serde_json::from_str(&follower.line()).unwrap();
    assert_eq!(first["site"], "team");
    assert!(plain.line().contains("team"));
    assert_eq!(follower.end(Signal::INT).code, Some(130));
    assert_eq!(plain.end(Signal::TERM).code, Some(143));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let office = Office::open(Shape::Json, 1);
    office.let_pass(seconds(5));
    let args = ["events", "--follow", "--format", "ndjson"];
    let mut child = office
        .home
        .holdline(args.iter().chain(&CONFIG))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    drop(out);
    // Nothing happens any more, and it still ends.
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), done.stderr.len()), (Some(0), 0));
}

#[test]
fn a_journal_that_is_not_there_is_one_sentence() {
    let home = Home::new();
    home.file("config.toml", "[journal]\npath = \"nowhere\"\n");
    let events = |rest: &[&str]| home.run(["events"].iter().chain(&CONFIG).chain(rest));
    let ran = events(&["--format", "json"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "[]\n"));
    assert!(ran.err.contains("start `holdline collect`"), "{ran:?}");
    assert!(
        events(&["--follow"])
            .err
            .contains("start `holdline collect`")
    );
    assert_eq!(events(&["--follow"]).code, Some(1));
    let ran = events(&["--follow", "--format", "json"]);
    assert!(ran.refused(2).contains("ndjson"));
    assert_eq!(events(&["--since", "soon"]).code, Some(2));
    assert!(!home.path().join("nowhere").exists());
}

#[test]
fn hostile_text_reaches_no_terminal_and_no_spreadsheet() {
    const HOSTILE: &str = "=cmd()\\u001b[2J\\u202e\\u0007";
    let office = Office::open(Shape::Json, 1);
    let url = office.sim.sites()["contaqt"].clone();
    let events = [
        format!(r#"{{"event":"agent:checkin","user_id":"{HOSTILE}","device_name":"{HOSTILE}"}}"#),
        format!(
            r#"{{"event":"call:start","id":"{HOSTILE}","call_id":"{HOSTILE}","ts":1795200000,"type":"queue","queue_id":"{HOSTILE}","cid_num":"{HOSTILE}","cid_name":"{HOSTILE}"}}"#
        ),
        format!(r#"{{"event":"{HOSTILE}","own":"{HOSTILE}"}}"#),
    ];
    for event in &events {
        post(&url, event);
    }
    for what in ["agents", "calls", "callers", "events"] {
        for format in ["table", "csv", "json", "ndjson"] {
            let args = [what, "--site", "team", "--format", format];
            let ran = office.home.run(args.iter().chain(&CONFIG));
            let out = ran.fine();
            assert!(out.contains("cmd()"), "{what} {format}: {out}");
            is_fit_to_show(out);
            if format == "csv" {
                assert!(!out.contains(",=cmd"), "{what}: {out}");
            }
        }
    }
}
