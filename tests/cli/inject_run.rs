//! `holdline inject run`: a scenario against the simulator and a collector,
//! what it says, and that what it says adds up.

use std::{
    fmt::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use holdline::sim::enswitch;
use rustix::process::Signal;
use serde_json::Value;

use super::{
    program::{Home, Ran, Running, is_fit_to_show},
    stub::{Stub, reply},
    vendor::Vendor,
};

const TOUR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenarios/tour.toml");
const CALL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/assets/scenarios/answered-call.toml"
);

/// A configuration with a site that can be spoken as, with these further
/// lines, and the simulator's queue events where there is one.
fn configured(home: &Home, rest: &str, vendor: Option<&Vendor>) {
    let mut text = format!(
        "[receiver]\nlisten = \"127.0.0.1:0\"\n[journal]\npath = \"journal\"\n[[site]]\nname = \
         \"team\"\nvendor = \"contaqt\"\nhook = {{ secret = \"canary-0123456789\" }}\n{rest}\n"
    );
    if let Some(vendor) = vendor {
        let url = vendor.sim.sites()["enswitch"].clone();
        write!(
            text,
            "[[site]]\nname = \"sales\"\nvendor = \"enswitch\"\nurl = \"{url}\"\nusername = \"{}\"\n\
             password = \"{}\"\nallow = [\"inject\"]\nqueues = [{{ id = \"123\", name = \"sales\" }}]\n",
            enswitch::USERNAME,
            enswitch::PASSWORD
        )
        .unwrap();
    }
    home.file("config.toml", &text);
}

const ALLOWED: &str = "allow = [\"inject\"]";

fn args<'a>(file: &'a str, rest: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let start = ["inject", "run", "--config", "config.toml", file];
    start.into_iter().chain(rest.iter().copied())
}

fn run(home: &Home, file: &str, rest: &[&str]) -> Ran {
    home.run(args(file, rest))
}

fn report(out: &str) -> Value {
    let list: Vec<Value> = serde_json::from_str(out).unwrap_or_else(|e| panic!("{e}: {out}"));
    assert_eq!(list.len(), 1);
    list[0].clone()
}

fn number(report: &Value, name: &str) -> u64 {
    report[name].as_u64().unwrap()
}

/// The numbers add up, whatever happened.
#[track_caller]
fn adds_up(report: &Value) {
    let n = |name| number(report, name);
    assert_eq!(
        n("sent"),
        n("answered") + n("failed") + n("unknown"),
        "{report}"
    );
    assert_eq!(n("planned"), n("sent") + n("never_sent"), "{report}");
    let codes = report["codes"].as_object().unwrap().values();
    let by_code: u64 = codes.map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(by_code, n("answered"), "{report}");
}

/// A server that counts, and answers 200.
fn counting() -> (Stub, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let stub = Stub::serve(move |_| {
        counted.fetch_add(1, SeqCst);
        reply("200 OK", &[], "fine")
    });
    (stub, count)
}

/// One event to this address.
fn ring(to: &str) -> String {
    format!("[[step]]\nevent = \"call:ring\"\nto = \"{to}/hook?myid=175\"\n")
}

#[test]
fn the_tour_holds_with_a_collector_of_its_own() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, ALLOWED, Some(&vendor));
    let ran = run(&home, TOUR, &["--yes", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.err.contains("no collector runs; this one collects"),
        "{ran:?}"
    );
    let report = report(&ran.out);
    adds_up(&report);
    assert_eq!(report["passed"], true);
    assert_eq!(number(&report, "answered"), 21);
    assert_eq!(number(&report["codes"], "204"), 3);
    assert!(report["expectations"].as_array().unwrap().len() >= 15);
    assert!(!ran.out.contains("canary") && !ran.err.contains("canary"));
}

#[test]
fn a_collector_that_runs_is_attached_to_and_who_did_it_is_on_record() {
    let home = Home::new();
    configured(&home, ALLOWED, None);
    let mut collector = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    collector.tells("listening for webhooks");
    // No site is named: it is the one that can speak so.
    let ran = run(&home, CALL, &["--yes", "--as", "Anna", "--seed", "5"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    is_fit_to_show(&ran.out);
    for part in [
        "scenario   A call is answered",
        "seed 5\n",
        "sent       7 of 7 in ",
        "7 answered, 0 failed, 0 unknown; 0 never sent",
        "agent 99 on_call within 2s: is on_call after ",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let events = home.run(["events", "--config", "config.toml", "--format", "ndjson"]);
    let journal = events.fine();
    assert_eq!(
        journal.matches("\"injected\":true").count().max(7),
        7,
        "{journal}"
    );
    assert!(
        journal.contains("Anna") && journal.contains("scenario"),
        "{journal}"
    );
    collector.end(Signal::TERM);
}

#[test]
fn an_expectation_that_fails_is_exit_code_1_and_says_what_was_so() {
    let home = Home::new();
    configured(&home, ALLOWED, None);
    let text = "[[step]]\nevent = \"agent:checkin\"\nset = { user_id = \"7\" }\n[[step]]\nexpect = { \
                agent = \"7\", state = \"on_call\" }\nwithin = \"300ms\"\n[[step]]\nevent = \
                \"agent:checkin\"\nset = { user_id = \"7\" }\nanswer = 404\n";
    home.file("wrong.toml", text);
    let ran = run(&home, "wrong.toml", &["--yes"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for part in [
        "FAILED     line 4: agent 7 on_call within 300ms: is available",
        "FAILED     line 7: answer 404: 0 of 1; the first that was not: 200 after ",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(
        ran.err.contains("2 of 3 expectations did not hold"),
        "{ran:?}"
    );
}

#[test]
fn nothing_is_sent_before_the_whole_file_is_right() {
    let (home, (stub, count)) = (Home::new(), counting());
    configured(&home, ALLOWED, None);
    let text = format!(
        "{}[[step]]\nevnt = \"x\"\n[[step]]\nevent = \"y\"\n",
        ring(&stub.url)
    );
    home.file("s.toml", &text);
    let ran = run(&home, "s.toml", &["--yes"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(
        lines[0].starts_with("holdline: s.toml:4: this step does nothing"),
        "{ran:?}"
    );
    assert!(
        lines[1].contains("s.toml:5: this step has no setting `evnt`"),
        "{ran:?}"
    );
    assert!(
        lines[2].contains("s.toml:7: `event` cannot be \"y\""),
        "{ran:?}"
    );
    home.file("s.toml", &ring(&stub.url));
    let looked = run(&home, "s.toml", &["--validate"]);
    assert!(
        looked.fine().contains("0.000 s  line 1    call:ring id="),
        "{looked:?}"
    );
    run(&home, "s.toml", &[]).refused(2).contains("--yes");
    run(&home, "none.toml", &["--yes"])
        .refused(2)
        .contains("there is no such file");
    assert_eq!(count.load(SeqCst), 0);
    let sent = run(&home, "s.toml", &["--yes", "--format", "json"]);
    assert_eq!((sent.code, count.load(SeqCst)), (Some(0), 1), "{sent:?}");
}

#[test]
fn a_site_that_does_not_allow_it_is_refused() {
    let (home, (stub, count)) = (Home::new(), counting());
    home.file("s.toml", &ring(&stub.url));
    for (rest, args, words) in [
        (
            "",
            &["--site", "team"][..],
            "does not allow it; add \"inject\"",
        ),
        (
            "allow = [\"inject\"]\nproduction = true",
            &["--site", "team"],
            "is a production site, where no scenario runs",
        ),
        (
            ALLOWED,
            &["--rate", "11", "--for", "1s"],
            "takes 10 a second",
        ),
        (ALLOWED, &["--site", "taem"], "there is no site \"taem\""),
    ] {
        configured(&home, rest, None);
        let args: Vec<&str> = args.iter().copied().chain(["--yes"]).collect();
        let ran = run(&home, "s.toml", &args);
        assert!(ran.refused(2).contains(words), "{ran:?}");
    }
    configured(&home, ALLOWED, None);
    home.file("s.toml", &ring("http://192.0.2.1"));
    let ran = run(&home, "s.toml", &["--yes"]);
    assert!(
        ran.refused(2)
            .contains("s.toml:1: `to` leads to 192.0.2.1, which is neither this machine"),
        "{ran:?}"
    );
    assert_eq!(count.load(SeqCst), 0);
}

#[test]
fn a_rate_is_held_whatever_the_answers_do_and_late_ones_count_from_when_they_were_due() {
    let (home, asked) = (Home::new(), Arc::new(Mutex::new(Vec::new())));
    let log = asked.clone();
    let stub = Stub::serve(move |_| {
        let mut asked = log.lock().unwrap();
        asked.push(Instant::now());
        drop(asked);
        // Longer than many requests are apart.
        let (_keep, never) = std::sync::mpsc::channel::<()>();
        let _ = never.recv_timeout(Duration::from_millis(300));
        reply("200 OK", &[], "")
    });
    configured(&home, "allow = [\"inject\"]\nmax_rate = 1000", None);
    home.file("s.toml", &ring(&stub.url));
    let args = ["--rate", "50", "--for", "2s", "--yes", "--format", "json"];
    let ran = run(&home, "s.toml", &args);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report = report(&ran.out);
    adds_up(&report);
    assert_eq!(number(&report, "answered"), 100);
    assert!(report["p50_ms"].as_f64().unwrap() >= 299.0, "{report}");
    let asked = asked.lock().unwrap();
    let took = asked[99] - asked[0];
    // One after the other it would be half a minute.
    assert!(took > Duration::from_millis(1_500), "{took:?}");
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[test]
fn stopped_in_the_middle_it_says_exactly_what_was_sent() {
    let (home, (stub, count)) = (Home::new(), counting());
    configured(&home, "allow = [\"inject\"]\nmax_rate = 1000", None);
    home.file("s.toml", &ring(&stub.url));
    let rest = ["--rate", "200", "--for", "60s", "--yes", "--format", "json"];
    let running = Running::start(home.holdline(args("s.toml", &rest)));
    let until = Instant::now() + super::program::PATIENCE;
    while count.load(SeqCst) < 40 {
        assert!(Instant::now() < until, "nothing is sent");
        std::thread::yield_now();
    }
    let ended = running.end(Signal::INT);
    assert_eq!(ended.code, Some(130), "{ended:?}");
    let report = report(&ended.out);
    adds_up(&report);
    assert_eq!(report["stopped"], true);
    assert_eq!(number(&report, "planned"), 12_000);
    // All that arrived was counted as sent; all that was answered arrived.
    let arrived = count.load(SeqCst) as u64;
    assert!(
        number(&report, "answered") <= arrived,
        "{arrived}: {report}"
    );
    assert!(arrived <= number(&report, "sent"), "{arrived}: {report}");
    assert!(ended.took < Duration::from_secs(1), "{:?}", ended.took);
}

#[test]
fn nobody_there_is_exit_code_3() {
    let home = Home::new();
    configured(&home, ALLOWED, None);
    home.file("s.toml", &ring("http://127.0.0.1:9"));
    let ran = run(&home, "s.toml", &["--yes", "--format", "json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let report = report(&ran.out);
    adds_up(&report);
    assert_eq!(
        (number(&report, "failed"), number(&report, "unknown")),
        (1, 0)
    );
    assert!(ran.err.contains("no request was answered: "), "{ran:?}");
}

#[test]
fn every_format_prints_the_run() {
    let (home, (stub, _)) = (Home::new(), counting());
    configured(&home, ALLOWED, None);
    home.file("s.toml", &ring(&stub.url));
    let csv = run(
        &home,
        "s.toml",
        &["--yes", "--format", "csv", "--seed", "3"],
    );
    let (head, row) = csv.fine().split_once('\n').unwrap();
    assert!(
        head.starts_with("scenario,file,seed,rate,planned,sent,"),
        "{head}"
    );
    assert!(row.starts_with("s,s.toml,3,,1,1,1,0,0,0,0,"), "{row}");
    let line = run(&home, "s.toml", &["--yes", "--format", "ndjson"]);
    let line: Value = serde_json::from_str(line.fine()).unwrap();
    assert_eq!(line["scenario"], "s");
}
