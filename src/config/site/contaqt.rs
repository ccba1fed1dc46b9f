//! Contaqt: agents and calls, pushed (Events, version 1.3). Events carry ids
//! only, so the file gives them names.

use std::collections::BTreeMap;

pub use crate::domain::site::Pause;
use crate::domain::site::{People, Queue};

use super::super::{error::ConfigError, keys, read::Section, value};
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

pub(super) fn read(section: &Section<'_>) -> Result<Contaqt, ConfigError> {
    section.need("hook")?;
    let hook = hook::read(section)?;
    Ok(Contaqt {
        hook: hook.ok_or_else(|| section.wrong("has no hook"))?,
        agents: names::plain(section, "agents")?,
        pauses: pauses(section)?,
        activities: names::plain(section, "activities")?,
        queues: queue::read(section)?,
    })
}

fn pauses(section: &Section<'_>) -> Result<BTreeMap<String, Pause>, ConfigError> {
    let pauses = names::read(section, "pauses", keys::PAUSE, |entry, value| {
        // The vendor's 0 means that an agent is available.
        if entry.key == "0" {
            let text = "pause 0 is the vendor's word for an agent who is available; remove it";
            return Err(section.file.error(entry.at, text));
        }
        let limit = value.get("limit").map(|i| {
            let limit = i.parse(value::duration)?;
            if limit.is_zero() {
                return Err(i.wrong("is zero; remove it if the pause has no limit"));
            }
            Ok(limit)
        });
        Ok(Pause {
            name: value.name()?.unwrap_or(entry.key).to_owned(),
            limit: limit.transpose()?,
        })
    })?;
    Ok(pauses.into_iter().collect())
}
