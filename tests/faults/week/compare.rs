//! The board held against what is truly so at the vendors, read without any of
//! our clients.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use holdline::{
    domain::action::Ended,
    domain::{
        board::Board,
        entry::{Entry, Seq, What},
        floor::Floor,
        id::SiteName,
        site::Vendor,
        time::At,
    },
    sim::{self, Sim},
};
use md5::{Digest as _, Md5};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

pub type Ids = BTreeSet<String>;

/// What is so.
pub struct Truth {
    /// Who waits, by vendor; and those of whose calls something was lost.
    pub waiting: Vec<(Vendor, Ids, Ids)>,
    /// Calls that go on, and how, by vendor; and the lost ones.
    pub calls: Vec<(Vendor, BTreeMap<String, String>, Ids)>,
    /// Pending callbacks.
    pub callbacks: Ids,
    /// The calls of all events that were created at Enswitch, each as often as
    /// it is on record.
    pub created: BTreeMap<String, u32>,
}

pub fn texts<'v>(list: impl IntoIterator<Item = &'v Value>) -> Ids {
    list.into_iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

impl Truth {
    pub async fn of(sim: &Sim) -> Self {
        let truth = sim.truth();
        let calls = |of: &Value| -> BTreeMap<String, String> {
            let one = |call: &Value| {
                let state = match call["state"].as_str().unwrap() {
                    "menu" => "waiting",
                    state => state,
                };
                (
                    call["call_id"].as_str().unwrap().to_owned(),
                    state.to_owned(),
                )
            };
            list(of).iter().map(one).collect()
        };
        let waits = list(&truth["calls"])
            .iter()
            .filter(|call| call["waits"] == true);
        let contaqt = texts(waits.map(|call| &call["call_id"]));
        let lost = texts(list(&truth["missed_calls"]));
        let phones = &truth["phones"];
        let lost_phones = texts(list(&phones["missed_calls"]));
        Self {
            waiting: vec![
                (Vendor::TelecomX, callers(sim).await, Ids::new()),
                (Vendor::Contaqt, contaqt, lost.clone()),
                (
                    Vendor::Telphin,
                    texts(list(&phones["waiting"])),
                    lost_phones.clone(),
                ),
            ],
            calls: vec![
                (Vendor::Contaqt, calls(&truth["calls"]), lost),
                (Vendor::Telphin, calls(&phones["calls"]), lost_phones),
            ],
            callbacks: callbacks(sim).await,
            created: created(sim).await,
        }
    }
}

/// One request over a connection of its own; the answer's body.
async fn asked(sim: &Sim, line: &str, headers: &str, body: &str) -> String {
    let url = sim.url();
    let address = url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let ask = format!(
        "{line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).await.unwrap();
    let (_, body) = all.split_once("\r\n\r\n").unwrap();
    body.to_owned()
}

/// TelecomX's lists.
async fn callers(sim: &Sim) -> Ids {
    let mut ids = Ids::new();
    for queue in sim::telecomx::QUEUE_IDS {
        let line = format!("GET /telecomx/pbx/queue/{queue}/callers");
        let token = format!("authorization: Bearer {}\r\n", sim::telecomx::TOKEN);
        let body = asked(sim, &line, &token, "").await;
        let rows: Vec<Value> = serde_json::from_str(&body).unwrap();
        ids.extend(texts(rows.iter().map(|row| &row["_id"])));
    }
    ids
}

const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

/// While1's pending callbacks, page by page.
async fn callbacks(sim: &Sim) -> Ids {
    let headers = format!("{FORM}authorization: Bearer {}\r\n", sim::while1::TOKEN);
    let mut ids = Ids::new();
    for page in 1.. {
        let form = format!("action=read&page={page}&filters%5Bstatus%5D=pending");
        let hash = Md5::digest(format!("{form}{}", sim::while1::KEY));
        let mut form = format!("{form}&api_hash=");
        for byte in hash {
            write!(form, "{byte:02x}").unwrap();
        }
        let body = asked(sim, "POST /while1/api/call-queue", &headers, &form).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        let id = |row: &Value| match &row["id"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        ids.extend(list(&body["results"]).iter().map(id));
        let pages = &body["pagination"];
        if pages["current_page"] == pages["max_page"] {
            break;
        }
    }
    ids
}

/// The calls of the events on record at Enswitch.
async fn created(sim: &Sim) -> BTreeMap<String, u32> {
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("auth_username", sim::enswitch::USERNAME)
        .append_pair("auth_password", sim::enswitch::PASSWORD)
        .append_pair("queue", sim::enswitch::QUEUE_IDS[0])
        .append_pair("start", "0")
        .append_pair("end", "99999999999")
        .finish();
    let line = "POST /enswitch/api/json/queues/events/list";
    let body: Value = serde_json::from_str(&asked(sim, line, FORM, &form).await).unwrap();
    let mut created = BTreeMap::new();
    for row in list(&body["data"]) {
        let call = row["data"].as_str().unwrap().split('|').nth(1).unwrap();
        *created.entry(call.to_owned()).or_default() += 1;
    }
    created
}

/// Events that were to be created, by their intents, and what came of them.
#[derive(Default)]
pub struct Acts(BTreeMap<Seq, (String, Option<Ended>)>);

impl Acts {
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.what {
            What::Intent(intent) => {
                let call = intent.params().find(|(name, _)| *name == "callid");
                let call = call.map(|(_, value)| value.to_owned()).unwrap_or_default();
                self.0.insert(entry.seq, (call, None));
            }
            What::Outcome(outcome) => {
                if let Some((_, ended)) = self.0.get_mut(&outcome.intent) {
                    *ended = Some(outcome.ended.clone());
                }
            }
            _ => {}
        }
    }

    /// How many there were.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What is on record otherwise than the outcome says, or without an
    /// intent.
    pub fn wrong(&self, truth: &Truth) -> Vec<String> {
        let mut left = truth.created.clone();
        let mut wrong = Vec::new();
        for (call, ended) in self.0.values() {
            let times = left.remove(call).unwrap_or(0);
            let fits = match ended {
                Some(Ended::Answered(replies)) if replies.iter().all(|r| &*r.code == "204") => {
                    times == 1
                }
                Some(Ended::Answered(_) | Ended::Failed(_)) => times == 0,
                // Killed before it knew, or nobody knows.
                Some(Ended::Unknown(_) | Ended::OnRecord(_)) | None => times <= 1,
            };
            if !fits {
                wrong.push(format!(
                    "{call} is on record {times} times, and was {ended:?}"
                ));
            }
        }
        wrong.extend(left.keys().map(|call| format!("{call} without an intent")));
        wrong
    }
}

/// How a board differs from what is so. What lost some event may differ, but
/// not for ever: whoever came before `old` is there no longer.
pub fn wrong(
    board: &Board,
    truth: &Truth,
    sites: &BTreeMap<SiteName, Vendor>,
    old: At,
    forgiven: bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let nothing = Ids::new();
    for (vendor, truly, lost) in &truth.waiting {
        let lost = if forgiven { lost } else { &nothing };
        let shown = waiting(board, sites, *vendor, At(i64::MAX));
        let differ = shown.symmetric_difference(truly);
        let differ: Vec<_> = differ.filter(|id| !lost.contains(*id)).collect();
        if !differ.is_empty() {
            let (shown, truly) = (shown.len(), truly.len());
            wrong.push(format!(
                "{vendor}: {differ:?} of {shown} shown and {truly} true"
            ));
        }
        let ghosts = waiting(board, sites, *vendor, old);
        let ghosts: Vec<_> = ghosts.difference(truly).collect();
        if !ghosts.is_empty() {
            wrong.push(format!("{vendor}: ghosts of yesterday: {ghosts:?}"));
        }
    }
    for (vendor, truly, lost) in &truth.calls {
        let lost = if forgiven { lost } else { &nothing };
        let mut shown = BTreeMap::new();
        for floor in floors(board, sites, *vendor) {
            for call in floor.open_calls() {
                shown.insert(call.id.to_string(), call.state().word().to_owned());
                if call.heard < old && !truly.contains_key(call.id.as_str()) {
                    wrong.push(format!("{vendor}: the ghost of a call: {}", call.id));
                }
            }
        }
        let ids: BTreeSet<_> = shown.keys().chain(truly.keys()).collect();
        for id in ids.into_iter().filter(|id| !lost.contains(*id)) {
            let (shown, truly) = (shown.get(id), truly.get(id));
            if shown != truly {
                wrong.push(format!("{vendor}: call {id} is {truly:?}, not {shown:?}"));
            }
        }
    }
    wrong
}

pub fn floors<'b>(
    board: &'b Board,
    sites: &BTreeMap<SiteName, Vendor>,
    vendor: Vendor,
) -> impl Iterator<Item = &'b Floor> {
    let floors = board.floors();
    floors.filter_map(move |(site, floor)| (sites.get(site) == Some(&vendor)).then_some(floor))
}

/// Who waits at a vendor's, of those who came before an instant.
pub fn waiting(
    board: &Board,
    sites: &BTreeMap<SiteName, Vendor>,
    vendor: Vendor,
    before: At,
) -> Ids {
    let of_vendor = board
        .queues()
        .filter(|key| sites.get(&key.site) == Some(&vendor));
    let callers = of_vendor.flat_map(|key| board.queue(key).unwrap().callers());
    let came = callers.filter(|waiting| waiting.caller.entered().is_none_or(|at| at < before));
    came.map(|waiting| waiting.caller.id().to_string())
        .collect()
}

/// Where two differ first, and in what.
pub fn differs(one: &Value, other: &Value, at: &str) -> Option<String> {
    match (one, other) {
        _ if one == other => None,
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            let mut members = a.iter().zip(b.values());
            members.find_map(|((name, a), b)| differs(a, b, &format!("{at}/{name}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut items = a.iter().zip(b).enumerate();
            items.find_map(|(number, (a, b))| differs(a, b, &format!("{at}/{number}")))
        }
        _ => {
            let short = |value: &Value| value.to_string().chars().take(300).collect::<String>();
            Some(format!("{at}: {} but {}", short(one), short(other)))
        }
    }
}
