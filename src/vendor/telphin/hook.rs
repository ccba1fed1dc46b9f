//! Telphin's events: which one a request holds, what tells it from others, and
//! what it says ("Extension Number Events"). What an event means depends on
//! what its extension is: a voice menu, a queue or a phone.

use std::{sync::Arc, time::Duration};

use super::{assumed_events as assumed, extensions::Extensions};
use crate::{
    domain::{
        caller::Raw,
        event::{CallEvent, CallFacts, CallStep, Event, Strand},
        extension::ExtensionKind,
        hook::Says,
        id::{AgentId, ExtensionId, QueueId},
    },
    vendor::hook::{bounds, members::Members, request::Fields},
};

/// The event's name as sent, and its key: a repeat has the same leg, event
/// and time, in microseconds.
#[must_use]
pub fn identify(fields: &Fields<'_>) -> (Option<Arc<str>>, Option<String>) {
    let event = fields.text("EventType");
    let key = [fields.text("SubCallID"), fields.text("EventTime")];
    let dedupe = match (&event, key) {
        // The time first: keys of one day lie side by side in their index.
        (Some(event), [Some(leg), Some(at)]) => Some(format!("{at}\n{leg}\n{event}")),
        _ => None,
    };
    (event, dedupe)
}

/// What an event of this name with these fields says, at a site with these
/// extensions.
#[must_use]
pub fn read(event: &str, body: &Raw, extensions: &Extensions) -> Says {
    let Some(members) = Members::of(body) else {
        return Says::Nothing("its fields cannot be read".into());
    };
    if let Some(what) = message(event) {
        return Says::Aside(what.into());
    }
    let kind = match kind(event) {
        Ok(kind) => kind,
        Err(why) => return Says::Nothing(why.into()),
    };
    let understood = Said::new(kind, &members, extensions).and_then(Said::event);
    match understood {
        Ok(event) => Says::This(Box::new(Event::Call(event))),
        Err(why) => Says::Nothing(why.into()),
    }
}

/// What an event tells that is about no call.
fn message(event: &str) -> Option<&'static str> {
    Some(match event.trim().to_ascii_lowercase().as_str() {
        "message-in" => "a message came",
        "message-out" => "a message was sent",
        "voicemail" => "a message was left in a voice mailbox",
        _ => return None,
    })
}

/// The events that are about calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    DialIn,
    DialOut,
    Answer,
    Hangup,
}

fn kind(event: &str) -> Result<Kind, &'static str> {
    Ok(match event.trim().to_ascii_lowercase().as_str() {
        "dial-in" => Kind::DialIn,
        "dial-out" => Kind::DialOut,
        "answer" => Kind::Answer,
        "hangup" => Kind::Hangup,
        "" => return Err("it does not say which event it is"),
        _ => return Err("the vendor's page does not list this event"),
    })
}

/// Which way a call goes, as its extension sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    In,
    Out,
}

/// An event, its extension told.
struct Said<'a> {
    kind: Kind,
    members: &'a Members<'a>,
    extensions: &'a Extensions,
    call: Arc<str>,
    leg: Arc<str>,
    owner: ExtensionId,
    caller: Option<Arc<str>>,
    called: Option<Arc<str>>,
}

impl<'a> Said<'a> {
    fn new(
        kind: Kind,
        members: &'a Members<'a>,
        extensions: &'a Extensions,
    ) -> Result<Self, &'static str> {
        let whole = |name| members.text(name).map(|id| Arc::<str>::from(id.trim()));
        let id = |name| whole(name).map(bounds::id);
        let call = id("callid").ok_or("it has no CallID")?;
        let leg = whole("subcallid").ok_or("it has no SubCallID")?;
        let extension = |name| id(name).filter(|id| assumed::is_extension(id));
        let [caller, called] = ["callerextensionid", "calledextensionid"].map(extension);
        let party = if kind == Kind::DialOut {
            caller.as_ref().or(called.as_ref())
        } else {
            called.as_ref().or(caller.as_ref())
        };
        let owner = assumed::owner(&leg)
            .map(|id| bounds::id(id.as_str().into()).into())
            .or_else(|| party.cloned().map(ExtensionId::from))
            .ok_or("it does not say which extension it is about")?;
        Ok(Self {
            kind,
            members,
            extensions,
            call,
            leg: bounds::id(leg),
            owner,
            caller,
            called,
        })
    }

    fn event(self) -> Result<CallEvent, &'static str> {
        let strand = self.strand();
        let step = self.step(strand)?;
        let time = self.members.text("eventtime");
        let time = time.and_then(|text| assumed::instant(&text));
        Ok(CallEvent {
            at: time.map(|(at, _)| at),
            micros: time.map_or(0, |(_, micros)| micros),
            step,
            home: None,
            facts: self.facts(strand),
            call: self.call.into(),
            leg: self.leg.into(),
        })
    }

    fn kind_of(&self, extension: &ExtensionId) -> ExtensionKind {
        self.extensions.kind(extension).unwrap_or(assumed::UNNAMED)
    }

    /// Whether it was forwarded to a number outside: the page says so of
    /// `dial-out`. A phone that a call was transferred to is called itself.
    fn is_forwarded(&self) -> bool {
        let told = self.members.text("transfered");
        let is_called = self.called.as_deref() == Some(self.owner.as_str());
        told.and_then(|text| assumed::yes(&text)) == Some(true)
            && (self.kind == Kind::DialOut || !is_called)
    }

    fn flow(&self) -> Flow {
        if self.kind == Kind::DialOut {
            return Flow::Out;
        }
        let told = self.members.text("callflow").unwrap_or_default();
        match told.trim().to_ascii_lowercase().as_str() {
            "in" => Flow::In,
            "out" => Flow::Out,
            _ if self.called.as_deref() == Some(self.owner.as_str()) => Flow::In,
            _ if self.caller.as_deref() == Some(self.owner.as_str()) => Flow::Out,
            _ => Flow::In,
        }
    }

    fn strand(&self) -> Strand {
        match (self.kind_of(&self.owner), self.flow()) {
            _ if self.kind == Kind::DialOut || self.is_forwarded() => Strand::Phone,
            (ExtensionKind::Queue, Flow::In) => Strand::QueueIn,
            (ExtensionKind::Queue, Flow::Out) => Strand::QueueOut,
            (ExtensionKind::Ivr, _) => Strand::Menu,
            (ExtensionKind::Phone | ExtensionKind::Fax, _) => Strand::Phone,
        }
    }

    fn step(&self, strand: Strand) -> Result<CallStep, &'static str> {
        Ok(match (self.kind, strand) {
            (Kind::Hangup, _) => CallStep::End,
            (Kind::DialIn, Strand::Menu) => CallStep::Menu,
            (Kind::DialIn, Strand::QueueIn) => CallStep::Start,
            (Kind::DialIn | Kind::DialOut, _) => CallStep::Ring,
            (Kind::Answer, Strand::Menu) => return Err("nobody answers in a voice menu"),
            (Kind::Answer, Strand::QueueIn) => {
                return Err("a queue does not answer: the phone that it calls does");
            }
            (Kind::Answer, _) => CallStep::Answer,
        })
    }

    fn facts(&self, strand: Strand) -> CallFacts {
        let members = self.members;
        let yes = |name| members.text(name).and_then(|text| assumed::yes(&text));
        let ended = self.kind == Kind::Hangup;
        let text = |name| members.text(name).map(bounds::text);
        let number = |name| text(name).map(assumed::number);
        let (dialled, public) = (number("callednumber"), number("calleddid"));
        let other = OTHER.iter().filter_map(|(name, field)| {
            let value = text(field)?;
            Some((Arc::from(*name), value))
        });
        let forwarded = self.is_forwarded();
        let phone = self.phone(strand).filter(|_| !forwarded);
        let calls = strand == Strand::Phone && self.flow() == Flow::Out;
        CallFacts {
            kind: self.call_kind(strand, forwarded).map(Arc::from),
            queue: self.queue(strand),
            number: number("calleridnum"),
            name: self.name(),
            to: public.or(dialled),
            from_agent: phone.clone().filter(|_| calls),
            to_agent: phone.filter(|_| !calls),
            duration: self.length("duration").filter(|_| ended),
            talk: self.length("bridgedduration").filter(|_| ended),
            hangup_cause: text("callstatus").filter(|_| ended),
            strand: Some(strand),
            extension: Some(self.owner.clone()),
            bridged: yes("bridged").filter(|_| ended),
            forwarded: forwarded.then_some(true),
            other: other.collect(),
            ..CallFacts::default()
        }
    }

    /// The caller's name; where there is none the number is sent again.
    fn name(&self) -> Option<Arc<str>> {
        let name = self.members.text("calleridname").map(assumed::number)?;
        let number = self.members.text("calleridnum").map(assumed::number);
        (Some(&name) != number.as_ref()).then(|| bounds::text(name))
    }

    /// The phone that rings or calls.
    fn phone(&self, strand: Strand) -> Option<AgentId> {
        let id = match strand {
            Strand::Menu | Strand::QueueIn => return None,
            Strand::QueueOut => {
                let [number, address] =
                    ["callednumber", "calledextension"].map(|name| self.members.text(name));
                assumed::called_phone(
                    &self.owner,
                    self.called.as_ref(),
                    [number.as_ref(), address.as_ref()],
                    self.extensions,
                )?
            }
            Strand::Phone => self.owner.clone(),
        };
        // A fax box, and what calls out by itself, is nobody's phone.
        (self.kind_of(&id) == ExtensionKind::Phone).then(|| id.as_str().into())
    }

    /// The queue it is about: its own, or the one that calls this phone.
    fn queue(&self, strand: Strand) -> Option<QueueId> {
        let is_queue = |id: &ExtensionId| self.kind_of(id) == ExtensionKind::Queue;
        match strand {
            Strand::QueueIn | Strand::QueueOut => Some(self.owner.as_str().into()),
            Strand::Phone if self.flow() == Flow::In => {
                let caller = self.caller.clone().map(ExtensionId::from)?;
                is_queue(&caller).then(|| caller.as_str().into())
            }
            _ => None,
        }
    }

    /// What kind of call it is; `None` where the rest of the call tells.
    fn call_kind(&self, strand: Strand, forwarded: bool) -> Option<&'static str> {
        let number = |name| self.members.text(name);
        let is_inside = |number: Option<Arc<str>>| {
            number.is_some_and(|number| assumed::is_internal(&number, self.extensions))
        };
        Some(match strand {
            Strand::Menu => return None,
            _ if forwarded => return None,
            Strand::QueueIn | Strand::QueueOut => "queue",
            Strand::Phone if self.flow() == Flow::Out => {
                let other = self
                    .called
                    .as_deref()
                    .filter(|id| *id != self.owner.as_str());
                if other.is_some() || is_inside(number("callednumber")) {
                    "internal"
                } else {
                    "outbound"
                }
            }
            Strand::Phone if self.queue(strand).is_some() => "queue",
            Strand::Phone if number("calleddid").is_some() => "inbound",
            Strand::Phone if is_inside(number("calleridnum")) => "internal",
            Strand::Phone => "inbound",
        })
    }

    /// A length of time, sent in microseconds.
    fn length(&self, name: &str) -> Option<Duration> {
        assumed::length(&self.members.text(name)?)
    }
}

/// Fields that nothing is made of: by name, and as they are looked up.
const OTHER: [(&str, &str); 5] = [
    ("RecID", "recid"),
    ("CallBackID", "callbackid"),
    ("Tag", "tag"),
    ("RemoteNumber", "remotenumber"),
    ("CalledNumber", "callednumber"),
];
