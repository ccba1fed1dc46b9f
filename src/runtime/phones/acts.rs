//! Carries out one call or one change of a subscription: the intent into the
//! journal, the request, the outcome into the journal. Whoever calls this has
//! asked whether it is allowed and meant. Nothing is sent twice.

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use tokio::task::spawn_blocking;

use crate::{
    domain::{
        action::Intent,
        dial::{Claiming, Dialled, Made, Wanted},
        entry::{Seq, What},
        fault::{Fault, FaultKind},
        id::SiteName,
        injection::Told,
        subscription::{NewSubscription, Resubscription, Subscription, SubscriptionChange},
        time::Clock,
    },
    journal::{Journal, JournalError},
    runtime::on_record,
    vendor::telphin::Client,
};

/// Entries that are read at once.
const CHUNK: usize = 500;

/// In whose name something is done, and where it is put on record.
#[derive(Clone)]
pub struct Desk {
    /// The journal.
    pub journal: Journal,
    /// The clock.
    pub clock: Clock,
    /// Who.
    pub who: Arc<str>,
    /// The zone of times in sentences.
    pub zone: TimeZone,
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

/// Connects an extension with a number, unless somebody else was quicker: the
/// claim that it is for must take, and of two calls to one number that nobody
/// was asked about, the one whose intent stands first in the journal is made.
/// `country` is that of the site. Given up waiting for, it leaves an intent
/// whose outcome is unknown.
///
/// # Errors
/// Claim or intent could not be journaled, or what stands before them could
/// not be read, and so nothing was sent.
pub async fn dial(
    client: &Client,
    desk: &Desk,
    wanted: Wanted,
    country: Option<&str>,
) -> Result<Dialled, JournalError> {
    let Wanted { dial, claim, asked } = wanted;
    let mut dialled = Dialled {
        dial,
        told: Told::Answered(Vec::new()),
        took: Duration::ZERO,
        call: None,
        unjournaled: None,
    };
    if let Some(claim) = claim
        && let Err(why) = desk.claims(claim).await?
    {
        dialled.told = Told::Failed(held_back(why));
        return Ok(dialled);
    }
    let dial = &dialled.dial;
    let intent = Intent::dial(desk.who.clone(), dial);
    let seq = desk.intends(&dial.site, intent).await?;
    match desk.quicker(&dial.to, country, (asked, seq)).await {
        Ok(None) => {
            let placed = client.call(dial).await;
            (dialled.told, dialled.took) = (placed.told, placed.took);
            dialled.call = placed.call;
        }
        Ok(Some(made)) => {
            let words = made.words((desk.clock)(), &desk.who);
            dialled.told = Told::Failed(held_back(words));
        }
        Err(error) => dialled.told = unsent(&error),
    }
    let (site, told) = (&dialled.dial.site, &dialled.told);
    dialled.unjournaled = desk.concludes(site, seq, told, dialled.took).await;
    Ok(dialled)
}

/// It is not done, because of somebody else.
fn held_back(why: String) -> Fault {
    let remedy = "nothing was sent; ask them before you call";
    Fault::new(FaultKind::Forbidden, why, remedy)
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
    Told::Failed(on_record::unsent(error))
}

impl Desk {
    async fn intends(&self, site: &SiteName, intent: Intent) -> Result<Seq, JournalError> {
        let at = (self.clock)();
        on_record::append(&self.journal, site, at, What::Intent(intent)).await
    }

    /// Puts the outcome on record; why not, if that fails.
    async fn concludes(
        &self,
        site: &SiteName,
        intent: Seq,
        told: &Told,
        took: Duration,
    ) -> Option<String> {
        on_record::conclude(&self.journal, &self.clock, site, intent, told, took).await
    }

    /// Puts a claim on record, and looks whether it took: of two at once, the
    /// first entry wins. The inner error is a clause that says who has them.
    async fn claims(&self, mut claim: Claiming) -> Result<Result<(), String>, JournalError> {
        let (site, at) = (&claim.act.subject.site, (self.clock)());
        let what = What::Act(claim.act.clone());
        let own = on_record::append(&self.journal, site, at, what).await?;
        let mut after = claim.upto;
        while after < own {
            let entries = self.journal.fetch(after, CHUNK).await?;
            let Some(last) = entries.last() else {
                break;
            };
            after = last.seq;
            let upto_own = entries.iter().take_while(|entry| entry.seq <= own);
            upto_own.for_each(|entry| claim.apply(entry));
        }
        Ok(claim.took(own, at, &self.zone))
    }

    /// A call to the number that stands on record between these places.
    async fn quicker(
        &self,
        number: &str,
        country: Option<&str>,
        between: (Seq, Seq),
    ) -> Result<Option<Made>, JournalError> {
        let (journal, now) = (self.journal.clone(), (self.clock)());
        let read = spawn_blocking(move || super::calls_lately(&journal, now)).await;
        let calls = read.unwrap_or_else(|stopped| resume_unwind(stopped.into_panic()))?;
        Ok(calls.unasked(now, number, country, between).cloned())
    }
}
