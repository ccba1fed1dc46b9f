//! Scenario files: every mistake with its line and remedy, and what a seed
//! makes of one.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod mistakes;
mod sites;

use std::{sync::Arc, time::Duration};

use holdline::domain::{
    injection::{Target, Verb},
    scenario::{
        Scenario,
        check::{self, Post},
        load::Load,
        plan::{Letter, Plan, Spoilt},
    },
    site::{People, Queue, Site, Vendor},
    time::At,
};

const TOUR: &str = include_str!("../../assets/scenarios/tour.toml");
const CALL: &str = include_str!("../../assets/scenarios/answered-call.toml");

fn read(text: &str) -> Scenario {
    Scenario::read(text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

fn told(text: &str) -> Vec<String> {
    let mistakes = Scenario::read(text).unwrap_err();
    mistakes
        .iter()
        .map(|m| format!("{}: {}", m.line, m.what))
        .collect()
}

fn noon() -> At {
    At::parse("2026-11-21T12:00:00Z").unwrap()
}

fn plan(text: &str, seed: u64) -> Plan {
    Plan::new(&read(text), seed, noon())
}

/// A step, one line to a setting.
fn step(lines: &str) -> String {
    format!("[[step]]\n{lines}\n")
}

#[test]
fn what_is_shipped_is_right() {
    assert_eq!(read(CALL).notes, []);
    assert_eq!(read(TOUR).notes.len(), 1);
    for text in [CALL, TOUR] {
        let plan = plan(text, 1);
        assert!(plan.peak(|_| true) <= 10, "runs at an everyday pace");
        assert!(plan.lasts() <= Duration::from_secs(5));
    }
}

#[test]
fn the_readmes_scenario_is_right() {
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```toml\n").skip(1);
    let texts = blocks.filter_map(|block| Some(block.split_once("```")?.0));
    let scenarios: Vec<&str> = texts.filter(|text| text.contains("[[step]]")).collect();
    assert_eq!(scenarios.len(), 1);
    let plan = plan(scenarios[0], 1);
    assert!(plan.sends.len() >= 6 && plan.watches.len() == 1);
}

#[test]
fn the_same_seed_is_the_same_plan_and_another_is_another() {
    assert_eq!(plan(TOUR, 7), plan(TOUR, 7));
    assert_ne!(plan(TOUR, 7), plan(TOUR, 8));
}

#[test]
fn a_plan_is_what_it_was() {
    let text = r#"
[vars]
agent = { one_of = ["17", "18"] }
[[step]]
event = "agent:checkin"
set = { user_id = "${agent}" }
[[step]]
at = "1s"
times = 2
every = "500ms"
vars = { call = { random = "digits", length = 4, prefix = "c" } }
  [[step.step]]
  event = "call:start"
  set = { call_id = "${call}", ts = "${now-5s}", cid_name = "Caller ${turn}" }
  [[step.step]]
  after = "100ms"
  expect = { call = "${call}", state = "waiting" }
  within = "2s"
[[step]]
after = "1s"
times = 2
inject = { queue = 123, event = "TEST", position = "${turn}" }
"#;
    let plan = plan(text, 3);
    let sends = plan.sends.iter().map(ToString::to_string);
    let lines: Vec<String> = sends
        .chain(plan.watches.iter().map(ToString::to_string))
        .collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    assert_eq!(
        lines,
        [
            "0.000 s  line 4    agent:checkin user_id=18",
            "1.000 s  line 12   call:start id=c6548 call_id=c6548 ts=1795262396 cid_name=Caller 1",
            "1.500 s  line 12   call:start id=c9254 call_id=c9254 ts=1795262396 cid_name=Caller 2",
            "2.600 s  line 19   inject queue=123 event=TEST position=1",
            "2.600 s  line 19   inject queue=123 event=TEST position=2",
            "1.100 s  line 15   expect call c6548 waiting within 2s",
            "1.600 s  line 15   expect call c9254 waiting within 2s",
        ]
    );
}

#[test]
fn a_call_event_has_ids_and_a_time_whatever_is_left_out() {
    let fields = |set: &str| {
        let plan = plan(
            &step(&format!("event = \"call:end\"\nset = {{ {set} }}")),
            1,
        );
        let Letter::Webhook(webhook) = &plan.sends[0].what else {
            panic!("a webhook");
        };
        let get = |name: &str| {
            let found = webhook.fields.iter().find(|(known, _)| **known == *name);
            found.map(|(_, value)| value.clone()).unwrap()
        };
        (get("id"), get("call_id"), get("ts"))
    };
    let (leg, call, ts) = fields("");
    assert_eq!((leg.len(), &leg, ts.as_str()), (36, &call, "1795262400"));
    let same = ("a".to_owned(), "a".to_owned(), "1795262400".to_owned());
    assert_eq!(fields("id = \"a\""), same);
    assert_eq!(fields("call_id = \"a\""), same);
    assert_eq!(fields("call_id = \"a\", id = \"b\", ts = 1").0, "b");
}

/// So many events of one site with these faults.
fn faulty(faults: &str) -> Plan {
    let text = format!(
        "[[step]]\nevent = \"agent:checkout\"\nset = {{ user_id = \"${{turn}}\" }}\ntimes = 400\n\
         every = \"10ms\"\nfaults = {{ {faults} }}\n"
    );
    plan(&text, 5)
}

fn users(plan: &Plan) -> Vec<u32> {
    let user = |letter: &Letter| match letter {
        Letter::Webhook(webhook) => webhook.fields[0].1.parse().unwrap(),
        Letter::Injection(_) => panic!("a webhook"),
    };
    plan.sends.iter().map(|send| user(&send.what)).collect()
}

#[test]
fn faults_do_what_they_are_called() {
    let all: Vec<u32> = (1..=400).collect();
    assert_eq!(users(&faulty("")), all);

    let text = "[[step]]\nevent = \"call:ring\"\nfaults = { drop = 100 }\n";
    let (whole, sent) = (Plan::whole(&read(text), 1, noon()), plan(text, 1));
    assert_eq!(
        (whole.sends.len(), sent.sends.len(), sent.dropped),
        (1, 0, 1)
    );

    let dropped = faulty("drop = 25");
    assert_eq!(dropped.sends.len() + dropped.dropped, 400);
    assert!((60..140).contains(&dropped.dropped), "{}", dropped.dropped);

    let twice = faulty("duplicate = 25, by = \"5ms\"");
    let copies = twice
        .sends
        .iter()
        .filter(|s| s.spoilt == Some(Spoilt::Again));
    assert_eq!(twice.sends.len(), 400 + copies.count());
    let mut once = users(&twice);
    once.dedup();
    assert_eq!(once, all, "each copy right behind its own");

    let swapped = faulty("reorder = 25");
    let order = users(&swapped);
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, all, "nothing is lost or doubled");
    let moved = order.iter().zip(&all).filter(|(a, b)| a != b).count();
    assert!((80..320).contains(&moved), "{moved}");
    let near = order.iter().zip(&all).all(|(a, b)| a.abs_diff(*b) <= 1);
    assert!(near, "each with the next one only");
    let dues = swapped.sends.iter().map(|s| s.due.as_millis());
    assert!(dues.eq((0..400).map(|n| n * 10)), "the times are the same");

    let late = faulty("delay = 50, by = \"1s\"");
    assert_ne!(users(&late), all);
    let latest = late.sends.iter().map(|send| send.due).max().unwrap();
    assert!(latest <= Duration::from_millis(3_990 + 1_000));

    let cut = faulty("corrupt = 25");
    let is_cut = |letter: &Letter| matches!(letter, Letter::Webhook(webhook) if webhook.cut);
    for send in &cut.sends {
        // Whoever breaks off by chance is owed no particular answer.
        assert_eq!(send.answer.is_none(), is_cut(&send.what), "{send}");
    }
    let certain = faulty("corrupt = 100");
    assert!(certain.sends.iter().all(|s| s.answer.is_some()));
}

#[test]
fn a_load_is_turn_after_turn_at_an_even_rate_with_ids_of_their_own() {
    let text = "[vars]\ncall = { random = \"uuid\" }\n[[step]]\nevent = \"call:start\"\n\
                set = { call_id = \"${call}\" }\n[[step]]\nat = \"30s\"\nevent = \"call:end\"\n\
                set = { call_id = \"${call}\" }\n";
    let scenario = Arc::new(read(text));
    let load = Load::new(scenario, 1, noon(), 250.0, Duration::from_secs(2));
    let sends: Vec<_> = load.collect();
    assert_eq!(sends.len(), 500);
    assert_eq!(sends[499].due, Duration::from_millis(499 * 4));
    let told = |n: usize, name: &str| match &sends[n].what {
        Letter::Webhook(webhook) => {
            let found = webhook.fields.iter().find(|(known, _)| **known == *name);
            (webhook.event.name, found.unwrap().1.clone())
        }
        Letter::Injection(_) => panic!("a webhook"),
    };
    let (start, end) = (told(0, "call_id"), told(1, "call_id"));
    assert_eq!((start.0, end.0), ("call:start", "call:end"));
    assert_eq!(start.1, end.1);
    assert_ne!(start.1, told(2, "call_id").1);
    assert_eq!(
        told(499, "ts").1,
        "1795262401",
        "its time is when it is due"
    );
}

#[test]
fn the_last_of_a_long_load_is_due_when_it_should_be() {
    use holdline::domain::scenario::load::{count, due};
    // An hour at a rate that no float has exactly: no error adds up.
    let rate = 333.3;
    let last = count(rate, Duration::from_hours(1)) - 1;
    let off = due(last, rate).as_secs_f64() - f64::from(u32::try_from(last).unwrap()) / rate;
    assert!(off.abs() < 1e-6, "{off}");
}

#[test]
fn an_event_of_telphins_has_ids_and_a_time_whatever_is_left_out() {
    let plan = plan(
        &step("event = \"dial-in\"\nset = { CalledExtensionID = \"175\" }"),
        1,
    );
    let Letter::Webhook(webhook) = &plan.sends[0].what else {
        panic!("a webhook");
    };
    let names: Vec<&str> = webhook.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(
        names,
        ["EventTime", "CallID", "SubCallID", "CalledExtensionID"]
    );
    assert_eq!(webhook.fields[0].1, "1795262400000000");
    assert_eq!(webhook.fields[1].1.len(), 32);
    assert!(webhook.fields[2].1.starts_with("175-"), "{webhook:?}");
    assert_eq!(webhook.shape.word(), "get", "as the vendor sends it");
    // The leg of who calls is the caller's.
    let out =
        "event = \"dial-out\"\nset = { CalledExtensionID = \"1\", CallerExtensionID = \"2\" }";
    let plan = self::plan(&step(out), 1);
    let Letter::Webhook(webhook) = &plan.sends[0].what else {
        panic!("a webhook");
    };
    assert!(webhook.fields[2].1.starts_with("2-"), "{webhook:?}");
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,200}") {
        if let Err(mistakes) = Scenario::read(&text) {
            proptest::prop_assert!(!mistakes.is_empty());
        }
    }

    #[test]
    fn no_setting_breaks_the_reader(
        key in "(at|after|times|every|set|shape|to|inject|answer|expect|within|faults|vars|step|site)",
        value in "(-?[0-9]{1,20}|\"\\PC{0,20}\"|\\[\\]|\\{\\}|true|\\[1, \"a\"\\]|\\{ a = 1 \\})",
    ) {
        let text = format!("[[step]]\nevent = \"call:ring\"\n{key} = {value}\n");
        match Scenario::read(&text) {
            Ok(scenario) => drop(Plan::new(&scenario, 1, At(0))),
            Err(mistakes) => proptest::prop_assert!(mistakes.iter().all(|m| m.line >= 1)),
        }
    }
}
