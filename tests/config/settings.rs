//! What the settings do.

use std::{net::IpAddr, path::Path, time::Duration};

use holdline::{
    config::{Account, Allow, Config, ExtensionKind, Method, TelecomXAuth, Theme},
    domain::site::Vendor,
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
    assert_eq!(queue.critical, Duration::from_secs(60));
    assert_eq!(
        config.journal.path,
        Path::new("/home/anna/.local/share/holdline")
    );
}

#[test]
fn every_setting_of_every_vendor_is_read() {
    let text = r#"
[console]
theme = "light"
time_zone = "Europe/Copenhagen"
ascii = true
views = { late = { due-before = "now", status = ["in progress", "pending"], unscheduled = true, project_id = 7 } }
[receiver]
listen = "[::1]:0"
trusted_proxies = ["10.1.2.3/8", "::1"]
public_url = "https://hooks.example.com/pbx/"
[journal]
path = "~/calls"
retain = "2d"
[[site]]
name = "support"
vendor = "telecomx"
url = "https://API.telecomx.dk//"
username = "anna@example.com"
password = { env = "SPACED" }
queues = { 2 = "sales", 1 = { name = "support", service_level = "90s" } }
poll = "1s"
allow = ["inject", "subscribe"]
production = true
time_zone = "Europe/Bucharest"
country = "dk"
[[site]]
name = "outbound"
vendor = "while1"
url = "https://pbx"
token = "t"
key = "k"
fields = { number = "caller_id" }
[[site]]
name = "sales"
vendor = "enswitch"
url = "https://enswitch.example.com"
username = "user"
password = "p"
method = "get"
queues = [{ id = 123, name = "sales", critical = "5m" }]
[[site]]
name = "phones"
vendor = "telphin"
url = "https://pbx.example.com"
client_id = "app"
client_secret = "s"
hook = { secret = ["0123456789abcdef", "fedcba9876543210"], allow_from = ["192.0.2.0/24"] }
extensions = { 9 = { name = "Support", type = "queue" }, 175 = { name = "Anna", user = "anna" }, 176 = "Jens" }
[[site]]
name = "team"
vendor = "contaqt"
hook = { secret = { env = "HOOK" } }
agents = { 17 = "Anna Holm", 18 = { name = "Jens" } }
pauses = { 5 = { name = "lunch", limit = "45m" }, 6 = "meeting" }
activities = { 2 = "mail" }
queues = ["1"]
"#;
    let config = parse(text).unwrap();
    assert_eq!(config.warnings, Vec::<String>::new());

    assert_eq!(
        (config.console.theme, config.console.ascii),
        (Theme::Light, Some(true))
    );
    assert_eq!(
        config.console.time_zone.iana_name(),
        Some("Europe/Copenhagen")
    );
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
    assert_eq!(
        config.receiver.public_url.as_deref(),
        Some("https://hooks.example.com/pbx")
    );
    assert_eq!(config.journal.path, Path::new("/home/anna/calls"));
    assert_eq!(config.journal.retain, Duration::from_secs(2 * 86_400));

    let support = &config.sites[0];
    assert!(support.allow.inject && !support.allow.call && support.allow.subscribe);
    assert!(support.production);
    assert_eq!(support.country.as_deref(), Some("DK"));
    assert_eq!(
        support.time_zone.as_ref().unwrap().iana_name(),
        Some("Europe/Bucharest")
    );
    let queues: Vec<_> = support.queues();
    assert_eq!(
        (queues[0].id.as_str(), queues[0].name.as_str()),
        ("2", "sales")
    );
    // A target above the default critical wait takes it along.
    assert_eq!(queues[1].critical, Duration::from_secs(90));
    for site in &config.sites {
        match &site.account {
            Account::TelecomX(a) => {
                assert_eq!(a.url, "https://api.telecomx.dk");
                assert_eq!(a.poll, Duration::from_secs(1));
                let TelecomXAuth::Login { username, password } = &a.auth else {
                    panic!("a login was given")
                };
                assert_eq!(
                    (username.as_str(), password.expose()),
                    ("anna@example.com", "a b")
                );
            }
            Account::While1(a) => {
                assert_eq!(a.url, "https://pbx");
                assert_eq!(
                    (a.token.expose(), a.key.as_ref().unwrap().expose()),
                    ("t", "k")
                );
                assert_eq!(a.fields["number"], "caller_id");
            }
            Account::Enswitch(a) => {
                assert_eq!((a.method, a.username.as_str()), (Method::Get, "user"));
                assert_eq!((a.password.expose(), a.queues[0].id.as_str()), ("p", "123"));
            }
            Account::Telphin(a) => {
                assert_eq!(
                    (a.client_id.as_str(), a.client_secret.expose()),
                    ("app", "s")
                );
                let secrets = &a.hook.as_ref().unwrap().secrets;
                assert_eq!(secrets[1].expose(), "fedcba9876543210");
                assert_eq!(a.extensions[0].kind, ExtensionKind::Queue);
                assert_eq!(a.extensions[1].user.as_deref(), Some("anna"));
                assert_eq!(
                    (a.extensions[2].name.as_str(), a.extensions[2].kind),
                    ("Jens", ExtensionKind::Phone)
                );
                assert_eq!(site.queues()[0].name, "Support");
            }
            Account::Contaqt(a) => {
                assert_eq!(a.hook.secrets[0].expose(), "0123456789abcdef");
                assert_eq!(
                    (a.agents["17"].as_str(), a.agents["18"].as_str()),
                    ("Anna Holm", "Jens")
                );
                assert_eq!(a.pauses["5"].limit, Some(Duration::from_secs(45 * 60)));
                assert_eq!(
                    (a.pauses["6"].name.as_str(), a.activities["2"].as_str()),
                    ("meeting", "mail")
                );
                assert!(site.hook().is_some());
            }
        }
    }
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
