//! What a row of the list of agents says. Pure: sites and board in, rows out.

use std::{collections::BTreeSet, sync::Arc};

use crate::domain::{
    agent::{Agent, AgentState},
    board::Board,
    call::Call,
    floor::Floor,
    id::{AgentId, SiteName},
    phone,
    site::{People, Site},
    suspect::{self, Suspicion},
    text,
    time::At,
};

/// What marks what our own injector made.
pub const TEST: &str = "(test)";

/// An agent in the list.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for itself")]
pub struct Row {
    /// The site.
    pub site: SiteName,
    /// The vendor's id.
    pub id: AgentId,
    /// What people call them; the id where the configuration does not say.
    pub name: String,
    /// The state.
    pub state: AgentState,
    /// Since when.
    pub since: Option<At>,
    /// Whether its start was seen. If not, it began then or before.
    pub seen: bool,
    /// The pause or the activity, by name.
    pub reason: Option<String>,
    /// With whom they talk, or who rings.
    pub with: Option<String>,
    /// Whether our own injector made that call: marked, whatever their state
    /// rests on.
    pub with_injected: bool,
    /// The names of their queues.
    pub queues: Vec<String>,
    /// Whether those are all.
    pub queues_known: bool,
    /// The device: its name, else its id.
    pub device: Option<Arc<str>>,
    /// Calls answered today, where known.
    pub calls: Option<u32>,
    /// What looks wrong, in a few words.
    pub doubt: Option<String>,
    /// Whether they are paused for longer than they may.
    pub over_pause: bool,
    /// Whether what is shown was told before a time in which nobody listened.
    pub missed: bool,
    /// Whether their state rests on what our own injector made: marked, and
    /// not counted.
    pub injected: bool,
}

/// The agents of a site: those the configuration names, and those that were
/// heard of.
#[must_use]
pub fn of_site(site: &Site, board: &Board, now: At) -> Vec<Row> {
    let floor = board.floor(&site.name);
    let heard = floor
        .into_iter()
        .flat_map(|floor| floor.agents().map(|a| &a.id));
    let ids: BTreeSet<&AgentId> = site.people.agents.keys().chain(heard).collect();
    ids.into_iter()
        .filter_map(|id| of_agent(site, id, board, now))
        .collect()
}

/// One of them, if there is such a one.
#[must_use]
pub fn of_agent(site: &Site, id: &AgentId, board: &Board, now: At) -> Option<Row> {
    let floor = board.floor(&site.name);
    let known = floor.and_then(|floor| Some((floor, floor.agent(id)?)));
    match known {
        Some((floor, agent)) => Some(heard_of(site, floor, agent, board, now)),
        None if site.people.agents.contains_key(id) => Some(unknown(site, id)),
        None => None,
    }
}

/// What looks wrong about whom, in a few words, and whether they are paused for
/// longer than they may: of everyone who was heard of, and all of a row that
/// time changes within a day.
pub(super) fn doubts<'a>(
    site: &'a Site,
    board: &'a Board,
    now: At,
) -> impl Iterator<Item = (&'a AgentId, (Option<String>, bool))> {
    let floor = board.floor(&site.name).into_iter();
    floor.flat_map(move |floor| {
        let doubt = move |agent: &'a Agent| (&agent.id, doubt(site, floor, agent, now));
        floor.agents().map(doubt)
    })
}

fn doubt(site: &Site, floor: &Floor, agent: &Agent, now: At) -> (Option<String>, bool) {
    let suspicions = suspect::of_agent(agent, floor, &site.people, now);
    let over = |s: &Suspicion| matches!(s, Suspicion::OverPause { .. });
    let first = suspicions.first().map(|s| short(s, &site.people));
    (first, suspicions.iter().any(over))
}

/// One who is configured and has not spoken yet.
fn unknown(site: &Site, id: &AgentId) -> Row {
    Row {
        site: site.name.clone(),
        id: id.clone(),
        name: site.people.agent(id).unwrap_or(id.as_str()).to_owned(),
        state: AgentState::Unknown,
        since: None,
        seen: false,
        reason: None,
        with: None,
        with_injected: false,
        queues: Vec::new(),
        queues_known: false,
        device: None,
        calls: None,
        doubt: None,
        over_pause: false,
        missed: false,
        injected: false,
    }
}

fn heard_of(site: &Site, floor: &Floor, agent: &Agent, board: &Board, now: At) -> Row {
    let standing = agent.standing();
    let people = &site.people;
    let pause = standing.pause.as_deref().map(|id| people.pause(id));
    let activity = standing.activity.as_deref().map(|id| people.activity(id));
    let (doubt, over_pause) = doubt(site, floor, agent, now);
    let call = standing.call.as_ref().and_then(|id| floor.call(id));
    Row {
        state: standing.state,
        since: standing.since,
        seen: standing.seen,
        reason: pause.or(activity).map(str::to_owned),
        with: call.map(|call| with(call, &agent.id, people)),
        with_injected: call.is_some_and(|call| call.injected),
        queues: agent
            .queues
            .iter()
            .map(|id| site.queue_name(id).to_owned())
            .collect(),
        queues_known: agent.queues_known,
        device: agent.device_name.clone().or_else(|| agent.device.clone()),
        calls: agent.calls_on(now.day(board.zone())),
        doubt,
        over_pause,
        missed: floor.doubt(agent).is_some(),
        injected: standing.injected,
        ..unknown(site, &agent.id)
    }
}

/// The other party of an agent's call, with a mark where our own injector made
/// it.
#[must_use]
pub fn with(call: &Call, agent: &AgentId, people: &People) -> String {
    let other = other_party(call, agent, people);
    if call.injected {
        return format!("{TEST} {other}");
    }
    other
}

/// Another agent, else the caller, or whom the agent dialled.
fn other_party(call: &Call, agent: &AgentId, people: &People) -> String {
    let from = call.fact(|f| f.from_agent.as_ref());
    let to = call.fact(|f| f.to_agent.as_ref());
    let other = if from == Some(agent) { to } else { from };
    if let Some(other) = other.filter(|other| *other != agent) {
        return people.agent(other).unwrap_or(other.as_str()).to_owned();
    }
    let dials = from == Some(agent);
    let number = if dials {
        call.fact(|f| f.to.as_deref())
    } else {
        call.fact(|f| f.number.as_deref())
    };
    let name = call.fact(|f| f.name.as_deref()).filter(|_| !dials);
    match (number.map(phone::shown), name) {
        (Some(number), Some(name)) => format!("{number} {name}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => call.id.to_string(),
    }
}

/// A suspicion in a few words; the details have the evidence.
fn short(suspicion: &Suspicion, people: &People) -> String {
    match suspicion {
        Suspicion::OverPause { pause, .. } => format!("over {}", people.pause(pause)),
        Suspicion::NoQueue { .. } => "no queue".into(),
        Suspicion::CallsOver { .. } => "calls are over?".into(),
        Suspicion::LeftAlone { .. } => "alone on the call?".into(),
        Suspicion::SaysFree { .. } => "says not at calls".into(),
        Suspicion::RingsLong { .. }
        | Suspicion::WaitsLong { .. }
        | Suspicion::TalksLong { .. }
        | Suspicion::NobodyTalks { .. }
        | Suspicion::Missed { .. } => "end missed?".into(),
    }
}

impl Row {
    /// Whether they are in a queue, or may be: who joined before we listened
    /// has told nobody.
    #[must_use]
    pub fn may_be_in(&self, queue: &str) -> bool {
        let heard = self.state != AgentState::Unknown;
        (heard && !self.queues_known) || self.queues.iter().any(|q| q == queue)
    }

    /// All that a search may find them by, folded.
    #[must_use]
    pub fn haystack(&self) -> String {
        let mut all = format!("{} {} {} ", self.name, self.id, self.site);
        all.push_str(state_word(self.state));
        let texts = [&self.reason, &self.with, &self.doubt];
        for text in texts.into_iter().flatten().chain(&self.queues) {
            all.push(' ');
            all.push_str(text);
        }
        if let Some(device) = &self.device {
            all.push(' ');
            all.push_str(device);
        }
        text::fold(&all).into_owned()
    }
}

/// A state as people say it.
#[must_use]
pub fn state_word(state: AgentState) -> &'static str {
    match state {
        AgentState::Available => "free",
        AgentState::Ringing => "ringing",
        AgentState::OnCall => "on call",
        AgentState::Paused => "paused",
        AgentState::LoggedOut => "out",
        AgentState::Unknown => "unknown",
    }
}
