//! Telphin: calls, pushed; subscriptions and click-to-call.

use crate::domain::site::{Queue, Vendor};

use super::super::{
    error::ConfigError,
    keys,
    read::Section,
    secret::{self, Into, Secret},
};
use super::{
    hook::{self, Hook},
    names,
};

/// A Telphin account.
#[derive(Clone, Debug)]
pub struct Telphin {
    /// What precedes `/oauth` and `/api/ver1.0`.
    pub url: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: Secret,
    /// How its webhooks are let in; without one none are.
    pub hook: Option<Hook>,
    /// The extensions that the file names, in its order.
    pub extensions: Vec<Extension>,
}

/// An extension as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its id at the vendor (not the short number).
    pub id: String,
    /// What people call it; the id without a setting.
    pub name: String,
    /// What it is.
    pub kind: ExtensionKind,
    /// The operating-system user whose phone it is.
    pub user: Option<String>,
}

/// What an extension is, in the vendor's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtensionKind {
    /// A person's phone.
    #[default]
    Phone,
    /// A queue: its events are those of callers.
    Queue,
    /// A voice menu.
    Ivr,
    /// A fax box.
    Fax,
}

impl Telphin {
    /// The extensions that are queues, with the customary thresholds.
    #[must_use]
    pub fn queues(&self) -> Vec<Queue> {
        let queues = self
            .extensions
            .iter()
            .filter(|e| e.kind == ExtensionKind::Queue);
        queues
            .map(|e| Queue {
                id: e.id.as_str().into(),
                name: e.name.clone(),
                service_level: Queue::SERVICE_LEVEL,
                critical: Queue::CRITICAL,
            })
            .collect()
    }
}

const KINDS: [(&str, ExtensionKind); 4] = [
    ("phone", ExtensionKind::Phone),
    ("queue", ExtensionKind::Queue),
    ("ivr", ExtensionKind::Ivr),
    ("fax", ExtensionKind::Fax),
];

pub(super) fn read(section: &Section<'_>) -> Result<Telphin, ConfigError> {
    let url = super::url(section, Vendor::Telphin)?;
    let client_id = section.need("client_id")?.text()?.to_owned();
    let client_secret = section.need("client_secret")?;
    let client_secret = secret::read(&client_secret, &section.what, Into::Body)?;
    let extensions = names::read(section, "extensions", keys::EXTENSION, |entry, value| {
        Ok(Extension {
            id: entry.key.to_owned(),
            name: value.name()?.unwrap_or(entry.key).to_owned(),
            kind: value
                .get("type")
                .map_or(Ok(ExtensionKind::Phone), |i| i.choice(&KINDS))?,
            user: value
                .get("user")
                .map(|i| i.text())
                .transpose()?
                .map(str::to_owned),
        })
    })?;
    Ok(Telphin {
        url,
        client_id,
        client_secret,
        hook: hook::read(section)?,
        extensions: extensions.into_iter().map(|(_, e)| e).collect(),
    })
}
