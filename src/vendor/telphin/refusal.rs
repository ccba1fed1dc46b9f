//! An answer that is not what was asked for becomes a fault: the vendor's
//! errors (4xx with `message` and perhaps `status`), redirects, web pages,
//! anything else. Pure. The vendor's words are quoted as written, without our
//! secrets, made safe to show.

use serde_json::Value;

use super::{assumed, budget};
use crate::{
    domain::fault::{Fault, FaultKind},
    vendor::{
        foreign::{self, kind, quote},
        http::{self, Answer},
    },
};

/// What was asked, which decides what is to be done about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A token (`/oauth/token`).
    Login,
    /// An extension's subscriptions.
    Extension,
    /// One more subscription.
    Subscribing,
    /// A subscription that is there.
    Subscription,
    /// A call.
    Call,
    /// The account.
    Account,
}

/// Who asked what: an answer is worded for it, and what is secret is taken
/// out of it should the vendor repeat it.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// What was asked.
    pub about: About,
    /// What no sentence may hold.
    pub secrets: &'a [&'a str],
}

/// Whether the answer says that the token is not, or no longer, accepted. A
/// web page is a proxy's, which asks for a login of its own.
#[must_use]
pub fn wants_login(answer: &Answer) -> bool {
    answer.status == 401 && !http::is_page(answer)
}

/// Whether the answer is an error's, whatever its status.
#[must_use]
pub fn is_error(answer: &Answer) -> bool {
    envelope(answer).is_some()
}

/// Whether a status says that a change was surely not made: it was not
/// understood, not allowed, not found or one too many. A redirect may come
/// after it was taken in, a 408 or 499 from a proxy that waited in vain.
#[must_use]
pub fn changed_nothing(status: u16) -> bool {
    matches!(status, 400..=498) && status != 408
}

/// The code word of an error: `rate_limit_exceeded`.
#[must_use]
pub fn code(answer: &Answer) -> Option<String> {
    envelope(answer).map(|told| told.code)
}

/// The fault in an answer that is not what was asked for.
#[must_use]
pub fn fault(answer: &Answer, asker: &Asker<'_>) -> Fault {
    let told = envelope(answer);
    let code = told.as_ref().map_or("", |told| told.code.as_str());
    let mut fault = match (&told, answer.status) {
        (_, 300..=399) => foreign::redirected(answer, asker.secrets),
        (Some(told), 400..) => told.fault(answer, asker),
        (Some(told), _) if asker.about == About::Login => told.fault(answer, asker),
        (_, 200..=299) => foreign::stranger(answer, asker.secrets, STRANGER),
        (_, status) => foreign::bare(answer, asker.secrets, remedy(status, code, asker.about)),
    };
    if let FaultKind::RateLimited { until } = &mut fault.kind {
        *until = Some(budget::until(answer));
    }
    fault
}

/// Told in the vendor's form.
struct Told {
    /// One word; may be empty.
    code: String,
    /// In the vendor's words; may be empty.
    message: String,
}

/// What an error says, whatever shape its members have.
fn envelope(answer: &Answer) -> Option<Told> {
    let body = answer.text();
    if !body.starts_with(b"{") || body.len() > foreign::LONGEST_ERROR {
        return None;
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    let text = |key: &&str| value.get(key).map(words).filter(|text| !text.is_empty());
    let message = assumed::MESSAGE_KEYS.iter().find_map(text);
    let mut codes = assumed::CODE_KEYS.iter().filter_map(text);
    let code = codes.find(|code| is_code_word(code));
    (message.is_some() || code.is_some()).then(|| Told {
        message: message
            .filter(|m| Some(m) != code.as_ref())
            .unwrap_or_default(),
        code: code.unwrap_or_default(),
    })
}

/// `rate_limit_exceeded`, and not a sentence, nor the HTTP status once more.
fn is_code_word(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    text.len() <= 60 && text.chars().all(fits) && text.chars().any(|c| c.is_ascii_alphabetic())
}

/// A value in words: `url: Not a valid URL; method: Required`.
fn words(value: &Value) -> String {
    let several = |parts: Vec<String>| {
        let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        parts.join("; ")
    };
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(many) => several(many.iter().map(words).collect()),
        Value::Object(members) => several(
            members
                .iter()
                .map(|(name, value)| match (name.as_str(), words(value)) {
                    (_, said) if said.is_empty() => said,
                    ("message", said) => said,
                    (name, said) => format!("{name}: {said}"),
                })
                .collect(),
        ),
        Value::Null | Value::Bool(_) => String::new(),
    }
}

impl Told {
    fn fault(&self, answer: &Answer, asker: &Asker<'_>) -> Fault {
        let code = quote(&self.code, asker.secrets, 60);
        let word = match code.as_str() {
            "" => String::new(),
            code => format!(" {code}"),
        };
        let message = match self.message.as_str() {
            "" => String::new(),
            message => format!(": \"{}\"", quote(message, asker.secrets, 200)),
        };
        Fault::new(
            kind(answer.status, code, answer),
            format!("Telphin answered {}{word}{message}", answer.status),
            remedy(answer.status, &self.code, asker.about),
        )
    }
}

/// What to do about a status and its word.
fn remedy(status: u16, code: &str, about: About) -> &'static str {
    match (status, code, about) {
        (401, _, _) => {
            "a new token did not help: check what the application of `client_id` may do, and for \
             whom"
        }
        (403, "user_blocked", _) => {
            "the application's user is blocked: unblock it in Telphin's account, or ask Telphin"
        }
        (403, "user_access_type_deny", _) => {
            "the application's user may not do this: give it the right in Telphin's account"
        }
        (403, "", About::Subscribing) => {
            "the application's type may not allow it, or the number of events that Telphin pushes \
             is used up: remove subscriptions that nobody needs, or change the application in \
             Telphin's account"
        }
        (403, _, _) => {
            "the application's type may not allow it: give it this right in Telphin's account, or \
             put the `client_id` and `client_secret` of one that has it in the configuration"
        }
        (404 | 410, _, About::Extension | About::Subscribing | About::Call) => {
            "the extension does not exist, or belongs to another account: check `extensions` in \
             the configuration, and `url`, which is what precedes /api/ver1.0"
        }
        (404 | 410, _, About::Subscription) => {
            "somebody may have removed it before: look what is subscribed now"
        }
        (404 | 410, _, About::Login) => {
            "check `url` in the configuration: it is what precedes /oauth"
        }
        (404 | 410, _, About::Account) => {
            "check `url` in the configuration: it is what precedes /api/ver1.0"
        }
        (407, _, _) => "a proxy on the way asks for a login: check this machine's proxy settings",
        (408, _, _) => "the line may be slow or the vendor busy: try again",
        (409, _, _) => "something like it is there, or is being made: look before you ask again",
        (429, _, _) => {
            "all users and applications of the account share its requests: ask again later, and \
             less often"
        }
        (500..=599, _, _) => "the fault lies with Telphin's servers, or a proxy before them",
        (400 | 422, _, _) => "Telphin does not take a value: its words say which, correct it",
        _ => "check `url` in the configuration",
    }
}

/// What to do about an answer that is not this API's.
const STRANGER: &str = "check `url` in the configuration: it is what precedes /oauth and \
                        /api/ver1.0; a proxy on the way may answer in its place";
