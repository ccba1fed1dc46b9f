//! `queues`: a list of ids or tables, or a table from ids to names or tables.

use std::time::Duration;

use crate::domain::{site::Queue, text};

use super::super::{
    error::ConfigError,
    keys,
    read::{Item, Section},
    value,
};
use super::names::{self, Named};

/// The site's queues, in the file's order; none if they are not given.
pub(super) fn read(section: &Section<'_>) -> Result<Vec<Queue>, ConfigError> {
    let Some(item) = section.get("queues") else {
        return Ok(Vec::new());
    };
    if item.is_table() {
        let queues = names::read(section, "queues", keys::QUEUE, |entry, value| {
            if let Some(id) = value.get("id") {
                return Err(
                    id.wrong("is given twice: remove it, the queue's id stands before the =")
                );
            }
            queue(entry.key, value)
        })?;
        return Ok(queues.into_iter().map(|(_, queue)| queue).collect());
    }
    let mut queues: Vec<Queue> = Vec::new();
    for item in item.list()? {
        let queue = listed(&item, &section.what)?;
        if queues.iter().any(|q| q.id == queue.id) {
            let id = text::clip(queue.id.as_str(), 40);
            let text = format!(
                "queue \"{id}\" stands twice in {}; remove one",
                section.what
            );
            return Err(item.file.error(item.at, &text));
        }
        queues.push(queue);
    }
    Ok(queues)
}

fn listed(item: &Item<'_>, owner: &str) -> Result<Queue, ConfigError> {
    if !item.is_table() {
        let id = item.id()?;
        return queue(id, &Named::Plain(id));
    }
    let section = Section::open(item, format!("a queue of {owner}"), keys::QUEUE)?;
    let id = section.need("id")?.id()?;
    queue(id, &Named::Table(section))
}

fn queue(id: &str, value: &Named<'_>) -> Result<Queue, ConfigError> {
    let (service_level, critical) = thresholds(value)?;
    Ok(Queue {
        id: id.into(),
        name: value.name()?.unwrap_or(id).to_owned(),
        service_level,
        critical,
    })
}

/// From when on a wait is late, and critical.
pub(super) fn thresholds(value: &Named<'_>) -> Result<(Duration, Duration), ConfigError> {
    let given = |key| -> Result<Option<Duration>, ConfigError> {
        let item = value.get(key);
        item.map(|i| i.parse(value::duration)).transpose()
    };
    let service_level = given("service_level")?.unwrap_or(Queue::SERVICE_LEVEL);
    let critical = match (given("critical")?, value.get("critical")) {
        (Some(critical), Some(item)) if critical < service_level => {
            return Err(item.wrong(&format!(
                "is {}, below the service_level of {}; make it as long or longer",
                value::spell(critical),
                value::spell(service_level)
            )));
        }
        (Some(critical), _) => critical,
        // A long target moves the default along, rather than being refused.
        (None, _) => Queue::CRITICAL.max(service_level),
    };
    Ok((service_level, critical))
}
