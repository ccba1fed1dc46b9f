//! An answer that is no list becomes a fault: the vendor's errors
//! ("api:errors" and each page's table), redirects, web pages, anything else.
//! Pure. The vendor's messages are quoted as written, made safe to show.

use serde_json::Value;

use super::assumed;
use crate::{
    domain::fault::Fault,
    vendor::{
        foreign::{self, kind, quote},
        http::Answer,
    },
};

/// Who asked: an answer is worded for them, and what they keep secret is
/// taken out of it should the vendor repeat it.
#[derive(Clone, Copy, Default)]
pub struct Asker<'a> {
    /// Whether a login signed the request, rather than a fixed token.
    pub logged_in: bool,
    /// What no sentence may hold.
    pub secrets: &'a [&'a str],
}

/// Whether the answer says that we are not, or no longer, logged in, and
/// logging in again may help. Read from the envelope whatever the status.
#[must_use]
pub fn wants_login(answer: &Answer) -> bool {
    match envelope(answer) {
        Some(refusal) => refusal.status == 401 && assumed::login_may_cure(&refusal.code),
        None => answer.status == 401,
    }
}

/// The fault in an answer that is not a list of callers.
#[must_use]
pub fn fault(answer: &Answer, asker: &Asker<'_>) -> Fault {
    if let Some(refusal) = envelope(answer) {
        return refusal.fault(answer, asker);
    }
    match answer.status {
        300..=399 => foreign::redirected(answer, asker.secrets),
        200..=299 => foreign::stranger(answer, asker.secrets, STRANGER),
        status => foreign::bare(answer, asker.secrets, remedy(status, "", asker)),
    }
}

/// One error, or the first of several.
struct Refusal {
    /// The status meant, which under HTTP 200 is the envelope's.
    status: u16,
    code: String,
    message: String,
    path: String,
    check: String,
    /// How many errors came with it.
    others: usize,
}

/// The errors that the answer's envelope names.
fn envelope(answer: &Answer) -> Option<Refusal> {
    let body = answer.text();
    if !body.starts_with(b"{") || body.len() > foreign::LONGEST_ERROR {
        return None;
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    let errors: Vec<&Value> = assumed::ERROR_KEYS
        .iter()
        .filter_map(|key| value.get(key))
        .flat_map(|errors| match errors {
            Value::Array(many) => many.iter().collect(),
            one => vec![one],
        })
        .filter(|error| error.is_object() || error.is_string())
        .collect();
    let first = errors.first()?;
    let code = scalar(first.get("code"));
    let status = if answer.is_success() {
        scalar(first.get("status"))
            .parse()
            .ok()
            .filter(|status| (400..600).contains(status))
            .or_else(|| assumed::status_of(&code))
            .unwrap_or(500)
    } else {
        answer.status
    };
    Some(Refusal {
        status,
        code,
        message: scalar(Some(first.get("message").unwrap_or(first))),
        path: scalar(first.get("path")),
        check: scalar(first.get("check")),
        others: errors.len() - 1,
    })
}

/// A string or number as text; anything else is empty.
fn scalar(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

impl Refusal {
    fn fault(&self, answer: &Answer, asker: &Asker<'_>) -> Fault {
        let field = match self.path.as_str() {
            "" => quote(&self.code, asker.secrets, 40),
            path => quote(path, asker.secrets, 60),
        };
        Fault::new(
            kind(self.status, field, answer),
            self.sentence(answer.status, asker),
            remedy(self.status, &self.code, asker),
        )
    }

    /// `TelecomX answered 404 id: "Queue not found"`.
    fn sentence(&self, http: u16, asker: &Asker<'_>) -> String {
        let told = |before: &str, words: &str, after: &str, max| match words {
            "" => String::new(),
            words => format!("{before}{}{after}", quote(words, asker.secrets, max)),
        };
        let under = match http {
            http if http == self.status => String::new(),
            http => format!(" (under HTTP {http})"),
        };
        let more = match self.others {
            0 => String::new(),
            n => format!(", and {n} more"),
        };
        [
            format!("TelecomX answered {}", self.status),
            told(" ", &self.code, "", 40),
            under,
            told(": \"", &self.message, "\"", 200),
            told(", field \"", &self.path, "\"", 60),
            told(", check \"", &self.check, "\"", 60),
            more,
        ]
        .concat()
    }
}

/// What to do. Statuses and codes are those of the page's table and of
/// "api:errors".
fn remedy(status: u16, code: &str, asker: &Asker<'_>) -> &'static str {
    match (status, code) {
        (400, "bad_request") => "check the queue's `id` in the configuration",
        (400, _) => "this program and the vendor's API disagree: check `url`",
        (401, "format_error") => {
            "check `token` in the configuration: the bare token, without the word Bearer"
        }
        (401, _) if asker.logged_in => {
            "a new login did not help: check what this user may do, and from which address"
        }
        (401, "expired") => {
            "`token` has run out: put a new one in the configuration, or `username` and \
             `password` for logins that renew themselves"
        }
        (401, _) => {
            "check `token` in the configuration: it may be wrong, withdrawn, or bound to \
             another IP address"
        }
        (403, _) => ACCESS,
        (404, "id") => {
            "the queue's `id` is wrong, or the queue belongs to another customer: check \
             `queues` in the configuration"
        }
        (404 | 410, _) => "check `url` in the configuration: it is what precedes /pbx",
        (407, _) => "a proxy on the way asks for a login: check this machine's proxy settings",
        (408, _) => {
            "the vendor, or a proxy before it, was kept waiting for the question: the line may be \
             slow or the vendor busy, try again"
        }
        (409, _) => "something else changed the same thing at that moment",
        (422, _) => "the vendor finds a value invalid: check the queue's `id`",
        (429, _) => "poll less often: `poll` in the configuration",
        (500..=599, _) => "the fault lies with the vendor's servers, or a proxy before them",
        _ => "check `url` in the configuration",
    }
}

/// The page's "Access level", in its own words.
const ACCESS: &str = "the page asks for access level PERSONAL if the user has access to the \
                      queue; VIEWER, MANAGE or OWNER if the queue belongs to the customer; \
                      RESELLER if the customer belongs to the reseller; or ADMIN";

/// What to do about an answer that is not this API's.
const STRANGER: &str = "check `url` in the configuration: it is what precedes /pbx; a proxy on the way may \
                        answer in its place";
