//! An agent as scripts see them: the field names of `holdline agents`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Fields;
use crate::domain::{
    agent::Agent,
    board::Board,
    id::{AgentId, QueueId},
    site::Site,
    time::At,
};

/// One line of `holdline agents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentRecord {
    /// The site's name.
    pub site: String,
    /// The agent's id at the vendor.
    pub id: String,
    /// What the configuration calls them.
    pub name: Option<String>,
    /// The device they checked in with: its name, else its id.
    pub device: Option<String>,
    /// `logged_out`, `available`, `ringing`, `on_call`, `paused`, `unknown`.
    pub state: String,
    /// The pause by name, else the activity by name; the id where it has
    /// none.
    pub reason: Option<String>,
    /// Since when they are in this state, or are known to be.
    pub since: Option<String>,
    /// Whole seconds since then.
    pub for_s: Option<u64>,
    /// Ids of the queues they have joined; `null` while none was told of.
    pub queues: Option<Vec<String>>,
    /// Their names, in the same order; the id where one has none.
    pub queue_names: Option<Vec<String>>,
    /// The call that they are at, or that rings.
    pub call: Option<String>,
}

impl AgentRecord {
    /// An agent of `site` as they stand `now`; `agent` is `None` for one who
    /// is configured and was never heard of.
    #[must_use]
    pub fn new(site: &Site, id: &AgentId, agent: Option<&Agent>, now: At) -> Self {
        let standing = agent.map(Agent::standing).cloned().unwrap_or_default();
        let people = &site.people;
        let pause = standing.pause.as_deref().map(|id| people.pause(id));
        let activity = standing.activity.as_deref().map(|id| people.activity(id));
        let device = agent.and_then(|a| a.device_name.as_deref().or(a.device.as_deref()));
        let queues = agent
            .filter(|a| a.queues_known || !a.queues.is_empty())
            .map(|a| &a.queues);
        let list = |each: &dyn Fn(&QueueId) -> String| {
            queues.map(|queues: &BTreeSet<QueueId>| queues.iter().map(each).collect())
        };
        Self {
            site: site.name.to_string(),
            id: id.to_string(),
            name: people.agent(id).map(str::to_owned),
            device: device.map(str::to_owned),
            state: standing.state.word().to_owned(),
            reason: pause.or(activity).map(str::to_owned),
            since: standing.since.map(|at| at.to_string()),
            for_s: standing.since.map(|at| now.since(at).as_secs()),
            queues: list(&ToString::to_string),
            queue_names: list(&|id| site.queue_name(id).to_owned()),
            call: standing.call.map(|call| call.to_string()),
        }
    }

    /// The same without what our own injector sent; `None` for one whom only
    /// that has told of.
    #[must_use]
    pub fn real(site: &Site, id: &AgentId, agent: Option<&Agent>, now: At) -> Option<Self> {
        let real = agent.and_then(Agent::real);
        let is_there = real.is_some() || agent.is_none() || site.people.agents.contains_key(id);
        is_there.then(|| Self::new(site, id, real.as_deref(), now))
    }

    /// All agents of a site, by name and id: those the configuration names,
    /// and those that were heard of. What our own injector sent is left out.
    #[must_use]
    pub fn all(site: &Site, board: &Board, now: At) -> Vec<Self> {
        let record = |(id, agent)| Self::real(site, id, agent, now);
        let mut all: Vec<Self> = known(site, board).filter_map(record).collect();
        all.sort_by(|a, b| (a.name.is_none(), &a.name).cmp(&(b.name.is_none(), &b.name)));
        all
    }

    /// Those who would be there, or would stand otherwise, with what our own
    /// injector sent: as they would stand.
    #[must_use]
    pub fn left_out(site: &Site, board: &Board, now: At) -> Vec<Self> {
        let record = |(id, agent)| {
            let made = Self::new(site, id, agent, now);
            (Self::real(site, id, agent, now).as_ref() != Some(&made)).then_some(made)
        };
        known(site, board).filter_map(record).collect()
    }
}

/// The agents of a site by id, with what is known of each.
fn known<'a>(
    site: &'a Site,
    board: &'a Board,
) -> impl Iterator<Item = (&'a AgentId, Option<&'a Agent>)> {
    let floor = board.floor(&site.name);
    let heard = floor
        .into_iter()
        .flat_map(|floor| floor.agents().map(|a| &a.id));
    let ids: BTreeSet<&AgentId> = site.people.agents.keys().chain(heard).collect();
    ids.into_iter()
        .map(move |id| (id, floor.and_then(|floor| floor.agent(id))))
}

impl Fields for AgentRecord {
    const FIELDS: &'static [&'static str] = &[
        "site",
        "id",
        "name",
        "device",
        "state",
        "reason",
        "since",
        "for_s",
        "queues",
        "queue_names",
        "call",
    ];
}
