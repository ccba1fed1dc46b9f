//! What an event says depends on the site it came from: what its extensions
//! are, and in which country its numbers are written. One reader knows that of
//! all sites. Pure; may use domain.

use std::{collections::BTreeMap, sync::Arc};

use super::bounds::fnv1a;
use crate::{
    domain::{
        entry::{Entry, What},
        event::Event,
        extension::Extension,
        hook::{CHECK, Hook, Says},
        id::SiteName,
        site::{Site, Vendor},
    },
    vendor::{
        contaqt,
        telphin::{self, extensions::Extensions},
    },
};

/// Reads what events say. Cheap to copy.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    sites: Arc<BTreeMap<SiteName, Ground>>,
    fingerprint: u64,
}

/// What reading an event of a site depends on.
#[derive(Debug, Default)]
struct Ground {
    country: Option<Arc<str>>,
    extensions: Extensions,
}

impl Reader {
    /// A reader for these sites. Events of others are read as those of a site
    /// of which nothing is configured.
    #[must_use]
    pub fn new(sites: &[Site]) -> Self {
        let ground = |site: &Site| Ground {
            country: site.country.as_deref().map(Arc::from),
            extensions: Extensions::new(&site.people.extensions),
        };
        let known = sites.iter().map(|site| (site.name.clone(), ground(site)));
        Self {
            sites: Arc::new(known.collect()),
            fingerprint: fingerprint(sites),
        }
    }

    /// Reads what an event of this site says, if it was not read before.
    pub fn read(&self, site: &SiteName, hook: &mut Hook) {
        if hook.says != Says::Unread {
            return;
        }
        let nothing = Ground::default();
        let ground = self.sites.get(site).unwrap_or(&nothing);
        hook.says = match hook.vendor {
            _ if &*hook.event == CHECK => Says::Aside("a test of ours, which arrived".into()),
            Vendor::Contaqt => contaqt::hook::read(&hook.event, &hook.body),
            Vendor::Telphin => telphin::hook::read(&hook.event, &hook.body, &ground.extensions),
            other => Says::Nothing(format!("{other} documents no events").into()),
        };
        if let Says::This(event) = &mut hook.says
            && let Event::Call(event) = &mut **event
        {
            event.home.clone_from(&ground.country);
        }
    }

    /// Reads what the events among these entries say. Whoever takes entries
    /// out of the journal calls it before the board sees them.
    pub fn read_all(&self, entries: &mut [Entry]) {
        for entry in entries {
            if let What::Hook(hook) = &mut entry.what {
                self.read(&entry.site, hook);
            }
        }
    }

    /// What stands for all that reading depends on beside the events: a board
    /// that was folded under another fingerprint may be another board. Zero
    /// where nothing that matters is configured.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

/// FNV-1a over what [`Ground`] is made of, whatever the order of the
/// configuration.
fn fingerprint(sites: &[Site]) -> u64 {
    let extension = |of: &Extension| {
        let number = of.number.as_deref().unwrap_or_default();
        format!("{}\n{}\n{number}", of.id, of.kind.word())
    };
    let mut words: Vec<String> = Vec::new();
    for site in sites {
        let country = site.country.iter().map(|c| c.to_ascii_uppercase());
        let extensions = site.people.extensions.iter().map(extension);
        let of_site = country.chain(extensions);
        words.extend(of_site.map(|word| format!("{}\n{word}\0", site.name)));
    }
    words.sort_unstable();
    let bytes = words.iter().flat_map(|word| word.bytes());
    let all = fnv1a(bytes);
    if words.is_empty() { 0 } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        caller::Raw,
        extension::{Extension, ExtensionKind},
        site::People,
    };

    fn site(name: &str, country: Option<&str>, kinds: &[(&str, ExtensionKind)]) -> Site {
        let extension = |(id, kind): &(&str, ExtensionKind)| Extension {
            id: (*id).into(),
            name: (*id).to_owned(),
            kind: *kind,
            number: None,
            user: None,
        };
        Site {
            name: name.into(),
            vendor: Vendor::Telphin,
            queues: Vec::new(),
            country: country.map(str::to_owned),
            people: People {
                extensions: kinds.iter().map(extension).collect(),
                ..People::default()
            },
        }
    }

    #[test]
    fn the_fingerprint_is_that_of_what_matters() {
        use ExtensionKind::{Ivr, Phone, Queue};
        let of = |sites: &[Site]| Reader::new(sites).fingerprint();
        let one = site("a", None, &[("1", Queue), ("2", Phone)]);
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[site("a", None, &[])]), 0);
        // Written down: it must be the same tomorrow.
        assert_eq!(of(std::slice::from_ref(&one)), FIXED);
        let turned = site("a", None, &[("2", Phone), ("1", Queue)]);
        assert_eq!(of(&[turned]), of(std::slice::from_ref(&one)));
        for other in [
            site("a", None, &[("1", Ivr), ("2", Phone)]),
            site("b", None, &[("1", Queue), ("2", Phone)]),
            site("a", Some("RU"), &[("1", Queue), ("2", Phone)]),
            site("a", None, &[("1", Queue)]),
        ] {
            assert_ne!(of(&[other]), of(std::slice::from_ref(&one)));
        }
    }

    #[test]
    fn what_tells_of_nobody_is_not_understood() {
        let telphin = r#""CallID":"1","SubCallID":"1-a","CalledExtensionID":"1""#;
        let telphin = || format!("{{{telphin}}}");
        let cases = [
            (Vendor::Contaqt, "call:ring", r#"{"id":"1"}"#.into(), true),
            (Vendor::Contaqt, "call:ring", r#"{"id":0}"#.into(), false),
            (Vendor::Contaqt, "call:hold", r#"{"id":"1"}"#.into(), false),
            (
                Vendor::Contaqt,
                "queue:join",
                r#"{"user_id":7}"#.into(),
                true,
            ),
            (
                Vendor::Contaqt,
                "queue:join",
                r#"{"queues":[7]}"#.into(),
                false,
            ),
            (Vendor::Contaqt, "call:ring", "[]".into(), false),
            (Vendor::Contaqt, CHECK, "{}".into(), true),
            (Vendor::Contaqt, "", r#"{"id":"1"}"#.into(), false),
            (Vendor::Telphin, "dial-in", telphin(), true),
            (Vendor::Telphin, "hangup", r#"{"CallID":"1"}"#.into(), false),
            (Vendor::Telphin, "message-in", "{}".into(), true),
            (Vendor::Telphin, "message-in", "7".into(), false),
            (Vendor::Telphin, "answer", telphin(), false),
            (Vendor::Telphin, "transfer", telphin(), false),
            (Vendor::While1, "any", "{}".into(), false),
        ];
        let reader = Reader::new(&[site("a", None, &[("1", ExtensionKind::Queue)])]);
        for (vendor, event, body, is_understood) in cases {
            let body: String = body;
            let mut hook = Hook {
                vendor,
                event: event.into(),
                body: Raw::new(&body),
                injected: false,
                says: Says::Unread,
            };
            reader.read(&"a".into(), &mut hook);
            let made = !matches!(hook.says, Says::Nothing(_));
            assert_eq!(made, is_understood, "{event} {body}: {:?}", hook.says);
        }
    }

    const FIXED: u64 = 0x1069_c0d6_8f56_b745;
}
