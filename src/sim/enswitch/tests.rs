//! Every answer: the door, the parameters one by one, the queues, the list.

use axum::{
    body::Bytes,
    http::{HeaderMap, Method},
};
use serde_json::Value;

use super::*;
use crate::domain::time::At;

const NOW: i64 = 1_795_256_400;
const LOGIN: &str = "auth_username=tester&auth_password=sim%3Bpass%26word%2B1%25";

struct Pbx {
    record: Record,
    now: i64,
}

impl Pbx {
    fn new() -> Self {
        Self {
            record: Record::default(),
            now: NOW,
        }
    }

    fn ask(&mut self, method: Method, path: &str, query: &str, body: &str) -> Reply {
        let asked = Asked {
            method,
            uri: format!("{path}?{query}").parse().unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        let moment = Moment {
            now: At(self.now * 1_000),
            skew_ms: 0,
            fault: None,
        };
        answer(&mut self.record, path, &asked, moment)
    }

    fn post(&mut self, function: &str, form: &str) -> Value {
        let path = format!("/api/json/queues/events/{function}");
        let reply = self.ask(Method::POST, &path, "", form);
        assert_eq!(reply.status, 200);
        serde_json::from_slice(&reply.body).unwrap()
    }

    fn create(&mut self, form: &str) -> String {
        codes(&self.post("create/", &format!("{LOGIN}&{form}")))
    }

    fn list(&mut self, form: &str) -> Vec<String> {
        let list = self.post("list/", &format!("{LOGIN}&{form}"));
        assert_eq!(codes(&list), "200", "{list}");
        let rows = list["data"].as_array().unwrap().iter();
        rows.map(|row| row["data"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// `400 queue, 400 time`
fn codes(answer: &Value) -> String {
    let responses = answer["responses"].as_array().unwrap().iter();
    let responses: Vec<String> = responses
        .map(|r| {
            let (code, key) = (r["code"].as_str().unwrap(), r["key"].as_str().unwrap());
            format!("{code} {key}").trim_end().to_owned()
        })
        .collect();
    responses.join(", ")
}

#[test]
fn the_pages_example_is_answered_byte_for_byte_but_blanks() {
    let mut pbx = Pbx::new();
    let query =
        "auth_username=tester;auth_password=sim%3Bpass%26word%2B1%25;queue=123;event=TEST+EVENT";
    for path in [
        "/api/json/queues/events/create/",
        "/api/json/queues/events/create",
    ] {
        let reply = pbx.ask(Method::GET, path, query, "");
        assert_eq!(
            &*reply.body,
            br#"{"responses":[{"code":"204","key":"","message":"OK"}]}"#
        );
    }
    let rows = pbx.list("queue=123;start=0;end=1999999999");
    let row = format!("{NOW}|NONE|123|NONE|TEST EVENT||||||0");
    assert_eq!(rows, [row.clone(), row]);
}

#[test]
fn every_parameter_is_taken_and_stands_on_record() {
    let mut pbx = Pbx::new();
    let form = "queue=123&event=a%3Bb%26c%2Bd&callerid=%2B4520&callid=c-1&channel=SIP%2F1\
                &dtype=sipuri&dnumber=9&keypress=%23&position=2&time=1700000000";
    assert_eq!(pbx.create(form), "204");
    assert_eq!(
        pbx.list("queue=123&start=1700000000&end=1700000000"),
        ["1700000000|c-1|123|NONE|a;b&c+d|+4520|SIP/1|sipuri|9|#|2"]
    );
}

#[test]
fn each_code_of_the_page_is_given() {
    let mut pbx = Pbx::new();
    for (form, expected) in [
        ("queue=123&validation=1", "201"),
        ("queue=123", "204"),
        ("queue=124", "204"),
        ("queue=999", "404"),
        ("queue=199", "404"),
        ("event=X", "400 queue"),
        (
            "queue=x&position=y&time=z",
            "400 queue, 400 position, 400 time",
        ),
        (
            "queue=123&dtype=fax&validation=2",
            "400 dtype, 400 validation",
        ),
    ] {
        assert_eq!(pbx.create(form), expected, "{form}");
    }
    assert_eq!(codes(&pbx.post("create", "queue=123")), "401");
    let operator = LOGIN.replace("tester", "operator");
    let form = format!("{operator}&queue=123");
    assert_eq!(codes(&pbx.post("create", &form)), "402");
    assert_eq!(codes(&pbx.post("list", &form)), "200");
    assert_eq!(codes(&pbx.post("drop", &form)), "404");
    let everything = "start=0&end=1999999999";
    assert_eq!(pbx.list(&format!("queue=123&{everything}")).len(), 1);
    assert!(pbx.list(&format!("queue=124&{everything}")).is_empty());
    assert_eq!(pbx.list(&format!("customer=7&{everything}")).len(), 1);
    let form = format!("{operator}&customer=7");
    assert_eq!(codes(&pbx.post("list", &form)), "402");
    let wrong = format!("{LOGIN}&start=x");
    assert_eq!(codes(&pbx.post("list", &wrong)), "400 start");
    assert_eq!(codes(&pbx.post("list", LOGIN)), "400 queue");
}

#[test]
fn a_list_without_a_start_goes_on_where_the_last_ended() {
    let mut pbx = Pbx::new();
    assert_eq!(pbx.create("queue=123&event=A"), "204");
    assert!(pbx.list("queue=123").is_empty(), "its second is not over");
    pbx.now += 1;
    assert_eq!(pbx.list("queue=123&start=1&end=1999999999").len(), 1);
    assert_eq!(pbx.list("queue=123").len(), 1);
    assert!(pbx.list("queue=123").is_empty());
    assert_eq!(pbx.create("queue=123&event=B"), "204");
    pbx.now += 1;
    let rows = pbx.list("queue=123&start=-1&end=-1");
    assert!(rows.len() == 1 && rows[0].contains("|B|"), "{rows:?}");
}

#[test]
fn elsewhere_there_is_nothing() {
    let mut pbx = Pbx::new();
    assert_eq!(pbx.ask(Method::GET, "/api/queues", "", "").status, 404);
    let path = "/api/json/queues/events/create";
    assert_eq!(pbx.ask(Method::PUT, path, LOGIN, "").status, 405);
}
