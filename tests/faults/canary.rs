//! A canary in every slot that takes a secret, and vendors that repeat what
//! they are sent (R19): no command prints it, no log, journal or export holds
//! it, and no list of processes shows it.

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::process::Signal;

use crate::{
    client::{JSON, post, ring, send},
    program::{Home, Ran, Running, ran as run},
    sizes::ran,
    stub::{Stub, reply},
};

/// In each of them.
const CANARY: &str = "canary-9d2e";

/// All slots, and a site for each of them.
fn config(url: &str) -> String {
    format!(
        r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[receiver]
listen = "127.0.0.1:0"
[[site]]
name = "support"
vendor = "telecomx"
url = "{url}"
token = "tok-canary-9d2e"
queues = ["q1"]
[[site]]
name = "login"
vendor = "telecomx"
url = "{url}"
username = "user"
password = {{ command = "cat password" }}
queues = ["q2"]
[[site]]
name = "outbound"
vendor = "while1"
url = "{url}"
token = "bearer-canary-9d2e"
key = "key-canary-9d2e"
[[site]]
name = "sales"
vendor = "enswitch"
url = "{url}"
username = "user"
password = "pass-canary-9d2e"
queues = ["123"]
allow = ["inject"]
[[site]]
name = "phones"
vendor = "telphin"
url = "{url}"
client_id = "app"
client_secret = "sec-canary-9d2e"
hook = {{ secret = ["phone-canary-9d2e-0123", "old-canary-9d2e-0123456"] }}
extensions = {{ 175 = {{ name = "Anna", type = "phone", number = "200" }} }}
allow = ["call", "subscribe"]
[[site]]
name = "team"
vendor = "contaqt"
hook = {{ secret = "team-canary-9d2e-0123" }}
allow = ["inject"]
"#
    )
}

/// How a vendor repeats what it was sent: as an error of its own, as a page,
/// as a place to go, as rows, and as an answer that is cut off.
const ECHOES: [fn(&str) -> Vec<u8>; 8] = [
    |sent| {
        let words = serde_json::json!({ "message": sent, "status": sent, "code": sent,
            "error": { "code": sent, "message": sent, "status": 403, "path": sent },
            "has_error": true, "messages": [sent], "error_description": sent,
            "responses": [{ "code": "403", "key": sent, "message": sent }] });
        reply(
            "403 No",
            &["content-type: application/json"],
            &words.to_string(),
        )
    },
    |sent| reply("500 Oops", &["content-type: text/plain"], sent),
    |sent| {
        reply(
            "502 X",
            &["content-type: text/html"],
            &format!("<title>{sent}</title>{sent}"),
        )
    },
    |sent| {
        reply(
            "302 Found",
            &[&format!("location: http://127.0.0.1:9/{}", coded(sent))],
            sent,
        )
    },
    |sent| {
        reply(
            "401 Who",
            &[&format!("www-authenticate: {}", coded(sent))],
            sent,
        )
    },
    // In rows that are whole it would be a caller's name like any other.
    |sent| {
        let rows = serde_json::json!([sent, { "_id": [sent], sent: sent }]);
        reply(
            "200 OK",
            &["content-type: application/json"],
            &rows.to_string(),
        )
    },
    |sent| {
        let mut whole = reply(
            "200 OK",
            &["content-type: application/json"],
            &format!("[\"{sent}\"{}", " ".repeat(99)),
        );
        whole.truncate(whole.len() - 50);
        whole
    },
    |sent| {
        let login = serde_json::json!({ "token": "session-canary-9d2e", "access_token": "session-canary-9d2e",
            "expires_in": 3600, "echo": sent });
        reply(
            "200 OK",
            &["content-type: application/json"],
            &login.to_string(),
        )
    },
];

/// Fit for a header.
fn coded(sent: &str) -> String {
    sent.chars()
        .filter(char::is_ascii_graphic)
        .take(2_000)
        .collect()
}

/// What is asked for, with what there is to it.
const COMMANDS: &[&[&str]] = &[
    &["callers"],
    &["callers", "--format", "json"],
    &["callbacks"],
    &["agents"],
    &["calls"],
    &["events"],
    &["events", "--format", "json"],
    &["doctor"],
    &["doctor", "--format", "json"],
    &["journal", "check"],
    &["journal", "export"],
    &["journal", "recover"],
    &["hooks", "list", "--site", "phones"],
    &["hooks", "check", "--site", "phones"],
    &["hooks", "add", "--site", "phones", "--yes"],
    &["config", "check"],
    &["config", "path"],
    &[
        "inject", "--site", "sales", "--queue", "123", "--event", "X", "--yes",
    ],
    &[
        "inject",
        "--site",
        "sales",
        "--queue",
        "123",
        "--event",
        "X",
        "--validate",
    ],
    &[
        "inject",
        "webhook",
        "--site",
        "team",
        "--event",
        "call:ring",
        "--yes",
    ],
    &[
        "call",
        "--site",
        "phones",
        "--from",
        "200",
        "--to",
        "+79817654321",
        "--yes",
    ],
];

/// Whether a process showed a secret while a vendor was asked.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Where a canary is found below a folder, but in what we were configured by.
fn on_disk(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            on_disk(&path, found);
        } else if !path.ends_with("config.toml") && !path.ends_with("password") {
            let bytes = fs::read(&path).unwrap_or_default();
            if bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
}

/// Whether any process shows it to others.
fn in_processes() -> bool {
    let lines = fs::read_dir("/proc").into_iter().flatten().flatten();
    lines
        .map(|process| fs::read(process.path().join("cmdline")).unwrap_or_default())
        .any(|line| line.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()))
}

/// The words around the first one.
fn around(told: &str) -> String {
    let at = told.find(CANARY).unwrap_or(0);
    let before: Vec<char> = told[..at].chars().rev().take(120).collect();
    let after = told[at..].chars().take(60);
    before.into_iter().rev().chain(after).collect()
}

fn leaks(ran: &Ran) -> bool {
    ran.out.contains(CANARY) || ran.err.contains(CANARY)
}

fn with_log(home: &Home, arguments: &[&str]) -> Command {
    let rest = ["--config", "config.toml", "--timeout", "3s"];
    let mut command = home.holdline(arguments.iter().chain(&rest));
    command.env("HOLDLINE_LOG", "trace");
    command
}

/// One looks at all processes, and the other starts one that is found there.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn no_secret_leaves_by_any_command_log_file_or_list_of_processes() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let home = Home::new();
    home.file("password", "word-canary-9d2e\n");
    let (mut found, mut cases) = (Vec::new(), 0);
    for (number, echo) in ECHOES.into_iter().enumerate() {
        let stub = Stub::hearing(move |head, body| {
            // The command is in the midst of its work.
            SHOWN.fetch_or(in_processes(), Ordering::SeqCst);
            echo(&format!("{head}{body}"))
        });
        home.file("config.toml", &config(&stub.url));
        for command in COMMANDS {
            let ran = run(with_log(&home, command));
            if leaks(&ran) {
                let told = format!("{}{}", ran.out, ran.err);
                found.push(format!("{command:?}, echo {number}: {}", around(&told)));
            }
            assert!(!ran.err.contains("panicked"), "{command:?}: {}", ran.err);
            cases += 1;
        }
        let mut running = Running::start(with_log(&home, &["collect"]));
        let told = running.tells("listening for webhooks on http://");
        let address = told.rsplit_once("http://").unwrap().1.parse().unwrap();
        for path in [
            "team/team-canary-9d2e-0123",
            "team/wrong-canary-9d2e",
            "nobody/canary-9d2e",
        ] {
            send(address, post(&format!("/hooks/{path}"), JSON, ring("a")));
        }
        // Until a vendor's answer was told.
        running.tells("no answer");
        let ended = running.end(Signal::TERM);
        if ended.err.contains(CANARY) || ended.out.contains(CANARY) || told.contains(CANARY) {
            found.push(format!("collect, echo {number}: {}", ended.err));
        }
        cases += 1;
    }
    on_disk(home.path(), &mut found);
    assert!(found.is_empty(), "{found:#?}");
    assert!(!SHOWN.load(Ordering::SeqCst), "a process shows a secret");
    ran("R19", cases);
}

#[test]
fn control_what_is_meant_to_print_one_is_found_out() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let home = Home::new();
    home.file("password", "word-canary-9d2e\n");
    let text = config("http://127.0.0.1:9").replace("127.0.0.1:0", "127.0.0.1:8642");
    home.file("config.toml", &text);
    let ran = run(with_log(&home, &["hooks", "url", "--site", "team"]));
    assert!(leaks(&ran), "{ran:?}");
    fs::write(home.path().join("kept"), "x canary-9d2e").unwrap();
    let mut found = Vec::new();
    on_disk(home.path(), &mut found);
    assert_eq!(found.len(), 1);
    // Who was started with one in its arguments.
    let mut sleeper = Command::new("sleep")
        .args(["30", "0"])
        .arg("0")
        .env_clear()
        .spawn()
        .unwrap();
    assert!(!in_processes());
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    let mut shown = Command::new("sh")
        .args(["-c", "echo here; read x", "canary-9d2e"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Only then its arguments surely stand in the list.
    let mut line = [0; 5];
    let said = shown.stdout.as_mut().unwrap();
    said.read_exact(&mut line).unwrap();
    assert!(in_processes());
    shown.kill().unwrap();
    shown.wait().unwrap();
}
