//! How many agents are free for each queue: beside who waits there, it says
//! where help is needed.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    agent::AgentState,
    board::Board,
    id::{QueueId, SiteName},
    site::QueueKey,
};

/// The agents that are free, by queue.
#[derive(Debug, Default)]
pub struct Free<'b> {
    in_queue: BTreeMap<(&'b SiteName, &'b QueueId), usize>,
    /// Sites that have told which queues somebody serves.
    told: BTreeSet<&'b SiteName>,
}

impl<'b> Free<'b> {
    /// Counts them on a board.
    #[must_use]
    pub fn on(board: &'b Board) -> Self {
        let mut free = Self::default();
        for (site, floor) in board.floors() {
            for agent in floor.agents() {
                if agent.queues_known || !agent.queues.is_empty() {
                    free.told.insert(site);
                }
                let standing = agent.standing();
                // Whom our own injector made helps nobody.
                if standing.state == AgentState::Available && !standing.injected {
                    for queue in &agent.queues {
                        *free.in_queue.entry((site, queue)).or_insert(0) += 1;
                    }
                }
            }
        }
        free
    }

    /// Whether any site has told who serves which queue.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.told.is_empty()
    }

    /// How many there are for a queue; `None` where its site has not told who
    /// serves which, as most vendors do not.
    #[must_use]
    pub fn of(&self, key: &QueueKey) -> Option<usize> {
        let free = self.in_queue.get(&(&key.site, &key.queue)).copied();
        self.told.contains(&key.site).then(|| free.unwrap_or(0))
    }
}
