//! The simulator from outside: every route and every fault as bytes on a TCP
//! connection, read without any of our clients.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "sim/contaqt.rs"]
mod contaqt;
#[path = "sim/ear.rs"]
mod ear;
#[path = "sim/enswitch.rs"]
mod enswitch;
#[path = "sim/telphin.rs"]
mod telphin;
#[path = "sim/while1.rs"]
mod while1;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use holdline::{
    config::Config,
    domain::{
        site::Vendor,
        time::{At, Clock},
    },
    sim::{
        self, Fault, Options, RetryAfter, Rule, Sim, SimError,
        telecomx::{PASSWORD, QUEUE_IDS, TOKEN, USERNAME},
    },
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

const START: &str = "2026-11-21T10:20:00Z";
/// Longer than any wait of the simulator's; over at once, time being paused.
const LONG: Duration = Duration::from_hours(1);

/// A clock that stands until it is moved.
#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Hands {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(At::parse(START).unwrap().0)))
    }

    fn turn(&self, d: Duration) {
        let ms = i64::try_from(d.as_millis()).unwrap();
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let at = Arc::clone(&self.0);
        Arc::new(move || At(at.load(Ordering::SeqCst)))
    }
}

async fn simulator() -> (Sim, Hands) {
    let hands = Hands::new();
    let sim = sim::start(Options::new(hands.clock())).await.unwrap();
    (sim, hands)
}

/// What came back: the head, and the body as it came.
#[derive(Debug, PartialEq)]
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

fn address(sim: &Sim) -> SocketAddr {
    sim.url().strip_prefix("http://").unwrap().parse().unwrap()
}

async fn sent(sim: &Sim, method: &str, path: &str, token: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address(sim)).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Everything until the other side closes.
async fn bytes(mut stream: TcpStream) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.map(|_| all)
}

async fn ask(sim: &Sim, method: &str, path: &str, token: &str, body: &str) -> Answer {
    answer(sent(sim, method, path, token, body).await).await
}

/// What comes until the other side closes, taken apart.
async fn answer(stream: TcpStream) -> Answer {
    let all = bytes(stream).await.unwrap();
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    Answer {
        head: String::from_utf8(all[..end].to_vec()).unwrap(),
        body: all[end + 4..].to_vec(),
    }
}

fn callers() -> String {
    format!("/telecomx/pbx/queue/{}/callers", QUEUE_IDS[0])
}

async fn list(sim: &Sim) -> Answer {
    ask(sim, "GET", &callers(), TOKEN, "").await
}

/// The list while one fault is in force, for that one request.
async fn with(sim: &Sim, fault: Fault) -> Answer {
    sim.faults().set(Rule::from(fault).times(1));
    list(sim).await
}

#[tokio::test]
async fn the_list_is_served_dated_by_the_simulators_clock() {
    let (sim, hands) = simulator().await;
    let first = list(&sim).await;
    assert_eq!(first.status(), 200);
    assert_eq!(first.header("date"), Some("Sat, 21 Nov 2026 10:20:00 GMT"));
    assert_eq!(
        first.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert!(!first.json().as_array().unwrap().is_empty());
    assert_eq!(list(&sim).await, first);

    hands.turn(Duration::from_mins(15));
    let later = list(&sim).await;
    assert_eq!(later.header("date"), Some("Sat, 21 Nov 2026 10:35:00 GMT"));
    assert_ne!(later.body, first.body);
}

#[tokio::test]
async fn a_faster_clock_brings_later_callers() {
    let hands = Hands::new();
    let mut options = Options::new(hands.clock());
    options.speed = 60.0;
    let sim = sim::start(options).await.unwrap();
    hands.turn(Duration::from_secs(10));
    let answer = list(&sim).await;
    assert_eq!(answer.header("date"), Some("Sat, 21 Nov 2026 10:30:00 GMT"));
    assert_eq!(sim.clock()(), At::parse("2026-11-21T10:30:00Z").unwrap());
}

#[tokio::test]
async fn a_clock_that_leaps_gets_a_new_day_at_once() {
    let (sim, hands) = simulator().await;
    list(&sim).await;
    hands.turn(Duration::from_hours(10 * 365 * 24));
    let answer = list(&sim).await;
    assert_eq!(answer.header("date"), Some("Tue, 18 Nov 2036 10:20:00 GMT"));
    let rows = answer.json();
    let entered = rows[0]["entered"].as_str().unwrap();
    assert!(entered.starts_with("2036-11-18T10:"), "{entered}");
}

#[tokio::test]
async fn a_login_token_works_until_it_expires() {
    let (sim, hands) = simulator().await;
    let login = json!({"username": USERNAME, "password": PASSWORD}).to_string();
    let given = ask(&sim, "POST", "/telecomx/auth/login", "", &login).await;
    let given = given.json();
    let token = given["token"].as_str().unwrap();
    assert_eq!(ask(&sim, "GET", &callers(), token, "").await.status(), 200);
    hands.turn(Duration::from_mins(15));
    let refused = ask(&sim, "GET", &callers(), token, "").await;
    assert_eq!(refused.status(), 401);
    assert_eq!(
        refused.json(),
        json!({"error": {
            "message": "Session has expired, please login",
            "code": "expired",
            "status": 401
        }})
    );
}

#[tokio::test]
async fn an_error_status_speaks_the_vendors_words_or_the_proxys() {
    let (sim, _) = simulator().await;
    let status = |code| Fault::Status {
        code,
        retry_after: None,
    };
    for (code, word) in [
        (401, "invalid_token"),
        (403, "access_denied"),
        (404, "id"),
        (500, "internal_error"),
    ] {
        let answer = with(&sim, status(code)).await;
        assert_eq!(answer.status(), code);
        assert_eq!(answer.json()["error"]["code"], word);
    }
    for code in [429, 502, 503] {
        let answer = with(&sim, status(code)).await;
        assert_eq!(answer.status(), code);
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert!(answer.body.starts_with(b"<html>"));
        assert_eq!(answer.header("retry-after"), None);
        assert!(answer.header("date").is_some());
    }
}

#[tokio::test]
async fn a_limit_says_when_to_come_again_in_seconds_or_as_a_date() {
    let (sim, _) = simulator().await;
    let limit = |retry_after| Fault::Status {
        code: 429,
        retry_after: Some(retry_after),
    };
    let answer = with(&sim, limit(RetryAfter::Seconds(7))).await;
    assert_eq!(answer.header("retry-after"), Some("7"));
    let answer = with(&sim, limit(RetryAfter::DateIn(90))).await;
    assert_eq!(
        answer.header("retry-after"),
        Some("Sat, 21 Nov 2026 10:21:30 GMT")
    );
}

#[tokio::test]
async fn bodies_that_are_no_list() {
    let (sim, _) = simulator().await;
    let not_json = with(&sim, Fault::NotJson).await;
    assert_eq!(not_json.status(), 200);
    assert!(serde_json::from_slice::<Value>(&not_json.body).is_err());
    assert!(with(&sim, Fault::WrongShape).await.body.starts_with(b"{"));
    let html = with(&sim, Fault::Html).await;
    assert_eq!(html.status(), 200);
    assert!(
        html.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    let empty = with(&sim, Fault::Empty).await;
    assert_eq!((empty.status(), empty.body.len()), (200, 0));
    let wanted = Fault::Answer {
        status: 418,
        content_type: "text/plain".into(),
        body: "teapot".into(),
    };
    let teapot = with(&sim, wanted).await;
    assert_eq!((teapot.status(), &teapot.body[..]), (418, &b"teapot"[..]));
    assert_eq!(list(&sim).await.status(), 200);
}

#[tokio::test]
async fn a_redirect_leads_elsewhere() {
    let (sim, _) = simulator().await;
    let to = "http://127.0.0.2:9/".to_owned();
    let answer = with(&sim, Fault::Redirect { to: to.clone() }).await;
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.header("location"), Some(to.as_str()));
}

#[tokio::test]
async fn a_cut_off_answer_promises_more_than_comes() {
    let (sim, _) = simulator().await;
    let whole = list(&sim).await;
    let cut = with(&sim, Fault::CutOff).await;
    let promised: usize = cut.header("content-length").unwrap().parse().unwrap();
    assert_eq!(promised, whole.body.len());
    assert_eq!(cut.body, whole.body[..promised / 2]);
    assert_eq!(cut.header("date"), whole.header("date"));
}

#[tokio::test]
async fn connections_break_without_an_answer() {
    let (sim, _) = simulator().await;
    sim.faults().set(Rule::from(Fault::Close).times(1));
    sim.faults().set(Rule::from(Fault::Reset).times(1));
    sim.faults().set(Rule::from(Fault::Garbage).times(1));
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(bytes(sent(&sim, "GET", &callers(), TOKEN, "").await).await);
    }
    assert_eq!(heard[0].as_ref().unwrap(), b"");
    let reset = heard[1].as_ref().unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
    let garbage = heard[2].as_ref().unwrap();
    assert!(!garbage.is_empty() && !garbage.starts_with(b"HTTP"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_hangs_never_comes() {
    let (sim, _) = simulator().await;
    sim.faults().set(Fault::Hang);
    let mut stream = sent(&sim, "GET", &callers(), TOKEN, "").await;
    let heard = timeout(LONG, stream.read_u8()).await;
    assert!(heard.is_err(), "{heard:?}");
    assert_eq!(sim.requests()[&format!("GET {}", callers())], 1);
}

#[tokio::test(start_paused = true)]
async fn latency_delays_and_a_trickle_drips() {
    let (sim, _) = simulator().await;
    let whole = list(&sim).await;
    let asked = Instant::now();
    with(&sim, Fault::Latency { ms: 750 }).await;
    assert!(asked.elapsed() >= Duration::from_millis(750));

    let asked = Instant::now();
    let slow = with(&sim, Fault::Trickle { every_ms: 1_000 }).await;
    let pieces = u64::try_from(whole.body.len().div_ceil(4)).unwrap();
    assert!(asked.elapsed() >= Duration::from_secs(pieces));
    assert_eq!(slow.body, whole.body);
}

#[tokio::test]
async fn lists_can_be_huge_or_ambiguous() {
    let (sim, _) = simulator().await;
    let huge = with(&sim, Fault::Huge { rows: 20_000 }).await;
    assert_eq!(huge.json().as_array().unwrap().len(), 20_000);
    let real = list(&sim).await.json();
    let twice = with(&sim, Fault::DuplicateIds).await.json();
    let real = real.as_array().unwrap().len();
    assert_eq!(twice.as_array().unwrap().len(), 2 * real);
}

#[tokio::test]
async fn a_skewed_clock_moves_the_date_and_every_timestamp() {
    let (sim, _) = simulator().await;
    let straight = list(&sim).await;
    let skewed = with(&sim, Fault::Skew { seconds: -90 }).await;
    assert_eq!(skewed.header("date"), Some("Sat, 21 Nov 2026 10:18:30 GMT"));
    let entered = |answer: &Answer| -> Vec<At> {
        let rows = answer.json();
        let rows = rows.as_array().unwrap();
        rows.iter()
            .map(|row| At::parse(row["entered"].as_str().unwrap()).unwrap())
            .collect()
    };
    let moved: Vec<At> = entered(&straight)
        .into_iter()
        .map(|at| at.shift(-90_000))
        .collect();
    assert_eq!(entered(&skewed), moved);
}

#[tokio::test]
async fn a_bomb_is_small_on_the_wire() {
    let (sim, _) = simulator().await;
    let bomb = with(&sim, Fault::GzipBomb { mib: 64 }).await;
    assert_eq!(bomb.header("content-encoding"), Some("gzip"));
    assert!(bomb.body.starts_with(&[0x1f, 0x8b]));
    assert!(bomb.body.len() < 128 * 1_024);
}

#[tokio::test]
async fn faults_are_set_and_ended_over_http_and_requests_are_counted() {
    let (sim, _) = simulator().await;
    let rule = json!({
        "fault": {"kind": "status", "code": 503, "retry_after": {"seconds": 3}},
        "vendor": "telecomx",
        "path": QUEUE_IDS[0],
    })
    .to_string();
    let set = ask(&sim, "POST", "/_sim/faults", "", &rule).await;
    assert_eq!(set.status(), 204);
    for _ in 0..2 {
        let answer = list(&sim).await;
        assert_eq!(
            (answer.status(), answer.header("retry-after")),
            (503, Some("3"))
        );
    }
    let other = callers().replace(QUEUE_IDS[0], QUEUE_IDS[1]);
    assert_eq!(ask(&sim, "GET", &other, TOKEN, "").await.status(), 200);

    let ended = ask(&sim, "DELETE", "/_sim/faults", "", "").await;
    assert_eq!(ended.status(), 204);
    assert_eq!(list(&sim).await.status(), 200);

    let counted = ask(&sim, "GET", "/_sim/requests", "", "").await.json();
    let mut expected = json!({});
    expected[format!("GET {}", callers())] = json!(3);
    expected[format!("GET {other}")] = json!(1);
    assert_eq!(counted, expected);

    let wrong = ask(&sim, "POST", "/_sim/faults", "", r#"{"fault":"x"}"#).await;
    assert_eq!(wrong.status(), 400);
    let lost = ask(&sim, "GET", "/nobody/here", "", "").await;
    assert_eq!(lost.status(), 404);
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let (sim, _) = simulator().await;
    let mut stream = TcpStream::connect(address(&sim)).await.unwrap();
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\n",
        callers()
    );
    let both = format!("{request}\r\n{request}connection: close\r\n\r\n");
    stream.write_all(both.as_bytes()).await.unwrap();
    let text = String::from_utf8(bytes(stream).await.unwrap()).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2);
}

#[tokio::test]
async fn it_listens_on_loopback_only_and_says_what_is_wrong() {
    let (sim, hands) = simulator().await;
    let with = async |change: fn(&mut Options, SocketAddr)| -> SimError {
        let mut options = Options::new(hands.clock());
        change(&mut options, address(&sim));
        sim::start(options).await.err().unwrap()
    };
    let outside = with(|options, _| options.listen = "0.0.0.0:0".parse().unwrap()).await;
    assert_eq!(
        outside.to_string(),
        "the simulator listens on this machine only, not on 0.0.0.0:0: \
         give 127.0.0.1 or [::1] with a port"
    );
    let taken = with(|options, taken| options.listen = taken).await;
    assert!(matches!(taken, SimError::Listen { .. }), "{taken}");
    assert!(taken.to_string().contains("give another port"));
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut options = Options::new(hands.clock());
        options.speed = speed;
        let refused = sim::start(options).await.err().unwrap();
        assert!(matches!(refused, SimError::Speed(_)), "{refused}");
    }
}

#[tokio::test]
async fn when_it_has_stopped_nothing_listens() {
    let (sim, _) = simulator().await;
    let address = address(&sim);
    sim.stop().await;
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn the_configuration_names_the_site_and_its_queues() {
    let (sim, _) = simulator().await;
    let sites = sim.sites();
    assert_eq!(
        sites[Vendor::TelecomX.name()],
        format!("{}/telecomx", sim.url())
    );
    let text = sim.config_toml(Path::new("/var/lib/journal"), Duration::from_secs(2));
    let read: toml::Table = text.parse().unwrap();
    let site = &read["site"][0];
    assert_eq!(site["url"].as_str(), Some(sites["telecomx"].as_str()));
    assert_eq!(site["poll"].as_str(), Some("2s"));
    let outbound = &read["site"][1];
    assert_eq!(outbound["name"].as_str(), Some("outbound"));
    assert_eq!(outbound["vendor"].as_str(), Some("while1"));
    assert_eq!(outbound["url"].as_str(), Some(sites["while1"].as_str()));
    assert_eq!(outbound["time_zone"].as_str(), Some("Europe/Copenhagen"));
    assert_eq!(outbound["country"].as_str(), Some("DK"));
    assert_eq!(outbound["key"].as_str(), Some(sim::while1::KEY));
    let ids: Vec<&str> = site["queues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|queue| queue["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, QUEUE_IDS);
}

#[tokio::test]
async fn our_own_reader_takes_the_configuration_without_a_warning() {
    let (sim, _) = simulator().await;
    for poll in [Duration::from_secs(2), Duration::from_millis(1_500)] {
        let text = sim.config_toml(Path::new("/var/lib/journal"), poll);
        let config = Config::parse(&text, Path::new("/"), &|_| None).unwrap();
        assert_eq!(config.warnings, Vec::<String>::new());
        let sites = config.domain_sites();
        let names: Vec<&str> = sites.iter().map(|site| site.name.as_str()).collect();
        assert_eq!(names, ["support", "outbound", "sales", "phones"]);
        let queues: Vec<&str> = sites[0].queues.iter().map(|q| q.name.as_str()).collect();
        assert_eq!(queues, ["support", "sales", "billing"]);
        assert_eq!(sites[1].vendor, Vendor::While1);
    }
}
