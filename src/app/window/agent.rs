//! Everything about an agent, in lines: how they stand and why, what looks
//! wrong with its evidence, their call, and how their shift went.

use super::line::{Line, push_fact};
use crate::{
    app::{
        agents::rows::{state_word, with},
        overlay::AgentDetails,
        state::State,
    },
    domain::{
        agent::Agent, call::Call, cells, floor::Floor, id::QueueId, site::Site, suspect, time::wait,
    },
};

/// The lines of an agent's details.
pub(super) fn agent(state: &State, details: &AgentDetails, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let Some(site) = state.sites.iter().find(|s| s.name == details.site) else {
        return lines;
    };
    let name = site.people.agent(&details.id).unwrap_or("—");
    push_fact(&mut lines, "name", name, width);
    push_fact(&mut lines, "id", details.id.as_str(), width);
    push_fact(&mut lines, "site", site.name.as_str(), width);
    let floor = state.board.floor(&site.name);
    let Some((floor, agent)) = floor.and_then(|f| Some((f, f.agent(&details.id)?))) else {
        let text = "unknown: no event has told of them yet";
        push_fact(&mut lines, "state", text, width);
        return lines;
    };
    standing(state, site, floor, agent, &mut lines, width);
    let now = state.seen_at();
    let suspicions = suspect::of_agent(agent, floor, &site.people, now);
    if !suspicions.is_empty() {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("What looks wrong".into()));
    }
    for suspicion in suspicions {
        let evidence = suspicion.evidence(&site.people, state.board.zone());
        let broken = cells::wrap(&evidence, width);
        lines.extend(broken.into_iter().map(Line::Wrong));
    }
    let call = agent.standing().call.as_ref().and_then(|id| floor.call(id));
    if let Some(call) = call {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("The call".into()));
        legs(state, site, call, &mut lines, width);
    }
    lines.push(Line::Text(String::new()));
    lines.push(Line::Head("Timeline, the latest first".into()));
    lines.extend(timeline(state, site, agent, width));
    lines
}

fn standing(
    state: &State,
    site: &Site,
    floor: &Floor,
    agent: &Agent,
    lines: &mut Vec<Line>,
    width: usize,
) {
    let zone = state.board.zone();
    let now = state.seen_at();
    let standing = agent.standing();
    let mut fact = |label: &str, value: &str| push_fact(lines, label, value, width);
    fact("state", state_word(standing.state));
    if let Some(since) = standing.since {
        let known = if standing.seen {
            ""
        } else {
            "   known since then; it began then or before"
        };
        let lasts = wait(now.since(since));
        fact(
            "since",
            &format!("{}   for {lasts}{known}", since.clock_time(zone)),
        );
    }
    if let Some(gap) = floor.doubt(agent) {
        let (from, to) = (gap.from.clock_time(zone), gap.to.clock_time(zone));
        fact(
            "doubtful",
            &format!("nobody listened from {from} to {to}, and nothing was heard of them since"),
        );
    }
    if let Some(pause) = &standing.pause {
        let limit = site.people.pause_limit(pause);
        let limit = limit.map_or_else(String::new, |l| format!("   may last {}", wait(l)));
        fact("pause", &format!("{}{limit}", site.people.pause(pause)));
    }
    if let Some(activity) = &standing.activity {
        fact("activity", site.people.activity(activity));
    }
    let device = agent.device_name.as_deref().or(agent.device.as_deref());
    fact("device", device.unwrap_or("—"));
    fact("queues", &queues(site, agent));
    let calls = agent.calls_on(now.day(zone));
    fact(
        "calls today",
        &calls.map_or_else(|| "—".into(), |n| n.to_string()),
    );
    fact("last heard of", &agent.heard.clock_time(zone));
    if standing.injected {
        fact(
            "injected",
            "what their state rests on was sent by our own injector",
        );
    }
}

fn queues(site: &Site, agent: &Agent) -> String {
    let name = |id: &QueueId| site.queue_name(id).to_owned();
    let names: Vec<String> = agent.queues.iter().map(name).collect();
    match (names.is_empty(), agent.queues_known) {
        (true, true) => "none".into(),
        (true, false) => "— (those joined before we listened are not told)".into(),
        (false, true) => names.join(", "),
        (false, false) => format!("{}, and those joined before we listened", names.join(", ")),
    }
}

/// A call, leg by leg.
pub(super) fn legs(state: &State, site: &Site, call: &Call, lines: &mut Vec<Line>, width: usize) {
    let zone = state.board.zone();
    let mut fact = |label: &str, value: &str| push_fact(lines, label, value, width);
    fact("call", call.id.as_str());
    fact("state", call.state().word());
    if call.injected {
        fact("injected", "by our own injector, and not counted");
    }
    for (id, leg) in call.in_order() {
        let who = leg
            .agent()
            .map(|agent| site.people.agent(agent).unwrap_or(agent.as_str()))
            .or(leg.facts.number.as_deref())
            .unwrap_or("—");
        let steps = [
            ("came", leg.start().map(|s| s.at)),
            ("rang", leg.rang()),
            ("answered", leg.answer()),
            ("ended", call.end_of(id, leg)),
        ];
        let steps = steps.into_iter().filter_map(|(step, at)| Some((step, at?)));
        let steps: Vec<String> = steps
            .map(|(step, at)| format!("{step} {}", at.clock_time(zone)))
            .collect();
        fact("leg", &format!("{who}   {}", steps.join("   ")));
    }
}

fn timeline(state: &State, site: &Site, agent: &Agent, width: usize) -> Vec<Line> {
    let zone = state.board.zone();
    let mut lines = Vec::new();
    let mut until = state.seen_at();
    for turn in agent.timeline().iter().rev() {
        let lasted = wait(until.since(turn.at));
        let pause = turn.pause.as_deref().map(|id| site.people.pause(id));
        let call = turn.call.as_ref().and_then(|id| {
            let call = state.board.floor(&site.name)?.call(id)?;
            Some(with(call, &agent.id, &site.people))
        });
        let why = pause.map(str::to_owned).or(call).unwrap_or_default();
        let seen = if turn.seen { "" } else { " or before" };
        let label = format!("{}{seen}", turn.at.clock_time(zone));
        let text = format!("{:11} {lasted:>8}   {why}", state_word(turn.state));
        push_fact(&mut lines, &label, text.trim_end(), width);
        until = turn.at;
    }
    lines
}
