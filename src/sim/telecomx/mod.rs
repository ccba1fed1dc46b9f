//! TelecomX's API as its pages tell it: the queue callers list and the login
//! it needs. A pure function of the world, the tokens given out and a request.
//!
//! # What it does
//!
//! * `GET /pbx/queue/ID/callers` with a Bearer token: the list, oldest first.
//! * `POST /auth/login` with JSON and `GET /auth/login` with a query: a token
//!   for fifteen minutes of the simulator's time (`persist`: for ever).
//!
//! Documented oddities: `answered` set while the state is still QUEUED, for
//! up to four seconds before the row goes; `answeredByExtension` and
//! `answeredByNumber` set or null in any combination; hostnames with a `-` in
//! `_id`; names that are null, empty, long, or in any script; numbers in
//! several shapes; error bodies `{"error":{"message","code","status"}}` with
//! the printed codes; a queue that exists but is forbidden
//! ([`FORBIDDEN_QUEUE_ID`]). Rows with `privacy: true` do carry number and
//! name, and some rows a field that no page lists (`priority`): it is for
//! clients to drop the one and keep the other.
//!
//! Assumed, the pages being silent: the list's order; that a token is looked
//! at before the queue's id; that asking does not prolong a token; what
//! `employee` and `customer` hold at login (ids); code and message of an
//! address that is none; 429, which no page documents, comes from a proxy.

mod row;
mod session;

use serde_json::{Value, json};

use super::{
    fault::{Fault, Moment},
    http::{Asked, Reply},
    world::{QUEUES, QueueNo, World},
};

use row::Row;
pub(super) use session::Sessions;
pub use session::{PASSWORD, TOKEN, USERNAME};

/// The ids of the world's queues here, in the world's order.
pub const QUEUE_IDS: [&str; QUEUES.len()] = [
    "5f3a9c0e7b1d4e2a8c6f0b11",
    "5f3a9c0e7b1d4e2a8c6f0b12",
    "5f3a9c0e7b1d4e2a8c6f0b13",
];

/// A queue that exists, of another customer: nobody here may see it.
pub const FORBIDDEN_QUEUE_ID: &str = "61c0ffee7b1d4e2a8c6f0b99";

/// Answers a request; `path` is what follows the vendor's prefix.
pub(super) fn answer(
    sessions: &mut Sessions,
    world: &World,
    path: &str,
    asked: &Asked,
    moment: Moment,
) -> Reply {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match (asked.method.as_str(), segments.as_slice()) {
        ("GET" | "POST", ["auth", "login"]) => sessions.login(asked, moment.now),
        ("GET", ["pbx", "queue", rest @ ..]) if rest.last() == Some(&"callers") => {
            match sessions.check(asked.header("authorization"), moment.now) {
                Err(refused) => refused,
                Ok(()) => callers(world, &rest[..rest.len() - 1], moment),
            }
        }
        _ => no_such_page(),
    }
}

fn callers(world: &World, id: &[&str], moment: Moment) -> Reply {
    let id = match id {
        [] => "",
        [id] => id,
        _ => return no_such_page(),
    };
    if id.replace("%20", "").trim().is_empty() {
        return error(400, "bad_request", "Id not found in requestURI");
    }
    if id == FORBIDDEN_QUEUE_ID {
        return error(403, "access_denied", "Insufficient access level");
    }
    match QUEUE_IDS.iter().position(|known| *known == id) {
        None => error(404, "id", "Queue not found"),
        Some(queue) => Reply::json(200, &rows(world, queue, moment)),
    }
}

fn rows(world: &World, queue: QueueNo, moment: Moment) -> Vec<Row> {
    let mut rows: Vec<Row> = world
        .callers(queue)
        .map(|call| Row::new(call, world.agents(), moment.skew_ms))
        .collect();
    match moment.fault {
        Some(Fault::DuplicateIds) => {
            let again: Vec<Row> = rows.iter().map(Row::again).collect();
            rows.extend(again);
        }
        Some(Fault::Huge { rows: wanted }) => {
            let since = moment.now.shift(moment.skew_ms);
            rows.truncate(*wanted);
            rows.extend((rows.len()..*wanted).map(|n| Row::filler(n, queue, since)));
        }
        _ => {}
    }
    rows
}

/// What this vendor says with an error status, where it has words for it.
pub(super) fn refusal(status: u16) -> Option<Reply> {
    match status {
        400 => Some(error(400, "bad_request", "Id not found in requestURI")),
        401 => Some(error(401, "invalid_token", "Please login")),
        403 => Some(error(403, "access_denied", "Insufficient access level")),
        404 => Some(error(404, "id", "Queue not found")),
        500 => Some(error(500, "internal_error", "Internal error")),
        _ => None,
    }
}

/// Assumed: no page says what an address that is none answers.
fn no_such_page() -> Reply {
    error(404, "not_found", "Not found")
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    let body: Value = json!({
        "error": { "message": message, "code": code, "status": status }
    });
    Reply::json(status, &body)
}

#[cfg(test)]
mod tests;
