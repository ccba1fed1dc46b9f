//! `holdline doctor`: every check as it stands well and as it does not, on the
//! real program; nothing is made, and no secret is told.

mod journal;
mod sites;

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path};

use serde_json::{Value, json};

use super::{
    pbx,
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
