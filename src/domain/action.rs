//! What was asked of a vendor, and what came of it, as the journal keeps it:
//! the intent before the request, the outcome after the answer. An intent
//! without an outcome is one whose outcome is unknown. Neither has a place for
//! a credential. Pure.

use std::{sync::Arc, time::Duration};

use super::{
    id::{QueueId, SiteName},
    injection::{self, Injection, PARAMS, Reply, Told},
    scenario::{
        saying::{MASK, Saying},
        speech,
        webhook::{Shape, Webhook},
    },
    seq::Seq,
    time::At,
};

/// How something said as a vendor travels. No part of it, whose fields may be
/// called anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where it goes, secrets masked.
    pub to: Arc<str>,
    /// How its fields travel; `None` where that is not known.
    pub shape: Option<Shape>,
}

/// Somebody is about to ask a vendor to change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Who.
    pub who: Arc<str>,
    /// The vendor's name of what is asked: `queues/events/create`.
    pub call: Arc<str>,
    /// The queue it is about, if it is about one.
    pub queue: Option<QueueId>,
    /// How it travels, where it was said as a vendor.
    pub way: Option<Way>,
    /// What is sent, by the vendor's names.
    params: Vec<(Arc<str>, Arc<str>)>,
}

impl Intent {
    /// `who` is about to create a queue event.
    #[must_use]
    pub fn inject(who: Arc<str>, injection: &Injection) -> Self {
        let params = injection.pairs();
        Self {
            who,
            call: injection::CALL.into(),
            queue: Some(injection.queue.clone()),
            way: None,
            params: params
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// `who` is about to say an event as a vendor, to this address, whose
    /// secret is masked.
    #[must_use]
    pub fn say(who: Arc<str>, saying: &Saying, to: &str) -> Self {
        let webhook = &saying.webhook;
        let fields = webhook.fields.iter();
        let fields = fields.map(|(name, value)| (name.clone(), value.as_str().into()));
        Self {
            who,
            call: webhook.event.name.into(),
            queue: None,
            way: Some(Way {
                to: to.into(),
                shape: Some(webhook.shape),
            }),
            params: fields.collect(),
        }
    }

    /// The same on its way, as it was read back.
    #[must_use]
    pub fn on(self, way: Option<Way>) -> Self {
        Self { way, ..self }
    }

    /// An intent with these parameters; credentials among them are left out.
    /// What is said as a vendor has none: its fields are the vendor's, whatever
    /// they are called.
    #[must_use]
    pub fn new(
        who: Arc<str>,
        call: Arc<str>,
        queue: Option<QueueId>,
        params: Vec<(Arc<str>, Arc<str>)>,
    ) -> Self {
        let is_secret = |name: &str| {
            let mut secret = PARAMS
                .iter()
                .filter(|p| p.part == injection::Part::Credential);
            secret.any(|p| p.name == name)
        };
        let is_said = speech::event(&call).is_some();
        let mut params = params;
        params.retain(|(name, _)| is_said || !is_secret(name));
        Self {
            who,
            call,
            queue,
            way: None,
            params,
        }
    }

    /// What is sent, by the vendor's names, in the order sent.
    pub fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The event's name, where it was about one: what the vendor was asked to
    /// create, or what was said as a vendor.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        if speech::event(&self.call).is_some() {
            return Some(&self.call);
        }
        let mut params = self.params();
        params.find(|(n, _)| *n == "event").map(|(_, value)| value)
    }

    /// What was said as a vendor, to be looked at before it is said again;
    /// `None` where the intent was another.
    #[must_use]
    pub fn said(&self, site: &SiteName) -> Option<Webhook> {
        let event = speech::event(&self.call)?;
        let own = format!("/hooks/{site}/{MASK}");
        let (to, shape) = match &self.way {
            Some(way) => (Some(&way.to), way.shape),
            None => (None, None),
        };
        let fields = self.params.iter();
        Some(Webhook {
            event,
            fields: fields.map(|(n, v)| (n.clone(), v.to_string())).collect(),
            shape: shape.unwrap_or_default(),
            to: to.filter(|to| !to.ends_with(&own)).cloned(),
            cut: false,
        })
    }

    /// The same event once more, to be looked at before it is sent; `None`
    /// where the intent was another.
    #[must_use]
    pub fn repeated(&self, site: &SiteName) -> Option<Injection> {
        if &*self.call != injection::CALL {
            return None;
        }
        let mut again = Injection::new(site.clone(), self.queue.clone()?);
        for (name, value) in self.params() {
            if name != "queue" {
                // What stands there was read by the same table; Unix seconds
                // need no clock.
                again.set(name, value, At(0)).ok()?;
            }
        }
        Some(again)
    }
}

/// What came of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The intent's place in the journal.
    pub intent: Seq,
    /// How long the answer took.
    pub took: Duration,
    /// How it ended.
    pub ended: Ended,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The vendor answered.
    Answered(Vec<Reply>),
    /// Nothing was changed, and why; a sentence.
    Failed(Arc<str>),
    /// It may have been done, and why that is not known; a sentence.
    Unknown(Arc<str>),
    /// It was looked up later, after an outcome that stands: what the vendor
    /// has on record, a sentence.
    OnRecord(Arc<str>),
}

impl From<&Told> for Ended {
    fn from(told: &Told) -> Self {
        match told {
            Told::Answered(replies) => Self::Answered(replies.clone()),
            Told::Failed(fault) => Self::Failed(fault.what.as_str().into()),
            Told::Unknown(fault) => Self::Unknown(fault.what.as_str().into()),
        }
    }
}

impl Ended {
    /// In a few words: `204: "OK"`, or why there is no answer.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Answered(replies) => {
                let replies: Vec<String> = replies.iter().map(ToString::to_string).collect();
                replies.join(", ")
            }
            Self::Failed(why) => format!("not done: {why}"),
            Self::Unknown(why) => format!("outcome unknown: {why}"),
            Self::OnRecord(what) => what.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Injection {
        let mut event = Injection::new("sales".into(), "123".into());
        event.set("event", "TEST EVENT", At(0)).unwrap();
        event.set("time", "1700000000", At(0)).unwrap();
        event
    }

    #[test]
    fn an_intent_says_what_is_sent_and_can_be_repeated() {
        let event = event();
        let intent = Intent::inject("anna".into(), &event);
        let params: Vec<_> = intent.params().collect();
        assert_eq!(
            params,
            [
                ("queue", "123"),
                ("event", "TEST EVENT"),
                ("time", "1700000000")
            ]
        );
        assert_eq!(intent.repeated(&"sales".into()), Some(event));
        let other = Intent::new("anna".into(), "calls/start".into(), None, Vec::new());
        assert_eq!(other.repeated(&"sales".into()), None);
    }

    #[test]
    fn no_intent_holds_a_credential() {
        let params = vec![
            ("auth_username".into(), "canary".into()),
            ("auth_password".into(), "canary".into()),
            ("event".into(), "X".into()),
        ];
        let intent = Intent::new("anna".into(), injection::CALL.into(), None, params);
        assert_eq!(intent.params().collect::<Vec<_>>(), [("event", "X")]);
    }
}
