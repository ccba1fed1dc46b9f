//! What is let in, what is turned away, and what becomes of it.

mod drawn;

use holdline::domain::entry::What;

use crate::{
    client::{FORM, JSON, Line, ask, post, ring, send},
    rig::{FENCED, NEW, OLD, PROD, Rig, TEAM},
};

#[test]
fn every_shape_of_an_event_is_stored_before_it_is_answered() {
    let rig = Rig::start();
    let form = "event=call:ring&id=form&call_id=c&ts=1767225600";
    let shapes = [
        post(TEAM, JSON, ring("json")),
        post(TEAM, JSON, format!("[{},{}]", ring("one"), ring("two"))),
        post(TEAM, FORM, form),
        ask(
            "GET",
            &format!("{TEAM}?event=call:ring&id=get&call_id=c&ts=1"),
            "",
        ),
        [
            format!("POST {TEAM} HTTP/1.1\r\nhost: h\r\n{JSON}transfer-encoding: chunked\r\n\r\n")
                .into_bytes(),
            chunked(&ring("chunked")),
        ]
        .concat(),
    ];
    let mut legs = Vec::new();
    for (shape, leg) in shapes.iter().zip([
        vec!["json"],
        vec!["one", "two"],
        vec!["form"],
        vec!["get"],
        vec!["chunked"],
    ]) {
        let answer = send(rig.address, shape);
        assert_eq!(answer.status, 200, "{leg:?}: {answer:?}");
        legs.extend(leg.iter().map(|leg| (*leg).to_owned()));
        assert_eq!(rig.legs(), legs, "answered before it was stored");
    }
    assert_eq!(rig.heard(0).accepted, 6);
    assert!(rig.health(0).last_ok.is_some());
}

/// A body in chunks of a few bytes.
fn chunked(body: &str) -> Vec<u8> {
    let mut all = Vec::new();
    for piece in body.as_bytes().chunks(7) {
        all.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        all.extend_from_slice(piece);
        all.extend_from_slice(b"\r\n");
    }
    all.extend_from_slice(b"0\r\n\r\n");
    all
}

#[test]
fn who_asks_first_is_told_to_go_on_unless_it_is_not_let_in() {
    let rig = Rig::start();
    let body = ring("asked");
    let headers = format!("{JSON}expect: 100-continue\r\n");
    let head = |path: &str| {
        let whole = post(path, &headers, &body);
        whole[..whole.len() - body.len()].to_vec()
    };
    let mut line = Line::to(rig.address);
    line.say(head(TEAM));
    assert_eq!(line.answer().unwrap().status, 100);
    line.say(&body);
    assert_eq!(line.answer().unwrap().status, 200);
    let mut line = Line::to(rig.address);
    line.say(head("/hooks/team/wrong-secret-012345678"));
    assert_eq!(line.answer().unwrap().status, 404, "no 100 before");
}

#[test]
fn both_secrets_open_while_one_is_rotated_out_and_no_other_does() {
    let rig = Rig::start();
    for (number, secret) in [OLD, NEW].iter().enumerate() {
        let path = format!("/hooks/team/{secret}");
        let answer = send(rig.address, post(&path, JSON, ring(&number.to_string())));
        assert_eq!(answer.status, 200);
    }
    let re_encoded = NEW.replace('-', "%2D").replace('s', "%73");
    let path = format!("/hooks/team/{re_encoded}");
    assert_eq!(send(rig.address, post(&path, JSON, ring("2"))).status, 200);
    let forged = [
        format!("/hooks/team/{}", NEW.to_uppercase()),
        format!("/hooks/team/{}", &NEW[..NEW.len() - 1]),
        format!("/hooks/team/{NEW}x"),
        format!("/hooks/team/{NEW}/"),
        format!("/hooks/team/{NEW}%00"),
        format!("/hooks/team/{NEW}%"),
        format!("/hooks/fenced/{NEW}"),
        format!("/hooks/prod/{NEW}"),
        format!("/hooks/nobody/{NEW}"),
        format!("/hooks/team//{NEW}"),
        format!("/hooks/../hooks/team/{NEW}"),
        format!("//hooks/team/{NEW}"),
        format!("/HOOKS/team/{NEW}"),
        format!("/hooks/Team/{NEW}"),
        format!("/hooks/team?secret={NEW}"),
        "/hooks/team/".to_owned(),
        "/hooks/team".to_owned(),
        "/hooks/".to_owned(),
        "/".to_owned(),
    ];
    let mut answers = Vec::new();
    for path in &forged {
        let answer = send(rig.address, post(path, JSON, ring("forged")));
        answers.push((answer.status, answer.body));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "they do not look alike: {answers:?}");
    assert_eq!(answers[0].0, 404);
    assert_eq!(rig.legs(), ["0", "1", "2"]);
}

#[test]
fn a_repeat_is_answered_as_the_first_and_stored_once() {
    let rig = Rig::start();
    let again = [
        post(TEAM, JSON, ring("leg")),
        post(TEAM, JSON, ring("leg")),
        post(
            TEAM,
            FORM,
            "event=call:ring&id=leg&call_id=leg&ts=1767225600",
        ),
        post(&format!("/hooks/team/{OLD}"), JSON, ring("leg")),
    ];
    for request in &again {
        assert_eq!(send(rig.address, request).status, 200);
    }
    assert_eq!(rig.legs(), ["leg"]);
    let heard = rig.heard(0);
    assert_eq!((heard.accepted, heard.repeats), (1, 3));
    // Without a time nobody can tell a repeat from a second one.
    let status = r#"{"event":"agent:status","user_id":17,"pause_id":5}"#;
    for _ in 0..2 {
        assert_eq!(send(rig.address, post(TEAM, JSON, status)).status, 200);
    }
    assert_eq!(rig.heard(0).accepted, 3);
}

#[test]
fn what_nobody_knows_is_kept_and_counted() {
    let rig = Rig::start();
    let odd = r#"{"event":"moon:full","x":[1,{"y":null}]}"#;
    assert_eq!(send(rig.address, post(TEAM, JSON, odd)).status, 200);
    let heard = rig.heard(0);
    assert_eq!((heard.accepted, heard.unknown), (1, 1));
    let What::Hook(hook) = &rig.entries()[0].what else {
        panic!("not kept");
    };
    assert_eq!(&*hook.event, "moon:full");
    assert_eq!(hook.body.as_str(), odd);
}

#[test]
fn each_kind_of_refusal_says_what_to_do_and_is_on_record() {
    let rig = Rig::start();
    let multipart = "content-type: multipart/form-data; boundary=x\r\n";
    let gzip = format!("{JSON}content-encoding: gzip\r\n");
    for (request, status, on_record) in [
        (ask("PUT", TEAM, ""), 405, "neither GET nor POST"),
        (ask("DELETE", TEAM, ""), 405, "neither GET nor POST"),
        (post(TEAM, multipart, "--x--"), 415, "multipart"),
        (post(TEAM, &gzip, "x"), 415, "compressed"),
        (post(TEAM, JSON, "{"), 400, ""),
        (post(FENCED, JSON, ring("x")), 403, "allow_from"),
        (
            post(
                PROD,
                &format!("{JSON}x-holdline-injected: 1\r\n"),
                ring("x"),
            ),
            403,
            "production",
        ),
        (
            post("/hooks/team/wrong-secret-012345678", JSON, "x"),
            404,
            "wrong secret",
        ),
        (post("/hooks/nobody/x", JSON, "x"), 404, "no such site"),
    ] {
        let answer = send(rig.address, &request);
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(
            answer.body.ends_with(".\n") || status == 415 || status == 400,
            "{answer:?}"
        );
        let found = rig.finds(|entry| match &entry.what {
            What::Refused { why, .. } => why.contains(on_record),
            _ => false,
        });
        let What::Refused { from, .. } = &found.what else {
            panic!("{found:?}");
        };
        assert_eq!(&**from, "127.0.0.1");
    }
    let put = send(rig.address, ask("PUT", TEAM, ""));
    assert!(put.head.contains("allow: GET, HEAD, POST"), "{}", put.head);
    assert!(rig.legs().is_empty());
}

#[test]
fn a_flood_of_refusals_is_one_entry_with_a_count() {
    let rig = Rig::start();
    for _ in 0..500 {
        let answer = send(rig.address, ask("GET", "/hooks/team/guess", ""));
        assert_eq!(answer.status, 404);
    }
    let counted = rig.finds(|entry| matches!(entry.what, What::Refused { count, .. } if count > 1));
    assert_eq!(counted.site.as_str(), "team");
    assert!(rig.entries().len() <= 5, "{:#?}", rig.entries());
    assert_eq!(rig.heard(0).refused, 500);
}

#[test]
fn the_address_behind_a_trusted_proxy_counts() {
    let rig = Rig::start();
    let from = |header: &str| {
        let headers = format!("{JSON}{header}");
        send(rig.address, post(FENCED, &headers, ring("leg"))).status
    };
    for (header, status) in [
        ("x-forwarded-for: 192.0.2.7\r\n", 200),
        ("x-forwarded-for: 192.0.2.7, 127.0.0.1\r\n", 200),
        ("x-forwarded-for: 192.0.2.7, 198.51.100.1\r\n", 403),
        ("x-forwarded-for: nonsense\r\n", 403),
        ("forwarded: for=192.0.2.9\r\n", 200),
        (
            "forwarded: for=192.0.2.9\r\nx-forwarded-for: 198.51.100.1\r\n",
            403,
        ),
        ("", 403),
    ] {
        assert_eq!(from(header), status, "{header}");
    }
}

#[test]
fn what_our_own_injector_sends_is_marked() {
    let rig = Rig::start();
    let marked = format!("{JSON}x-holdline-injected: 1\r\n");
    send(rig.address, post(TEAM, &marked, ring("a")));
    send(rig.address, post(TEAM, JSON, ring("b")));
    send(rig.address, post(PROD, JSON, ring("c")));
    let injected: Vec<bool> = rig
        .entries()
        .iter()
        .filter_map(|entry| match &entry.what {
            What::Hook(hook) => Some(hook.injected),
            _ => None,
        })
        .collect();
    assert_eq!(injected, [true, false, false]);
}

#[test]
fn one_connection_serves_many_and_ends_when_it_has_served_its_share() {
    let limits = holdline::runtime::receive::limits::Limits {
        requests: 5,
        ..crate::rig::limits()
    };
    let rig = Rig::with(limits, crate::rig::system_clock());
    let mut line = Line::to(rig.address);
    for n in 1..=5 {
        line.say(post(TEAM, JSON, ring(&n.to_string())));
        let answer = line.answer().unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.head.contains("connection: close"), n == 5);
    }
    assert!(line.is_closed());
    assert_eq!(rig.legs(), ["1", "2", "3", "4", "5"]);
}

#[test]
fn whoever_looks_whether_the_address_is_right_leaves_no_trace() {
    let rig = Rig::start();
    for (path, status) in [(TEAM, 200), ("/hooks/team/wrong", 404)] {
        let mut line = Line::to(rig.address);
        line.say(ask("HEAD", path, ""));
        assert_eq!(line.head().unwrap().status, status);
    }
    assert!(rig.legs().is_empty());
}

#[test]
fn health_and_figures_are_for_this_machine_and_not_through_a_proxy() {
    let rig = Rig::start();
    send(rig.address, post(TEAM, JSON, ring("a")));
    for path in ["/healthz", "/metrics"] {
        assert_eq!(send(rig.address, ask("GET", path, "")).status, 200);
        assert_eq!(send(rig.address, ask("POST", path, "")).status, 405);
        for forwarded in [
            "x-forwarded-for: 127.0.0.1\r\n",
            "forwarded: for=1.1.1.1\r\n",
        ] {
            let answer = send(rig.address, ask("GET", path, forwarded));
            assert_eq!(answer.status, 404, "{path} {forwarded}");
        }
    }
    let metrics = rig.metrics();
    for line in [
        "holdline_hooks_accepted_total{site=\"team\"} 1",
        "holdline_receiver_stores 1",
        "holdline_hooks_store_seconds_count 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}
