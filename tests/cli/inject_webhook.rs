//! `holdline inject webhook`: what an application under test receives, and
//! what our own receiver makes of it.

use std::sync::{Arc, Mutex};

use holdline::emit;
use rustix::process::Signal;
use serde_json::Value;

use super::{
    program::{Home, Ran, Running, is_fit_to_show},
    stub::{Stub, reply},
};

const SECRET: &str = "canary-0123456789";

fn configured(home: &Home, rest: &str) {
    let text = format!(
        "[receiver]\nlisten = \"127.0.0.1:0\"\n[journal]\npath = \"journal\"\n[[site]]\nname = \
         \"team\"\nvendor = \"contaqt\"\nhook = {{ secret = \"{SECRET}\" }}\n{rest}\n"
    );
    home.file("config.toml", &text);
}

const ALLOWED: &str = "allow = [\"inject\"]";

fn webhook(home: &Home, rest: &[&str]) -> Ran {
    let start = ["inject", "webhook", "--config", "config.toml"];
    home.run(start.iter().chain(rest))
}

/// Head and body of each request.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A server that keeps what it hears.
fn hearing(status: &'static str) -> (Stub, Heard) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = heard.clone();
    let stub = Stub::hearing(move |head, body| {
        log.lock().unwrap().push((head.to_owned(), body.to_owned()));
        reply(status, &[], "thanks\u{1b}[2J")
    });
    (stub, heard)
}

#[test]
fn an_application_hears_what_the_vendor_would_say_in_every_shape() {
    let (home, (stub, heard)) = (Home::new(), hearing("200 OK"));
    configured(&home, ALLOWED);
    let to = format!("{}/hook?myid=175", stub.url);
    let set = [
        "--set",
        "user_id=17",
        "--set",
        "queues=1, 2",
        "--set",
        "shift=late & =x",
    ];
    for (shape, line, body) in [
        (
            "json",
            "POST /hook?myid=175 HTTP/1.1",
            r#"{"event":"queue:join","user_id":"17","queues":["1","2"],"shift":"late & =x"}"#,
        ),
        (
            "json-data",
            "POST /hook?myid=175 HTTP/1.1",
            r#"{"event":"queue:join","data":{"user_id":"17","queues":["1","2"],"shift":"late & =x"}}"#,
        ),
        (
            "form",
            "POST /hook?myid=175 HTTP/1.1",
            "event=queue%3Ajoin&user_id=17&queues%5B%5D=1&queues%5B%5D=2&shift=late+%26+%3Dx",
        ),
        (
            "get",
            "GET /hook?myid=175&event=queue%3Ajoin&user_id=17&queues%5B%5D=1&queues%5B%5D=2&\
             shift=late+%26+%3Dx HTTP/1.1",
            "",
        ),
    ] {
        let mut args = vec![
            "--event",
            "queue:join",
            "--to",
            &to,
            "--shape",
            shape,
            "--yes",
        ];
        args.extend(set);
        let ran = webhook(&home, &args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        is_fit_to_show(&ran.out);
        assert!(
            ran.err.contains("shift is no variable of queue:join"),
            "{ran:?}"
        );
        assert!(ran.out.contains(" ms: thanks"), "{ran:?}");
        let (head, sent) = heard.lock().unwrap().pop().unwrap();
        assert_eq!(head.lines().next(), Some(line));
        assert!(head.contains("x-holdline-injected: 1"), "{head}");
        assert_eq!(sent, body);
        let shown = ran.out.lines().any(|l| !body.is_empty() && l == body);
        assert!(shown || body.is_empty(), "{}", ran.out);
    }
}

#[test]
fn our_own_receiver_marks_it_as_injected_and_the_secret_is_never_shown() {
    let home = Home::new();
    configured(&home, ALLOWED);
    let nobody = webhook(&home, &["--event", "call:ring", "--yes"]);
    assert!(
        nobody
            .refused(3)
            .contains("nobody listens for team's webhooks"),
        "{nobody:?}"
    );
    let mut collector = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    collector.tells("listening for webhooks");
    let args = [
        "--event",
        "call:ring",
        "--set",
        "dst_user_id=17",
        "--as",
        "Anna",
        "--yes",
    ];
    let ran = webhook(&home, &args);
    let out = ran.fine().to_owned();
    assert!(out.contains("/hooks/team/***\n"), "{out}");
    assert!(out.contains("200 in "), "{out}");
    assert!(!out.contains(SECRET));
    let start = ["--event", "call:start", "--set", "queue_id=1"];
    webhook(&home, &[&start[..], &["--yes"]].concat()).fine();
    // No script pages anybody for what is made up.
    for (list, said) in [
        (
            "agents",
            "1 agent's state that our own injector made is left out; `holdline events` has it",
        ),
        (
            "calls",
            "2 calls that our own injector made are left out; `holdline events` has them",
        ),
        (
            "callers",
            "1 caller that our own injector made is left out; `holdline events` has it",
        ),
    ] {
        let ran = home.run([list, "--config", "config.toml", "--format", "json"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.out.trim(), "[]", "{list}");
        assert!(ran.err.contains(said), "{ran:?}");
    }
    let journal = home.run(["events", "--config", "config.toml", "--format", "ndjson"]);
    assert!(journal.fine().contains("Anna"), "{journal:?}");
    assert!(!journal.out.contains(SECRET));
    collector.end(Signal::TERM);
}

#[test]
fn telphins_events_are_said_as_it_sends_them() {
    let (home, (stub, heard)) = (Home::new(), hearing("200 OK"));
    let phones = "[journal]\npath = \"journal\"\n[[site]]\nname = \"phones\"\nvendor = \"telphin\"\nurl = \
                  \"http://127.0.0.1:9\"\nclient_id = \"a\"\nclient_secret = \"b\"\nallow = \
                  [\"inject\"]\n";
    home.file("config.toml", phones);
    let args = [
        "--event",
        "dial-in",
        "--set",
        "CallFlow=in",
        "--to",
        &stub.url,
        "--set",
        "CalledExtensionID=175",
    ];
    let ran = webhook(&home, &[&args[..6], &["--yes"]].concat());
    let said = "dial-in tells of nobody without CalledExtensionID; add --set CalledExtensionID=…";
    assert!(ran.refused(2).contains(said), "{ran:?}");
    for (shape, starts) in [(&[][..], "GET /?"), (&["--shape", "form"], "POST / ")] {
        let ran = webhook(&home, &[&args[..], shape, &["--yes"]].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let (head, body) = heard.lock().unwrap().pop().unwrap();
        assert!(head.starts_with(starts), "{head}");
        let sent = format!("{head}{body}");
        for part in [
            "EventType=dial-in",
            "&EventTime=",
            "&CallID=",
            "&SubCallID=175-",
            "&CallFlow=in",
        ] {
            assert!(sent.contains(part), "{part}: {sent}");
        }
    }
    let ran = webhook(&home, &[&args[..], &["--shape", "json", "--yes"]].concat());
    assert!(ran.refused(2).contains("it can be get or form"), "{ran:?}");
}

#[test]
fn what_the_application_refuses_is_exit_code_1_and_nobody_there_3() {
    let (home, (stub, _)) = (Home::new(), hearing("422 Unprocessable Content"));
    configured(&home, ALLOWED);
    let json = ["--event", "call:end", "--yes", "--format", "json"];
    let ran = webhook(&home, &[&json[..], &["--to", &stub.url]].concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let row: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&row[0]["code"], &row[0]["event"]),
        (&"422".into(), &"call:end".into())
    );
    let ran = webhook(
        &home,
        &[&json[..], &["--to", "http://127.0.0.1:9/"]].concat(),
    );
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let row: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert!(row[0]["code"].is_null(), "{ran:?}");
}

#[test]
fn what_is_not_allowed_is_refused_with_a_remedy() {
    let (home, (stub, heard)) = (Home::new(), hearing("200 OK"));
    let to = ["--to", stub.url.as_str()];
    let ring = ["--event", "call:ring"];
    let yes = ["--yes"];
    let production = "allow = [\"inject\"]\nproduction = true";
    let far = ["--to", "https://crm.example.com/hook"];
    let cases: [(&str, Vec<&[&str]>, &str); 9] = [
        ("", vec![&ring, &to, &yes], "add \"inject\" to its `allow`"),
        (production, vec![&ring, &to, &yes], "is a production site"),
        (
            ALLOWED,
            vec![&ring, &far, &yes],
            "--to leads to crm.example.com, which is neither",
        ),
        (ALLOWED, vec![&ring, &to], "(POST http://127.0.0.1:"),
        (ALLOWED, vec![&ring, &to], "; --yes says so"),
        (
            ALLOWED,
            vec![&["--event", "call:rang"], &yes],
            "did you mean \"call:ring\"?",
        ),
        (
            ALLOWED,
            vec![&["--event", "agent:checkout"], &to, &yes],
            "add --set user_id=…",
        ),
        (
            ALLOWED,
            vec![&ring, &["--set", "x"], &yes],
            "write it as dst_user_id=17",
        ),
        (
            ALLOWED,
            vec![&ring, &["--site", "sales"], &yes],
            "there is no site \"sales\"",
        ),
    ];
    for (rest, args, words) in cases {
        configured(&home, rest);
        let ran = webhook(&home, &args.concat());
        assert!(ran.refused(2).contains(words), "{words}: {ran:?}");
    }
    assert_eq!(heard.lock().unwrap().len(), 0);
}

/// Flags and files say what `emit` says: one table, held against the events
/// that the simulator sends.
#[test]
fn every_event_of_the_table_is_one_that_is_spoken() {
    use holdline::domain::scenario::speech::EVENTS;
    for event in EVENTS {
        let fields: Vec<_> = event
            .variables
            .iter()
            .map(|variable| (variable.name.into(), "1".to_owned()))
            .collect();
        let message = emit::contaqt::said(event, &fields);
        assert_eq!(message.event, event.name);
        assert_eq!(
            message.fields.len(),
            event.variables.len(),
            "{}",
            event.name
        );
    }
}
