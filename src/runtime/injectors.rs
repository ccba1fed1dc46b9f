//! Sends the console's events: a client per site that creates them, a task per
//! event. One that is on its way when the console is left leaves an intent whose
//! outcome is unknown; it is never sent again.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::{
    aside::answering,
    inject, on_record,
    say::{self, Voice},
};
use crate::{
    app::Answer,
    config::{Account, Config, Site},
    domain::{
        fault::{Fault, FaultKind},
        id::SiteName,
        injection::{Injected, Injection, Told},
        scenario::saying::{Delivered, Saying},
        time::Clock,
    },
    journal::Journal,
    vendor::enswitch::Client,
};

/// The sites that take events.
pub struct Injectors {
    clients: BTreeMap<SiteName, Result<Arc<Client>, Fault>>,
    /// Those that are spoken as.
    sites: Vec<Site>,
    voice: Voice,
    say: mpsc::UnboundedSender<Answer>,
}

impl Injectors {
    /// Ready to send in the name of `who`; tells on `say`.
    #[must_use]
    pub fn new(
        config: &Config,
        deadline: Duration,
        journal: Journal,
        clock: &Clock,
        who: Arc<str>,
        say: mpsc::UnboundedSender<Answer>,
    ) -> Self {
        let mut clients = BTreeMap::new();
        for site in &config.sites {
            if let Account::Enswitch(account) = &site.account {
                let client = Client::new(account, deadline, clock.clone());
                clients.insert(site.name.clone(), client.map(Arc::new));
            }
        }
        Self {
            clients,
            sites: config.sites.clone(),
            voice: Voice {
                journal,
                clock: clock.clone(),
                deadline,
                who,
            },
            say,
        }
    }

    /// Sends an event, or has it validated.
    pub fn send(&self, event: Injection) {
        let Voice {
            journal,
            clock,
            who,
            ..
        } = self.voice.clone();
        let client = self.clients.get(&event.site).cloned();
        let validate = event.validate;
        let work = async move {
            let injected = match client {
                Some(Ok(client)) if event.validate => inject::validate(&client, &event).await,
                Some(Ok(client)) => inject::inject(&client, &journal, &clock, &who, &event)
                    .await
                    .unwrap_or_else(|error| failed(validate, on_record::unsent(&error))),
                Some(Err(fault)) => failed(validate, fault),
                None => {
                    let what = format!("site {} takes no events", event.site);
                    failed(validate, Fault::new(FaultKind::NotFound, what, ""))
                }
            };
            Answer::Injected(Box::new(injected))
        };
        answering(&self.say, work, move |told| {
            Answer::Injected(Box::new(untold(validate, told)))
        });
    }
}

impl Injectors {
    /// Says an event as a vendor.
    pub fn say(&self, saying: Saying) {
        let voice = self.voice.clone();
        let site = self.sites.iter().find(|s| s.name == saying.site).cloned();
        let work = async move {
            let delivered = match site {
                Some(site) => say::say(&voice, &site, &saying)
                    .await
                    .unwrap_or_else(|error| say::unsent(on_record::unsent(&error))),
                None => {
                    let what = format!("nobody can speak as {}", saying.site);
                    say::unsent(Fault::new(FaultKind::NotFound, what, ""))
                }
            };
            Answer::Delivered(Box::new(delivered))
        };
        answering(&self.say, work, |told| {
            Answer::Delivered(Box::new(Delivered {
                told,
                took: Duration::ZERO,
                arrived: None,
                unjournaled: None,
            }))
        });
    }
}

/// Nothing was sent.
fn failed(validate: bool, fault: Fault) -> Injected {
    untold(validate, Told::Failed(fault))
}

/// An event of which nothing came but this.
fn untold(validate: bool, told: Told) -> Injected {
    Injected {
        validate,
        told,
        took: Duration::ZERO,
        record: None,
        unjournaled: None,
    }
}
