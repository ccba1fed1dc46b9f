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
            let e = e.to_string();
            prop_assert!(!e.contains('\n') && e.starts_with("config.toml:"), "{}", e);
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
