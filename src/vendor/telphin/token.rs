//! One login (OAuth 2, client credentials: `POST /oauth/token`): what is sent,
//! and what the answer means. When to log in is not its business.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    assumed,
    refusal::{self, About, Asker},
};
use crate::{
    config::Secret,
    domain::fault::{Fault, FaultKind},
    vendor::{
        http::{self, Answer, Http},
        json::Scalar,
        session::{Granted, Pass},
    },
};

/// The request for a token.
pub fn request(http: &Http, client_id: &str, secret: &Secret) -> Result<RequestBuilder, Fault> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", secret.expose()),
    ];
    let request = http.post(&["oauth", "token"])?;
    Ok(request
        .header(reqwest::header::ACCEPT, "application/json")
        .form(&form))
}

/// Reads `{access_token, token_type, expires_in, scope}`, or why not: a fault
/// worded for the operator that holds no secret.
pub fn read(answer: &Answer, secret: &Secret) -> Result<Granted, Fault> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow)]
        access_token: Option<&'a RawValue>,
        #[serde(borrow)]
        expires_in: Option<&'a RawValue>,
    }
    // An array would be read as its fields in their order.
    let fields = Some(answer.text()).filter(|body| body.starts_with(b"{"));
    let fields = fields.and_then(|body| serde_json::from_slice::<Fields<'_>>(body).ok());
    let token = fields
        .as_ref()
        .and_then(|fields| scalar(fields.access_token)?.text());
    if answer.is_success()
        && let Some((fields, token)) = fields.zip(token.as_deref())
    {
        let seconds = scalar(fields.expires_in).and_then(|s| s.integer());
        let seconds = seconds
            .and_then(|n| u64::try_from(n).ok())
            .filter(|n| *n > 0);
        return Ok(Granted {
            pass: Pass::new(token).map_err(|_| no_token())?,
            life: Some(seconds.map_or(assumed::TOKEN_LIFE, Duration::from_secs)),
        });
    }
    // An error may come with a token, which is nobody's to see.
    let secrets = [secret.expose(), token.as_deref().unwrap_or_default()];
    Err(login_fault(answer, &secrets))
}

fn scalar(raw: Option<&RawValue>) -> Option<Scalar<'_>> {
    Scalar::read(raw?).ok()
}

/// The fault of a login. Whatever the vendor turned down, it is who we say we
/// are that was not accepted.
fn login_fault(answer: &Answer, secrets: &[&str]) -> Fault {
    let asker = Asker {
        about: About::Login,
        secrets,
    };
    let fault = refusal::fault(answer, &asker);
    let what = format!("no token was given: {}", fault.what);
    match fault.kind {
        // Not the vendor's word: a proxy asks for its own login.
        FaultKind::Auth if answer.status == 407 => fault,
        FaultKind::Auth | FaultKind::Invalid { .. } => Fault::new(
            FaultKind::Auth,
            what,
            "check `client_id` and `client_secret` in the configuration, and that the application \
             is one that logs in with them alone",
        ),
        FaultKind::Malformed if answer.is_success() && !http::is_page(answer) => no_token(),
        kind => Fault::new(kind, what, fault.remedy),
    }
}

/// A good answer whose token is missing or cannot be sent.
fn no_token() -> Fault {
    Fault::new(
        FaultKind::Malformed,
        "the login was answered without a token that can be used",
        "check `url` in the configuration: it is what precedes /oauth",
    )
}
