//! Enswitch: queue events are injected here (queues/events/create).

use crate::domain::{
    sheet::Table,
    site::{Queue, Vendor},
    text,
};

use super::super::secret::{Into, Secret, Secrets};
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

pub(super) fn read(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<Enswitch> {
    let url = super::url(site, Vendor::Enswitch);
    let username = site.need("username").and_then(|i| i.word());
    let password = site.need("password");
    let password = password.and_then(|i| secrets.read(&i, &site.what, Into::Body));
    let methods = [("post", Method::Post), ("get", Method::Get)];
    let method = site.get("method").and_then(|i| i.choice(&methods));
    let queues = queue::read(site);
    let is_whole = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    let odd = queues.iter().find(|q| !is_whole(q.id.as_str()));
    if let (Some(odd), Some(item)) = (odd, site.get("queues")) {
        let id = text::clip(odd.id.as_str(), 40);
        return item.wrong(&format!(
            "has the id \"{id}\", and queue ids of enswitch are whole numbers; write one such as \"123\""
        ));
    }
    Some(Enswitch {
        url: url?,
        username: username?.to_owned(),
        password: password?,
        method: method.unwrap_or_default(),
        queues,
    })
}
