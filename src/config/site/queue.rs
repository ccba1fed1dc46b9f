//! `queues`: a list of ids or tables, or a table from ids to names or tables.

use std::time::Duration;

use crate::domain::{
    sheet::{Item, Table},
    site::Queue,
    text,
};

use super::super::{keys, value};
use super::names::{self, Named};

/// The site's queues, in the file's order; none if they are not given.
pub(super) fn read(site: &Table<'_>) -> Vec<Queue> {
    let Some(item) = site.get("queues") else {
        return Vec::new();
    };
    if item.is_table() {
        let queues = names::read(site, "queues", keys::QUEUE, |entry, value| {
            if let Some(id) = value.get("id") {
                return id.wrong("is given twice: remove it, the queue's id stands before the =");
            }
            Some(queue(entry.key, value))
        });
        return queues.into_iter().map(|(_, queue)| queue).collect();
    }
    let mut queues: Vec<Queue> = Vec::new();
    for item in item.list().unwrap_or_default() {
        let Some(queue) = listed(&item, &site.what) else {
            continue;
        };
        if queues.iter().any(|q| q.id == queue.id) {
            let id = text::clip(queue.id.as_str(), 40);
            let text = format!("queue \"{id}\" stands twice in {}; remove one", site.what);
            item.sheet.wrong::<()>(item.at, &text);
        }
        queues.push(queue);
    }
    queues
}

fn listed(item: &Item<'_>, owner: &str) -> Option<Queue> {
    if !item.is_table() {
        let id = item.id()?;
        return Some(queue(id, &Named::Plain(id)));
    }
    let table = item.table(&format!("a queue of {owner}"), keys::QUEUE)?;
    let id = table.need("id").and_then(|id| id.id());
    // What else is wrong with it is told too.
    let queue = queue(id.unwrap_or_default(), &Named::Table(table));
    id.map(|_| queue)
}

fn queue(id: &str, value: &Named<'_>) -> Queue {
    let (service_level, critical) = thresholds(value);
    Queue {
        id: id.into(),
        name: value.name().unwrap_or(id).to_owned(),
        service_level,
        critical,
    }
}

/// From when on a wait is late, and critical.
pub(super) fn thresholds(value: &Named<'_>) -> (Duration, Duration) {
    let given = |key| value.get(key).map(|item| (item.duration(), item));
    let service_level = match given("service_level") {
        Some((service_level, _)) => service_level,
        None => Some(Queue::SERVICE_LEVEL),
    };
    let (critical, item) = given("critical").unzip();
    let critical = critical.flatten();
    // One that could not be read has been told, and is compared with nothing.
    if let (Some(late), Some(critical), Some(item)) = (service_level, critical, item)
        && critical < late
    {
        item.wrong::<()>(&format!(
            "is {}, below the service_level of {}; make it as long or longer",
            value::spell(critical),
            value::spell(late)
        ));
    }
    let service_level = service_level.unwrap_or(Queue::SERVICE_LEVEL);
    // A long target moves the default along, rather than being refused.
    let critical = critical.unwrap_or(Queue::CRITICAL.max(service_level));
    (service_level, critical)
}
