//! Every answer of the list: the door and the hash; below, the filters and the
//! pages.

mod filters;
mod pages;

use std::fmt::Write as _;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Method},
};
use md5::{Digest, Md5};

use super::*;
use crate::{domain::time::At, sim::fault::Fault};

const FORM: &str = "application/x-www-form-urlencoded";

fn start() -> At {
    At::parse("2026-11-21T10:20:00Z").unwrap()
}

fn world() -> World {
    World::new(1, start(), None)
}

/// The query with its hash behind: made of the very text that is sent.
fn signed(query: &str) -> String {
    let mut signed = format!("{query}&api_hash=");
    for byte in Md5::digest(format!("{query}{KEY}")) {
        write!(signed, "{byte:02x}").unwrap();
    }
    signed
}

fn asked(method: Method, query: &str, headers: &[(&'static str, &str)], body: &str) -> Asked {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    Asked {
        method,
        uri: format!("/while1/api/call-queue?{query}").parse().unwrap(),
        headers: map,
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

fn reply(world: &World, asked: &Asked, fault: Option<&Fault>) -> Reply {
    let moment = Moment {
        now: world.now(),
        skew_ms: 0,
        fault,
    };
    answer(world, "/api/call-queue", asked, moment)
}

fn bearer() -> String {
    format!("Bearer {TOKEN}")
}

fn post(world: &World, form: &str, fault: Option<&Fault>) -> Value {
    let headers = [("authorization", &*bearer()), ("content-type", FORM)];
    let reply = reply(world, &asked(Method::POST, "", &headers, form), fault);
    assert_eq!(reply.status, 200);
    serde_json::from_slice(&reply.body).unwrap()
}

/// What is answered to `action=read` and this, behind a good hash.
fn read_with(world: &World, rest: &str, fault: Option<&Fault>) -> Value {
    post(world, &signed(&format!("action=read{rest}")), fault)
}

fn read(rest: &str) -> Value {
    read_with(&world(), rest, None)
}

fn rows(answer: &Value) -> &Vec<Value> {
    assert_eq!(answer["has_error"], false, "{answer}");
    answer["results"].as_array().unwrap()
}

/// All rows that pass, over all pages.
fn every(rest: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let answer = read(&format!("&page={page}{rest}"));
        all.extend(rows(&answer).clone());
        if page >= answer["pagination"]["max_page"].as_u64().unwrap() {
            assert_eq!(answer["pagination"]["row_count"], all.len());
            return all;
        }
    }
    unreachable!("some page is the last")
}

fn text(row: &Value, field: &str) -> Option<String> {
    match &row[field] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn refused(messages: &[&str]) -> Value {
    json!({"has_error": true, "messages": messages, "pagination": [], "results": []})
}

#[test]
fn the_door_opens_to_the_token_alone() {
    let form = signed("action=read");
    let knock = |auth: Option<&str>| {
        let mut headers = vec![("content-type", FORM)];
        headers.extend(auth.map(|auth| ("authorization", auth)));
        reply(&world(), &asked(Method::POST, "", &headers, &form), None)
    };
    for wrong in [None, Some("Bearer nobody"), Some(TOKEN), Some("Bearer ")] {
        let answer = knock(wrong);
        assert_eq!(answer.status, 401, "{wrong:?}");
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body, refused(&["Invalid token"]));
    }
    assert_eq!(knock(Some(&bearer())).status, 200);
}

#[test]
fn form_query_and_json_are_the_same_question() {
    let world = world();
    let query = signed(
        "action=read&page=1&filters%5Bstatus%5D%5B0%5D=pending&filters%5Bstatus%5D%5B1%5D=inprogress",
    );
    let hash = query.split_once("api_hash=").unwrap().1;
    let json = json!({
        "action": "read", "page": 1,
        "filters": {"dnid": null, "campaign": [], "status": ["pending", "inprogress"]},
        "api_hash": hash,
    })
    .to_string();
    let auth = bearer();
    let ask = |method, query: &str, kind: Option<&str>, body: &str| {
        let mut headers = vec![("authorization", &*auth)];
        headers.extend(kind.map(|kind| ("content-type", kind)));
        let answer = reply(&world, &asked(method, query, &headers, body), None);
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    let as_form = ask(Method::POST, "", Some(FORM), &query);
    assert!(!rows(&as_form).is_empty());
    assert_eq!(ask(Method::GET, &query, None, ""), as_form);
    let kind = Some("application/json; charset=utf-8");
    assert_eq!(ask(Method::POST, "", kind, &json), as_form);
    assert_eq!(
        ask(Method::POST, "", kind, "{"),
        refused(&["Invalid parameters"])
    );
}

#[test]
fn a_hash_of_anything_else_is_refused_by_name() {
    let world = world();
    let good = signed("action=read&page=2");
    let wrong = refused(&["Invalid api_hash"]);
    assert_eq!(post(&world, &good, None)["has_error"], false);
    for bad in [
        good.replace("page=2", "page=1"),
        good.to_uppercase()
            .replace("ACTION=READ&PAGE", "action=read&page")
            .replace("API_HASH", "api_hash"),
        "action=read&page=2".to_owned(),
        format!("{good}&dnid=1"),
        good.replace("action=read&page=2", "page=2&action=read"),
    ] {
        assert_eq!(post(&world, &bad, None), wrong, "{bad}");
    }
}

#[test]
fn what_the_vendor_does_not_know_it_names() {
    assert_eq!(
        read("&filters%5Bstatusxxx%5D=pending"),
        refused(&["Invalid filter: statusxxx"])
    );
    assert_eq!(
        read("&filters%5Ba%5D=1&filters%5Bstatus%5D=pending&filters%5Bb%5D=2"),
        refused(&["Invalid filter: a", "Invalid filter: b"])
    );
    let world = world();
    let action = post(&world, &signed("action=save"), None);
    assert_eq!(action, refused(&["Invalid action: save"]));
    assert_eq!(
        post(&world, &signed("page=1"), None),
        refused(&["Invalid action: "])
    );
    for page in ["0", "-1", "x", "1.5"] {
        let answer = read(&format!("&page={page}"));
        assert_eq!(answer, refused(&[&format!("Invalid page: {page}")]));
    }
}

#[test]
fn a_clock_that_is_wrong_moves_every_time() {
    let world = world();
    let ask = |skew_ms| {
        let moment = Moment {
            now: world.now(),
            skew_ms,
            fault: None,
        };
        let headers = [("authorization", &*bearer()), ("content-type", FORM)];
        let asked = asked(Method::POST, "", &headers, &signed("action=read"));
        let reply = answer(&world, "/api/call-queue", &asked, moment);
        serde_json::from_slice::<Value>(&reply.body).unwrap()
    };
    let hour = |answer: &Value| text(&rows(answer)[0], "created").unwrap();
    assert_eq!(&hour(&ask(0))[14..], &hour(&ask(-3_600_000))[14..]);
    assert_ne!(hour(&ask(0)), hour(&ask(-3_600_000)));
}

#[test]
fn other_addresses_and_methods_are_none() {
    let world = world();
    let moment = Moment {
        now: world.now(),
        skew_ms: 0,
        fault: None,
    };
    let get = asked(Method::GET, "", &[], "");
    assert_eq!(answer(&world, "/api/queues", &get, moment).status, 404);
    let put = asked(Method::PUT, "", &[], "");
    assert_eq!(answer(&world, "/api/call-queue", &put, moment).status, 405);
}
