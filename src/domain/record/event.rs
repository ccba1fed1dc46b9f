//! An entry of the journal as scripts see it: the field names of `holdline
//! events`.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json, value::RawValue};

use super::Fields;
use crate::domain::{
    action::{Ended, Intent, Outcome},
    caller::{Caller, Raw},
    entry::{Change, Entry, What},
    event::Event,
    hook::{Hook, Says},
    id::QueueId,
    injection::Reply,
    scenario::Shape,
    triage::{Act, Deed},
};

/// One line of `holdline events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventRecord {
    /// Its place in the journal.
    pub seq: u64,
    /// When it was received or done, by our clock.
    pub at: String,
    /// The site's name.
    pub site: String,
    /// Where it came from: `hook` (pushed), `injected` (pushed by our own
    /// injector), `poll` (seen in a list), `console` (somebody did it),
    /// `receiver` (turned away, or not listening), `other`.
    pub source: String,
    /// The vendor's own name where there is one; else what happened.
    pub event: String,
    /// The call's id; of what was polled, the caller's.
    pub call_id: Option<String>,
    /// The leg's id: Contaqt's `id`, Telphin's `SubCallID`.
    pub leg_id: Option<String>,
    /// The agent's id.
    pub agent: Option<String>,
    /// The queue's id; of several, with commas between.
    pub queue: Option<String>,
    /// What was sent, as sent; of what nobody sent, what was recorded.
    pub body: Body,
}

/// JSON as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(Raw);

impl Body {
    fn made(value: &Value) -> Self {
        Self(Raw::new(&value.to_string()))
    }

    /// The JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        self.0.as_str()
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(self.json()) {
            Ok(value) => value.serialize(to),
            // Not JSON after all: better as text than not at all.
            Err(_) => to.serialize_str(self.json()),
        }
    }
}

impl EventRecord {
    /// An entry. Pushed events must have been read before, or their ids are
    /// not known.
    #[must_use]
    pub fn new(entry: &Entry) -> Self {
        Self {
            body: body(entry),
            ..Self::heads(entry)
        }
    }

    /// An entry without its body, which takes most of the work: what is read
    /// in a list.
    #[must_use]
    pub fn heads(entry: &Entry) -> Self {
        let record = Self {
            seq: entry.seq,
            at: entry.at.to_string(),
            site: entry.site.to_string(),
            source: String::new(),
            event: String::new(),
            call_id: None,
            leg_id: None,
            agent: None,
            queue: None,
            body: Body(Raw::new("null")),
        };
        match &entry.what {
            What::Hook(hook) => record.hook(hook),
            What::Change(change) => record.change(change),
            What::Act(act) => record.of("console", deed(&act.deed)),
            What::Refused { .. } => record.of("receiver", "refused"),
            What::Gap { .. } => record.of("receiver", "gap"),
            What::Intent(intent) => Self {
                queue: intent.queue.as_ref().map(ToString::to_string),
                ..record.of("console", "intent")
            },
            What::Outcome(_) => record.of("console", "outcome"),
            What::Unknown { kind, .. } => record.of("other", kind),
        }
    }

    /// Whether it is an intent.
    #[must_use]
    pub fn is_intent(&self) -> bool {
        self.source == "console" && self.event == "intent"
    }

    /// Notes on an intent that no outcome is on record: whoever wrote it may
    /// not have lived to write more. On another entry, changes nothing.
    pub fn note_unknown_outcome(&mut self) {
        self.note("outcome unknown: no later entry tells it");
    }

    /// Notes on an intent that its outcome, once there is one, is an entry of
    /// its own. On another entry, changes nothing.
    pub fn note_later_outcome(&mut self) {
        self.note("its outcome, once it is known, is an entry of its own");
    }

    fn note(&mut self, note: &str) {
        if !self.is_intent() {
            return;
        }
        if let Ok(Value::Object(mut body)) = serde_json::from_str(self.body.json()) {
            body.insert("note".to_owned(), note.into());
            self.body = Body::made(&Value::Object(body));
        }
    }

    fn of(self, source: &str, event: &str) -> Self {
        Self {
            source: source.into(),
            event: event.into(),
            ..self
        }
    }

    fn hook(self, hook: &Hook) -> Self {
        let source = if hook.injected { "injected" } else { "hook" };
        let record = self.of(source, &hook.event);
        let Says::This(event) = &hook.says else {
            return record;
        };
        match &**event {
            Event::Agent { agent, news } => {
                let queues: Vec<&str> = news.queues().iter().map(QueueId::as_str).collect();
                Self {
                    agent: Some(agent.to_string()),
                    queue: (!queues.is_empty()).then(|| queues.join(",")),
                    ..record
                }
            }
            Event::Call(event) => {
                let facts = &event.facts;
                let agent = facts.to_agent.as_ref().or(facts.from_agent.as_ref());
                Self {
                    call_id: Some(event.call.to_string()),
                    leg_id: Some(event.leg.to_string()),
                    agent: agent.map(ToString::to_string),
                    queue: facts.queue.as_ref().map(ToString::to_string),
                    ..record
                }
            }
        }
    }

    fn change(self, change: &Change) -> Self {
        let (event, id) = match change {
            Change::Entered { caller, .. } => ("entered", &caller.id),
            Change::Updated { caller, .. } => ("updated", &caller.id),
            Change::Gone { id, .. } => ("gone", id),
        };
        Self {
            call_id: Some(id.to_string()),
            queue: Some(change.queue().to_string()),
            ..self.of("poll", event)
        }
    }
}

fn deed(deed: &Deed) -> &'static str {
    match deed {
        Deed::Claim { .. } => "claim",
        Deed::Release => "release",
        Deed::Note { .. } => "note",
        Deed::Outcome { .. } => "outcome",
        Deed::Snooze { .. } => "snooze",
        Deed::Undo { .. } => "undo",
        Deed::Add { .. } => "add",
    }
}

/// What was sent, as sent; of what nobody sent, what was recorded.
fn body(entry: &Entry) -> Body {
    Body::made(&match &entry.what {
        What::Hook(hook) => return Body(hook.body.clone()),
        What::Unknown { body, .. } => return Body(Raw::new(body)),
        What::Change(change) => change_body(change),
        What::Act(act) => act_body(act),
        What::Refused { why, from, count } => {
            json!({"why": &**why, "from": &**from, "count": count})
        }
        What::Gap { from, to } => json!({"from": from.to_string(), "to": to.to_string()}),
        What::Intent(intent) => intent_body(intent),
        What::Outcome(outcome) => outcome_body(outcome),
    })
}

fn act_body(act: &Act) -> Value {
    let mut body = json!({
        "id": act.subject.id,
        "customer": act.customer,
        "who": act.who,
        "deed": act.deed,
    });
    if !act.also.is_empty() {
        body["also"] = json!(act.also);
    }
    body
}

fn change_body(change: &Change) -> Value {
    match change {
        Change::Entered { caller, .. } | Change::Updated { caller, .. } => caller_body(caller),
        Change::Gone {
            id, how, waited, ..
        } => {
            let waited = waited.map(|d| d.as_secs());
            json!({"id": id, "how": how, "wait_s": waited})
        }
    }
}

fn intent_body(intent: &Intent) -> Value {
    let params: Map<String, Value> = intent
        .params()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let mut body = json!({
        "who": intent.who,
        "call": intent.call,
        "params": params,
    });
    if let Some(way) = &intent.way {
        body["to"] = Value::from(&*way.to);
        body["shape"] = way.shape.map(Shape::word).into();
    }
    body
}

fn outcome_body(outcome: &Outcome) -> Value {
    let told = match &outcome.ended {
        Ended::Answered(replies) => {
            let reply = |r: &Reply| json!({"code": r.code, "key": r.key, "message": r.message});
            ("answers", replies.iter().map(reply).collect())
        }
        Ended::Failed(why) => ("failed", Value::from(&**why)),
        Ended::Unknown(why) => ("unknown", Value::from(&**why)),
        Ended::OnRecord(what) => ("record", Value::from(&**what)),
    };
    let ms = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX);
    json!({"intent": outcome.intent, "ms": ms, told.0: told.1})
}

/// A caller under the names of `holdline callers`. Of a secret one there is
/// neither number nor name to be had.
fn caller_body(caller: &Caller) -> Value {
    json!({
        "id": caller.id,
        "state": caller.state.word(),
        "number": caller.party.number(),
        "secret": caller.party.is_secret(),
        "name": caller.party.name(),
        "entered": caller.entered.map(|at| at.to_string()),
        "answered": caller.answered.map(|at| at.to_string()),
        "presentation": caller.presentation,
        "answered_by_extension": caller.answered_by_extension,
        "answered_by_number": caller.answered_by_number,
    })
}

impl Fields for EventRecord {
    const FIELDS: &'static [&'static str] = &[
        "seq", "at", "site", "source", "event", "call_id", "leg_id", "agent", "queue", "body",
    ];
}
