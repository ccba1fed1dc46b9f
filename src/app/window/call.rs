//! Everything about a call, in lines: who called whom and how it went, and
//! every event of every leg with the time between them.

use super::line::{Line, push_fact};
use crate::{
    app::{calls::rows::subject, overlay::CallDetails, state::State},
    domain::{
        call::{Call, Leg, Stamp},
        cause,
        event::{CallStep, Strand},
        id::{CallId, LegId, SiteName},
        site::Site,
        text,
        time::{At, wait},
    },
};

/// The lines of a call's details.
pub(super) fn call(state: &State, details: &CallDetails, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let site = state.sites.iter().find(|s| s.name == details.site);
    let floor = state.board.floor(&details.site);
    let call = floor.and_then(|floor| floor.call(&details.id));
    let (Some(site), Some(call)) = (site, call) else {
        push_fact(&mut lines, "call", details.id.as_str(), width);
        let text = "No event has told of it yet.";
        lines.push(Line::Text(text.into()));
        return lines;
    };
    facts(state, site, call, &mut lines, width);
    lines.push(Line::Text(String::new()));
    lines.push(Line::Head(
        "What happened, and how long after the event before".into(),
    ));
    events(state, site, call, &mut lines, width);
    legs(site, call, &mut lines, width);
    lines
}

/// What has happened of a call so far; whether anything has.
pub(super) fn progress(
    state: &State,
    site: &SiteName,
    id: &CallId,
    lines: &mut Vec<Line>,
    width: usize,
) -> bool {
    let known = state.sites.iter().find(|s| s.name == *site);
    let call = state.board.floor(site).and_then(|floor| floor.call(id));
    let (Some(site), Some(call)) = (known, call) else {
        return false;
    };
    push_fact(lines, "state", call.state().word(), width);
    if let Some(why) = call.hangup_cause() {
        push_fact(lines, "ended by", &cause::hangup(why), width);
    }
    events(state, site, call, lines, width);
    true
}

fn facts(state: &State, site: &Site, call: &Call, lines: &mut Vec<Line>, width: usize) {
    let zone = state.board.zone();
    let mut fact = |label: &str, value: &str| push_fact(lines, label, value, width);
    let missed = if call.missed().is_some() {
        "   missed: nobody answered"
    } else {
        ""
    };
    fact("state", &format!("{}{missed}", call.state().word()));
    let text = |t: Option<&std::sync::Arc<str>>| t.map_or("—", |t| t).to_owned();
    fact("from", &text(call.fact(|f| f.number.as_ref())));
    fact("name", &text(call.fact(|f| f.name.as_ref())));
    fact("dialled", &text(call.fact(|f| f.to.as_ref())));
    fact("queue", call.queue().map_or("—", |id| site.queue_name(id)));
    let agent = call.agent();
    let agent = agent.map(|id| site.people.agent(id).unwrap_or(id.as_str()));
    fact("agent", agent.unwrap_or("—"));
    let at = |at: Option<At>| at.map_or_else(|| "—".to_owned(), |at| at.date_time(zone));
    fact("began", &at(call.began()));
    let waited = call.wait(state.seen_at());
    let until = call.ended().unwrap_or(state.seen_at());
    let menu = call.began().filter(|_| call.was_only_in_menu());
    let waited = match (waited, menu) {
        (Some(waited), _) => wait(waited),
        (None, Some(began)) => format!("—   {} in the voice menu", wait(until.since(began))),
        (None, None) => "—".into(),
    };
    fact("waited", &waited);
    fact("answered", &at(call.answered()));
    fact("ended", &at(call.ended()));
    if let Some(floor) = state.board.floor(&site.name)
        && let Some(gap) = floor.doubt_of_call(call)
    {
        let (from, to) = (gap.from.clock_time(zone), gap.to.clock_time(zone));
        fact(
            "doubtful",
            &format!("nobody listened from {from} to {to}: its end may have been missed"),
        );
    }
    if let Some(why) = call.canceled() {
        fact("not answered", &cause::cancel(why));
    }
    if let Some(why) = call.hangup_cause() {
        fact("ended by", &cause::hangup(why));
    }
    if let Some(case) = state.board.triage.case(&subject(&site.name, &call.id)) {
        let told = match (&case.outcome, &case.added) {
            (Some((outcome, who, at)), _) => {
                format!(
                    "{}, said {who} at {}",
                    outcome.words(),
                    at.short(state.now, zone)
                )
            }
            (None, Some(_)) => "on the callback list".to_owned(),
            (None, None) => "—".to_owned(),
        };
        fact("to be called back", &told);
    }
    if call.injected {
        fact("injected", "by our own injector, and not counted");
    }
    fact("call", call.id.as_str());
    fact("site", site.name.as_str());
}

/// Every event in the order of time.
fn events(state: &State, site: &Site, call: &Call, lines: &mut Vec<Line>, width: usize) {
    let zone = state.board.zone();
    let mut events: Vec<(CallStep, Stamp, &LegId, &Leg)> = Vec::new();
    for (id, leg) in call.in_order() {
        events.extend(leg.steps().map(|(step, stamp)| (step, stamp, id, leg)));
    }
    events.sort_by_key(|(step, stamp, ..)| (stamp.at, stamp.micros, *step));
    let mut before = None;
    for (step, stamp, id, leg) in events {
        let at = stamp.at;
        let gap = before.map_or_else(String::new, |before: At| gap(at.0 - before.0));
        let word = step.words();
        let label = format!("{}.{:03}", at.clock_time(zone), at.0.rem_euclid(1_000));
        let who = text::clip(&party(site, call, id, leg), 40);
        let guessed = if stamp.guessed {
            "   (no time was sent: it came then)"
        } else {
            ""
        };
        let text = format!("{gap:>12}  {word:9} {who}{guessed}");
        push_fact(lines, &label, &text, width);
        before = Some(at);
    }
}

/// A time between two events: to the millisecond.
fn gap(ms: i64) -> String {
    match ms {
        ..10_000 => format!("+{ms} ms"),
        10_000..600_000 => format!("+{}.{:03} s", ms / 1_000, ms % 1_000),
        _ => format!("+{} min {} s", ms / 60_000, ms / 1_000 % 60),
    }
}

/// Whose leg it is.
fn party(site: &Site, call: &Call, id: &LegId, leg: &Leg) -> String {
    let facts = &leg.facts;
    let agent = leg.agent();
    let agent = agent.map(|id| site.people.agent(id).unwrap_or(id.as_str()).to_owned());
    let extension = || {
        let id = facts.extension.as_ref()?;
        let known = site.people.extensions.iter().find(|e| e.id == *id);
        Some(known.map_or_else(|| id.to_string(), |e| e.name.clone()))
    };
    match facts.strand {
        Some(Strand::Menu) => return format!("menu {}", extension().unwrap_or_default()),
        Some(Strand::QueueOut) => {
            if let (Some(agent), Some(queue)) = (&agent, extension()) {
                return format!("{agent}, called by {queue}");
            }
        }
        Some(Strand::QueueIn | Strand::Phone) | None => {}
    }
    let queue = leg.start().and(facts.queue.as_ref());
    let queue = queue.map(|id| format!("queue {}", site.queue_name(id)));
    let device = || facts.to_device.as_deref().map(str::to_owned);
    let first = call
        .in_order()
        .first()
        .is_some_and(|(other, _)| *other == id);
    let number = || {
        let dialled = facts.to.as_deref().filter(|_| !first);
        dialled.or(facts.number.as_deref()).map(str::to_owned)
    };
    queue
        .or(agent)
        .or_else(device)
        .or_else(number)
        .unwrap_or_else(|| id.to_string())
}

/// The legs, with what is known of each.
fn legs(site: &Site, call: &Call, lines: &mut Vec<Line>, width: usize) {
    for (at, (id, leg)) in call.in_order().into_iter().enumerate() {
        lines.push(Line::Text(String::new()));
        let who = party(site, call, id, leg);
        lines.push(Line::Head(format!("Leg {}: {who}", at + 1)));
        let facts = &leg.facts;
        let texts = [
            ("from", facts.number.as_deref()),
            ("name", facts.name.as_deref()),
            ("dialled", facts.to.as_deref()),
            ("type", facts.kind.as_deref()),
            ("from device", facts.from_device.as_deref()),
            ("to device", facts.to_device.as_deref()),
        ];
        for (label, text) in texts {
            if let Some(text) = text {
                push_fact(lines, label, text, width);
            }
        }
        let times = [
            ("lasted", facts.duration),
            ("talked", facts.talk),
            ("waited in queue", facts.queue_wait.or(facts.wait)),
        ];
        for (label, time) in times {
            if let Some(time) = time {
                push_fact(lines, label, &wait(time), width);
            }
        }
        if let Some(why) = &facts.hangup_cause {
            push_fact(lines, "ended by", &cause::hangup(why), width);
        }
        for (name, value) in &facts.other {
            push_fact(lines, name, value, width);
        }
        push_fact(lines, "leg", id.as_str(), width);
    }
}
