//! An answer that is not what was asked for becomes a fault: the vendor's
//! codes where a list was due, redirects, web pages, anything else. Pure.

use super::assumed;
use crate::{
    domain::{
        fault::{Fault, FaultKind},
        injection::{Reply, SINCE},
    },
    vendor::{foreign, http::Answer},
};

/// The fault of an answer that is not in the vendor's form.
#[must_use]
pub fn foreign(answer: &Answer, secrets: &[&str]) -> Fault {
    match answer.status {
        300..=399 => foreign::redirected(answer, secrets),
        200..=299 => foreign::stranger(
            answer,
            secrets,
            "check `url` in the configuration: it is what precedes /api/json; a proxy on the way \
             may answer in its place",
        ),
        404 | 410 | 501 => foreign::bare(answer, secrets, &absent()),
        status => foreign::bare(answer, secrets, remedy(status)),
    }
}

/// The fault that a reply is, where a list was due.
#[must_use]
pub fn told(reply: &Reply, answer: &Answer) -> Fault {
    let code = reply.number().unwrap_or(0);
    let kind = match code {
        // The role, not the money: the vendor's own numbers.
        402 | 403 => FaultKind::Forbidden,
        200..=299 | 0 => FaultKind::Malformed,
        code => foreign::kind(code, reply.key.clone(), answer),
    };
    if kind == FaultKind::Malformed {
        return Fault::new(
            kind,
            format!("Enswitch answered {reply}, which is no list"),
            "if this goes on, a proxy on the way or the PBX is at fault",
        );
    }
    let remedy = missing(reply).unwrap_or_else(|| reply.remedy().to_owned());
    Fault::new(
        kind,
        format!("Enswitch answered {reply}, {}", reply.meaning()),
        remedy,
    )
}

/// What to do where the PBX does not know the function; `None` where it does.
#[must_use]
pub fn missing(reply: &Reply) -> Option<String> {
    let is_refusal = !matches!(reply.number(), Some(200..=299 | 401 | 402));
    (is_refusal && assumed::is_about_the_function(&reply.message)).then(absent)
}

fn absent() -> String {
    format!(
        "check `url` in the configuration, it is what precedes /api/json; Enswitch has the \
         function from version {SINCE} on"
    )
}

/// What to do about an HTTP status.
fn remedy(status: u16) -> &'static str {
    match status {
        401 | 403 => "a server before the PBX asks for a login of its own: check `url`",
        405 => "this PBX takes no POST: set `method = \"get\"` for the site",
        407 => "a proxy on the way asks for a login: check this machine's proxy settings",
        414 => "the query is too long for this server: leave `method` at \"post\"",
        429 => "ask less often",
        500..=599 => "the fault lies with the PBX, or a proxy before it",
        _ => "check `url` in the configuration",
    }
}
