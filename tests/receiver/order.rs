//! No 2xx leaves before the commit that covers it (R3), and none at all where
//! there is no commit.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener},
    path::Path,
    thread,
    time::Duration,
};

use holdline::runtime::receive::limits::Limits;

use crate::{
    client::{JSON, Line, ask, post, ring, send},
    rig::{Rig, TEAM, limits, lock, system_clock},
};

/// Far longer than an answer takes that waits for nothing.
const A_WHILE: Duration = Duration::from_millis(400);

/// Sends while nothing can be committed; whether any was answered all the
/// same, then the answers that came once it could.
fn answered_too_early(address: SocketAddr, folder: &Path) -> (bool, Vec<Option<u16>>) {
    let held = lock(folder);
    let mut lines: Vec<Line> = (0..8).map(|_| Line::to(address)).collect();
    for (number, line) in lines.iter_mut().enumerate() {
        line.say(post(TEAM, JSON, ring(&format!("held-{number}"))));
    }
    let early = !lines[0].is_silent(A_WHILE)
        || !lines
            .iter_mut()
            .all(|line| line.is_silent(Duration::from_millis(1)));
    drop(held);
    let answers = lines
        .iter_mut()
        .map(|line| line.answer().map(|answer| answer.status))
        .collect();
    (early, answers)
}

#[test]
fn no_answer_leaves_before_the_commit_that_covers_it() {
    let rig = Rig::start();
    let (early, answers) = answered_too_early(rig.address, rig.folder.path());
    assert!(!early, "acknowledged before it was stored");
    assert_eq!(answers, [Some(200); 8]);
    assert_eq!(rig.legs().len(), 8);
}

#[test]
fn control_one_that_answers_first_is_found_out() {
    let rig = Rig::start();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let mut some = [0; 4096];
                if stream.read(&mut some).is_ok_and(|n| n > 0) {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                }
            });
        }
    });
    let (early, _) = answered_too_early(address, rig.folder.path());
    assert!(early, "the driver finds nothing");
}

#[test]
fn who_has_said_all_may_close_that_side_and_is_answered() {
    let rig = Rig::start();
    let held = lock(rig.folder.path());
    let mut line = Line::to(rig.address);
    line.say(post(TEAM, JSON, ring("half-closed")));
    line.stream.shutdown(Shutdown::Write).unwrap();
    assert!(line.is_silent(A_WHILE), "let go of before it was stored");
    drop(held);
    assert_eq!(line.answer().map(|answer| answer.status), Some(200));
    assert!(line.is_closed());
    assert_eq!(rig.heard(0).accepted, 1);
}

#[test]
fn what_cannot_be_stored_in_time_is_told_and_healed_by_itself() {
    let limits = Limits {
        store: Duration::from_millis(200),
        ..limits()
    };
    let rig = Rig::with(limits, system_clock());
    let held = lock(rig.folder.path());
    for n in 0..3 {
        let answer = send(rig.address, post(TEAM, JSON, ring(&format!("late-{n}"))));
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.head.contains("retry-after: "), "{answer:?}");
    }
    assert_eq!(rig.heard(0).accepted, 0);
    let trouble = rig.health(0).trouble.unwrap();
    assert_eq!(trouble.fault.word(), "cannot store");
    assert_eq!(send(rig.address, ask("GET", "/healthz", "")).status, 503);
    drop(held);
    // What was missed meanwhile is on record, and all is well again.
    let gap = |entry: &holdline::domain::entry::Entry| {
        matches!(entry.what, holdline::domain::entry::What::Gap { .. })
    };
    rig.finds(gap);
    let answer = send(rig.address, post(TEAM, JSON, ring("after")));
    assert_eq!(answer.status, 200);
    assert_eq!(send(rig.address, ask("GET", "/healthz", "")).status, 200);
    assert!(rig.legs().contains(&"after".to_owned()));
}

#[test]
fn a_whole_list_is_stored_or_none_of_it_and_in_its_order() {
    let rig = Rig::start();
    let legs: Vec<String> = (0..100).map(|n| format!("leg-{n}")).collect();
    let list: Vec<String> = legs.iter().map(|leg| ring(leg)).collect();
    let answer = send(
        rig.address,
        post(TEAM, JSON, format!("[{}]", list.join(","))),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(rig.legs(), legs);
}
