#![expect(clippy::unwrap_used, reason = "a test may panic")]
use std::{ffi::OsString, path::Path};
use holdline::config::Config;

fn env(name: &str) -> Option<OsString> {
    match name {
        "TOKEN" => Some("t0ken".into()),
        "EMPTY" => Some("".into()),
        "TWO_LINES" => Some("a\nb".into()),
        "HOME" => Some("/home/anna".into()),
        "XDG_DATA_HOME" => Some("/home/anna/.local/share".into()),
        "HOOK" => Some("0123456789abcdef".into()),
        "SPACE" => Some("a b".into()),
        _ => None,
    }
}

#[test]
fn show() {
    let file = std::fs::read_to_string("/tmp/cfgcases.txt").unwrap();
    for case in file.split("=====\n") {
        let told = match Config::parse(case, Path::new("/home/anna"), &env) {
            Ok(c) => format!("OK {:?}", c.warnings),
            Err(e) => e.to_string(),
        };
        println!("-----\n{case}>>> {told}");
    }
}
