//! A Telphin of a few lines: it gives tokens, keeps subscriptions, takes
//! calls, writes down what it was asked, and can be told to answer otherwise.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{
    program::{Home, Ran},
    stub::{Stub, reply},
};

/// What the answer to a call says.
pub const CALL_ID: &str = "262077ef325f4868aa49bf22309229f7";
/// What opens our receiver.
pub const SECRETS: [&str; 2] = ["canary-hook-new-0123", "canary-hook-old-0123"];
/// The address that is told to it, without the secret.
pub const PUBLIC: &str = "https://hooks.example.com";

pub struct Exchange {
    pub url: String,
    state: Arc<Mutex<State>>,
    _stub: Stub,
}

/// What is answered instead, to a request that begins so.
type Otherwise = (String, Vec<u8>);

#[derive(Default)]
struct State {
    /// Extension, id, event, URL, method.
    subscriptions: Vec<(String, u64, Value)>,
    asked: Vec<String>,
    otherwise: Vec<Otherwise>,
    last: u64,
}

impl Exchange {
    pub fn open() -> Self {
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        let stub = Stub::hearing(move |head, body| shared.lock().unwrap().answer(head, body));
        Self {
            url: stub.url.clone(),
            state,
            _stub: stub,
        }
    }

    /// Has this subscribed.
    pub fn has(&self, extension: &str, event: &str, url: &str) {
        let new = json!({"url": url, "method": "GET", "event_type": event});
        self.state.lock().unwrap().add(extension, new);
    }

    /// Answers requests that begin so (`POST /extension/175/`) with this.
    pub fn says(&self, request: &str, status: &str, body: &str) {
        let answer = reply(status, &["content-type: application/json"], body);
        let mut state = self.state.lock().unwrap();
        state.otherwise.push((request.to_owned(), answer));
    }

    /// The requests that changed something: method, path below the version,
    /// and body.
    pub fn changes(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let changes = state.asked.iter().filter(|line| !line.starts_with("GET"));
        changes.cloned().collect()
    }

    /// Events and addresses of an extension.
    pub fn subscribed(&self, extension: &str) -> Vec<(String, String)> {
        let state = self.state.lock().unwrap();
        let own = state.subscriptions.iter().filter(|(e, ..)| e == extension);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        own.map(|(_, _, s)| (text(&s["event_type"]), text(&s["url"])))
            .collect()
    }

    /// A configuration with a voice menu and a phone; `more` of the site, and
    /// tables behind it.
    pub fn config(&self, home: &Home, more: &str) {
        let (url, [new, old]) = (&self.url, SECRETS);
        home.file(
            "config.toml",
            &format!(
                "[journal]\npath = \"journal\"\n[receiver]\nlisten = \"127.0.0.1:0\"\npublic_url \
                 = \"{PUBLIC}\"\n[[site]]\nname = \"phones\"\nvendor = \"telphin\"\nurl = \
                 \"{url}\"\nclient_id = \"app\"\nclient_secret = \"canary-client\"\nhook = {{ \
                 secret = [\"{new}\", \"{old}\"] }}\ncountry = \"DK\"\nextensions = {{ 96850 = {{ \
                 name = \"Menu\", type = \"ivr\" }}, 175 = {{ name = \"Anna\", number = \"200\", \
                 user = \"anna\" }} }}\n{more}\n"
            ),
        );
    }
}

impl State {
    fn add(&mut self, extension: &str, mut new: Value) -> Value {
        self.last += 1;
        let id = self.last;
        new["id"] = id.into();
        self.subscriptions
            .push((extension.to_owned(), id, new.clone()));
        new
    }

    fn answer(&mut self, head: &str, body: &str) -> Vec<u8> {
        const JSON: [&str; 1] = ["content-type: application/json"];
        let line = head.lines().next().unwrap();
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        if path == "/oauth/token" {
            let token = r#"{"access_token":"canary-token","expires_in":3600}"#;
            return reply("200 OK", &JSON, token);
        }
        assert!(
            head.contains("authorization: Bearer canary-token"),
            "{head}"
        );
        let path = path.strip_prefix("/api/ver1.0").unwrap();
        let asked = format!("{method} {path} {body}").trim().to_owned();
        self.asked.push(asked.clone());
        if let Some((_, answer)) = self.otherwise.iter().find(|(r, _)| asked.starts_with(r)) {
            return answer.clone();
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, parts.as_slice()) {
            ("GET", ["extension", extension, "event"]) => {
                let own = self.subscriptions.iter().filter(|(e, ..)| e == extension);
                let own: Vec<&Value> = own.map(|(_, _, s)| s).collect();
                reply("200 OK", &JSON, &json!(own).to_string())
            }
            ("POST", ["extension", extension, "event"]) => {
                let new = self.add(extension, serde_json::from_str(body).unwrap());
                reply("201 Created", &JSON, &new.to_string())
            }
            ("DELETE", ["extension", extension, "event", id]) => {
                let is_it =
                    |(e, i, _): &(String, u64, Value)| e == extension && i.to_string() == *id;
                let before = self.subscriptions.len();
                self.subscriptions.retain(|s| !is_it(s));
                assert_eq!(self.subscriptions.len() + 1, before, "{asked}");
                reply("204 No Content", &[], "")
            }
            ("POST", ["extension", _, "callback"]) => {
                let called = json!({"call_api_id": "1-2", "call_id": CALL_ID});
                reply("201 Created", &JSON, &called.to_string())
            }
            _ => reply("404 Not Found", &JSON, r#"{"message":"Not found"}"#),
        }
    }
}

/// Runs the program as Anna.
pub fn run(home: &Home, args: &[&str]) -> Ran {
    let global = ["--config", "config.toml", "--as", "anna"];
    let ran = home.run([&global[..], args].concat());
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains("canary"), "{text}");
    }
    ran
}

/// The rows of a list.
pub fn rows(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {ran:?}"))
}

/// What the journal holds of actions: who, what, and what came of it.
pub fn recorded(home: &Home) -> Vec<Value> {
    let rows = rows(&run(home, &["events", "--format", "json"]));
    let kinds = ["intent", "outcome"];
    let is_action = |row: &Value| kinds.iter().any(|kind| row["event"] == *kind);
    let actions: Vec<Value> = rows.into_iter().filter(is_action).collect();
    for entry in std::fs::read_dir(home.path().join("journal")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(path).unwrap();
            assert!(!bytes.windows(6).any(|w| w == b"canary"), "in the journal");
        }
    }
    actions
        .into_iter()
        .map(|mut row| row["body"].take())
        .collect()
}
