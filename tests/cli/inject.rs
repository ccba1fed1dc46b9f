//! `holdline inject`: what is sent and said, who is asked first, what the
//! journal holds of it.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use holdline::sim::{Fault, Rule, enswitch};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::process::Signal;
use serde_json::Value;

use super::{
    program::{Home, PATIENCE, Ran, Running, is_fit_to_show},
    stub::{Stub, reply},
    vendor::Vendor,
};

pub const JSON: &str = "content-type: application/json";
pub const OK: &str = r#"{"responses":[{"code":"204","key":"","message":"OK"}]}"#;

/// A site with these further lines.
pub fn site(name: &str, url: &str, password: &str, rest: &str) -> String {
    format!(
        "[[site]]\nname = \"{name}\"\nvendor = \"enswitch\"\nurl = \"{url}\"\n\
         username = \"{}\"\npassword = \"{password}\"\n{rest}\n",
        enswitch::USERNAME
    )
}

pub const ALLOWED: &str = "allow = [\"inject\"]\nqueues = [{ id = \"123\", name = \"sales\" }, \
                       { id = \"124\", name = \"billing\" }]";

pub fn configured(home: &Home, sites: &str) {
    let text = format!("[journal]\npath = \"journal\"\n{sites}");
    home.file("config.toml", &text);
}

/// The simulator's site, allowed.
pub fn simulated(home: &Home, vendor: &Vendor) {
    let url = vendor.sim.sites()["enswitch"].clone();
    configured(home, &site("sales", &url, enswitch::PASSWORD, ALLOWED));
}

fn inject(home: &Home, rest: &[&str]) -> Ran {
    home.run(["inject", "--config", "config.toml"].iter().chain(rest))
}

fn rows(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {ran:?}"))
}

fn entries(home: &Home) -> Vec<Value> {
    let args = ["events", "--config", "config.toml", "--format", "ndjson"];
    let out = home.run(args).fine().to_owned();
    out.lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

#[test]
fn an_event_is_created_and_shown_as_it_is_on_record() {
    let (home, vendor) = (Home::new(), Vendor::start());
    simulated(&home, &vendor);
    let args = "--queue sales --event X;Y --callid c-1 --callerid -1 --channel SIP/1 --dtype Phone \
                --dnumber 200 --keypress # --position -2 --time 1700000000 --yes --as Anna \
                --format json";
    let ran = inject(&home, &args.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    is_fit_to_show(&ran.err);
    let told: Vec<&str> = ran.err.lines().collect();
    let sent = "/api/json/queues/events/create/ with auth_username=***&auth_password=***&queue=123\
                &event=X%3BY&callerid=-1&callid=c-1&channel=SIP%2F1&dtype=phone&dnumber=200\
                &keypress=%23&position=-2&time=1700000000";
    assert!(
        told[0].starts_with("holdline: sales: POST http://127."),
        "{ran:?}"
    );
    assert!(told[0].ends_with(sent), "{ran:?}");
    assert_eq!(told[1], "holdline: sales: 204: \"OK\", accepted");
    let row = "1700000000|c-1|123|NONE|X;Y|-1|SIP/1|phone|200|#|-2";
    assert_eq!(told[2], format!("holdline: sales: on record: {row}"));
    let rows = rows(&ran);
    assert_eq!(rows.len(), 1);
    let fields: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "site",
            "queue",
            "event",
            "code",
            "key",
            "message",
            "ms",
            "validated"
        ]
    );
    let row = &rows[0];
    assert_eq!(
        (&row["site"], &row["queue"], &row["event"], &row["code"]),
        (&"sales".into(), &"123".into(), &"X;Y".into(), &"204".into())
    );
    assert_eq!(
        (&row["key"], &row["message"], &row["validated"]),
        (&Value::Null, &"OK".into(), &false.into())
    );
    assert!(row["ms"].is_u64());
    let entries = entries(&home);
    let what: Vec<&str> = entries
        .iter()
        .map(|e| e["event"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["intent", "outcome", "outcome"]);
    assert_eq!(entries[0]["body"]["who"], "Anna");
    assert_eq!(
        entries[0]["body"]["note"],
        Value::Null,
        "its outcome is known"
    );
    assert_eq!(entries[0]["body"]["params"]["event"], "X;Y");
    assert_eq!(entries[0]["queue"], "123");
    assert_eq!(entries[1]["body"]["intent"], entries[0]["seq"]);
    assert_eq!(entries[1]["body"]["answers"][0]["code"], "204");
    assert_eq!(entries[2]["body"]["intent"], entries[0]["seq"]);
    let record = "on record: 1700000000|c-1|123|NONE|X;Y|-1|SIP/1|phone|200|#|-2";
    assert_eq!(entries[2]["body"]["record"], record);
}

#[test]
fn a_queue_that_records_nothing_is_told_of() {
    let (home, vendor) = (Home::new(), Vendor::start());
    simulated(&home, &vendor);
    let past = ["--time", "1700000000", "--yes"];
    let ran = inject(&home, &[&["--queue", "124"][..], &past].concat());
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("seems not to record events"), "{ran:?}");
    vendor.suffers(Rule::from(Fault::Html).on("/list/"));
    let ran = inject(&home, &[&["--queue", "sales"][..], &past].concat());
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("could not be read"), "{ran:?}");
}

#[test]
fn validating_changes_nothing_and_never_asks() {
    let (home, vendor) = (Home::new(), Vendor::start());
    simulated(&home, &vendor);
    for rest in [&["--validate"][..], &["--validate", "--yes"]] {
        let args = [
            &["--queue", "sales", "--event", "X", "--format", "csv"][..],
            rest,
        ]
        .concat();
        let ran = inject(&home, &args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(
            ran.out
                .starts_with("site,queue,event,code,key,message,ms,validated\n")
        );
        assert!(ran.out.contains("sales,123,X,201,,OK,"), "{ran:?}");
        assert!(ran.out.ends_with(",true\n"), "{ran:?}");
    }
    assert!(
        !home.path().join("journal").exists(),
        "nothing is journaled"
    );
    // What is wrong is refused by the vendor, with all it names.
    let ran = inject(&home, &["--queue", "999", "--validate", "--format", "json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(rows(&ran)[0]["code"], "404");
    assert!(
        ran.err.contains("may not see it; check the queue's id"),
        "{ran:?}"
    );
}

#[test]
fn several_answers_are_all_shown_and_the_first_that_refuses_is_told() {
    let body = r#"{"responses":[{"code":"400","key":"position","message":"Not a number"},
                                {"code":"400","key":"time","message":"Too \u001b[31mlate"}]}"#;
    let stub = Stub::json(body);
    let home = Home::new();
    configured(&home, &site("sales", &stub.url, "p", ALLOWED));
    let ran = inject(&home, &["--queue", "sales", "--yes", "--format", "json"]);
    assert_eq!(ran.code, Some(1));
    let keys: Vec<Value> = rows(&ran).iter().map(|row| row["key"].clone()).collect();
    assert_eq!(keys, ["position", "time"]);
    let told = "sales: 400 position: \"Not a number\", a parameter is invalid; correct the";
    assert!(ran.err.contains(told), "{ran:?}");
    let ran = inject(&home, &["--queue", "sales", "--yes"]);
    is_fit_to_show(&ran.out);
    assert!(
        ran.out.contains("FIELD") && ran.out.contains("position"),
        "{ran:?}"
    );
    assert_eq!(
        entries(&home)[1]["body"]["answers"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn wrong_usage_is_one_sentence_and_nothing_is_sent() {
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    let stub = Stub::serve(move |_| {
        *count.lock().unwrap() += 1;
        reply("200 OK", &[JSON], OK)
    });
    let home = Home::new();
    let twin = "allow = [\"inject\"]\nqueues = [{ id = \"1\", name = \"twin\" }, { id = \"2\", \
                name = \"twin\" }]";
    configured(&home, &site("sales", &stub.url, "p", twin));
    let queue = ["--queue", "1", "--yes"];
    for (args, words) in [
        (&["--event", "X"][..], "--queue is missing"),
        (
            &["--queue", "nobody"],
            "--queue: there is no queue \"nobody\" at sales",
        ),
        (&["--queue", "twin"], "give an id: 1, 2"),
        (&["--queue", ""], "--queue: queue is empty"),
        (
            &["--queue", "1"],
            "without a terminal nobody can be asked; --yes",
        ),
        (
            &["--queue", "1", "--position", "x"],
            "--position is a whole number",
        ),
        (
            &["--queue", "1", "--dtype", "fax"],
            "--dtype is one of forward",
        ),
        (&["--queue", "1", "--time", "soon"], "--time is not a time"),
        (&["--queue", "1", "--time", "1700000000000"], "milliseconds"),
        (
            &["--queue", "1", "--event", "--validate"],
            "--event needs a value",
        ),
        (
            &["--queue", "1", "--event", "a\u{7}b"],
            "control characters",
        ),
    ] {
        let said = inject(&home, args).refused(2).to_owned();
        assert!(said.contains(words), "{args:?}: {said}");
    }
    assert_eq!(*asked.lock().unwrap(), 0);
    assert_eq!(inject(&home, &queue).code, Some(0));
}

#[test]
fn only_a_site_that_allows_it_is_meant() {
    let stub = Stub::json(OK);
    let home = Home::new();
    let of = |name: &str, rest: &str| site(name, &stub.url, "p", rest);
    let telecomx = super::vendor::site("north", "http://127.0.0.1:9", "t");
    let refused = |rest: &[&str]| {
        let args = [&["--queue", "1", "--validate"][..], rest].concat();
        inject(&home, &args).refused(2).to_owned()
    };
    configured(&home, &telecomx);
    assert!(refused(&[]).contains("no site takes queue events"));
    assert!(refused(&["--site", "north"]).contains("\"north\" takes no queue events"));
    configured(&home, &of("sales", ""));
    assert!(refused(&[]).contains("does not allow injecting at sales; allow = [\"inject\"]"));
    let two = of("a", ALLOWED) + &of("b", ALLOWED);
    configured(&home, &two);
    assert!(refused(&[]).ends_with("name one with --site: a, b"));
    configured(&home, &(of("a", "") + &of("b", ALLOWED)));
    let ran = inject(&home, &["--queue", "sales", "--yes"]);
    assert!(ran.err.contains("holdline: b: POST"), "{ran:?}");
}

#[test]
fn a_vendor_that_is_silent_is_not_asked_again_and_it_may_be_on_record() {
    let (home, vendor) = (Home::new(), Vendor::start());
    simulated(&home, &vendor);
    vendor.suffers(Fault::Hang);
    let args = ["--queue", "sales", "--yes", "--timeout", "300ms"];
    let ran = inject(&home, &args);
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""), "{ran:?}");
    assert!(
        ran.err.contains("may have been recorded all the same"),
        "{ran:?}"
    );
    let asked: u64 = vendor.sim.requests().values().sum();
    assert_eq!(asked, 1);
    assert!(entries(&home)[1]["body"]["unknown"].is_string());
    let home = Home::new();
    configured(&home, &site("sales", "http://127.0.0.1:1", "p", ALLOWED));
    let ran = inject(&home, &["--queue", "sales", "--yes"]);
    assert_eq!(ran.code, Some(3));
    assert!(!ran.err.contains("may have been"), "{ran:?}");
    assert!(entries(&home)[1]["body"]["failed"].is_string());
}

#[test]
fn who_is_killed_before_the_answer_leaves_an_intent_whose_outcome_is_unknown() {
    let (say, heard) = mpsc::channel();
    let (say, (hold, held)) = (Mutex::new(say), mpsc::channel::<()>());
    let held = Mutex::new(held);
    let stub = Stub::serve(move |_| {
        say.lock().unwrap().send(()).unwrap();
        let _ = held.lock().unwrap().recv();
        Vec::new()
    });
    let home = Home::new();
    configured(&home, &site("sales", &stub.url, "p", ALLOWED));
    let args = "inject --config config.toml --queue sales --event X --yes";
    let running = Running::start(home.holdline(args.split(' ')));
    heard.recv_timeout(PATIENCE).unwrap();
    running.end(Signal::KILL);
    let entries = entries(&home);
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0]["event"], "intent");
    let note = entries[0]["body"]["note"].as_str().unwrap();
    assert!(note.starts_with("outcome unknown"), "{note}");
    drop(hold);
}

/// Runs it on a terminal where this is typed; answers the exit code and what
/// was written there.
fn typed(home: &Home, answer: &str) -> (u32, String) {
    let size = PtySize {
        rows: 24,
        cols: 200,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_holdline"));
    command.args("inject --config config.toml --queue 124 --event X --time 9".split(' '));
    command.env_clear();
    command.env("PATH", "/usr/bin:/bin");
    command.env("HOME", home.path());
    command.cwd(home.path());
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (say, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A terminal whose last program is gone is an error on Linux.
        let _ = reader.read_to_end(&mut bytes);
        let _ = say.send(String::from_utf8(bytes).unwrap());
    });
    let mut writer = pty.master.take_writer().unwrap();
    writer.write_all(answer.as_bytes()).unwrap();
    let code = child.wait().unwrap().exit_code();
    (code, heard.recv_timeout(PATIENCE).unwrap())
}

#[test]
fn on_a_terminal_the_request_is_shown_and_a_production_site_wants_its_name() {
    let (home, vendor) = (Home::new(), Vendor::start());
    simulated(&home, &vendor);
    let sent = || vendor.sim.requests().values().sum::<u64>();
    let (code, shown) = typed(&home, "n\n");
    assert!(
        shown.contains("auth_password=***&queue=124&event=X"),
        "{shown}"
    );
    assert!(shown.contains("Go on? [y/N]"), "{shown}");
    assert!(shown.contains("nothing was sent"), "{shown}");
    assert_eq!((code, sent()), (1, 0));
    let (code, shown) = typed(&home, "y\n");
    assert_eq!((code, sent()), (0, 2), "{shown}");
    let url = vendor.sim.sites()["enswitch"].clone();
    let rest = format!("production = true\n{ALLOWED}");
    configured(&home, &site("sales", &url, enswitch::PASSWORD, &rest));
    let (code, shown) = typed(&home, "y\n");
    assert!(shown.contains("Type its name"), "{shown}");
    assert_eq!((code, sent()), (1, 2));
    let (code, _) = typed(&home, "sales\n");
    assert_eq!((code, sent()), (0, 4));
}
