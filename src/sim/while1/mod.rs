//! While1's CallQueue / Read as its page tells it: the list of callbacks, with
//! its hash, its filters and its pages. A pure function of the world and a
//! request.
//!
//! # What it does
//!
//! `POST` or `GET /api/call-queue` with the Bearer token [`TOKEN`] and
//! `action=read`, `page`, `filters` and `api_hash` as a form, a query or JSON.
//! The hash is checked by code of the simulator's own: MD5 of what PHP's
//! `http_build_query` makes of all other parameters in the order received,
//! with [`KEY`] behind. Pages have 100 rows, the newest first; a page behind
//! the last is empty. Times are those of the wall in [`TIME_ZONE`].
//!
//! All fourteen filters of the page filter; several must all hold; empty ones
//! count for nothing. An unknown one is refused in the page's words (`Invalid
//! filter: statusxxx`), with `pagination` as an empty list.
//!
//! Assumed, the page being silent, or of two minds:
//!
//! * Row fields are those of a call in CallQueue / Save and what the filters
//!   imply: `id project_id type destination campaign_name campaign_info
//!   outbound_type attend_type outbound_number outbound_trunk dnid
//!   inbound_route_id caller_id caller_id_name priority schedule external_id
//!   retries max_retries status created vars`. Values are text, in some rows
//!   numbers; what is absent is null, a name sometimes an empty text; empty
//!   `vars` is `[]`, as PHP writes it.
//! * A missing or wrong token is 401, all else 200; each has the printed error
//!   body. Messages: `Invalid token`, `Invalid api_hash` (also where it is
//!   missing), `Invalid parameters`, `Invalid action: …`, `Invalid page: …`,
//!   `Invalid value for filter: …`.
//! * `date_between` is about `created` and takes both ends in; `schedule_lt`
//!   is `<=`; `schedule_null` (`1` or `0`) asks for rows without schedule, and
//!   beside `schedule_lt` for those too.
//! * `caller_id`, `dnid`, `outbound_number`, `project_id` and `external_id`
//!   compare the whole text; `inbound_route_id` and `status` take one or a
//!   list; `campaign` is part of `campaign_name` or `campaign_info` in any
//!   case; `assign_type` is about `type`, where `context` is `no_queue`.
//! * A state is `inprogress`; "in progress", as the page's text has it, is
//!   refused. So is a date that does not exist or is not `Y-m-d H:i:s`.
//! * An empty list has one page.

mod filter;
mod page;
mod params;
mod row;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{
    fault::Moment,
    http::{Asked, Reply},
    world::World,
};

use filter::Filters;
use params::{Map, Node};
use row::{Row, Wall};

/// The Bearer token, "api_token" in the PBX.
pub const TOKEN: &str = "simulated-callqueue-token-40123";
/// The key of the hash, "api_key" in the PBX.
pub const KEY: &str = "bamse-og-kylling-&-ægget";
/// The PBX's zone: the API's times are its wall clock's, and name no zone.
pub const TIME_ZONE: &str = "Europe/Copenhagen";
/// The country of national numbers, by ISO 3166.
pub const COUNTRY: &str = "DK";
/// How many rows a page has.
pub const PAGE_SIZE: usize = 100;

/// Answers a request; `path` is what follows the vendor's prefix.
pub(super) fn answer(world: &World, path: &str, asked: &Asked, moment: Moment) -> Reply {
    if path != "/api/call-queue" {
        return Reply::new(404, "text/html", "<h1>Not Found</h1>\n");
    }
    if asked.method != "GET" && asked.method != "POST" {
        return Reply::new(405, "text/html", "<h1>Method Not Allowed</h1>\n");
    }
    if asked.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return error(401, &["Invalid token".to_owned()]);
    }
    match params::received(asked).map(|params| read(world, &params, moment)) {
        None => error(200, &["Invalid parameters".to_owned()]),
        Some(Err(messages)) => error(200, &messages),
        Some(Ok(envelope)) => Reply::json(200, &envelope),
    }
}

/// The list, or messages why not.
fn read(world: &World, params: &Map, moment: Moment) -> Result<Value, Vec<String>> {
    let text = |name: &str| match params.get(name) {
        None => Ok(""),
        Some(Node::Text(text)) => Ok(text.as_str()),
        Some(Node::Map(_)) => Err(vec![format!("Invalid {name}")]),
    };
    if text("api_hash")? != params.hash(KEY) {
        return Err(vec!["Invalid api_hash".to_owned()]);
    }
    match text("action")? {
        "read" => {}
        other => return Err(vec![format!("Invalid action: {other}")]),
    }
    let number = match text("page")? {
        "" => 1,
        sent => match sent.parse() {
            Ok(number) if number > 0 => number,
            _ => return Err(vec![format!("Invalid page: {sent}")]),
        },
    };
    let filters = Filters::read(params.get("filters"))?;
    let wall = Wall {
        zone: TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC),
        skew_ms: moment.skew_ms,
    };
    // The newest first: who comes on the list moves all others down.
    let rows: Vec<Row> = world
        .callbacks()
        .rev()
        .map(|callback| Row::new(callback, world.agents(), &wall))
        .filter(|row| filters.pass(row))
        .collect();
    Ok(page::page(
        rows,
        number,
        &wall.shows(moment.now),
        moment.fault,
    ))
}

/// What this vendor says with an error status. Assumed: the page prints an
/// error's body, but no status.
pub(super) fn refusal(status: u16) -> Option<Reply> {
    let message = match status {
        401 => "Invalid token",
        403 => "Access denied",
        404 => "Not found",
        500 => "Internal error",
        _ => return None,
    };
    Some(error(status, &[message.to_owned()]))
}

/// An error's body, with the pagination that PHP writes where there is none.
fn error(status: u16, messages: &[String]) -> Reply {
    let body = json!({
        "has_error": true,
        "messages": messages,
        "pagination": [],
        "results": [],
    });
    Reply::json(status, &body)
}

#[cfg(test)]
mod tests;
