//! `holdline config`.

use super::{
    program::{Home, is_fit_to_show, ran},
    terminal::on_a_terminal,
};

#[test]
fn path_is_where_the_file_is_or_would_be() {
    let home = Home::new();
    let printed = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = home.holdline(args);
        command.envs(env.iter().copied());
        ran(command).fine().to_owned()
    };
    let here = |name: &str| format!("{}/{name}\n", home.path().display());
    assert_eq!(
        printed(&["config", "path"], &[]),
        here(".config/holdline/config.toml")
    );
    let env = [("HOLDLINE_CONFIG", "other.toml")];
    assert_eq!(printed(&["config", "path"], &env), here("other.toml"));
    // The flag wins, on either side.
    for args in [
        ["--config", "mine.toml", "config", "path"],
        ["config", "path", "--config", "mine.toml"],
    ] {
        assert_eq!(printed(&args, &env), here("mine.toml"));
    }
    home.file("mine.toml", "");
    let ran = home.run(["config", "path", "--config", "mine.toml"]);
    assert_eq!(ran.fine(), here("mine.toml"), "also where it exists");
}

#[test]
fn a_path_that_is_no_text_is_printed_as_it_is() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt, process::Stdio};
    let home = Home::new();
    let mut command = home.holdline(["config", "path"]);
    let name = b"odd\xff.toml";
    let out = command
        .env("HOLDLINE_CONFIG", OsStr::from_bytes(name))
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert!(out.stdout.ends_with(b"/odd\xff.toml\n"));
}

#[test]
fn the_example_is_right_once_its_secrets_are_there() {
    let home = Home::new();
    let example = home.run(["config", "example"]).fine().to_owned();
    home.file("config.toml", &example);
    let check = |env: &[&str]| {
        let mut command = home.holdline(["config", "check", "--config", "config.toml"]);
        command.envs(env.iter().map(|name| (name, "0123456789abcdef")));
        ran(command)
    };
    // What it asks for is what its text names.
    let names: Vec<&str> = example
        .split("env = \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let refused = check(&[]);
    assert_eq!((refused.code, &*refused.out), (Some(2), ""));
    let is_of = |line: &str| names.iter().any(|name| line.contains(name));
    assert!(refused.err.lines().all(is_of), "{}", refused.err);
    assert!(refused.err.lines().count() > 5, "{}", refused.err);
    let ran = check(&names);
    let text = ran.fine();
    assert!(text.contains("config.toml is right: 5 sites\n"), "{text}");
    for name in [
        "support   telecomx  2 queues",
        "phones    telphin   1 queue",
        "team      contaqt   1 queue",
    ] {
        assert!(text.contains(&format!("  {name}\n")), "{text}");
    }
    assert!(!text.contains("0123456789abcdef"));
}

#[test]
fn check_names_file_line_and_remedy() {
    let home = Home::new();
    let site = "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\n\
                url = \"https://api.example.com\"\n";
    for (text, words) in [
        (format!("{site}token = \"t\"\n"), ["config.toml:", "queues"]),
        (
            format!("{site}tokn = \"t\"\nqueues = [\"1\"]\n"),
            ["config.toml:5", "token"],
        ),
        ("[console\n".to_owned(), ["config.toml:1", "not TOML"]),
        (
            format!("{site}token = {{ env = \"NOT_SET\" }}\nqueues = [\"1\"]\n"),
            ["config.toml:5", "NOT_SET"],
        ),
        (
            format!("{site}token = {{ file = \"nowhere\" }}\nqueues = [\"1\"]\n"),
            ["config.toml:5", "no such file"],
        ),
    ] {
        home.file("config.toml", &text);
        for command in [&["config", "check"][..], &["callers"], &["collect"], &[]] {
            let mut command = home.holdline(command.iter().chain(&["--config", "config.toml"]));
            command.env("HOLDLINE_CONFIG", "/nowhere");
            let ran = ran(command);
            let sentence = ran.refused(2);
            for word in words {
                assert!(sentence.contains(word), "no {word} in: {sentence}");
            }
        }
    }
}

/// Two mistakes in two sites.
const TWO: &str = "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"ftp://x\"\n\
     token = \"canary-token\"\nqueues = [\"1\"]\n\
     [[site]]\nname = \"south\"\nvendor = \"contact\"\n";

#[test]
fn everything_that_is_wrong_is_told_a_line_each() {
    let home = Home::new();
    home.file("config.toml", TWO);
    for command in [&["config", "check"][..], &["callers"], &["collect"], &[]] {
        let ran = home.run(command.iter().chain(&["--config", "config.toml"]));
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{}", ran.err);
        is_fit_to_show(&ran.err);
        let lines: Vec<&str> = ran.err.lines().collect();
        let [url, vendor] = lines.as_slice() else {
            panic!("{}", ran.err)
        };
        assert!(url.starts_with("holdline: ") && url.contains("config.toml:4: `url` "));
        assert!(
            vendor.contains("config.toml:9: `vendor` cannot be"),
            "{vendor}"
        );
    }
}

#[test]
fn on_a_terminal_the_place_is_shown_and_no_value() {
    let home = Home::new();
    home.file("config.toml", TWO);
    let (code, written) = on_a_terminal(&home, 80, ["config", "check", "--config", "config.toml"]);
    assert_eq!(code, 2);
    assert!(
        written.contains("\r\n    url = …\r\n          ^\r\n"),
        "{written:?}"
    );
    assert!(
        written.ends_with("\r\n    vendor = …\r\n             ^\r\n"),
        "{written:?}"
    );
    assert!(
        !written.contains("ftp:") && !written.contains("canary"),
        "{written:?}"
    );
}

#[test]
fn no_configuration_yet_is_said_with_the_next_step() {
    let home = Home::new();
    for command in [&["config", "check"][..], &["callers"], &["collect"], &[]] {
        let ran = home.run(command);
        let sentence = ran.refused(2);
        for part in [
            "there is no configuration at ~/.config",
            "config example",
            "holdline demo",
        ] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }
}

#[test]
fn a_warning_is_told_and_stops_nothing() {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};
    let home = Home::new();
    let path = home.file(
        "config.toml",
        "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"http://127.0.0.1:9\"\n\
         token = \"canary-token\"\nqueues = [\"1\"]\n",
    );
    std::fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    let ran = home.run(["config", "check", "--config", "config.toml"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("is right: 1 site\n"), "{}", ran.out);
    assert!(ran.err.starts_with("holdline: warning: "), "{}", ran.err);
    assert!(ran.err.contains("chmod 600"), "{}", ran.err);
    is_fit_to_show(&ran.err);
    assert!(!ran.err.contains("canary"), "{}", ran.err);
}
