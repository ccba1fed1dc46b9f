//! A queue caller object, field by field as the page "Queue Callers List"
//! prints it.

use serde::Serialize;

use crate::{
    domain::time::At,
    sim::world::{Agent, Call, Mood, QUEUES, QueueNo},
};

/// One caller in the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    _id: String,
    state: &'static str,
    number: Option<String>,
    name: Option<String>,
    /// True where the number is secret. A real PBX may well send it along, so
    /// the simulator does: it is for the client to drop it.
    privacy: bool,
    entered: String,
    answered: Option<String>,
    presentation: &'static str,
    #[serde(rename = "answeredByExtension")]
    answered_by_extension: Option<String>,
    #[serde(rename = "answeredByNumber")]
    answered_by_number: Option<String>,
    /// On no page: now and then there, so that clients prove that they keep
    /// what they do not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u64>,
}

impl Row {
    /// A call as the list has it, times moved by `skew_ms`.
    pub fn new(call: &Call, agents: &[Agent], skew_ms: i64) -> Self {
        let stamp = |at: At| date(at.shift(skew_ms));
        let answered = call.answered();
        let (extension, number) = match answered {
            Some((_, agent)) => answered_by(&agents[agent], call.salt),
            None => (None, None),
        };
        let name = call.who.name.clone();
        Self {
            _id: id(call.no, call.salt),
            state: match call.mood {
                Mood::Waiting => "QUEUED",
                Mood::WantsCallback => "CALLBACK",
                Mood::Vip => "VIP",
            },
            number: call.who.number.clone(),
            // "If available": some systems say so with an empty text.
            name: name.or_else(|| call.salt.is_multiple_of(3).then(String::new)),
            privacy: call.who.secret,
            entered: stamp(call.entered),
            answered: answered.map(|(at, _)| stamp(at)),
            presentation: QUEUES[call.queue].number,
            answered_by_extension: extension,
            answered_by_number: number,
            priority: call.salt.is_multiple_of(7).then(|| call.salt % 20 + 1),
        }
    }

    /// The same caller once more, told differently.
    pub fn again(&self) -> Self {
        Self {
            state: "CALLBACK",
            name: Some("the same id again".to_owned()),
            ..self.clone()
        }
    }

    /// A caller who is there only to make a list long.
    pub fn filler(n: usize, queue: QueueNo, now: At) -> Self {
        let waited = i64::try_from(n).unwrap_or(0) % 3_600 * 1_000;
        Self {
            _id: format!("filler{n}.0-pbx1.telecomx.dk"),
            state: "QUEUED",
            number: Some(format!("+451{n:07}")),
            name: Some(format!("Caller {n}")),
            privacy: false,
            entered: date(now.shift(-waited)),
            answered: None,
            presentation: QUEUES[queue].number,
            answered_by_extension: None,
            answered_by_number: None,
            priority: None,
        }
    }
}

/// `<channel-id>-<hostname>`, with a letter in the channel as the page prints
/// it, and hosts that hold a `-` of their own.
fn id(no: u64, salt: u64) -> String {
    const HOSTS: [&str; 3] = ["pbx1", "pbx2", "pbx-vest1"];
    let letter = char::from(b'a' + u8::try_from(salt % 26).unwrap_or(0));
    let host = HOSTS[usize::try_from(salt % 3).unwrap_or(0)];
    let (before, after) = (salt / 26 % 100_000, salt / 2_600_000 % 1_000);
    format!("{before:05}{letter}{after:03}.{no}-{host}.telecomx.dk")
}

/// Who answered. The page's example knows neither, and so do we sometimes.
fn answered_by(agent: &Agent, salt: u64) -> (Option<String>, Option<String>) {
    let extension = || format!("5e7700000000000000000{}", agent.extension);
    match salt % 4 {
        0 => (None, None),
        1 => (None, Some(format!("+45102030{:02}", agent.extension % 100))),
        2 => (Some(extension()), None),
        _ => (Some(extension()), Some(agent.extension.to_string())),
    }
}

/// `2018-01-01T00:00:00.000Z`
fn date(at: At) -> String {
    at.timestamp()
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}
