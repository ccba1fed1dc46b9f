//! A canary in every secret that is sent, before a vendor that repeats what it
//! was sent in every way there is: nothing printed, logged or kept holds it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustix::process::Signal;

use super::{
    inject::{self, ALLOWED, OK},
    program::{Home, Ran, Running, ran},
    stub::{Stub, reply},
    vendor::with_login,
};

const CANARY: &str = "canary-5e1f";
const TOKEN: &str = "token = \"tok-canary-5e1f\"";
const LOGIN: &str = "username = \"user-canary-5e1f@example.com\"\npassword = \"pass-canary-5e1f\"";

/// How the vendor answers, with what it was sent in it.
type Echo = fn(&str) -> Vec<u8>;

const ECHOES: [Echo; 12] = [
    |_| {
        reply(
            "200 OK",
            &[JSON],
            r#"[{"_id":"1","state":"QUEUED","number":"1"}]"#,
        )
    },
    |sent| envelope("401 Unauthorized", 401, sent),
    |sent| envelope("403 Forbidden", 403, sent),
    |sent| envelope("500 Internal Server Error", 500, sent),
    |sent| envelope("200 OK", 401, sent),
    |sent| {
        reply(
            "502 Bad Gateway",
            &["content-type: text/html"],
            &titled(sent),
        )
    },
    |sent| reply("200 OK", &["content-type: text/html"], &titled(sent)),
    |sent| {
        reply(
            "500 Internal Server Error",
            &["content-type: text/plain"],
            sent,
        )
    },
    |sent| {
        reply(
            "302 Found",
            &[&format!("location: http://elsewhere.invalid/{sent}?{sent}")],
            sent,
        )
    },
    |sent| reply("429 Too Many Requests", &["retry-after: 5"], sent),
    |sent| {
        reply(
            "200 OK",
            &[JSON],
            &format!("[{{\"_id\":\"{sent}\",\"_id\":\"{sent}\"}}]"),
        )
    },
    |sent| {
        let mut whole = reply("200 OK", &[JSON], &format!("[\"{sent}\"{}", " ".repeat(99)));
        whole.truncate(whole.len() - 50);
        whole
    },
];

const JSON: &str = "content-type: application/json";

fn envelope(status: &str, code: u16, sent: &str) -> Vec<u8> {
    let error = serde_json::json!({
        "code": format!("code {sent}"), "status": code, "message": format!("bad: {sent}"),
        "path": format!("path {sent}"), "check": format!("check {sent}"),
    });
    reply(
        status,
        &[JSON],
        &serde_json::json!({ "error": error }).to_string(),
    )
}

fn titled(sent: &str) -> String {
    format!("<html><title>Refused {sent}</title><body>{sent}</body>")
}

/// A vendor that lets everybody in, and repeats their secrets as `how` says.
/// Where that is beyond the last, a login too is refused so.
fn vendor(how: Arc<AtomicUsize>) -> Stub {
    Stub::serve(move |request| {
        let how = how.load(Ordering::SeqCst);
        let is_login = request.starts_with("POST ");
        if is_login && how < ECHOES.len() {
            let login = r#"{"token":"session-canary-5e1f","expiresInMinutes":15}"#;
            return reply("200 OK", &[JSON], login);
        }
        let sent = if is_login {
            "pass-canary-5e1f"
        } else if request.contains("session-canary") {
            "session-canary-5e1f"
        } else {
            "tok-canary-5e1f"
        };
        ECHOES[how % ECHOES.len()](sent)
    })
}

#[track_caller]
fn is_clean(text: &str) {
    assert!(!text.contains(CANARY), "{text}");
}

#[track_caller]
fn all_clean(ran: &Ran) {
    is_clean(&ran.out);
    is_clean(&ran.err);
}

/// No file below `folder` but the configuration holds it.
fn is_clean_on_disk(folder: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += is_clean_on_disk(&path);
        } else if !path.ends_with("config.toml") {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes());
            assert!(!found, "{}", path.display());
            files += 1;
        }
    }
    files
}

fn configured(home: &Home, url: &str, login: &str) {
    let text = with_login("north", url, login);
    home.file(
        "config.toml",
        &format!("[journal]\npath = \"journal\"\n{text}"),
    );
}

#[test]
fn a_vendor_that_repeats_a_secret_gets_it_printed_nowhere() {
    let how = Arc::new(AtomicUsize::new(0));
    let (home, vendor) = (Home::new(), vendor(how.clone()));
    let mut spoken = 0;
    for login in [TOKEN, LOGIN] {
        configured(&home, &vendor.url, login);
        for echo in 0..ECHOES.len() * 2 {
            how.store(echo, Ordering::SeqCst);
            for format in ["table", "json", "csv"] {
                let ran = home.run(["callers", "--config", "config.toml", "--format", format]);
                assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
                all_clean(&ran);
                spoken += usize::from(ran.err.contains("***"));
            }
        }
    }
    assert!(
        spoken > 20,
        "the secrets were repeated, and taken out: {spoken}"
    );
}

#[test]
fn a_host_made_of_a_secret_is_not_named() {
    for sent in ["tok-canary-5e1f", "TOK-Canary-5E1F"] {
        let location = format!("location: http://{sent}.invalid/");
        let stub = Stub::serve(move |_| reply("302 Found", &[&location], ""));
        let home = Home::new();
        configured(&home, &stub.url, &format!("token = \"{sent}\""));
        let ran = home.run(["callers", "--config", "config.toml"]);
        is_clean(ran.refused(1));
    }
}

#[test]
fn a_collector_writes_it_neither_to_its_log_nor_to_the_journal() {
    for login in [TOKEN, LOGIN] {
        let how = Arc::new(AtomicUsize::new(1));
        let (home, vendor) = (Home::new(), vendor(how.clone()));
        configured(&home, &vendor.url, login);
        let mut command = home.holdline(["collect", "--config", "config.toml", "--timeout", "5s"]);
        command.env("HOLDLINE_LOG", "trace");
        let mut running = Running::start(command);
        running.tells("401");
        // The refused ask again after their rest only; a new one asks now.
        let said = running.said.clone();
        let ended = running.end(Signal::TERM);
        how.store(0, Ordering::SeqCst);
        let mut command = home.holdline(["collect", "--config", "config.toml"]);
        command.env("HOLDLINE_LOG", "trace");
        let mut running = Running::start(command);
        running.tells("answered");
        let said = [said, running.said.clone()].concat().join("\n");
        let then = running.end(Signal::TERM);
        for text in [&said, &ended.err, &ended.out, &then.err, &then.out] {
            is_clean(text);
        }
        assert!(
            is_clean_on_disk(home.path()) >= 2,
            "there is a journal to look into"
        );
    }
}

#[test]
fn what_asks_nobody_prints_it_neither() {
    let home = Home::new();
    for login in [TOKEN, LOGIN] {
        configured(&home, "http://127.0.0.1:9", login);
        for args in [
            "config check",
            "config path",
            "",
            "callers",
            "callers --queue no",
        ] {
            let args = args.split_whitespace().chain(["--config", "config.toml"]);
            let mut command = home.holdline(args);
            command.env("HOLDLINE_LOG", "trace");
            all_clean(&ran(command));
        }
    }
    is_clean_on_disk(home.path());
}

#[test]
fn a_configuration_that_is_wrong_is_refused_without_quoting_secrets() {
    let home = Home::new();
    home.file("secret", "two\nlines-canary-5e1f");
    let url = "http://127.0.0.1:9";
    for (url, login) in [
        ("https://user:canary-5e1f@h/", "token = \"t\""),
        ("https://h/?key=canary-5e1f", "token = \"t\""),
        (url, "token = \"canary-5e1f with a blank\""),
        (url, "token = [\"canary-5e1f\"]"),
        (url, "token = { vault = \"canary-5e1f\" }"),
        (url, "token = { file = \"secret\" }"),
        (url, "token = { command = \"echo canary-5e1f; exit 7\" }"),
        (url, "token = { command = \"echo one; echo canary-5e1f\" }"),
        (url, "tokn = \"canary-5e1f\""),
        (url, "token = \"canary-5e1f"),
        (url, "token = \"t\"\npassword = \"canary-5e1f\""),
    ] {
        configured(&home, url, login);
        for command in ["callers", "collect"] {
            let ran = home.run([command, "--config", "config.toml"]);
            is_clean(ran.refused(2));
        }
        let ran = home.run(["config", "check", "--config", "config.toml"]);
        is_clean(ran.refused(2));
    }
}

#[test]
fn a_vendor_that_repeats_the_password_gets_it_printed_nowhere() {
    let echoes: [fn() -> Vec<u8>; 4] = [
        || {
            let body = OK.replace("\"OK\"", "\"pass canary-5e1f\"");
            reply("200 OK", &[JSON], &body)
        },
        || {
            let body = OK
                .replace("204", "400 canary-5e1f")
                .replace("\"\"", "\"canary-5e1f\"");
            reply("200 OK", &[JSON], &body)
        },
        || {
            reply(
                "500 X",
                &["content-type: text/html"],
                "<title>canary-5e1f</title>",
            )
        },
        || {
            reply(
                "302 X",
                &["location: http://canary-5e1f.invalid/?canary-5e1f"],
                "",
            )
        },
    ];
    for method in ["post", "get"] {
        for echo in echoes {
            let (home, stub) = (Home::new(), Stub::serve(move |_| echo()));
            let rest = format!("method = \"{method}\"\n{ALLOWED}");
            inject::configured(&home, &inject::site("sales", &stub.url, CANARY, &rest));
            for what in [
                "inject --queue sales --event X --yes",
                "inject --queue 1 --validate",
                "doctor",
            ] {
                let args = what.split(' ').chain(["--config", "config.toml"]);
                let mut command = home.holdline(args);
                command.env("HOLDLINE_LOG", "trace");
                let ran = ran(command);
                assert!(matches!(ran.code, Some(0..=2)), "{ran:?}");
                all_clean(&ran);
            }
            is_clean_on_disk(home.path());
        }
    }
}
