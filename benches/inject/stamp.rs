//! A server that stamps every request as it comes, to hold injectors to what
//! they say. It can stall: for a while nothing is answered. Run by
//! `benches/speed P21 P23 R23`, which asks it `/reset?rate=N&stall_after_ms=A&
//! stall_ms=S` before a run and `/stamps` after it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// What was stamped since the last reset.
#[derive(Default)]
struct Stamps {
    /// When each came, and when it was answered.
    requests: Vec<(Instant, Option<Instant>)>,
    /// When the last came, by the clock on the wall: seconds.
    last: f64,
    settings: BTreeMap<String, f64>,
    /// How many resets there were: an answer that comes later counts no more.
    age: u64,
}

type Shared = Arc<Mutex<Stamps>>;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let stamps = Shared::default();
    for stream in listener.incoming() {
        let (stream, stamps) = (stream?, stamps.clone());
        let one = thread::Builder::new().stack_size(64 * 1024);
        one.spawn(move || serve(stream, &stamps))?;
    }
    Ok(())
}

/// One connection, request after request.
fn serve(stream: TcpStream, stamps: &Shared) {
    let _ = stream.set_nodelay(true);
    let Ok(mut to) = stream.try_clone() else {
        return;
    };
    let mut from = BufReader::new(stream);
    while let Some(path) = request(&mut from) {
        let body = match path.split_once('?') {
            Some(("/reset", query)) => reset(stamps, query),
            _ if path == "/stamps" => report(&lock(stamps)),
            _ => stamp(stamps),
        };
        let (body, done) = body;
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if to.write_all(answer.as_bytes()).is_err() {
            return;
        }
        if let Some((place, age)) = done {
            let mut stamps = lock(stamps);
            if stamps.age == age {
                stamps.requests[place].1 = Some(Instant::now());
            }
        }
    }
}

/// What is answered, and which stamp it ends.
type Reply = (String, Option<(usize, u64)>);

/// Reads a request with its body; its path.
fn request(from: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    from.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        from.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    std::io::copy(&mut from.take(length), &mut std::io::sink()).ok()?;
    Some(path)
}

fn stamp(stamps: &Shared) -> Reply {
    let now = Instant::now();
    let wall = SystemTime::now().duration_since(UNIX_EPOCH);
    let (place, age, wait) = {
        let mut stamps = lock(stamps);
        stamps.requests.push((now, None));
        stamps.last = wall.map_or(0.0, |wall| wall.as_secs_f64());
        let first = stamps.requests[0].0;
        let setting = |name| stamps.settings.get(name).copied().unwrap_or(0.0);
        let begins = first + Duration::from_secs_f64(setting("stall_after_ms") / 1_000.0);
        let ends = begins + Duration::from_secs_f64(setting("stall_ms") / 1_000.0);
        let is_stalled = now >= begins && now < ends;
        let wait = is_stalled.then(|| ends - now);
        (stamps.requests.len() - 1, stamps.age, wait)
    };
    if let Some(wait) = wait {
        thread::sleep(wait);
    }
    (String::new(), Some((place, age)))
}

fn reset(stamps: &Shared, query: &str) -> Reply {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let settings = pairs.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
    let mut stamps = lock(stamps);
    *stamps = Stamps {
        settings: settings.collect(),
        age: stamps.age + 1,
        ..Stamps::default()
    };
    (String::new(), None)
}

/// How many came, how fast, when the last did; and how long the answers truly
/// took, each from when it was due at the rate that was set.
#[expect(clippy::cast_precision_loss, reason = "far from 2^52 requests")]
fn report(stamps: &Stamps) -> Reply {
    let rate = stamps.settings.get("rate").copied().unwrap_or(1.0);
    let mut requests = stamps.requests.clone();
    requests.sort();
    let span = match requests.as_slice() {
        [(first, _), .., (last, _)] => (*last - *first).as_secs_f64(),
        _ => 0.0,
    };
    let mut times: Vec<f64> = (0..)
        .zip(&requests)
        .filter_map(|(number, (_, ended)): (u32, _)| {
            let due = requests[0].0 + Duration::from_secs_f64(f64::from(number) / rate);
            let took = (*ended)?.saturating_duration_since(due);
            Some(took.as_secs_f64() * 1_000.0)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let percentile = times.get((times.len() * 99).div_ceil(100).saturating_sub(1));
    let body = format!(
        "{{\"count\":{},\"answered\":{},\"rate\":{},\"p99_ms\":{},\"last\":{}}}",
        requests.len(),
        times.len(),
        (requests.len().saturating_sub(1)) as f64 / span.max(1e-9),
        percentile.copied().unwrap_or(0.0),
        stamps.last
    );
    (body, None)
}

fn lock(stamps: &Shared) -> std::sync::MutexGuard<'_, Stamps> {
    stamps
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
