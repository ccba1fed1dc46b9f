//! Telphin over real HTTP: every route with its codes.

mod pushed;

use std::time::Duration;

use holdline::sim::{
    self, Fault, Options, RetryAfter, Rule, Sim,
    telphin::{
        CLIENT_ID, CLIENT_SECRET, FORBIDDEN_EXTENSION_ID, MENU_ID, PHONE_IDS, QUEUE_ID, SECRET,
        Setup,
    },
};
use serde_json::{Value, json};

use super::{Answer, Hands, ask};

const API: &str = "/telphin/api/ver1.0";

async fn started(setup: Setup) -> (Sim, Hands) {
    let hands = Hands::new();
    let options = Options {
        phones: setup,
        ..Options::new(hands.clock())
    };
    (sim::start(options).await.unwrap(), hands)
}

/// An application that has a token.
struct App<'a> {
    sim: &'a Sim,
    token: String,
}

async fn logged_in(sim: &Sim) -> App<'_> {
    let answer = token(sim, CLIENT_ID, CLIENT_SECRET).await;
    assert_eq!(answer.status(), 200);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    App { sim, token }
}

async fn token(sim: &Sim, id: &str, secret: &str) -> Answer {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    ask(sim, "POST", "/telphin/oauth/token", "", &form).await
}

impl App<'_> {
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let path = format!("{API}{path}");
        ask(self.sim, method, &path, &self.token, &body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &Value::Null).await
    }

    async fn subscribes(&self, extension: &str, kind: &str, url: &str, method: &str) -> Answer {
        let body = json!({ "url": url, "event_type": kind, "method": method });
        let path = format!("/extension/{extension}/event/");
        self.ask("POST", &path, &body).await
    }
}

fn message(answer: &Answer) -> String {
    answer.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_given_for_id_and_secret_by_form_or_query() {
    let (sim, _) = started(Setup::default()).await;
    let answer = token(&sim, CLIENT_ID, CLIENT_SECRET).await;
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3_600);
    assert!(body["scope"].is_string());
    let query = format!(
        "/telphin/oauth/token?grant_type=client_credentials&client_id={CLIENT_ID}\
         &client_secret={CLIENT_SECRET}"
    );
    let answer = ask(&sim, "POST", &query, "", "").await;
    assert_eq!(answer.status(), 200);
    for (id, secret) in [("else", CLIENT_SECRET), (CLIENT_ID, "else")] {
        let refused = token(&sim, id, secret).await;
        assert_eq!(refused.status(), 401);
        assert_eq!(message(&refused), "Invalid client_id or client_secret");
    }
    let form = "grant_type=password&username=a&password=b";
    let other = ask(&sim, "POST", "/telphin/oauth/token", "", form).await;
    assert_eq!(other.status(), 400);
}

#[tokio::test]
async fn when_a_token_ends_is_said_as_number_as_text_or_not_at_all() {
    let (sim, _) = started(Setup::default()).await;
    let mut said = Vec::new();
    for fault in [Fault::ExpiresInText, Fault::NoExpiresIn] {
        sim.faults()
            .set(Rule::from(fault).on("/oauth/token").times(1));
        said.push(token(&sim, CLIENT_ID, CLIENT_SECRET).await.json()["expires_in"].clone());
    }
    said.push(token(&sim, CLIENT_ID, CLIENT_SECRET).await.json()["expires_in"].clone());
    assert_eq!(said, [json!("3600"), Value::Null, json!(3_600)]);
}

#[tokio::test]
async fn a_token_lasts_an_hour_and_nothing_is_told_without_one() {
    let (sim, hands) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    hands.turn(Duration::from_secs(3_599));
    assert_eq!(app.get("/client/@me/extension/").await.status(), 200);
    hands.turn(Duration::from_secs(1));
    let refused = app.get("/client/@me/extension/").await;
    assert_eq!(refused.status(), 401);
    assert!(message(&refused).contains("expired"));
    let app = App {
        sim: &sim,
        token: "made-up".to_owned(),
    };
    assert_eq!(app.get("/extension/@201/event/").await.status(), 401);
}

#[tokio::test]
async fn extensions_are_a_bare_list_that_can_be_filtered_and_paged() {
    let (sim, _) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    let list = app.get("/client/@me/extension/").await;
    assert!(list.header("date").is_some());
    let rows = list.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), PHONE_IDS.len() + 2);
    assert_eq!(rows[0]["id"].to_string(), MENU_ID);
    assert_eq!(rows[1]["id"].to_string(), QUEUE_ID);
    assert_eq!(rows[2]["name"], "0001*201");
    let types: Vec<&str> = rows.iter().map(|r| r["type"].as_str().unwrap()).collect();
    assert_eq!(types[..3], ["ivr", "queue", "phone"]);
    let count = async |query: &str| {
        let path = format!("/client/@me/extension/?{query}");
        app.get(&path).await.json().as_array().unwrap().len()
    };
    assert_eq!(count("type=phone").await, PHONE_IDS.len());
    assert_eq!(count("type=queue&status=active").await, 1);
    assert_eq!(count("status=blocked").await, 0);
    assert_eq!(count("per_page=4&page=1").await, 4);
    assert_eq!(count("per_page=4&page=3").await, 1);
    assert_eq!(count("per_page=4&page=4").await, 0);
    let wrong = app.get("/client/@me/extension/?page=none").await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn subscriptions_are_made_read_changed_and_removed() {
    let (sim, _) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    let path = format!("/extension/{}/event/", PHONE_IDS[0]);
    assert_eq!(app.get(&path).await.json(), json!([]));
    let url = "https://somehost.com/fordel/show.php?myid=175";
    let made = app.subscribes("@201", "dial-out", url, "GET").await;
    assert_eq!(made.status(), 201);
    let page = json!({ "url": url, "method": "GET", "event_type": "dial-out", "id": 72 });
    assert_eq!(made.json(), page);
    let second = app.subscribes("%40201", "hangup", url, "POST").await;
    assert_eq!(second.json()["id"], 73);
    assert_eq!(app.get(&path).await.json().as_array().unwrap().len(), 2);
    assert_eq!(app.get(&format!("{path}72")).await.json(), page);
    let put = json!({ "url": url, "event_type": "answer", "method": "POST" });
    let changed = app.ask("PUT", &format!("{path}72"), &put).await;
    assert_eq!(changed.status(), 200);
    assert_eq!(changed.json()["event_type"], "answer");
    // Another extension's is none of this one's.
    let strange = format!("/extension/{}/event/72", PHONE_IDS[1]);
    assert_eq!(app.get(&strange).await.status(), 404);
    let gone = app.ask("DELETE", &format!("{path}72/"), &Value::Null).await;
    assert_eq!((gone.status(), gone.body.len()), (204, 0));
    let again = app.get(&format!("{path}72")).await;
    assert_eq!(
        (again.status(), message(&again).as_str()),
        (404, "Not found")
    );
    let all = app.ask("DELETE", &path, &Value::Null).await;
    assert_eq!(all.status(), 204);
    assert_eq!(app.get(&path).await.json(), json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_a_subscription_is_said() {
    let (sim, _) = started(Setup {
        events_limit: 2,
        ..Setup::default()
    })
    .await;
    let app = logged_in(&sim).await;
    let url = "http://127.0.0.1:9/x";
    for (extension, kind, url, method) in [
        ("@201", "dial-up", url, "GET"),
        ("@201", "dial-in", url, "PUT"),
        ("@201", "dial-in", "somewhere", "GET"),
        (QUEUE_ID, "message-in", url, "GET"),
    ] {
        let refused = app.subscribes(extension, kind, url, method).await;
        assert_eq!(refused.status(), 400, "{}", message(&refused));
    }
    let path = "/extension/@201/event/";
    for body in [json!({ "url": url, "method": "GET" }), json!([1])] {
        assert_eq!(app.ask("POST", path, &body).await.status(), 400);
    }
    for kind in ["dial-in", "answer"] {
        let made = app.subscribes(MENU_ID, kind, url, "GET").await;
        assert_eq!(made.status(), 201);
    }
    let over = app.subscribes(MENU_ID, "hangup", url, "GET").await;
    assert_eq!(over.status(), 403);
    assert!(message(&over).contains("limit of 2"), "{}", message(&over));
    let limit = app.get("/client/@me/limit/").await;
    assert_eq!(limit.status(), 200);
    assert_eq!(limit.json()["extension_event"]["used"], 2);
}

#[tokio::test]
async fn what_is_not_there_or_not_allowed_is_told_apart() {
    let (sim, _) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    for path in [
        "/extension/1/event/",
        "/extension/@299/event/",
        "/extension/@201/event/1",
        "/extension/@201/nothing/",
        "/client/@me/nothing/",
    ] {
        let refused = app.get(path).await;
        assert_eq!(refused.status(), 404, "{path}");
        assert_eq!(refused.json(), json!({ "message": "Not found" }));
    }
    let path = format!("/extension/{FORBIDDEN_EXTENSION_ID}/event/");
    let refused = app.get(&path).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.json()["status"], "access_denied");
    for (code, status) in [
        (401, None),
        (403, Some("app_access_type_deny")),
        (404, None),
        (429, Some("rate_limit_exceeded")),
    ] {
        let fault = Fault::Status {
            code,
            retry_after: None,
        };
        sim.faults().set(Rule::from(fault).on("/event").times(1));
        let refused = app.subscribes("@201", "answer", "http://x/", "GET").await;
        assert_eq!(refused.status(), code);
        assert_eq!(refused.json()["status"].as_str(), status);
        assert!(!message(&refused).is_empty());
        assert!(refused.header("x-ratelimit-limit").is_some());
    }
    // None of them was made.
    let none = app.get("/extension/@201/event/").await;
    assert_eq!(none.json(), json!([]));
}

fn left(answer: &Answer) -> [u64; 3] {
    ["limit", "remaining", "reset"].map(|name| {
        let name = format!("x-ratelimit-{name}");
        answer.header(&name).unwrap().parse().unwrap()
    })
}

#[tokio::test]
async fn the_hours_budget_is_told_with_every_answer_and_ends_and_begins_anew() {
    let (sim, hands) = started(Setup {
        hourly: 3,
        ..Setup::default()
    })
    .await;
    let app = logged_in(&sim).await;
    let path = "/client/@me/limit/";
    // The simulator's clock starts at 10:20.
    for remaining in [2, 1, 0] {
        assert_eq!(left(&app.get(path).await), [3, remaining, 2_400]);
    }
    let over = app.get(path).await;
    assert_eq!(over.status(), 429);
    assert_eq!(over.json()["status"], "rate_limit_exceeded");
    assert_eq!(left(&over), [3, 0, 2_400]);
    hands.turn(Duration::from_mins(40));
    let app = logged_in(&sim).await;
    assert_eq!(left(&app.get(path).await), [3, 2, 3_600]);
    let fault = Fault::Status {
        code: 429,
        retry_after: Some(RetryAfter::Seconds(7)),
    };
    sim.faults().set(Rule::from(fault).times(1));
    let asked_for = app.get(path).await;
    assert_eq!(asked_for.status(), 429);
    assert_eq!(left(&asked_for), [3, 0, 7]);
}

#[tokio::test]
async fn an_order_that_makes_no_sense_rings_nobody() {
    let (sim, hands) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    for (extension, body) in [
        ("@207", json!({ "dst_num": "+4537100200" })),
        (
            "@207",
            json!({ "dst_num": "+4537100200", "src_num": "207" }),
        ),
        ("@207", json!({ "dst_num": "+4537100200", "src_num": [] })),
        ("@207", json!({ "dst_num": "", "src_num": ["207"] })),
        ("@207", json!({ "dst_num": "call me", "src_num": ["207"] })),
        (
            QUEUE_ID,
            json!({ "dst_num": "+4537100200", "src_num": ["207"] }),
        ),
    ] {
        let path = format!("/extension/{extension}/callback/");
        let refused = app.ask("POST", &path, &body).await;
        assert_eq!(refused.status(), 400, "{}", message(&refused));
    }
    hands.turn(Duration::from_secs(2));
    assert_eq!(sim.truth()["phones"]["phones"], json!([]));
}

#[tokio::test]
async fn the_configuration_names_the_extensions_and_whose_phone_is_ours() {
    let (sim, _) = started(Setup {
        receiver: Some("127.0.0.1:8642".parse().unwrap()),
        me: Some("anna".to_owned()),
        ..Setup::default()
    })
    .await;
    let text = sim.config_toml(std::path::Path::new("/j"), Duration::from_secs(2));
    let read: toml::Table = text.parse().unwrap();
    assert_eq!(read["receiver"]["listen"].as_str(), Some("127.0.0.1:8642"));
    let sites = read["site"].as_array().unwrap();
    let site = sites.last().unwrap();
    assert_eq!(site["name"].as_str(), Some("phones"));
    let url = format!("{}/telphin", sim.url());
    assert_eq!(site["url"].as_str(), Some(url.as_str()));
    assert_eq!(site["hook"]["secret"].as_str(), Some(SECRET));
    let extensions = site["extensions"].as_table().unwrap();
    assert_eq!(extensions.len(), PHONE_IDS.len() + 2);
    assert_eq!(extensions[QUEUE_ID]["type"].as_str(), Some("queue"));
    let users = extensions.values().filter(|e| e.get("user").is_some());
    assert_eq!(users.count(), 1);
    let last = PHONE_IDS.last().unwrap();
    assert_eq!(extensions[*last]["user"].as_str(), Some("anna"));
    assert_eq!(extensions[PHONE_IDS[0]]["number"].as_str(), Some("201"));
}
