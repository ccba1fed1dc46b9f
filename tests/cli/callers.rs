//! `holdline callers`: names, order, types and formats are a contract with
//! scripts, so they stand here once more, written out.

use std::{path::PathBuf, process::Command};

use holdline::{
    domain::time::At,
    sim::{Fault, Rule, telecomx::QUEUE_IDS},
};
use serde_json::{Value, json};

use super::{
    program::{Home, Ran, is_fit_to_show, ran},
    stub::Stub,
    vendor::{NOW, QUEUES, Vendor, site},
};

const CALLERS: &str = include_str!("../fixtures/cli/callers.json");
const TABLE: &str = include_str!("../fixtures/cli/table.txt");
const FIELDS: &str = "site queue queue_name id state position number secret name entered wait_s \
                      answered presentation answered_by_extension answered_by_number";
const FORMATS: [&str; 4] = ["table", "json", "ndjson", "csv"];

/// A site with one queue, whose list is `body`.
fn listing(home: &Home, body: &str) -> PathBuf {
    let stub = Stub::json(body);
    let text = format!(
        "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"{}\"\ntoken = \"t\"\n\
         queues = [{{ id = \"00AB\", name = \"front desk\" }}]\n",
        stub.url
    );
    home.file("config.toml", &text)
}

/// The output in this format of the fixture's list.
fn printed(format: &str) -> String {
    let home = Home::new();
    listing(&home, CALLERS);
    let ran = home.run(["--config", "config.toml", "callers", "--format", format]);
    ran.fine().to_owned()
}

fn objects(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

/// The objects without their waits, each of which must be a whole number of
/// seconds since `entered`.
fn without_waits(mut callers: Vec<Value>) -> Vec<Value> {
    let now = At(jiff::Timestamp::now().as_millisecond());
    for caller in &mut callers {
        let wait = caller.as_object_mut().unwrap().shift_remove("wait_s");
        match caller["entered"].as_str() {
            None => assert_eq!(wait, Some(Value::Null)),
            Some(entered) => {
                let expected = now.since(At::parse(entered).unwrap()).as_secs();
                let wait = wait.unwrap().as_u64().unwrap();
                assert!(wait.abs_diff(expected) <= 60, "{wait}, {expected}");
            }
        }
    }
    callers
}

/// What the fixture says, as scripts see it.
fn expected() -> Vec<Value> {
    let caller = |id: &str, state: &str, position: Option<u32>, rest: Value| {
        let mut caller = json!({
            "site": "north", "queue": "00AB", "queue_name": "front desk",
            "id": id, "state": state, "position": position,
            "number": null, "secret": false, "name": null, "entered": null,
            "answered": null, "presentation": "+4570305050",
            "answered_by_extension": null, "answered_by_number": null,
        });
        for (name, value) in rest.as_object().unwrap() {
            caller[name] = value.clone();
        }
        caller
    };
    vec![
        caller(
            "1.vip-pbx-vest1",
            "vip",
            None,
            json!({
                "number": "35203041", "name": "Ægir, \"the\" Øl",
                "entered": "2018-01-01T00:00:09.25Z",
            }),
        ),
        caller(
            "4711",
            "callback",
            Some(1),
            json!({
                "number": "+4535203042", "name": "山田太郎",
                "entered": "2018-01-01T00:00:02Z", "answered_by_extension": "42",
            }),
        ),
        caller(
            "46265y784.234-pbx1.telecomx.dk",
            "queued",
            Some(2),
            json!({
                "number": "+4535203040", "name": "Bamse & Kylling",
                "entered": "2018-01-01T00:00:03Z", "answered": "2018-01-01T00:00:09Z",
                "answered_by_extension": "5e7700000000000000000201", "answered_by_number": "201",
            }),
        ),
        caller(
            "3.secret",
            "queued",
            Some(3),
            json!({
                "secret": true, "entered": "2018-01-01T00:00:04Z",
            }),
        ),
        caller(
            "4.hostile",
            "queued",
            Some(4),
            json!({
                "number": "=1+1", "name": "\u{1b}[2J\u{202e}evil\r\n,\u{9b}31m",
                "entered": "2018-01-01T00:00:05Z", "presentation": "@SUM(A1)",
            }),
        ),
        caller(
            "5.odd",
            "parked",
            Some(5),
            json!({
                "entered": "2018-01-01T00:00:06.5Z", "presentation": null,
            }),
        ),
        caller(
            "6.timeless",
            "queued",
            Some(6),
            json!({
                "number": "anonymous", "name": "-2+3",
            }),
        ),
    ]
}

#[test]
fn json_is_one_array_of_objects_with_the_promised_fields() {
    let text = printed("json");
    let callers = objects(&text);
    let fields: Vec<&str> = FIELDS.split_whitespace().collect();
    for caller in &callers {
        let names: Vec<&String> = caller.as_object().unwrap().keys().collect();
        assert_eq!(names, fields);
    }
    assert_eq!(without_waits(callers), expected());
    is_fit_to_show(&text);
}

#[test]
fn ndjson_is_the_same_objects_one_a_line() {
    let text = printed("ndjson");
    let lines = text.lines().map(|l| serde_json::from_str(l).unwrap());
    assert_eq!(without_waits(lines.collect()), expected());
    assert!(text.ends_with("}\n"));
    is_fit_to_show(&text);
}

#[test]
fn csv_is_one_header_and_rows_that_a_spreadsheet_may_open() {
    let text = printed("csv");
    is_fit_to_show(&text);
    assert_eq!(
        text.lines().next().unwrap(),
        FIELDS.split_whitespace().collect::<Vec<_>>().join(",")
    );
    // Quoted where RFC 4180 says so.
    assert!(text.contains(",\"Ægir, \"\"the\"\" Øl\","), "{text}");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), expected().len());
    for (row, caller) in rows.iter().zip(expected()) {
        for (name, cell) in names.iter().zip(row) {
            let as_told = match &caller[name] {
                Value::Null if name == "wait_s" => continue,
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let disarmed = match as_told.as_str() {
                "=1+1" => "'=1+1",
                "@SUM(A1)" => "'@SUM(A1)",
                "-2+3" => "'-2+3",
                "\u{1b}[2J\u{202e}evil\r\n,\u{9b}31m" => "␛[2J\u{fffd}evil␍␊,\u{fffd}31m",
                plain => plain,
            };
            assert_eq!(cell, disarmed, "{name}");
        }
    }
}

#[test]
fn the_table_stands_straight_and_marks_hostile_text() {
    let text = printed("table");
    is_fit_to_show(&text);
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    // The fixture cannot hold the marks' widths by eye: they take one cell.
    assert_eq!(lines(&text), lines(TABLE));
    // What is no terminal gets a table all the same, unless it asks otherwise.
    let home = Home::new();
    listing(&home, CALLERS);
    assert_eq!(
        home.run(["callers", "--config", "config.toml"]).fine(),
        text
    );
}

#[test]
fn no_output_ever_has_colour() {
    let home = Home::new();
    listing(&home, CALLERS);
    for args in [
        vec!["callers"],
        vec!["callers", "--nonsense"],
        vec!["--help"],
    ] {
        let mut command = home.holdline(args.into_iter().chain(["--config", "config.toml"]));
        command
            .env("CLICOLOR_FORCE", "1")
            .env("FORCE_COLOR", "1")
            .env("TERM", "xterm-256color");
        let ran = ran(command);
        is_fit_to_show(&ran.out);
        is_fit_to_show(&ran.err);
    }
}

#[test]
fn an_empty_queue_is_a_header_an_array_or_nothing() {
    let home = Home::new();
    listing(&home, " [ ] ");
    let printed = |format: &str| {
        let ran = home.run(["callers", "--config", "config.toml", "--format", format]);
        ran.fine().to_owned()
    };
    assert_eq!(printed("json"), "[]\n");
    assert_eq!(printed("ndjson"), "");
    assert_eq!(printed("csv").lines().count(), 1);
    assert_eq!(printed("table").lines().count(), 1);
}

#[test]
fn a_queue_is_asked_for_by_name_or_id() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    for wanted in [QUEUES[1], QUEUE_IDS[1]] {
        let before = vendor.sim.requests();
        let ran = home.run([
            "callers",
            "--queue",
            wanted,
            "--config",
            "config.toml",
            "--format",
            "json",
        ]);
        for caller in objects(ran.fine()) {
            assert_eq!(caller["queue"], QUEUE_IDS[1]);
            assert_eq!(caller["queue_name"], QUEUES[1]);
        }
        let mut after = vendor.sim.requests();
        let asked = format!("GET /telecomx/pbx/queue/{}/callers", QUEUE_IDS[1]);
        *after.get_mut(&asked).unwrap() -= 1;
        after.retain(|_, n| *n > 0);
        assert_eq!(after, before, "no other queue is asked for");
    }
}

#[test]
fn a_site_is_asked_alone() {
    let (home, one, other) = (Home::new(), Vendor::start(), Vendor::seeded(2));
    let token = holdline::sim::telecomx::TOKEN;
    let text = site("north", &one.url(), token) + &site("south", &other.url(), token);
    home.file("config.toml", &text);
    let sites = |args: &[&str]| {
        let ran = home.run(
            args.iter()
                .chain(&["--config", "config.toml", "--format", "json"]),
        );
        let mut sites: Vec<String> = objects(ran.fine())
            .iter()
            .map(|c| c["site"].as_str().unwrap().to_owned())
            .collect();
        sites.dedup();
        sites
    };
    assert_eq!(sites(&["callers"]), ["north", "south"]);
    assert!(!one.sim.requests().is_empty());
    assert_eq!(sites(&["callers", "--site", "south"]), ["south"]);
    assert_eq!(sites(&["--site", "north", "callers"]), ["north"]);
}

/// The rows as the vendor sends them, with what we must not show.
fn wire(vendor: &Vendor) -> Vec<Value> {
    let mut rows = Vec::new();
    for id in QUEUE_IDS {
        let url = format!("{}/pbx/queue/{id}/callers", vendor.url());
        let token = format!("authorization: Bearer {}", holdline::sim::telecomx::TOKEN);
        let answer = super::stub::get(&url, &token);
        rows.extend(objects(&answer));
    }
    rows
}

#[test]
fn a_secret_number_on_the_wire_is_nowhere_in_any_output() {
    let secret = |row: &Value| row["privacy"] == true && row["number"].is_string();
    let (vendor, rows) = (1..200)
        .map(|seed| {
            let vendor = Vendor::seeded(seed);
            let rows = wire(&vendor);
            (vendor, rows)
        })
        .find(|(_, rows)| rows.iter().any(secret))
        .expect("no day has a secret caller whose number is sent");
    let home = Home::new();
    vendor.config(&home);
    for format in FORMATS {
        let mut command = home.holdline(["callers", "--config", "config.toml", "--format", format]);
        command.env("HOLDLINE_LOG", "trace");
        let ran = ran(command);
        let out = ran.fine();
        for row in rows.iter().filter(|row| secret(row)) {
            assert!(out.contains(row["_id"].as_str().unwrap()));
            for field in ["number", "name"] {
                let value = row[field].as_str().unwrap_or_default();
                assert!(
                    value.is_empty() || !out.contains(value),
                    "{format}: {value}"
                );
            }
        }
        if format == "json" {
            for caller in objects(out).iter().filter(|c| c["secret"] == true) {
                assert_eq!(
                    (&caller["number"], &caller["name"]),
                    (&Value::Null, &Value::Null)
                );
            }
        }
    }
}

#[test]
fn waits_are_right_whatever_the_vendors_clock_says() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    // The simulator's clock stands, so its own answers are the measure.
    let now = At::parse(NOW).unwrap();
    for seconds in [0, 3_600, -3_600, 40_000_000] {
        vendor.suffers(Fault::Skew { seconds });
        let ran = home.run(["callers", "--config", "config.toml", "--format", "json"]);
        let callers = objects(ran.fine());
        assert!(!callers.is_empty());
        for caller in callers {
            let entered = At::parse(caller["entered"].as_str().unwrap()).unwrap();
            let true_wait = now.shift(seconds * 1_000).since(entered).as_secs();
            let wait = caller["wait_s"].as_u64().unwrap();
            assert!(
                wait.abs_diff(true_wait) <= 2,
                "{seconds}: {wait}, {true_wait}"
            );
        }
    }
}

#[test]
fn several_rows_with_one_id_are_one_caller() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    let listed = || {
        let ran = home.run(["callers", "--config", "config.toml", "--format", "json"]);
        without_waits_as_told(objects(ran.fine()))
    };
    let plain = listed();
    vendor.suffers(Fault::DuplicateIds);
    assert_eq!(listed(), plain);
}

fn without_waits_as_told(mut callers: Vec<Value>) -> Vec<Value> {
    for caller in &mut callers {
        caller.as_object_mut().unwrap().shift_remove("wait_s");
    }
    callers
}

#[test]
fn a_huge_list_is_printed_whole() {
    const ROWS: usize = 5_000;
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    vendor.suffers(Rule::from(Fault::Huge { rows: ROWS }));
    let ran = home.run([
        "callers",
        "--queue",
        "sales",
        "--config",
        "config.toml",
        "--format",
        "csv",
    ]);
    assert_eq!(ran.fine().lines().count(), 1 + ROWS);
}

/// Runs through a shell, as the pipe of `command | head -1` is.
fn shell(home: &Home, script: &str) -> Ran {
    let program = home.holdline::<&str>([]);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", script])
        .env_clear()
        .current_dir(home.path())
        .env("HOLDLINE", program.get_program());
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    ran(shell)
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_without_a_word() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    vendor.suffers(Rule::from(Fault::Huge { rows: 3_000 }));
    for format in FORMATS {
        let ran = shell(
            &home,
            &format!(
                "{{ $HOLDLINE callers --config config.toml --format {format}; echo $? >code; }} | head -n 1"
            ),
        );
        assert_eq!(ran.err, "", "{format}");
        assert_eq!(ran.out.lines().count(), 1);
        let code = std::fs::read_to_string(home.path().join("code")).unwrap();
        assert_eq!(code, "0\n", "{format}");
    }
}

#[test]
fn a_full_disk_is_one_sentence() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    for command in [
        "callers --config config.toml --format table",
        "callers --config config.toml --format json",
        "callers --config config.toml --format ndjson",
        "callers --config config.toml --format csv",
        "config path",
        "config example",
        "config check --config config.toml",
        "simulate",
        "--help",
        "--version",
    ] {
        let ran = shell(&home, &format!("exec $HOLDLINE {command} >/dev/full"));
        let sentence = ran.refused(1);
        assert!(
            sentence.contains("standard output"),
            "{command}: {sentence}"
        );
    }
}
