//! Carries out one call or one change of a subscription: the intent into the
//! journal, the request, the outcome into the journal. Whoever calls this has
//! asked whether it is allowed and meant. Nothing is sent twice.

use std::{sync::Arc, time::Duration};

use crate::{
    domain::{
        action::{Ended, Intent, Outcome},
        dial::{Dial, Dialled},
        entry::{NewEntry, Seq, What},
        fault::{Fault, FaultKind},
        id::SiteName,
        injection::Told,
        subscription::{NewSubscription, Resubscription, Subscription, SubscriptionChange},
        time::Clock,
    },
    journal::{Journal, JournalError},
    vendor::telphin::Client,
};

/// In whose name something is done, and where it is put on record.
#[derive(Clone)]
pub struct Desk {
    /// The journal.
    pub journal: Journal,
    /// The clock.
    pub clock: Clock,
    /// Who.
    pub who: Arc<str>,
}

/// What became of a change of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What was told.
    pub told: Told,
    /// The subscription that was made, where one came back.
    pub subscription: Option<Subscription>,
    /// Why the outcome could not be put into the journal, if it could not.
    pub unjournaled: Option<String>,
}

/// Connects an extension with a number. Given up waiting for, it leaves an
/// intent whose outcome is unknown.
///
/// # Errors
/// The intent could not be journaled, and so nothing was sent.
pub async fn dial(client: &Client, desk: &Desk, dial: &Dial) -> Result<Dialled, JournalError> {
    let intent = Intent::dial(desk.who.clone(), dial);
    let seq = desk.intends(&dial.site, intent).await?;
    let placed = client.call(dial).await;
    let unjournaled = desk.concludes(&dial.site, seq, &placed.told, placed.took);
    Ok(Dialled {
        unjournaled: unjournaled.await,
        dial: dial.clone(),
        told: placed.told,
        took: placed.took,
        call: placed.call,
    })
}

/// Changes a subscription; `ours` is the address of our receiver.
///
/// # Errors
/// As [`dial`].
pub async fn change(
    client: &Client,
    desk: &Desk,
    change: &Resubscription,
    ours: &str,
) -> Result<Changed, JournalError> {
    let extension = change.extension.as_str();
    let url = match &change.change {
        SubscriptionChange::Add { url: Some(url), .. } => url,
        _ => ours,
    };
    let intent = Intent::resubscribe(desk.who.clone(), change, url);
    let seq = desk.intends(&change.site, intent).await?;
    let changed = match &change.change {
        SubscriptionChange::Add { event, method, .. } => {
            let new = NewSubscription {
                event: event.clone(),
                url: url.into(),
                method: method.clone(),
            };
            client.subscribe(extension, &new).await
        }
        SubscriptionChange::Remove { id } => client.unsubscribe(extension, id).await,
    };
    let unjournaled = desk.concludes(&change.site, seq, &changed.told, changed.took);
    Ok(Changed {
        unjournaled: unjournaled.await,
        told: changed.told,
        subscription: changed.subscription,
    })
}

/// Nothing was sent, because the journal took no word of it.
#[must_use]
pub fn unsent(error: &JournalError) -> Told {
    let remedy = "nothing was sent: it must be on record first";
    Told::Failed(Fault::new(FaultKind::Unstored, error.to_string(), remedy))
}

impl Desk {
    async fn intends(&self, site: &SiteName, intent: Intent) -> Result<Seq, JournalError> {
        let places = self.append(site, What::Intent(intent)).await?;
        // Without a dedupe key every entry gets a place.
        Ok(places.into_iter().flatten().next().unwrap_or_default())
    }

    /// Puts the outcome on record; why not, if that fails.
    async fn concludes(
        &self,
        site: &SiteName,
        intent: Seq,
        told: &Told,
        took: Duration,
    ) -> Option<String> {
        let outcome = What::Outcome(Outcome {
            intent,
            took,
            ended: Ended::from(told),
        });
        let written = self.append(site, outcome).await;
        written.err().map(|error| error.to_string())
    }

    async fn append(&self, site: &SiteName, what: What) -> Result<Vec<Option<Seq>>, JournalError> {
        let entry = NewEntry {
            at: (self.clock)(),
            site: site.clone(),
            dedupe: None,
            what,
        };
        self.journal.append(vec![entry]).await
    }
}
