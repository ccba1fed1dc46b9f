//! Everything about TelecomX that its pages do not say, or say only between
//! the lines. Each line gives the ground it stands on; to correct one,
//! correct it here.

use std::time::Duration;

use crate::{
    domain::{caller::CallerState, id::CallerId},
    vendor::{identity::fixed_hash, json::Scalar},
};

/// A login's life where the answer names none that can be read. The page
/// gives 15 as `expiresInMinutes`'s default.
pub const LOGIN_MINUTES: i64 = 15;

/// `expiresInMinutes` of a login that does not end. The page has it for
/// `persist`, which we never ask for.
pub const PERSISTENT: i64 = -1;

/// How long a refused login is not tried again. No limit is documented, but
/// many queues share one login, and wrong passwords lock accounts.
pub const LOGIN_REST: Duration = Duration::from_secs(30);

/// More callers than any queue has: a list that goes on is no list.
pub const MOST_CALLERS: usize = 250_000;

/// The state of a row that has none. A caller in the list is in the queue,
/// and more is not known.
pub fn missing_state() -> CallerState {
    CallerState::Other("unknown".into())
}

/// The page lists the states in capitals; case is taken as meaning nothing.
pub fn state(text: &str) -> CallerState {
    match text.trim().to_ascii_uppercase().as_str() {
        "QUEUED" => CallerState::Queued,
        "CALLBACK" => CallerState::Callback,
        "VIP" => CallerState::Vip,
        _ => CallerState::Other(text.into()),
    }
}

/// `privacy` is documented as a Boolean. What is neither that nor empty errs
/// towards secret: a number shown by mistake cannot be taken back.
pub fn is_secret(privacy: &Scalar<'_>) -> bool {
    match privacy {
        Scalar::Null => false,
        Scalar::Bool(secret) => *secret,
        Scalar::Number(digits) => digits.parse() != Ok(0.0),
        Scalar::Text(text) => {
            let text = text.trim();
            !(text.is_empty() || text == "0" || text.eq_ignore_ascii_case("false"))
        }
        Scalar::Nested => true,
    }
}

/// The identity of a row without `_id`: made from what does not change while
/// the caller waits. It must be the same after a restart. `number` is `None` for a secret caller, always.
pub fn identity(
    entered: Option<i64>,
    presentation: Option<&str>,
    number: Option<&str>,
) -> CallerId {
    let entered = entered.map(|ms| ms.to_string()).unwrap_or_default();
    let parts = [
        entered.as_str(),
        presentation.unwrap_or_default(),
        number.unwrap_or_default(),
    ];
    let hash = fixed_hash(&parts.join("\0"));
    CallerId::from(format!("no-id-{hash:016x}"))
}

/// Whether a 401 of this code may be cured by logging in again. The page says
/// so of `expired` ("please login"), and other codes say it in their messages;
/// a malformed header stays malformed.
pub fn login_may_cure(code: &str) -> bool {
    code != "format_error"
}

/// The status of a printed code, for an error that comes under HTTP 200 and
/// names no status itself. The page says that the HTTP status reflects the
/// error; a proxy may undo that.
pub fn status_of(code: &str) -> Option<u16> {
    Some(match code {
        "bad_request" => 400,
        "expired" | "credentials_invalid" | "format_error" | "invalid_token" => 401,
        "access_denied" => 403,
        "id" => 404,
        "internal_error" => 500,
        _ => return None,
    })
}

/// Where errors stand in an answer. The page shows `error` as one object and
/// speaks of several without showing them.
pub const ERROR_KEYS: [&str; 2] = ["error", "errors"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_no_is_not_secret() {
        for (value, expected) in [
            (Scalar::Null, false),
            (Scalar::Bool(false), false),
            (Scalar::Number("0"), false),
            (Scalar::Number("0.0"), false),
            (Scalar::Text("".into()), false),
            (Scalar::Text("False".into()), false),
            (Scalar::Text(" 0 ".into()), false),
            (Scalar::Bool(true), true),
            (Scalar::Number("1"), true),
            (Scalar::Text("true".into()), true),
            (Scalar::Text("no".into()), true),
            (Scalar::Text("yes".into()), true),
            (Scalar::Nested, true),
        ] {
            assert_eq!(is_secret(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn an_identity_tells_rows_apart_and_is_the_same_tomorrow() {
        let id = identity(
            Some(1_514_764_800_000),
            Some("+4570305050"),
            Some("+4535203040"),
        );
        assert_eq!(id.as_str(), "no-id-40f8337c28029cd8");
        assert_ne!(
            id,
            identity(Some(1), Some("+4570305050"), Some("+4535203040"))
        );
        assert_ne!(
            identity(None, Some("a"), Some("b")),
            identity(None, Some("ab"), None)
        );
    }
}
