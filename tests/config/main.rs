//! The configuration as its users meet it: what each setting does, and that
//! every mistake is one sentence with file, line and remedy.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod example;
mod mistakes;
mod place;
mod secrets;
mod settings;

use std::{ffi::OsString, path::Path};

use holdline::config::{Config, ConfigError};

/// What every test's environment holds.
fn env(name: &str) -> Option<OsString> {
    let value = match name {
        "HOME" => "/home/anna",
        "XDG_CONFIG_HOME" => "/home/anna/.config",
        "XDG_DATA_HOME" => "/home/anna/.local/share",
        "TOKEN" => "t0ken",
        "HOOK" => "0123456789abcdef",
        "EMPTY" => "",
        "TWO_LINES" => "a\nb",
        "SPACED" => "a b",
        _ => return None,
    };
    Some(value.into())
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/"), &env)
}

fn told(text: &str) -> String {
    match parse(text) {
        Ok(config) => panic!("accepted, with {:?}:\n{text}", config.warnings),
        Err(e) => e.to_string(),
    }
}

const TELECOMX: &str = r#"[[site]]
name = "support"
vendor = "telecomx"
url = "https://api.telecomx.dk"
token = { env = "TOKEN" }
queues = ["1"]
"#;
const WHILE1: &str = r#"[[site]]
name = "outbound"
vendor = "while1"
url = "https://pbx.example.com"
token = { env = "TOKEN" }
"#;
const ENSWITCH: &str = r#"[[site]]
name = "sales"
vendor = "enswitch"
url = "https://enswitch.example.com"
username = "user"
password = { env = "TOKEN" }
"#;
const TELPHIN: &str = r#"[[site]]
name = "phones"
vendor = "telphin"
url = "https://apiproxy.telphin.ru"
client_id = "app"
client_secret = { env = "TOKEN" }
"#;
const CONTAQT: &str = r#"[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = { env = "HOOK" } }
"#;

/// A site with the line of one setting replaced, or added at its end.
fn with(site: &str, line: &str) -> String {
    let key = line.split_once(" = ").unwrap().0;
    let old = site.lines().find(|l| l.starts_with(&format!("{key} = ")));
    match old {
        Some(old) => site.replace(old, line),
        None => format!("{site}{line}\n"),
    }
}

/// A site without one of its settings.
fn without(site: &str, key: &str) -> String {
    let keep = |l: &&str| !l.starts_with(&format!("{key} = "));
    let lines: Vec<_> = site.split_inclusive('\n').filter(keep).collect();
    lines.concat()
}
