//! Everything about Enswitch that its page (`queues/events/create`) does not
//! say. Each line gives the ground it stands on; to correct one, correct it
//! here.

use std::time::Duration;

/// How far a list reaches before and after an event, where the vendor's clock
/// was told by its `Date`: that has whole seconds, and PBXs of several
/// machines differ a little.
pub const MARGIN: Duration = Duration::from_secs(5);

/// The same where it was not told: most clocks are kept by NTP.
pub const WIDE_MARGIN: Duration = Duration::from_mins(1);

/// An event younger than this may not be listed yet: the list's own default
/// for its end is "one second ago" (the vendor's page of `queues/events/list`).
pub const SETTLES: Duration = Duration::from_millis(1_100);

/// The parameters of the list, which the page does not show (the vendor's page
/// of `queues/events/list`).
pub const OF_LIST: [&str; 4] = ["archive", "customer", "start", "end"];

/// What parts a row of the list (`1234567890|NONE|…` in the vendor's example).
pub const BETWEEN: char = '|';

/// What stands in such a row for a text that is empty (the same example;
/// Asterisk's queue_log writes it so).
pub const NONE: &str = "NONE";

/// Whether a message says that the PBX does not know the function at all: no
/// page tells its words, these any wording would hold.
pub fn is_about_the_function(message: &str) -> bool {
    let lower = message.to_lowercase();
    ["function", "method", "not implemented", "unknown call"]
        .iter()
        .any(|word| lower.contains(word))
}
