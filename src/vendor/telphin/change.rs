//! What changes something at Telphin: subscriptions, and calls that are made.
//! Each is sent once and never again, whatever happens, and one deadline counts
//! for all of it: login, renewal and looking up too. Who may do it is not its
//! business.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::Duration,
};

use reqwest::{Method, Url};
use serde_json::json;
use tokio::time::Instant;

use super::{
    assumed,
    client::{Client, Question, Way},
    refusal::{self, About, Asker},
    wire,
};
use crate::{
    domain::{
        dial::{Dial, Line},
        fault::{Fault, FaultKind},
        id::{CallId, ExtensionId},
        injection::{Reply, Told},
        subscription::{NewSubscription, Subscription},
        time::At,
    },
    vendor::{
        foreign,
        http::{Answer, Lost},
    },
};

/// Longer ids are cut where they are kept for people.
const LONGEST: usize = 100;
/// What is shorter is no secret.
const SHORT: usize = 6;

/// What became of a change of subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// `Answered` where it is done; `Failed` where it surely is not, the
    /// vendor's refusals among them; else `Unknown`.
    pub told: Told,
    /// How long it took until then.
    pub took: Duration,
    /// The subscription that was made, where one came back.
    pub subscription: Option<Subscription>,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// `Answered` where it is being made; `Failed` where it surely is not,
    /// the vendor's refusals among them; else `Unknown`.
    pub told: Told,
    /// How long it took until then.
    pub took: Duration,
    /// `CallID` in the events that follow, where it was told.
    pub call: Option<CallId>,
    /// `CallAPIID` in the events that follow, where it was told.
    pub call_api: Option<Arc<str>>,
}

/// Short numbers that were looked up, and when.
#[derive(Debug)]
pub(super) struct Numbers {
    at: At,
    of: HashMap<ExtensionId, Arc<str>>,
}

impl Client {
    /// Has an extension's events of one type pushed to a URL:
    /// `POST /extension/{id}/event/`. `extension` is an id, or `@` and a short
    /// number.
    pub async fn subscribe(&self, extension: &str, new: &NewSubscription) -> Changed {
        let path = ["extension", extension, "event", ""];
        let question = Question {
            method: Method::POST,
            body: Some(json!({
                "url": &*new.url,
                "event_type": &*new.event,
                "method": &*new.method,
            })),
            hidden: secret_parts(&new.url),
            ..Question::get("subscribe", About::Subscribing, &path)
        };
        let (begun, until) = (Instant::now(), self.http.until());
        let id = |made: &Subscription| Some(("id", made.id.to_string()));
        let (told, subscription) = self.change(until, &question, 201, wire::created, id).await;
        Changed {
            told,
            took: begun.elapsed(),
            subscription,
        }
    }

    /// Ends a subscription: `DELETE /extension/{id}/event/{event_id}`.
    pub async fn unsubscribe(&self, extension: &str, id: &str) -> Changed {
        let (begun, until) = (Instant::now(), self.http.until());
        let changed = |told| Changed {
            told,
            took: begun.elapsed(),
            subscription: None,
        };
        // Without an id, the same address ends all of the extension's,
        // somebody else's among them.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if id.is_empty() || !id.chars().all(is_plain) {
            return changed(Told::Failed(Fault::new(
                FaultKind::Invalid { field: "id".into() },
                "that is no id of a subscription, so nothing was sent",
                "look at the ids of what is subscribed",
            )));
        }
        let path = ["extension", extension, "event", id];
        let question = Question {
            method: Method::DELETE,
            ..Question::get("unsubscribe", About::Subscription, &path)
        };
        let silent = |answer: &Answer| (!refusal::is_error(answer)).then_some(());
        let ended = self.change(until, &question, 204, silent, |()| None);
        changed(ended.await.0)
    }

    /// Rings an extension and, when it answers, the number:
    /// `POST /extension/{id}/callback/`.
    pub async fn call(&self, dial: &Dial) -> Placed {
        let (begun, until) = (Instant::now(), self.http.until());
        let (told, called) = match self.line(&dial.from, until).await {
            Ok((extension, number)) => self.place(&extension, &number, &dial.to, until).await,
            Err(fault) => (Told::Failed(fault), None),
        };
        let wire::Called { call, call_api } = called.unwrap_or_default();
        Placed {
            told,
            took: begun.elapsed(),
            call,
            call_api,
        }
    }

    async fn place(
        &self,
        extension: &str,
        number: &str,
        to: &str,
        until: Instant,
    ) -> (Told, Option<wire::Called>) {
        let path = ["extension", extension, "callback", ""];
        let question = Question {
            method: Method::POST,
            body: Some(json!({ "dst_num": to, "src_num": [number] })),
            ..Question::get("callback", About::Call, &path)
        };
        let id = |called: &wire::Called| Some(("call_id", called.call.as_ref()?.to_string()));
        self.change(until, &question, 201, wire::called, id).await
    }

    /// The extension in a path, and the number to be rung (`src_num`).
    async fn line(&self, line: &Line, until: Instant) -> Result<(String, Arc<str>), Fault> {
        match line {
            Line::Number(number) => Ok((format!("{}{number}", assumed::BY_NUMBER), number.clone())),
            Line::Id(id) => Ok((id.to_string(), self.number(id, until).await?)),
        }
    }

    /// An extension's short number: as configured, or as it was looked up
    /// lately, or looked up now.
    async fn number(&self, id: &ExtensionId, until: Instant) -> Result<Arc<str>, Fault> {
        let mut configured = self.extensions.iter().filter(|e| e.id == *id);
        if let Some(number) = configured.find_map(|e| e.number.as_deref()) {
            return Ok(number.into());
        }
        let now = self.http.now();
        if let Some(number) = self.looked_up(id, now) {
            return Ok(number);
        }
        let remedy = "set `number` for it in `extensions` of the configuration, or call from its \
                      short number";
        // Boxed: a long question on the way to a short one.
        let listing = Box::pin(self.http.by(until, self.extensions()));
        let listed = listing.await.map_err(|fault| {
            let what = format!(
                "the short number of extension {id} could not be looked up: {}",
                fault.what
            );
            Fault::new(fault.kind, what, remedy)
        })?;
        let numbers = listed.into_iter().filter_map(|e| Some((e.id, e.number?)));
        let of: HashMap<_, _> = numbers.collect();
        let number = of.get(id).cloned();
        *self.numbers.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Numbers { at: now, of });
        number.ok_or_else(|| {
            Fault::new(
                FaultKind::Invalid {
                    field: "number".into(),
                },
                format!("Telphin lists no short number for extension {id}"),
                remedy,
            )
        })
    }

    fn looked_up(&self, id: &ExtensionId, now: At) -> Option<Arc<str>> {
        let numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers = numbers.as_ref()?;
        let is_fresh = numbers.at <= now && now < numbers.at.plus(assumed::NUMBERS_LIFE);
        numbers.of.get(id).filter(|_| is_fresh).cloned()
    }

    /// Sends a change once, `until` then. `due` is the status that says that it is done;
    /// `read` finds what was made in a good answer, `named` by which of the
    /// vendor's names and values it is kept.
    async fn change<T>(
        &self,
        until: Instant,
        question: &Question<'_>,
        due: u16,
        read: impl FnOnce(&Answer) -> Option<T>,
        named: impl FnOnce(&T) -> Option<(&'static str, String)>,
    ) -> (Told, Option<T>) {
        let way = Way::default();
        let exchange = async { Ok(Box::pin(self.exchange(question, &way)).await) };
        let late = |fault| {
            Err(Lost {
                fault,
                may_have_arrived: way.may_arrive(),
            })
        };
        let exchanged = self.http.by(until, exchange).await;
        let (answer, pass) = match exchanged.unwrap_or_else(late) {
            Ok(exchanged) => exchanged,
            Err(lost) if lost.may_have_arrived => return (Told::Unknown(lost.fault), None),
            Err(lost) => return (Told::Failed(lost.fault), None),
        };
        self.asker(question, &pass, |asker| {
            let made = Some(&answer).filter(|a| wire::is_good(a)).and_then(read);
            if made.is_some() || (wire::is_good(&answer) && answer.status == due) {
                let named = made.as_ref().and_then(named);
                let reply = reply(answer.status, named, asker);
                return (Told::Answered(vec![reply]), made);
            }
            let fault = refusal::fault(&answer, asker);
            if refusal::changed_nothing(answer.status) {
                (Told::Failed(fault), None)
            } else {
                (Told::Unknown(fault), None)
            }
        })
    }
}

/// The vendor's answer to a change, as it is kept: `201 call_id: "…"`.
fn reply(status: u16, named: Option<(&str, String)>, asker: &Asker<'_>) -> Reply {
    let (key, value) = named.unwrap_or_default();
    Reply {
        code: status.to_string(),
        key: key.to_owned(),
        message: foreign::quote(&value, asker.secrets, LONGEST),
    }
}

/// What may be a secret in an address that is sent, should the vendor repeat
/// it: the whole, a password, the last part of its path and its query's values.
fn secret_parts(address: &str) -> Vec<String> {
    let mut parts = vec![address.to_owned()];
    if let Ok(url) = Url::parse(address) {
        let last = url.path_segments().and_then(|mut parts| parts.next_back());
        parts.extend(last.map(str::to_owned));
        parts.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
        parts.extend(url.password().map(str::to_owned));
    }
    // Shorter ones keep nothing secret, and stand in many words.
    parts.retain(|part| part.len() >= SHORT);
    parts
}
