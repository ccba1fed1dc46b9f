//! `holdline hooks url`: what is pasted into a vendor's page.

use rustix::process::Signal;

use super::program::{Home, Ran, Running};

const SECRETS: &str = r#"["new-secret-0123456789", "old-secret-0123456789"]"#;

fn configured(receiver: &str, sites: &[&str]) -> Home {
    let home = Home::new();
    let mut text = format!("[journal]\npath = \"journal\"\n[receiver]\n{receiver}\n");
    let site = |name| {
        format!(
            "[[site]]\nname = \"{name}\"\nvendor = \"contaqt\"\nhook = {{ secret = {SECRETS} }}\n"
        )
    };
    text += &sites.iter().map(site).collect::<Vec<_>>().concat();
    text += "[[site]]\nname = \"polled\"\nvendor = \"telecomx\"\nurl = \"http://127.0.0.1:9\"\n\
             token = \"t\"\nqueues = [\"1\"]\n";
    home.file("config.toml", &text);
    home
}

fn url(home: &Home, more: &[&str]) -> Ran {
    home.run([&["--config", "config.toml", "hooks", "url"], more].concat())
}

const PASTE: &str = "/hooks/team/new-secret-0123456789";

#[test]
fn the_address_stands_alone_on_standard_output_and_the_warning_beside_it() {
    let home = configured("public_url = \"https://hooks.example.com/pbx\"", &["team"]);
    let ran = url(&home, &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.out, format!("https://hooks.example.com/pbx{PASTE}\n"));
    assert!(ran.sentence().contains("as you would keep a password"));
    assert!(!ran.err.contains("secret-0123456789"));
    let json = url(&home, &["--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(read[0]["site"], "team");
    assert_eq!(
        read[0]["url"],
        format!("https://hooks.example.com/pbx{PASTE}")
    );
}

#[test]
fn without_a_public_address_it_is_where_we_listen_and_nobody_outside_reaches_it() {
    for (listen, url_is) in [
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("0.0.0.0:9000", "http://0.0.0.0:9000"),
    ] {
        let ran = url(
            &configured(&format!("listen = \"{listen}\""), &["team"]),
            &[],
        );
        assert_eq!(ran.out, format!("{url_is}{PASTE}\n"));
        assert!(ran.err.contains("public_url"), "{}", ran.err);
    }
}

#[test]
fn a_free_port_is_known_while_the_receiver_runs() {
    let home = configured("listen = \"127.0.0.1:0\"", &["team"]);
    let sentence = url(&home, &[]).refused(2).to_owned();
    assert!(sentence.contains("holdline collect"), "{sentence}");
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    let told = running.tells("listening for webhooks on http://");
    let address = told.rsplit_once("http://").unwrap().1.to_owned();
    running.tells("collecting into");
    // Its health is written within a second; until then nobody knows it.
    let url = (0..1_000)
        .map(|_| url(&home, &[]))
        .find(|ran| ran.code == Some(0))
        .unwrap();
    assert_eq!(url.out, format!("http://{address}{PASTE}\n"));
    assert_eq!(running.end(Signal::TERM).code, Some(143));
}

#[test]
fn a_site_without_a_hook_and_an_open_choice_are_refused() {
    let home = configured("", &["team", "north"]);
    let sentence = url(&home, &[]).refused(2).to_owned();
    assert!(sentence.contains("team, north"), "{sentence}");
    assert!(
        url(&home, &["--site", "north"])
            .out
            .contains("/hooks/north/")
    );
    let sentence = url(&home, &["--site", "polled"]).refused(2).to_owned();
    assert!(sentence.contains("\"polled\" has no hook"), "{sentence}");
    let sentence = url(&configured("", &[]), &[]).refused(2).to_owned();
    assert!(sentence.contains("no site has a hook"), "{sentence}");
}

#[test]
fn there_must_be_something_to_collect() {
    let home = Home::new();
    home.file(
        "config.toml",
        "[[site]]\nname = \"outbound\"\nvendor = \"while1\"\nurl = \"http://127.0.0.1:9\"\ntoken = \"t\"\n",
    );
    let ran = home.run(["--config", "config.toml", "collect"]);
    assert!(ran.refused(2).contains("with a hook"), "{ran:?}");
}
