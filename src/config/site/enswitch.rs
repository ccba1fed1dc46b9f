//! Enswitch: queue events are injected here (queues/events/create).

use crate::domain::site::{Queue, Vendor};

use super::super::{
    error::ConfigError,
    read::Section,
    secret::{self, Into, Secret},
};
use super::queue;

/// An Enswitch account.
#[derive(Clone, Debug)]
pub struct Enswitch {
    /// What precedes `/api/json`.
    pub url: String,
    /// `auth_username`: a person with the administrator role.
    pub username: String,
    /// `auth_password`.
    pub password: Secret,
    /// How requests are sent.
    pub method: Method,
    /// The queues to offer; their ids are whole numbers.
    pub queues: Vec<Queue>,
}

/// How requests are sent; the vendor takes both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// A form: keeps the password out of the logs of others.
    #[default]
    Post,
    /// A query, for systems that take no POST.
    Get,
}

pub(super) fn read(section: &Section<'_>) -> Result<Enswitch, ConfigError> {
    let url = super::url(section, Vendor::Enswitch)?;
    let username = section.need("username")?.text()?.to_owned();
    let password = secret::read(&section.need("password")?, &section.what, Into::Body)?;
    let methods = [("post", Method::Post), ("get", Method::Get)];
    let method = match section.get("method") {
        Some(item) => item.choice(&methods)?,
        None => Method::Post,
    };
    let queues = queue::read(section)?;
    let whole =
        |q: &Queue| !q.id.as_str().is_empty() && q.id.as_str().bytes().all(|b| b.is_ascii_digit());
    if let (Some(bad), Some(item)) = (queues.iter().find(|q| !whole(q)), section.get("queues")) {
        let id = crate::domain::text::clip(bad.id.as_str(), 40);
        return Err(item.wrong(&format!(
            "has the id \"{id}\", and queue ids of enswitch are whole numbers; write one such as \"123\""
        )));
    }
    Ok(Enswitch {
        url,
        username,
        password,
        method,
        queues,
    })
}
