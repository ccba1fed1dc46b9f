//! Telphin's seven events (Extension Number Events), named from its page and
//! from requests that were seen, and from nowhere else. Which fields stand in
//! which event is the caller's choice: one that is `None` is not sent. All
//! values travel as text, in a query or a form.

use std::sync::Arc;

use crate::domain::scenario::speech::Spoken;

use super::request::{Message, Request, Shape, Value};

/// The field that holds the event's name.
pub const EVENT_TYPE: &str = "EventType";

/// `event_type`: what can be subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `dial-in`: the extension is called.
    DialIn,
    /// `dial-out`: the extension calls.
    DialOut,
    /// `answer`: the leg is answered.
    Answer,
    /// `hangup`: the leg ends.
    Hangup,
    /// `message-in`, of phones only.
    MessageIn,
    /// `message-out`, of phones only.
    MessageOut,
    /// `voicemail`, on the English page only.
    Voicemail,
}

impl Kind {
    /// All seven, in the page's order.
    pub const ALL: [Self; 7] = [
        Self::DialIn,
        Self::DialOut,
        Self::Hangup,
        Self::Answer,
        Self::MessageIn,
        Self::MessageOut,
        Self::Voicemail,
    ];

    /// The event's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DialIn => "dial-in",
            Self::DialOut => "dial-out",
            Self::Answer => "answer",
            Self::Hangup => "hangup",
            Self::MessageIn => "message-in",
            Self::MessageOut => "message-out",
            Self::Voicemail => "voicemail",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// `CallFlow`, as the extension sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// `in`; of a queue: the caller's thread.
    In,
    /// `out`; of a queue: the thread of an agent who is called.
    Out,
}

/// `CallStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// `CALLING`, of dial-in and dial-out.
    Calling,
    /// `ANSWER`, of an answer and of the hang-up after one.
    Answer,
    /// `BUSY`
    Busy,
    /// `NOANSWER`
    NoAnswer,
    /// `CANCEL`: who called gave up, or another phone was answered.
    Cancel,
    /// `CONGESTION`
    Congestion,
    /// `CHANUNAVAIL`
    Unavailable,
}

impl Status {
    /// The word that is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Calling => "CALLING",
            Self::Answer => "ANSWER",
            Self::Busy => "BUSY",
            Self::NoAnswer => "NOANSWER",
            Self::Cancel => "CANCEL",
            Self::Congestion => "CONGESTION",
            Self::Unavailable => "CHANUNAVAIL",
        }
    }
}

impl Flow {
    /// The word that is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// An extension as events name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its id: `85219`.
    pub id: String,
    /// Its address: `2566*102@sipproxy.telphin.ru`.
    pub address: String,
}

/// An event with its fields, each under the vendor's name of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `EventType`.
    pub kind: Kind,
    /// `EventTime`: microseconds since the epoch.
    pub time_us: i64,
    /// `CallID`: 32 hex digits, constant over forwards and transfers.
    pub call_id: String,
    /// `SubCallID`: the extension's id, a dash and 32 hex digits.
    pub sub_call_id: String,
    /// `CallAPIID`.
    pub call_api_id: Option<String>,
    /// `RecID`: of a hang-up, often absent.
    pub rec_id: Option<String>,
    /// `Duration`: of a hang-up, microseconds.
    pub duration_us: Option<i64>,
    /// `Bridged`: of a hang-up, whether two people talked.
    pub bridged: Option<bool>,
    /// `BridgedDuration`: of a hang-up, microseconds.
    pub bridged_us: Option<i64>,
    /// `Transfered`, with one r: forwarded to a number outside.
    pub transfered: Option<bool>,
    /// `CallFlow`.
    pub flow: Flow,
    /// `CallStatus`.
    pub status: Option<Status>,
    /// `CalledDID`: of calls from outside.
    pub called_did: Option<String>,
    /// `CalledNumber`: what was dialled.
    pub called_number: String,
    /// `CalledExtension` and `CalledExtensionID`.
    pub called: Option<Extension>,
    /// `CallerIDName`.
    pub caller_name: Option<String>,
    /// `CallerIDNum`.
    pub caller_number: Option<String>,
    /// `CallerExtension` and `CallerExtensionID`; can be a queue.
    pub caller: Option<Extension>,
}

impl Event {
    /// Its name and fields.
    #[must_use]
    pub fn message(&self) -> Message {
        let mut message = Message::named(EVENT_TYPE, self.kind.name());
        let micros = |us: Option<i64>| us.map(|us| us.to_string());
        let yes = |said: Option<bool>| said.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        let id = |who: &Option<Extension>| who.as_ref().map(|who| who.id.clone());
        let address = |who: &Option<Extension>| who.as_ref().map(|who| who.address.clone());
        let fields = [
            ("EventTime", Some(self.time_us.to_string())),
            ("CallID", Some(self.call_id.clone())),
            ("SubCallID", Some(self.sub_call_id.clone())),
            ("CallAPIID", self.call_api_id.clone()),
            ("RecID", self.rec_id.clone()),
            ("Duration", micros(self.duration_us)),
            ("Bridged", yes(self.bridged)),
            ("BridgedDuration", micros(self.bridged_us)),
            ("Transfered", yes(self.transfered)),
            ("CallFlow", Some(self.flow.word().to_owned())),
            ("CallStatus", self.status.map(|s| s.word().to_owned())),
            ("CalledDID", self.called_did.clone()),
            ("CalledNumber", Some(self.called_number.clone())),
            ("CalledExtension", address(&self.called)),
            ("CalledExtensionID", id(&self.called)),
            ("CallerIDName", self.caller_name.clone()),
            ("CallerIDNum", self.caller_number.clone()),
            ("CallerExtensionID", id(&self.caller)),
            ("CallerExtension", address(&self.caller)),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                message.set(name, Value::Text(value));
            }
        }
        message
    }
}

/// `method` of a subscription: how its events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`: the fields stand in the query, behind what the URL has there.
    Get,
    /// `POST`: they are a form.
    Post,
}

impl Method {
    /// The word in a subscription.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    /// The method of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Get, Self::Post]
            .into_iter()
            .find(|method| method.word() == word)
    }

    /// The message as a request by this method. Both encode it as
    /// `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn request(self, message: &Message) -> Request {
        message.request(match self {
            Self::Get => Shape::Query,
            Self::Post => Shape::Form,
        })
    }
}

/// Any event by its table, with any fields, all as text. What is set twice
/// counts as set last.
#[must_use]
pub fn said(event: &Spoken, fields: &[(Arc<str>, String)]) -> Message {
    let mut message = Message::named(EVENT_TYPE, event.name);
    for (name, given) in fields {
        message.set(name, Value::Text(given.clone()));
    }
    message
}
