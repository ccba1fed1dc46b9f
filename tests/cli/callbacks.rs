//! `holdline callbacks`: names, order, types and formats are a contract with
//! scripts, so they stand here once more, written out.

use std::{fs, path::Path, sync::Arc};

use holdline::{
    domain::{
        entry::{NewEntry, What},
        time::At,
        triage::{Act, Deed, LEASE, Subject},
    },
    journal::Journal,
};
use serde_json::{Value, json};

use super::{
    pbx::{Pbx, command, ids, page_of, rows, site},
    program::{Home, is_fit_to_show},
    vendor::{self, Vendor},
};

const FIELDS: &str = "site id status number e164 name dnid outbound_number project_id \
                      inbound_route_id outbound_type attend_type external_id assign_type \
                      assigned_to campaign schedule created priority retries max_retries late_s \
                      claimed_by extra";
const FORMATS: [&str; 4] = ["table", "json", "ndjson", "csv"];

/// A row with everything, one with as little as can be, one of a web form
/// that hostile people fill in.
fn sent() -> Vec<Value> {
    vec![
        json!({
            "id": 4711, "status": "in progress", "caller_id": "21 12 34 56",
            "caller_id_name": "Ægir, \"the\" Øl", "dnid": "+4570305050",
            "outbound_number": "+4570305051", "project_id": 7, "inbound_route_id": "12",
            "outbound_type": "auto", "attend_type": "unattended", "external_id": "CRM-9",
            "type": "queue", "destination": "123", "campaign_name": "Winter",
            "schedule": "2024-07-01 10:00:00", "date_created": "2024-01-01 00:00:00",
            "priority": 5, "retries": "1", "max_retries": 3,
            "vars": { "BACKEND_LINK": "https://crm.example.com/9" }, "weight": 0.1
        }),
        json!({ "id": "b", "schedule": "0000-00-00 00:00:00", "caller_id": "" }),
        json!({
            "id": "=1+1", "status": "completed", "caller_id": "+4521123456",
            "caller_id_name": "=HYPERLINK(\"http://x\")", "campaign_name": "@SUM(A1)",
            "external_id": "-2+3", "destination": "\t=1", "dnid": "a\u{1b}[2J\u{202e}b\r\nc",
            "schedule": "2024-01-01 10:00:00", "note": "=1+1\u{9b}"
        }),
    ]
}

/// What scripts see of it.
fn expected() -> Vec<Value> {
    let row = |values: Value| {
        let mut row = json!({ "site": "outbound" });
        for name in FIELDS.split_whitespace().skip(1) {
            row[name] = values.get(name).cloned().unwrap_or(Value::Null);
        }
        row
    };
    vec![
        row(json!({
            "id": "4711", "status": "inprogress", "number": "21 12 34 56",
            "e164": "+4521123456", "name": "Ægir, \"the\" Øl", "dnid": "+4570305050",
            "outbound_number": "+4570305051", "project_id": "7", "inbound_route_id": "12",
            "outbound_type": "auto", "attend_type": "unattended", "external_id": "CRM-9",
            "assign_type": "queue", "assigned_to": "123", "campaign": "Winter",
            "schedule": "2024-07-01T08:00:00Z", "created": "2023-12-31T23:00:00Z",
            "priority": "5", "retries": 1, "max_retries": 3,
            "extra": {
                "vars": { "BACKEND_LINK": "https://crm.example.com/9" }, "weight": 0.1
            },
        })),
        row(json!({ "id": "b", "extra": {} })),
        row(json!({
            "id": "=1+1", "status": "completed", "number": "+4521123456",
            "e164": "+4521123456", "name": "=HYPERLINK(\"http://x\")",
            "campaign": "@SUM(A1)", "external_id": "-2+3", "assigned_to": "\t=1",
            "dnid": "a\u{1b}[2J\u{202e}b\r\nc", "schedule": "2024-01-01T09:00:00Z",
            "extra": { "note": "=1+1\u{9b}" },
        })),
    ]
}

fn printed(format: &str) -> String {
    let (home, pbx) = (Home::new(), Pbx::listing(sent()));
    pbx.config(&home);
    home.run(command(&["--format", format])).fine().to_owned()
}

/// The rows without how late they are, which must be a whole number of
/// seconds where they are late.
fn without_lateness(mut rows: Vec<Value>) -> Vec<Value> {
    let now = At(jiff::Timestamp::now().as_millisecond());
    for row in &mut rows {
        let late = row["late_s"].take();
        let due = row["schedule"]
            .as_str()
            .filter(|_| row["status"] != "completed");
        match due {
            None => assert_eq!(late, Value::Null, "{row}"),
            Some(due) => {
                let expected = now.since(At::parse(due).unwrap()).as_secs();
                assert!(late.as_u64().unwrap().abs_diff(expected) <= 60, "{row}");
            }
        }
    }
    rows
}

#[test]
fn json_is_one_array_with_every_field_in_order() {
    let text = printed("json");
    let list: Vec<Value> = serde_json::from_str(&text).unwrap();
    for row in &list {
        let names: Vec<&String> = row.as_object().unwrap().keys().collect();
        let expected: Vec<&str> = FIELDS.split_whitespace().collect();
        assert_eq!(names, expected);
    }
    assert_eq!(without_lateness(list), expected());
    is_fit_to_show(&text);
}

#[test]
fn ndjson_is_one_object_per_line() {
    let text = printed("ndjson");
    let list = text.lines().map(|line| serde_json::from_str(line).unwrap());
    assert_eq!(without_lateness(list.collect()), expected());
    is_fit_to_show(&text);
}

#[test]
fn csv_has_the_same_names_and_is_safe_to_open_in_a_spreadsheet() {
    let text = printed("csv");
    assert_eq!(
        text.lines().next().unwrap(),
        FIELDS.split_whitespace().collect::<Vec<_>>().join(",")
    );
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let at = names.iter().position(|n| n == name).unwrap();
        rows[row].get(at).unwrap().to_owned()
    };
    for (row, name, expected) in [
        (0, "number", "21 12 34 56"),
        (0, "e164", "+4521123456"),
        (0, "name", "Ægir, \"the\" Øl"),
        (0, "retries", "1"),
        (0, "schedule", "2024-07-01T08:00:00Z"),
        (
            0,
            "extra",
            r#"{"vars":{"BACKEND_LINK":"https://crm.example.com/9"},"weight":0.1}"#,
        ),
        (1, "number", ""),
        (1, "late_s", ""),
        (1, "extra", "{}"),
        (2, "id", "'=1+1"),
        (2, "name", "'=HYPERLINK(\"http://x\")"),
        (2, "campaign", "'@SUM(A1)"),
        (2, "external_id", "'-2+3"),
        (2, "assigned_to", "␉=1"),
        (2, "dnid", "a␛[2J\u{fffd}b␍␊c"),
        (2, "extra", "{\"note\":\"=1+1\\u009b\"}"),
    ] {
        assert_eq!(cell(row, name), expected, "{name} of row {row}");
    }
    for text in rows.iter().flatten() {
        let runs = text.starts_with(['=', '@', '\t', '\r'])
            || text.starts_with(['+', '-']) && text[1..].parse::<u64>().is_err();
        assert!(!runs, "{text}");
    }
}

#[test]
fn the_table_is_for_people() {
    let text = printed("table");
    let lines: Vec<&str> = text.lines().collect();
    let head: Vec<&str> = lines[0]
        .split("  ")
        .map(str::trim)
        .filter(|h| !h.is_empty())
        .collect();
    assert_eq!(
        head.join("|"),
        "SITE|DUE|NUMBER|NAME|CAMPAIGN|TO|TRIES|STATUS|CLAIMED BY|ID"
    );
    assert_eq!(lines.len(), 4);
    for word in ["d late", "Winter", "queue 123", "1/3", "inprogress", "4711"] {
        assert!(lines[1].contains(word), "{word} in {}", lines[1]);
    }
    assert!(lines[2].contains("unscheduled"), "{}", lines[2]);
    assert!(lines[3].contains("completed"), "{}", lines[3]);
    is_fit_to_show(&text);
}

#[test]
fn nobody_to_call_is_an_empty_list() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    pbx.config(&home);
    let header = FIELDS.split_whitespace().collect::<Vec<_>>().join(",") + "\n";
    for (format, expected) in [("json", "[]\n"), ("ndjson", ""), ("csv", &header)] {
        assert_eq!(home.run(command(&["--format", format])).fine(), expected);
    }
}

#[test]
fn what_the_pbx_sent_keeps_its_digits() {
    let body = "{\"has_error\":false,\"messages\":[],\"pagination\":{\"row_count\":1,\"page_size\":100,\
                \"current_page\":1,\"max_page\":1},\"results\":[{\"id\":12345678901234567890123,\
                \n \"huge\": 1e300,\t\"exact\" : [1.10, 98765432109876543210]}]}";
    let pbx = Pbx::serve(move |_| super::stub::reply("200 OK", &[], body));
    let home = Home::new();
    pbx.config(&home);
    let extra = r#"{"huge":1e300,"exact":[1.10,98765432109876543210]}"#;
    let line = home.run(command(&["--format", "ndjson"]));
    assert!(
        line.fine().contains("\"id\":\"12345678901234567890123\""),
        "{line:?}"
    );
    assert!(
        line.fine().ends_with(&format!("\"extra\":{extra}}}\n")),
        "{line:?}"
    );
    let line = home.run(command(&["--format", "csv"]));
    let cell = format!("\"{}\"\n", extra.replace('"', "\"\""));
    assert!(line.fine().ends_with(&cell), "{line:?}");
}

/// A configuration whose journal lies in `journal`, and its folder.
fn journaled(home: &Home, sites: &str) -> std::path::PathBuf {
    home.file(
        "config.toml",
        &format!("[journal]\npath = \"journal\"\n{sites}"),
    );
    home.path().join("journal")
}

/// Writes these acts into the journal in `folder`.
fn write(folder: &Path, acts: &[(&str, &str, Deed)]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let journal = Journal::open(folder).unwrap();
    let at = At(jiff::Timestamp::now().as_millisecond());
    let entries = acts.iter().map(|(id, who, deed)| NewEntry {
        at,
        site: "outbound".into(),
        dedupe: None,
        what: What::Act(Act {
            subject: Subject {
                site: "outbound".into(),
                id: (*id).into(),
            },
            also: [].into(),
            // The requests 3 and 4 are one customer's.
            customer: matches!(*id, "3" | "4").then(|| Arc::from("+4521123456")),
            who: (*who).into(),
            deed: deed.clone(),
        }),
    });
    runtime.block_on(journal.append(entries.collect())).unwrap();
}

#[test]
fn who_has_claimed_it_is_read_from_the_journal() {
    let mut list = rows(5);
    list[2]["caller_id"] = json!("21 12 34 56");
    list[3]["caller_id"] = json!("+4521123456");
    let (home, pbx) = (Home::new(), Pbx::listing(list));
    let folder = journaled(&home, &pbx.site("outbound"));
    let claimed = || -> Vec<Value> {
        let ran = home.run(command(&["--format", "json"]));
        let list: Vec<Value> = serde_json::from_str(ran.fine()).unwrap();
        list.iter().map(|row| row["claimed_by"].clone()).collect()
    };
    assert_eq!(claimed(), vec![Value::Null; 5]);
    assert!(!folder.exists(), "asking makes no journal");
    let now = At(jiff::Timestamp::now().as_millisecond());
    let claim = |until| Deed::Claim {
        until,
        status: None,
    };
    let (held, over) = (claim(now.plus(LEASE)), claim(now.shift(-1)));
    write(
        &folder,
        &[
            ("1", "anna", held.clone()),
            ("1", "jens", held.clone()),
            ("2", "anna", held.clone()),
            ("2", "anna", Deed::Release),
            ("3", "jens", held),
            ("5", "jens", over),
        ],
    );
    // The first of two; given back; held, with the other request of the same
    // number; run out.
    assert_eq!(
        claimed(),
        [
            json!("anna"),
            Value::Null,
            json!("jens"),
            json!("jens"),
            Value::Null
        ]
    );
    let table = home.run(command(&[]));
    assert!(table.fine().lines().nth(1).unwrap().contains("anna"));
}

#[test]
fn claims_that_cannot_be_read_are_not_passed_over_in_silence() {
    let (home, pbx) = (Home::new(), Pbx::listing(rows(2)));
    let folder = journaled(&home, &pbx.site("outbound"));
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("journal.db"),
        "not a database, but as long as one".repeat(99),
    )
    .unwrap();
    let ran = home.run(command(&["--format", "json"]));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ids(&ran.out), ["1", "2"]);
    let sentence = ran.sentence();
    assert!(
        sentence.starts_with("who has claimed what is not known: "),
        "{sentence}"
    );
}

#[test]
fn the_simulators_list_is_read_to_its_end() {
    let (home, vendor) = (Home::new(), Vendor::start());
    home.file("config.toml", &site("outbound", &vendor));
    let text = home.run(command(&["--format", "json"]));
    let list: Vec<Value> = serde_json::from_str(text.fine()).unwrap();
    assert!(
        list.len() > super::pbx::PAGE_SIZE,
        "one page only: {}",
        list.len()
    );
    let all = |name: &str| list.iter().filter(|row| !row[name].is_null()).count();
    for name in [
        "id",
        "status",
        "number",
        "campaign",
        "created",
        "assign_type",
        "max_retries",
    ] {
        assert_eq!(all(name), list.len(), "{name}");
    }
    for name in ["e164", "name", "schedule", "external_id", "late_s"] {
        assert!(all(name) > 0, "{name}");
    }
    for format in FORMATS {
        let ran = home.run(command(&["--format", format]));
        assert!(ran.fine().lines().count() >= list.len());
        is_fit_to_show(&ran.out);
    }
}

#[test]
fn a_site_that_fails_does_not_hide_the_others_and_the_worst_code_counts() {
    let (good, bad) = (
        Pbx::listing(rows(3)),
        Pbx::refusing(&json!(["Invalid token"])),
    );
    let home = Home::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let run = |sites: &[String]| {
        home.file("config.toml", &sites.concat());
        home.run(command(&["--format", "json"]))
    };
    let (good_site, bad_site) = (good.site("good"), bad.site("bad"));
    let ran = run(&[bad_site.clone(), good_site.clone()]);
    assert_eq!((ran.code, ids(&ran.out).len()), (Some(1), 3));
    assert!(
        ran.sentence()
            .starts_with("bad: While1 answered: \"Invalid token\"")
    );

    let dead = super::pbx::with("dead", &dead, "t", "k");
    let ran = run(&[bad_site, good_site, dead]);
    assert_eq!((ran.code, ids(&ran.out).len()), (Some(3), 3));
    let told: Vec<&str> = ran.err.lines().collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].starts_with("holdline: dead: "), "{told:?}");
}

#[test]
fn sites_stand_in_the_order_of_the_file_and_one_can_be_named() {
    let slow = Pbx::serve(|asked| {
        // More pages take longer.
        page_of(&rows(301), asked.page)
    });
    let fast = Pbx::listing(rows(2));
    let home = Home::new();
    home.file("config.toml", &(slow.site("slow") + &fast.site("fast")));
    let sites = |args: &[&str]| -> Vec<String> {
        let ran = home.run(command(args));
        let list: Vec<Value> = serde_json::from_str(ran.fine()).unwrap();
        let mut sites: Vec<String> = list
            .iter()
            .map(|row| row["site"].as_str().unwrap().to_owned())
            .collect();
        sites.dedup();
        sites
    };
    assert_eq!(sites(&["--format", "json"]), ["slow", "fast"]);
    assert_eq!(sites(&["--format", "json", "--site", "fast"]), ["fast"]);
}

#[test]
fn a_sites_vendor_decides_whether_it_lists_callbacks() {
    let (home, pbx) = (Home::new(), Pbx::listing(rows(1)));
    let north = vendor::site("north", "http://127.0.0.1:9", "t");
    home.file("config.toml", &(north.clone() + &pbx.site("outbound")));
    let sentence = home
        .run(command(&["--site", "north"]))
        .refused(2)
        .to_owned();
    assert_eq!(
        sentence,
        "site \"north\" lists no callbacks; name one with vendor = \"while1\""
    );
    home.file("config.toml", &north);
    let sentence = home.run(command(&[])).refused(2).to_owned();
    assert!(
        sentence.starts_with("no site lists callbacks; add one"),
        "{sentence}"
    );
    let sentence = home.run(command(&["--site", "nope"])).refused(2).to_owned();
    assert!(
        sentence.starts_with("there is no site \"nope\""),
        "{sentence}"
    );
    assert!(pbx.asked().is_empty());
}
