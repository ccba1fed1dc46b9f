//! What no page says, each in one place:
//!
//! * the sizes of the two limits, and what `/limit/` answers;
//! * messages of refusals, 400 for a body that does not say what is needed,
//!   403 where an event would be one too many;
//! * that a token is asked for without counting as a request, that a request
//!   without a token does not count either, and that hours are the clock's;
//! * what is told of a text message and of a voicemail, and the state of a
//!   hang-up in a menu: menus pick up, so it is `ANSWER`, bridged or not;
//! * that menu and queue ("in") keep their leg until the whole call is over,
//!   so that `Bridged` in their hang-up says whether anybody answered;
//! * that the queue's "out" thread has the queue as its caller and the phone
//!   as the called, and a leg of its own beside the phone's;
//! * that a phone's hang-up comes before the forwarded `dial-out`, and that
//!   all events of that leg say `Transfered: yes`, other hang-ups `no`;
//! * that `CallAPIID` is the account's number and the call's id, as in the
//!   requests that were seen, and the same for all legs;
//! * that an ordered call on behalf of another extension than the one that is
//!   rung is a `dial-out` of the owner and a `dial-in` of the phone.

use serde_json::{Value, json};

/// How many events can be subscribed to.
pub const EVENTS_LIMIT: usize = 100;

/// How many requests are answered within an hour.
pub const HOURLY: u32 = 5_000;

/// How many rows a page has that does not say, and the most it has.
pub const PER_PAGE: (usize, usize) = (20, 100);

/// The account's number in every `CallAPIID`.
pub const ACCOUNT: &str = "3584709739";

/// What `/client/{id}/limit/` answers.
pub fn limits(events: usize, of: usize) -> Value {
    json!({ "extension_event": { "limit": of, "used": events } })
}

/// Says that no more events can be subscribed to.
pub fn too_many_events(of: usize) -> String {
    format!("The limit of {of} monitored events is reached")
}

/// Whether a hang-up tells of a recording: the page has them with every
/// recorded call, those who receive them do not.
pub fn tells_of_recording(salt: u128) -> bool {
    salt % 10 < 4
}

/// Whether a repeat has its own time, or that of what it repeats.
pub fn repeats_with_new_time(salt: u128) -> bool {
    salt % 20 < 10
}

/// What a caller's number is where it is secret or unknown.
pub const NO_NUMBER: &str = "anonymous";
