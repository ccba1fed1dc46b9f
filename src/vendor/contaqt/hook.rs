//! Contaqt's events: which one a request holds, what tells it from others,
//! and what it says ("Events", version 1.3).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use serde_json::value::RawValue;

use super::assumed;
use crate::{
    domain::{
        caller::Raw,
        event::{AgentNews, CallEvent, CallFacts, CallStep, Event},
        hook::Says,
        id::QueueId,
        time::At,
    },
    vendor::{
        hook::{bounds, members::Members, request::Fields},
        json::Scalar,
    },
};

/// The event's name as sent, and the key of a call event: a repeat has the
/// same `id`, event and `ts`. Agents' events carry no time, so that two of
/// them that look alike are two.
#[must_use]
pub fn identify(fields: &Fields<'_>) -> (Option<Arc<str>>, Option<String>) {
    let named = assumed::EVENT_KEYS
        .iter()
        .enumerate()
        .find_map(|(place, key)| {
            let mut values = fields.texts(key);
            values.find(|value| assumed::is_event_name(place, value))
        });
    let key = named.as_deref().map(assumed::event_name).and_then(|name| {
        step(&name)?;
        let leg = fields.text("id").or_else(|| fields.text("call_id"))?;
        let at = assumed::instant(&fields.text("ts")?)?;
        // The time first: keys of one day lie side by side in their index.
        Some([&*at.0.to_string(), &*leg, &*name].join("\n"))
    });
    (named, key)
}

fn step(event: &str) -> Option<CallStep> {
    Some(match event {
        "call:start" => CallStep::Start,
        "call:ring" => CallStep::Ring,
        "call:answer" => CallStep::Answer,
        "call:end" => CallStep::End,
        _ => return None,
    })
}

/// What an event of this name with these fields says.
#[must_use]
pub fn read(event: &str, body: &Raw) -> Says {
    match parts(event, body) {
        Ok((said, about)) => Says::This(Box::new(said.event(about))),
        Err(why) => Says::Nothing(why.into()),
    }
}

/// An event's fields, and whom it is about; or why nothing is made of it.
fn parts<'a>(event: &str, body: &'a Raw) -> Result<(Said<'a>, About), &'static str> {
    let said = Said(Members::of(body).ok_or("its fields cannot be read")?);
    let name = assumed::event_name(event);
    let about = match step(&name) {
        Some(step) => said.call(step)?,
        None => said.agent(&name)?,
    };
    Ok((said, about))
}

/// Whom an event is about, and what it tells of them.
enum About {
    Agent {
        agent: Arc<str>,
        news: fn(&Said<'_>) -> AgentNews,
    },
    Call {
        step: CallStep,
        call: Arc<str>,
        leg: Arc<str>,
    },
}

/// An event's fields.
struct Said<'a>(Members<'a>);

impl Said<'_> {
    fn event(&self, about: About) -> Event {
        match about {
            About::Agent { agent, news } => Event::Agent {
                agent: agent.into(),
                news: news(self),
            },
            About::Call { step, call, leg } => Event::Call(CallEvent {
                call: call.into(),
                leg: leg.into(),
                at: self.at("ts"),
                micros: 0,
                step,
                home: None,
                facts: self.facts(),
            }),
        }
    }

    fn agent(&self, event: &str) -> Result<About, &'static str> {
        let news: fn(&Said<'_>) -> AgentNews = match event {
            "agent:checkin" => |said| AgentNews::CheckedIn {
                device: said.id("device_id"),
                device_name: said.text("device_name"),
            },
            "agent:checkout" => |_| AgentNews::CheckedOut,
            "queue:join" => |said| AgentNews::Joined(said.queues()),
            "queue:leave" => |said| AgentNews::Left(said.queues()),
            "agent:status" => |said| AgentNews::Status {
                activity: said.none_or_id("activity_id"),
                pause: said.none_or_id("pause_id"),
                in_calls: said.flag("in_calls"),
            },
            "" => return Err("it does not say which event it is"),
            _ => return Err("the vendor's page does not list this event"),
        };
        let agent = self.id("user_id").ok_or("it has no user_id")?;
        Ok(About::Agent { agent, news })
    }

    fn call(&self, step: CallStep) -> Result<About, &'static str> {
        let (leg, call) = (self.id("id"), self.id("call_id"));
        // The first leg's id is the call's.
        let call_id = call.clone().or_else(|| leg.clone());
        let (Some(leg), Some(call)) = (leg.or(call), call_id) else {
            return Err("it has neither id nor call_id");
        };
        Ok(About::Call { step, call, leg })
    }

    fn facts(&self) -> CallFacts {
        let other = OTHER.iter().filter_map(|name| {
            let value = self.nested(name).or_else(|| self.text(name))?;
            Some((Arc::from(*name), value))
        });
        CallFacts {
            kind: self.text("type"),
            queue: self.id("queue_id").map(QueueId::from),
            number: self.text("cid_num").as_ref().map(assumed::number),
            name: self.text("cid_name"),
            to: self.text("dst_num").as_ref().map(assumed::number),
            from_agent: self.id("src_user_id").map(Into::into),
            to_agent: self.id("dst_user_id").map(Into::into),
            from_device: self.id("src_device_id"),
            to_device: self.id("dst_device_id"),
            country: self.text("a2"),
            wait: self.millis("waitms"),
            duration: self.millis("durationms"),
            progress: self.millis("progressms"),
            talk: self.millis("billms"),
            queue_wait: self.seconds("cc_wait"),
            hangup_cause: self.text("hangup_cause"),
            canceled: self.text("canceled"),
            other: other.collect(),
            ..CallFacts::default()
        }
    }

    fn text(&self, name: &str) -> Option<Arc<str>> {
        self.0.text(name).map(bounds::text)
    }

    /// `tags` and the like may be lists or objects: then their JSON.
    fn nested(&self, name: &str) -> Option<Arc<str>> {
        let json = self.0.raw(name)?.get();
        (json.starts_with(['[', '{']) && !matches!(json, "[]" | "{}"))
            .then(|| bounds::text(json.into()))
    }

    fn id(&self, name: &str) -> Option<Arc<str>> {
        let text = self.0.text(name)?;
        let bare = text.trim();
        let bare = match bare.len() {
            len if len == text.len() => text.clone(),
            _ => bare.into(),
        };
        assumed::is_id(&bare).then(|| bounds::id(bare))
    }

    /// A field that is there and empty says "none"; one that is not there
    /// says nothing.
    fn none_or_id(&self, name: &str) -> Option<Arc<str>> {
        self.0.raw(name)?;
        Some(self.id(name).unwrap_or_else(|| assumed::NONE.into()))
    }

    fn flag(&self, name: &str) -> Option<bool> {
        Some(match self.0.scalar(name)? {
            Scalar::Bool(yes) => yes,
            Scalar::Null => false,
            Scalar::Text(text) if text.trim().eq_ignore_ascii_case("true") => true,
            other => other.integer().is_some_and(|n| n > 0),
        })
    }

    fn at(&self, name: &str) -> Option<At> {
        let scalar = self.0.scalar(name)?;
        let text = scalar.text()?;
        assumed::instant(&text).or_else(|| At::parse(&text))
    }

    fn millis(&self, name: &str) -> Option<Duration> {
        self.number(name, 1.0)
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        self.number(name, 1_000.0)
    }

    /// A length of time; a negative one is none.
    fn number(&self, name: &str, unit_ms: f64) -> Option<Duration> {
        let number: f64 = self.text(name)?.trim().parse().ok()?;
        Duration::try_from_secs_f64((number * unit_ms).round() / 1_000.0).ok()
    }

    /// Ids of queues, however the list is written: an array, its JSON as
    /// text, separated by commas, or a single one.
    fn queues(&self) -> Vec<QueueId> {
        let mut found = Queues::default();
        if let Some(raw) = self.0.raw("queues") {
            gather(raw, &mut found, 0);
        }
        found.list
    }
}

/// Documented variables that nothing is made of; see [`CallFacts::other`].
const OTHER: [&str; 8] = [
    "site_id",
    "tags",
    "lead_id",
    "lead_name",
    "campaign_id",
    "dialer_id",
    "conference_id",
    "call_script",
];

/// How deep lists of queues are looked into.
const DEEPEST: u8 = 4;

/// The most queues of one event. The page names no limit, but nobody serves
/// more: what follows is left out, and stands in the event's fields as sent.
const MOST_QUEUES: usize = 1_000;

/// Each queue once, in the order sent.
#[derive(Default)]
struct Queues {
    list: Vec<QueueId>,
    known: HashSet<QueueId>,
}

impl Queues {
    fn add(&mut self, id: &str) {
        let id = QueueId::from(bounds::id(id.into()));
        if !self.is_full() && self.known.insert(id.clone()) {
            self.list.push(id);
        }
    }

    fn is_full(&self) -> bool {
        self.list.len() == MOST_QUEUES
    }
}

fn gather(raw: &RawValue, found: &mut Queues, depth: u8) {
    if depth > DEEPEST || found.is_full() {
        return;
    }
    let text = match Scalar::read(raw) {
        Ok(Scalar::Nested) => raw.get().to_owned(),
        Ok(scalar) => scalar.text().unwrap_or_default().to_string(),
        Err(_) => return,
    };
    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(&text) {
        for item in list {
            gather(item, found, depth + 1);
        }
    } else if let Ok(object) = serde_json::from_str::<HashMap<String, &RawValue>>(&text) {
        // PHP's array with gaps: the values count.
        let mut values: Vec<_> = object.into_iter().collect();
        values.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, value) in values {
            gather(value, found, depth + 1);
        }
    } else {
        text.split(',')
            .map(str::trim)
            .filter(|id| assumed::is_id(id))
            .for_each(|id| found.add(id));
    }
}
