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
    names::{self, Named},
    queue,
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
    /// Those of them that are queues, with their thresholds.
    pub queues: Vec<Queue>,
}

impl Telphin {
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
    let given = names::read(section, "extensions", keys::EXTENSION, |entry, value| {
        let extension = extension(entry.key, value)?;
        let queue = as_queue(&extension, value)?;
        Ok((entry.at, extension, queue))
    })?;
    let (mut extensions, mut queues) = (Vec::new(), Vec::new());
    for (_, (at, extension, queue)) in given {
        warn_of_twins(section, at, &extension, &extensions);
        extensions.push(extension);
        queues.extend(queue);
    }
    Ok(Telphin {
        url,
        client_id,
        client_secret,
        hook: hook::read(section)?,
        extensions,
        queues,
    })
}

fn extension(id: &str, value: &Named<'_>) -> Result<Extension, ConfigError> {
    let kinds = ExtensionKind::ALL.map(|kind| (kind.word(), kind));
    Ok(Extension {
        id: id.into(),
        name: value.name()?.unwrap_or(id).to_owned(),
        kind: value
            .get("type")
            .map_or(Ok(ExtensionKind::Phone), |i| i.choice(&kinds))?,
        number: text(value, "number")?,
        user: text(value, "user")?,
    })
}

fn text(value: &Named<'_>, key: &str) -> Result<Option<String>, ConfigError> {
    let item = value.get(key);
    item.map(|i| i.text().map(str::to_owned)).transpose()
}

/// The extension as a queue, if it is one. Nobody waits at another.
fn as_queue(extension: &Extension, value: &Named<'_>) -> Result<Option<Queue>, ConfigError> {
    if extension.kind != ExtensionKind::Queue {
        return match value.get("service_level").or(value.get("critical")) {
            Some(item) => Err(item.wrong("is for queues; remove it, or set type = \"queue\"")),
            None => Ok(None),
        };
    }
    let (service_level, critical) = queue::thresholds(value)?;
    Ok(Some(Queue {
        id: extension.queue(),
        name: extension.name.clone(),
        service_level,
        critical,
    }))
}

/// Two extensions with one user, or one short number: which of them is meant
/// is a matter of chance then.
fn warn_of_twins(section: &Section<'_>, at: usize, new: &Extension, before: &[Extension]) {
    type Of = fn(&Extension) -> Option<&str>;
    let user: (&str, Of) = ("user", |e| e.user.as_deref());
    let number: (&str, Of) = ("number", |e| e.number.as_deref());
    for (key, of) in [user, number] {
        let twin = of(new).and_then(|given| before.iter().find(|e| of(e) == Some(given)));
        if let Some(twin) = twin {
            let text = format!(
                "extensions {} and {} of {} have the same {key}; the first is taken, correct one",
                twin.id, new.id, section.what
            );
            section.file.warn(at, &text);
        }
    }
}
