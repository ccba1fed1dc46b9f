//! What the settings do.

use std::{net::IpAddr, path::Path, time::Duration};

use holdline::{
    config::{Account, Allow, Config, Method, TelecomXAuth, Theme},
    domain::{
        extension::ExtensionKind,
        site::{Queue, Vendor},
    },
};

use crate::{CONTAQT, ENSWITCH, TELECOMX, TELPHIN, WHILE1, env, parse, with};

#[test]
fn each_vendor_needs_no_more_than_its_required_settings() {
    let text = [TELECOMX, WHILE1, ENSWITCH, TELPHIN, CONTAQT].concat();
    let config = parse(&text).unwrap();
    let sites = config.domain_sites();
    let vendors: Vec<_> = sites.iter().map(|s| s.vendor).collect();
    assert_eq!(vendors, Vendor::ALL);
    assert_eq!(config.warnings, Vec::<String>::new());
    assert_eq!(config.site("team").unwrap().vendor(), Vendor::Contaqt);
    assert!(config.site("nobody").is_none());
    assert!(config.sites.iter().all(|s| s.allow == Allow::default()));
    let queue = &sites[0].queues[0];
    assert_eq!((queue.id.as_str(), queue.name.as_str()), ("1", "1"));
    assert_eq!(queue.service_level, Duration::from_secs(20));
    assert_eq!(queue.critical, Duration::from_mins(1));
    assert_eq!(
        config.journal.path,
        Path::new("/home/anna/.local/share/holdline")
    );
}

/// The configuration with every setting of every vendor.
fn full() -> Config {
    let config = parse(include_str!("../fixtures/config/full.toml")).unwrap();
    assert_eq!(config.warnings, Vec::<String>::new());
    config
}

fn account(name: &str) -> Account {
    full().site(name).unwrap().account.clone()
}

#[test]
fn every_setting_outside_of_sites_is_read() {
    let config = full();
    assert_eq!(config.console.theme, Theme::Light);
    assert_eq!(config.console.ascii, Some(true));
    let zone = config.console.time_zone.iana_name();
    assert_eq!(zone, Some("Europe/Copenhagen"));
    let texts = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
    assert_eq!(config.console.views[0].name, "late");
    assert_eq!(
        config.console.views[0].filters,
        [
            ("due_before", texts(&["now"])),
            ("status", texts(&["inprogress", "pending"])),
            ("unscheduled", texts(&["true"])),
            ("project_id", texts(&["7"])),
        ]
    );
    assert_eq!(config.receiver.listen.to_string(), "[::1]:0");
    let near: IpAddr = "10.200.0.1".parse().unwrap();
    assert!(config.receiver.trusted_proxies[0].contains(&near));
    let public = config.receiver.public_url.as_deref();
    assert_eq!(public, Some("https://hooks.example.com/pbx"));
    assert_eq!(config.journal.path, Path::new("/home/anna/calls"));
    assert_eq!(config.journal.retain, Duration::from_hours(48));
}

#[test]
fn what_every_site_may_have_is_read() {
    let config = full();
    let site = config.site("support").unwrap();
    assert!(site.allow.inject && !site.allow.call && site.allow.subscribe);
    assert!(site.production);
    assert_eq!(site.country.as_deref(), Some("DK"));
    let zone = site.time_zone.as_ref().unwrap();
    assert_eq!(zone.iana_name(), Some("Europe/Bucharest"));
}

#[test]
fn telecomx_settings_are_read() {
    let Account::TelecomX(account) = account("support") else {
        panic!("support is telecomx")
    };
    assert_eq!(account.url, "https://api.telecomx.dk");
    assert_eq!(account.poll, Duration::from_secs(1));
    let TelecomXAuth::Login { username, password } = account.auth else {
        panic!("a login was given")
    };
    assert_eq!(
        (username.as_str(), password.expose()),
        ("anna@example.com", "a b")
    );
    // In the order of the file, and a plain value is the name.
    assert_eq!(account.queues[0].id.as_str(), "2");
    assert_eq!(account.queues[0].name, "sales");
    // A target above the default critical wait takes it along.
    assert_eq!(account.queues[1].service_level, Duration::from_secs(90));
    assert_eq!(account.queues[1].critical, Duration::from_secs(90));
}

#[test]
fn while1_settings_are_read() {
    let Account::While1(account) = account("outbound") else {
        panic!("outbound is while1")
    };
    assert_eq!(account.url, "https://pbx");
    assert_eq!(account.token.expose(), "t");
    assert_eq!(account.key.unwrap().expose(), "k");
    assert_eq!(account.fields["number"], "caller_id");
}

#[test]
fn enswitch_settings_are_read() {
    let Account::Enswitch(account) = account("sales") else {
        panic!("sales is enswitch")
    };
    assert_eq!(account.username, "user");
    assert_eq!(account.password.expose(), "p");
    assert_eq!(account.method, Method::Get);
    assert_eq!(account.queues[0].id.as_str(), "123");
    assert_eq!(account.queues[0].critical, Duration::from_mins(5));
}

#[test]
fn telphin_settings_are_read() {
    let Account::Telphin(account) = account("phones") else {
        panic!("phones is telphin")
    };
    assert_eq!(account.client_id, "app");
    assert_eq!(account.client_secret.expose(), "s");
    // The order of the file is not that of the text: 9 stands before 175.
    let kinds = account.extensions.iter().map(|e| (e.name.as_str(), e.kind));
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            ("Support", ExtensionKind::Queue),
            ("Anna", ExtensionKind::Phone),
            ("Jens", ExtensionKind::Phone),
        ]
    );
    assert_eq!(account.extensions[1].user.as_deref(), Some("anna"));
    assert_eq!(account.queues[0].name, "Support");
    let hook = account.hook.unwrap();
    assert_eq!(hook.secrets[0].expose(), "0123456789abcdef");
    assert_eq!(hook.secrets[1].expose(), "fedcba9876543210");
    let sender: IpAddr = "192.0.2.9".parse().unwrap();
    assert!(hook.allow_from[0].contains(&sender));
}

#[test]
fn an_extension_that_is_a_queue_has_the_thresholds_of_queues() {
    let text = with(
        TELPHIN,
        "extensions = { 1 = { type = \"queue\", service_level = \"15s\", critical = \"45s\" }, \
         2 = { type = \"queue\" }, 3 = \"Anna\" }",
    );
    let Account::Telphin(account) = parse(&text).unwrap().sites.remove(0).account else {
        panic!("phones is telphin")
    };
    let seconds = |q: &Queue| (q.service_level.as_secs(), q.critical.as_secs());
    let thresholds: Vec<_> = account.queues.iter().map(seconds).collect();
    assert_eq!(thresholds, [(15, 45), (20, 60)]);
}

#[test]
fn two_extensions_with_one_user_or_number_are_warned_of() {
    let warned = |extensions: &str| {
        let text = with(TELPHIN, &format!("extensions = {extensions}"));
        parse(&text).unwrap().warnings
    };
    let user = warned("{ 1 = { user = \"anna\" }, 2 = { user = \"anna\" } }");
    assert_eq!(
        user,
        [
            "config.toml:7: extensions 1 and 2 of site \"phones\" have the same user; the first is \
             taken, correct one"
        ]
    );
    let number = warned("{ 1 = { number = \"200\" }, 2 = { number = \"200\", user = \"a\" } }");
    assert!(number[0].contains("have the same number"), "{number:?}");
    assert!(warned("{ 1 = { number = \"200\", user = \"a\" }, 2 = \"Jens\" }").is_empty());
}

#[test]
fn contaqt_settings_are_read() {
    let Account::Contaqt(account) = account("team") else {
        panic!("team is contaqt")
    };
    assert_eq!(account.hook.secrets[0].expose(), "0123456789abcdef");
    assert_eq!(account.agents["17"], "Anna Holm");
    assert_eq!(account.agents["18"], "Jens");
    assert_eq!(account.pauses["5"].name, "lunch");
    assert_eq!(account.pauses["5"].limit, Some(Duration::from_mins(45)));
    assert_eq!(account.pauses["6"].name, "meeting");
    assert_eq!(account.activities["2"], "mail");
    assert_eq!(account.queues[0].name, "1");
    assert!(full().site("team").unwrap().hook().is_some());
}
#[test]
fn what_works_but_should_not_stay_so_is_warned_of() {
    for (text, warnings) in [
        (
            String::new(),
            vec!["config.toml: there is no site in it; add a [[site]] with a name and a vendor"],
        ),
        (
            with(TELECOMX, "url = \"http://127.0.0.1:1/telecomx\""),
            vec![],
        ),
        (with(TELECOMX, "url = \"http://[::1]:1\""), vec![]),
        (with(TELECOMX, "url = \"http://localhost\""), vec![]),
        (
            with(TELECOMX, "url = \"HTTP://10.0.0.1\""),
            vec![
                "config.toml:4: site \"support\" is reached by plain http: its credentials travel unencrypted; use https if it can",
            ],
        ),
        (
            format!("[receiver]\npublic_url = \"http://x.example.com\"\n{TELECOMX}"),
            vec![
                "config.toml:2: public_url is plain http: hook secrets travel unencrypted; put https before the receiver",
            ],
        ),
        (
            with(CONTAQT, "hook = { secret = \"short\" }"),
            vec![
                "config.toml:4: the secret of the hook of site \"team\" is shorter than 16 characters and could be guessed; make one with `openssl rand -hex 16`",
            ],
        ),
    ] {
        assert_eq!(parse(&text).unwrap().warnings, warnings, "{text}");
    }
}

#[test]
fn no_color_takes_the_colours_unless_a_theme_is_set() {
    let theme = |text: &str, no_color: &'static str| {
        let env = move |name: &str| match name {
            "NO_COLOR" => Some(no_color.into()),
            _ => env(name),
        };
        Config::parse(text, Path::new("/"), &env)
            .unwrap()
            .console
            .theme
    };
    assert_eq!(theme("", ""), Theme::Dark);
    assert_eq!(theme("", "1"), Theme::Mono);
    assert_eq!(theme("[console]\ntheme = \"light\"", "1"), Theme::Light);
}
