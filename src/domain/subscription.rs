//! What a vendor pushes of an extension's events, and where to (Telphin,
//! "Extension Number Events"): what is subscribed, whose it is, and what is
//! missing. Pure; URLs hold secrets and are shown masked.

use std::sync::Arc;

pub use super::address::{MASK, masked};
use super::{
    action::Intent,
    extension::{Extension, ExtensionKind},
    fault::Fault,
    id::{ExtensionId, SiteName},
};

/// The vendor's name of what changes a subscription, as the journal keeps it.
pub const CALL: &str = "extension/event";

/// The types of events that can be subscribed (`event_type`).
pub const EVENTS: [&str; 7] = [
    "dial-in",
    "dial-out",
    "answer",
    "hangup",
    "message-in",
    "message-out",
    "voicemail",
];

/// Whether an event is one of those that calls are made of; without the others
/// nothing on the screen is missing.
#[must_use]
pub fn is_of_calls(event: &str) -> bool {
    matches!(event, "dial-in" | "dial-out" | "answer" | "hangup")
}

/// A subscription as the vendor has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id, a whole number at the vendor.
    pub id: Arc<str>,
    /// `event_type`.
    pub event: Arc<str>,
    /// Where it is pushed to, with whatever secret stands in it.
    pub url: Arc<str>,
    /// `GET` or `POST`.
    pub method: Arc<str>,
}

/// What is asked to be pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// One of [`EVENTS`].
    pub event: Arc<str>,
    /// Where to.
    pub url: Arc<str>,
    /// `GET` or `POST`.
    pub method: Arc<str>,
}

/// Whom a subscription serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Our receiver.
    Ours,
    /// Our receiver, with a secret that is being rotated out.
    OursOld,
    /// Somebody else: never touched silently.
    Others,
}

impl Whose {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::OursOld => "ours, old secret",
            Self::Others => "somebody else's",
        }
    }
}

/// The events that an extension of this kind has, as the page says they occur:
/// messages at phones only; a queue dials out for nobody of its own; a voice
/// menu answers nothing.
#[must_use]
pub fn wanted(kind: ExtensionKind) -> &'static [&'static str] {
    match kind {
        ExtensionKind::Phone => &EVENTS,
        ExtensionKind::Queue => &["dial-in", "answer", "hangup"],
        ExtensionKind::Ivr => &["dial-in", "hangup"],
        ExtensionKind::Fax => &[],
    }
}

/// What is subscribed of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The extension.
    pub extension: Extension,
    /// What there is, or why that is not known.
    pub have: Result<Vec<(Subscription, Whose)>, Fault>,
}

impl Survey {
    /// Sorts an extension's subscriptions by whose they are. `ours` are the
    /// addresses of our receiver, the one that vendors are told first.
    #[must_use]
    pub fn new(
        extension: Extension,
        have: Result<Vec<Subscription>, Fault>,
        ours: &[String],
    ) -> Self {
        let have = have.map(|list| {
            let sorted = list.into_iter().map(|s| {
                let whose = whose(&s.url, ours);
                (s, whose)
            });
            sorted.collect()
        });
        Self { extension, have }
    }

    /// The events that we do not get from it and should; none where it is not
    /// known what there is.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let Ok(have) = &self.have else {
            return Vec::new();
        };
        let gets = |event: &str| {
            have.iter()
                .any(|(s, whose)| *whose == Whose::Ours && *s.event == *event)
        };
        let wanted = wanted(self.extension.kind).iter().copied();
        wanted.filter(|event| !gets(event)).collect()
    }
}

/// Whose an address is. What a customer's query adds to it does not matter.
#[must_use]
pub fn whose(url: &str, ours: &[String]) -> Whose {
    let bare = |url: &str| {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        url[..end].trim_end_matches('/').to_owned()
    };
    match ours.iter().position(|own| bare(own) == bare(url)) {
        Some(0) => Whose::Ours,
        Some(_) => Whose::OursOld,
        None => Whose::Others,
    }
}

/// A change of subscriptions that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resubscription {
    /// The site.
    pub site: SiteName,
    /// The extension's id, or `@` and its short number.
    pub extension: ExtensionId,
    /// What is changed.
    pub change: SubscriptionChange,
}

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionChange {
    /// This event is to be pushed to our receiver, or to another address.
    Add {
        /// One of [`EVENTS`].
        event: Arc<str>,
        /// `GET` or `POST`.
        method: Arc<str>,
        /// Where to; our receiver without one.
        url: Option<Arc<str>>,
    },
    /// The subscription with this id ends.
    Remove {
        /// Its id.
        id: Arc<str>,
    },
}

impl Intent {
    /// `who` is about to change a subscription. Where it is to be pushed to is
    /// kept masked: the address opens our receiver.
    #[must_use]
    pub fn resubscribe(who: Arc<str>, change: &Resubscription, url: &str) -> Self {
        let extension = change.extension.as_str();
        let params: Vec<(&str, Arc<str>)> = match &change.change {
            SubscriptionChange::Add { event, method, .. } => vec![
                ("change", "add".into()),
                ("extension", extension.into()),
                ("event", event.clone()),
                ("method", method.clone()),
                ("url", masked(url).into()),
            ],
            SubscriptionChange::Remove { id } => vec![
                ("change", "remove".into()),
                ("extension", extension.into()),
                ("id", id.clone()),
            ],
        };
        let params = params.into_iter().map(|(name, value)| (name.into(), value));
        Self::new(who, CALL.into(), None, params.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extension(kind: ExtensionKind) -> Extension {
        Extension {
            id: "175".into(),
            name: "Anna".into(),
            kind,
            number: None,
            user: None,
        }
    }

    fn subscription(event: &str, url: &str) -> Subscription {
        Subscription {
            id: "72".into(),
            event: event.into(),
            url: url.into(),
            method: "GET".into(),
        }
    }

    #[test]
    fn what_is_missing_is_what_we_do_not_get() {
        let ours = [
            "https://h/hooks/phones/new".to_owned(),
            "https://h/hooks/phones/old".to_owned(),
        ];
        let have = vec![
            subscription("dial-in", "https://h/hooks/phones/new?myid=175"),
            subscription("hangup", "https://h/hooks/phones/old"),
            subscription("answer", "https://somehost.com/show.php?myid=175"),
        ];
        let survey = Survey::new(extension(ExtensionKind::Queue), Ok(have), &ours);
        let whose: Vec<Whose> = survey.have.as_ref().unwrap().iter().map(|h| h.1).collect();
        assert_eq!(whose, [Whose::Ours, Whose::OursOld, Whose::Others]);
        assert_eq!(survey.missing(), ["answer", "hangup"]);
        let ivr = Survey::new(extension(ExtensionKind::Ivr), Ok(Vec::new()), &ours);
        assert_eq!(ivr.missing(), ["dial-in", "hangup"]);
        let fax = Survey::new(extension(ExtensionKind::Fax), Ok(Vec::new()), &ours);
        assert!(fax.missing().is_empty());
    }

    #[test]
    fn a_change_is_put_on_record_without_a_secret() {
        let change = Resubscription {
            site: "phones".into(),
            extension: "175".into(),
            change: SubscriptionChange::Add {
                event: "dial-in".into(),
                method: "POST".into(),
                url: None,
            },
        };
        let url = "https://h/hooks/phones/c4n4ry";
        let intent = Intent::resubscribe("anna".into(), &change, url);
        let params: Vec<_> = intent.params().collect();
        assert_eq!(
            params,
            [
                ("change", "add"),
                ("extension", "175"),
                ("event", "dial-in"),
                ("method", "POST"),
                ("url", "https://h/hooks/phones/••••"),
            ]
        );
    }
}
