//! Broken configurations: the tables stand in `tests/fixtures/config`.

use holdline::config::{EXAMPLE, keys};
use proptest::prelude::*;

use crate::{CONTAQT, ENSWITCH, TELECOMX, TELPHIN, WHILE1, parse, told, with, without};

/// The cases of a table: what stands above each `=> `, and what behind it.
fn cases(table: &str) -> Vec<(String, &str)> {
    let mut cases = Vec::new();
    let mut text = String::new();
    for line in table.lines() {
        if let Some(sentence) = line.strip_prefix("=> ") {
            cases.push((std::mem::take(&mut text), sentence));
        } else if !line.is_empty() && !line.starts_with("//") {
            text.push_str(line);
            text.push('\n');
        }
    }
    assert_eq!(text, "", "the last case has no sentence");
    cases
}

#[test]
fn mistakes_in_the_file() {
    let cases = cases(include_str!("../fixtures/config/file.txt"));
    assert!(cases.len() > 25);
    for (text, sentence) in cases {
        assert_eq!(told(&text), format!("config.toml:{sentence}"));
    }
}

#[test]
fn mistakes_in_a_site() {
    let cases = cases(include_str!("../fixtures/config/site.txt"));
    assert!(cases.len() > 75);
    for (case, sentence) in cases {
        let (vendor, change) = case.trim_end().split_once(' ').unwrap();
        let site = match vendor {
            "telecomx" => TELECOMX,
            "while1" => WHILE1,
            "enswitch" => ENSWITCH,
            "telphin" => TELPHIN,
            "contaqt" => CONTAQT,
            _ => panic!("no such vendor: {case}"),
        };
        let text = match change.split_at(2) {
            ("+ ", line) => with(site, line),
            ("- ", key) => without(site, key),
            _ => panic!("neither + nor -: {case}"),
        };
        assert_eq!(told(&text), format!("config.toml:{sentence}"));
    }
}

#[test]
fn mistakes_in_a_login() {
    let login = without(TELECOMX, "token");
    assert_eq!(
        told(&with(&login, "username = \"a\"")),
        "config.toml:1: site \"support\" has no password; add password = { env = \"NAME\" }"
    );
    assert_eq!(
        told(&with(&login, "password = \"a\"")),
        "config.toml:1: site \"support\" has no username; add username = \"…\""
    );
}

#[test]
fn two_sites_of_one_name() {
    assert_eq!(
        told(&[TELECOMX, &with(WHILE1, "name = \"support\"")].concat()),
        "config.toml:8: there are two sites named \"support\", the first at line 2; give this one another name"
    );
}

/// Several things wrong in every part of a file.
const WRONG: &str = r#"them = 1
[console]
theme = "drak"
bell = "loud"
[journal]
retain = 90

[[site]]
name = "support"
vendor = "telecomx"
url = "ftp://x"
queues = [{ id = "1", critical = "x" }, { name = "x" }, "1", "1"]
pol = "2s"
key = "s3cret"

[[site]]
vendor = "contact"
hook = { secret = { s3cret = 1 } }
production = 1
"#;

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_files_order() {
    let error = parse(WRONG).unwrap_err();
    let told: Vec<&str> = error
        .mistakes()
        .iter()
        .map(|mistake| &*mistake.sentence)
        .collect();
    insta::assert_snapshot!("all_mistakes", told.join("\n"));
    assert_eq!(error.line(), Some(1));
}

#[test]
fn the_place_is_shown_without_any_value() {
    let error = parse(WRONG).unwrap_err();
    let places: Vec<String> = error
        .mistakes()
        .iter()
        .filter_map(|mistake| mistake.caret.as_ref())
        .map(|caret| format!("{}\n{}", caret.line, caret.sign()))
        .collect();
    let places = places.join("\n");
    assert!(!places.contains("s3cret"), "{places}");
    insta::assert_snapshot!("places", places);
}

#[test]
fn what_is_misspelt_is_not_missing_too() {
    for (site, key) in [
        (TELECOMX, "token"),
        (TELECOMX, "queues"),
        (WHILE1, "vendor"),
        (TELPHIN, "client_id"),
        (CONTAQT, "hook"),
    ] {
        let text = site.replacen(&format!("\n{key} = "), &format!("\n{key}s = "), 1);
        let told = told(&text);
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains(&format!("did you mean `{key}`?")), "{told}");
    }
}

#[test]
fn a_default_that_stands_for_a_mistake_makes_no_other() {
    for text in [
        with(
            TELECOMX,
            "queues = [{ id = \"1\", service_level = \"x\", critical = \"10s\" }]",
        ),
        with(
            ENSWITCH,
            "queues = { 1x = { service_level = 5, critical = \"1s\" } }",
        ),
        with(&with(CONTAQT, "production = \"yes\""), "max_rate = 1000"),
    ] {
        assert!(
            parse(&text).unwrap_err().mistakes().len() <= 2,
            "{text}: {}",
            told(&text)
        );
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    /// Pieces of the example in any order, with anything between them.
    #[test]
    fn no_shuffled_example_makes_it_panic(
        pieces in prop::collection::vec((0..EXAMPLE.len(), 0..80_usize, ".{0,3}"), 1..30)
    ) {
        let start = |at: usize| EXAMPLE.floor_char_boundary(at.min(EXAMPLE.len()));
        let mut text = String::new();
        for (at, len, glue) in &pieces {
            text.push_str(&EXAMPLE[start(*at)..start(at + len)]);
            text.push_str(glue);
        }
        if let Err(e) = parse(&text) {
            let told = e.to_string();
            prop_assert!(told.lines().all(|line| line.starts_with("config.toml:")), "{}", told);
            prop_assert_eq!(told.lines().count(), e.mistakes().len());
        }
    }

    /// Settings that exist, with values of every type: one sentence or none.
    #[test]
    fn no_value_makes_it_panic(
        key in prop::sample::select(keys::SITE.iter().map(|k| k.name).collect::<Vec<_>>()),
        site in prop::sample::select(vec![TELECOMX, WHILE1, ENSWITCH, TELPHIN, CONTAQT]),
        value in prop::sample::select(vec![
            "0", "-1", "1e400", "nan", "true", "\"\"", "\"x\"", "[]", "[[]]", "[{}]", "{}", "{ a = 1 }",
            "{ 1 = {} }", "{ \"\" = 1 }", "2024-01-31", "\"\\u202e\"", "9999999999999999999",
        ]),
    ) {
        if let Err(e) = parse(&with(site, &format!("{key} = {value}"))) {
            prop_assert!(e.line().is_some(), "{}", e);
        }
    }
}
