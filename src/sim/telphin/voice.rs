//! The exchange's news in Telphin's words. Pure. What is assumed of the vendor
//! stands in `assumed`.

use crate::emit::telphin::{Event, Flow, Kind, Status};

use super::{
    super::world::{
        Person,
        exchange::{Call, End, Leg, LegKind, Message, News, Other, Station, Step, What},
    },
    assumed,
    extensions::{self, Extension},
};

/// Whose event it is, and the event; `skew_ms`: how far the vendor's clock is
/// ahead.
pub fn event(news: &News, skew_ms: i64) -> (Station, Event) {
    let (station, mut event) = match &news.what {
        What::Leg(step, call, leg) => {
            let station = call.legs[*leg].station;
            (station, told(*step, call, &call.legs[*leg], news.at))
        }
        What::Message(message) => (Station::Phone(message.phone), texted(message, news.at)),
    };
    let skew = skew_ms.saturating_mul(1_000);
    event.time_us = event.time_us.saturating_add(skew);
    (station, event)
}

/// A call's `CallID`.
pub fn call_id(salt: u128) -> String {
    format!("{salt:032x}")
}

/// A call's `CallAPIID`.
pub fn api_id(salt: u128) -> String {
    let hex = call_id(salt);
    let parts = [
        assumed::ACCOUNT,
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

/// A leg's `SubCallID`.
pub fn sub_call_id(leg: &Leg) -> String {
    under(extensions::of(leg.station), leg.salt)
}

fn under(extension: Extension, salt: u128) -> String {
    format!("{}-{salt:032x}", extension.id)
}

fn told(step: Step, call: &Call, leg: &Leg, at: i64) -> Event {
    let own = extensions::of(leg.station);
    let flow = match leg.kind {
        LegKind::Held | LegKind::Called | LegKind::Silent => Flow::In,
        LegKind::Agent | LegKind::Calls | LegKind::Forwarded => Flow::Out,
    };
    let mut event = Event {
        kind: kind(step, leg.kind),
        time_us: match step {
            Step::BeganAgain if !assumed::repeats_with_new_time(leg.salt) => leg.began,
            _ => at,
        },
        call_id: call_id(call.salt),
        sub_call_id: under(own, leg.salt),
        call_api_id: Some(api_id(call.salt)),
        rec_id: None,
        duration_us: None,
        bridged: None,
        bridged_us: None,
        transfered: (leg.kind == LegKind::Forwarded).then_some(true),
        flow,
        status: Some(status(step, leg)),
        called_did: None,
        called_number: String::new(),
        called: None,
        caller_name: None,
        caller_number: None,
        caller: None,
    };
    callers(&mut event, call, leg, own);
    called(&mut event, call, leg, own);
    if let Some((ended, _)) = leg.ended {
        let bridged = match leg.kind {
            LegKind::Held => call.bridged(),
            _ => leg.answered,
        };
        event.duration_us = Some(ended - leg.began);
        event.bridged = Some(bridged.is_some());
        event.bridged_us = Some(bridged.map_or(0, |since| ended - since));
        event.transfered.get_or_insert(false);
        let records = matches!(leg.kind, LegKind::Called | LegKind::Calls);
        if records && bridged.is_some() && assumed::tells_of_recording(leg.salt) {
            event.rec_id = Some(under(own, leg.salt.rotate_left(64)));
        }
    }
    event
}

fn kind(step: Step, leg: LegKind) -> Kind {
    match (step, leg) {
        (Step::Began | Step::BeganAgain, LegKind::Calls | LegKind::Forwarded) => Kind::DialOut,
        (Step::Began | Step::BeganAgain, _) => Kind::DialIn,
        (Step::Answered, _) => Kind::Answer,
        (Step::Ended, _) => Kind::Hangup,
        (Step::Voicemail, _) => Kind::Voicemail,
    }
}

fn status(step: Step, leg: &Leg) -> Status {
    let Some((_, end)) = leg.ended else {
        return match step {
            Step::Answered => Status::Answer,
            _ => Status::Calling,
        };
    };
    match end {
        _ if leg.station == Station::Menu => Status::Answer,
        End::HungUp => Status::Answer,
        End::GaveUp | End::Taken => Status::Cancel,
        End::NoAnswer => Status::NoAnswer,
        End::Busy => Status::Busy,
        End::Congestion => Status::Congestion,
        End::Unavailable => Status::Unavailable,
    }
}

/// Who calls.
fn callers(event: &mut Event, call: &Call, leg: &Leg, own: Extension) {
    let by = |event: &mut Event, extension: Extension| {
        event.caller_number = Some(extension.name());
        event.caller_name = Some(extension.label.to_owned());
        event.caller = Some(extension.named());
    };
    match (leg.kind, &leg.other) {
        (LegKind::Calls, _) => by(event, own),
        (LegKind::Called, Other::Station(Station::Phone(phone))) => {
            by(event, extensions::of(Station::Phone(*phone)));
        }
        (LegKind::Agent | LegKind::Forwarded, _) => {
            from_outside(event, call.who.as_ref());
            event.caller = Some(own.named());
        }
        (_, other) => {
            from_outside(event, call.who.as_ref());
            if let Other::Station(through) = other {
                event.caller = Some(extensions::of(*through).named());
            }
        }
    }
}

fn from_outside(event: &mut Event, who: Option<&Person>) {
    let known = who.filter(|who| !who.secret);
    let number = known.and_then(|who| who.number.clone());
    let number = number.unwrap_or_else(|| assumed::NO_NUMBER.to_owned());
    let name = known.and_then(|who| who.name.clone());
    event.caller_name = Some(name.unwrap_or_else(|| number.clone()));
    event.caller_number = Some(number);
}

/// Who is called.
fn called(event: &mut Event, call: &Call, leg: &Leg, own: Extension) {
    match (leg.kind, &leg.other) {
        (LegKind::Calls | LegKind::Forwarded, Other::Number(number)) => {
            event.called_number.clone_from(number);
        }
        (LegKind::Calls | LegKind::Forwarded, Other::Station(station)) => {
            event.called_number = extensions::of(*station).name();
        }
        (kind, other) => {
            let extension = match (kind, other) {
                (LegKind::Agent, Other::Station(phone)) => extensions::of(*phone),
                _ => own,
            };
            event.called_number = extension.name();
            event.called = Some(extension.named());
            event.called_did = call.dialled.map(str::to_owned);
        }
    }
}

fn texted(message: &Message, at: i64) -> Event {
    let own = extensions::of(Station::Phone(message.phone));
    let number = message.number.clone();
    let mut event = Event {
        kind: if message.sent {
            Kind::MessageOut
        } else {
            Kind::MessageIn
        },
        time_us: at,
        call_id: call_id(message.salt),
        sub_call_id: under(own, message.salt),
        call_api_id: None,
        rec_id: None,
        duration_us: None,
        bridged: None,
        bridged_us: None,
        transfered: None,
        flow: Flow::In,
        status: None,
        called_did: None,
        called_number: own.name(),
        called: Some(own.named()),
        caller_name: Some(number.clone()),
        caller_number: Some(number.clone()),
        caller: None,
    };
    if message.sent {
        event.flow = Flow::Out;
        event.called_number = number;
        event.called = None;
        event.caller_name = Some(own.label.to_owned());
        event.caller_number = Some(own.name());
        event.caller = Some(own.named());
    }
    event
}
