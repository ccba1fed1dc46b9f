//! `holdline doctor`: every check as it stands well and as it does not, on the
//! real program; nothing is made, and no secret is told.

use std::{
    fs,
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
};

use holdline::{
    domain::{
        entry::{NewEntry, What},
        time::At,
    },
    journal::Journal,
};
use rustix::process::getuid;
use serde_json::{Value, json};

use super::{
    exchange::Exchange,
    pbx::{self, Pbx},
    program::{Home, Ran, Running, is_fit_to_show, ran},
    stub::{Stub, post, reply},
    vendor::{Vendor, refusal, site, with_login},
};

/// Its findings, and the exit code.
struct Told {
    code: i32,
    rows: Vec<Value>,
}

impl Told {
    fn by(ran: &Ran) -> Self {
        assert_eq!(ran.err, "", "{ran:?}");
        is_fit_to_show(&ran.out);
        Self {
            code: ran.code.unwrap(),
            rows: serde_json::from_str(&ran.out).unwrap(),
        }
    }

    /// The first finding of this check that is not about another site.
    #[track_caller]
    fn of(&self, check: &str, site: Option<&str>) -> &Value {
        let fits = |row: &&Value| row["check"] == check && row["site"] == json!(site);
        let found = self.rows.iter().find(fits);
        found.unwrap_or_else(|| panic!("no {check} of {site:?}: {:#?}", self.rows))
    }

    #[track_caller]
    fn states(&self, check: &str, site: Option<&str>, state: &str, words: &str) {
        let row = self.of(check, site);
        assert_eq!(row["state"], state, "{row}");
        assert!(row["found"].as_str().unwrap().contains(words), "{row}");
        assert!(state != "wrong" || row["remedy"].is_string(), "{row}");
    }

    fn wrong(&self) -> Vec<&Value> {
        let wrong = |row: &&Value| row["state"] == "wrong";
        self.rows.iter().filter(wrong).collect()
    }
}

fn examined(home: &Home, rest: &[&str]) -> Told {
    let args = ["doctor", "--format", "json", "--config", "config.toml"];
    Told::by(&home.run(args.iter().chain(rest)))
}

/// A configuration whose journal is in the home's folder `journal`.
fn configured(home: &Home, sites: &str) {
    home.file(
        "config.toml",
        &format!("[journal]\npath = \"journal\"\n{sites}"),
    );
}

/// An address that nobody listens on.
fn dead() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", free.local_addr().unwrap())
}

/// Names and sizes of everything below the folder but its `tmp`.
fn contents(folder: &Path) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("tmp") {
            all.extend(contents(&path));
        }
        all.push((path.display().to_string(), path.metadata().unwrap().len()));
    }
    all.sort();
    all
}

#[test]
fn where_all_is_well_it_says_so_and_ends_with_0() {
    let home = Home::new();
    let config = home.path().join("sim.toml");
    let args = ["simulate", "--config-out", config.to_str().unwrap()];
    let mut simulator = Running::start(home.holdline(args));
    simulator.line();
    let ran = home.run(["doctor", "--config", "sim.toml", "--format", "json"]);
    let told = Told::by(&ran);
    assert_eq!((told.code, told.wrong()), (0, vec![]));
    for row in &told.rows {
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["check", "site", "state", "found", "remedy"]);
    }
    told.states("configuration", None, "ok", "every secret could be read");
    told.states("permissions", None, "ok", "only you");
    let (support, outbound) = (Some("support"), Some("outbound"));
    told.states("site", support, "ok", "TelecomX at 127.0.0.1:");
    told.states("clock", support, "ok", "agrees");
    told.states("encryption", support, "ok", "does not leave this machine");
    told.states("site", outbound, "ok", "pending");
    told.states("clock", outbound, "ok", "agrees");
    told.states("disk", None, "ok", "free");
    told.states("letters", None, "ok", "Unicode (LANG=C.UTF-8)");
    told.states("terminal", None, "note", "no terminal here");
    told.states("clipboard", None, "ok", "OSC 52");

    // For people: a line each, sign and word, without a terminal too.
    let ran = home.run(["doctor", "--config", "sim.toml"]);
    let text = ran.fine();
    for part in [
        "✓ ok     configuration",
        "✓ ok     site",
        "Nothing is wrong",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    is_fit_to_show(text);
    let mut command = home.holdline(["doctor", "--config", "sim.toml"]);
    command.env("LANG", "C");
    let text = ran_fine(command);
    assert!(text.is_ascii() && text.contains("+ ok     site"), "{text}");
}

#[track_caller]
fn ran_fine(command: std::process::Command) -> String {
    ran(command).fine().to_owned()
}

#[test]
fn without_a_configuration_it_says_what_to_do_first() {
    let home = Home::new();
    let before = contents(home.path());
    let told = Told::by(&home.run(["doctor", "--format", "json"]));
    assert_eq!(told.code, 2);
    told.states(
        "configuration",
        None,
        "wrong",
        "there is no configuration at",
    );
    let remedy = told.of("configuration", None)["remedy"].as_str().unwrap();
    assert!(remedy.contains("holdline config example"), "{remedy}");
    told.states("journal", None, "ok", "is not there yet");
    told.states("terminal", None, "note", "no terminal");
    assert_eq!(told.wrong().len(), 1);
    let after: Vec<_> = contents(home.path());
    assert_eq!(
        after.len(),
        before.len() + 1,
        "its tmp is the test's: {after:?}"
    );
}

#[test]
fn a_broken_configuration_does_not_keep_it_from_the_rest() {
    let home = Home::new();
    for (text, words) in [
        ("[[site]\n", "config.toml:1: this is not TOML"),
        ("[consol]\n", "config.toml:1: "),
    ] {
        home.file("config.toml", text);
        let told = examined(&home, &[]);
        assert_eq!(told.code, 2);
        told.states("configuration", None, "wrong", words);
        told.states("journal", None, "ok", "");
        told.of("letters", None);
    }
}

#[test]
fn one_site_that_is_wrong_does_not_keep_it_from_the_others() {
    let (home, pbx) = (Home::new(), Pbx::listing(pbx::rows(3)));
    let missing = site("north", "http://127.0.0.1:9", "t")
        .replace("\"t\"", "{ env = \"HOLDLINE_TEST_NOT_SET\" }");
    configured(&home, &(missing + &pbx.site("outbound")));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 2);
    let words = "the token of site \"north\" comes from the environment variable";
    told.states("configuration", Some("north"), "wrong", words);
    told.states("site", Some("outbound"), "ok", "3 callbacks are pending");
    assert_eq!(pbx.pages(), [1]);
    assert!(
        pbx.asked()[0].body.contains("status%5D=pending"),
        "{:?}",
        pbx.asked()
    );
    // Only one of them.
    let told = examined(&home, &["--site", "outbound"]);
    assert_eq!((told.code, told.wrong()), (0, vec![]));
    let told = examined(&home, &["--site", "north"]);
    assert_eq!((told.code, told.wrong().len()), (2, 1));
    assert!(told.rows.iter().all(|row| row["site"] != "outbound"));
    let args = ["doctor", "--config", "config.toml", "--site", "nope"];
    assert!(home.run(args).refused(2).contains("no site \"nope\""));
}

#[test]
fn a_file_that_anybody_may_change_is_wrong() {
    let home = Home::new();
    configured(&home, &site("north", &dead(), "t"));
    let path = home.path().join("config.toml");
    for (mode, state) in [
        (0o600, "ok"),
        (0o640, "ok"),
        (0o644, "ok"),
        (0o660, "note"),
        (0o602, "wrong"),
        (0o666, "wrong"),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        examined(&home, &[]).states("permissions", None, state, "configuration");
    }
    // The plain token in it is warned about as everywhere.
    let told = examined(&home, &[]);
    let notes = told.rows.iter().filter(|row| row["state"] == "note");
    let notes: Vec<String> = notes.map(ToString::to_string).collect();
    assert!(
        notes.iter().any(|n| n.contains("others can read")),
        "{notes:?}"
    );
}

#[test]
fn a_site_that_is_down_is_3_and_one_that_refuses_is_1() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &dead(), "t"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 3);
    told.states("site", Some("north"), "wrong", "refused the connection");
    assert_eq!(told.wrong().len(), 1, "once for all its queues");

    configured(&home, &site("north", &vendor.url(), "wrong"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    assert!(told.of("site", Some("north"))["state"] == "wrong");

    // The highest counts.
    let two = site("north", &vendor.url(), "wrong") + &site("south", &dead(), "t");
    configured(&home, &two);
    assert_eq!(examined(&home, &[]).code, 3);

    let refusing = Pbx::refusing(&json!(["Invalid token"]));
    configured(&home, &refusing.site("outbound"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    told.states("site", Some("outbound"), "wrong", "Invalid token");
}

#[test]
fn a_queue_that_is_refused_is_named_beside_those_that_are_not() {
    let (home, vendor) = (Home::new(), Vendor::start());
    let url = vendor.url();
    let text = site("north", &url, holdline::sim::telecomx::TOKEN);
    let forbidden = holdline::sim::telecomx::FORBIDDEN_QUEUE_ID;
    let extra = format!("queues = [\n  {{ id = \"{forbidden}\", name = \"bosses\" }},\n");
    configured(&home, &text.replace("queues = [\n", &extra));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    told.states("site", Some("north"), "ok", "in 3 queues");
    let wrong = told.wrong();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        wrong[0]["found"]
            .as_str()
            .unwrap()
            .starts_with("queue bosses: ")
    );
}

#[test]
fn a_hanging_site_is_given_up_and_the_others_are_asked_meanwhile() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.suffers(holdline::sim::Fault::Hang);
    let pbx = Pbx::listing(Vec::new());
    configured(
        &home,
        &(site("north", &vendor.url(), "t") + &pbx.site("outbound")),
    );
    let told = examined(&home, &["--timeout", "300ms"]);
    assert_eq!(told.code, 3);
    told.states("site", Some("north"), "wrong", "within 0.3 s");
    told.states("site", Some("outbound"), "ok", "0 callbacks");
}

#[test]
fn a_clock_that_is_off_is_noted_with_which_way() {
    // The simulator's clock here stands still, far from today's.
    let (home, vendor) = (Home::new(), Vendor::start());
    let token = holdline::sim::telecomx::TOKEN;
    let both = site("north", &vendor.url(), token) + &pbx::site("outbound", &vendor);
    configured(&home, &both);
    let told = examined(&home, &[]);
    assert_eq!(told.code, 0, "it is corrected: {:?}", told.wrong());
    for name in ["north", "outbound"] {
        told.states("clock", Some(name), "note", "this machine's");
        assert!(told.of("clock", Some(name))["remedy"].is_string());
    }
    let now = jiff::Timestamp::now();
    let date = |seconds: i64| {
        let at = now + jiff::SignedDuration::from_secs(seconds);
        format!("date: {}", at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    };
    for (seconds, words) in [(600, "ahead of"), (-600, "behind")] {
        let date = date(seconds);
        let stub = Stub::serve(move |_| {
            let json = "content-type: application/json";
            reply("200 OK", &[json, &date], "[]")
        });
        let account = |name: &str, vendor: &str, rest: &str| {
            let url = &stub.url;
            format!("[[site]]\nname = \"{name}\"\nvendor = \"{vendor}\"\nurl = \"{url}\"\n{rest}\n")
        };
        let phones = account(
            "phones",
            "telphin",
            "client_id = \"a\"\nclient_secret = \"s\"\nextensions = { 175 = \"Anna\" }",
        );
        let sales = account(
            "sales",
            "enswitch",
            "username = \"u\"\npassword = \"p\"\nqueues = [\"1\"]",
        );
        configured(&home, &(site("north", &stub.url, "t") + &phones + &sales));
        let told = examined(&home, &[]);
        // Whatever is answered: what these two are told here is no answer.
        for name in ["north", "phones", "sales"] {
            told.states("clock", Some(name), "note", words);
        }
    }
}

#[test]
fn a_rate_limit_says_when_to_come_back() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.suffers(holdline::sim::Fault::Status {
        code: 429,
        retry_after: Some(holdline::sim::RetryAfter::Seconds(30)),
    });
    configured(&home, &site("north", &vendor.url(), "t"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    let remedy = told.of("site", Some("north"))["remedy"].as_str().unwrap();
    assert!(remedy.starts_with("try again in "), "{remedy}");
}

#[test]
fn plain_http_off_this_machine_is_noted_once() {
    let home = Home::new();
    // TEST-NET-1: nobody is there.
    configured(&home, &site("north", "http://192.0.2.1", "t"));
    let told = examined(&home, &["--timeout", "50ms"]);
    told.states("encryption", Some("north"), "note", "plain http");
    let all = told
        .rows
        .iter()
        .filter(|row| row.to_string().contains("plain http"));
    assert_eq!(all.count(), 1);
}

#[test]
fn phones_are_asked_what_is_subscribed() {
    let (home, exchange) = (Home::new(), Exchange::open());
    exchange.config(&home, "");
    let told = examined(&home, &["--site", "phones"]);
    told.states("site", Some("phones"), "ok", "answered in");
    let missing = "Menu (96850): dial-in, hangup missing";
    told.states("subscriptions", Some("phones"), "wrong", missing);
    assert_eq!(told.code, 1);
    for (status, body, part) in [
        (
            "401 Unauthorized",
            r#"{"message":"Expired"}"#,
            "\"Expired\"",
        ),
        ("403 Forbidden", r#"{"message":"No"}"#, "403: \"No\""),
    ] {
        let exchange = Exchange::open();
        exchange.config(&home, "");
        exchange.says("GET /extension/", status, body);
        let told = examined(&home, &["--site", "phones"]);
        told.states("subscriptions", Some("phones"), "wrong", part);
        assert_eq!(told.code, 1, "{status}");
    }
}

#[test]
fn vendors_that_push_alone_are_told_as_such() {
    let home = Home::new();
    let text = "[[site]]\nname = \"team\"\nvendor = \"contaqt\"\n\
                hook = { secret = \"0123456789abcdef\" }\n";
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    configured(&home, &format!("[receiver]\nlisten = \"{listen}\"\n{text}"));
    let told = examined(&home, &[]);
    told.states(
        "site",
        Some("team"),
        "ok",
        "sends its events to the receiver",
    );
    assert_eq!(told.code, 2);
    told.states("receiver", None, "wrong", "another program listens");
    drop(taken);
    let told = examined(&home, &[]);
    told.states("receiver", None, "ok", "free");
    assert_eq!(told.code, 0);
}

fn fill(folder: &Path, count: u64) -> Journal {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let journal = Journal::open(folder).unwrap();
    let entries = (0..count).map(|n| NewEntry {
        at: At(0),
        site: "north".into(),
        dedupe: None,
        what: What::Unknown {
            kind: "noise".into(),
            body: format!("{{\"n\":{n}}}").into(),
        },
    });
    let appended = journal.append(entries.collect());
    runtime.unwrap().block_on(appended).unwrap();
    journal
}

#[test]
fn a_journal_is_looked_into_and_left_as_it_is() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    configured(&home, &pbx.site("outbound"));
    let folder = home.path().join("journal");
    examined(&home, &[]).states("journal", None, "ok", "is not there yet");
    assert!(!folder.exists(), "the doctor makes none");
    drop(fill(&folder, 7));
    let before = contents(&folder);
    let told = examined(&home, &[]);
    told.states("journal", None, "ok", "writable");
    told.states("entries", None, "ok", "7 entries");
    told.states("entries", None, "ok", ", sound");
    told.states("collector", None, "ok", "nobody collects now");
    assert_eq!(contents(&folder), before);

    let journal = Journal::open(&folder).unwrap();
    let role = journal.collector_role().unwrap();
    let told = examined(&home, &[]);
    told.states("collector", None, "ok", "collects into the journal");
    if cfg!(target_os = "linux") {
        let process = format!("process {} ", std::process::id());
        told.states("collector", None, "ok", &process);
    }
    drop(role);
    assert!(journal.collector_role().unwrap().is_some());
}

#[test]
fn a_journal_that_is_damaged_or_no_journal_is_wrong() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    configured(&home, &pbx.site("outbound"));
    let folder = home.path().join("journal");
    drop(fill(&folder, 3_000));
    let file = folder.join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    assert!(
        told.wrong()[0]["found"]
            .as_str()
            .unwrap()
            .contains("damaged")
    );

    fs::write(&file, "not a database, but as long as one".repeat(99)).unwrap();
    let told = examined(&home, &[]);
    assert_eq!((told.code, told.wrong().len()), (1, 1));

    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "").unwrap();
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    told.states("journal", None, "wrong", "cannot be used as a folder");
}

#[test]
fn a_folder_that_may_not_be_written_is_wrong() {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    configured(&home, &pbx.site("outbound"));
    let folder = home.path().join("journal");
    drop(fill(&folder, 7));
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&folder, 0o555);
    mode(&folder.join("journal.db"), 0o444);
    let args = ["doctor", "--format", "json", "--config", "config.toml"];
    let mut command = home.holdline(args);
    // Nothing is forbidden to root: somebody else looks.
    if getuid().is_root() {
        mode(home.path(), 0o755);
        mode(&home.path().join("config.toml"), 0o644);
        command.uid(65_534).gid(65_534);
    }
    let told = Told::by(&ran(command));
    mode(&folder, 0o755);
    assert_eq!(told.code, 1);
    told.states("journal", None, "wrong", "you may not write in");
    // It can still be read.
    told.states("entries", None, "ok", "7 entries");
}

#[test]
fn no_secret_is_told() {
    const CANARY: &str = "canary-5e1f";
    let home = Home::new();
    let echo = Stub::hearing(|head, body| {
        let said = format!("{head}{body}").replace(['"', '\\', '\r', '\n'], " ");
        let json = json!({ "error": { "code": said, "status": 401, "message": said } });
        reply(
            "401 Unauthorized",
            &["content-type: application/json"],
            &json.to_string(),
        )
    });
    let token = "token = \"tok-canary-5e1f\"";
    let login = "username = \"u-canary-5e1f@example.com\"\npassword = \"p-canary-5e1f\"";
    let hook = "[[site]]\nname = \"team\"\nvendor = \"contaqt\"\n\
                hook = { secret = \"hook-secret-canary-5e1f\" }\n";
    let sites = [
        with_login("north", &echo.url, token),
        with_login("south", &echo.url, login),
        pbx::with("outbound", &echo.url, "w-canary-5e1f", "k-canary-5e1f"),
        with_login(
            "east",
            &echo.url,
            "token = { command = \"echo canary-5e1f; exit 7\" }",
        ),
        hook.to_owned(),
    ];
    configured(&home, &sites.concat());
    for format in ["table", "json", "ndjson", "csv"] {
        let mut command = home.holdline(["doctor", "--config", "config.toml", "--format", format]);
        command.env("HOLDLINE_LOG", "trace");
        let ran = ran(command);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(!ran.out.contains(CANARY), "{}", ran.out);
        assert!(!ran.err.contains(CANARY), "{}", ran.err);
        assert!(ran.out.contains("north"), "{}", ran.out);
    }
}

#[test]
fn the_vendors_words_are_cleaned() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.suffers(refusal(403, "forbidden", "no\u{1b}[2J\u{202e}way"));
    configured(&home, &site("north", &vendor.url(), "t"));
    let ran = home.run(["doctor", "--config", "config.toml"]);
    assert_eq!(ran.code, Some(1));
    is_fit_to_show(&ran.out);
    assert!(ran.out.contains("way"), "{}", ran.out);
    post(
        &format!("{}/_sim/faults", vendor.url().replace("/telecomx", "")),
        "{}",
    );
}
