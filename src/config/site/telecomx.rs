//! TelecomX: live queue callers, polled (api:pbx:queue:callers).

use std::time::Duration;

use crate::domain::site::{Queue, Vendor};

use super::super::{
    error::ConfigError,
    read::Section,
    secret::{self, Into, Secret},
    value,
};
use super::queue;

/// A TelecomX account.
#[derive(Clone, Debug)]
pub struct TelecomX {
    /// What precedes `/pbx` and `/auth`.
    pub url: String,
    /// How requests are authorised.
    pub auth: TelecomXAuth,
    /// The queues to watch, at least one.
    pub queues: Vec<Queue>,
    /// How often each queue is asked.
    pub poll: Duration,
}

/// How requests are authorised.
#[derive(Clone, Debug)]
pub enum TelecomXAuth {
    /// A long-lived token of an employee.
    Token(Secret),
    /// A login, whose token lasts 15 minutes and is renewed (api:auth:login).
    Login {
        /// The employee's e-mail address.
        username: String,
        /// The password.
        password: Secret,
    },
}

/// How often a queue is asked without a setting. The vendor states no rate
/// limit; that this is polite is assumed.
const POLL: Duration = Duration::from_secs(2);
/// Asking more often than this is refused; assumed likewise.
const POLL_LEAST: Duration = Duration::from_secs(1);

pub(super) fn read(section: &Section<'_>) -> Result<TelecomX, ConfigError> {
    let url = super::url(section, Vendor::TelecomX)?;
    let auth = auth(section)?;
    let given = section.need("queues")?;
    let queues = queue::read(section)?;
    if queues.is_empty() {
        return Err(given
            .wrong("is empty; list the queues to watch, such as [{ id = \"…\", name = \"…\" }]"));
    }
    Ok(TelecomX {
        url,
        auth,
        queues,
        poll: poll(section)?,
    })
}

fn auth(section: &Section<'_>) -> Result<TelecomXAuth, ConfigError> {
    let token = section.get("token");
    let (username, password) = (section.get("username"), section.get("password"));
    match (token, username, password) {
        (Some(token), None, None) => {
            let token = secret::read(&token, &section.what, Into::Header)?;
            Ok(TelecomXAuth::Token(token))
        }
        (Some(_), Some(other), _) | (Some(_), None, Some(other)) => {
            let text = format!(
                "{} has both token and {}; keep one of them",
                section.what,
                other.name()
            );
            Err(section.file.error(other.at, &text))
        }
        (None, None, None) => {
            Err(section
                .wrong("has no token; add token = { env = \"NAME\" }, or username and password"))
        }
        (None, _, _) => Ok(TelecomXAuth::Login {
            username: section.need("username")?.text()?.to_owned(),
            password: secret::read(&section.need("password")?, &section.what, Into::Body)?,
        }),
    }
}

fn poll(section: &Section<'_>) -> Result<Duration, ConfigError> {
    let Some(item) = section.get("poll") else {
        return Ok(POLL);
    };
    let poll = item.parse(value::duration)?;
    if poll < POLL_LEAST {
        return Err(item.wrong(&format!(
            "is {}, more often than the vendor should be asked; write \"1s\" or longer",
            value::spell(poll)
        )));
    }
    Ok(poll)
}
