//! Enswitch's `queues/events/create` as its page tells it, and
//! `queues/events/list` beside it. A pure function of what is on record and a
//! request.
//!
//! * `params`: what a client sent
//! * `record`: the events on record, and the list's own cursor
//!
//! # What it does
//!
//! `POST` or `GET /api/json/queues/events/create`, with or without a slash
//! behind, with parameters parted by `&` or `;`: every code of the page, the
//! answer under HTTP 200 whatever it says. [`USERNAME`] is an administrator,
//! [`OPERATOR`] is not (402). The queues are the world's, with the ids
//! [`QUEUE_IDS`]; the last of them records no events, and [`HIDDEN_QUEUE_ID`]
//! is somebody else's (404).
//! `/api/json/queues/events/list` lists what is on record.
//!
//! Assumed, the page being silent: each parameter that is wrong gets a
//! response of its own; who asks is looked at first, then the role, the
//! parameters and the queue; messages; what a row of the list holds behind
//! `1234567890|NONE|`; that only a list without a start moves the cursor of
//! the next one; an unknown function is a 404 with `Unknown function`.

mod params;
mod record;

use serde_json::json;

use super::{
    fault::Moment,
    http::{Asked, Reply},
    world::QUEUES,
};

use params::Params;
pub(super) use record::Record;
use record::Row;

/// A user with the administrator role.
pub const USERNAME: &str = "tester";
/// A user without it.
pub const OPERATOR: &str = "operator";
/// The password of both; what parts parameters is in it on purpose.
pub const PASSWORD: &str = "sim;pass&word+1%";

/// The ids of the world's queues here, in the world's order.
pub const QUEUE_IDS: [&str; QUEUES.len()] = ["122", "123", "124"];
/// Which of them record events.
pub const RECORDS: [bool; QUEUES.len()] = [true, true, false];
/// A queue that exists, of another customer: nobody here may see it.
pub const HIDDEN_QUEUE_ID: &str = "199";
/// The customer whose queues these are.
pub const CUSTOMER: &str = "7";

/// Answers a request; `path` is what follows the vendor's prefix.
pub(super) fn answer(record: &mut Record, path: &str, asked: &Asked, moment: Moment) -> Reply {
    let Some(function) = path.strip_prefix("/api/json/") else {
        return Reply::new(404, "text/html", "<h1>Not Found</h1>\n");
    };
    if asked.method != "GET" && asked.method != "POST" {
        return Reply::new(405, "text/html", "<h1>Method Not Allowed</h1>\n");
    }
    let params = Params::received(asked);
    let is_admin = match login(&params) {
        Ok(is_admin) => is_admin,
        Err(refused) => return refused,
    };
    let now = moment.now.shift(moment.skew_ms).0.div_euclid(1_000);
    match function.strip_suffix('/').unwrap_or(function) {
        "queues/events/create" if !is_admin => responses(&[ROLE]),
        "queues/events/create" => create(record, &params, now),
        "queues/events/list" => list(record, &params, is_admin, now),
        _ => responses(&[("404", "", "Unknown function")]),
    }
}

/// Code, key and message of a response.
type Response<'a> = (&'a str, &'a str, &'a str);

const ROLE: Response<'_> = ("402", "", "Your role does not allow this");
const NO_QUEUE: Response<'_> = ("404", "", "Queue not found");

/// Whether it is an administrator.
fn login(params: &Params) -> Result<bool, Reply> {
    let name = params.get("auth_username");
    if params.get("auth_password") != PASSWORD || ![USERNAME, OPERATOR].contains(&name) {
        return Err(responses(&[("401", "", "Authentication failed")]));
    }
    Ok(name == USERNAME)
}

fn create(record: &mut Record, params: &Params, now: i64) -> Reply {
    let mut wrong: Vec<Response<'_>> = Vec::new();
    if params.get("queue").is_empty() {
        wrong.push(("400", "queue", "Required"));
    }
    for name in ["queue", "position", "time"] {
        if params.integer(name).is_none() {
            wrong.push(("400", name, "Not a number"));
        }
    }
    if !["", "forward", "peer", "phone", "sipuri"].contains(&params.get("dtype")) {
        wrong.push(("400", "dtype", "Invalid"));
    }
    if !["", "0", "1"].contains(&params.get("validation")) {
        wrong.push(("400", "validation", "Invalid"));
    }
    if !wrong.is_empty() {
        return responses(&wrong);
    }
    let Some(queue) = QUEUE_IDS.iter().position(|id| *id == params.get("queue")) else {
        return responses(&[NO_QUEUE]);
    };
    if params.get("validation") == "1" {
        return responses(&[("201", "", "OK")]);
    }
    if RECORDS[queue] {
        let time = match params.get("time") {
            "" => now,
            _ => params.integer("time").unwrap_or(now),
        };
        record.add(queue, Row::new(time, params));
    }
    responses(&[("204", "", "OK")])
}

fn list(record: &mut Record, params: &Params, is_admin: bool, now: i64) -> Reply {
    let wrong: Vec<Response<'_>> = ["queue", "customer", "start", "end", "archive"]
        .into_iter()
        .filter(|name| params.integer(name).is_none())
        .map(|name| ("400", name, "Not a number"))
        .collect();
    if !wrong.is_empty() {
        return responses(&wrong);
    }
    let queues = match (params.get("queue"), params.get("customer")) {
        ("", "") => return responses(&[("400", "queue", "Required")]),
        ("", CUSTOMER) if is_admin => 0..QUEUES.len(),
        ("", CUSTOMER) => return responses(&[ROLE]),
        ("", _) => return responses(&[("404", "", "Customer not found")]),
        (queue, _) => match QUEUE_IDS.iter().position(|id| *id == queue) {
            Some(queue) => queue..queue + 1,
            None => return responses(&[NO_QUEUE]),
        },
    };
    let bound = |name| match params.get(name) {
        "" | "-1" => None,
        _ => params.integer(name),
    };
    let rows: Vec<_> = queues
        .flat_map(|queue| record.list(queue, bound("start"), bound("end"), now))
        .map(|row| json!({ "data": row }))
        .collect();
    let ok = response(("200", "", "OK"));
    Reply::json(200, &json!({ "responses": [ok], "data": rows }))
}

/// An answer of responses alone. Assumed: HTTP's own status is always 200.
fn responses(all: &[Response<'_>]) -> Reply {
    let all: Vec<_> = all.iter().copied().map(response).collect();
    Reply::json(200, &json!({ "responses": all }))
}

fn response((code, key, message): Response<'_>) -> serde_json::Value {
    json!({ "code": code, "key": key, "message": message })
}

/// What this vendor says with a code of its page's.
pub(super) fn refusal(code: u16) -> Option<Reply> {
    match code {
        400 => Some(responses(&[("400", "event", "Invalid")])),
        401 => Some(responses(&[("401", "", "Authentication failed")])),
        402 => Some(responses(&[ROLE])),
        404 => Some(responses(&[NO_QUEUE])),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
