//! Every answer of the list: the door, the hash, the filters one by one, the
//! pages, and the oddities that can be asked for.

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
fn values_that_are_none_are_refused_with_the_filters_name() {
    for (name, value) in [
        ("status", "=in+progress"),
        ("status", "%5B0%5D=pending&filters%5Bstatus%5D%5B1%5D=done"),
        ("outbound_type", "=automatic"),
        ("outbound_type", "%5B0%5D=auto"),
        ("attend_type", "=yes"),
        ("assign_type", "=context"),
        ("schedule_lt", "=2026-02-30+00%3A00%3A00"),
        ("schedule_lt", "=2026-11-21"),
        ("schedule_lt", "=2026-1-1+0%3A0%3A0"),
        ("schedule_null", "=maybe"),
        ("date_between", "=2026-11-21+00%3A00%3A00"),
        ("date_between", "%5B0%5D=2026-11-21+00%3A00%3A00"),
        (
            "date_between",
            "%5B0%5D=x&filters%5Bdate_between%5D%5B1%5D=y",
        ),
        ("caller_id", "%5B0%5D=1"),
        ("campaign", "%5Bx%5D%5By%5D=1"),
    ] {
        let answer = read(&format!("&filters%5B{name}%5D{value}"));
        let message = format!("Invalid value for filter: {name}");
        assert_eq!(answer, refused(&[&message]), "{value}");
    }
}

#[test]
fn empty_filters_ask_for_everything() {
    let all = every("");
    let none = "&filters%5Bdate_between%5D%5B0%5D=&filters%5Bdate_between%5D%5B1%5D=\
                &filters%5Bschedule_lt%5D=&filters%5Bschedule_null%5D=0&filters%5Bcaller_id%5D=\
                &filters%5Boutbound_type%5D=&filters%5Bcampaign%5D=&filters%5Bstatus%5D=";
    assert_eq!(every(none), all);
    assert!((60..=140).contains(&all.len()), "{}", all.len());
}

/// The rows that pass are those of the whole list for which `test` holds, and
/// there are both such and others.
fn assert_filters(rest: &str, test: impl Fn(&Value) -> bool) {
    let expected: Vec<Value> = every("").into_iter().filter(|row| test(row)).collect();
    assert!(!expected.is_empty(), "nothing passes {rest}");
    assert!(expected.len() < every("").len(), "everything passes {rest}");
    assert_eq!(every(rest), expected, "{rest}");
}

#[test]
fn every_filter_filters() {
    let is = |field: &'static str, value: &str| {
        let value = value.to_owned();
        move |row: &Value| text(row, field) == Some(value.clone())
    };
    for (filter, field, value) in [
        ("project_id", "project_id", "4"),
        ("inbound_route_id", "inbound_route_id", "22"),
        ("outbound_type", "outbound_type", "auto"),
        ("attend_type", "attend_type", "unattended"),
        ("assign_type", "type", "user"),
        ("status", "status", "cancelled"),
        ("status", "status", "inprogress"),
    ] {
        assert_filters(&format!("&filters%5B{filter}%5D={value}"), is(field, value));
    }
    assert_filters("&filters%5Bassign_type%5D=no_queue", is("type", "context"));
    assert_filters(
        "&filters%5Bdnid%5D=%2B4570305060",
        is("dnid", "+4570305060"),
    );
    assert_filters(
        "&filters%5Boutbound_number%5D=%2B4570305070",
        is("outbound_number", "+4570305070"),
    );
    let all = every("");
    let caller = text(&all[5], "caller_id").unwrap();
    assert_filters(
        &format!(
            "&filters%5Bcaller_id%5D={}",
            caller.replace('+', "%2B").replace(' ', "+")
        ),
        is("caller_id", &caller),
    );
    let external = all.iter().find_map(|row| text(row, "external_id")).unwrap();
    assert_filters(
        &format!("&filters%5Bexternal_id%5D={external}"),
        is("external_id", &external),
    );
    // By name and by info, in any case.
    assert_filters(
        "&filters%5Bcampaign%5D=missed",
        is("campaign_name", "Missed calls"),
    );
    assert_filters(
        "&filters%5Bcampaign%5D=%C3%89NERGI",
        is("campaign_name", "Contract renewal"),
    );
}

#[test]
fn lists_of_values_pass_any_of_them() {
    assert_filters(
        "&filters%5Bstatus%5D%5B0%5D=completed&filters%5Bstatus%5D%5B1%5D=deleted",
        |row| ["completed", "deleted"].contains(&row["status"].as_str().unwrap()),
    );
    assert_filters(
        "&filters%5Binbound_route_id%5D%5B0%5D=21&filters%5Binbound_route_id%5D%5B1%5D=23",
        |row| {
            ["21", "23"]
                .map(str::to_owned)
                .map(Some)
                .contains(&text(row, "inbound_route_id"))
        },
    );
}

#[test]
fn dates_are_compared_as_the_wall_shows_them() {
    let wire = |date: &str| date.replace(' ', "+").replace(':', "%3A");
    let all = every("");
    let (to, from) = (text(&all[9], "created"), text(&all[29], "created"));
    let (from, to) = (from.unwrap(), to.unwrap());
    // Both ends are in.
    assert_filters(
        &format!(
            "&filters%5Bdate_between%5D%5B0%5D={}&filters%5Bdate_between%5D%5B1%5D={}",
            wire(&from),
            wire(&to)
        ),
        |row| text(row, "created").is_some_and(|at| (&from..=&to).contains(&&at)),
    );
    let due = every("")
        .iter()
        .find_map(|row| text(row, "schedule"))
        .unwrap();
    let sent = wire(&due);
    // "lt" takes what is equal too.
    assert_filters(&format!("&filters%5Bschedule_lt%5D={sent}"), |row| {
        text(row, "schedule").is_some_and(|at| at <= due)
    });
    assert_filters("&filters%5Bschedule_null%5D=1", |row| {
        row["schedule"].is_null()
    });
    assert_filters(
        &format!("&filters%5Bschedule_lt%5D={sent}&filters%5Bschedule_null%5D=1"),
        |row| text(row, "schedule").is_none_or(|at| at <= due),
    );
}

#[test]
fn rows_are_written_as_php_writes_them() {
    let all = every("");
    let names: Vec<&String> = all[0].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "id",
            "project_id",
            "type",
            "destination",
            "campaign_name",
            "campaign_info",
            "outbound_type",
            "attend_type",
            "outbound_number",
            "outbound_trunk",
            "dnid",
            "inbound_route_id",
            "caller_id",
            "caller_id_name",
            "priority",
            "schedule",
            "external_id",
            "retries",
            "max_retries",
            "status",
            "created",
            "vars",
        ]
    );
    for field in [
        "id",
        "project_id",
        "inbound_route_id",
        "caller_id",
        "retries",
        "priority",
    ] {
        let numbers = all.iter().filter(|row| row[field].is_number()).count();
        assert!(0 < numbers && numbers < all.len(), "{field}");
    }
    assert!(all.iter().any(|row| row["vars"] == json!([])));
    assert!(all.iter().any(|row| row["vars"]["SKIP_WELCOME"] == "1"));
    assert!(all.iter().any(|row| row["caller_id_name"] == ""));
    // 10:20 in UTC is 11:20 on the PBX's wall.
    let newest = text(&all[0], "created").unwrap();
    assert!(
        "2026-11-21 10:50:00" < &*newest && &*newest <= "2026-11-21 11:20:00",
        "{newest}"
    );
    let created: Vec<_> = all.iter().map(|row| text(row, "created")).collect();
    assert!(created.is_sorted_by(|a, b| a >= b));
}

#[test]
fn pages_have_a_hundred_rows_and_end() {
    let whole = Fault::Huge { rows: 250 };
    let world = world();
    let page = |number: u32| read_with(&world, &format!("&page={number}"), Some(&whole));
    let counts: Vec<usize> = (1..=4).map(|number| rows(&page(number)).len()).collect();
    assert_eq!(counts, [100, 100, 50, 0]);
    assert_eq!(
        page(4)["pagination"],
        json!({"row_count": 250, "page_size": 100, "current_page": 4, "max_page": 3})
    );
    assert_eq!(rows(&page(u32::MAX)).len(), 0);
    let empty = read("&filters%5Bcaller_id%5D=nobody");
    assert_eq!(
        empty["pagination"],
        json!({"row_count": 0, "page_size": 100, "current_page": 1, "max_page": 1})
    );
}

#[test]
fn a_huge_list_has_an_id_for_every_row() {
    let world = world();
    let fault = Fault::Huge { rows: 100_000 };
    let mut ids = std::collections::BTreeSet::new();
    for page in [1, 2, 3, 500, 1_000] {
        let answer = read_with(&world, &format!("&page={page}"), Some(&fault));
        assert_eq!(answer["pagination"]["max_page"], 1_000);
        ids.extend(rows(&answer).iter().map(|row| text(row, "id").unwrap()));
    }
    assert_eq!(ids.len(), 500);
}

#[test]
fn a_list_that_shifts_tells_rows_twice_or_not_at_all() {
    let world = world();
    let ids = |page: u32, rows_per_page: i32| -> Vec<String> {
        let fault = Fault::Shift {
            rows: rows_per_page,
        };
        let answer = read_with(&world, &format!("&page={page}"), Some(&fault));
        rows(&answer)
            .iter()
            .map(|row| text(row, "id").unwrap())
            .collect()
    };
    let straight: Vec<String> = every("")
        .iter()
        .map(|row| text(row, "id").unwrap())
        .collect();
    assert!(straight.len() > 103, "{}", straight.len());
    assert_eq!(ids(1, 3), straight[..100]);
    assert_eq!(ids(2, 3)[..3], straight[97..100]);
    assert_eq!(ids(2, 3)[3..], straight[100..]);
    assert_eq!(ids(2, -3), straight[103..]);
    assert!(ids(3, 100)[..].starts_with(&straight[..1]));
}

#[test]
fn pagination_can_be_anything() {
    let world = world();
    let with = |page: u32, fault: Fault| read_with(&world, &format!("&page={page}"), Some(&fault));
    let is = |is: Value| with(1, Fault::Pagination { is });
    assert_eq!(is(json!([]))["pagination"], json!([]));
    assert_eq!(is(json!(null))["pagination"], json!(null));
    let lies = is(json!({"max_page": 9, "row_count": "x"}));
    assert_eq!(
        lies["pagination"],
        json!({"row_count": "x", "page_size": 100, "current_page": 1, "max_page": 9})
    );
    assert_eq!(with(1, Fault::NoPagination).get("pagination"), None);
    let more = with(7, Fault::MorePages);
    assert_eq!(
        (rows(&more).len(), &more["pagination"]["max_page"]),
        (0, &json!(8))
    );
    let endless = with(7, Fault::EndlessPages);
    assert_eq!(
        (rows(&endless).len(), &endless["pagination"]["max_page"]),
        (100, &json!(8))
    );
    assert_ne!(endless["results"], with(8, Fault::EndlessPages)["results"]);
    let same = with(2, Fault::SamePage);
    assert_eq!(same["results"], with(1, Fault::SamePage)["results"]);
    assert_eq!(same["pagination"]["current_page"], 1);
    assert_eq!(same["pagination"]["max_page"], 3);
}

#[test]
fn rows_can_be_odd() {
    let world = world();
    let with = |fault: Fault| read_with(&world, "", Some(&fault));
    let real = read_with(&world, "", None);
    let without = with(Fault::NoIds);
    assert_eq!(rows(&without).len(), rows(&real).len());
    assert!(rows(&without).iter().all(|row| row.get("id").is_none()));
    let strays = with(Fault::StrayRows);
    assert_eq!(rows(&strays).len(), rows(&real).len() + 4);
    assert_eq!(
        rows(&strays).iter().filter(|row| !row.is_object()).count(),
        4
    );
    let twice = with(Fault::DuplicateIds);
    let count = |answer: &Value| answer["pagination"]["row_count"].as_u64().unwrap();
    assert_eq!(count(&twice), 2 * count(&real));
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
