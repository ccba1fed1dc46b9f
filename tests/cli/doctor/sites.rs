//! Each site: whether it answers, what it says, its clock, what it pushes.

use std::net::TcpListener;

use holdline::sim::Fault;
use serde_json::json;

use super::{configured, dead, examined};
use crate::{
    exchange::Exchange,
    inject::simulated,
    pbx::{self, Pbx},
    program::Home,
    stub::{Stub, reply},
    vendor::{Vendor, site},
};

#[test]
fn one_site_that_is_wrong_does_not_keep_it_from_the_others() {
    let (home, pbx) = (Home::new(), Pbx::listing(pbx::rows(3)));
    let missing = site("north", "http://127.0.0.1:9", "t")
        .replace("\"t\"", "{ env = \"HOLDLINE_TEST_NOT_SET\" }");
    configured(&home, &(missing + &pbx.site("outbound")));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 2);
    let words = "the token of site \"north\" comes from the environment variable";
    told.states("configuration", Some("north"), "wrong", words);
    told.states("site", Some("outbound"), "ok", "3 callbacks are pending");
    assert_eq!(pbx.pages(), [1]);
    assert!(
        pbx.asked()[0].body.contains("status%5D=pending"),
        "{:?}",
        pbx.asked()
    );
    // Only one of them.
    let told = examined(&home, &["--site", "outbound"]);
    assert_eq!((told.code, told.wrong()), (0, vec![]));
    let told = examined(&home, &["--site", "north"]);
    assert_eq!((told.code, told.wrong().len()), (2, 1));
    assert!(told.rows.iter().all(|row| row["site"] != "outbound"));
    let args = ["doctor", "--config", "config.toml", "--site", "nope"];
    assert!(home.run(args).refused(2).contains("no site \"nope\""));
}

#[test]
fn a_site_that_is_down_is_3_and_one_that_refuses_is_1() {
    let (home, vendor) = (Home::new(), Vendor::start());
    configured(&home, &site("north", &dead(), "t"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 3);
    told.states("site", Some("north"), "wrong", "refused the connection");
    assert_eq!(told.wrong().len(), 1, "once for all its queues");

    configured(&home, &site("north", &vendor.url(), "wrong"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    assert!(told.of("site", Some("north"))["state"] == "wrong");

    // The highest counts.
    let two = site("north", &vendor.url(), "wrong") + &site("south", &dead(), "t");
    configured(&home, &two);
    assert_eq!(examined(&home, &[]).code, 3);

    let refusing = Pbx::refusing(&json!(["Invalid token"]));
    configured(&home, &refusing.site("outbound"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    told.states("site", Some("outbound"), "wrong", "Invalid token");
}

#[test]
fn a_queue_that_is_refused_is_named_beside_those_that_are_not() {
    let (home, vendor) = (Home::new(), Vendor::start());
    let url = vendor.url();
    let text = site("north", &url, holdline::sim::telecomx::TOKEN);
    let forbidden = holdline::sim::telecomx::FORBIDDEN_QUEUE_ID;
    let extra = format!("queues = [\n  {{ id = \"{forbidden}\", name = \"bosses\" }},\n");
    configured(&home, &text.replace("queues = [\n", &extra));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    told.states("site", Some("north"), "ok", "in 3 queues");
    let wrong = told.wrong();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        wrong[0]["found"]
            .as_str()
            .unwrap()
            .starts_with("queue bosses: ")
    );
}

#[test]
fn a_hanging_site_is_given_up_and_the_others_are_asked_meanwhile() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.suffers(holdline::sim::Fault::Hang);
    let pbx = Pbx::listing(Vec::new());
    configured(
        &home,
        &(site("north", &vendor.url(), "t") + &pbx.site("outbound")),
    );
    let told = examined(&home, &["--timeout", "300ms"]);
    assert_eq!(told.code, 3);
    told.states("site", Some("north"), "wrong", "within 0.3 s");
    told.states("site", Some("outbound"), "ok", "0 callbacks");
}

#[test]
fn a_clock_that_is_off_is_noted_with_which_way() {
    // The simulator's clock here stands still, far from today's.
    let (home, vendor) = (Home::new(), Vendor::start());
    let token = holdline::sim::telecomx::TOKEN;
    let both = site("north", &vendor.url(), token) + &pbx::site("outbound", &vendor);
    configured(&home, &both);
    let told = examined(&home, &[]);
    assert_eq!(told.code, 0, "it is corrected: {:?}", told.wrong());
    for name in ["north", "outbound"] {
        told.states("clock", Some(name), "note", "this machine's");
        assert!(told.of("clock", Some(name))["remedy"].is_string());
    }
    let now = jiff::Timestamp::now();
    let date = |seconds: i64| {
        let at = now + jiff::SignedDuration::from_secs(seconds);
        format!("date: {}", at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    };
    for (seconds, words) in [(600, "ahead of"), (-600, "behind")] {
        let date = date(seconds);
        let stub = Stub::serve(move |_| {
            let json = "content-type: application/json";
            reply("200 OK", &[json, &date], "[]")
        });
        let account = |name: &str, vendor: &str, rest: &str| {
            let url = &stub.url;
            format!("[[site]]\nname = \"{name}\"\nvendor = \"{vendor}\"\nurl = \"{url}\"\n{rest}\n")
        };
        let phones = account(
            "phones",
            "telphin",
            "client_id = \"a\"\nclient_secret = \"s\"\nextensions = { 175 = \"Anna\" }",
        );
        let sales = account(
            "sales",
            "enswitch",
            "username = \"u\"\npassword = \"p\"\nqueues = [\"1\"]",
        );
        configured(&home, &(site("north", &stub.url, "t") + &phones + &sales));
        let told = examined(&home, &[]);
        // Whatever is answered: what these two are told here is no answer.
        for name in ["north", "phones", "sales"] {
            told.states("clock", Some(name), "note", words);
        }
    }
}

#[test]
fn a_rate_limit_says_when_to_come_back() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.suffers(holdline::sim::Fault::Status {
        code: 429,
        retry_after: Some(holdline::sim::RetryAfter::Seconds(30)),
    });
    configured(&home, &site("north", &vendor.url(), "t"));
    let told = examined(&home, &[]);
    assert_eq!(told.code, 1);
    let remedy = told.of("site", Some("north"))["remedy"].as_str().unwrap();
    assert!(remedy.starts_with("try again in "), "{remedy}");
}

#[test]
fn plain_http_off_this_machine_is_noted_once() {
    let home = Home::new();
    // TEST-NET-1: nobody is there.
    configured(&home, &site("north", "http://192.0.2.1", "t"));
    let told = examined(&home, &["--timeout", "50ms"]);
    told.states("encryption", Some("north"), "note", "plain http");
    let all = told
        .rows
        .iter()
        .filter(|row| row.to_string().contains("plain http"));
    assert_eq!(all.count(), 1);
}

#[test]
fn phones_are_asked_what_is_subscribed() {
    let (home, exchange) = (Home::new(), Exchange::open());
    exchange.config(&home, "");
    let told = examined(&home, &["--site", "phones"]);
    told.states("site", Some("phones"), "ok", "answered in");
    let missing = "Menu (96850): dial-in, hangup missing";
    told.states("subscriptions", Some("phones"), "wrong", missing);
    assert_eq!(told.code, 1);
    for (status, body, part) in [
        (
            "401 Unauthorized",
            r#"{"message":"Expired"}"#,
            "\"Expired\"",
        ),
        ("403 Forbidden", r#"{"message":"No"}"#, "403: \"No\""),
    ] {
        let exchange = Exchange::open();
        exchange.config(&home, "");
        exchange.says("GET /extension/", status, body);
        let told = examined(&home, &["--site", "phones"]);
        told.states("subscriptions", Some("phones"), "wrong", part);
        assert_eq!(told.code, 1, "{status}");
    }
}

#[test]
fn vendors_that_push_alone_are_told_as_such() {
    let home = Home::new();
    let text = "[[site]]\nname = \"team\"\nvendor = \"contaqt\"\n\
                hook = { secret = \"0123456789abcdef\" }\n";
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    configured(&home, &format!("[receiver]\nlisten = \"{listen}\"\n{text}"));
    let told = examined(&home, &[]);
    told.states(
        "site",
        Some("team"),
        "ok",
        "sends its events to the receiver",
    );
    assert_eq!(told.code, 2);
    told.states("receiver", None, "wrong", "another program listens");
    drop(taken);
    let told = examined(&home, &[]);
    told.states("receiver", None, "ok", "free");
    assert_eq!(told.code, 0);
}

#[test]
fn it_asks_for_nothing_that_matters() {
    let (home, vendor) = (Home::new(), Vendor::start());
    simulated(&home, &vendor);
    examined(&home, &[]).states("site", Some("sales"), "ok", ": 2 queues");
    let asked = vendor.sim.requests();
    assert!(
        asked
            .keys()
            .all(|path| path.ends_with("/queues/events/list/")),
        "{asked:?}"
    );
    for (code, words) in [
        (401, "username"),
        (402, "administrator role"),
        (404, "check the queue's id"),
    ] {
        vendor.suffers(Fault::Status {
            code,
            retry_after: None,
        });
        let told = examined(&home, &[]);
        let row = told.of("site", Some("sales"));
        assert_eq!((told.code, &row["state"]), (1, &"wrong".into()), "{row}");
        assert!(row["remedy"].as_str().unwrap().contains(words), "{row}");
    }
}
