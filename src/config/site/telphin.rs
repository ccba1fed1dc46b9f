//! Telphin: calls, pushed; subscriptions and click-to-call.

use crate::domain::{
    extension::{Extension, ExtensionKind},
    site::{People, Queue, Vendor},
};

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
                id: e.queue(),
                name: e.name.clone(),
                service_level: Queue::SERVICE_LEVEL,
                critical: Queue::CRITICAL,
            })
            .collect()
    }

    /// Names of its phones, and what its extensions are.
    #[must_use]
    pub fn people(&self) -> People {
        let phones = self
            .extensions
            .iter()
            .filter(|e| e.kind == ExtensionKind::Phone);
        People {
            agents: phones.map(|e| (e.agent(), e.name.clone())).collect(),
            extensions: self.extensions.clone(),
            ..People::default()
        }
    }
}

pub(super) fn read(section: &Section<'_>) -> Result<Telphin, ConfigError> {
    let url = super::url(section, Vendor::Telphin)?;
    let client_id = section.need("client_id")?.text()?.to_owned();
    let client_secret = section.need("client_secret")?;
    let client_secret = secret::read(&client_secret, &section.what, Into::Body)?;
    let kinds = ExtensionKind::ALL.map(|kind| (kind.word(), kind));
    let extensions = names::read(section, "extensions", keys::EXTENSION, |entry, value| {
        Ok(Extension {
            id: entry.key.into(),
            name: value.name()?.unwrap_or(entry.key).to_owned(),
            kind: value
                .get("type")
                .map_or(Ok(ExtensionKind::Phone), |i| i.choice(&kinds))?,
            number: value
                .get("number")
                .map(|i| i.text())
                .transpose()?
                .map(str::to_owned),
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
