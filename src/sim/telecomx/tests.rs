//! Every answer that the pages print, by its status and its body.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Method},
};

use super::*;
use crate::domain::time::At;

const MINUTE: i64 = 60_000;

fn start() -> At {
    At::parse("2026-11-21T10:20:00Z").unwrap()
}

/// A PBX whose world has come to `now`.
struct Pbx {
    world: World,
    sessions: Sessions,
}

impl Pbx {
    fn new() -> Self {
        Self {
            world: World::new(1, start(), None),
            sessions: Sessions::new(1),
        }
    }

    fn ask(&mut self, method: Method, path: &str, auth: Option<&str>, body: &str) -> Reply {
        self.ask_with(method, path, auth, body, None)
    }

    fn ask_with(
        &mut self,
        method: Method,
        path: &str,
        auth: Option<&str>,
        body: &str,
        fault: Option<&Fault>,
    ) -> Reply {
        let mut headers = HeaderMap::new();
        if let Some(auth) = auth {
            headers.insert("authorization", HeaderValue::from_str(auth).unwrap());
        }
        let asked = Asked {
            method,
            uri: format!("/telecomx{path}").parse().unwrap(),
            headers,
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        let moment = Moment {
            now: self.world.now(),
            skew_ms: 0,
            fault,
        };
        let path = path.split('?').next().unwrap();
        answer(&mut self.sessions, &self.world, path, &asked, moment)
    }

    fn get(&mut self, path: &str) -> Reply {
        self.ask(Method::GET, path, Some(&format!("Bearer {TOKEN}")), "")
    }

    fn list(&mut self, queue: &str) -> Vec<Value> {
        let reply = self.get(&format!("/pbx/queue/{queue}/callers"));
        assert_eq!(reply.status, 200);
        serde_json::from_slice(&reply.body).unwrap()
    }
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn refused(reply: &Reply) -> (u16, String, String) {
    let error = &body(reply)["error"];
    assert_eq!(error["status"], reply.status);
    let text = |key: &str| error[key].as_str().unwrap().to_owned();
    (reply.status, text("code"), text("message"))
}

fn refusal_of(status: u16, code: &str, message: &str) -> (u16, String, String) {
    (status, code.to_owned(), message.to_owned())
}

#[test]
fn a_row_has_the_fields_of_the_page_in_its_order() {
    let mut pbx = Pbx::new();
    let rows = pbx.list(QUEUE_IDS[0]);
    assert!(!rows.is_empty());
    for row in rows {
        let mut names: Vec<&str> = row
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        names.retain(|name| *name != "priority");
        assert_eq!(
            names,
            [
                "_id",
                "state",
                "number",
                "name",
                "privacy",
                "entered",
                "answered",
                "presentation",
                "answeredByExtension",
                "answeredByNumber"
            ]
        );
        assert_eq!(row["presentation"], "+4570305050");
        let entered = row["entered"].as_str().unwrap();
        assert_eq!(entered.len(), "2018-01-01T00:00:00.000Z".len());
        assert!(At::parse(entered).unwrap() <= start());
    }
}

/// Over some hours the list shows every oddity it is said to show.
#[test]
fn the_documented_oddities_all_occur() {
    let mut pbx = Pbx::new();
    let mut seen = std::collections::BTreeSet::new();
    for second in 0..4 * 3_600 {
        pbx.world.advance(start().shift(second * 1_000));
        let rows = rows(
            &pbx.world,
            0,
            Moment {
                now: start(),
                skew_ms: 0,
                fault: None,
            },
        );
        for row in rows.iter().map(|row| serde_json::to_value(row).unwrap()) {
            let known = |key: &str| !row[key].is_null();
            let state = row["state"].as_str().unwrap().to_owned();
            if known("answered") {
                seen.insert(format!("answered while {state}"));
                let by = (known("answeredByExtension"), known("answeredByNumber"));
                seen.insert(format!("answered by {by:?}"));
            } else {
                assert!(!known("answeredByExtension") && !known("answeredByNumber"));
            }
            seen.insert(state);
            if row["privacy"] == true && known("number") {
                seen.insert("a secret number on the wire".to_owned());
            }
            if row["name"].is_null() {
                seen.insert("no name".to_owned());
            } else if row["name"] == "" {
                seen.insert("an empty name".to_owned());
            }
            if known("priority") {
                seen.insert("a field of no page".to_owned());
            }
            if row["_id"].as_str().unwrap().matches('-').count() > 1 {
                seen.insert("a hostname with a dash".to_owned());
            }
        }
    }
    let all = [
        "CALLBACK",
        "QUEUED",
        "VIP",
        "a field of no page",
        "a hostname with a dash",
        "a secret number on the wire",
        "an empty name",
        "answered by (false, false)",
        "answered by (false, true)",
        "answered by (true, false)",
        "answered by (true, true)",
        "answered while CALLBACK",
        "answered while QUEUED",
        "answered while VIP",
        "no name",
    ];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn ids_are_unique_and_an_unchanged_world_gives_the_same_bytes() {
    let mut pbx = Pbx::new();
    let path = format!("/pbx/queue/{}/callers", QUEUE_IDS[0]);
    assert_eq!(pbx.get(&path), pbx.get(&path));
    let mut ids: Vec<String> = QUEUE_IDS
        .iter()
        .flat_map(|queue| pbx.list(queue))
        .map(|row| row["_id"].to_string())
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn the_printed_errors_are_answered() {
    let mut pbx = Pbx::new();
    let mut ask = |path: &str| refused(&pbx.get(path));
    let bad = refusal_of(400, "bad_request", "Id not found in requestURI");
    assert_eq!(ask("/pbx/queue//callers"), bad);
    assert_eq!(ask("/pbx/queue/%20/callers"), bad);
    assert_eq!(ask("/pbx/queue/callers"), bad);
    assert_eq!(
        ask("/pbx/queue/123458789012457890ABCD/callers"),
        refusal_of(404, "id", "Queue not found")
    );
    assert_eq!(
        ask(&format!("/pbx/queue/{FORBIDDEN_QUEUE_ID}/callers")),
        refusal_of(403, "access_denied", "Insufficient access level")
    );
    assert_eq!(ask("/pbx/queue").0, 404);
}

#[test]
fn a_request_without_a_good_token_is_refused_in_the_pages_words() {
    let mut pbx = Pbx::new();
    let path = format!("/pbx/queue/{}/callers", QUEUE_IDS[0]);
    let mut ask = |auth| refused(&pbx.ask(Method::GET, &path, auth, ""));
    let format = refusal_of(
        401,
        "format_error",
        "Authorization header format is Authorization: Bearer <token>",
    );
    assert_eq!(ask(None).1, "credentials_invalid");
    assert_eq!(ask(Some(TOKEN)), format);
    assert_eq!(ask(Some("Bearer ")), format);
    assert_eq!(ask(Some("Basic YTpi")), format);
    assert_eq!(
        ask(Some("Bearer nonsense")),
        refusal_of(401, "invalid_token", "Undecipherable")
    );
}

fn credentials(password: &str) -> String {
    json!({"username": USERNAME, "password": password}).to_string()
}

#[test]
fn a_login_opens_the_door_for_fifteen_minutes() {
    let mut pbx = Pbx::new();
    let login = pbx.ask(Method::POST, "/auth/login", None, &credentials(PASSWORD));
    let given = body(&login);
    assert_eq!(
        (login.status, &given["expiresInMinutes"]),
        (200, &json!(15))
    );
    let auth = format!("Bearer {}", given["token"].as_str().unwrap());
    let path = format!("/pbx/queue/{}/callers", QUEUE_IDS[1]);
    let mut at = |ms| {
        pbx.world.advance(start().shift(ms));
        pbx.ask(Method::GET, &path, Some(&auth), "")
    };
    assert_eq!(at(0).status, 200);
    assert_eq!(at(15 * MINUTE - 1).status, 200);
    let late = refused(&at(15 * MINUTE));
    assert_eq!(
        late,
        refusal_of(401, "expired", "Session has expired, please login")
    );
}

#[test]
fn a_login_takes_json_or_a_query_and_refuses_what_is_wrong() {
    let mut pbx = Pbx::new();
    let query = |password| format!("/auth/login?username=anna%40example.com&password={password}");
    let good = pbx.ask(Method::GET, &query(PASSWORD), None, "");
    assert_eq!(good.status, 200);
    let lasting = format!("{}&persist=true", query(PASSWORD));
    let lasting = body(&pbx.ask(Method::GET, &lasting, None, ""));
    assert_eq!(lasting["expiresInMinutes"], -1);
    assert_ne!(lasting["token"], body(&good)["token"]);

    let wrong = pbx.ask(Method::GET, &query("guess"), None, "");
    assert_eq!(refused(&wrong).1, "credentials_invalid");
    let wrong = pbx.ask(Method::POST, "/auth/login", None, &credentials("guess"));
    assert_eq!(wrong.status, 401);
    let broken = pbx.ask(Method::POST, "/auth/login", None, "username=anna");
    assert_eq!(refused(&broken).0, 400);
}

#[test]
fn faults_make_a_list_long_or_ambiguous() {
    let mut pbx = Pbx::new();
    let real = pbx.list(QUEUE_IDS[0]).len();
    let path = format!("/pbx/queue/{}/callers", QUEUE_IDS[0]);
    let auth = format!("Bearer {TOKEN}");
    let mut with = |fault: Fault| -> Vec<Value> {
        let reply = pbx.ask_with(Method::GET, &path, Some(&auth), "", Some(&fault));
        serde_json::from_slice(&reply.body).unwrap()
    };
    let twice = with(Fault::DuplicateIds);
    assert_eq!(twice.len(), 2 * real);
    assert_eq!(twice[0]["_id"], twice[real]["_id"]);
    assert_ne!(twice[0], twice[real]);
    assert_eq!(with(Fault::Huge { rows: 5_000 }).len(), 5_000);
    assert_eq!(with(Fault::Huge { rows: 0 }).len(), 0);
}
