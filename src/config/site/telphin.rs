//! Telphin: calls, pushed; subscriptions and click-to-call.

use crate::domain::{
    extension::{Extension, ExtensionKind},
    sheet::Table,
    site::{People, Queue, Vendor},
};

use super::super::{
    keys,
    secret::{Into, Secret, Secrets},
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

pub(super) fn read(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<Telphin> {
    let url = super::url(site, Vendor::Telphin);
    let client_id = site.need("client_id").and_then(|i| i.word());
    let client_secret = site.need("client_secret");
    let client_secret = client_secret.and_then(|i| secrets.read(&i, &site.what, Into::Body));
    let hook = hook::read(site, secrets);
    let given = names::read(site, "extensions", keys::EXTENSION, |entry, value| {
        let extension = extension(entry.key, value);
        let queue = as_queue(&extension, value);
        Some((entry.at, extension, queue))
    });
    let (mut extensions, mut queues) = (Vec::new(), Vec::new());
    for (_, (at, extension, queue)) in given {
        note_twins(site, at, &extension, &extensions);
        extensions.push(extension);
        queues.extend(queue);
    }
    Some(Telphin {
        url: url?,
        client_id: client_id?.to_owned(),
        client_secret: client_secret?,
        hook,
        extensions,
        queues,
    })
}

fn extension(id: &str, value: &Named<'_>) -> Extension {
    let kinds = ExtensionKind::ALL.map(|kind| (kind.word(), kind));
    let kind = value.get("type").and_then(|i| i.choice(&kinds));
    let text = |key: &str| Some(value.get(key)?.word()?.to_owned());
    Extension {
        id: id.into(),
        name: value.name().unwrap_or(id).to_owned(),
        kind: kind.unwrap_or(ExtensionKind::Phone),
        number: text("number"),
        user: text("user"),
    }
}

/// The extension as a queue, if it is one. Nobody waits at another.
fn as_queue(extension: &Extension, value: &Named<'_>) -> Option<Queue> {
    if extension.kind != ExtensionKind::Queue {
        for stray in ["service_level", "critical"] {
            if let Some(item) = value.get(stray) {
                item.wrong::<()>("is for queues; remove it, or set type = \"queue\"");
            }
        }
        return None;
    }
    let (service_level, critical) = queue::thresholds(value);
    Some(Queue {
        id: extension.queue(),
        name: extension.name.clone(),
        service_level,
        critical,
    })
}

/// Two extensions with one user, or one short number: which of them is meant
/// is a matter of chance then.
fn note_twins(site: &Table<'_>, at: usize, new: &Extension, before: &[Extension]) {
    type Of = fn(&Extension) -> Option<&str>;
    let user: (&str, Of) = ("user", |e| e.user.as_deref());
    let number: (&str, Of) = ("number", |e| e.number.as_deref());
    for (key, of) in [user, number] {
        let twin = of(new).and_then(|given| before.iter().find(|e| of(e) == Some(given)));
        if let Some(twin) = twin {
            let text = format!(
                "extensions {} and {} of {} have the same {key}; the first is taken, correct one",
                twin.id, new.id, site.what
            );
            site.sheet.note(at, &text);
        }
    }
}
