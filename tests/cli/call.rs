//! `holdline call`: asks, calls once, and says what comes of it.

use std::{
    io::{Read, Write},
    sync::mpsc::{self, Receiver},
    thread,
};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use rustix::process::Signal;
use serde_json::json;

use super::{
    exchange::{CALL_ID, Exchange, SECRETS, recorded, rows, run},
    program::{Home, PATIENCE, Running},
    stub::post,
};

const ALLOWED: &str = "allow = [\"call\"]";
const TO: &str = "+4520123456";

fn begun(more: &str) -> (Home, Exchange) {
    let (home, exchange) = (Home::new(), Exchange::open());
    exchange.config(&home, more);
    (home, exchange)
}

#[test]
fn a_call_is_made_from_ones_own_phone_and_put_on_record() {
    let (home, exchange) = begun(ALLOWED);
    let ran = run(
        &home,
        &[
            "call",
            "--to",
            "+45 20 12 34 56",
            "--yes",
            "--format",
            "json",
        ],
    );
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        rows(&ran),
        [json!({"site": "phones", "from": "200", "to": TO, "call_id": CALL_ID})]
    );
    assert!(
        ran.sentence()
            .contains("200 is being rung, then +4520123456")
    );
    let body = json!({"dst_num": TO, "src_num": ["200"]});
    assert_eq!(
        exchange.changes(),
        [format!("POST /extension/@200/callback/ {body}")]
    );
    let record = recorded(&home);
    assert_eq!(record[0]["who"], "anna");
    assert_eq!(record[0]["call"], "extension/callback");
    assert_eq!(record[0]["params"], json!({"from": "200", "to": TO}));
    // By it the call is found again.
    assert_eq!(record[1]["answers"][0]["message"], CALL_ID);
}

#[test]
fn a_line_is_a_short_number_or_an_id() {
    let (home, exchange) = begun(ALLOWED);
    for from in ["201", "id:175"] {
        let ran = run(
            &home,
            &["call", "--from", from, "--to", TO, "--yes", "--again"],
        );
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let asked: Vec<String> = exchange.changes();
    assert!(
        asked[0].starts_with("POST /extension/@201/callback/"),
        "{asked:?}"
    );
    assert!(
        asked[1].starts_with("POST /extension/175/callback/"),
        "{asked:?}"
    );
}

#[test]
fn a_number_that_anyone_called_a_moment_ago_is_not_called_unasked() {
    let (home, exchange) = begun(ALLOWED);
    let called = run(&home, &["call", "--to", TO, "--yes"]);
    assert_eq!(called.code, Some(0));
    // However it is written: the site's country is Denmark.
    let again = [
        "--as", "jens", "call", "--from", "201", "--to", "20123456", "--yes",
    ];
    let global = ["--config", "config.toml"];
    let ran = home.run([&global[..], &again].concat());
    let sentence = ran.refused(2).to_owned();
    for part in [
        "anna called +4520123456",
        "ago",
        "nothing was sent",
        "--again",
    ] {
        assert!(sentence.contains(part), "{sentence}");
    }
    assert_eq!(exchange.changes().len(), 1);
    let other = run(&home, &["call", "--to", "+4599999999", "--yes"]);
    assert_eq!(other.code, Some(0), "{other:?}");
    let meant = run(&home, &["call", "--to", TO, "--yes", "--again"]);
    assert_eq!(meant.code, Some(0), "{meant:?}");
    assert_eq!(exchange.changes().len(), 3);
}

#[test]
fn a_national_number_is_dialled_as_one_of_the_sites_country() {
    let (home, exchange) = begun(ALLOWED);
    for (typed, sent) in [
        ("20 99 88 77", "+4520998877"),
        ("201", "201"),
        ("*100#", "*100#"),
    ] {
        let ran = run(&home, &["call", "--to", typed, "--yes"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let last = exchange.changes().pop().unwrap();
        assert!(last.contains(&format!("\"dst_num\":\"{sent}\"")), "{last}");
    }
}

#[test]
fn nothing_is_dialled_that_is_not_allowed_meant_or_a_number() {
    let (home, exchange) = begun("");
    let call = ["call", "--to", TO, "--yes"];
    let sentence = run(&home, &call).refused(2).to_owned();
    assert!(sentence.contains("allow = [\"call\"]"), "{sentence}");
    exchange.config(&home, ALLOWED);
    let sentence = run(&home, &call[..3]).refused(2).to_owned();
    for part in ["ring 200, Anna (175)", TO, "--yes"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    let nobody = [
        "--config",
        "config.toml",
        "--as",
        "kim",
        "call",
        "--to",
        TO,
        "--yes",
    ];
    let sentence = home.run(nobody).refused(2).to_owned();
    assert!(sentence.contains("--from 200"), "{sentence}");
    for (args, part) in [
        ("call --yes", "--to"),
        ("call --to anonymous", "no number that can be dialled"),
        ("call --to +4520123456 --from a/b", "as id:175"),
    ] {
        let ran = run(&home, &args.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(part), "{}", ran.err);
    }
    assert_eq!(exchange.changes(), Vec::<String>::new());
}

#[test]
fn a_refusal_and_an_answer_that_is_lost_are_told_apart() {
    for (status, body, code, part) in [
        (
            "403 Forbidden",
            r#"{"message":"No"}"#,
            1,
            "application's type",
        ),
        (
            "404 Not Found",
            r#"{"message":"Not found"}"#,
            1,
            "does not exist",
        ),
        (
            "429 Too Many Requests",
            r#"{"message":"Slow"}"#,
            1,
            "try again in",
        ),
        ("502 Bad Gateway", "", 1, "may have been done"),
    ] {
        let (home, exchange) = begun(ALLOWED);
        exchange.says("POST /extension/", status, body);
        let ran = run(&home, &["call", "--to", TO, "--yes"]);
        let sentence = ran.refused(code).to_owned();
        assert!(sentence.contains(part), "{status}: {sentence}");
        assert_eq!(exchange.changes().len(), 1, "{status}");
        assert_eq!(recorded(&home).len(), 2, "{status}");
    }
    let home = Home::new();
    Exchange::open().config(&home, ALLOWED);
    let config = std::fs::read_to_string(home.path().join("config.toml")).unwrap();
    let url = config.lines().find(|l| l.starts_with("url = ")).unwrap();
    home.file(
        "config.toml",
        &config.replace(url, "url = \"http://127.0.0.1:9\""),
    );
    run(&home, &["call", "--to", TO, "--yes"]).refused(3);
}

#[test]
fn what_comes_of_it_is_told_until_it_has_ended() {
    let (home, exchange) = begun(ALLOWED);
    let deaf = run(&home, &["call", "--to", "+4599999999", "--yes", "--follow"]);
    assert_eq!(deaf.code, Some(1), "{deaf:?}");
    assert!(deaf.err.contains("nobody listens"), "{}", deaf.err);
    // It is known before the phone rings.
    assert_eq!(exchange.changes(), Vec::<String>::new());
    let mut collector = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    let told = collector.tells("listening for webhooks on http://");
    let address = told.rsplit_once("http://").unwrap().1.to_owned();
    collector.tells("collecting into");
    // What it heard of itself is written within a second.
    let is_known = |_: &i32| {
        let ran = run(&home, &["doctor", "--site", "phones", "--format", "json"]);
        ran.out.contains("\"listening") || ran.out.contains("listens")
    };
    (0..1_000).find(is_known).unwrap();
    let args = [
        "--config",
        "config.toml",
        "--as",
        "anna",
        "--timeout",
        "30s",
        "call",
        "--to",
        TO,
    ];
    let mut following = Running::start(home.holdline([&args[..], &["--yes", "--follow"]].concat()));
    following.tells("is being rung");
    let say = |event: &str, at: u32, more: &str| {
        let leg = format!("175-{CALL_ID}");
        let query = format!(
            "EventType={event}&EventTime=17000000000000{at}&CallID={CALL_ID}&SubCallID={leg}\
             &CallFlow=out&CallerExtensionID=175&CalledNumber=%2B4520123456{more}"
        );
        post(
            &format!("http://{address}/hooks/phones/{}?{query}", SECRETS[0]),
            "{}",
        );
    };
    say("dial-out", 10, "&CallStatus=CALLING");
    say("answer", 11, "&CallStatus=ANSWER");
    say("hangup", 12, "&CallStatus=ANSWER&Bridged=yes&Duration=1");
    let ended = following.ends();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for part in ["by Anna: rings", "by Anna: answered", "by Anna: ended"] {
        assert!(ended.out.contains(part), "{ended:?}");
    }
    assert!(ended.err.contains("the call has ended"), "{ended:?}");
    assert_eq!(exchange.changes().len(), 1);
    // A phone that is engaged or does not answer tells of nothing.
    let silent = ["--timeout", "2s", "call", "--to", "+4599999999"];
    let silent = run(&home, &[&silent[..], &["--yes", "--follow"]].concat());
    assert_eq!(silent.code, Some(3), "{silent:?}");
    for part in ["200 did not answer", "hooks check"] {
        assert!(silent.err.contains(part), "{}", silent.err);
    }
    assert_eq!(collector.end(Signal::TERM).code, Some(143));
}

/// Somebody at a terminal: what they are shown, part by part.
struct Asked {
    shown: Receiver<String>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Asked {
    fn to_call(home: &Home) -> Self {
        let pty = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut call = CommandBuilder::new(env!("CARGO_BIN_EXE_holdline"));
        call.args([
            "--config",
            "config.toml",
            "--as",
            "anna",
            "call",
            "--to",
            TO,
        ]);
        call.env_clear();
        call.env("HOME", home.path());
        call.cwd(home.path());
        let child = pty.slave.spawn_command(call).unwrap();
        let mut reader = pty.master.try_clone_reader().unwrap();
        let keys = pty.master.take_writer().unwrap();
        let (say, shown) = mpsc::channel();
        thread::spawn(move || {
            let _pty = pty;
            let mut bytes = [0; 4_096];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                let _ = say.send(String::from_utf8_lossy(&bytes[..n]).into_owned());
            }
        });
        Self { shown, keys, child }
    }

    /// Reads on until this is shown; all that came before it too.
    fn until(&self, part: &str) -> String {
        let mut text = String::new();
        while !text.contains(part) {
            text += &self.shown.recv_timeout(PATIENCE).unwrap();
        }
        text
    }
}

#[test]
fn who_calls_while_it_is_being_asked_is_asked_about_too() {
    let (home, exchange) = begun(ALLOWED);
    let mut asked = Asked::to_call(&home);
    asked.until("Go on? [y/N]");
    let args = [
        "--config",
        "config.toml",
        "--as",
        "jens",
        "call",
        "--from",
        "201",
    ];
    let jens = home.run([&args[..], &["--to", TO, "--yes"]].concat());
    assert_eq!(jens.code, Some(0), "{jens:?}");
    asked.keys.write_all(b"y\n").unwrap();
    let again = asked.until("once more at phones. Go on? [y/N]");
    assert!(again.contains("jens called +4520123456"), "{again}");
    asked.keys.write_all(b"n\n").unwrap();
    assert_eq!(asked.child.wait().unwrap().exit_code(), 1);
    assert_eq!(exchange.changes().len(), 1);
}
