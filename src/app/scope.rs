//! One queue or all of them: every pane follows. Queues of different sites
//! that share a name are one to the people who staff them, so a scope is a
//! name.

use crate::domain::{
    callback::Callback,
    site::{Queue, Site},
};

/// Whether a queue is in scope.
#[must_use]
pub fn has(scope: Option<&str>, queue: &Queue) -> bool {
    scope.is_none_or(|name| queue.name == name)
}

/// Whether a callback is: it is assigned to the queue, or came in by it.
#[must_use]
pub fn has_callback(scope: Option<&str>, callback: &Callback, sites: &[Site]) -> bool {
    let Some(name) = scope else { return true };
    let Some(to) = callback.assigned_to.as_deref() else {
        return false;
    };
    let ids = sites
        .iter()
        .filter(|site| site.name == callback.site)
        .flat_map(|site| &site.queues)
        .filter(|queue| queue.name == name);
    to == name || ids.into_iter().any(|queue| queue.id.as_str() == to)
}

/// The queues there are to choose from, by name, in the configuration's order.
#[must_use]
pub fn queues(sites: &[Site]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for queue in sites.iter().flat_map(|site| &site.queues) {
        if !names.contains(&queue.name.as_str()) {
            names.push(&queue.name);
        }
    }
    names
}
