//! While1's list from outside: as bytes on a TCP connection, hashed by a short
//! function of its own.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use holdline::{
    domain::{phone::e164, site::Vendor},
    sim::{
        Fault, RetryAfter, Rule, Sim,
        while1::{KEY, TOKEN},
    },
};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{Answer, address, answer, simulator};

const PATH: &str = "/while1/api/call-queue";

/// The query as it is to be sent, its hash last.
fn signed(query: &str) -> String {
    let mut signed = format!("{query}&api_hash=");
    for byte in Md5::digest(format!("{query}{KEY}")) {
        write!(signed, "{byte:02x}").unwrap();
    }
    signed
}

async fn post(sim: &Sim, token: &str, form: &str) -> Answer {
    let mut stream = TcpStream::connect(address(sim)).await.unwrap();
    let length = form.len();
    let request = format!(
        "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\n\r\n{form}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    answer(stream).await
}

async fn list(sim: &Sim, rest: &str) -> Answer {
    post(sim, TOKEN, &signed(&format!("action=read{rest}"))).await
}

/// Every row, page after page.
async fn every(sim: &Sim, rest: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let answer = list(sim, &format!("&page={page}{rest}")).await.json();
        all.extend(answer["results"].as_array().unwrap().clone());
        if answer["pagination"]["current_page"] == answer["pagination"]["max_page"] {
            break;
        }
    }
    all
}

fn states(rows: &[Value]) -> BTreeSet<String> {
    let state = |row: &Value| row["status"].as_str().unwrap().to_owned();
    rows.iter().map(state).collect()
}

#[tokio::test]
async fn the_list_is_served_in_the_printed_envelope() {
    let (sim, _) = simulator().await;
    let first = list(&sim, "&page=1").await;
    assert_eq!(first.status(), 200);
    assert_eq!(first.header("date"), Some("Sat, 21 Nov 2026 10:20:00 GMT"));
    let envelope = first.json();
    let members: Vec<&String> = envelope.as_object().unwrap().keys().collect();
    assert_eq!(members, ["has_error", "messages", "pagination", "results"]);
    assert_eq!(envelope["has_error"], false);
    assert_eq!(envelope["messages"], json!([]));
    let rows = every(&sim, "").await;
    assert_eq!(
        envelope["pagination"],
        json!({
            "row_count": rows.len(),
            "page_size": 100,
            "current_page": 1,
            "max_page": rows.len().div_ceil(100),
        })
    );
    let all = ["cancelled", "completed", "deleted", "inprogress", "pending"];
    assert_eq!(states(&rows), all.map(str::to_owned).into());
    assert_eq!(list(&sim, "&page=1").await, first);
    assert_eq!(sim.requests()[&format!("POST {PATH}")], 4);
}

#[tokio::test]
async fn the_printed_example_is_understood() {
    let (sim, _) = simulator().await;
    let rest = "&page=1&filters%5Bdate_between%5D%5B0%5D=2024-01-01+00%3A00%3A00\
                &filters%5Bdate_between%5D%5B1%5D=2024-01-15+23%3A59%3A59\
                &filters%5Bschedule_null%5D=1&filters%5Bstatus%5D=pending";
    let answer = list(&sim, rest).await.json();
    assert_eq!(answer["has_error"], false);
    assert_eq!(answer["results"], json!([]));
    let pending = every(&sim, "&filters%5Bstatus%5D=pending").await;
    assert_eq!(states(&pending), ["pending".to_owned()].into());
    let wrong = list(&sim, "&filters%5Bstatusxxx%5D=pending").await;
    assert_eq!(wrong.status(), 200);
    assert_eq!(
        wrong.body,
        br#"{"has_error":true,"messages":["Invalid filter: statusxxx"],"pagination":[],"results":[]}"#
    );
}

#[tokio::test]
async fn neither_token_nor_hash_may_be_wrong() {
    let (sim, _) = simulator().await;
    let form = signed("action=read");
    assert_eq!(post(&sim, "nobody", &form).await.status(), 401);
    let answer = post(&sim, TOKEN, &form.replace("read&", "read&page=2&")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json()["has_error"], true);
    assert_eq!(answer.json()["messages"], json!(["Invalid api_hash"]));
}

#[tokio::test]
async fn as_time_goes_on_callers_are_missed_and_callbacks_are_made() {
    let (sim, hands) = simulator().await;
    let before = every(&sim, "").await;
    hands.turn(Duration::from_hours(2));
    let after = every(&sim, "").await;
    let with = |rows: &[Value], state: &str| -> BTreeSet<String> {
        let in_state = rows.iter().filter(|row| row["status"] == state);
        in_state.map(|row| row["id"].to_string()).collect()
    };
    let pending = with(&before, "pending");
    assert!(with(&after, "completed").intersection(&pending).count() > 2);
    assert!(with(&after, "pending").difference(&pending).count() > 2);
    assert!(with(&after, "completed").is_superset(&with(&before, "completed")));
}

#[tokio::test]
async fn numbers_of_one_customer_are_spelt_differently() {
    let (sim, _) = simulator().await;
    let rows = every(&sim, "").await;
    let numbers: Vec<String> = rows
        .iter()
        .map(|row| match &row["caller_id"] {
            Value::String(number) => number.clone(),
            number => number.to_string(),
        })
        .collect();
    let known: Vec<String> = numbers.iter().filter_map(|n| e164(n, Some("DK"))).collect();
    let customers: BTreeSet<&String> = known.iter().collect();
    let spellings: BTreeSet<&String> = numbers.iter().collect();
    assert!(
        known.len() * 10 > rows.len() * 8,
        "{} of {}",
        known.len(),
        rows.len()
    );
    assert!(spellings.len() > customers.len() + 5);
}

#[tokio::test]
async fn a_hundred_thousand_rows_come_page_by_page() {
    let (sim, _) = simulator().await;
    sim.faults()
        .set(Rule::from(Fault::Huge { rows: 100_000 }).of(Vendor::While1));
    for page in [1, 999, 1_000] {
        let answer = list(&sim, &format!("&page={page}")).await.json();
        assert_eq!(answer["results"].as_array().unwrap().len(), 100);
        assert_eq!(answer["pagination"]["max_page"], 1_000);
    }
}

#[tokio::test]
async fn faults_strike_this_vendor_too_and_the_page_they_are_set_for() {
    let (sim, _) = simulator().await;
    let limit = Fault::Status {
        code: 429,
        retry_after: Some(RetryAfter::Seconds(30)),
    };
    sim.faults()
        .set(Rule::from(limit).of(Vendor::While1).after(1).times(1));
    assert_eq!(list(&sim, "&page=1").await.status(), 200);
    let second = list(&sim, "&page=2").await;
    assert_eq!(
        (second.status(), second.header("retry-after")),
        (429, Some("30"))
    );
    assert_eq!(list(&sim, "&page=2").await.status(), 200);

    let status = |code| Fault::Status {
        code,
        retry_after: None,
    };
    for code in [401, 403, 404, 500] {
        sim.faults().set(Rule::from(status(code)).times(1));
        let refused = list(&sim, "").await;
        assert_eq!(refused.status(), code);
        assert_eq!(refused.json()["has_error"], true);
    }
    sim.faults().set(Rule::from(Fault::WrongShape).times(1));
    assert_eq!(list(&sim, "").await.json()["has_error"], "no");
}

#[tokio::test]
async fn oddities_of_paging_are_set_over_http() {
    let (sim, _) = simulator().await;
    for (fault, pagination) in [
        (json!({"kind": "pagination", "is": []}), json!([])),
        (json!({"kind": "no_pagination"}), Value::Null),
    ] {
        let rule = json!({"fault": fault, "vendor": "while1", "times": 1}).to_string();
        let set = super::ask(&sim, "POST", "/_sim/faults", "", &rule).await;
        assert_eq!(set.status(), 204);
        let answer = list(&sim, "").await.json();
        assert_eq!(answer["has_error"], false);
        assert_eq!(
            answer.get("pagination").unwrap_or(&Value::Null),
            &pagination
        );
    }
}
