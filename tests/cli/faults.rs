//! Each way a vendor fails: the documented exit code, one sentence that names
//! the site, what happened and what to do, and nothing on standard output but
//! what was good.

use std::{io::ErrorKind, net::TcpListener, path::PathBuf};

use holdline::sim::{
    Fault, RetryAfter, Rule,
    telecomx::{FORBIDDEN_QUEUE_ID, QUEUE_IDS, TOKEN},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    program::{Home, Ran, is_fit_to_show, ran},
    stub::{Stub, reply},
    vendor::{QUEUES, Vendor, refusal, site, with_login},
};

/// The vendor refused, or its answer is unreadable.
const REFUSED: i32 = 1;
/// Not reachable, or no answer in time.
const NO_ANSWER: i32 = 3;

/// Asks for one queue, so that there is one thing to tell.
fn ask(home: &Home) -> Ran {
    home.run([
        "callers",
        "--queue",
        "sales",
        "--config",
        "config.toml",
        "--timeout",
        "5s",
        "--format",
        "json",
    ])
}

/// As [`ask`], with no patience.
fn ask_hurried(home: &Home) -> Ran {
    home.run([
        "callers",
        "--queue",
        "sales",
        "--config",
        "config.toml",
        "--timeout",
        "300ms",
    ])
}

/// Holds `ran` to this code and these words behind the site's name.
#[track_caller]
fn tells(ran: &Ran, code: i32, words: &[&str]) {
    let sentence = ran.refused(code);
    assert!(sentence.starts_with("north: "), "{sentence}");
    for word in words {
        assert!(sentence.contains(word), "no {word:?} in: {sentence}");
    }
    assert!(!sentence.contains(TOKEN), "{sentence}");
}

fn status(code: u16) -> Fault {
    Fault::Status {
        code,
        retry_after: None,
    }
}

#[test]
fn a_401_says_what_is_wrong_with_the_token() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    for (code, message, remedy) in [
        (
            "expired",
            "Session has expired, please login",
            "`token` has run out",
        ),
        (
            "credentials_invalid",
            "Authorization required, please login",
            "check `token`",
        ),
        (
            "format_error",
            "Authorization header format is Authorization: Bearer <token>",
            "without the word Bearer",
        ),
        ("invalid_token", "Undecipherable", "check `token`"),
        (
            "invalid_token",
            "IP address not authenticated",
            "IP address",
        ),
        ("invalid_token", "Please login", "check `token`"),
    ] {
        vendor.refuses(401, code, message);
        let quoted = format!("\"{message}\"");
        tells(&ask(&home), REFUSED, &["401", code, &quoted, remedy]);
    }
}

#[test]
fn every_other_refusal_has_its_sentence() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    for (fault, words) in [
        (status(401), ["401", "check `token`"]),
        (status(403), ["access_denied", "access level"]),
        (status(404), ["Queue not found", "check `queues`"]),
        (status(400), ["bad_request", "`id`"]),
        (status(418), ["418", "check `url`"]),
        (
            refusal(409, "version", "Was changed"),
            ["409", "Was changed"],
        ),
        (refusal(422, "id", "Invalid"), ["422", "`id`"]),
        (status(500), ["internal_error", "vendor's servers"]),
        (status(502), ["502 Bad Gateway", "vendor's servers"]),
        (status(503), ["503 Service Unavailable", "vendor's servers"]),
        (status(504), ["504 Gateway Timeout", "vendor's servers"]),
    ] {
        let shown = format!("{fault:?}");
        vendor.suffers(fault);
        let ran = ask(&home);
        assert_eq!(ran.code, Some(REFUSED), "{shown}: {ran:?}");
        tells(&ran, REFUSED, &words);
    }
}

#[test]
fn a_vendor_that_says_timeout_has_answered() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    vendor.suffers(status(408));
    tells(&ask(&home), REFUSED, &["408 Request Timeout", "; "]);
}

#[test]
fn an_answer_that_cannot_be_read_is_the_vendors_fault() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    let answer = |body: &str| Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: body.into(),
    };
    for (fault, words) in [
        (Fault::CutOff, "cut off"),
        (Fault::Garbage, "HTTP"),
        (Fault::NotJson, "not sound JSON"),
        (Fault::WrongShape, "an object"),
        (Fault::Html, "Welcome to Hotel Havudsigt Wi-Fi"),
        (Fault::Empty, "nothing"),
        (answer("[[]]"), "row 1"),
        (answer("[{\"_id\":\"a\",\"_id\":\"b\"}]"), "twice"),
        (answer("[1e400]"), "row 1"),
        (answer(&"[".repeat(100_000)), "cannot be read"),
        (answer("null"), "a text"),
        (Fault::GzipBomb { mib: 65 }, "longer than 64 MiB"),
    ] {
        let shown = format!("{fault:?}").chars().take(60).collect::<String>();
        vendor.suffers(fault);
        let ran = ask(&home);
        assert_eq!(ran.code, Some(REFUSED), "{shown}: {ran:?}");
        tells(&ran, REFUSED, &[words]);
    }
}

#[test]
fn an_error_under_http_200_is_an_error() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    vendor.suffers(Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: r#"{"error":{"code":"expired","status":401,"message":"Session has expired"}}"#.into(),
    });
    tells(&ask(&home), REFUSED, &["401 expired", "HTTP 200"]);
}

#[test]
fn no_answer_has_a_code_of_its_own() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    for fault in [Fault::Close, Fault::Reset] {
        vendor.suffers(fault);
        tells(
            &ask(&home),
            NO_ANSWER,
            &["closed the connection", "check `url`"],
        );
    }
    for fault in [
        Fault::Hang,
        Fault::Trickle { every_ms: 50 },
        Fault::Latency { ms: 20_000 },
    ] {
        vendor.suffers(fault);
        tells(
            &ask_hurried(&home),
            NO_ANSWER,
            &["within 0.3 s", "--timeout"],
        );
    }
}

#[test]
fn a_port_where_nobody_listens_is_not_reachable() {
    let home = Home::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    home.file("config.toml", &site("north", &url, TOKEN));
    tells(
        &ask(&home),
        NO_ANSWER,
        &["refused the connection", "check `url`"],
    );
}

#[test]
fn a_server_without_tls_is_told_apart() {
    let (home, vendor) = (Home::new(), Vendor::start());
    let url = vendor.url().replace("http://", "https://");
    home.file("config.toml", &site("north", &url, TOKEN));
    tells(&ask(&home), NO_ANSWER, &["TLS"]);
}

#[test]
fn a_rate_limit_says_when_to_come_back_in_the_configured_zone() {
    let (home, vendor) = (Home::new(), Vendor::start());
    let zone = "[console]\ntime_zone = \"Asia/Tokyo\"\n";
    let text = zone.to_owned() + &site("north", &vendor.url(), TOKEN);
    home.file("config.toml", &text);
    for after in [RetryAfter::Seconds(30), RetryAfter::DateIn(30)] {
        vendor.suffers(Fault::Status {
            code: 429,
            retry_after: Some(after),
        });
        let before = Timestamp::now();
        // All three queues, whose answers come at different moments.
        let ran = home.run(["callers", "--config", "config.toml"]);
        tells(&ran, REFUSED, &["429 Too Many Requests", "; try again in "]);
        let (_, told) = ran.err.split_once("try again in ").unwrap();
        let (seconds, clock) = told.trim().split_once(" s ").unwrap();
        assert!(
            (1..=30).contains(&seconds.parse::<i64>().unwrap()),
            "{told}"
        );
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        let at = |seconds| {
            let at = before + SignedDuration::from_secs(seconds);
            at.to_zoned(tokyo.clone())
                .strftime("(%H:%M:%S)")
                .to_string()
        };
        assert!(
            (29..60).any(|s| at(s) == clock),
            "{clock}, asked at {}",
            at(0)
        );
    }
    vendor.suffers(status(429));
    let ran = home.run(["callers", "--config", "config.toml"]);
    tells(
        &ran,
        REFUSED,
        &["429 Too Many Requests", "; try again later"],
    );
}

#[test]
fn a_redirect_is_not_followed_wherever_it_points() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let host = elsewhere.local_addr().unwrap().to_string();
    for to in [
        format!("http://{host}/pbx"),
        format!("https://{host}/?token={TOKEN}"),
        format!("//{host}/x"),
        "/telecomx/auth/login".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        vendor.suffers(Fault::Redirect { to });
        tells(&ask(&home), REFUSED, &["302", "never sent after it"]);
    }
    assert_eq!(
        elsewhere.accept().unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    assert!(
        vendor
            .sim
            .requests()
            .keys()
            .all(|asked| asked.ends_with("/callers"))
    );
}

#[test]
fn a_proxy_is_never_used_on_loopback() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let mut command = home.holdline(["callers", "--config", "config.toml"]);
    let address = format!("http://{}", proxy.local_addr().unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, &address);
    }
    ran(command).fine();
    assert_eq!(proxy.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn hostile_words_of_a_vendor_reach_no_terminal() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    vendor.refuses(
        403,
        "\u{1b}]0;x\u{7}",
        "a\u{1b}[2Jb\u{202e}c\r\nholdline: all is well",
    );
    tells(&ask(&home), REFUSED, &["␛[2J"]);
    let page = "<title>\u{9b}2J\u{200f}\n\n</title>";
    let body = reply("502 No", &["content-type: text/html"], page);
    let stub = Stub::serve(move |_| body.clone());
    home.file("config.toml", &site("north", &stub.url, TOKEN));
    tells(&ask(&home), REFUSED, &["502"]);
}

fn with_queues(home: &Home, vendor: &Vendor, queues: &[(&str, &str)]) -> PathBuf {
    let queues: Vec<String> = queues
        .iter()
        .map(|(id, name)| format!("{{ id = \"{id}\", name = \"{name}\" }}"))
        .collect();
    home.file(
        "config.toml",
        &format!(
            "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"{}\"\n\
             token = \"{TOKEN}\"\nqueues = [{}]\n",
            vendor.url(),
            queues.join(", ")
        ),
    )
}

#[test]
fn a_queue_that_fails_alone_is_named_and_the_others_are_printed() {
    let (home, vendor) = (Home::new(), Vendor::start());
    with_queues(
        &home,
        &vendor,
        &[
            (FORBIDDEN_QUEUE_ID, "theirs"),
            (QUEUE_IDS[0], "ours"),
            ("00", "lost"),
            ("01", "gone"),
        ],
    );
    let ran = home.run(["callers", "--config", "config.toml", "--format", "ndjson"]);
    assert_eq!(ran.code, Some(REFUSED));
    assert!(!ran.out.is_empty());
    assert!(
        ran.out
            .lines()
            .all(|l| l.contains("\"queue_name\":\"ours\"")),
        "{}",
        ran.out
    );
    let told: Vec<&str> = ran.err.lines().collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("holdline: north, queue theirs: TelecomX answered 403"));
    assert!(told[1].starts_with("holdline: north, queues lost, gone: TelecomX answered 404"));
}

#[test]
fn a_site_that_fails_does_not_hide_the_others_and_the_worst_code_counts() {
    let (home, good, bad) = (Home::new(), Vendor::start(), Vendor::seeded(2));
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    bad.refuses(401, "invalid_token", "Undecipherable");
    let (bad, good_one) = (
        site("bad", &bad.url(), TOKEN),
        site("good", &good.url(), TOKEN),
    );
    let run = |text: &str| {
        home.file("config.toml", text);
        home.run(["callers", "--config", "config.toml", "--format", "ndjson"])
    };
    let only_good = |ran: &Ran| {
        assert!(!ran.out.is_empty());
        assert!(ran.out.lines().all(|l| l.starts_with("{\"site\":\"good\"")));
        is_fit_to_show(&ran.err);
    };
    let ran = run(&(bad.clone() + &good_one));
    only_good(&ran);
    assert_eq!(ran.code, Some(REFUSED));
    assert!(ran.sentence().starts_with("bad: "));

    let ran = run(&(bad + &good_one + &site("dead", &nobody, TOKEN)));
    only_good(&ran);
    assert_eq!(ran.code, Some(NO_ANSWER));
    let told: Vec<&str> = ran.err.lines().collect();
    assert_eq!(
        told.len(),
        2,
        "one for each site, not for each queue: {told:?}"
    );
    assert!(told[0].starts_with("holdline: bad: "));
    assert!(told[1].starts_with("holdline: dead: "));
}

#[test]
fn where_nobody_answered_there_is_no_empty_list() {
    let (home, vendor) = (Home::new(), Vendor::start());
    vendor.config(&home);
    vendor.suffers(status(500));
    for format in ["table", "json", "ndjson", "csv"] {
        let ran = home.run(["callers", "--config", "config.toml", "--format", format]);
        tells(&ran, REFUSED, &["500"]);
    }
}

#[test]
fn a_login_serves_all_queues_and_a_refused_one_is_told_once() {
    use holdline::sim::telecomx::{PASSWORD, USERNAME};
    let (home, vendor) = (Home::new(), Vendor::start());
    let configured = |password: &str| {
        let login = format!("username = \"{USERNAME}\"\npassword = \"{password}\"");
        home.file("config.toml", &with_login("north", &vendor.url(), &login));
    };
    let logins = || vendor.sim.requests()["POST /telecomx/auth/login"];
    configured(PASSWORD);
    let ran = home.run(["callers", "--config", "config.toml"]);
    assert!(QUEUES.iter().any(|queue| ran.fine().contains(queue)));
    assert_eq!(logins(), 1);
    configured("wrong");
    let ran = home.run(["callers", "--config", "config.toml"]);
    tells(
        &ran,
        REFUSED,
        &["the login failed", "check `username` and `password`"],
    );
    assert_eq!(logins(), 2, "a refused login is not tried once per queue");
    configured(PASSWORD);
    vendor.suffers(Rule::from(Fault::Hang).on("/auth/login"));
    tells(&ask_hurried(&home), NO_ANSWER, &["within 0.3 s"]);
}
