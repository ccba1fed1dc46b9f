//! `holdline agents`, `calls` and the callers of a site that pushes, against
//! the simulator's own truth, under each fault.

use std::{collections::BTreeSet, time::Duration};

use holdline::{
    emit::Shape,
    sim::{Fault, Rule},
};
use serde_json::Value;

use super::{office::Office, program::Home};

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn every_shape_makes_the_picture_that_is_so() {
    for shape in Shape::ALL {
        let office = Office::open(shape, 1);
        for length in [3, 10, 20, 60, 240, 600] {
            let pushes = office.let_pass(seconds(length));
            assert_eq!(pushes.accepted, pushes.made, "{shape:?}");
            assert_eq!(office.differences(true), [""; 0], "{shape:?}, {pushes:?}");
        }
    }
}

#[test]
fn repeats_disorder_and_delay_change_nothing() {
    for (seed, rule) in [
        (2, Rule::from(Fault::Duplicate).percent(40)),
        // Agents' events carry no time: their order is all there is.
        (3, Rule::from(Fault::Reorder).percent(40).on("call:")),
        (
            4,
            Rule::from(Fault::Delay { ms: 150 }).percent(30).on("call:"),
        ),
    ] {
        let office = Office::open(Shape::Json, seed);
        office.suffers(rule.clone());
        for length in [20, 90, 400] {
            let pushes = office.let_pass(seconds(length));
            assert_eq!(pushes.accepted, pushes.made, "{rule:?}");
            assert_eq!(office.differences(true), [""; 0], "{rule:?}");
        }
    }
}

#[test]
fn what_is_lost_spoils_nothing_but_itself() {
    for (seed, fault) in [
        (5, Fault::Drop),
        (6, Fault::WrongSecret),
        (7, Fault::GarbageBody),
    ] {
        let office = Office::open(Shape::Json, seed);
        office.let_pass(seconds(8));
        office.suffers(Rule::from(fault.clone()).percent(20).times(6));
        let mut pushes = office.let_pass(seconds(0));
        for length in [20, 90, 300] {
            pushes = office.let_pass(seconds(length));
            assert_eq!(office.differences(false), [""; 0], "{fault:?}");
        }
        assert_eq!(pushes.made - pushes.accepted, 6, "{fault:?}: {pushes:?}");
        let truth = office.sim.truth();
        let agents = truth["agents"].as_array().unwrap();
        let whole = agents
            .iter()
            .filter(|a| a["told"] == true && a["missed"] == 0);
        assert!(whole.count() >= 3, "enough is left to compare: {truth}");
    }
}

#[test]
fn the_comparison_would_find_a_ghost() {
    let office = Office::open(Shape::Json, 8);
    office.suffers(Rule::from(Fault::Drop).on("call:end"));
    office.let_pass(seconds(300));
    assert!(!office.differences(true).is_empty());
}

#[test]
fn agents_have_the_documented_fields_in_order_and_names_for_ids() {
    let office = Office::open(Shape::Json, 1);
    office.let_pass(seconds(9));
    let agents = office.lists(&["agents"]);
    let fields: Vec<&String> = agents[0].as_object().unwrap().keys().collect();
    let names = "site id name device state reason since for_s queues queue_names call";
    assert_eq!(fields, names.split(' ').collect::<Vec<_>>());
    let training = agents.iter().find(|a| a["id"] == "17").unwrap();
    assert_eq!(training["state"], "paused");
    assert_eq!(training["reason"], "training");
    assert_eq!(training["queue_names"][0], "reception");

    let of_queue = |queue: &str| -> BTreeSet<String> {
        let list = office.lists(&["agents", "--queue", queue]);
        list.iter()
            .map(|a| a["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(of_queue("repairs"), of_queue("2"));
    assert!(of_queue("repairs").contains("15") && !of_queue("repairs").contains("12"));
    let table = office.home.run(["agents", "--config", "config.toml"]);
    assert!(table.out.contains("Håkon Vik"), "{}", table.out);
    let ran = office
        .home
        .run(["agents", "--config", "config.toml", "--queue", "sales"]);
    assert!(ran.refused(2).contains("reception, repairs"));
}

#[test]
fn calls_have_the_documented_fields_in_order_and_those_that_ended_on_request() {
    let office = Office::open(Shape::Json, 1);
    office.let_pass(seconds(600));
    let all = office.lists(&["calls", "--ended"]);
    let live = office.lists(&["calls"]);
    let fields: Vec<&String> = all[0].as_object().unwrap().keys().collect();
    let names = "site call_id type queue from from_name to agent agent_name state started \
                 answered ended wait_s hangup_cause legs";
    assert_eq!(fields, names.split_whitespace().collect::<Vec<_>>());
    let ended = |list: &[Value]| list.iter().filter(|c| c["state"] == "ended").count();
    assert_eq!(ended(&live), 0);
    assert_eq!(ended(&all), all.len() - live.len());
    assert!(ended(&all) > 10);
    let outbound = all.iter().find(|c| c["type"] == "outbound").unwrap();
    assert!(outbound["agent_name"].is_string(), "{outbound}");
    for format in ["table", "csv", "ndjson"] {
        let args = [
            "calls",
            "--config",
            "config.toml",
            "--ended",
            "--format",
            format,
        ];
        let ran = office.home.run(args);
        let heads = usize::from(format != "ndjson");
        assert_eq!(ran.fine().lines().count(), all.len() + heads, "{format}");
    }
}

#[test]
fn without_a_collector_it_says_how_old_the_news_are() {
    let mut office = Office::closed(Shape::Json, 1);
    let list = |office: &Office, what: &str| {
        office
            .home
            .run([what, "--config", "config.toml", "--site", "team"])
    };
    for what in ["agents", "calls", "callers"] {
        let ran = list(&office, what);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let words = "team: no collector runs, and none has listened yet";
        assert!(ran.sentence().contains(words), "{ran:?}");
    }
    assert_eq!(list(&office, "agents").out.matches("unknown").count(), 12);
    office.collect();
    office.let_pass(seconds(0));
    office.let_pass(seconds(20));
    list(&office, "agents").fine();
    office.stop_collecting();
    for what in ["agents", "calls", "callers"] {
        let ran = list(&office, what);
        assert!(
            ran.sentence()
                .contains("team: no collector runs, and its news end")
        );
    }
    let pushes = office.let_pass(seconds(30));
    assert!(pushes.failed > 0, "{pushes:?}");
    // A collector that was away for longer puts that on record.
    office.records_a_gap();
    office.collect();
    let ran = list(&office, "agents");
    assert!(
        ran.sentence().contains("team: nobody listened from"),
        "{ran:?}"
    );
}

#[test]
fn a_configuration_without_a_site_that_pushes_is_one_sentence() {
    let home = Home::new();
    home.file(
        "config.toml",
        "[[site]]\nname = \"north\"\nvendor = \"while1\"\nurl = \"http://127.0.0.1:9\"\ntoken = \"t\"\n",
    );
    for what in ["agents", "calls"] {
        let ran = home.run([what, "--config", "config.toml"]);
        assert!(ran.refused(2).contains(&format!("no site tells of {what}")));
        let ran = home.run([what, "--config", "config.toml", "--site", "north"]);
        assert!(ran.refused(2).contains("name one with a hook"));
    }
}
