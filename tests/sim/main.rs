//! The simulator from outside: every route and every fault as bytes on a TCP
//! connection, read without any of our clients.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod contaqt;
mod ear;
mod enswitch;
mod faults;
mod telphin;
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
        self, Options, Sim, SimError,
        telecomx::{PASSWORD, QUEUE_IDS, TOKEN, USERNAME},
    },
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const START: &str = "2026-11-21T10:20:00Z";

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
