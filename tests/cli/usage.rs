//! What is typed wrong: exit code 2, few words, nothing on standard output.

use super::{
    program::{Home, is_fit_to_show, ran},
    vendor::{Vendor, site},
};

/// A configuration that nobody need answer to.
fn home() -> Home {
    let home = Home::new();
    home.file("config.toml", &site("north", "http://127.0.0.1:9", "t"));
    home
}

#[test]
fn what_is_typed_wrong_is_refused_shortly() {
    let home = home();
    for (args, words) in [
        ("callers --site nope", "there is no site \"nope\""),
        ("callers --queue nope", "there is no queue \"nope\""),
        (
            "callers --site north --queue nope",
            "site \"north\" has front desk",
        ),
        (
            "callers --format xml",
            "[possible values: table, json, ndjson, csv]",
        ),
        ("callers --bogus", "'--bogus'"),
        ("callers extra", "'extra'"),
        ("callers --timeout 0", "give a time above 0"),
        ("callers --timeout 0ms", "give a time above 0"),
        ("callers --timeout soon", "as 10, 10s, 500ms or 2m"),
        ("callers --timeout 2h", "up to an hour"),
        ("callers --ascii", "'--ascii'"),
        ("--ascii callers", "are for the console and the demo"),
        ("--theme mono collect", "are for the console and the demo"),
        ("--theme pink", "[possible values: dark, light, safe, mono]"),
        ("callers --as", "--as <NAME>"),
        ("colect", "'collect'"),
        ("simulate --listen here", "--listen"),
        ("simulate --seed x", "--seed"),
        ("config chek", "'check'"),
    ] {
        let args = args.split(' ').chain(["--config", "config.toml"]);
        let ran = home.run(args.clone());
        let shown: Vec<&str> = args.collect();
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{shown:?}: {ran:?}"
        );
        assert!(ran.err.contains(words), "{shown:?}: {}", ran.err);
        assert!(ran.err.lines().count() <= 8, "{shown:?}: {}", ran.err);
        is_fit_to_show(&ran.err);
    }
}

#[test]
fn a_person_without_a_name_is_refused() {
    let home = home();
    for name in ["", "  ", "\u{1b}[2J", "a\u{202e}b"] {
        let ran = home.run(["--as", name, "config", "path"]);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{name:?}: {ran:?}"
        );
        assert!(ran.err.contains("--as <NAME>"), "{}", ran.err);
    }
    let mut command = home.holdline(["--as", "Anna", "config", "path"]);
    ran(command).fine();
    command = home.holdline(["config", "path"]);
    command.env("HOLDLINE_USER", "");
    ran(command).fine();
    command = home.holdline(["config", "path"]);
    command.env("HOLDLINE_USER", "Anna Holm");
    ran(command).fine();
}

#[test]
fn an_argument_that_is_no_text_is_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let home = home();
    let broken = OsStr::from_bytes(b"--site=\xff\xfe");
    let ran = home.run([OsStr::new("callers"), broken]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    is_fit_to_show(&ran.err);
}

#[test]
fn help_and_version_are_no_mistakes() {
    let home = Home::new();
    let version = home.run(["--version"]);
    assert_eq!(
        version.fine(),
        concat!("holdline ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for args in [
        "--help",
        "-h",
        "help",
        "help callers",
        "callers --help",
        "callbacks --help",
        "collect --help",
        "simulate --help",
        "demo --help",
        "config --help",
        "config check --help",
    ] {
        let ran = home.run(args.split(' '));
        let text = ran.fine();
        is_fit_to_show(text);
        assert!(text.contains("Usage: holdline"), "{args}: {text}");
        assert!(text.lines().count() <= 60, "{args} is long: {text}");
    }
    // Scripts find the codes, newcomers the first step.
    let text = home.run(["--help"]).out;
    for part in ["holdline demo", "Exit codes:\n  0        done", "128 + N"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_command_that_lacks_its_own_says_which_there_are() {
    let ran = Home::new().run(["config"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    for name in ["path", "check", "example"] {
        assert!(ran.err.contains(name), "{}", ran.err);
    }
}

#[test]
fn global_flags_stand_before_or_after_the_command() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    let flags = [
        "--config",
        "config.toml",
        "--site",
        "north",
        "--timeout",
        "5s",
        "--as",
        "Anna",
    ];
    let before = home.run(flags.into_iter().chain(["callers"]));
    let after = home.run(["callers"].into_iter().chain(flags));
    assert!(before.fine().lines().count() > 1);
    assert_eq!(before.fine().lines().count(), after.fine().lines().count());
}

#[test]
fn a_sites_vendor_decides_whether_it_lists_callers() {
    let home = Home::new();
    let hook = "[[site]]\nname = \"team\"\nvendor = \"contaqt\"\n\
                hook = { secret = \"0123456789abcdef\" }\n";
    let text = site("north", "http://127.0.0.1:9", "t") + hook;
    home.file("config.toml", &text);
    home.file("other.toml", hook);
    let journal = home.path().join(".local");
    for (args, words) in [
        (
            "callers --site team --config config.toml",
            "site \"team\" lists no callers",
        ),
        ("callers --config other.toml", "no site lists callers"),
    ] {
        let ran = home.run(args.split(' '));
        let sentence = ran.refused(2);
        assert!(sentence.contains(words), "{sentence}");
        assert!(sentence.contains("vendor = \"telecomx\""), "{sentence}");
    }
    assert!(!journal.exists(), "a refused command makes no journal");
}

#[test]
fn without_a_terminal_the_console_is_one_sentence() {
    let home = home();
    for args in [
        vec!["--config", "config.toml"],
        vec!["demo"],
        vec!["demo", "--ascii", "--theme", "mono", "--read-only"],
        vec!["--ascii", "--theme", "light", "demo"],
    ] {
        let sentence = home.run(args).refused(2).to_owned();
        assert!(sentence.contains("needs a terminal"), "{sentence}");
    }
    let left: Vec<_> = std::fs::read_dir(home.path().join("tmp"))
        .unwrap()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
