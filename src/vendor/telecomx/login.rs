//! One login ("API : Auth : Login"): what is sent, and what the answer means.
//! When to log in is not its business.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    assumed,
    refusal::{self, Asker},
};
use crate::{
    config::Secret,
    domain::fault::{Fault, FaultKind},
    vendor::{
        http::{self, Answer, Http},
        json::Scalar,
    },
};

/// A good login's answer. Never printed.
pub struct Login {
    /// The token, as it is to be sent.
    pub token: Secret,
    /// Its life in minutes; [`assumed::PERSISTENT`] if it does not end.
    pub minutes: i64,
}

/// `POST /auth/login`: one attempt. A fault is worded for the operator and
/// holds no secret.
pub async fn log_in(http: &Http, username: &str, password: &Secret) -> Result<Login, Fault> {
    let password = password.expose();
    let request = http
        .post(&["auth", "login"])?
        .header(reqwest::header::ACCEPT, "application/json")
        .json(&serde_json::json!({ "username": username, "password": password }));
    let answer = http.send("login", request).await?;
    read_login(&answer, password)
}

/// Reads a login's answer: `{token, expiresInMinutes, …}`, or why not.
fn read_login(answer: &Answer, password: &str) -> Result<Login, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Fields<'a> {
        #[serde(borrow)]
        token: Option<&'a RawValue>,
        #[serde(borrow)]
        expires_in_minutes: Option<&'a RawValue>,
    }
    let fields = serde_json::from_slice::<Fields<'_>>(answer.text()).ok();
    let token = fields
        .as_ref()
        .and_then(|fields| scalar(fields.token)?.text());
    if answer.is_success()
        && let Some((fields, token)) = fields.zip(token.as_deref())
    {
        let minutes = scalar(fields.expires_in_minutes).and_then(|s| s.integer());
        return Ok(Login {
            token: token.to_owned().into(),
            minutes: minutes
                .filter(|n| *n > 0 || *n == assumed::PERSISTENT)
                .unwrap_or(assumed::LOGIN_MINUTES),
        });
    }
    // An error may come with a token, which is nobody's to see.
    let secrets = [password, token.as_deref().unwrap_or_default()];
    Err(login_fault(answer, &secrets))
}

fn scalar(raw: Option<&RawValue>) -> Option<Scalar<'_>> {
    Scalar::read(raw?).ok()
}

/// The fault of a login. Whatever value the vendor turned down, it is who we
/// say we are that was not accepted.
fn login_fault(answer: &Answer, secrets: &[&str]) -> Fault {
    let asker = Asker {
        logged_in: true,
        secrets,
    };
    let fault = refusal::fault(answer, &asker);
    let what = format!("the login failed: {}", fault.what);
    match fault.kind {
        // Not the vendor's word: a proxy asks for its own login.
        FaultKind::Auth if answer.status == 407 => fault,
        FaultKind::Auth | FaultKind::Forbidden | FaultKind::Invalid { .. } => Fault::new(
            FaultKind::Auth,
            what,
            "check `username` and `password` in the configuration, and that the account asks \
             for no second factor",
        ),
        FaultKind::NotFound => Fault::new(
            fault.kind,
            what,
            "check `url` in the configuration: it is what precedes /auth",
        ),
        FaultKind::Malformed if !http::is_page(answer) => no_token(),
        kind => Fault::new(kind, what, fault.remedy),
    }
}

/// A good answer whose token is missing or cannot be sent.
pub fn no_token() -> Fault {
    Fault::new(
        FaultKind::Malformed,
        "the login was answered without a token that can be used",
        "check `url` in the configuration: it is what precedes /auth",
    )
}
