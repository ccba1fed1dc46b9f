//! Contaqt: agents and calls, pushed (Events, version 1.3). Events carry ids
//! only, so the file gives them names.

use std::collections::BTreeMap;

pub use crate::domain::site::Pause;
use crate::domain::{
    sheet::Table,
    site::{People, Queue},
};

use super::super::{keys, secret::Secrets};
use super::{
    hook::{self, Hook},
    names, queue,
};

/// A Contaqt account.
#[derive(Clone, Debug)]
pub struct Contaqt {
    /// How its webhooks are let in.
    pub hook: Hook,
    /// Names of agents by `user_id`.
    pub agents: BTreeMap<String, String>,
    /// Pauses by `pause_id`.
    pub pauses: BTreeMap<String, Pause>,
    /// Names of activities by `activity_id`.
    pub activities: BTreeMap<String, String>,
    /// The queues that the file names.
    pub queues: Vec<Queue>,
}

impl Contaqt {
    /// The names of the ids that its events carry.
    #[must_use]
    pub fn people(&self) -> People {
        fn by_id<Id: From<String> + Ord, T: Clone>(named: &BTreeMap<String, T>) -> BTreeMap<Id, T> {
            let entry = |(id, named): (&String, &T)| (Id::from(id.clone()), named.clone());
            named.iter().map(entry).collect()
        }
        People {
            agents: by_id(&self.agents),
            pauses: by_id(&self.pauses),
            activities: by_id(&self.activities),
            extensions: Vec::new(),
        }
    }
}

pub(super) fn read(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<Contaqt> {
    site.need("hook");
    let hook = hook::read(site, secrets);
    let (agents, activities) = (
        names::plain(site, "agents"),
        names::plain(site, "activities"),
    );
    let (pauses, queues) = (pauses(site), queue::read(site));
    Some(Contaqt {
        hook: hook?,
        agents,
        pauses,
        activities,
        queues,
    })
}

fn pauses(site: &Table<'_>) -> BTreeMap<String, Pause> {
    let pauses = names::read(site, "pauses", keys::PAUSE, |entry, value| {
        // The vendor's 0 means that an agent is available.
        if entry.key == "0" {
            let text = "pause 0 is the vendor's word for an agent who is available; remove it";
            return site.sheet.wrong(entry.at, text);
        }
        let limit = value.get("limit").and_then(|item| {
            let limit = item.duration()?;
            if limit.is_zero() {
                return item.wrong("is zero; remove it if the pause has no limit");
            }
            Some(limit)
        });
        Some(Pause {
            name: value.name().unwrap_or(entry.key).to_owned(),
            limit,
        })
    });
    pauses.into_iter().collect()
}
