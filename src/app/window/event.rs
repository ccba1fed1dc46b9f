//! An entry of the journal: what it says and what it changed, beside what was
//! sent.

use super::line::{Line, push_fact};
use crate::{
    app::{activity::Logged, activity::effect, state::State},
    domain::{
        call::Call,
        cause, cells,
        event::{AgentNews, CallEvent, Event},
        record::EventRecord,
        site::Site,
        time::wait,
    },
};

/// From here on both stand side by side: on a screen of 100.
const WIDE: usize = 92;
/// Between the two.
const GAP: usize = 2;

/// The lines of an entry's details.
pub(super) fn event(state: &State, logged: &Logged, width: usize) -> Vec<Line> {
    let raw = raw(logged);
    if width < WIDE {
        let mut lines = decoded(state, logged, width);
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("As it was sent".into()));
        let broken = raw.lines().flat_map(|line| cells::wrap(line, width));
        lines.extend(broken.map(Line::Text));
        return lines;
    }
    let left = width.div_ceil(2);
    let right = width - left - GAP;
    let mut told: Vec<String> = vec!["WHAT IT SAYS".into()];
    told.extend(
        decoded(state, logged, left)
            .into_iter()
            .map(|line| match line {
                Line::Fact(label, value) => format!("{label:20}{value}"),
                Line::Text(text) | Line::Head(text) | Line::Wrong(text) => text,
                Line::Sign(_, label, value) => format!("{label} {value}"),
                Line::Beside(left, _, _) => left,
            }),
    );
    let mut sent: Vec<String> = vec!["AS IT WAS SENT".into()];
    sent.extend(raw.lines().flat_map(|line| cells::wrap(line, right)));
    let empty = String::new();
    (0..told.len().max(sent.len()))
        .map(|i| {
            let told = told.get(i).unwrap_or(&empty).clone();
            let sent = sent.get(i).unwrap_or(&empty).clone();
            Line::Beside(told, sent, left)
        })
        .collect()
}

/// The JSON over several lines.
fn raw(logged: &Logged) -> String {
    let record = EventRecord::new(&logged.entry);
    crate::domain::caller::Raw::new(record.body.json()).pretty()
}

fn decoded(state: &State, logged: &Logged, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let entry = &logged.entry;
    let zone = state.board.zone();
    let mut fact = |label: &str, value: &str| push_fact(&mut lines, label, value, width);
    fact("event", &logged.about.event);
    fact("site", entry.site.as_str());
    fact("received", &entry.at.date_time(zone));
    let injected = matches!(&entry.what, crate::domain::entry::What::Hook(h) if h.injected);
    if injected {
        fact("injected", "sent by our own injector; not counted");
    }
    fact("changed", &logged.effect);
    let site = state.sites.iter().find(|s| s.name == entry.site);
    match (effect::event(entry), site) {
        (Some(Event::Agent { news, .. }), site) => {
            fact("agent", logged.about.agent.as_deref().unwrap_or("—"));
            said(news, site, &mut fact);
        }
        (Some(Event::Call(told)), site) => {
            called(state, logged, told, site, &mut fact);
        }
        (None, _) => {
            let about = &logged.about;
            let told = [
                ("caller", &about.caller),
                ("queue", &about.queue),
                ("call", &about.call),
            ];
            for (label, text) in told {
                if let Some(text) = text {
                    fact(label, text);
                }
            }
        }
    }
    lines
}

fn said(news: &AgentNews, site: Option<&Site>, fact: &mut impl FnMut(&str, &str)) {
    match news {
        AgentNews::CheckedIn {
            device,
            device_name,
        } => {
            fact("device", device_name.as_deref().unwrap_or("—"));
            fact("device id", device.as_deref().unwrap_or("—"));
        }
        AgentNews::CheckedOut => {}
        AgentNews::Joined(ids) | AgentNews::Left(ids) => {
            for id in ids {
                fact("queue", site.map_or(id.as_str(), |s| s.queue_name(id)));
            }
        }
        AgentNews::Status {
            activity,
            pause,
            in_calls,
        } => {
            let name = |id: &str| site.map_or(id.to_owned(), |s| s.people.activity(id).to_owned());
            fact(
                "activity",
                &activity.as_deref().map_or("—".to_owned(), name),
            );
            let name = |id: &str| match id {
                "0" => "none".to_owned(),
                id => site.map_or(id.to_owned(), |s| s.people.pause(id).to_owned()),
            };
            fact("pause", &pause.as_deref().map_or("—".to_owned(), name));
            let word = in_calls.map_or("—", |at| if at { "yes" } else { "no" });
            fact("at calls", word);
        }
    }
}

fn called(
    state: &State,
    logged: &Logged,
    told: &CallEvent,
    site: Option<&Site>,
    fact: &mut impl FnMut(&str, &str),
) {
    let zone = state.board.zone();
    let facts = &told.facts;
    let happened = told.at.map_or_else(|| "—".into(), |at| at.date_time(zone));
    fact("happened", &happened);
    fact("call", told.call.as_str());
    fact("leg", told.leg.as_str());
    let agent = |id: Option<&crate::domain::id::AgentId>| {
        id.map(|id| {
            site.and_then(|s| s.people.agent(id))
                .unwrap_or(id.as_str())
                .to_owned()
        })
    };
    let texts = [
        ("type", facts.kind.as_deref().map(str::to_owned)),
        ("queue", logged.about.queue.clone()),
        ("number", facts.number.as_deref().map(str::to_owned)),
        ("name", facts.name.as_deref().map(str::to_owned)),
        ("country", facts.country.as_deref().map(str::to_owned)),
        ("dialled", facts.to.as_deref().map(str::to_owned)),
        ("from agent", agent(facts.from_agent.as_ref())),
        ("to agent", agent(facts.to_agent.as_ref())),
        (
            "from device",
            facts.from_device.as_deref().map(str::to_owned),
        ),
        ("to device", facts.to_device.as_deref().map(str::to_owned)),
        ("waited", facts.wait.map(wait)),
        ("waited in queue", facts.queue_wait.map(wait)),
        ("until it rang", facts.progress.map(wait)),
        ("talked", facts.talk.map(wait)),
        ("lasted", facts.duration.map(wait)),
        (
            "ended by",
            facts
                .hangup_cause
                .as_deref()
                .map(|c| cause::hangup(c).into_owned()),
        ),
        (
            "not answered",
            facts
                .canceled
                .as_deref()
                .map(|c| cause::cancel(c).into_owned()),
        ),
    ];
    for (label, text) in texts {
        if let Some(text) = text {
            fact(label, &text);
        }
    }
    for (name, value) in &facts.other {
        fact(name, value);
    }
    let call = state
        .board
        .floor(&logged.entry.site)
        .and_then(|f| f.call(&told.call));
    if let Some(call) = call {
        fact("the call now", Call::state(call).word());
    }
}
