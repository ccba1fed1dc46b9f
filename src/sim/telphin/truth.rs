//! The exchange as it is, in the ids that were pushed: what a picture made from
//! the pushed events is to be held against. What was lost on the way it names:
//! there a picture may differ.

use serde_json::{Value, json};

use crate::domain::time::At;

use super::{
    super::{
        push::{Missed, Pushes},
        world::exchange::{Call, CallNo, Doing, Exchange, Leg, LegKind, Micros, Station},
    },
    QUEUE_ID, extensions, voice,
};

/// `pushes`: the counts; `phones`: each `free`, `ringing` or `talking`, and
/// with which call (`told` false where no event tells of it yet); `calls`:
/// those that go on and of which something was told; `waiting`: those whose
/// caller waits in the queue, in the order they came into it; `missed`: those
/// over in which nobody answered a caller in menu or queue; `missed_calls`:
/// those, over or not, of which some event did not arrive.
pub fn told(exchange: Option<&Exchange>, missed: &Missed, pushes: &Pushes) -> Value {
    let lost: Vec<&String> = missed.calls.values().collect();
    let Some(exchange) = exchange else {
        return json!({
            "pushes": pushes, "phones": [], "calls": [], "waiting": [], "missed": [],
            "missed_calls": lost,
        });
    };
    let phones: Vec<Value> = (0..)
        .zip(exchange.doing())
        .map(|(no, doing)| phone(exchange, no, doing))
        .collect();
    let heard_of = |call: &&Call| call.legs.iter().any(|leg| leg.kind != LegKind::Silent);
    let calls: Vec<Value> = exchange.calls().filter(heard_of).map(call).collect();
    let mut waiting: Vec<&Call> = exchange.calls().filter(|call| call.waits()).collect();
    waiting.sort_by_key(|call| call.queued().map(|leg| leg.began));
    let ids = |calls: &[&Call]| -> Vec<String> {
        calls.iter().map(|call| voice::call_id(call.salt)).collect()
    };
    let missed: Vec<&Call> = exchange.missed().iter().collect();
    json!({
        "pushes": pushes,
        "phones": phones,
        "calls": calls,
        "waiting": ids(&waiting),
        "missed": ids(&missed),
        "missed_calls": lost,
    })
}

fn phone(exchange: &Exchange, no: usize, doing: Doing) -> Value {
    let (state, with) = match doing {
        Doing::Free | Doing::Rests => ("free", None),
        Doing::Rings(call) => ("ringing", Some(call)),
        Doing::Talks(call) => ("talking", Some(call)),
    };
    let extension = extensions::of(Station::Phone(no));
    let find = |no: CallNo| exchange.calls().find(|call| call.no == no);
    let with = with.and_then(find);
    let told = with.is_none_or(|call| {
        let legs = call.legs.iter().filter(|leg| leg.is_open());
        legs.filter(|leg| leg.station == Station::Phone(no))
            .any(|leg| leg.kind != LegKind::Silent)
    });
    json!({
        "id": extension.id,
        "name": extension.label,
        "state": state,
        "call": with.map(|call| voice::call_id(call.salt)),
        "told": told,
    })
}

fn call(call: &Call) -> Value {
    let open: Vec<&Leg> = call
        .legs
        .iter()
        .filter(|leg| leg.is_open() && leg.kind != LegKind::Silent)
        .collect();
    let state = match call.bridged() {
        Some(_) => "answered",
        None if open.iter().any(|leg| leg.rings()) => "ringing",
        None if call.waits() => "waiting",
        None => "menu",
    };
    let time = |at: Micros| At(at.div_euclid(1_000)).to_string();
    json!({
        "call_id": voice::call_id(call.salt),
        "state": state,
        "waits": call.waits(),
        "queue": call.queued().map(|_| QUEUE_ID),
        "entered": call.queued().map(|leg| time(leg.began)),
        "began": call.legs.first().map(|leg| time(leg.began)),
        "answered": call.bridged().map(time),
        "legs": open.iter().map(|leg| voice::sub_call_id(leg)).collect::<Vec<_>>(),
    })
}
