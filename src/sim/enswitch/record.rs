//! The events on record, queue by queue, and how far each has been listed: a
//! list without a start goes on where the last such one ended, whoever asked.

use std::collections::VecDeque;

use super::{Params, QUEUES};
use crate::sim::world::QueueNo;

/// How many events a queue keeps.
const KEPT: usize = 10_000;

/// An event on record. Assumed, the page showing the start of one only
/// (`1234567890|NONE|…`): time, call, queue, agent, event, then the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    time: i64,
    text: String,
}

impl Row {
    /// What stands on record of an event that was created.
    pub fn new(time: i64, params: &Params) -> Self {
        let or_none = |name| match params.get(name) {
            "" => "NONE".to_owned(),
            text => text.to_owned(),
        };
        let rest = ["callerid", "channel", "dtype", "dnumber", "keypress"];
        let mut text = format!(
            "{time}|{}|{}|NONE|{}",
            or_none("callid"),
            params.get("queue"),
            or_none("event")
        );
        for name in rest {
            text.push('|');
            text.push_str(params.get(name));
        }
        text.push('|');
        text.push_str(match params.get("position") {
            "" => "0",
            position => position,
        });
        Self { time, text }
    }
}

/// All events on record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    queues: [Queue; QUEUES.len()],
}

#[derive(Clone, Debug, Default)]
struct Queue {
    rows: VecDeque<Row>,
    /// The second from which on nothing was listed yet.
    unlisted: i64,
}

impl Record {
    /// Puts an event on record.
    pub fn add(&mut self, queue: QueueNo, row: Row) {
        let rows = &mut self.queues[queue].rows;
        if rows.len() >= KEPT {
            rows.pop_front();
        }
        rows.push_back(row);
    }

    /// The events of these seconds, both included, the oldest first; without a
    /// start those since the last such list, without an end those until a
    /// second ago.
    pub fn list(
        &mut self,
        queue: QueueNo,
        start: Option<i64>,
        end: Option<i64>,
        now: i64,
    ) -> Vec<String> {
        let queue = &mut self.queues[queue];
        let end = end.unwrap_or(now - 1);
        let from = start.unwrap_or(queue.unlisted);
        if start.is_none() {
            queue.unlisted = queue.unlisted.max(end + 1);
        }
        let mut rows: Vec<&Row> = queue
            .rows
            .iter()
            .filter(|row| (from..=end).contains(&row.time))
            .collect();
        rows.sort_by_key(|row| row.time);
        rows.into_iter().map(|row| row.text.clone()).collect()
    }
}
