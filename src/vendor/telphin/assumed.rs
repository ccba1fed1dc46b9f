//! Everything about Telphin's requests that its page does not say. Each line
//! gives the ground it stands on; to correct one, correct it here. What is
//! assumed of events stands in `assumed_events`.

use std::time::Duration;

/// A token's life where the answer names none that can be read. About an hour
/// is what clients of this API see as `expires_in`.
pub const TOKEN_LIFE: Duration = Duration::from_hours(1);

/// How long a refused login is not tried again. Nothing is documented, but a
/// wrong secret does not get better by being sent again.
pub const LOGIN_REST: Duration = Duration::from_secs(30);

/// How long the account rests after a 429 that names no time. The limit counts
/// by the hour, but which part of it is over is not known.
pub const REST: Duration = Duration::from_mins(1);

/// No rest is longer: the limit counts by the hour, and a header that says
/// more means something else.
pub const LONGEST_REST: Duration = Duration::from_hours(1);

/// What is added to a reset in seconds: whole seconds are rounded down.
pub const ROUNDED: Duration = Duration::from_secs(1);

/// Resets that lie this near to each other are that of one hour: both are
/// counted from when an answer came.
pub const SAME_HOUR: Duration = Duration::from_secs(5);

/// The word (`status`) of a 429 that counts for the whole account.
pub const RATE_LIMITED: &str = "rate_limit_exceeded";

/// Where an error's words stand, the vendor's page of errors first (`message`),
/// then what OAuth 2 (RFC 6749, 5.2) and others write.
pub const MESSAGE_KEYS: [&str; 5] = ["message", "error_description", "error", "errors", "detail"];

/// Where an error's code word stands: `status` by the vendor's page of errors,
/// `error` by OAuth 2.
pub const CODE_KEYS: [&str; 3] = ["status", "error", "code"];

/// The variable that stands for our own client in a path; clients of this API
/// use it.
pub const ME: &str = "@me";

/// What precedes a short number in a path. The page shows
/// `/extension/@200/callback/` without saying so.
pub const BY_NUMBER: char = '@';

/// What parts an extension's name from its short number: the page's extension
/// `000*099`.
pub const BEFORE_NUMBER: char = '*';

/// Extensions on a page (`per_page`); clients of this API ask for no more.
pub const PER_PAGE: usize = 100;

/// A list of extensions that is longer does not end.
pub const MOST_PAGES: u32 = 100;

/// More subscriptions than any extension has: their number is limited.
pub const MOST_SUBSCRIPTIONS: usize = 10_000;

/// More limits than any account has.
pub const MOST_LIMITS: usize = 200;

/// How long short numbers that were looked up are believed: they hardly ever
/// change, but the wrong phone must not be rung for a day.
pub const NUMBERS_LIFE: Duration = Duration::from_mins(10);

/// The short number in an extension's name: `099` of `000*099`.
#[must_use]
pub fn short_number(name: &str) -> Option<&str> {
    let (_, number) = name.rsplit_once(BEFORE_NUMBER)?;
    let number = number.split_once('@').map_or(number, |(number, _)| number);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_number_is_what_follows_the_star() {
        for (name, number) in [
            ("000*099", Some("099")),
            ("2566*102@sipproxy.telphin.ru", Some("102")),
            ("000*", None),
            ("000*9a", None),
            ("099", None),
            ("", None),
        ] {
            assert_eq!(short_number(name), number, "{name}");
        }
    }
}
