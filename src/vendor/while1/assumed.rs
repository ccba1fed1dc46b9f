//! Everything about While1 that its page does not say, or says only between
//! the lines. Each line gives the ground it stands on; to correct one,
//! correct it here.

use crate::{
    domain::id::CallbackId,
    vendor::{identity::fixed_hash, json::Scalar},
};

/// Rows on a page where the answer does not say: the page's example has 100.
pub const PAGE_SIZE: u64 = 100;

/// More rows than any list of callbacks has: one that goes on is no list.
pub const MOST_ROWS: usize = 250_000;

/// More pages than are asked for in one reading.
pub const MOST_PAGES: u32 = 10_000;

/// A list that brings nothing new for so many pages in a row goes in circles.
pub const MOST_STALE: u32 = 25;

/// How many pages may be asked for again, beyond two for each page there is,
/// because rows went away while the list was read.
pub const MOST_AGAIN: u32 = 20;

/// A field of ours and the names it may have in a row. The page shows no row:
/// the first name is that of the same field in CallQueue / Save or of the
/// filter, the others are what tables of that kind call it.
pub struct Column {
    /// Its name in a site's `fields`.
    pub ours: &'static str,
    /// The vendor's, the most likely first.
    pub theirs: &'static [&'static str],
}

/// All columns. `campaign_info` stays among the other fields where
/// `campaign_name` is there too.
pub const COLUMNS: &[Column] = &[
    column("id", &["id", "call_queue_id", "callqueue_id"]),
    column("status", &["status", "state"]),
    column("number", &["caller_id", "number", "phone_number", "phone"]),
    column("name", &["caller_id_name", "caller_name", "name"]),
    column("dnid", &["dnid"]),
    column("outbound_number", &["outbound_number"]),
    column("project_id", &["project_id"]),
    column("inbound_route_id", &["inbound_route_id"]),
    column("outbound_type", &["outbound_type"]),
    column("attend_type", &["attend_type"]),
    column("external_id", &["external_id"]),
    column("assign_type", &["assign_type", "type"]),
    column("assigned_to", &["destination", "assigned_to", "assign_to"]),
    column("campaign", &["campaign_name", "campaign", "campaign_info"]),
    column(
        "schedule",
        &["schedule", "schedule_date", "scheduled_at", "scheduled"],
    ),
    column(
        "created",
        &[
            "created",
            "created_at",
            "date_created",
            "create_date",
            "date",
        ],
    ),
    column("priority", &["priority"]),
    column("retries", &["retries", "retry_count", "tries", "attempts"]),
    column("max_retries", &["max_retries"]),
];

const fn column(ours: &'static str, theirs: &'static [&'static str]) -> Column {
    Column { ours, theirs }
}

/// Whether `has_error` says that there is one. The page shows booleans; PHP
/// has other ways of writing them. One that is missing says nothing.
pub fn says_error(has_error: Option<&Scalar<'_>>) -> bool {
    match has_error {
        None | Some(Scalar::Null) => false,
        Some(Scalar::Bool(error)) => *error,
        Some(Scalar::Number(digits)) => digits.parse() != Ok(0.0),
        Some(Scalar::Text(text)) => {
            let text = text.trim();
            !(text.is_empty() || text == "0" || text.eq_ignore_ascii_case("false"))
        }
        Some(Scalar::Nested) => true,
    }
}

/// What a vendor's message is about.
#[derive(Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// A filter: the word after the colon.
    Filter(&'a str),
    /// The hash, so the key it is made with.
    Hash,
    /// The token.
    Token,
    /// Something else.
    Other,
}

/// Reads a message. The page prints one ("Invalid filter: statusxxx"); for the
/// others words are looked for that any wording would hold.
pub fn about(message: &str) -> About<'_> {
    const FILTER: &str = "invalid filter:";
    let message = message.trim();
    if let Some((start, word)) = message.split_at_checked(FILTER.len())
        && start.eq_ignore_ascii_case(FILTER)
    {
        return About::Filter(word.trim());
    }
    let lower = message.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if holds(&["hash", "signature", "api_key", "api key"]) {
        About::Hash
    } else if holds(&["token", "bearer", "unauthori", "authenticat"]) {
        About::Token
    } else {
        About::Other
    }
}

/// Whether an id is none: PHP's way to write a missing number is 0.
pub fn is_no_id(id: &str) -> bool {
    id.trim() == "0"
}

/// Whether a time is none: MySQL writes a missing one as zeros.
pub fn is_no_time(text: &str) -> bool {
    text.trim().starts_with("0000-00-00")
}

/// The identity of a row without id: a fixed hash of the row as sent, so it
/// is the same after a restart and on every console. It lasts as long as the
/// row does not change by a byte: when its status moves or a try is counted,
/// it is another row to us, and claims and notes stay with the former one.
/// Map `id` in the site's `fields` if the rows have one under another name.
pub fn identity(row: &str) -> CallbackId {
    CallbackId::from(format!("no-id-{:016x}", fixed_hash(row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_known_by_what_they_are_about() {
        for (message, expected) in [
            ("Invalid filter: statusxxx", About::Filter("statusxxx")),
            (" invalid Filter:hash ", About::Filter("hash")),
            ("Invalid api_hash", About::Hash),
            ("Wrong API key", About::Hash),
            ("Invalid token hash", About::Hash),
            ("Token expired", About::Token),
            ("Unauthorized", About::Token),
            ("Invalid page", About::Other),
            ("ærø", About::Other),
            ("", About::Other),
        ] {
            assert_eq!(about(message), expected, "{message}");
        }
    }

    #[test]
    fn only_a_plain_no_is_no_error() {
        for (value, expected) in [
            (None, false),
            (Some(Scalar::Null), false),
            (Some(Scalar::Bool(false)), false),
            (Some(Scalar::Number("0")), false),
            (Some(Scalar::Text("".into())), false),
            (Some(Scalar::Text("False".into())), false),
            (Some(Scalar::Bool(true)), true),
            (Some(Scalar::Number("1")), true),
            (Some(Scalar::Text("1".into())), true),
            (Some(Scalar::Text("true".into())), true),
            (Some(Scalar::Nested), true),
        ] {
            assert_eq!(says_error(value.as_ref()), expected, "{value:?}");
        }
    }
}
