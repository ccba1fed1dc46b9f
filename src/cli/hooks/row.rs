//! A subscription as a line of a list.

use serde::Serialize;

use super::super::output::Listed;
use crate::domain::{
    extension::Extension,
    record::Fields,
    subscription::{Subscription, Whose, masked},
};

/// A subscription.
#[derive(Debug, Serialize)]
pub struct HookRecord {
    site: String,
    extension: String,
    /// `None` where the vendor did not tell it.
    id: Option<String>,
    event: String,
    url: String,
    method: String,
    /// Whether it is to our receiver, by whatever secret.
    ours: bool,
    /// Whether that is one that is being rotated out.
    old_secret: bool,
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    whose: Whose,
}

impl HookRecord {
    /// Of this extension; its address masked, or whole.
    pub fn of(
        site: &str,
        extension: &Extension,
        subscription: &Subscription,
        whose: Whose,
        is_whole: bool,
    ) -> Self {
        let id = &subscription.id;
        Self {
            site: site.to_owned(),
            extension: extension.id.to_string(),
            id: (!id.is_empty()).then(|| id.to_string()),
            event: subscription.event.to_string(),
            url: if is_whole {
                subscription.url.to_string()
            } else {
                masked(&subscription.url)
            },
            method: subscription.method.to_string(),
            ours: whose != Whose::Others,
            old_secret: whose == Whose::OursOld,
            name: extension.name.clone(),
            whose,
        }
    }
}

impl Fields for HookRecord {
    const FIELDS: &'static [&'static str] = &[
        "site",
        "extension",
        "id",
        "event",
        "url",
        "method",
        "ours",
        "old_secret",
    ];
}

impl Listed for HookRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("EXTENSION", true),
        ("NAME", false),
        ("ID", true),
        ("EVENT", false),
        ("METHOD", false),
        ("WHOSE", false),
        ("URL", false),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.extension.clone(),
            self.name.clone(),
            self.id.clone().unwrap_or_else(|| "—".to_owned()),
            self.event.clone(),
            self.method.clone(),
            self.whose.words().to_owned(),
            self.url.clone(),
        ]
    }
}
