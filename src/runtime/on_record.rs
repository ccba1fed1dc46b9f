//! Puts what is asked of a vendor, and what came of it, into the journal. Used
//! by all that act; what they do is not its business.

use std::time::Duration;

use crate::{
    domain::{
        action::{Ended, Outcome},
        entry::{NewEntry, Seq, What},
        fault::{Fault, FaultKind},
        id::SiteName,
        injection::Told,
        time::{At, Clock},
    },
    journal::{Journal, JournalError},
};

/// Puts something that is done at a site on record; its place.
///
/// # Errors
/// It cannot be written.
pub async fn append(
    journal: &Journal,
    site: &SiteName,
    at: At,
    what: What,
) -> Result<Seq, JournalError> {
    let entry = NewEntry {
        at,
        site: site.clone(),
        dedupe: None,
        what,
    };
    let places = journal.append(vec![entry]).await?;
    // Without a dedupe key every entry gets a place.
    Ok(places.into_iter().flatten().next().unwrap_or_default())
}

/// Puts the outcome of an intent on record; why not, if that fails.
pub async fn conclude(
    journal: &Journal,
    clock: &Clock,
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
    let written = append(journal, site, clock(), outcome).await;
    written.err().map(|error| error.to_string())
}

/// Nothing was sent, because the journal took no word of it.
#[must_use]
pub fn unsent(error: &JournalError) -> Fault {
    let remedy = "nothing was sent: it must be on record first";
    Fault::new(FaultKind::Unstored, error.to_string(), remedy)
}
