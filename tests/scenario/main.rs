//! Scenario files: every mistake with its line and remedy, and what a seed
//! makes of one.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

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

const TOUR: &str = include_str!("../assets/scenarios/tour.toml");
const CALL: &str = include_str!("../assets/scenarios/answered-call.toml");

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
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_mistake_is_told_with_its_line_and_what_to_write() {
    let event = "event = \"call:ring\"";
    for (text, expected) in [
        (
            "",
            "1: a scenario has no step; add [[step]] with an event, inject or expect",
        ),
        ("name = ", "1: this is not TOML: "),
        (
            "steps = []",
            "1: a scenario has no setting `steps`; did you mean `step`?",
        ),
        (
            "seed = -1\n[[step]]\nevent = \"call:ring\"",
            "1: `seed` must be a whole number from 0 to",
        ),
        (
            "name = 3\n[[step]]\nevent = \"call:ring\"",
            "1: `name` takes text, not a whole number",
        ),
        (
            "step = 3",
            "1: `step` takes a list of tables: write [[step]], not a whole number",
        ),
        ("step = []", "1: `step` is empty; add a step"),
        (
            "[[step]]",
            "1: this step does nothing; add event = …, inject = …, expect = … or",
        ),
        (
            "[[step]]\nevent = \"call:rang\"",
            "2: `event` cannot be \"call:rang\"; did you mean \"call:ring\"?",
        ),
        (
            "[[step]]\nevent = \"x\"",
            "2: `event` cannot be \"x\"; it can be agent:checkin, ",
        ),
        (
            "[[step]]\nevent = \"call:ring\"\nexpect = { agent = \"1\", state = \"paused\" }",
            "1: this step has event and expect; make each a step of its own",
        ),
        (
            "[[step]]\nevent = \"agent:checkout\"",
            "1: this step tells of nobody; add user_id to `set`",
        ),
        (
            "[[step]]\nevent = \"dial-in\"\nset = { CallerExtensionID = \"175\" }",
            "1: this step tells of nobody; add CalledExtensionID to `set`",
        ),
        (
            "[[step]]\nevent = \"hangup\"",
            "1: this step tells of nobody; add CalledExtensionID or CallerExtensionID to `set`",
        ),
        (
            &step(&format!("{event}\nat = \"2\"")),
            "3: `at` is not a duration: \"2\"; write",
        ),
        (
            &step(&format!("{event}\nat = \"25h\"")),
            "3: `at` is longer than a day",
        ),
        (
            &step(&format!("{event}\nat = \"1s\"\nafter = \"1s\"")),
            "4: `after` stands beside `at`; leave one of them out",
        ),
        (
            &step(&format!("{event}\nevery = \"1s\"")),
            "3: `every` says how long from one time to the next; add times",
        ),
        (
            &step(&format!("{event}\ntimes = 0")),
            "3: `times` must be a whole number from 1 to 1000000",
        ),
        (
            &step(&format!("{event}\nwithin = \"1s\"")),
            "3: `within` goes with `expect`, and this step has `event`; remove it",
        ),
        (
            &step(&format!("{event}\nvars = {{ a = 1 }}")),
            "3: `vars` goes with `step`",
        ),
        (
            &step(&format!("{event}\nshape = \"xml\"")),
            "3: `shape` cannot be \"xml\"; it can be json, json-data, form or get",
        ),
        (
            &step(&format!("{event}\nset = {{ id = \"${{cal}}\" }}")),
            "3: `id` names the variable \"cal\", which there is none of; add cal = … to `vars`",
        ),
        (
            &step(&format!("{event}\nset = {{ id = \"$x\" }}")),
            "3: `id` has a lone $; write ${name}, or $$ for a dollar",
        ),
        (
            &step(&format!("{event}\nset = {{ id = 1.5 }}")),
            "3: `id` takes a table such as",
        ),
        (
            &step(&format!("{event}\nanswer = \"OK\"")),
            "3: `answer` is no code; write one such as 204 or \"2xx\"",
        ),
        (
            &step(&format!("{event}\nanswer = {{}}")),
            "3: this answer expects nothing; add code",
        ),
        (
            &step(&format!("{event}\nanswer = {{ key = \"queue\" }}")),
            "3: `key` goes with `inject`, and this step has `event`",
        ),
        (
            &step(&format!("{event}\nfaults = {{ drop = 101 }}")),
            "3: `drop` must be a whole number from 0 to 100",
        ),
        (
            &step(&format!("{event}\nfaults = {{ dorp = 1 }}")),
            "3: these faults has no setting `dorp`; did you mean `drop`?",
        ),
        (
            &step(&format!("{event}\nfaults = {{ delay = 1, by = \"0s\" }}")),
            "3: `by` is zero",
        ),
        (
            "[[step]]\ninject = { event = \"X\" }",
            "2: `inject` has no queue; add queue",
        ),
        (
            "[[step]]\ninject = { queue = 1, evnt = \"X\" }",
            "2: `inject` has no parameter `evnt`; did you mean `event`?",
        ),
        (
            "[[step]]\ninject = { queue = 1, auth_password = \"X\" }",
            "2: `inject` has no parameter `auth_password`; there are queue, event",
        ),
        (
            "[[step]]\ninject = { queue = 1, position = \"first\" }",
            "2: `position` is a whole number, such as 3",
        ),
        (
            "[[step]]\ninject = { queue = 1 }\nfaults = { corrupt = 1 }",
            "3: `corrupt` is for events",
        ),
        (
            "[[step]]\nexpect = { state = \"paused\" }",
            "2: this expectation is about nothing; add agent, call, queue or event",
        ),
        (
            "[[step]]\nexpect = { agent = 1, call = 2 }",
            "2: this expectation is about agent and call; make each",
        ),
        (
            "[[step]]\nexpect = { agent = 1 }",
            "2: this expectation has no state; add state = \"on_call\"",
        ),
        (
            "[[step]]\nexpect = { agent = 1, state = \"oncall\" }",
            "2: `state` cannot be \"oncall\"; did you mean \"on_call\"?",
        ),
        (
            "[[step]]\nexpect = { call = 1, state = \"paused\" }",
            "2: `state` cannot be \"paused\"; it can be ringing, waiting, answered or ended",
        ),
        (
            "[[step]]\nexpect = { queue = 1, state = \"x\", waiting = 1 }",
            "2: `state` does not go with queue, but waiting does; remove it",
        ),
        (
            "[[step]]\nexpect = { queue = 1, waiting = \"many\" }",
            "2: `waiting` is not a count; write 3, \">=3\" or \"<3\"",
        ),
        (
            "[vars]\nnow = 1\n[[step]]\nevent = \"call:ring\"",
            "2: a variable cannot be called \"now\"",
        ),
        (
            "[vars]\na = \"${b}\"\n[[step]]\nevent = \"call:ring\"",
            "2: `a` names another variable",
        ),
        (
            "[vars]\na = {}\n[[step]]\nevent = \"call:ring\"",
            "2: this variable needs one of random",
        ),
        (
            "[vars]\na = { random = \"uid\" }\n[[step]]\nevent = \"call:ring\"",
            "2: `random` cannot be \"uid\"; did you mean \"uuid\"?",
        ),
        (
            "[vars]\na = { random = \"digits\" }\n[[step]]\nevent = \"call:ring\"",
            "2: this variable has no length; add length = 8",
        ),
        (
            "[vars]\na = { random = \"uuid\", length = 3 }\n[[step]]\nevent = \"call:ring\"",
            "2: `length` goes with random = \"digits\"",
        ),
        (
            "[vars]\na = { one_of = [] }\n[[step]]\nevent = \"call:ring\"",
            "2: `one_of` is empty",
        ),
        (
            "[vars]\na = { between = [9, 1] }\n[[step]]\nevent = \"call:ring\"",
            "2: `between` takes two whole numbers, the smaller first",
        ),
        (
            "[[step]]\ntimes = 1000000\nevent = \"call:ring\"",
            "1: `step` makes more than 100000 requests",
        ),
        (
            "[[step]]\n[[step.step]]\n[[step.step.step]]\n[[step.step.step.step]]\n\
             [[step.step.step.step.step]]\nevent = \"call:ring\"",
            "4: this step is the 4th loop in a loop; leave one out",
        ),
    ] {
        let found = told(text);
        assert!(
            found.iter().any(|told| told.starts_with(expected)),
            "{text}\nexpected {expected}\nfound {found:#?}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_files_order() {
    let text = "site = 1\n[[step]]\nevent = \"call:rnig\"\n[[step]]\nevent = \"call:end\"\nat = \"soon\"\nfuats = 1\n";
    let lines: Vec<usize> = Scenario::read(text)
        .unwrap_err()
        .iter()
        .map(|m| m.line)
        .collect();
    assert_eq!(lines, [1, 3, 6, 7]);
}

#[test]
fn what_may_be_meant_is_noted_and_sent() {
    let text = "[[step]]\nevent = \"call:ring\"\nset = { call_di = \"1\", shift = \"late\" }\n";
    let scenario = read(text);
    let notes: Vec<&str> = scenario.notes.iter().map(|n| n.what.as_str()).collect();
    assert_eq!(
        notes,
        [
            "`call_di` is no variable of call:ring on the vendor's page; did you mean `call_id`? It \
             is sent as it is",
            "`shift` is no variable of call:ring on the vendor's page; it is sent as it is",
        ]
    );
    let Letter::Webhook(webhook) = &plan(text, 1).sends[0].what else {
        panic!("a webhook");
    };
    let names: Vec<&str> = webhook.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["id", "call_id", "ts", "call_di", "shift"]);
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
    let readme = include_str!("../README.md");
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

fn post(name: &str, vendor: Vendor) -> Post {
    let queues = vec![Queue {
        id: "123".into(),
        name: "sales".into(),
        service_level: Queue::SERVICE_LEVEL,
        critical: Queue::CRITICAL,
    }];
    Post {
        site: Site {
            name: name.into(),
            vendor,
            queues: queues.clone(),
            country: None,
            people: People::default(),
        },
        allowed: true,
        production: false,
        max_rate: 10,
        target: (vendor == Vendor::Enswitch).then(|| Target {
            site: name.into(),
            base: "http://127.0.0.1/api/json".into(),
            verb: Verb::Post,
            queues,
            allowed: true,
            production: false,
        }),
        reaches: Arc::new(|to| match to {
            "http://here" => Ok(()),
            _ => Err("is far away; come nearer".to_owned()),
        }),
    }
}

/// What is wrong with a scenario at these sites.
fn refused(text: &str, posts: &[Post], default: Option<&str>, rate: Option<f64>) -> Vec<String> {
    match check::check(&Plan::whole(&read(text), 1, noon()), posts, default, rate) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes
            .iter()
            .map(|m| format!("{}: {}", m.line, m.what))
            .collect(),
    }
}

#[test]
fn a_scenario_goes_only_where_the_configuration_lets_it() {
    let both = [
        post("team", Vendor::Contaqt),
        post("sales", Vendor::Enswitch),
    ];
    let ring = "[[step]]\nevent = \"call:ring\"\n";
    let inject = "[[step]]\ninject = { queue = \"sales\", time = \"-5m\" }\n";
    let fine: Vec<String> = Vec::new();
    assert_eq!(refused(ring, &both, None, None), fine);
    assert_eq!(refused(inject, &both, None, None), fine);
    let change = |which: usize, how: fn(&mut Post)| {
        let mut posts = both.to_vec();
        how(&mut posts[which]);
        posts
    };
    let cases: [(&str, Vec<Post>, Option<&str>, &str); 11] = [
        (
            ring,
            both.to_vec(),
            Some("taem"),
            "1: there is no site \"taem\" in the configuration; did you mean \"team\"?",
        ),
        (
            ring,
            both.to_vec(),
            Some("sales"),
            "1: this step speaks as contaqt, and site \"sales\" is enswitch; name another",
        ),
        (
            inject,
            both.to_vec(),
            Some("team"),
            "1: this step injects a queue event (enswitch), and site \"team\" is contaqt",
        ),
        (
            ring,
            change(0, |p| p.allowed = false),
            Some("team"),
            "1: site \"team\" does not allow it; add \"inject\" to its `allow`",
        ),
        (
            ring,
            change(0, |p| p.production = true),
            Some("team"),
            "1: site \"team\" is a production site, where no scenario runs",
        ),
        (
            inject,
            change(1, |p| p.production = true),
            Some("sales"),
            "1: site \"sales\" is a production site",
        ),
        (
            ring,
            change(0, |p| p.allowed = false),
            None,
            "1: this step speaks as contaqt, and no site fits; one needs allow",
        ),
        (
            ring,
            vec![post("a", Vendor::Contaqt), post("b", Vendor::Contaqt)],
            None,
            "1: this step names no site; add site = … (a or b)",
        ),
        (
            "[[step]]\nevent = \"call:ring\"\nto = \"http://there\"\n",
            both.to_vec(),
            None,
            "1: `to` is far away; come nearer",
        ),
        (
            "[[step]]\ninject = { queue = \"nobody\" }\n",
            both.to_vec(),
            None,
            "1: there is no queue \"nobody\" at sales",
        ),
        (
            "[vars]\np = \"x\"\n[[step]]\ninject = { queue = 1, position = \"${p}\" }\n",
            both.to_vec(),
            None,
            "3: position is a whole number",
        ),
    ];
    for (text, posts, default, expected) in cases {
        let told = refused(text, &posts, default, None);
        assert!(
            told.iter().any(|t| t.starts_with(expected)),
            "{expected}: {told:?}"
        );
    }
}

#[test]
fn an_expectation_is_about_the_site_that_can_tell_such_things() {
    let fine: Vec<String> = Vec::new();
    let sites = |names: &[(&str, Vendor)]| -> Vec<Post> {
        names
            .iter()
            .map(|(name, vendor)| post(name, *vendor))
            .collect()
    };
    // Both may be sent to, and one of them alone speaks.
    let both = sites(&[("sales", Vendor::Enswitch), ("team", Vendor::Contaqt)]);
    assert_eq!(refused(CALL, &both, None, None), fine);
    // Of several that tell it, the one that is sent to.
    let many = sites(&[("team", Vendor::Contaqt), ("phones", Vendor::Telphin)]);
    assert_eq!(refused(CALL, &many, None, None), fine);
    let dial = "[[step]]\nevent = \"dial-in\"\nset.CalledExtensionID = \"175\"\n[[step]]\nexpect = { event = \"dial-in\" }\n";
    assert_eq!(refused(dial, &many, None, None), fine);
    let plan = Plan::whole(&read(dial), 1, noon());
    let found = check::check(&plan, &many, None, None).unwrap();
    assert_eq!((found.of(1), found.of(4)), ("phones", "phones"));
    let alone = "[[step]]\nexpect = { agent = \"17\", state = \"paused\" }\n";
    assert_eq!(
        refused(alone, &many, None, None),
        ["1: this step names no site; add site = … (team or phones)"]
    );
    assert_eq!(
        refused(alone, &both, Some("sales"), None),
        ["1: this step expects, and site \"sales\" is enswitch; name another with site = …"]
    );
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

#[test]
fn more_than_ten_a_second_need_the_sites_leave() {
    let burst = |times: u32| {
        format!("[[step]]\nevent = \"call:ring\"\ntimes = {times}\nevery = \"50ms\"\n")
    };
    let mut posts = [post("team", Vendor::Contaqt)];
    let told = refused(&burst(11), &posts, None, None);
    assert_eq!(
        told,
        [
            "1: 11 requests in one second are too many: site \"team\" takes 10 a second; slow down, \
             or set `max_rate` for it"
        ]
    );
    assert!(refused(&burst(10), &posts, None, None).is_empty());
    let told = refused(&burst(1), &posts, None, Some(10.5));
    assert!(told[0].contains("--rate 10.5 is too fast"), "{told:?}");
    assert!(refused(&burst(1), &posts, None, Some(10.0)).is_empty());
    posts[0].max_rate = 20;
    assert!(refused(&burst(100), &posts, None, None).is_empty());
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
