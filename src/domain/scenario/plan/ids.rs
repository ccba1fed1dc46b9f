//! Ids and time of an event where a scenario does not give them. Pure.

use std::sync::Arc;

use fastrand::Rng;

use super::super::{
    super::{site::Vendor, time::At},
    speech::Spoken,
    template::uuid,
};

/// Ids and time of an event where they are not given and it has them always.
/// They stand first, in the page's order.
pub fn complete(event: &Spoken, fields: &mut Vec<(Arc<str>, String)>, now: At, rng: &mut Rng) {
    if !event.variables.iter().any(|v| event.makes_up(v.name)) {
        return;
    }
    let first = match event.vendor {
        Vendor::Telphin => telphin_ids(event.name, fields, now, rng),
        _ => contaqt_ids(fields, now, rng),
    };
    let missing = first
        .into_iter()
        .filter(|(name, _)| get(fields, name).is_none());
    let missing: Vec<(Arc<str>, String)> =
        missing.map(|(name, value)| (name.into(), value)).collect();
    fields.splice(0..0, missing);
}

fn get<'f>(fields: &'f [(Arc<str>, String)], name: &str) -> Option<&'f str> {
    let found = fields.iter().find(|(known, _)| **known == *name);
    found.map(|(_, value)| value.as_str())
}

/// The first leg of a call has the call's own id.
fn contaqt_ids(
    fields: &[(Arc<str>, String)],
    now: At,
    rng: &mut Rng,
) -> Vec<(&'static str, String)> {
    let given = get(fields, "id").or_else(|| get(fields, "call_id"));
    let id = given.map_or_else(|| uuid(rng), str::to_owned);
    let second = now.0.div_euclid(1_000).to_string();
    vec![("id", id.clone()), ("call_id", id), ("ts", second)]
}

/// A call is 32 hex digits, and a leg of it the extension's id before its own.
fn telphin_ids(
    event: &str,
    fields: &[(Arc<str>, String)],
    now: At,
    rng: &mut Rng,
) -> Vec<(&'static str, String)> {
    let mut hex = || uuid(rng).replace('-', "");
    let call = get(fields, "CallID").map_or_else(&mut hex, str::to_owned);
    let [called, caller] = ["CalledExtensionID", "CallerExtensionID"].map(|id| get(fields, id));
    let extension = if event.ends_with("-out") {
        caller.or(called)
    } else {
        called.or(caller)
    };
    let leg = format!("{}-{}", extension.unwrap_or("0"), hex());
    let micros = now.0.saturating_mul(1_000).to_string();
    vec![("EventTime", micros), ("CallID", call), ("SubCallID", leg)]
}
