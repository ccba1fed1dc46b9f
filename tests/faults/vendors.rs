//! Vendors that fail in every way (R11, R20): whatever comes back, a client
//! ends within its deadline with a sentence, asks nobody else, and never does
//! twice what changes something.

mod kinds;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use holdline::domain::{
    fault::{Fault, FaultKind},
    text,
};
use tokio::{net::TcpListener, time::Instant};

use crate::{
    clients::{AT_MOST, CANARY, Outcome, QUESTIONS, Question, counts, otherwise},
    server::{Reply, Stub, gzip, json, reply},
    sizes::{ran, seed, size},
};
use kinds::{KINDS, Kind, May};

/// Runs with a clock of its own, which a hanging server makes jump.
fn alone<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

/// Puts a question to a vendor that answers it so and all else well; the
/// requests it got.
fn asked(
    question: &'static Question,
    answer: impl Fn() -> Reply + Send + Sync + 'static,
) -> (Outcome, Vec<String>) {
    alone(async {
        let stub = Stub::serve(move |request| {
            if question.is_asked_by(request) {
                answer()
            } else {
                Reply::Bytes(otherwise(request))
            }
        })
        .await;
        let began = Instant::now();
        let outcome = (question.ask)(&stub.url).await;
        assert!(
            began.elapsed() <= AT_MOST,
            "{}: it took {:?}",
            question.name,
            began.elapsed()
        );
        (outcome, stub.asked())
    })
}

/// What is wrong with how a fault is told.
fn badly_told(fault: &Fault) -> Option<String> {
    let told = fault.to_string();
    let raw = ["Error {", "Err(", "Some(", "panicked", "kind:"];
    if fault.what.is_empty() || fault.remedy.is_empty() {
        return Some(format!("half a sentence: {told}"));
    }
    if told.contains(CANARY) {
        return Some(format!("a secret: {told}"));
    }
    if told.chars().any(text::is_hostile) || raw.iter().any(|raw| told.contains(raw)) {
        return Some(format!("not fit to be shown: {told}"));
    }
    None
}

/// What is wrong with an outcome, after these requests.
fn wrong(question: &Question, outcome: &Outcome, requests: &[String], may: May) -> Option<String> {
    let (Outcome::Failed(fault) | Outcome::Unknown(fault)) = outcome else {
        return (may != May::Anything).then(|| "it was taken for good".to_owned());
    };
    let times = counts(requests)[question.name];
    // A 401 turns down who asks, before what is asked is looked at.
    let renewed = question.name.starts_with("telphin") && may == May::Anything;
    if question.acts && times > 1 && !renewed {
        return Some(format!("done {times} times"));
    }
    // A login may be renewed once; nothing else is asked again.
    if times > 2 || (times > 1 && may != May::Anything) {
        return Some(format!("asked {times} times"));
    }
    // A refusal is one; what cannot be read may have been a confirmation.
    let lost = matches!(may, May::Lost | May::Unreadable);
    if question.acts && lost && matches!(outcome, Outcome::Failed(_)) {
        return Some(format!(
            "it may have arrived, and is told as failed: {fault}"
        ));
    }
    if !may.allows(fault) {
        return Some(format!("{fault:?}"));
    }
    badly_told(fault)
}

#[test]
fn a_good_answer_is_good_for_every_client() {
    for question in QUESTIONS {
        let (outcome, requests) = asked(question, || Reply::Bytes(question.answer()));
        assert!(
            matches!(outcome, Outcome::Good),
            "{}: {outcome:?}",
            question.name
        );
        assert_eq!(counts(&requests)[question.name], 1, "{}", question.name);
    }
}

#[test]
fn every_kind_of_failure_of_every_question_is_told_and_no_worse() {
    let mut found = Vec::new();
    for question in QUESTIONS {
        for (name, answer, may) in KINDS {
            let (outcome, requests) = asked(question, || answer(question));
            let may = if excused(question, name) {
                May::Anything
            } else {
                *may
            };
            if let Some(what) = wrong(question, &outcome, &requests, may) {
                found.push(format!("{}, {name}: {what}", question.name));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    ran("R11 kinds", QUESTIONS.len() * KINDS.len());
}

/// What is no failure to this client, by its vendor's page.
fn excused(question: &Question, kind: &str) -> bool {
    match question.name {
        // Its codes stand in the body, whatever the status.
        "enswitch events" | "enswitch inject" => kind == "500 with rows",
        // Any JSON is shown.
        "telphin limits" => matches!(kind, "null" | "a text"),
        // The status says that it is done; nothing is to be read.
        "telphin unsubscribe" => {
            let on_the_way = ["not HTTP", "HTTP/9", "a status that is none", "a bomb"];
            let is_lost = |(name, _, may): &Kind| *name == kind && *may == May::Unreadable;
            kind == "two lengths" || !on_the_way.contains(&kind) && KINDS.iter().any(is_lost)
        }
        "telphin subscribe" | "telphin call" => matches!(kind, "NaN inside" | "bad UTF-8"),
        _ => false,
    }
}

#[test]
fn an_answer_that_is_cut_at_any_byte_is_never_a_shorter_one() {
    let step = size("HOLDLINE_CUT_STEP", 9);
    let mut cases = 0;
    for question in QUESTIONS {
        let whole = question.answer();
        // Without a body, the head is the answer, whatever follows.
        for length in (1..whole.len()).rev().step_by(step) {
            let part = whole[..length].to_vec();
            let (outcome, requests) = asked(question, move || Reply::Bytes(part.clone()));
            let found = wrong(question, &outcome, &requests, May::Lost);
            assert_eq!(
                found,
                None,
                "{}, {length} of {} bytes",
                question.name,
                whole.len()
            );
            cases += 1;
        }
    }
    ran("R11 cuts", cases);
}

#[test]
fn values_of_other_types_are_read_or_told_and_never_a_panic() {
    let cases = size("HOLDLINE_TYPES", 30);
    let mut random = fastrand::Rng::with_seed(seed());
    for question in QUESTIONS.iter().filter(|q| !q.good.1.is_empty()) {
        for _ in 0..cases {
            let body = twisted(question.good.1, &mut random);
            let shown = body.clone();
            let (outcome, requests) = asked(question, move || Reply::Bytes(question.with(&body)));
            let found = wrong(question, &outcome, &requests, May::Anything);
            assert_eq!(found, None, "{}: {shown}", question.name);
        }
    }
    ran("R11 types", cases * QUESTIONS.len());
}

/// The same JSON with one value, or one name, that is another.
fn twisted(body: &str, random: &mut fastrand::Rng) -> String {
    const OTHERS: [&str; 16] = [
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "-1e400",
        "18446744073709551616",
        "0.1",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "[[]]",
        "\"\\ud800\"",
        "\"1e999\"",
        "\"9999-99-99 99:99:99\"",
    ];
    let ends: Vec<usize> = body
        .match_indices([',', '}', ']'])
        .map(|(at, _)| at)
        .collect();
    let end = ends[random.usize(..ends.len())];
    let start = body[..end].rfind([':', ',', '[', '{']).unwrap_or(0);
    let other = OTHERS[random.usize(..OTHERS.len())];
    if random.u8(..4) == 0 {
        // The member before it, twice.
        let member = &body[start..end];
        let twice = if member.starts_with(',') {
            member.to_owned()
        } else {
            format!(",\"id\":{other},\"id\":{other}")
        };
        return format!("{}{twice}{}", &body[..end], &body[end..]);
    }
    format!("{}{other}{}", &body[..=start], &body[end..])
}

#[test]
fn nobody_else_is_ever_asked_wherever_an_answer_points() {
    let mut cases = 0;
    for question in QUESTIONS {
        for status in ["301", "302", "303", "307", "308"] {
            let (outcome, there, requests) = alone(async {
                let there = Stub::always(question.answer()).await;
                let host = there.url.clone();
                let stub = Stub::serve(move |request| {
                    if !question.is_asked_by(request) {
                        return Reply::Bytes(otherwise(request));
                    }
                    let location = format!("location: {host}/x?token=tok-canary");
                    Reply::Bytes(reply(&format!("{status} Elsewhere"), &[&location], ""))
                })
                .await;
                let outcome = (question.ask)(&stub.url).await;
                (outcome, there.asked(), stub.asked())
            });
            assert_eq!(
                there, [""; 0],
                "{}: credentials crossed hosts",
                question.name
            );
            let found = wrong(question, &outcome, &requests, May::Redirected);
            assert_eq!(found, None, "{}, {status}", question.name);
            cases += 1;
        }
        for to in [
            "http://169.254.169.254/latest/meta-data",
            "http://[fe80::1]/",
            "file:///etc/passwd",
            "//127.0.0.2/",
            "\\\\host\\share",
            "javascript:alert(1)",
            "%00",
        ] {
            let location = format!("location: {to}");
            let answer = reply("302 Found", &[&location], "");
            let (outcome, requests) = asked(question, move || Reply::Bytes(answer.clone()));
            let found = wrong(question, &outcome, &requests, May::Redirected);
            assert_eq!(found, None, "{}, {to}", question.name);
            cases += 1;
        }
    }
    ran("R20", cases);
}

#[test]
fn without_a_connection_nothing_was_sent_and_the_reason_is_told() {
    let long = format!("http://{}.test:1", "x".repeat(64));
    let mut cases = 0;
    for question in QUESTIONS {
        let closed = alone(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            format!("http://{}", listener.local_addr().unwrap())
        });
        for (url, word) in [
            (closed.as_str(), "refused the connection"),
            (&long, "no address is known"),
        ] {
            let outcome = alone(async { (question.ask)(url).await });
            let Outcome::Failed(fault) = outcome else {
                panic!("{}: {outcome:?}", question.name);
            };
            assert_eq!(fault.kind, FaultKind::Unreachable, "{fault}");
            assert!(fault.what.contains(word), "{fault}");
            assert_eq!(badly_told(&fault), None);
            cases += 1;
        }
    }
    ran("R11 unreachable", cases);
}

/// A client as many are: it follows, asks again, has no deadline of its own
/// and takes what it can read.
fn plain_client(url: &str) -> Outcome {
    let agreed = |url: &str| -> Result<String, String> {
        let mut url = url.to_owned();
        for _ in 0..2 {
            let host = url
                .trim_start_matches("http://")
                .split('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            let mut stream = std::net::TcpStream::connect(&host).map_err(|e| e.to_string())?;
            let path = url.trim_start_matches("http://").trim_start_matches(&host);
            let request = format!(
                "GET {path}/callers HTTP/1.1\r\nhost: h\r\nauthorization: Bearer tok-canary\r\n\r\n"
            );
            std::io::Write::write_all(&mut stream, request.as_bytes())
                .map_err(|e| e.to_string())?;
            let mut all = Vec::new();
            let _ = std::io::Read::read_to_end(&mut stream, &mut all);
            let all = String::from_utf8_lossy(&all).into_owned();
            match all.split_once("location: ") {
                Some((_, rest)) => rest.lines().next().unwrap_or_default().clone_into(&mut url),
                None => return Ok(all),
            }
        }
        Err("in circles".to_owned())
    };
    match agreed(url) {
        Ok(all) if all.contains('[') => Outcome::Good,
        Ok(all) => Outcome::Failed(Fault::new(
            FaultKind::Malformed,
            format!("Err({all:?})"),
            "",
        )),
        Err(e) => Outcome::Failed(Fault::new(FaultKind::Unreachable, e, "")),
    }
}

#[test]
fn control_a_plain_client_is_found_wanting() {
    // It takes half an answer for a whole one, and takes its token elsewhere.
    let question = &QUESTIONS[0];
    let plain = |answer: Vec<u8>| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let there = runtime.block_on(Stub::always(question.answer()));
        let host = there.url.clone();
        let answer = String::from_utf8(answer)
            .unwrap()
            .replace("ELSEWHERE", &host)
            .into_bytes();
        let stub = runtime.block_on(Stub::always(answer));
        let url = stub.url.clone();
        let outcome = thread::spawn(move || plain_client(&url)).join().unwrap();
        (outcome, stub.asked(), there.asked())
    };
    let whole = question.answer();
    let (outcome, requests, _) = plain(whole[..whole.len() - 9].to_vec());
    assert!(wrong(question, &outcome, &requests, May::Lost).is_some());
    let (_, _, there) = plain(reply("302 Found", &["location: ELSEWHERE"], ""));
    assert!(there.iter().any(|request| request.contains(CANARY)));
    let (outcome, requests, _) = plain(reply("500 Oops", &[], ""));
    assert!(wrong(question, &outcome, &requests, May::Broken).is_some());
}

#[test]
fn control_a_change_that_is_sent_twice_is_found_out() {
    let question = QUESTIONS
        .iter()
        .find(|q| q.name == "enswitch inject")
        .unwrap();
    let times = Arc::new(AtomicUsize::new(0));
    let seen = times.clone();
    let (outcome, mut requests) = asked(question, move || {
        seen.fetch_add(1, Ordering::SeqCst);
        Reply::Reset
    });
    assert_eq!(wrong(question, &outcome, &requests, May::Lost), None);
    requests.push(requests[0].clone());
    assert!(wrong(question, &outcome, &requests, May::Lost).is_some());
    assert_eq!(times.load(Ordering::SeqCst), 1);
}
