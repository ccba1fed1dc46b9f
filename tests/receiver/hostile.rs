//! Senders that stall, flood and exceed: each ends in a clear state, and an
//! honest one is served meanwhile (R13, R14).

use std::{
    io::Write,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use holdline::runtime::receive::limits::Limits;

use crate::{
    client::{JSON, Line, ask, post, ring, send},
    rig::{Rig, TEAM, limits, short, system_clock},
};

/// How many connections at once; for a release, 2000.
fn crowd() -> usize {
    let set = std::env::var("HOLDLINE_CROWD").ok();
    set.map_or(200, |n| n.parse().unwrap())
}

/// An honest sender's events while others are not; fails if they are slow.
#[track_caller]
fn is_served(address: SocketAddr, name: &str) {
    let mut took: Vec<Duration> = (0..40)
        .map(|n| {
            let began = Instant::now();
            let answer = send(address, post(TEAM, JSON, ring(&format!("{name}-{n}"))));
            assert_eq!(answer.status, 200, "{answer:?}");
            began.elapsed()
        })
        .collect();
    took.sort();
    assert!(took[38] < Duration::from_secs(2), "{:?}", &took[30..]);
}

#[test]
fn who_stalls_is_closed_and_others_are_served() {
    let rig = Rig::with(short(), system_clock());
    let says: [&[u8]; 5] = [
        b"",
        b"P",
        b"POST /hooks/team/x HTTP/1.1\r\nhost: h\r\nx-slow",
        b"POST /hooks/team/x HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ];
    let mut stalled: Vec<Line> = says
        .iter()
        .map(|said| {
            let mut line = Line::to(rig.address);
            line.say(said);
            line
        })
        .collect();
    // One that rests after a request is closed too, later.
    let mut rests = Line::to(rig.address);
    rests.say(post(TEAM, JSON, ring("rests")));
    assert_eq!(rests.answer().unwrap().status, 200);
    is_served(rig.address, "stalls");
    for line in &mut stalled {
        assert!(line.is_closed(), "held for ever");
    }
    assert!(rests.is_closed());
}

#[test]
fn who_rested_and_stalls_within_the_next_head_has_no_longer_than_others() {
    let limits = Limits {
        head: Duration::from_millis(300),
        idle: Duration::from_hours(1),
        ..limits()
    };
    let rig = Rig::with(limits, system_clock());
    let mut line = Line::to(rig.address);
    line.say(post(TEAM, JSON, ring("a")));
    assert_eq!(line.answer().unwrap().status, 200);
    assert!(line.is_silent(Duration::from_millis(600)), "it may rest");
    line.say("POST /hooks/team/x HTTP/1.1\r\n");
    assert!(line.is_closed(), "held as long as it may rest");
}

#[test]
fn control_one_that_closes_nobody_is_found_out() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut line = Line::to(address);
    let (_kept, _) = listener.accept().unwrap();
    line.say("POST");
    line.stream
        .set_read_timeout(Some(Duration::from_millis(900)))
        .unwrap();
    assert!(!line.is_closed(), "the driver takes silence for an end");
}

#[test]
fn a_drop_of_body_now_and_then_does_not_hold_it() {
    let rig = Rig::with(short(), system_clock());
    let head = format!("POST {TEAM} HTTP/1.1\r\nhost: h\r\n{JSON}content-length: 5000\r\n\r\n");
    let mut line = Line::to(rig.address);
    line.say(head);
    // A byte whenever nothing has come for a moment: never idle, never done.
    let mut drops = 0;
    while line.is_silent(Duration::from_millis(20)) {
        line.say("x");
        drops += 1;
        assert!(drops < 1_000, "held for ever");
    }
    assert_eq!(line.answer().unwrap().status, 408);
    is_served(rig.address, "drips");
    assert!(rig.metrics().contains("reason=\"too_slow\"} 1"));
}

#[test]
fn who_breaks_off_within_the_body_leaves_no_event() {
    let rig = Rig::start();
    for length in [10, 60] {
        let mut line = Line::to(rig.address);
        let body = ring("cut");
        let request = post(TEAM, JSON, &body);
        line.say(&request[..request.len() - body.len() + length]);
        drop(line);
    }
    is_served(rig.address, "after");
    assert!(!rig.legs().contains(&"cut".to_owned()));
}

#[test]
fn who_reads_no_answers_is_closed() {
    let rig = Rig::with(short(), system_clock());
    let mut line = Line::to(rig.address);
    let many = ask("GET", "/hooks/team/guess", "").repeat(1_000);
    let began = Instant::now();
    // Until the other side has closed; a block is met by the write's timeout.
    while line.stream.write_all(&many).is_ok() {}
    assert!(began.elapsed() < crate::program::PATIENCE, "held for ever");
    is_served(rig.address, "reads");
}

#[test]
fn a_crowd_that_says_nothing_makes_room_for_who_does() {
    let limits = Limits {
        connections: crowd().min(512 * 4) / 4,
        ..limits()
    };
    let rig = Rig::with(limits, system_clock());
    let mut crowd: Vec<Line> = (0..crowd())
        .filter_map(|n| {
            let mut line = Line::try_to(rig.address).ok()?;
            line.say(if n % 2 == 0 { "" } else { "POST /hooks" });
            Some(line)
        })
        .collect();
    is_served(rig.address, "crowd");
    assert!(crowd[0].is_closed(), "the first had to go");
    assert!(!rig.metrics().contains("crowded_out_total 0\n"));
}

#[test]
fn many_who_do_speak_at_once_are_all_answered() {
    let rig = Rig::start();
    let address = rig.address;
    let senders: Vec<_> = (0..crowd().min(500))
        .map(|n| {
            thread::spawn(move || send(address, post(TEAM, JSON, ring(&n.to_string()))).status)
        })
        .collect();
    let answers: Vec<u16> = senders.into_iter().map(|s| s.join().unwrap()).collect();
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(rig.legs().len(), answers.len());
}

#[test]
fn a_body_of_256_mb_is_refused_before_it_is_read() {
    const LONG: usize = 256 << 20;
    let rig = Rig::start();
    let announced = format!("{JSON}content-length: {LONG}\r\n");
    let chunked = format!("{JSON}transfer-encoding: chunked\r\n");
    let address = rig.address;
    let senders: Vec<_> = [announced, chunked]
        .into_iter()
        .map(|headers| {
            thread::spawn(move || {
                let mut line = Line::to(address);
                line.say(format!("POST {TEAM} HTTP/1.1\r\nhost: h\r\n{headers}\r\n"));
                let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
                let sent = (0..LONG / piece.len())
                    .take_while(|_| line.say(&piece))
                    .count();
                (sent * piece.len(), line.answer().map(|a| a.status))
            })
        })
        .collect();
    is_served(rig.address, "large");
    for sender in senders {
        let (sent, answer) = sender.join().unwrap();
        assert!(sent < LONG / 4, "{sent} bytes were taken");
        // The answer may be lost where the sender does not listen.
        assert!(matches!(answer, Some(413) | None), "{answer:?}");
    }
    let small = format!(
        "{}{}",
        ring("fits"),
        " ".repeat(65_536 - ring("fits").len())
    );
    assert_eq!(send(rig.address, post(TEAM, JSON, &small)).status, 200);
    assert_eq!(send(rig.address, post(TEAM, JSON, small + " ")).status, 413);
}

#[test]
fn heads_without_end_are_refused() {
    let rig = Rig::start();
    let headers = (0..10_000).fold(String::new(), |all, n| all + &format!("x-{n}: y\r\n"));
    let long_line = format!("x-long: {}\r\n", "y".repeat(1 << 20));
    for headers in [headers, long_line] {
        let mut line = Line::to(rig.address);
        line.say(post(TEAM, &headers, "x"));
        let answer = line.answer().map(|answer| answer.status);
        assert!(matches!(answer, Some(431 | 400) | None), "{answer:?}");
        is_served(rig.address, "heads");
    }
    let mut line = Line::to(rig.address);
    line.say(ask("GET", &format!("{TEAM}?x={}", "y".repeat(1 << 20)), ""));
    let answer = line.answer().map(|answer| answer.status);
    assert!(matches!(answer, Some(414 | 431 | 400) | None), "{answer:?}");
    is_served(rig.address, "long");
}

#[test]
fn depth_and_nonsense_end_in_an_answer() {
    let rig = Rig::start();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", r#"{"data":"#.repeat(5_000), "}".repeat(5_000));
    let bodies: [&[u8]; 9] = [
        deep.as_bytes(),
        objects.as_bytes(),
        b"{\"event\":",
        b"\xff\xfe\x00",
        b"null",
        b"[[[]]]",
        b"{\"event\":1e400}",
        b"\"text\"",
        b"",
    ];
    for body in bodies {
        let answer = send(rig.address, post(TEAM, JSON, body));
        let shown = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
        assert!(
            matches!(answer.status, 200 | 400 | 415),
            "{shown}: {answer:?}"
        );
    }
    is_served(rig.address, "depth");
}
