//! The office as it is, in the ids that were pushed: what a picture made from
//! the pushed events is to be held against. Of what was lost on the way it
//! says how much: there a picture may differ.

use serde_json::{Value, json};

use super::{
    super::{
        push::{Missed, Pushes},
        world::team::{Call, Doing, Kind, Leg, MemberNo, Team},
    },
    QUEUE_IDS, user_id, voice,
};

/// `pushes`: the counts; `agents`: everybody, `told` false where no event was
/// ever about them, `missed` how many about them did not arrive; `calls`:
/// those that go on; `missed_calls`: those, over or not, of which some event
/// did not arrive.
pub fn told(team: Option<&Team>, missed: &Missed, pushes: &Pushes) -> Value {
    let agents: Vec<Value> = team
        .map(|team| (0..team.members().len()).map(|no| agent(team, no, missed)))
        .into_iter()
        .flatten()
        .collect();
    let calls: Vec<Value> = team
        .map(Team::calls)
        .into_iter()
        .flatten()
        .map(call)
        .collect();
    let missed: Vec<&String> = missed.calls.values().collect();
    json!({ "pushes": pushes, "agents": agents, "calls": calls, "missed_calls": missed })
}

fn agent(team: &Team, no: MemberNo, missed: &Missed) -> Value {
    let member = &team.members()[no];
    let state = match member.doing {
        Doing::Away => "logged_out",
        Doing::Free | Doing::Busy(_) => "available",
        Doing::Ringing(_) => "ringing",
        Doing::OnCall(_) => "on_call",
        Doing::Paused(_) => "paused",
    };
    let call = match member.doing {
        Doing::Ringing(no) | Doing::OnCall(no) => team.calls().find(|call| call.no == no),
        _ => None,
    };
    let (activity, pause, _) = voice::activity(member.doing);
    let queues: Vec<&str> = member.joined.iter().map(|line| QUEUE_IDS[*line]).collect();
    json!({
        "id": user_id(no),
        "name": member.name,
        "device": member.is_in().then_some(member.device),
        "state": state,
        "since": member.since.to_string(),
        "activity": activity,
        "pause": pause,
        "queues": queues,
        "call": call.map(|call| voice::uuid(&call.legs[0])),
        "told": member.was_in,
        "missed": missed.members.get(&no).copied().unwrap_or(0),
    })
}

fn call(call: &Call) -> Value {
    let open: Vec<&Leg> = call.legs.iter().filter(|l| l.ended.is_none()).collect();
    let rings = open.iter().any(|leg| leg.rings());
    let state = match call.answered() {
        Some(_) => "answered",
        None if rings => "ringing",
        None => "waiting",
    };
    let users = |who: fn(&Leg) -> Option<MemberNo>| {
        let open = open.iter().filter_map(|leg| who(leg).map(user_id));
        open.collect::<Vec<_>>()
    };
    let queue = match call.kind {
        Kind::Queue(line) => Some(QUEUE_IDS[line]),
        _ => None,
    };
    json!({
        "call_id": voice::uuid(&call.legs[0]),
        "type": voice::kind(call).word(),
        "queue": queue,
        "state": state,
        "waits": call.waits_in().is_some(),
        "began": call.began.to_string(),
        "answered": call.answered().map(|at| at.to_string()),
        "callers": users(|leg| leg.from),
        "called": users(|leg| leg.to),
        "legs": call.legs.len(),
    })
}
