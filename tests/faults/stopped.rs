//! An injector that is stopped in the middle of a burst (R23): nothing more
//! leaves after a tenth of a second, and what it says was sent is exactly what
//! was answered, failed, or may have arrived. `HOLDLINE_STOPS` times, at
//! moments drawn by `HOLDLINE_SEED`.

use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::Value;

use crate::{
    program::{Home, PATIENCE, Running},
    sizes::{ran, seed, size},
    stub::{Stub, reply},
};

const CONFIG: &str = r#"
[receiver]
listen = "127.0.0.1:0"
[journal]
path = "journal"
[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = "new-secret-0123456789" }
allow = ["inject"]
max_rate = 2000
"#;

/// After the signal nothing may leave for longer.
const STOPS: Duration = Duration::from_millis(100);
/// Nor on a machine that is busy otherwise, where a signal waits too.
const BUSY: Duration = Duration::from_millis(500);

/// A target that notes when each request came: most are answered, some with
/// an error, some not at all.
fn target() -> (Stub, Arc<Mutex<Vec<Instant>>>) {
    let arrived = Arc::<Mutex<Vec<_>>>::default();
    let noted = arrived.clone();
    let stub = Stub::serve(move |_| {
        let mut arrived = noted.lock().unwrap();
        arrived.push(Instant::now());
        match arrived.len() % 13 {
            5 => reply("500 Oops", &[], "no"),
            9 => Vec::new(),
            _ => reply("200 OK", &[], "fine"),
        }
    });
    (stub, arrived)
}

/// What is wrong with a report of a run in which so many requests arrived.
fn wrong(report: &Value, arrived: u64) -> Option<String> {
    let n = |name: &str| report[name].as_u64().unwrap_or(u64::MAX / 8);
    let by_code: u64 = report["codes"]
        .as_object()
        .map_or(0, |codes| codes.values().filter_map(Value::as_u64).sum());
    let is_so = [
        (
            "sent = answered + failed + unknown",
            n("sent") == n("answered") + n("failed") + n("unknown"),
        ),
        (
            "planned = sent + never sent",
            n("planned") == n("sent") + n("never_sent"),
        ),
        ("each answer has its code", by_code == n("answered")),
        ("what was answered arrived", n("answered") <= arrived),
        (
            "what arrived was answered or is open",
            arrived <= n("answered") + n("unknown"),
        ),
        ("it was stopped", report["stopped"] == true),
    ];
    let broken = is_so.iter().find(|(_, holds)| !holds)?;
    Some(format!("not so: {}; {arrived} arrived: {report}", broken.0))
}

/// Stops one; how long after the signal its last request came.
fn case(number: usize) -> Result<Duration, String> {
    let mut random = fastrand::Rng::with_seed(seed() << 32 | number as u64);
    let (stub, arrived) = target();
    let home = Home::new();
    home.file("config.toml", CONFIG);
    let step = format!(
        "[[step]]\nevent = \"call:ring\"\nto = \"{}/hook\"\n",
        stub.url
    );
    home.file("s.toml", &step);
    let rate = [50, 200, 500, 1_000][random.usize(..4)].to_string();
    let rest = [
        "--rate", &rate, "--for", "60s", "--yes", "--format", "json", "--config",
    ];
    let arguments = ["inject", "run"]
        .into_iter()
        .chain(rest)
        .chain(["config.toml", "s.toml"]);
    let running = Running::start(home.holdline(arguments));
    let (enough, until) = (random.usize(1..150), Instant::now() + PATIENCE);
    while arrived.lock().unwrap().len() < enough {
        if Instant::now() > until {
            return Err(format!("nothing is sent: {:?}", running.end(Signal::KILL)));
        }
        thread::yield_now();
    }
    let asked = Instant::now();
    let ended = running.end(Signal::INT);
    if ended.code != Some(130) || ended.took > Duration::from_secs(2) {
        return Err(format!("{ended:?}"));
    }
    let reports: Vec<Value> =
        serde_json::from_str(&ended.out).map_err(|error| format!("{error}: {ended:?}"))?;
    let arrived = arrived.lock().unwrap();
    if let Some(what) = wrong(&reports[0], arrived.len() as u64) {
        return Err(what);
    }
    let last = arrived.last().copied().unwrap_or(asked);
    Ok(last.saturating_duration_since(asked))
}

#[test]
fn whenever_it_is_stopped_its_numbers_add_up_and_nothing_leaves_any_more() {
    let many = size("HOLDLINE_STOPS", 3);
    let (mut after, mut found) = (Vec::new(), Vec::new());
    for number in 0..many {
        match case(number) {
            Ok(late) => after.push(late),
            Err(what) => found.push(format!("number {number}: {what}")),
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    after.sort();
    let (median, last) = (after[many / 2], after[many - 1]);
    println!("the last request came {median:?} after the signal (median; at most {last:?})");
    assert!(median <= STOPS && last <= BUSY, "{after:?}");
    ran("R23", many);
}

#[test]
fn control_a_report_that_is_off_by_one_is_found_out() {
    let report = |sent: u64, unknown: u64| {
        serde_json::json!({
            "planned": 100, "sent": sent, "never_sent": 100 - sent, "answered": 40, "failed": 0,
            "unknown": unknown, "codes": { "200": 39, "500": 1 }, "stopped": true,
        })
    };
    assert_eq!(wrong(&report(42, 2), 41), None);
    // One too many was counted as sent; one that arrived was forgotten.
    assert!(wrong(&report(43, 2), 41).is_some());
    assert!(wrong(&report(41, 1), 42).is_some());
}
