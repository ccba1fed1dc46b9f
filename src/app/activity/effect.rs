//! What an entry changes on the board, in words: asked before it is folded in
//! and after.

use std::{collections::BTreeSet, fmt::Write};

use crate::{
    app::agents::rows::state_word,
    domain::{
        action::{Ended, Intent},
        agent::AgentState,
        board::Board,
        call::{Call, CallState, Leg},
        caller::Caller,
        cause, dial,
        entry::{Change, Departure, Entry, What},
        event::{AgentNews, Event},
        hook::Says,
        id::{AgentId, CallId, SiteName},
        phone,
        site::{QueueKey, Site},
        subscription,
        time::wait,
    },
};

/// What stood on the board before an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Before {
    /// Who calls, of an entry that tells only that they went.
    pub caller: Option<String>,
    agents: Vec<(AgentId, AgentState)>,
    call: Option<(CallId, Option<CallState>)>,
}

/// What an entry may change, as it stands.
#[must_use]
pub fn before(entry: &Entry, board: &Board) -> Before {
    let Some(event) = event(entry) else {
        return Before {
            caller: leaves(entry, board),
            ..Before::default()
        };
    };
    let state = |agent: &AgentId| (agent.clone(), agent_state(board, &entry.site, agent));
    match event {
        Event::Agent { agent, .. } => Before {
            agents: vec![state(agent)],
            ..Before::default()
        },
        Event::Call(told) => {
            // An end names nobody at times, and ends the ringing of others.
            let floor = board.floor(&entry.site);
            let known = floor.and_then(|floor| floor.call(&told.call));
            let legs = known.into_iter().flat_map(|call| call.legs.values());
            let facts = &told.facts;
            let named = facts.to_agent.iter().chain(&facts.from_agent);
            let agents: BTreeSet<&AgentId> = named.chain(legs.flat_map(Leg::agents)).collect();
            Before {
                agents: agents.into_iter().map(state).collect(),
                call: Some((told.call.clone(), known.map(Call::state))),
                caller: None,
            }
        }
    }
}

/// Who leaves a queue, if it is that: the entry has their id only.
fn leaves(entry: &Entry, board: &Board) -> Option<String> {
    let What::Change(Change::Gone { queue, id, .. }) = &entry.what else {
        return None;
    };
    let key = QueueKey {
        site: entry.site.clone(),
        queue: queue.clone(),
    };
    words(&board.queue(&key)?.caller(id)?.caller.told())
}

/// A caller in words.
fn words(caller: &Caller) -> Option<String> {
    if caller.party.is_secret() {
        return Some(phone::SECRET.into());
    }
    joined(caller.party.number(), caller.party.name())
}

fn joined(number: Option<&str>, name: Option<&str>) -> Option<String> {
    match (number.map(phone::shown), name) {
        (Some(number), Some(name)) => Some(format!("{number} {name}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// The event that an entry holds, if it does.
#[must_use]
pub fn event(entry: &Entry) -> Option<&Event> {
    match &entry.what {
        What::Hook(hook) => match &hook.says {
            Says::This(event) => Some(event),
            Says::Unread | Says::Aside(_) | Says::Nothing(_) => None,
        },
        _ => None,
    }
}

fn agent_state(board: &Board, site: &SiteName, agent: &AgentId) -> AgentState {
    let known = board.floor(site).and_then(|floor| floor.agent(agent));
    known.map_or(AgentState::Unknown, |agent| agent.standing().state)
}

fn call_state(board: &Board, site: &SiteName, call: &CallId) -> Option<CallState> {
    let known = board.floor(site).and_then(|floor| floor.call(call));
    known.map(Call::state)
}

/// What an entry has changed, now that it is folded in.
#[must_use]
pub fn after(entry: &Entry, before: &Before, board: &Board, sites: &[Site]) -> String {
    match &entry.what {
        What::Hook(hook) => match &hook.says {
            Says::This(event) => pushed(entry, event, before, board, sites),
            Says::Aside(what) => what.to_string(),
            Says::Nothing(why) => format!("kept, not understood: {why}"),
            Says::Unread => String::new(),
        },
        What::Change(change) => polled(change),
        What::Act(act) => format!("{} by {}", act.deed.word(), act.who),
        What::Refused { why, from, count } => {
            let times = if *count > 1 {
                format!(", {count} times")
            } else {
                String::new()
            };
            format!("turned away: {why} (from {from}{times})")
        }
        What::Gap { from, to } => format!(
            "nobody listened from {} to {}: what is older may have changed unseen",
            from.clock_time(board.zone()),
            to.clock_time(board.zone())
        ),
        What::Intent(intent) => asked(intent),
        What::Outcome(outcome) => format!("of #{}: {}", outcome.intent, came(&outcome.ended)),
        What::Unknown { .. } => "kept: of a kind that this version does not know".into(),
    }
}

/// What somebody asked a vendor for; what came of it stands in an entry of its
/// own.
fn asked(intent: &Intent) -> String {
    let who = &intent.who;
    let param = |name: &str| intent.params().find(|(n, _)| *n == name).map(|p| p.1);
    let text = |name: &str| param(name).unwrap_or("—");
    match (&*intent.call, intent.event()) {
        (dial::CALL, _) => format!("{who} calls {} from {}", text("to"), text("from")),
        (subscription::CALL, _) => {
            let what = param("event").or_else(|| param("id")).unwrap_or("—");
            let (change, of) = (text("change"), text("extension"));
            format!("{who}: {change} subscription {what} of extension {of}")
        }
        (call, Some(event)) if call != event => format!("{who} asks for {call}, event \"{event}\""),
        (call, _) => format!("{who} asks for {call}"),
    }
}

/// What came of it: of what was made, its id tells nobody anything.
fn came(ended: &Ended) -> String {
    match ended {
        Ended::Answered(replies)
            if !replies.is_empty()
                && replies
                    .iter()
                    .all(|r| matches!(r.number(), Some(200..=299)) && r.key.ends_with("id")) =>
        {
            "done".to_owned()
        }
        ended => ended.words(),
    }
}

fn pushed(entry: &Entry, event: &Event, before: &Before, board: &Board, sites: &[Site]) -> String {
    let site = sites.iter().find(|s| s.name == entry.site);
    let mut changes: Vec<String> = Vec::new();
    for (agent, was) in &before.agents {
        let is = agent_state(board, &entry.site, agent);
        if is != *was {
            let name = name_of(site, agent);
            changes.push(format!("{name} {} → {}", state_word(*was), state_word(is)));
        }
    }
    match event {
        Event::Agent { agent, news } => {
            // Whose words they are, where no change of state has said it.
            let whose = if changes.is_empty() {
                format!("{} ", name_of(site, agent))
            } else {
                String::new()
            };
            let told = said(news, site).map(|told| format!("{whose}{told}"));
            changes.extend(told);
        }
        Event::Call(told) => {
            if let Some((call, was)) = &before.call
                && let Some(is) = call_state(board, &entry.site, call)
                && Some(is) != *was
            {
                changes.push(format!("call {}", is.word()));
            }
            let facts = &told.facts;
            changes.extend(
                facts
                    .queue_wait
                    .map(|waited| format!("waited {}", wait(waited))),
            );
            changes.extend(
                facts
                    .canceled
                    .as_deref()
                    .map(|c| cause::cancel(c).into_owned()),
            );
            let cause = facts.hangup_cause.as_deref();
            changes.extend(cause.map(|c| cause::hangup(c).into_owned()));
        }
    }
    let known = before.call.is_some() || !before.agents.is_empty();
    if changes.is_empty() && known {
        return "nothing new".into();
    }
    changes.join(", ")
}

fn name_of<'a>(site: Option<&'a Site>, agent: &'a AgentId) -> &'a str {
    let name = site.and_then(|s| s.people.agent(agent));
    name.unwrap_or(agent.as_str())
}

/// What an agent's own words add to their state.
fn said(news: &AgentNews, site: Option<&Site>) -> Option<String> {
    let queues = |ids: &[crate::domain::id::QueueId]| {
        let name = |id| site.map_or_else(|| format!("{id}"), |s| s.queue_name(id).to_owned());
        ids.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    match news {
        AgentNews::Joined(ids) => Some(format!("joined {}", queues(ids))),
        AgentNews::Left(ids) => Some(format!("left {}", queues(ids))),
        AgentNews::Status {
            activity, pause, ..
        } => {
            let mut words = String::new();
            if let (Some(id), Some(site)) = (pause.as_deref().filter(|id| *id != "0"), site) {
                let _ = write!(words, "{}", site.people.pause(id));
            } else if let (Some(id), Some(site)) =
                (activity.as_deref().filter(|id| *id != "0"), site)
            {
                let _ = write!(words, "{}", site.people.activity(id));
            }
            (!words.is_empty()).then_some(words)
        }
        AgentNews::CheckedIn { device_name, .. } => {
            device_name.as_ref().map(|device| format!("at {device}"))
        }
        AgentNews::CheckedOut => None,
    }
}

fn polled(change: &Change) -> String {
    match change {
        Change::Entered { .. } => "waits".into(),
        Change::Updated { caller, .. } if caller.was_answered() => "answered".into(),
        Change::Updated { caller, .. } => format!("now {}", caller.state.word()),
        Change::Gone { how, waited, .. } => {
            let how = match how {
                Departure::Answered => "answered and gone",
                Departure::Left => "left",
            };
            waited.map_or_else(|| how.to_owned(), |w| format!("{how} after {}", wait(w)))
        }
    }
}

/// Who calls, where an entry tells.
#[must_use]
pub fn caller(entry: &Entry) -> Option<String> {
    match &entry.what {
        What::Change(Change::Entered { caller, .. } | Change::Updated { caller, .. }) => {
            words(caller)
        }
        What::Act(act) => joined(act.customer.as_deref(), None),
        _ => match event(entry)? {
            Event::Call(told) => joined(told.facts.number.as_deref(), told.facts.name.as_deref()),
            Event::Agent { .. } => None,
        },
    }
}

/// Whether an entry was turned away or not understood.
#[must_use]
pub fn is_odd(entry: &Entry) -> bool {
    match &entry.what {
        What::Hook(hook) => matches!(hook.says, Says::Nothing(_)),
        What::Refused { .. } | What::Gap { .. } | What::Unknown { .. } => true,
        What::Change(_) | What::Act(_) | What::Intent(_) | What::Outcome(_) => false,
    }
}
