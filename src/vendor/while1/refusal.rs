//! An answer that is no page of callbacks becomes a fault: the vendor's
//! messages, redirects, web pages, anything else. Pure. Messages are shown as
//! written, made safe to show, without our secrets.

use super::assumed::{self, About};
use crate::{
    domain::fault::{Fault, FaultKind},
    vendor::{
        foreign::{self, quote},
        http::Answer,
    },
};

/// How many messages are shown; the others are counted.
const SHOWN: usize = 3;

/// The fault of an answer that is not in the vendor's form.
#[must_use]
pub fn foreign(answer: &Answer, secrets: &[&str]) -> Fault {
    match answer.status {
        300..=399 => foreign::redirected(answer, secrets),
        200..=299 => foreign::stranger(
            answer,
            secrets,
            "check `url` in the configuration: it is what precedes /api/call-queue; a proxy on \
             the way may answer in its place",
        ),
        status => foreign::bare(answer, secrets, remedy(status)),
    }
}

/// The fault of an answer in the vendor's form that says `has_error`, or
/// whose status is no good; `messages` as sent.
#[must_use]
pub fn told(answer: &Answer, messages: &[String], secrets: &[&str]) -> Fault {
    let what = sentence(answer, messages, secrets);
    let about = messages
        .iter()
        .map(|message| assumed::about(message))
        .find(|about| *about != About::Other);
    // Whatever it says: busy is busy, and broken is broken.
    let about = about.filter(|_| !matches!(answer.status, 407 | 408 | 429 | 500..=599));
    match about {
        Some(About::Filter(word)) => Fault::new(
            FaultKind::Invalid {
                field: quote(word, secrets, 60),
            },
            what,
            "this PBX does not take that filter, or not with that value: leave it out",
        ),
        Some(About::Hash) => Fault::new(
            FaultKind::Auth,
            what,
            "check `key` in the configuration: it is api_key in the PBX (Settings, Parameters)",
        ),
        Some(About::Token) => Fault::new(FaultKind::Auth, what, TOKEN),
        _ if answer.is_success() => {
            let field = String::new();
            let remedy = "the words are the PBX's own: ask whoever runs it";
            Fault::new(FaultKind::Invalid { field }, what, remedy)
        }
        _ if matches!(answer.status, 300..=399) => foreign::redirected(answer, secrets),
        _ => Fault::new(
            foreign::kind(answer.status, String::new(), answer),
            what,
            remedy(answer.status),
        ),
    }
}

const TOKEN: &str = "check `token` in the configuration: it is api_token in the PBX (Settings, \
                     Parameters), without the word Bearer";

/// `While1 answered 401 Unauthorized: "Invalid token"`.
fn sentence(answer: &Answer, messages: &[String], secrets: &[&str]) -> String {
    let status = match answer.status {
        200..=299 => String::new(),
        status => format!(" {}", foreign::named(status)),
    };
    let shown: Vec<String> = messages
        .iter()
        .take(SHOWN)
        .map(|message| format!("\"{}\"", quote(message, secrets, 200)))
        .collect();
    match (shown.as_slice(), messages.len().saturating_sub(SHOWN)) {
        ([], _) if status.is_empty() => "While1 answered with an error and no message".into(),
        ([], _) => format!("While1 answered{status} and no message"),
        (shown, 0) => format!("While1 answered{status}: {}", shown.join(", ")),
        (shown, more) => format!(
            "While1 answered{status}: {}, and {more} more",
            shown.join(", ")
        ),
    }
}

/// What to do about a status.
fn remedy(status: u16) -> &'static str {
    match status {
        401 => TOKEN,
        403 => "check what the token may do, and from which addresses the PBX lets it in",
        404 | 405 | 410 => "check `url` in the configuration: it is what precedes /api/call-queue",
        407 => "a proxy on the way asks for a login: check this machine's proxy settings",
        429 => "wait before it is asked again; narrower filters ask for fewer pages",
        500..=599 => "the fault lies with the PBX, or a proxy before it",
        _ => "check `url` in the configuration",
    }
}
