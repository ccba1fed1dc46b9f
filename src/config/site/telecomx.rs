//! TelecomX: live queue callers, polled (api:pbx:queue:callers).

use std::time::Duration;

use crate::domain::{
    sheet::Table,
    site::{Queue, Vendor},
};

use super::super::{
    secret::{Into, Secret, Secrets},
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

pub(super) fn read(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<TelecomX> {
    let url = super::url(site, Vendor::TelecomX);
    let auth = auth(site, secrets);
    let poll = poll(site);
    let given = site.need("queues")?;
    if given.is_empty() {
        return given
            .wrong("is empty; list the queues to watch, such as [{ id = \"…\", name = \"…\" }]");
    }
    let queues = queue::read(site);
    Some(TelecomX {
        url: url?,
        auth: auth?,
        queues,
        poll,
    })
}

fn auth(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<TelecomXAuth> {
    let token = site.get("token");
    let (username, password) = (site.get("username"), site.get("password"));
    match (token, username, password) {
        (Some(token), None, None) => {
            let token = secrets.read(&token, &site.what, Into::Header)?;
            Some(TelecomXAuth::Token(token))
        }
        (Some(_), Some(other), _) | (Some(_), None, Some(other)) => {
            let (what, name) = (&site.what, other.name());
            let text = format!("{what} has both token and {name}; keep one of them");
            site.sheet.wrong(other.at, &text)
        }
        (None, None, None) if site.is_misspelt("token") => None,
        (None, None, None) => {
            site.wrong("has no token; add token = { env = \"NAME\" }, or username and password")
        }
        (None, _, _) => {
            let username = site.need("username").and_then(|i| i.word());
            let password = site.need("password");
            let password = password.and_then(|i| secrets.read(&i, &site.what, Into::Body));
            Some(TelecomXAuth::Login {
                username: username?.to_owned(),
                password: password?,
            })
        }
    }
}

fn poll(site: &Table<'_>) -> Duration {
    let poll = site.get("poll").and_then(|item| {
        let poll = item.duration()?;
        if poll < POLL_LEAST {
            return item.wrong(&format!(
                "is {}, more often than the vendor should be asked; write \"1s\" or longer",
                value::spell(poll)
            ));
        }
        Some(poll)
    });
    poll.unwrap_or(POLL)
}
