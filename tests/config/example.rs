//! The example: valid as it stands and with every comment made a setting.

use std::{ffi::OsString, path::Path};

use holdline::{
    config::{Account, Config, EXAMPLE, Site, TelecomXAuth, keys},
    domain::site::Vendor,
};

use crate::{env, told};

/// An environment in which every secret that the example names is set.
fn example_env(name: &str) -> Option<OsString> {
    let secret = ["_TOKEN", "_KEY", "_PASSWORD", "_SECRET"];
    let given = secret.iter().any(|end| name.ends_with(end));
    env(name).or_else(|| given.then(|| format!("{}-0123456789", name.to_lowercase()).into()))
}

fn example(text: &str) -> Config {
    Config::parse(text, Path::new("/"), &example_env).unwrap()
}

/// `# key = value`, without the mark that makes it a comment.
fn commented(line: &str) -> Option<&str> {
    let line = line.strip_prefix("# ")?;
    let (key, _) = line.split_once(" = ")?;
    let plain = |c: char| c.is_ascii_lowercase() || c == '_';
    let quoted = key.starts_with('"') && key.ends_with('"');
    (quoted || key.chars().all(plain)).then_some(line)
}

#[test]
fn the_example_is_valid_and_has_every_vendor() {
    let config = example(EXAMPLE);
    assert_eq!(config.warnings, Vec::<String>::new());
    let vendors: Vec<_> = config.sites.iter().map(Site::vendor).collect();
    assert_eq!(vendors, Vendor::ALL);
    let told = told(EXAMPLE);
    let (_, first) = told.lines().next().unwrap().split_once(": ").unwrap();
    assert_eq!(
        first,
        "the token of site \"support\" comes from the environment variable TELECOMX_TOKEN, which is not set; set it, or give the secret by file or command"
    );
}

#[test]
fn the_examples_comments_are_valid_too() {
    let lines = EXAMPLE.lines().map(|l| commented(l).unwrap_or(l));
    let text = lines.collect::<Vec<_>>().join("\n");
    assert!(EXAMPLE.lines().filter_map(commented).count() >= 15);
    let config = example(&text);
    assert_eq!(config.console.views.len(), 2);

    // What is said to be a default is one: setting it changes nothing.
    let bare = example(EXAMPLE);
    assert_eq!(config.console.theme, bare.console.theme);
    assert_eq!(config.receiver.listen, bare.receiver.listen);
    assert_eq!(config.journal, bare.journal);
    for (set, left) in config.sites.iter().zip(&bare.sites) {
        assert_eq!((set.allow, set.production), (left.allow, left.production));
        assert_eq!(set.queues(), left.queues());
        match (&set.account, &left.account) {
            (Account::TelecomX(a), Account::TelecomX(b)) => assert_eq!(a.poll, b.poll),
            (Account::Enswitch(a), Account::Enswitch(b)) => assert_eq!(a.method, b.method),
            _ => {}
        }
    }
}

#[test]
fn the_examples_other_way_to_log_in_is_valid() {
    let lines = EXAMPLE
        .lines()
        .filter(|l| !l.contains("TELECOMX_TOKEN"))
        .map(|l| l.strip_prefix("#or ").unwrap_or(l));
    let text = lines.collect::<Vec<_>>().join("\n");
    let config = example(&text);
    let Account::TelecomX(account) = &config.sites[0].account else {
        panic!("the first site is telecomx")
    };
    assert!(matches!(account.auth, TelecomXAuth::Login { .. }));
}

#[test]
fn the_example_shows_every_setting() {
    let tables = [
        keys::CONSOLE,
        keys::RECEIVER,
        keys::JOURNAL,
        keys::SITE,
        keys::QUEUE,
        keys::HOOK,
        keys::EXTENSION,
        keys::PAUSE,
        keys::SECRET,
    ];
    for key in tables.into_iter().flatten() {
        let name = key.name;
        let shown = [
            format!("{name} = "),
            format!("site.{name}]"),
            format!("console.{name}]"),
        ]
        .iter()
        .any(|s| EXAMPLE.contains(s));
        assert!(shown, "`{name}` is missing from the example");
        // Of a vendor's settings, in that vendor's part.
        for vendor in key.of {
            let part = EXAMPLE
                .split("[[site]]")
                .find(|p| p.contains(&format!("\"{}\"", vendor.name())));
            assert!(
                part.unwrap().contains(name),
                "{} lacks `{name}`",
                vendor.name()
            );
        }
    }
}
